"""Gates: 开门红, 双过半, 前三季度, 全年红, judged by the rules of that date.

A gate is passed at the end of its month: a target of amount by what has been done against the pace
(or the gate's share of the year), a target growth by the growth so far. Bounds from above have no
gate. A gate whose figures are not due yet is pending, counted down on two clocks: months on that of
the data, days on that of the meeting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from diaodu.engine.compute.against import Against, Figure, is_upper, printed
from diaodu.engine.compute.exact import ONE
from diaodu.engine.compute.made import half_up
from diaodu.engine.compute.pace import Elapsed, Paces, newest_phases
from diaodu.engine.compute.plan import filed_period
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.quantity import EXACT, SCALE, show
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.judge.say import with_unit
from diaodu.engine.rules.models import Gate, Indicator
from diaodu.engine.rules.rulebook import Rulebook

GateResult = Literal["passed", "edge", "missed", "undecidable", "no_figure", "no_pace", "pending"]
GATE_NAMES: dict[str, str] = {
    "passed": "过", "edge": "过", "missed": "未过", "undecidable": "按印发精度不能判定",
    "no_figure": "无数据", "no_pace": "没有序时依据", "pending": "待定",
}  # fmt: skip
_OPS = {">=": "不低于", ">": "高于"}
_FURTHER = 2  # decimals


class GateVerdict(NamedTuple):
    """One target at one gate. `period`: what it is judged on. `day`: the gate's last.
    `months_left` from the last month of data, `days_left` from the day of the run; 0 once it is
    over. `inputs`: target, phase target and observations."""

    indicator: str
    org: str
    period: str
    gate: str
    name: str
    target_id: str
    rule: str
    result: str
    word: str
    day: date
    months_left: int
    days_left: int
    reasons: tuple[str, ...]
    inputs: tuple[str, ...]


class Point(NamedTuple):
    """A figure on file at a period, with the ids of what it rests on."""

    figure: Figure
    inputs: tuple[str, ...]


Place = tuple[str, str, str]  # indicator, org, period id


@dataclass(frozen=True)
class Points:
    """The cumulative levels and growths of the year so far, and last year's levels where a pace
    asks for them."""

    levels: Mapping[Place, Point]
    growths: Mapping[Place, Point]

    @classmethod
    def of(cls, measures: Iterable[Measure]) -> Points:
        """From rows of value, growth and growth_published; a published growth goes before a
        computed one."""
        levels: dict[Place, Point] = {}
        growths: dict[Place, Point] = {}
        for one in measures:
            if one.value is None:
                continue
            place = (one.indicator, one.org, one.period)
            point = Point(one, one.inputs)
            if one.measure == "value":
                levels[place] = point
            elif one.measure == "growth_published":
                growths[place] = point
            else:
                growths.setdefault(place, point)
        return cls(levels, growths)


# -- what is asked -----------------------------------------------------------------------------


def has_gate(indicator: Indicator, target: Target, gate: Gate) -> bool:
    """Whether a gate asks anything of a target."""
    if not target.is_usual or target.value is None or target.tier not in gate.tiers:
        return False
    if is_upper(indicator, target) or indicator.direction == "low":
        return False
    if target.kind == "growth":
        return gate.growth is not None
    return target.kind == "level" and gate.done is not None and indicator.is_flow


class AskedGate(NamedTuple):
    """A gate, a target it is for, and the period of the figure it is judged on."""

    gate: Gate
    target: Target
    period: Period


def asked(targets: Iterable[Target], rulebook: Rulebook, year: int, as_of: date) -> list[AskedGate]:
    """Gates of a year with the targets they are for, the newest by `as_of`; none of indicators
    that have no figure for the gate's month."""
    newest: dict[tuple[object, ...], Target] = {}
    for one in sorted(targets, key=lambda t: (t.received, t.target_id)):
        if one.received <= as_of and one.year == year and one.indicator in rulebook.indicators:
            newest[one.place] = one
    names = {one.indicator for one in newest.values()}
    by_indicator = {name: list(_periods(rulebook, name, year)) for name in names}
    return [
        AskedGate(gate, target, period)
        for target in sorted(newest.values(), key=lambda t: (t.indicator, t.org, t.target_id))
        if target.org in rulebook.orgs
        for gate, period in by_indicator[target.indicator]
        if has_gate(rulebook.indicators[target.indicator], target, gate)
    ]


