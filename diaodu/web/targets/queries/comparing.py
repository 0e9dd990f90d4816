"""Two versions side by side: what is new, gone, or another target."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext
from typing import NamedTuple

from diaodu.engine.ground.quantity import EXACT
from diaodu.engine.ground.words import COMPARATOR_NAMES, KIND_NAMES, TIER_NAMES
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure
from diaodu.web.targets.models import FORCES, Version
from diaodu.web.targets.queries.against import COMPARED
from diaodu.web.targets.queries.reading import NO_TARGET_NAME
from diaodu.web.targets.queries.received import Wanted, in_order, wanted
from diaodu.web.targets.queries.tree import said


class Change(NamedTuple):
    """One line as it was and as it is. `difference`: of two numbers."""

    indicator: str
    org: str
    tier: str
    kind: str
    before: str
    after: str
    difference: Decimal | None
    unit: str
    what: str


def changes(
    one: Version | None, two: Version | None, year: int, access: Access
) -> list[Change]:  # fmt: skip
    """What the second asks that the first did not, line by line; None: what was received."""
    before = {x.place: x for x in wanted(one, year, access)}
    after = {x.place: x for x in wanted(two, year, access)}
    differing = [
        after.get(place) or before[place]
        for place in before.keys() | after.keys()
        if _asked(before.get(place)) != _asked(after.get(place))
    ]
    names = people.names()
    places = {id: at for at, id in enumerate(names)}
    return [
        _change(before.get(line.place), after.get(line.place), names)
        for line in in_order(differing, places)
    ]


def _asked(line: Wanted | None) -> tuple[object, ...] | None:
    return None if line is None else line.asked


def _change(before: Wanted | None, after: Wanted | None, names: dict[str, str]) -> Change:
    line = after or before
    assert line is not None
    known = rulebooks.current().indicators.get(line.indicator)
    difference = None
    if before and after and before.value is not None and after.value is not None:
        with localcontext(EXACT):
            difference = after.value - before.value
    return Change(
        known.name if known else line.indicator, names.get(line.org, line.org),
        TIER_NAMES.get(line.tier, line.tier), KIND_NAMES.get(line.kind, line.kind),
        told(before), told(after), difference or None, line.unit, _what(before, after),
    )  # fmt: skip


def told(line: Wanted | None) -> str:
    """确保达到12.60，未下达, or that there is none."""
    if line is None:
        return "没有这一条"
    if line.word is not None:
        return NO_TARGET_NAME
    if line.kind in COMPARED:
        return said(line)
    number = "没有填" if line.value is None else figure(line.value)
    force = FORCES.get(line.force, "") if line.force else ""
    comparator = COMPARATOR_NAMES.get(line.comparator, line.comparator)
    return f"{force}{number}（{comparator}）{line.text}"


def _what(before: Wanted | None, after: Wanted | None) -> str:
    if before is None:
        return "新增"
    if after is None:
        return "这一版没有"
    found: list[str] = []
    if (before.value, before.unit, before.word) != (after.value, after.unit, after.word):
        found.append("目标值")
    if (before.comparator, before.force) != (after.comparator, after.force):
        found.append("比较或力度")
    if before.against != after.against:
        found.append("对照")
    if before.tolerance != after.tolerance:
        found.append("容差")
    if before.months != after.months:
        found.append(f"{_months(before, after)}个月的分解")
    return "、".join(found) or "写法"


def _months(before: Wanted, after: Wanted) -> int:
    one, two = dict(before.months), dict(after.months)
    return sum(one.get(key) != two.get(key) for key in one.keys() | two.keys())


def tally(found: Iterable[Change]) -> str:
    """共18处不同：新增3条，改15条"""
    listed = list(found)
    new = sum(one.what == "新增" for one in listed)
    gone = sum(one.what == "这一版没有" for one in listed)
    parts = [(f"新增{new}条", new), (f"少{gone}条", gone),
             (f"改{len(listed) - new - gone}条", len(listed) - new - gone)]  # fmt: skip
    return f"共{len(listed)}处不同：{'，'.join(text for text, many in parts if many)}"
