"""What stands below the table: why each lagging line lags, and what the reader must know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from diaodu.engine.compute.pace_drawn import due
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.report.spans import minus
from diaodu.web.board.queries import streaks
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.table import Line, goal_of
from diaodu.web.runs.queries import RowView, TargetView
from diaodu.web.shared.templatetags.figures import figure

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Lagging:
    line: Line
    text: str


def lagging(lines: Iterable[Line]) -> list[Lagging]:
    """落后 before 关注, each with what it is short of and what the rest of the year needs."""
    found = [line for line in lines if line.light in ("behind", "watch")]
    found.sort(key=lambda line: line.light != "behind")
    return [Lagging(line, why(line.row)) for line in found]


def why(row: RowView) -> str:
    """One sentence or two: each judged target's reasons, what is still needed, the streak."""
    reasons = [reason for target in row.judged for reason in target.reasons] or [*row.reasons]
    told = ["；".join(dict.fromkeys(minus(one) for one in reasons))]
    told += [needed for target in row.judged if (needed := still_needed(row, target))]
    told += [one.text for one in streaks.of_row(row) if one.is_bad]
    return "。".join(one for one in told if one) + "。"


def still_needed(row: RowView, target: TargetView) -> str:
    """后3个月月均需14.86亿元, counted from the figure's own period."""
    mean, left = target.mean_required, _MONTHS - Period.from_id(row.period).month
    if mean is None or not mean.is_number or mean.shown.startswith("-") or left < 1:
        return ""
    return f"达到全年目标，后{left}个月月均需{figure(mean.shown)}{mean.unit}"


def notes(chosen: Chosen, lines: Sequence[Line]) -> list[str]:
    """The lines under the table, as far as there is something to say."""
    told = ["“点”即百分点", *_bases(chosen, lines), *_pace(lines), *_not_judged(lines),
            *_places(lines)]  # fmt: skip
    told += [*_older(chosen, lines), *_embargoed(lines)]
    if any(line.is_computed for line in lines):
        told.append("标“算”的增速由总量算出，未见公布数")
    return [f"{one}。" for one in told]


def _bases(chosen: Chosen, lines: Iterable[Line]) -> Iterator[str]:
    """Which period 上期 is, and for whom it is another."""
    found: dict[str, list[str]] = {}
    for line in lines:
        change = line.row.growth_change
        if change is not None and change.base:
            found.setdefault(_span(change.base, chosen), []).append(line.short)
    if not found:
        return
    usual = max(found, key=lambda base: len(found[base]))
    others = [f"{_some(names)}为{base}" for base, names in found.items() if base != usual]
    yield "，".join([f"上期为{usual}", *others])


def _span(period: str, chosen: Chosen) -> str:
    """1—4月; with its year where that is another."""
    told = Period.from_id(period)
    return print_period(told, with_year=told.year != chosen.period.year)


_PACES = {
    "day": "按天", "working_day": "按工作日", "milestones": "按节点", "last_year": "按去年同期进度",
}  # fmt: skip


def _pace(lines: Iterable[Line]) -> Iterator[str]:
    """The pace of most lines, and of those that run by another."""
    found: dict[str, list[str]] = {}
    for line in lines:
        aim = goal_of(line.row, "level")
        if aim is not None and aim.pace is not None and aim.pace.is_number:
            told = f"{figure(aim.pace.shown)}%（{_basis(line.row, aim)}）"
            found.setdefault(told, []).append(line.short)
    if not found:
        return
    usual = max(found, key=lambda told: len(found[told]))
    others = [f"{_some(names)}为{told}" for told, names in found.items() if told != usual]
    yield "，".join([f"序时进度为{usual}", *others])


def _basis(row: RowView, aim: TargetView) -> str:
    """By what the pace runs: a target issued for the period itself comes before the rules. Runs of
    before phases were kept show it by a pace that is not the rules'."""
    period = Period.from_id(row.period)
    shape = row.rulebook.pace_basis(row.indicator_id, aim.tier, period.end)
    by_months = due("100", Fraction(period.month, _MONTHS), 1).shown
    is_issued = shape == "month" and aim.pace is not None and aim.pace.shown != by_months
    if is_issued or period.month in dict(aim.phases):
        return "按时序任务"
    return _PACES.get(shape, f"按月{period.month}/{_MONTHS}")


def _not_judged(lines: Iterable[Line]) -> Iterator[str]:
    """Targets that are shown beside those the lights were decided on."""
    found: dict[str, list[str]] = {}
    for line in lines:
        for target in (goal_of(line.row, "level", "ceiling"), goal_of(line.row, "growth")):
            if target is not None and not target.is_judged:
                found.setdefault(target.tier_name, []).append(line.short)
    for tier, names in found.items():
        yield f"{_some(list(dict.fromkeys(names)))}的目标有{tier}的，不据以亮灯"


def _places(lines: Sequence[Line]) -> Iterator[str]:
    """By what lines are ranked, and where fewer are ranked than there are."""
    ranked = [line for line in lines if line.standing is not None]
    if not ranked:
        return
    yield "位次按增速由好到差"
    by_level = [line.short for line in ranked if line.standing and line.standing.of == "level"]
    if by_level:
        yield f"{_some(by_level)}无增速位次，按总量排"
    whole = max(line.standing.n for line in ranked if line.standing)
    for line in ranked:
        if line.standing and line.standing.n < whole:
            yield f"{line.short}有{whole - line.standing.n}家未公布，按{line.standing.n}家排"


def _older(chosen: Chosen, lines: Iterable[Line]) -> Iterator[str]:
    """Lines that show an older period than the page's."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if Period.from_id(line.row.period).end < chosen.period.end and not line.absent:
            found.setdefault(_span(line.row.period, chosen), []).append(line.short)
    for span, names in found.items():
        yield f"{_some(names)}现列{span}"


def _embargoed(lines: Iterable[Line]) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.row.embargoed:
            found.setdefault(line.why, []).append(line.short)
    for why_not, names in found.items():
        yield f"{'、'.join(names)}未发布，{why_not}，到时自动显示，不计入上方各项"


def _some(names: Sequence[str], most: int = 4) -> str:
    return "、".join(names[:most]) + (f"等{len(names)}项" if len(names) > most else "")