def _periods(rulebook: Rulebook, indicator: str, year: int) -> Iterator[tuple[Gate, Period]]:
    for gate in rulebook.gates_for(indicator, year):
        period = filed_period(rulebook.indicators[indicator], Period.of_month(year, gate.month))
        if period.month == gate.month:
            yield gate, period


def months_read(asked: Sequence[AskedGate], rulebook: Rulebook, month: Period) -> list[Period]:
    """The months whose figures are read: those of gates up to this month; of last year those that
    a pace by last year's shape is made of."""
    gone = {one.gate.month for one in asked if one.gate.month <= month.month}
    found = {Period.of_month(month.year, one) for one in gone}
    if gone and any(one.pace_basis == "last_year" for one in rulebook.paces):
        found |= {Period.of_month(month.year - 1, one) for one in (*gone, 12)}
    return sorted(found)


def paces_of(targets: Iterable[Target], rulebook: Rulebook, points: Points, as_of: date) -> Paces:
    """The paces of a run, from records."""
    received = sorted(
        (one for one in targets if one.period and one.received <= as_of),
        key=lambda t: (t.received, t.target_id),
    )
    phases = newest_phases(
        (
            (one.indicator, one.org, one.year, one.tier, one.kind, one.period), one.target_id,
            None if one.value is None else _scaled(one.value),
        )
        for one in received
    )  # fmt: skip
    amounts = {
        place: (_scaled(point.figure.value), point.inputs[0] if point.inputs else "")
        for place, point in points.levels.items()
        if point.figure.value is not None
    }
    return Paces(rulebook, phases, amounts)


def _scaled(value: Decimal) -> int:
    return int(value.scaleb(SCALE, EXACT))


# -- judged ------------------------------------------------------------------------------------


def judge_gates(
    asked: Sequence[AskedGate], rulebook: Rulebook, points: Points, paces: Paces,
    horizon: Mapping[str, Period], as_of: date,
) -> list[GateVerdict]:  # fmt: skip
    """The verdict of every gate of the year, by target. `horizon`: the newest period of each
    indicator that is due or on file; gates after it are pending."""
    found: list[GateVerdict] = []
    for one in asked:
        now = horizon[one.target.indicator]
        judge = _pending if now.end < one.period.end else judge_gate
        found.append(judge(one, rulebook, points, paces, now, as_of))
    return found


def judge_gate(
    one: AskedGate, rulebook: Rulebook, points: Points, paces: Paces, now: Period, as_of: date
) -> GateVerdict:
    """One that is over. `now`: the newest period of the indicator."""
    gate, target, period = one
    indicator = rulebook.indicators[target.indicator]
    place = (target.indicator, target.org, period.id)
    if target.kind == "growth":
        due = None
        point = points.growths.get(place)
        result, reasons = of_growth(gate, target, indicator, point and point.figure)
    else:
        due = due_share(gate, target, paces)
        point = points.levels.get(place)
        result, reasons = of_level(gate, target, indicator, point and point.figure, due)
    inputs = (target.target_id, *(due.inputs if due else ()), *(point.inputs if point else ()))
    return _verdict(one, result, reasons, inputs, now, as_of)


def _pending(
    one: AskedGate, rulebook: Rulebook, points: Points, paces: Paces, now: Period, as_of: date
) -> GateVerdict:
    gate, target, _ = one
    inputs: tuple[str, ...] = (target.target_id,)
    if target.kind == "level":
        due = due_share(gate, target, paces)
        reasons = [_wanted(gate, target, rulebook.indicators[target.indicator], due)]
        inputs += due.inputs if due else ()
    else:
        reasons = [_wanted_growth(gate, target)]
    return _verdict(one, "pending", reasons, inputs, now, as_of)


def _verdict(
    one: AskedGate, result: GateResult, reasons: Sequence[str], inputs: tuple[str, ...],
    now: Period, as_of: date,
) -> GateVerdict:  # fmt: skip
    gate, target, period = one
    rule = gate.done if target.kind == "level" else gate.growth
    what = "总量" if target.kind == "level" else "增速"
    return GateVerdict(
        target.indicator, target.org, period.id, gate.id, gate.name, target.target_id,
        f"{gate.name}：{what}{_OPS[rule or '>=']}{_line(gate, target)}", result,
        GATE_NAMES[result], period.end, _months_left(gate, target, now),
        max((period.end - as_of).days, 0), tuple(reasons), tuple(dict.fromkeys(inputs)),
    )  # fmt: skip


