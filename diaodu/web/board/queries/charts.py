"""What the charts of an indicator draw: months across, every label already written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from diaodu.engine.compute.apart import left_over
from diaodu.engine.compute.pace_drawn import Due, due, share_gone
from diaodu.engine.ground.period import Period
from diaodu.engine.judge.gates import GATE_NAMES, together
from diaodu.engine.report.material import whole
from diaodu.engine.report.spans import is_numeric
from diaodu.engine.rules.models import Indicator
from diaodu.web.board.queries.table import goal_of, target_digits
from diaodu.web.runs.queries import RowView, TargetView
from diaodu.web.shared.templatetags.figures import figure, signed

YEAR = 12
_LEVEL, _GROWTH = 1, 2
DERIVED, ISSUED, BOTH = "序时", "时序任务", "时序任务，没下达的月按序时"
_WHOLE = Fraction(1)

Spec = dict[str, Any]
Place = tuple[int, str]  # month, what is shown


def level_chart(row: RowView, indicator: Indicator) -> Spec | None:
    """This year beside last, the target with its pace, what is still needed. None without a
    level."""
    year = Period.from_id(row.period).year
    own, last = _of_year(row, year, _LEVEL), _of_year(row, year - 1, _LEVEL)
    if not own:
        return None
    lines = [_line("self", "今年", own, indicator.unit, "")]
    if last:
        lines.insert(0, _line("last", "去年", last, indicator.unit, "去年 "))
    target = goal_of(row, "level")
    if target is not None:
        lines += _towards(target, indicator, own, _Pace(row, indicator))
    return {
        "kind": "months", "ticks": _ticks((*own, *last), indicator), "zero": True, "series": lines,
        "gates": gates(row, indicator),
    }  # fmt: skip


def growth_chart(row: RowView, above: RowView | None, indicator: Indicator) -> Spec | None:
    """The org's growth beside the parent's, against the target growth."""
    year = Period.from_id(row.period).year
    own = _of_year(row, year, _GROWTH)
    if not own:
        return None
    lines = [_line("self", row.org.name, own, "%", f"{row.org.name} ", marks=True)]
    if above is not None and (beside := _of_year(above, year, _GROWTH)):
        name = whole(above.org)
        lines.insert(0, _line("peer", name, beside, "%", f"{name} "))
    growth = goal_of(row, "growth")
    spec: Spec = {
        "kind": "months", "ticks": _ticks(own, indicator), "zero": False, "step": 1,
        "series": lines,
    }  # fmt: skip
    if growth is not None:
        spec["levels"] = [[growth.value, f"目标增速 {target_digits(growth, indicator)}"]]
    if indicator.is_rate_only:
        spec["gates"] = gates(row, indicator)
    return spec


def waterfall(row: RowView, children: Sequence[RowView]) -> Spec | None:
    """What each part adds to or takes from the change since last year. A difference between the
    parts and the whole is a part of its own. None unless the whole and two parts are known."""
    whole_change = row.get("change")
    told = [(child, child.get("change")) for child in children]
    known = [(child.org.name, one) for child, one in told if one is not None and one.is_number]
    if whole_change is None or not whole_change.is_number or len(known) < 2:
        return None
    known.sort(key=lambda part: Decimal(part[1].shown), reverse=True)
    parts = [(name, one.shown) for name, one in known]
    rest = left_over(whole_change.shown, [digits for _, digits in parts])
    if not rest.is_nothing:
        parts.append(("舍入" if rest.is_rounding else "其他", rest.digits))
    return {
        "kind": "waterfall", "parts": [[name, digits, signed(digits)] for name, digits in parts],
        "total": [whole(row.org), whole_change.shown, signed(whole_change.shown)],
    }  # fmt: skip


# -- lines -------------------------------------------------------------------------------------


def _of_year(row: RowView, year: int, which: int) -> list[Place]:
    """By the month a period ends in; periods are cumulative, so one month has one point."""
    found: list[Place] = []
    for point in row.series:
        when = Period.from_id(point.period)
        shown = point[which]
        if when.year == year and shown is not None and is_numeric(shown):
            found.append((when.month, shown))
    return found


def _line(
    role: str, name: str, places: Sequence[Place], unit: str, ends: str, marks: bool = False
) -> Spec:
    last = figure(places[-1][1])
    return {
        "role": role, "name": name, "marks": marks, "end": f"{ends or '今年 '}{last}",
        "points": [
            [month, shown, figure(shown) if marks else f"{figure(shown)}{unit}"]
            for month, shown in places
        ],
    }  # fmt: skip


class _Pace:
    """Where the year's target should be by the end of a month: as it was issued up to then, else as
    the run's rules say for that tier. Balances have no pace: the target itself."""

    def __init__(self, row: RowView, indicator: Indicator) -> None:
        self._rulebook = row.rulebook
        self.indicator = indicator
        self._year = Period.from_id(row.period).year
        self.runs = indicator.is_flow
        self._last = dict(_of_year(row, self._year - 1, _LEVEL))

    def at(self, target: TargetView, month: int) -> Due | None:
        """None where last year's figures, which it would run by, are not there."""
        goal, decimals = target.value or "0", self.indicator.decimals
        if not self.runs:
            return due(goal, _WHOLE, decimals)
        if month in (issued := dict(target.phases)):
            return due(issued[month], _WHOLE, decimals)
        so_far = Period.of_months(self._year, 1, month)
        share = share_gone(
            self._rulebook, self.indicator.id, target.tier, so_far, self._last.get(month),
            self._last.get(YEAR),
        )  # fmt: skip
        return None if share is None else due(goal, share, decimals)


