"""What each rule on warnings says of one figure: hit, clear, no data, or that it does not apply.

Everything is decided on printed figures, as lights are (decision 5). A word in place of a number
answers neither yes nor no: it is no data, which leaves a warning where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.printed import plain, said, with_unit
from diaodu.engine.ground.words import LIGHT_NAMES, WarningSays
from diaodu.engine.judge.warnings_reading import STREAKS, Reading, Told
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.models_warnings import WarningRule
from diaodu.engine.rules.rulebook import Rulebook

POINTS = "个百分点"
ABSENT = {"late": "逾期未报", "missing": "无数据", "held": "暂扣待核", "not_due": "未到期"}


class Verdict(NamedTuple):
    """What a rule says of a figure. `tell` makes the sentence (without full stop) that says why:
    of the many that are well nobody asks for it."""

    says: WarningSays
    tell: Callable[[], str] = str

    @property
    def said(self) -> str:
        return self.tell()


APART = Verdict("apart")


@dataclass(frozen=True)
class Watch:
    """The rules in force on a day, by what they are for."""

    rules: tuple[WarningRule, ...]
    rulebook: Rulebook
    _by_indicator: dict[str, list[WarningRule]] = field(default_factory=dict, compare=False)

    @classmethod
    def on(cls, rulebook: Rulebook, day: date) -> Watch:
        return cls(tuple(one for one in rulebook.warnings if one.holds_on(day)), rulebook)

    def judge(self, readings: Iterable[Reading], day: date) -> Iterator[Judged]:
        """Every rule on every figure it is for; what does not apply is left out."""
        for reading in readings:
            for rule in self._about(reading.indicator):
                if _is_for_org(rule, reading.org):
                    verdict = says(rule, reading, day)
                    if verdict.says != "apart":
                        yield Judged(rule, reading, verdict)

    def _about(self, indicator: Indicator) -> list[WarningRule]:
        known = self._by_indicator.get(indicator.id)
        if known is None:
            known = [one for one in self.rules if _is_for_indicator(one, indicator)]
            self._by_indicator[indicator.id] = known
        return known


class Judged(NamedTuple):
    rule: WarningRule
    reading: Reading
    verdict: Verdict


def _is_for_indicator(rule: WarningRule, indicator: Indicator) -> bool:
    named = "*" in rule.indicators or indicator.id in rule.indicators
    return named and (indicator.headline or not rule.headlines)


def _is_for_org(rule: WarningRule, org: Org) -> bool:
    return (not rule.levels or org.level in rule.levels) and (not rule.orgs or org.id in rule.orgs)


def says(rule: WarningRule, reading: Reading, day: date) -> Verdict:
    """The rule's answer on a day. Only the rule on late figures has something to say of a figure
    that is not there; a figure not due yet says nothing new to any."""
    if rule.months and reading.period.month not in rule.months:
        return APART
    if reading.presence == "not_due":
        return APART
    if rule.kind == "late":
        return _late(rule, reading, day)
    if reading.presence != "told":
        return Verdict("no_data", lambda: f"{_when(reading)}{ABSENT[reading.presence]}")
    return _KINDS[rule.kind](rule, reading)


def _when(reading: Reading) -> str:
    return _printed(reading.period)


@cache
def _printed(period: Period) -> str:
    """A pass says the same few periods many thousand times."""
    return print_period(period)


def _no_number(reading: Reading, what: str, found: Told) -> Verdict:
    return Verdict("no_data", lambda: f"{_when(reading)}{what}{said(found)}")


def _answer(hit: bool, tell: Callable[[], str]) -> Verdict:
    return Verdict("hit" if hit else "clear", tell)


# -- against targets -------------------------------------------------------------------------------


def _worst(rows: list[Told]) -> tuple[Told, Decimal] | None:
    numbers = [(one, one.number) for one in rows]
    known = [(one, number) for one, number in numbers if number is not None]
    return max(known, key=lambda pair: pair[1], default=None)


def _owed(rule: WarningRule, reading: Reading, measure: str, name: str, fine: str) -> Verdict:
    rows = reading.of_targets(measure)
    if not rows:
        return APART
    worst = _worst(rows)
    if worst is None:
        return _no_number(reading, name, rows[0])
    found, number, line = *worst, rule.points
    assert line is not None
    if number <= 0:
        return Verdict("clear", lambda: f"{_when(reading)}{found.whose}{fine}")
    return _answer(
        number >= line,
        lambda: (
            f"{_when(reading)}{found.whose}{name}{found.shown}{POINTS}，预警线{plain(line)}{POINTS}"
        ),
    )


def _pace_gap(rule: WarningRule, reading: Reading) -> Verdict:
    return _owed(rule, reading, "arrears_pace_pp", "完成率低于序时进度", "完成率达到序时进度")


def _growth_gap(rule: WarningRule, reading: Reading) -> Verdict:
    return _owed(rule, reading, "arrears_growth", "增速低于目标", "增速达到目标")


def _growth(rule: WarningRule, reading: Reading) -> Verdict:
    found = reading.growth
    if found is None:
        return APART
    number = found.number
    if number is None:
        return _no_number(reading, "增速", found)
    line, side = (rule.below, "低于") if rule.below is not None else (rule.above, "高于")
    assert line is not None
    hit = number < line if rule.below is not None else number > line
    beside = side if hit else f"不{side}"
    return _answer(
        hit, lambda: f"{_when(reading)}增速{said(found)}，{beside}{with_unit(plain(line), '%')}"
    )


def _support(rule: WarningRule, reading: Reading) -> Verdict:
    """Of several targets with a support list the worst covered; absent where none has one."""
    told = reading.told.get("support_coverage", ())
    numbers = {one.number: one for one in told if one.number is not None}
    if not numbers:
        return APART
    number = min(numbers)
    found = numbers[number]
    line = rule.below
    assert line is not None
    hit = number < line
    beside = "低于" if hit else "不低于"
    return _answer(
        hit,
        lambda: (
            f"{_when(reading)}{found.whose}增长支撑覆盖差额的{said(found)}，{beside}{plain(line)}{found.unit}"
        ),
    )


# -- among peers -----------------------------------------------------------------------------------


def _place(rule: WarningRule, reading: Reading) -> tuple[int, int, int] | None:
    """Place, place from the last, how many are ranked; None where it is not ranked."""
    numbers = []
    for part in ("", "_reverse", "_n"):
        found = reading.one(f"rank_{rule.by}{part}", rule.group)
        if found is None or found.number is None:
            return None
        numbers.append(int(found.number))
    return numbers[0], numbers[1], numbers[2]


def _bottom(rule: WarningRule, reading: Reading) -> Verdict:
    """Nobody is among the last where the whole field is no longer than that."""
    place = _place(rule, reading)
    assert rule.bottom is not None
    if place is None or place[2] <= rule.bottom:
        return APART
    by = "总量" if rule.by == "level" else "增速"
    return _answer(
        place[1] <= rule.bottom,
        lambda: f"{_when(reading)}按{by}在{place[2]}个单位中居第{place[0]}位，倒数第{place[1]}位",
    )


def _rank_class(rule: WarningRule, reading: Reading) -> Verdict:
    place = _place(rule, reading)
    if place is None:
        return APART
    share = Fraction(place[0], place[2])
    found = next(one.name for one in rule.classes if one.limit is not None and share <= one.limit)
    by = "总量" if rule.by == "level" else "增速"
    return _answer(
        found in rule.alarm, lambda: f"{_when(reading)}按{by}居{place[0]}/{place[2]}，属“{found}”"
    )


# -- over time -------------------------------------------------------------------------------------


def _sign_flip(rule: WarningRule, reading: Reading) -> Verdict:
    """Only after the gate, and only for who passed it well."""
    assert rule.gate is not None
    then = reading.before.get(rule.gate)
    if then is None or reading.period.month <= rule.gate:
        return APART
    gate = f"{rule.gate}月底"
    if rule.against == "target":
        if then.light != "good" or reading.light not in ("good", "watch", "behind"):
            return APART
        name = LIGHT_NAMES[reading.light]
        return _answer(
            reading.light != "good",
            lambda: f"{gate}为“{LIGHT_NAMES['good']}”，{_when(reading)}为“{name}”",
        )
    found = reading.growth
    growth = then.growth
    if growth is None or growth <= 0 or found is None:
        return APART
    number = found.number
    if number is None:
        return _no_number(reading, "增速", found)
    return _answer(
        number < 0,
        lambda: f"{gate}增速{with_unit(plain(growth), '%')}，{_when(reading)}增速{said(found)}",
    )


def _volatility(rule: WarningRule, reading: Reading) -> Verdict:
    found = reading.one("growth_change_pp")
    if found is None:
        return APART
    number = found.number
    if number is None:
        return _no_number(reading, "增速比上期", found)
    line = rule.points
    assert line is not None
    moved = {"both": abs(number), "fall": -number, "rise": number}[rule.side]
    return _answer(
        moved >= line,
        lambda: f"{_when(reading)}增速比上期{_moved(number)}，预警线{plain(line)}{POINTS}",
    )


def _moved(number: Decimal) -> str:
    if not number:
        return "持平"
    return f"{'加快' if number > 0 else '回落'}{plain(abs(number))}{POINTS}"


_STREAK_SAID = {
    "growth": "累计增速连续{n}个月回落", "month": "当月增速连续{n}个月回落",
    "sign": "增速连续{n}个月为负", "target": "连续{n}个月落后于目标",
}  # fmt: skip
_STREAK_LOW = {
    "growth": "累计增速连续{n}个月上升", "month": "当月增速连续{n}个月上升",
    "sign": "增速连续{n}个月为正", "target": "连续{n}个月落后于目标",
}  # fmt: skip


def _streak(rule: WarningRule, reading: Reading) -> Verdict:
    """Down where more is better, up where less is; a streak against the target has its own sign."""
    found = reading.one(STREAKS[rule.of]) or next(iter(reading.of_targets(STREAKS[rule.of])), None)
    if found is None:
        return APART
    number = found.number
    if number is None:
        return _no_number(reading, "连续月数", found)
    assert rule.times is not None
    low = reading.indicator.direction == "low" and rule.of != "target"
    bad = number if low else -number
    words = (_STREAK_LOW if low else _STREAK_SAID)[rule.of]
    told = words if bad > 0 else "没有连续走低"
    return _answer(
        bad >= rule.times,
        lambda: f"到{_when(reading)}{told.format(n=plain(bad))}，预警线{rule.times}个月",
    )


# -- checks and the calendar -----------------------------------------------------------------------


def _contradiction(rule: WarningRule, reading: Reading) -> Verdict:
    if reading.contradictions:
        return Verdict("hit", lambda: reading.contradictions[0].rstrip("。"))
    return Verdict("clear", lambda: f"{_when(reading)}与相关指标没有矛盾")


def _late(rule: WarningRule, reading: Reading, day: date) -> Verdict:
    """Reported is reported, also where it says that there is no figure, or was held."""
    if reading.presence != "late":
        what = "已报" if reading.presence == "told" else f"已报（{ABSENT[reading.presence]}）"
        return Verdict("clear", lambda: f"{_when(reading)}数{what}")
    assert reading.due is not None
    if day <= reading.due + timedelta(days=rule.days or 0):
        return APART
    over = (day - reading.due).days
    when = f"{reading.due.month}月{reading.due.day}日"
    return Verdict("hit", lambda: f"{_when(reading)}数应在{when}前报，已逾期{over}天")


_KINDS: dict[str, Callable[[WarningRule, Reading], Verdict]] = {
    "pace_gap": _pace_gap, "growth_gap": _growth_gap, "growth": _growth, "bottom": _bottom,
    "sign_flip": _sign_flip, "volatility": _volatility, "streak": _streak,
    "rank_class": _rank_class, "contradiction": _contradiction, "support": _support,
}  # fmt: skip