def _months_left(gate: Gate, target: Target, now: Period) -> int:
    return max((target.year - now.year) * 12 + gate.month - now.month, 0)


def _line(gate: Gate, target: Target) -> str:
    if target.kind == "growth":
        return "全年目标增速"
    return "序时进度" if gate.share is None else f"全年目标的{gate.share.normalize():f}%"


def due_share(gate: Gate, target: Target, paces: Paces) -> Elapsed | None:
    """What of the year's target is due at the gate."""
    if gate.share is not None:
        share = Fraction(gate.share) / 100
        return Elapsed(share.numerator, share.denominator, _line(gate, target))
    assert target.value is not None
    period = Period.of_months(target.year, 1, gate.month)
    wanted = _scaled(target.value)
    return paces.of(target.indicator, target.org, target.tier, period, wanted)


def of_level(
    gate: Gate, target: Target, indicator: Indicator, figure: Figure | None, now: Elapsed | None
) -> tuple[GateResult, list[str]]:
    """The printed figure against what is due, exactly."""
    told = printed(figure)
    if now is None:
        return "no_pace", ["序时进度的依据不全：缺上年的数，或没有当年的放假安排"]
    wanted = _wanted(gate, target, indicator, now)
    if told is None or figure is None:
        return "no_figure", [f"{_until(gate, target)}没有数", wanted]
    assert target.value is not None
    due = _scaled(target.value) * now.gone
    result = _result(_scaled(told) * now.span, due, _times(figure.hi, now.span), gate.done)
    return result, [f"完成{show(told, indicator.decimals)}{indicator.unit}", wanted]


def _times(bound: Decimal | None, span: int) -> int | None:
    return None if bound is None else _scaled(bound) * span


def of_growth(
    gate: Gate, target: Target, indicator: Indicator, figure: Figure | None
) -> tuple[GateResult, list[str]]:
    """The printed growth against the target growth, its tolerance in the org's favour."""
    told = printed(figure)
    wanted = _wanted_growth(gate, target)
    line = Against(indicator, target, figure, None, year_end=True).line
    if told is None or figure is None or line is None:
        return "no_figure", [f"{_until(gate, target)}没有增速", wanted]
    result = _result(_scaled(told), _scaled(line), _times(figure.hi, 1), gate.growth)
    return result, [f"增速{show(told, indicator.growth_decimals)}%", wanted]


def _result(told: int, due: int, hi: int | None, op: str | None) -> GateResult:
    """All in one scale. A figure whose rounding reaches what is due may be it."""
    if told > due:
        return "passed"
    if told == due:
        return "edge" if op == ">=" else "missed"
    return "undecidable" if hi is not None and hi > due else "missed"


def _until(gate: Gate, target: Target) -> str:
    return print_period(Period.of_months(target.year, 1, gate.month))


def _wanted(gate: Gate, target: Target, indicator: Indicator, now: Elapsed | None) -> str:
    """应不低于62.5亿元: rounded where it is told, never where it decides; two more decimals where
    the figure's do not say it."""
    if now is None or target.value is None:
        return "应完成数算不出：序时进度的依据不全"
    due, span = _scaled(target.value) * now.gone, now.span * ONE
    places = (indicator.decimals, indicator.decimals + 1, indicator.decimals + _FURTHER)
    exact = next((one for one in places if due * 10**one % span == 0), None)
    decimals = places[-1] if exact is None else exact
    digits = f"{Decimal(half_up(due * 10**decimals, span)).scaleb(-decimals):f}"
    about = "约" if exact is None else ""
    return f"应{_OPS[gate.done or '>=']}{about}{with_unit(digits, indicator.unit)}"


def _wanted_growth(gate: Gate, target: Target) -> str:
    assert target.value is not None
    return f"应{_OPS[gate.growth or '>=']}{target.value.normalize():f}%"


# -- several targets together ------------------------------------------------------------------

_WORST: tuple[GateResult, ...] = (
    "missed", "undecidable", "no_pace", "no_figure", "pending", "edge", "passed",
)  # fmt: skip


def together(results: Iterable[str]) -> GateResult | None:
    """Of several targets at one gate the worst; None for none."""
    given = set(results)
    return next((one for one in _WORST if one in given), None)
