"""What the calculator computes: one function for each calculation, arguments read → Result.

Every formula uses a figure once, so `lo` and `hi` are exact bounds of the result.

Units. Amounts are converted into the unit of the first key that the calculation lists, and the
result is in that unit; rates are in %, differences of rates, pulls and pace gaps in 百分点.

Words (no number, see `ground.words`). completion, share, pull, multi_year_path, ratio,
implied_whole: zero_base or negative_base for what is divided by or grown from. growth: zero_base;
over a negative base, on the printed decimals, turned_positive, loss_narrowed, loss_widened,
negative_base where it is unchanged or gone to zero; turned_negative from a positive base below
zero; of parts: zero_base, negative_base for the weights. implied_base: undecidable at −100%,
negative_base where it comes out below zero. contribution: undecidable where the parent's growth
(or change) may be zero, not_comparable where its sign is the other. two_year_average:
not_comparable below −100%. growth_needed: zero_base, negative_base for the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from diaodu.engine.compute.calculator_arguments import Given, bracketed
from diaodu.engine.compute.years_ahead import on_the_way
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import find_unit
from diaodu.engine.ground.words import MEASURE_WORD_NAMES, MeasureWord

TIED = "并列"


@dataclass(frozen=True, slots=True)
class Result:
    """What a calculation gives: `value` in [`lo`, `hi`], or a word and no numbers.

    Only a shared rank has both a value and a word (并列).
    """

    name: str
    value: Fraction | None
    lo: Fraction | None
    hi: Fraction | None
    word: str | None
    formula: str
    said: str | None = None  # the word as people read it, where it is not the usual one


# -- what a calculation gives -----------------------------------------------------------------


def _number(given: Given, interval: Interval, formula: str, unit: str) -> Result:
    tail = f"（单位：{unit}）" if unit else ""
    return Result(given.name, interval.value, interval.lo, interval.hi, None, formula + tail)


def _word(
    given: Given, word: MeasureWord, formula: str, reason: str, said: str | None = None
) -> Result:
    text = f"{formula}：{said or MEASURE_WORD_NAMES[word]}，{reason}"
    return Result(given.name, None, None, None, word, text, said)


_SIGNS_OF_BASES: dict[MeasureWord, str] = {"zero_base": "为零", "negative_base": "为负"}


def _base_of(given: Given, key: str, word: MeasureWord, formula: str, reason: str) -> Result:
    """A word over a base that is no 同期数: it is called what it is."""
    said = given.called(key) + _SIGNS_OF_BASES[word]
    return _word(given, word, formula, reason, said)


def _base_word(base: Interval) -> MeasureWord | None:
    """The word for a base over which nothing can be divided, None for a positive one."""
    if base.value == 0:
        return "zero_base"
    return "negative_base" if base.value < 0 else None


def _percent(given: Given, part: str, whole: str, title: str, unit: str) -> Result:
    """part ÷ whole × 100, or a word over a whole that is not positive."""
    formula = f"{title} = {given.show(part)} ÷ {given.show(whole)} × 100"
    word = _base_word(given[whole])
    if word is not None:
        return _base_of(given, whole, word, formula, f"{given.called(whole)}应大于零才有百分数")
    return _number(given, (given[part] / given[whole]).times(100), formula, unit)


# -- the calculations --------------------------------------------------------------------------

_HUNDRED = Interval.exact(100)


def completion(given: Given) -> Result:
    if "actual" in given.figures:
        return _percent(given, "actual", "target", "完成率", "%")
    formula = f"完成率 = (1 − {given.show('left')} ÷ {given.show('target')}) × 100"
    word = _base_word(given["target"])
    if word is not None:
        return _base_of(given, "target", word, formula, "目标应大于零才有百分数")
    missing = (given["left"] / given["target"]).times(100)
    return _number(given, _HUNDRED - missing, formula, "%")


def share(given: Given) -> Result:
    return _percent(given, "part", "whole", "占比", "%")


def pull(given: Given) -> Result:
    if "part_change" in given.figures:
        return _percent(given, "part_change", "parent_base", "拉动", "百分点")
    one, other = ("share", "growth") if "share" in given.figures else _OF_CONTRIBUTION
    formula = f"拉动 = {given.show(one)} × {given.show(other)}"
    product = (given[one] * given[other]).times(Fraction(1, 100))
    return _number(given, product, formula, "百分点")


_OF_CONTRIBUTION = ("contribution", "parent_growth")


def pace_gap(given: Given) -> Result:
    shown, pace = _pace(given)
    formula = f"进度差 = {given.show('completion')} − {shown} × 100，负数为落后"
    return _number(given, given["completion"] - pace, formula, "百分点")


def _pace(given: Given) -> tuple[str, Interval]:
    """The part of the time gone by in %, and how it is said. A day given counts itself."""
    if given.day is not None:
        year = Period.of_months(given.day.year, 1, 12)
        elapsed, span = Period.until(given.day.end).days, year.days
        shown = f"{elapsed} ÷ {span}"
        return shown, Interval.exact(Fraction(elapsed * 100, span))
    if "months" in given.figures:
        months = given["months"].value
        return f"{months} ÷ 12", Interval.exact(months * 100 / 12)
    shown = f"{given.show('elapsed')} ÷ {given.show('span')}"
    return shown, (given["elapsed"] / given["span"]).times(100)


def growth(given: Given) -> Result:
    if "parts" in given.lists:
        return _growth_of_parts(given)
    actual, base = given["actual"], given["base"]
    formula = f"增速 = ({given.show('actual')} ÷ {given.show('base')} − 1) × 100"
    if base.value == 0:
        return _word(given, "zero_base", formula, "零基数没有增速")
    if base.value < 0:
        return _growth_from_loss(given, actual, base, formula)
    if actual.value < 0:
        return _word(given, "turned_negative", formula, "不用百分数表示")
    return _number(given, (actual / base).times(100) - _HUNDRED, formula, "%")


def _growth_of_parts(given: Given) -> Result:
    """The mean of the parts' growths, weighted by what they were a year ago."""
    parts, weights = given.lists["parts"], given.lists["weights"]
    terms = " + ".join(
        f"{bracketed(part.text)} × {bracketed(weight.text)}"
        for part, weight in zip(parts, weights, strict=True)
    )
    whole = " + ".join(bracketed(weight.text) for weight in weights)
    formula = f"增速 = ({terms}) ÷ ({whole})"
    base = sum((weight.value for weight in weights), Fraction(0))
    if any(weight.value < 0 for weight in weights):
        return _word(given, "negative_base", formula, "各部分的上年基数不应为负", "上年基数为负")
    if base == 0:
        return _word(given, "zero_base", formula, "上年基数合计应大于零", "上年基数为零")
    total = Interval.exact(0)
    for part, weight in zip(parts, weights, strict=True):
        total = total + part.interval * weight.interval
    return _number(given, total.times(1 / base), formula, "%")


