"""What stands against locking a draft, all of it at once, with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Indicator
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.templatetags.figures import figure, signed
from diaodu.web.targets.models import Line, Version
from diaodu.web.targets.queries.columns import (
    WHOLE,
    adds_up_by_month,
    adds_up_by_org,
    month_columns,
)
from diaodu.web.targets.queries.grid import DEPARTMENT, Gap, against, margin_of, month_gap
from diaodu.web.targets.queries.reading import read_cell


class Obstacle(NamedTuple):
    """Where, what is wrong, what to do; indicator and kind lead to its grid."""

    indicator: str
    kind: str
    place: str
    text: str
    todo: str


def obstacles(version: Version) -> list[Obstacle]:
    """In the order of the rules."""
    lines = list(
        Line.objects.filter(version=version).select_related("org", "org__parent")
    )  # fmt: skip
    groups: dict[tuple[str, str], list[Line]] = {}
    for one in lines:
        groups.setdefault((one.indicator, one.kind), []).append(one)
    rules = rulebooks.current()
    rank = {id: at for at, id in enumerate(rules.indicators)}
    found: list[Obstacle] = []
    for indicator, kind in sorted(groups, key=lambda one: (rank.get(one[0], len(rank)), one[1])):
        known = rules.indicators.get(indicator)
        if known is None:
            found.append(
                Obstacle(
                    indicator, kind, indicator, "规则里没有这个指标", "清空这些格，或在规则里补上"
                )
            )
        else:
            found += _of_indicator(version, known, kind, groups[indicator, kind])
    return found


def _of_indicator(
    version: Version, known: Indicator, kind: str, lines: Sequence[Line]
) -> Iterator[Obstacle]:
    columns = month_columns(known, version.year)
    labels = {WHOLE: "全年"} | {one.key: one.label for one in columns}
    for line in lines:
        place = _place(known, line)
        yield from (
            Obstacle(known.id, kind, place, f"{labels.get(column, column)}的{_fault(line, column)}",
                     "在格子里改成数，或清空")
            for column in line.typed
        )  # fmt: skip
        if line.value is None and line.word is None and WHOLE not in line.typed:
            yield Obstacle(known.id, kind, place, "没有全年目标值", "填上数；没有下达的填“未下达”")
        if line.word is not None and line.months:
            yield Obstacle(
                known.id, kind, place, "全年未下达，却分到了月份", "清空各月，或填上全年目标"
            )
        gap = month_gap(line, known, columns)
        if not gap.is_even:
            yield Obstacle(known.id, kind, place, _month_text(known, line, gap), _EVEN)
        if line.org.closed is not None and line.org.closed.year < version.year:
            yield Obstacle(
                known.id, kind, place, f"这个单位已于{line.org.closed}撤销", "把任务分给接续的单位"
            )
    if adds_up_by_org(known, kind):
        yield from _org_gaps(known, kind, lines)


_EVEN = "改到加起来正好相等；确要留余量的，在这一条里写明余量和原因"


def _place(known: Indicator, line: Line) -> str:
    kind = "" if line.kind == "level" else KIND_NAMES.get(line.kind, line.kind)
    return f"{known.name}{kind}　{TIER_NAMES.get(line.tier, line.tier)}　{line.org.name}"


def _fault(line: Line, column: str) -> str:
    return read_cell(line.typed[column], line.unit, line.kind, column).fault


def _month_text(known: Indicator, line: Line, gap: Gap) -> str:
    parts = "各月合计" if adds_up_by_month(known, line.kind) else "最后一个月"
    whole = f"全年目标{figure(line.value)}{line.unit}"
    return f"{parts}{figure(gap.total)}{line.unit}，与{whole}相差{signed(gap.gap)}"


def _org_gaps(known: Indicator, kind: str, lines: Sequence[Line]) -> Iterator[Obstacle]:
    by_place = {(one.tier, str(one.org_id)): one for one in lines}
    for (tier, org), parent in by_place.items():
        below = [x for x in lines if x.tier == tier and str(x.org.parent_id) == org]
        for group in _groups(below):
            gap = against([one.value for one in group], parent.value, margin_of(parent, "org"))
            if gap.is_even or gap.gap is None or gap.total is None:
                continue
            text = (
                f"{_called(group)}合计{figure(gap.total)}{parent.unit}，"
                f"与{parent.org.name}的{figure(parent.value)}相差{signed(gap.gap)}"
            )
            yield Obstacle(known.id, kind, _place(known, parent), text, _EVEN)


def _groups(below: Sequence[Line]) -> Iterator[list[Line]]:
    """Departments carry the same whole once more, beside the townships."""
    units = [one for one in below if one.org.level != DEPARTMENT]
    departments = [one for one in below if one.org.level == DEPARTMENT]
    yield from (group for group in (units, departments) if group)


def _called(group: Sequence[Line]) -> str:
    return f"{len(group)}个{'部门' if group[0].org.level == DEPARTMENT else '乡镇和园区'}"
