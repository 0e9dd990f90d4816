"""unit_slip: a level that is 10ⁿ times what the org's own history of it suggests."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import narwhals as nw

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import EXACT, find_unit
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import Figures, before_in_year, earlier_periods, rows_of
from diaodu.engine.verify.standard import ruling

_NEAR = 3  # how far from a power of ten, as a factor, growth and season may carry a figure
_COARSE = 33  # 10² ÷ 3: below this nothing is a slip
_PREFIXES = ("", "百", "千", "万", "百万", "千万", "亿", "万亿")


class _Candidate(NamedTuple):
    """A suspicious figure, last year's same period and the filed period before, if on file."""

    now: str
    last_year: str | None
    before: str | None


def unit_slips(figures: Figures) -> Iterator[Finding]:
    """Both histories must tell the same power of ten; with one alone it must be 10³ or more.

    Periods are taken in order and a figure found to be a slip is no history for the next.
    """
    candidates = _candidates(figures)
    seen = figures.load([one for row in candidates for one in row if one is not None])
    slipped: set[str] = set()
    for row in sorted(candidates, key=lambda c: Period.from_id(seen[c.now].period).end):
        now = seen[row.now]
        history = [seen[one] for one in (row.last_year, row.before) if one and one not in slipped]
        power = _power(now, history)
        rule = ruling(figures.rulebook, "unit_slip", now.indicator, Period.from_id(now.period).end)
        if power is not None and not rule.off:
            slipped.add(row.now)
            yield _slip(figures, now, history, power, rule.severity)


def _candidates(figures: Figures) -> list[_Candidate]:
    shares = ["%", "百分点", "‰", "位"]
    level = figures.facet("level").filter((nw.col("value") != 0) & ~nw.col("unit").is_in(shares))
    table = earlier_periods(figures, level, before_in_year)
    level = level.join(table, on="of_all", how="left").select(
        "obs_id", "value", "slot", "slot_last_year", slot_before=nw.col("slot") + nw.col("back")
    )
    histories = ("slot_last_year", "slot_before")
    other = level.select("slot", other="value")
    far: set[str] = set()
    for history in histories:
        pairs = level.select("obs_id", "value", slot=history).join(other, on="slot", how="inner")
        far.update(pairs.filter(_far()).get_column("obs_id").to_list())
    found = level.filter(nw.col("obs_id").is_in(sorted(far)))
    for history in histories:
        ids = level.select(nw.col("slot").alias(history), nw.col("obs_id").alias(f"id_{history}"))
        found = found.join(ids, on=history, how="left")
    rows = rows_of(found.sort("obs_id"), "obs_id", *[f"id_{history}" for history in histories])
    return [_Candidate(*row) for row in rows]


def _far() -> nw.Expr:
    value, history = nw.col("value").abs(), nw.col("other").abs()
    return (value >= history * _COARSE) | (history >= value * _COARSE)


def _power(now: Observation, history: list[Observation]) -> int | None:
    """n where the figure is about 10ⁿ times its history, else None."""
    powers = {_power_of_ten(now, one) for one in history}
    if len(powers) != 1:
        return None
    power = powers.pop()
    least = 2 if len(history) > 1 else 3
    return power if power is not None and least <= abs(power) <= 8 else None


def _power_of_ten(now: Observation, before: Observation) -> int | None:
    assert now.value is not None and before.value is not None
    ratio = abs(Fraction(now.value)) / abs(Fraction(before.value))
    for power in range(-8, 9):
        ten = Fraction(10) ** power
        if ten / _NEAR <= ratio <= ten * _NEAR:
            return power
    return None


def _slip(
    figures: Figures, now: Observation, history: list[Observation], power: int, severity: str
) -> Finding:
    assert now.value is not None
    times = f"{10**power}倍" if power > 0 else f"{10**-power}分之一"
    decimals = figures.rulebook.indicators[now.indicator].decimals
    compared = "、".join(
        f"{say.period_name(one.period)}{say.figure(one, decimals)}（{say.place(one)}）"
        for one in history
    )
    given = now.unit_given or now.unit
    meant = _meant_unit(given, power)
    guess = f"，疑似把“{meant}”的数填成了“{given}”" if meant else "，疑似计量单位或小数点有误"
    likely = now.value.scaleb(-power, context=EXACT)
    expected = say.number(likely, say.visible(likely, decimals), now.unit)
    found = say.figure(now, decimals)
    retry = f"如确以“{meant}”为单位，请改正表中的计量单位后重报" if meant else "请更正后重报"
    return say.about(
        now, "unit_slip", "hard" if severity == "hard" else "soft",
        f"{say.subject(figures.rulebook, now)}为{found}（原填{now.value_given}{given}），"
        f"约为历史水平的{times}{guess}。历史：{compared}。位置：{say.place(now)}。",
        f"请报送单位核对该格：{retry}；数值属实的，请在规则 checks/ 中对该指标"
        "关闭本项核验并写理由。系统不代为更正。",
        expected=f"约{expected}", found=found, others=tuple(history),
    )  # fmt: skip


def _meant_unit(given: str, power: int) -> str | None:
    """The unit in which the digits would fit the history: 万元 for 亿元 filled 10⁴ too big."""
    known = find_unit(given)
    if known is None:
        return None
    bare = given
    for prefix in sorted(_PREFIXES, key=len, reverse=True):
        if prefix and given.startswith(prefix):
            bare = given[len(prefix) :]
            break
    wanted = known.factor / (Decimal(10) ** power)
    for prefix in _PREFIXES:
        other = find_unit(prefix + bare)
        if other is not None and other.base == known.base and other.factor == wanted:
            return other.text
    return None
