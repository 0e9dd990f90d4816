"""What all acts on targets share: the lock, the right moment, the trace, the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from diaodu.web.shared import audit
from diaodu.web.targets.models import DRAFT, STATES, Edit, Line, Version

THING = "targets.Version"
_EXACT = ("value", "tolerance")
CONTENT = (
    "comparator", "force", "value", "word", "tolerance", "unit", "text", "against", "issuer",
    "document", "decision", "profile", "months", "typed", "margins",
)  # fmt: skip

Place = tuple[str, str, str, str]  # indicator, kind, tier, org
Content = dict[str, Any]


class Untimely(ValidationError):
    """The version is no draft any more, or the page is older than what it would change."""


def locked_draft(version: Version, act: str) -> Version:
    """The version, locked until the transaction ends. Raises Untimely where it is no draft."""
    held = Version.objects.select_for_update().get(pk=version.pk)
    if held.state != DRAFT:
        raise Untimely(
            f"{held}现在是“{STATES[held.state]}”，不能再{act}；要改，请先“调整目标”，另起一版"
        )
    return held


def content_of(line: Line) -> Content:
    """What a line says, as it is kept in the log of edits."""
    found = {name: getattr(line, name) for name in CONTENT}
    for name in _EXACT:
        found[name] = None if found[name] is None else f"{found[name]:f}"
    for name in ("months", "typed", "margins"):
        found[name] = dict(found[name])
    return found


def set_content(line: Line, content: Mapping[str, Any]) -> None:
    """The other way round."""
    for name in CONTENT:
        value = content[name]
        if name in _EXACT and value is not None:
            value = Decimal(value)
        setattr(line, name, value)


def key_of(place: Place) -> str:
    return "|".join(place)


def place_of(key: str) -> Place:
    indicator, kind, tier, org = key.split("|")
    return (indicator, kind, tier, org)


def write_lines(version: Version, lines: Iterable[Line]) -> None:
    """New ones and changed ones, each in one statement; what came to be empty again goes."""
    every = list(lines)
    gone = [one.pk for one in every if one.is_empty and not one.carried and one.pk]
    kept = [one for one in every if not one.is_empty or one.carried]
    if gone:
        Line.objects.filter(pk__in=gone).delete()
    Line.objects.bulk_create([one for one in kept if one.pk is None], batch_size=200)
    # bulk_update takes seconds for what this does in one statement.
    Line.objects.bulk_create(
        [one for one in kept if one.pk], batch_size=200, update_conflicts=True,
        unique_fields=["id"], update_fields=CONTENT,
    )  # fmt: skip


def leave_trace(
    version: Version, *, act: str, by: Any, at: datetime, what: str = "",
    before: Mapping[str, Content | None] | None = None,
    after: Mapping[str, Content | None] | None = None, told: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    """Counts the change, keeps the way back and writes the audit line; last in the transaction."""
    version.changes += 1
    version.save(update_fields=["changes"])
    if before is not None and after is not None:
        Edit.objects.create(
            version=version, number=version.changes, what=what, before=before, after=after, by=by,
            at=at,
        )  # fmt: skip
    audit.record(
        by=by, at=at, action=f"targets.{act}", thing=THING, id=version.pk,
        after={**({"what": what} if what else {}), **(told or {})}, reason=reason,
    )  # fmt: skip