def _growth_from_loss(given: Given, actual: Interval, base: Interval, formula: str) -> Result:
    reason = "负基数没有增速"
    if actual.value > 0:
        return _word(given, "turned_positive", formula, reason)
    if actual.value in (base.value, 0):
        return _word(given, "negative_base", formula, reason)
    narrowed = actual.value > base.value
    return _word(given, "loss_narrowed" if narrowed else "loss_widened", formula, reason)


def implied_base(given: Given) -> Result:
    formula = f"同期数 = {given.show('actual')} ÷ (1 + {given.show('growth')})"
    ratio = (given["growth"] + _HUNDRED).times(Fraction(1, 100))
    if ratio.holds_zero:
        return _word(given, "undecidable", formula, "增速在舍入范围内可为−100%，倒推不出同期数")
    base = given["actual"] / ratio
    if base.value < 0:
        return _word(given, "negative_base", formula, "倒推的同期数为负，与增速相矛盾，请核对")
    return _number(given, base, formula, given.unit)


def difference(given: Given) -> Result:
    formula = f"差 = {given.show('a')} − {given.show('b')}"
    unit = "百分点" if given.unit == "%" else given.unit
    return _number(given, given["a"] - given["b"], formula, unit)


def total(given: Given) -> Result:
    figures = given.lists["values"]
    whole = Interval.exact(0)
    for figure in figures:
        whole = whole + figure.interval
    terms = " + ".join(bracketed(figure.text) for figure in figures)
    count = f"{len(figures)}项"
    if given.has_doubtful_commas:
        count += "；逗号按隔开各数读，数内不写千分位"
    return _number(given, whole, f"合计 = {terms}（{count}）", given.unit)


