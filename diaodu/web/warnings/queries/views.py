"""Warnings as lists show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.urls import reverse

from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.words import (
    LIGHT_NAMES,
    WARNING_END_NAMES,
    WARNING_KIND_NAMES,
    WARNING_PHASE_NAMES,
)
from diaodu.web.people import queries as people

_LOOKS = {"pending": "not_due", "recovering": "watch", "no_data": "unknown", "closed": "good"}


class WarningView(NamedTuple):
    """`kind` and `word`: as `{% light %}` takes them. since: the period from which it stands so."""

    id: int
    title: str
    url: str
    kind: str
    word: str
    said: str
    since: str
    grade: str
    rule: str
    kind_name: str
    lead: str
    field: str
    opened: str
    end: str
    explained: bool
    known: bool
    is_open: bool


def shown(rows: Iterable[Any]) -> list[WarningView]:
    """Of rows as `rights.seen` gives them."""
    names = people.names()
    return [view_of(one, names.get(one.lead_id, one.lead_id)) for one in rows]


def view_of(one: Any, lead: str) -> WarningView:
    stands, end = str(one.stands), str(one.over)
    return WarningView(
        one.pk, one.title, reverse("warnings:warning", args=[one.pk]),
        one.light if stands == "active" else _LOOKS[stands], WARNING_PHASE_NAMES[stands],
        str(one.why), said_of(str(one.begun)), LIGHT_NAMES[one.light],
        one.name, WARNING_KIND_NAMES[one.kind], lead, one.field, said_of(one.opened),
        WARNING_END_NAMES.get(end, ""), one.has_cause, one.acknowledged_at is not None,
        stands != "closed",
    )  # fmt: skip


def said_of(period: str) -> str:
    return print_period(Period.from_id(period))
