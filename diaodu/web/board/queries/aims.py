"""Every target of a row, of each tier and kind, and what the figures say to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from diaodu.engine.compute.reaching import implied_bases, said
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import read_number
from diaodu.engine.ground.words import FIGURE_KINDS, KIND_NAMES, TIER_NAMES
from diaodu.engine.report.spans import is_numeric
from diaodu.engine.rules.models import Indicator
from diaodu.web.board.queries.table import Line, target_text
from diaodu.web.runs.queries import RowView, TargetView
from diaodu.web.shared.templatetags.figures import figure, is_zero, light

_TIERS, _KINDS = tuple(TIER_NAMES), tuple(KIND_NAMES)
OUTCOME = "outcome"
_YEAR = 12
_LOOKS = {"达到": "good", "按序时达到": "good", "未达到": "bad", "按序时未达到": "bad"}
_REACHED = ("达到", "恰好，算达到")
_BY_HAND = "由人评定"
_NOT_TOLD = "未对照"  # rows of runs made before outcomes were


@dataclass(frozen=True, slots=True)
class Aim:
    """`result`: 按序时未达到. `off`: 差1.2个百分点, 超3位, or nothing. `measure`: what 为什么 is
    asked about; empty where there is no number behind it."""

    tier: str
    tier_name: str
    asked: str
    result: str
    look: str
    off: str
    measure: str
    lamp: SafeString | None


@dataclass(frozen=True, slots=True)
class AimedLine:
    """A line of 一张表 with all its targets, those of each tier together."""

    line: Line
    tiers: tuple[tuple[str, tuple[Aim, ...]], ...]


def of_row(row: RowView) -> tuple[Aim, ...]:
    """In the order of tiers and kinds."""
    told = sorted(row.targets, key=lambda one: (_place(_TIERS, one.tier), _place(_KINDS, one.kind)))
    return tuple(_aim(row, one) for one in told)


def of_lines(lines: Iterable[Line]) -> list[AimedLine]:
    """Those with more than the one target that the table shows: of several tiers, or of a kind that
    has no column."""
    return [
        AimedLine(line, _by_tier(of_row(line.row)))
        for line in lines
        if not line.row.embargoed and _has_more(line.row.targets)
    ]


def tiers_of(lines: Iterable[AimedLine]) -> list[str]:
    """The tiers that any line has a target of, in their order."""
    found = {aim.tier for one in lines for _, aims in one.tiers for aim in aims}
    return [TIER_NAMES[tier] for tier in _TIERS if tier in found]


def _by_tier(aims: Sequence[Aim]) -> tuple[tuple[str, tuple[Aim, ...]], ...]:
    return tuple(
        (TIER_NAMES[tier], found)
        for tier in _TIERS
        if (found := tuple(one for one in aims if one.tier == tier))
    )


def _has_more(targets: Sequence[TargetView]) -> bool:
    further = any(one.kind not in FIGURE_KINDS for one in targets)
    return further or len({one.tier for one in targets}) > 1


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _aim(row: RowView, target: TargetView) -> Aim:
    assert row.indicator is not None
    found = target.get(OUTCOME)
    measure = f"{OUTCOME}|{target.id}||" if found is not None else ""
    result = target.result or (_BY_HAND if target.kind == "qualitative" else _NOT_TOLD)
    return Aim(
        target.tier, target.tier_name, asked_text(target, row.indicator), result,
        _LOOKS.get(result, ""), _off(target), measure,
        light(target.light, target.light_word) if target.is_judged else None,
    )  # fmt: skip


def asked_text(target: TargetView, indicator: Indicator) -> str:
    """总量120.00亿元以上, 增速进前3位; the kind alone where none was issued."""
    if target.kind not in FIGURE_KINDS and target.asked:
        return target.asked
    if target.word is not None:
        return target.kind_name
    return f"{target.kind_name}{target_text(target, indicator)}"


def _off(target: TargetView) -> str:
    """差1.2个百分点, 超3位; nothing for what is a word, done, or just there. Short and yet 达到 is
    what 左右 allows."""
    found = target.get(OUTCOME)
    if found is None or not found.is_number or is_zero(found.shown) or target.kind == "yes_no":
        return ""
    side = "差" if found.shown.startswith("-") else "超"
    unit = "个百分点" if found.unit == "百分点" else found.unit
    allowed = "，在容差以内" if side == "差" and target.result in _REACHED else ""
    return f"{side}{figure(found.shown.lstrip('-'))}{unit}{allowed}"


def cells(one: Aim) -> Iterator[str]:
    """As a sheet has it: tier, what is asked, what came of it, by how much."""
    yield from (one.tier_name, one.asked, one.result, one.off)


# -- what they say together --------------------------------------------------------------------


def says(row: RowView, indicator: Indicator) -> list[str]:
    """Whether a target of amount and a target growth of one tier fit; what a ceiling on a mean
    leaves for the rest of the year."""
    if row.embargoed:
        return []
    return [*_fitting(row, indicator), *_growths(row, indicator), *_left(row)]


def _fitting(row: RowView, indicator: Indicator) -> Iterator[str]:
    base = _last_year(row)
    if base is None or indicator.price == "real" or indicator.basis not in ("ytd", "count"):
        return
    for tier, name in TIER_NAMES.items():
        level, growth = (_asked_of(row, tier, kind) for kind in ("level", "growth"))
        if level is None or growth is None:
            continue
        found = implied_bases(level, growth, base)
        if found is not None:
            told = said(found, figure(level.normalize()), f"{growth.normalize():f}", indicator.unit)
            yield f"{name}：{told}。"


def _growths(row: RowView, indicator: Indicator) -> Iterator[str]:
    """Of targets of amount that have no target growth beside them."""
    for one in sorted(row.targets, key=lambda one: _place(_TIERS, one.tier)):
        asked = one.get("target_growth")
        if asked is None or not asked.is_number or _asked_of(row, one.tier, "growth") is not None:
            continue
        way = "下降" if asked.shown.startswith("-") else "增长"
        size = figure(asked.shown.lstrip("-"))
        yield f"{one.tier_name}总量{target_text(one, indicator)}，相当于比去年{way}{size}%。"


def _asked_of(row: RowView, tier: str, kind: str) -> Decimal | None:
    found = (one for one in row.targets if (one.tier, one.kind) == (tier, kind))
    return next((Decimal(one.value) for one in found if one.value is not None), None)


def _last_year(row: RowView) -> Interval | None:
    """Last year as a whole, with what its printed digits leave open."""
    year = Period.from_id(row.period).year - 1
    for point in row.series:
        when = Period.from_id(point.period)
        if (when.year, when.month) == (year, _YEAR) and point.level is not None:
            number = read_number(point.level) if is_numeric(point.level) else None
            return None if number is None else Interval.printed(number)
    return None


def _left(row: RowView) -> Iterator[str]:
    for one in row.targets:
        left = one.get("mean_left")
        if left is not None and left.is_number:
            yield (
                f"{one.tier_name}：要守住上限{figure(one.value)}{one.unit}，"
                f"余下的日子平均不能超过{figure(left.shown)}{left.unit}。"
            )