def pp_diff(given: Given) -> Result:
    if "gap" in given.figures:
        formula = f"另一个 = {given.show('a')} − {given.show('gap')}"
        return _number(given, given["a"] - given["gap"], formula, "%")
    formula = f"相差 = {given.show('a')} − {given.show('b')}"
    return _number(given, given["a"] - given["b"], formula, "百分点")


def contribution(given: Given) -> Result:
    by_pull = "pull" in given.figures
    part, whole = ("pull", "parent_growth") if by_pull else ("part_change", "parent_change")
    of_part, of_whole = ("拉动", "总体增速") if by_pull else ("部分的增减量", "总体的增减量")
    formula = f"贡献率 = {given.show(part)} ÷ {given.show(whole)} × 100"
    if given[whole].holds_zero:
        return _word(given, "undecidable", formula, f"{of_whole}在自身舍入范围内可为零")
    if given[part].value * given[whole].value < 0:
        reason = f"{of_part}与{of_whole}方向相反，不算贡献率"
        return _word(given, "not_comparable", formula, reason)
    return _number(given, (given[part] / given[whole]).times(100), formula, "%")


def two_year_average(given: Given) -> Result:
    if "two_year_growth" in given.figures:
        formula = f"两年平均增速 = (√(1 + {given.show('two_year_growth')}) − 1) × 100"
        return _root_growth(given, ("two_year_growth",), formula)
    formula = (
        f"两年平均增速 = (√((1 + {given.show('growth')}) × (1 + {given.show('last_growth')}))"
        " − 1) × 100"
    )
    return _root_growth(given, ("growth", "last_growth"), formula)


def _root_growth(given: Given, keys: Sequence[str], formula: str) -> Result:
    """The yearly growth whose square is the growth over two years, given whole or by year."""
    ratios = [(given[key] + _HUNDRED).times(Fraction(1, 100)) for key in keys]
    if any(ratio.value < 0 for ratio in ratios):
        return _word(given, "not_comparable", formula, "增速低于−100%，开不了方")
    product = Interval.exact(1)
    for ratio in ratios:
        product = product * _not_below_zero(ratio)
    return _number(given, product.root(2).times(100) - _HUNDRED, formula, "%")


def _not_below_zero(ratio: Interval) -> Interval:
    """A level over a positive base is not negative, however far its rounding would reach."""
    return Interval(ratio.value, max(ratio.lo, Fraction(0)), ratio.hi)


def mean_required(given: Given) -> Result:
    by_gap = "gap" in given.figures
    shown = given.show("gap") if by_gap else f"({given.show('target')} − {given.show('actual')})"
    formula = f"期均需完成 = {shown} ÷ {given.show('periods_left')}"
    missing = given["gap"] if by_gap else given["target"] - given["actual"]
    if missing.value < 0:
        formula += "，负数为已超额"
    return _number(given, missing / given["periods_left"], formula, given.unit)


