"""What a locked version hands on to the runs, and which version a run used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from diaodu.engine.ground.records import Target
from diaodu.web.targets.models import LOCKED, SUPERSEDED, Line, Version


class Used(NamedTuple):
    """The version that a run's targets are from."""

    id: int
    year: int
    number: int
    effective: date
    document: str

    def __str__(self) -> str:
        return f"{self.year}年目标第{self.number}版"


def engine_targets(version: Version, lines: Iterable[Line]) -> list[Target]:
    """The engine's records of a version, received on the day from which it counts."""
    assert version.effective is not None
    return [_target(version, one) for one in lines]


def _target(version: Version, line: Line) -> Target:
    day = version.effective
    assert day is not None
    id = Target.make_id(line.indicator, str(line.org_id), version.year, line.tier, line.kind, day)
    return Target(
        id, line.indicator, str(line.org_id), version.year, line.tier, line.kind, line.comparator,
        line.value, line.tolerance, line.unit, line.word, line.issuer,
        line.document or version.document, day, str(version), "", line.org.name, "",
    )  # fmt: skip


def version_used(*, year: int, as_of: date, entry: int) -> Used | None:
    """The locked version that a run of what was known by `as_of` and recorded up to `entry` reads;
    None where its targets are as they were received."""
    found = (
        Version.objects.filter(
            year=year, state__in=(LOCKED, SUPERSEDED), effective__lte=as_of, entry__lte=entry
        )
        .order_by("-effective", "-number")
        .first()
    )
    if found is None or found.effective is None:
        return None
    return Used(found.pk, found.year, found.number, found.effective, found.document)
