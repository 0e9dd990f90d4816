"""Version 0: the targets that came by Excel or by the command line. Shown as such, never edited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from diaodu.engine.ground.records import Target
from diaodu.web.figures import queries as figures
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access
from diaodu.web.targets.models import Line, Version
from diaodu.web.targets.queries.rights import belongs_here, lines_for

RECEIVED_NAME = "收到的"
# Kinds whose number goes without saying.
STATED = {"sign": Decimal(0), "yes_no": Decimal(1)}
ORIGIN = "targets"  # of the acts of recording by which locked versions are handed on


class Wanted(NamedTuple):
    """What a line asks, wherever it stands: in a version or as it was received."""

    indicator: str
    kind: str
    tier: str
    org: str
    comparator: str
    force: str
    value: Decimal | None
    word: str | None
    tolerance: Decimal | None
    unit: str
    text: str
    against: str
    issuer: str
    document: str
    months: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> tuple[str, str, str, str]:
        return (self.indicator, self.kind, self.tier, self.org)

    @property
    def number(self) -> Decimal | None:
        """What the engine holds figures against: 由负转正 is above 0, 是 is 1."""
        return STATED.get(self.kind) if self.value is None and self.word is None else self.value

    def as_target(self) -> Target:
        """As the engine puts it into words."""
        return Target(
            "", self.indicator, self.org, 0, self.tier, self.kind, self.comparator, self.number,
            self.tolerance, self.unit, self.word, self.issuer, self.document, date.min, "", "", "",
            "", "", self.against, self.text,
        )  # fmt: skip

    @property
    def asked(self) -> tuple[object, ...]:
        """What makes it another target: not who issued it."""
        value = None if self.value is None else self.value.normalize()
        tolerance = None if self.tolerance is None else self.tolerance.normalize()
        return (self.comparator, self.force, value, self.word, tolerance, self.text, self.against,
                self.months)  # fmt: skip


def wanted_of(line: Line) -> Wanted:
    return Wanted(
        line.indicator, line.kind, line.tier, str(line.org_id), line.comparator, line.force,
        line.value, line.word, line.tolerance, line.unit, line.text, line.against, line.issuer,
        line.document, tuple(sorted(line.months.items(), key=lambda one: int(one[0]))),
    )  # fmt: skip


def received(year: int, access: Access) -> list[Wanted]:
    """What stands of that year's targets as they came in, in the reader's scope."""
    if not belongs_here(access):
        return []
    return [
        _wanted(one)
        for one in received_for_all(year)
        if access.may("view", org=one.org, indicator=one.indicator)
    ]


def received_for_all(year: int) -> list[Target]:
    """All of them, for a draft that begins from them; the year's, not those of its months."""
    return [one for one in figures.targets(year=year, not_from=ORIGIN) if not one.period]


def _wanted(one: Target) -> Wanted:
    return Wanted(
        one.indicator, one.kind, one.tier, one.org, one.comparator, "", one.value, one.word,
        one.tolerance, one.unit, one.text, one.against, one.issuer, one.document,
    )  # fmt: skip


def received_years() -> list[int]:
    return figures.target_years(not_from=ORIGIN)


def in_order(found: Iterable[Wanted], places: dict[str, int]) -> list[Wanted]:
    """By indicator as the rules list them, unit as the tree does."""
    rank = {id: at for at, id in enumerate(rulebooks.current().indicators)}
    last = len(rank)
    return sorted(
        found,
        key=lambda one: (
            rank.get(one.indicator, last), one.kind, one.tier, places.get(one.org, 0), one.org
        ),
    )  # fmt: skip


def wanted(version: Version | None, year: int, access: Access) -> list[Wanted]:
    """The lines of a version, or (None) what was received."""
    if version is None:
        return received(year, access)
    return [wanted_of(one) for one in lines_for(access, version)]
