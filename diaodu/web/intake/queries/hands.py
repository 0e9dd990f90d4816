"""Through whose hands a return went before its figures were on file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from diaodu.web.intake.models import Step


class Hands(NamedTuple):
    """Names. `signed`: (what as, who), in the order of signing."""

    reporter: str
    signed: tuple[tuple[str, str], ...]
    reviewer: str


def hands_of(filed: Collection[tuple[str, datetime]]) -> dict[tuple[str, datetime], Hands]:
    """By the origin_id and the moment of the acts of recording that accepted returns: who handed
    it in, who signed, who accepted. Those of no return are left out."""
    sheets = {int(id) for id, _ in filed if id.isdecimal()}
    if not sheets:
        return {}
    steps = Step.objects.filter(sheet__in=sheets, act__in=("submit", "sign", "accept"))
    found: dict[tuple[str, datetime], Hands] = {}
    reporter: dict[int, str] = {}
    signed: dict[int, list[tuple[str, str]]] = {}
    for one in steps.select_related("by").order_by("id"):
        if one.act == "submit":
            reporter[one.sheet_id], signed[one.sheet_id] = str(one.by), []
        elif one.act == "sign":
            signed[one.sheet_id].append((one.note, str(one.by)))
        else:
            hands = Hands(reporter[one.sheet_id], tuple(signed[one.sheet_id]), str(one.by))
            found[str(one.sheet_id), one.at] = hands
    return {key: found[key] for key in filed if key in found}