def _towards(
    target: TargetView, indicator: Indicator, own: Sequence[Place], pace: _Pace
) -> list[Spec]:
    """The pace up to the target (for balances the target alone), and from here to there."""
    goal = Decimal(target.value or 0)
    digits = target_digits(target, indicator)
    first = own[0][0]
    months = range(first, YEAR + 1) if pace.runs else (first, YEAR)
    at = {month: there for month in months if (there := pace.at(target, month)) is not None}
    name = _pace_name(target, at) if pace.runs else "目标"
    points = [
        [month, there.digits, f"{figure(there.shown)}{indicator.unit}"]
        for month, there in at.items()
    ]
    line = {"role": "pace", "name": name, "marks": False, "end": f"目标 {digits}", "points": points}
    month, shown = own[-1]
    if month >= YEAR or not pace.runs or Decimal(shown) >= goal:
        return [line]
    need = {
        "role": "need", "name": "还需", "marks": False, "end": "",
        "points": [[month, shown, ""], [YEAR, str(goal), ""]],
    }  # fmt: skip
    return [line, need]


def _pace_name(target: TargetView, months: Iterable[int]) -> str:
    """Which it is that is drawn: what was issued for the months, what is derived, or both."""
    drawn = set(months)
    issued = drawn & {month for month, _ in target.phases}
    if not issued:
        return DERIVED
    return ISSUED if issued == drawn else BOTH


def _ticks(places: Iterable[Place], indicator: Indicator) -> dict[str, str]:
    """Under the axis: 1—2月 where January has no period of its own; quarters for quarterly."""
    if indicator.cadence in ("quarter", "half", "year"):
        step = {"quarter": 3, "half": 6, "year": 12}[indicator.cadence]
        return {str(month): f"{month}月" for month in range(step, YEAR + 1, step)}
    merged = indicator.january == "merged" or all(month != 1 for month, _ in places)
    ticks = {str(month): f"{month}月" for month in range(1, YEAR + 1)}
    if merged:
        del ticks["1"]
        ticks["2"] = "1—2月" if indicator.basis != "stock" else "2月"
    return ticks


# -- gates -------------------------------------------------------------------------------------


def gates(row: RowView, indicator: Indicator) -> list[list[Any]]:
    """双过半：未过. As the run judged the targets that the light was decided on; of several the
    worst. The name alone where nothing is asked of them."""
    year = Period.from_id(row.period).year
    return [
        [gate.month, gate.name + _verdict(row, gate.id)]
        for gate in row.rulebook.gates_for(indicator.id, year)
    ]


def _verdict(row: RowView, gate: str) -> str:
    worst = together(one.result for aim in row.judged for one in aim.gates if one.gate == gate)
    return "" if worst is None else f"：{GATE_NAMES[worst]}"
