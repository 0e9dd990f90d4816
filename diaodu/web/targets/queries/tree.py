"""The pages that lead to the grids: the years with their versions, one version by indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from diaodu.engine.compute.wanted import wanted
from diaodu.engine.ground.words import COMPARATOR_NAMES, KIND_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Indicator
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure
from diaodu.web.targets.models import FORCES, Line, Version
from diaodu.web.targets.queries.against import COMPARED
from diaodu.web.targets.queries.columns import adds_up_by_org, month_columns
from diaodu.web.targets.queries.grid import DEPARTMENT
from diaodu.web.targets.queries.reading import NO_TARGET_NAME
from diaodu.web.targets.queries.received import Wanted, received, received_years, wanted_of
from diaodu.web.targets.queries.rights import lines_for, sees_all, versions_for
from diaodu.web.targets.queries.sums import NO_GAP, Gap, gap_of, margin_of, month_gap

# What these ask is told in words.
_IN_WORDS = frozenset({*COMPARED, "sign"})


class Year(NamedTuple):
    """A year with its versions, newest first; `received`: whether any targets came by file."""

    year: int
    versions: tuple[Version, ...]
    received: bool

    @property
    def standing(self) -> Version | None:
        return next((one for one in self.versions if one.state == "locked"), None)


def years(access: Access) -> list[Year]:
    found: dict[int, list[Version]] = {}
    for one in versions_for(access):
        found.setdefault(one.year, []).append(one)
    came = set(received_years())
    return [
        Year(year, tuple(found.get(year, ())), year in came)
        for year in sorted(came | found.keys(), reverse=True)
    ]


class TierRow(NamedTuple):
    """What one tier of an indicator asks of the unit on top, and how it is taken apart. `parts`:
    how many units below have a line; `by_org` and `by_month`: what the parts lack."""

    tier: str
    name: str
    line: Wanted | None
    told: str
    parts: int
    by_org: Gap
    by_month: Gap
    faults: int
    id: int | None


@dataclass(frozen=True)
class KindRow:
    """One indicator and kind with its tiers."""

    indicator: Indicator
    kind: str
    unit: str
    tiers: tuple[TierRow, ...]

    @property
    def kind_name(self) -> str:
        return KIND_NAMES.get(self.kind, self.kind)

    @property
    def span(self) -> int:
        return len(self.tiers)


@dataclass(frozen=True)
class Tree:
    rows: tuple[KindRow, ...]
    fields: tuple[str, ...]
    lines: int

    @property
    def uneven(self) -> int:
        return sum(
            1 for row in self.rows for one in row.tiers
            if one.faults or not (one.by_org.is_even and one.by_month.is_even)
        )  # fmt: skip


def tree(version: Version, access: Access, *, field: str = "", wanted: str = "") -> Tree:
    """The version by indicator, in the order of the rules: of one field, or by a part of a name."""
    return _tree([_Held(wanted_of(one), one) for one in lines_for(access, version)],
                 access, version.year, field, wanted)  # fmt: skip


def received_tree(year: int, access: Access, *, field: str = "", wanted: str = "") -> Tree:
    """Version 0 in the same form."""
    return _tree([_Held(one, None) for one in received(year, access)], access, year, field, wanted)


class _Held(NamedTuple):
    wanted: Wanted
    line: Line | None


def _tree(held: list[_Held], access: Access, year: int, field: str, wanted: str) -> Tree:
    rules = rulebooks.current()
    groups: dict[tuple[str, str], list[_Held]] = {}
    for one in held:
        groups.setdefault((one.wanted.indicator, one.wanted.kind), []).append(one)
    kinds = list(KIND_NAMES)
    places = [
        (known, kind) for known in rules.indicators.values() for kind in kinds
        if (known.id, kind) in groups
    ]  # fmt: skip
    fields = tuple(dict.fromkeys(known.field or "其他" for known, _ in places))
    parents = {one.pk: str(one.parent_id or "") for one in people.in_tree_order()}
    rows = tuple(
        _row(known, kind, groups[known.id, kind], parents, access, year)
        for known, kind in places
        if field in ("", known.field or "其他") and _is_named(known, wanted)
    )
    return Tree(rows, fields, len(held))


def _is_named(known: Indicator, wanted: str) -> bool:
    return not wanted or any(wanted in name for name in (known.name, *known.aliases))


def _row(
    known: Indicator, kind: str, held: list[_Held], parents: dict[str, str], access: Access,
    year: int,
) -> KindRow:  # fmt: skip
    found = []
    for tier, name in TIER_NAMES.items():
        of_tier = [one for one in held if one.wanted.tier == tier]
        if of_tier:
            found.append(_tier(known, kind, tier, name, of_tier, parents, access, year))
    return KindRow(known, kind, held[0].wanted.unit, tuple(found))


def _tier(
    known: Indicator, kind: str, tier: str, name: str, held: list[_Held], parents: dict[str, str],
    access: Access, year: int,
) -> TierRow:  # fmt: skip
    by_org = {one.wanted.org: one for one in held}
    order = [org for org in parents if org in by_org]
    top = by_org[order[0]] if order else held[0]
    below = [one for one in held if parents.get(one.wanted.org) == top.wanted.org]
    gap, months = NO_GAP, NO_GAP
    if top.line is not None:
        columns = month_columns(known, year)
        gaps = [month_gap(one.line, known, columns) for one in held if one.line is not None]
        months = next((one for one in gaps if not one.is_even), gaps[0])
        if adds_up_by_org(known, kind) and sees_all(access):
            units = [one for one in below if one.line and one.line.org.level != DEPARTMENT]
            margin = margin_of(top.line, "org")
            gap = gap_of([one.wanted.value for one in units], top.wanted.value, margin)
    faults = sum(len(one.line.typed) for one in held if one.line is not None)
    id = top.line.pk if top.line is not None else None
    return TierRow(tier, name, top.wanted, said(top.wanted), len(below), gap, months, faults, id)


def said(line: Wanted, unit: str = "") -> str:
    """12.60以上, 未下达, 确保8.5左右 (±0.5), 力争增速进前3位; with the unit behind the number where
    it is given."""
    if line.word is not None:
        return NO_TARGET_NAME
    force = FORCES[line.force] if line.force else ""
    rules = rulebooks.current()
    if line.indicator in rules.indicators and line.kind in _IN_WORDS and line.number is not None:
        asked = wanted(line.as_target(), rules.indicators[line.indicator], rules)
        return f"{force}{asked}" + (f"（{line.text}）" if line.text else "")
    if line.value is None:
        return line.text or "没有填"
    comparator = COMPARATOR_NAMES.get(line.comparator, "")
    about = f"（±{figure(line.tolerance)}）" if line.tolerance is not None else ""
    number = f"{figure(line.value)}{unit}"
    after = comparator if line.comparator in ("at_least", "about", "within") else ""
    before = comparator if not after else ""
    return f"{force}{before}{number}{after}{about}{line.text}"
