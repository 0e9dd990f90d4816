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
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal, NamedTuple

from diaodu.engine.compute.against import Against, Figure, is_upper, printed
from diaodu.engine.compute.exact import ONE
from diaodu.engine.compute.pace import Elapsed, Paces, Phase, PhaseKey
from diaodu.engine.compute.plan import filed_period
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.quantity import EXACT, show
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
    flow = indicator.has_level and indicator.basis in ("ytd", "count")
    return target.kind == "level" and gate.done is not None and flow


def asked(
    targets: Iterable[Target], rulebook: Rulebook, year: int, as_of: date
) -> list[tuple[Gate, Target]]:
    """Gates of a year with the targets they are for, the newest by `as_of`; none of indicators
    that have no figure for the gate's month."""
    newest: dict[tuple[object, ...], Target] = {}
    for one in sorted(targets, key=lambda t: (t.received, t.target_id)):
        if one.received <= as_of and one.year == year and one.indicator in rulebook.indicators:
            newest[one.place] = one
    names = {one.indicator for one in newest.values()}
    by_indicator = {name: rulebook.gates_for(name, year) for name in names}
    return [
        (gate, target)
        for target in sorted(newest.values(), key=lambda t: (t.indicator, t.org, t.target_id))
        if target.org in rulebook.orgs
        for gate in by_indicator[target.indicator]
        if has_gate(rulebook.indicators[target.indicator], target, gate)
        and gate_period(rulebook.indicators[target.indicator], gate, year).month == gate.month
    ]


def gate_period(indicator: Indicator, gate: Gate, year: int) -> Period:
    """The period of the figure that a gate is judged on."""
    return filed_period(indicator, Period.of_month(year, gate.month))


def months_read(
    asked: Sequence[tuple[Gate, Target]], rulebook: Rulebook, month: Period
) -> list[Period]:
    """The months whose figures are read: those of gates up to this month; of last year those that
    a pace by last year's shape is made of."""
    gone = {gate.month for gate, _ in asked if gate.month <= month.month}
    found = {Period.of_month(month.year, one) for one in gone}
    if gone and any(one.pace_basis == "last_year" for one in rulebook.paces):
        found |= {Period.of_month(month.year - 1, one) for one in (*gone, 12)}
    return sorted(found)


def paces_of(targets: Iterable[Target], rulebook: Rulebook, points: Points, as_of: date) -> Paces:
    """The paces of a run, from records."""
    phases: dict[PhaseKey, Phase] = {}
    for one in sorted(targets, key=lambda t: (t.received, t.target_id)):
        if one.period and one.kind == "level" and one.received <= as_of and one.value is not None:
            place = (one.indicator, one.org, one.year, one.tier, one.period)
            phases[place] = Phase(one.target_id, _scaled(one.value))
    amounts = {
        place: (_scaled(point.figure.value), point.inputs[0] if point.inputs else "")
        for place, point in points.levels.items()
        if point.figure.value is not None
    }
    return Paces(rulebook, phases, amounts)


def _scaled(value: Decimal) -> int:
    with localcontext(EXACT):
        return int(value * ONE)


# -- judged ------------------------------------------------------------------------------------


def judge_gates(
    asked: Sequence[tuple[Gate, Target]], rulebook: Rulebook, points: Points, paces: Paces,
    horizon: Mapping[str, Period], as_of: date,
) -> list[GateVerdict]:  # fmt: skip
    """The verdict of every gate of the year, by target. `horizon`: the newest period of each
    indicator that is due or on file; gates after it are pending."""
    found: list[GateVerdict] = []
    for gate, target in asked:
        now = horizon[target.indicator]
        judge = _pending if now.end < gate_end(gate, target.year) else judge_gate
        found.append(judge(gate, target, rulebook, points, paces, now, as_of))
    return found


def gate_end(gate: Gate, year: int) -> date:
    return Period.of_month(year, gate.month).end


def judge_gate(
    gate: Gate, target: Target, rulebook: Rulebook, points: Points, paces: Paces,
    now: Period, as_of: date,
) -> GateVerdict:  # fmt: skip
    """One that is over. `now`: the newest period of the indicator."""
    indicator = rulebook.indicators[target.indicator]
    period = gate_period(indicator, gate, target.year)
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
    return _verdict(gate, target, period, result, reasons, inputs, now, as_of)


def _pending(
    gate: Gate, target: Target, rulebook: Rulebook, points: Points, paces: Paces,
    now: Period, as_of: date,
) -> GateVerdict:  # fmt: skip
    indicator = rulebook.indicators[target.indicator]
    period = gate_period(indicator, gate, target.year)
    reasons = [_wanted_growth(gate, target)]
    inputs: tuple[str, ...] = (target.target_id,)
    if target.kind == "level":
        due = due_share(gate, target, paces)
        reasons = [_wanted(gate, target, indicator, due)]
        inputs += due.inputs if due else ()
    return _verdict(gate, target, period, "pending", reasons, inputs, now, as_of)


def _verdict(
    gate: Gate, target: Target, period: Period, result: GateResult, reasons: Sequence[str],
    inputs: tuple[str, ...], now: Period, as_of: date,
) -> GateVerdict:  # fmt: skip
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
    due = Fraction(target.value) * now.gone / now.span
    return _result(Fraction(told), due, figure.hi, gate.done), [
        f"完成{show(told, indicator.decimals)}{indicator.unit}", wanted
    ]  # fmt: skip


def of_growth(
    gate: Gate, target: Target, indicator: Indicator, figure: Figure | None
) -> tuple[GateResult, list[str]]:
    """The printed growth against the target growth, its tolerance in the org's favour."""
    told = printed(figure)
    wanted = _wanted_growth(gate, target)
    line = Against(indicator, target, figure, None, year_end=True).line
    if told is None or figure is None or line is None:
        return "no_figure", [f"{_until(gate, target)}没有增速", wanted]
    result = _result(Fraction(told), Fraction(line), figure.hi, gate.growth)
    return result, [f"增速{show(told, indicator.growth_decimals)}%", wanted]


def _result(told: Fraction, due: Fraction, hi: Decimal | None, op: str | None) -> GateResult:
    if told > due:
        return "passed"
    if told == due:
        return "edge" if op == ">=" else "missed"
    return "undecidable" if hi is not None and Fraction(hi) > due else "missed"


def _until(gate: Gate, target: Target) -> str:
    return print_period(Period.of_months(target.year, 1, gate.month))


def _wanted(gate: Gate, target: Target, indicator: Indicator, now: Elapsed | None) -> str:
    """应不低于62.5亿元: rounded where it is told, never where it decides; two more decimals where
    the figure's do not say it."""
    if now is None or target.value is None:
        return "应完成数算不出：序时进度的依据不全"
    due = Fraction(target.value) * now.gone / now.span
    with localcontext(EXACT):
        exact = Decimal(due.numerator) / Decimal(due.denominator)
    places = (indicator.decimals, indicator.decimals + 1, indicator.decimals + _FURTHER)
    printed_out = [show(exact, one) for one in places]
    digits = next((one for one in printed_out if Fraction(one) == due), printed_out[-1])
    about = "约" if Fraction(digits) != due else ""
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


def by_gate(verdicts: Iterable[GateVerdict]) -> Iterator[tuple[str, list[GateVerdict]]]:
    """Verdicts by gate, in order of their days."""
    found: dict[str, list[GateVerdict]] = {}
    for one in sorted(verdicts, key=lambda v: (v.day, v.gate)):
        found.setdefault(one.gate, []).append(one)
    yield from found.items()