def growth_needed(given: Given) -> Result:
    done, left = (figure.interval for figure in given.lists["weights"])
    shown_done, shown_left = (bracketed(figure.text) for figure in given.lists["weights"])
    formula = (
        f"余下时间需增长 = ({given.show('goal')} × ({shown_done} + {shown_left})"
        f" − {given.show('so_far')} × {shown_done}) ÷ {shown_left}"
    )
    word = _base_word(left)
    if word is not None:
        reason = "余下时间的上年基数应大于零"
        return _word(given, word, formula, reason, "上年基数" + _SIGNS_OF_BASES[word])
    if done.value < 0:
        reason = "已过时间的上年基数不应为负"
        return _word(given, "negative_base", formula, reason, "上年基数为负")
    needed = (given["goal"] * (done + left) - given["so_far"] * done) / left
    return _number(given, needed, formula, "%")


def gap_to_close(given: Given) -> Result:
    formula = f"缺口 = {given.show('target')} − {given.show('done')} − {given.show('reportable')}"
    gap = given["target"] - given["done"] - given["reportable"]
    return _number(given, gap, formula + "，负数为已有富余", given.unit)


def rank(given: Given) -> Result:
    """Decided on the printed decimals, so the place itself has no interval."""
    if "place" in given.figures:
        return _rank_from_the_other_end(given)
    values = dict(zip(given.labels, given.lists["values"], strict=True))
    who, high = given.texts["who"], given.texts["direction"] == "high"
    mine = values[who].value
    better = sum(f.value > mine if high else f.value < mine for f in values.values())
    tied = sum(f.value == mine for f in values.values()) > 1
    order = sorted(values.items(), key=lambda item: item[1].value, reverse=high)
    place = Fraction(better + 1)
    listed = "、".join(f"{label}{figure.text}" for label, figure in order)
    formula = (
        f"{who}在{len(values)}个中从{'高到低' if high else '低到高'}排"
        f"{TIED if tied else ''}第{place}位：{listed}"
    )
    return Result(given.name, place, place, place, TIED if tied else None, formula)


def _rank_from_the_other_end(given: Given) -> Result:
    place, n = (int(given[key].value) for key in ("place", "n"))
    turned = Fraction(n + 1 - place)
    formula = f"{n}个中正数第{place}位即倒数第{turned}位，倒数第{place}位即正数第{turned}位"
    return Result(given.name, turned, turned, turned, None, formula)


def multi_year_path(given: Given) -> Result:
    years, n = (int(given[key].value) for key in ("years", "n"))
    formula = f"第{n}年目标 = {given.show('base')} × {given.show('factor')}^({n}/{years})"
    word = _base_word(given["base"])
    if word is not None:
        return _base_of(given, "base", word, formula, "应大于零才谈得上倍增")
    reached = on_the_way(given["base"], given["factor"].value, n, years)
    return _number(given, reached, formula, given.unit)


def ratio(given: Given) -> Result:
    """a ÷ b: a multiple where both are in one kind of unit, else so much of a for each b."""
    formula = f"比值 = {given.show('a')} ÷ {given.show('b')}"
    word = _base_word(given["b"])
    if word is not None:
        return _base_of(given, "b", word, formula, "除数应大于零才有比值")
    one, other = given.figures["a"].unit, given.figures["b"].unit
    kinds = [find_unit(unit) for unit in (one, other) if unit]
    if len(kinds) == 2 and kinds[0] and kinds[1] and kinds[0].base == kinds[1].base:
        step = Fraction(kinds[0].factor) / Fraction(kinds[1].factor)
        return _number(given, (given["a"] / given["b"]).times(step), formula, "倍")
    unit = f"{one}/{other}" if one and other else one or (other and f"1/{other}")
    return _number(given, given["a"] / given["b"], formula, unit)


def implied_whole(given: Given) -> Result:
    formula = f"全部 = {given.show('part')} ÷ {given.show('share')}"
    word = _base_word(given["share"])
    if word is not None:
        return _base_of(given, "share", word, formula, "占比应大于零才能倒推")
    return _number(given, (given["part"] / given["share"]).times(100), formula, given.unit)


def part_of(given: Given) -> Result:
    formula = f"部分 = {given.show('whole')} × {given.show('share')}"
    part = (given["whole"] * given["share"]).times(Fraction(1, 100))
    return _number(given, part, formula, given.unit)
