"""The calculator behind `diaodu calc`: every calculation on figures as they are printed.

Each figure is the interval its printed digits leave open (8.5 is [8.45, 8.55)); a number with a
count word (6个, 56家) and the keys months, day, periods_left, weights, factor, years and n are
exact. Every formula uses a figure once, so `lo` and `hi` are exact bounds of the result.

Units. Amounts are converted into the unit of the first key that the calculation lists, and the
result is in that unit; rates are in %, differences of rates, pulls and pace gaps in 百分点.

Words (no number, see `ground.words`). completion, share, pull, multi_year_path: zero_base or
negative_base for what is divided by or grown from. growth: zero_base; over a negative base, on
the printed decimals, turned_positive, loss_narrowed, loss_widened, negative_base where it is
unchanged or gone to zero; turned_negative from a positive base below zero.
implied_base: undecidable at −100%, negative_base where it comes out below zero. contribution:
undecidable where the parent's growth may be zero, not_comparable where its sign is the other.
two_year_average: not_comparable below −100%. growth_needed: zero_base, negative_base for the
weights.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from difflib import get_close_matches
from fractions import Fraction
from math import ceil, floor

from diaodu.engine.compute.calculator_arguments import (
    Form,
    Given,
    Key,
    bracketed,
    check_keys,
    read_arguments,
)
from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import find_unit
from diaodu.engine.ground.words import MEASURE_WORD_NAMES, MeasureWord

JSON_DIGITS = 20  # significant digits of a JSON number; more than any reader keeps
SHOWN_DECIMALS = 4  # in the text for people
TIED = "并列"

_SHOWN = 10**SHOWN_DECIMALS


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


def calculate(name: str, arguments: Mapping[str, str]) -> Result:
    """Run the calculation `name` on arguments as typed.

    Raises DiaoduError for an unknown name, unknown or missing keys, and QuantityError for a text
    that cannot be read or units that do not go together; all faults of the keys at once.
    """
    calculation = _CALCULATIONS.get(name)
    if calculation is None:
        raise DiaoduError(_unknown_name(name))
    check_keys(calculation, arguments)
    return calculation.run(read_arguments(calculation, arguments))


def to_json_line(result: Result) -> str:
    """One JSON object on one line; numbers to 20 significant digits, `lo` and `hi` outward."""
    parts = {
        "name": _json_text(result.name),
        "value": _json_number(result.value, ROUND_HALF_EVEN),
        "lo": _json_number(result.lo, ROUND_FLOOR),
        "hi": _json_number(result.hi, ROUND_CEILING),
        "word": _json_text(result.word),
        "formula": _json_text(result.formula),
    }
    return "{" + ", ".join(f'"{key}": {text}' for key, text in parts.items()) + "}"


def to_text(result: Result) -> str:
    """Two lines for people: the result to four decimals with its bounds, or the word; formula."""
    word = result.said
    if word is None and result.word is not None:
        word = MEASURE_WORD_NAMES.get(result.word, result.word)
    if result.value is None or result.lo is None or result.hi is None:
        return f"结果：{word}\n{result.formula}"
    shown = _places(_half_up(result.value * _SHOWN))
    notes = [] if word is None else [word]
    if result.lo < result.hi:
        lo, hi = _places(floor(result.lo * _SHOWN)), _places(ceil(result.hi * _SHOWN))
        notes.append(f"按印出的数，在 {lo} 与 {hi} 之间")
    tail = f"（{'；'.join(notes)}）" if notes else ""
    return f"结果：{shown}{tail}\n{result.formula}"


def help_text() -> str:
    """Every calculation with what it does, its keys and an example, for people."""
    lines = [
        "按印出的数字计算，并给出舍入区间：8.5 指 [8.45, 8.55)，8.50 指 [8.495, 8.505)；",
        "带 个、家、户、项、人、位、宗、天、月 等计数单位的数是准数。",
        "数后可带 %、百分点、元、万元、亿元等单位，自动换算；结果用第一个数的单位。",
    ]
    for calculation in _CALCULATIONS.values():
        lines += [
            "",
            f"{calculation.name}  {calculation.title}：{calculation.about}",
            *(f"    {key.name}=  {key.meaning}" for key in calculation.keys),
            *(f"    例：{call}" for call in calculation.calls),
        ]
    return "\n".join(lines)


def _half_up(number: Fraction) -> int:
    """四舍五入 to a whole number, half away from zero."""
    size = floor(abs(number) + Fraction(1, 2))
    return -size if number < 0 else size


def _places(scaled: int) -> str:
    """A number held as so many ten-thousandths, without zeros at the end."""
    text = f"{Decimal(scaled).scaleb(-SHOWN_DECIMALS):f}"
    return text.rstrip("0").rstrip(".")


def _json_text(text: str | None) -> str:
    return json.dumps(text, ensure_ascii=False)


def _json_number(number: Fraction | None, rounding: str) -> str:
    if number is None:
        return "null"
    context = Context(prec=JSON_DIGITS, rounding=rounding)
    decimal = context.divide(Decimal(number.numerator), Decimal(number.denominator))
    text = f"{decimal:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- what a calculation gives -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Calculation(Form):
    run: Callable[[Given], Result]


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
        return _base_of(given, whole, word, formula, f"{whole} 应大于零才有百分数")
    return _number(given, (given[part] / given[whole]).times(100), formula, unit)


# -- the calculations --------------------------------------------------------------------------

_HUNDRED = Interval.exact(100)


def _completion(given: Given) -> Result:
    if "actual" in given.figures:
        return _percent(given, "actual", "target", "完成率", "%")
    formula = f"完成率 = (1 − {given.show('left')} ÷ {given.show('target')}) × 100"
    word = _base_word(given["target"])
    if word is not None:
        return _base_of(given, "target", word, formula, "target 应大于零才有百分数")
    missing = (given["left"] / given["target"]).times(100)
    return _number(given, _HUNDRED - missing, formula, "%")


def _share(given: Given) -> Result:
    return _percent(given, "part", "whole", "占比", "%")


def _pull(given: Given) -> Result:
    if "part_change" in given.figures:
        return _percent(given, "part_change", "parent_base", "拉动", "百分点")
    one, other = ("share", "growth") if "share" in given.figures else _OF_CONTRIBUTION
    formula = f"拉动 = {given.show(one)} × {given.show(other)}"
    product = (given[one] * given[other]).times(Fraction(1, 100))
    return _number(given, product, formula, "百分点")


_OF_CONTRIBUTION = ("contribution", "parent_growth")


def _pace_gap(given: Given) -> Result:
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


def _growth(given: Given) -> Result:
    if "parts" in given.lists:
        return _growth_of_parts(given)
    actual, base = given["actual"], given["base"]
    formula = f"增速 = ({given.show('actual')} ÷ {given.show('base')} − 1) × 100"
    if base.value == 0:
        return _word(given, "zero_base", formula, "零基数没有增速")
    if base.value < 0:
        return _growth_from_loss(given, actual, base, formula)
    if actual.value < 0:
        return _word(given, "turned_negative", formula, "由正转负不用百分数表示")
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


def _implied_base(given: Given) -> Result:
    formula = f"同期数 = {given.show('actual')} ÷ (1 + {given.show('growth')})"
    ratio = (given["growth"] + _HUNDRED).times(Fraction(1, 100))
    if ratio.holds_zero:
        return _word(given, "undecidable", formula, "增速在舍入范围内可为−100%，倒推不出同期数")
    base = given["actual"] / ratio
    if base.value < 0:
        return _word(given, "negative_base", formula, "倒推的同期数为负，与增速相矛盾，请核对")
    return _number(given, base, formula, given.unit)


def _difference(given: Given) -> Result:
    formula = f"差 = {given.show('a')} − {given.show('b')}"
    unit = "百分点" if given.unit == "%" else given.unit
    return _number(given, given["a"] - given["b"], formula, unit)


def _sum(given: Given) -> Result:
    figures = given.lists["values"]
    total = Interval.exact(0)
    for figure in figures:
        total = total + figure.interval
    terms = " + ".join(bracketed(figure.text) for figure in figures)
    count = f"{len(figures)}项"
    if given.has_doubtful_commas:
        count += "；逗号按隔开各数读，数内不写千分位"
    return _number(given, total, f"合计 = {terms}（{count}）", given.unit)


def _pp_diff(given: Given) -> Result:
    formula = f"相差 = {given.show('a')} − {given.show('b')}"
    return _number(given, given["a"] - given["b"], formula, "百分点")


def _contribution(given: Given) -> Result:
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


def _two_year_average(given: Given) -> Result:
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


def _mean_required(given: Given) -> Result:
    by_gap = "gap" in given.figures
    shown = given.show("gap") if by_gap else f"({given.show('target')} − {given.show('actual')})"
    formula = f"期均需完成 = {shown} ÷ {given.show('periods_left')}"
    missing = given["gap"] if by_gap else given["target"] - given["actual"]
    if missing.value < 0:
        formula += "，负数为已超额"
    return _number(given, missing / given["periods_left"], formula, given.unit)


def _growth_needed(given: Given) -> Result:
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


def _gap_to_close(given: Given) -> Result:
    formula = f"缺口 = {given.show('target')} − {given.show('done')} − {given.show('reportable')}"
    gap = given["target"] - given["done"] - given["reportable"]
    return _number(given, gap, formula + "，负数为已有富余", given.unit)


def _rank(given: Given) -> Result:
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


def _multi_year_path(given: Given) -> Result:
    years, n = (int(given[key].value) for key in ("years", "n"))
    formula = f"第{n}年目标 = {given.show('base')} × {given.show('factor')}^({n}/{years})"
    word = _base_word(given["base"])
    if word is not None:
        return _base_of(given, "base", word, formula, "应大于零才谈得上倍增")
    growth = Interval.exact(given["factor"].value ** n).root(years)
    return _number(given, given["base"] * growth, formula, given.unit)


def _ratio(given: Given) -> Result:
    """a ÷ b: a multiple where both are in one kind of unit, else so much of a for each b."""
    formula = f"比值 = {given.show('a')} ÷ {given.show('b')}"
    word = _base_word(given["b"])
    if word is not None:
        return _base_of(given, "b", word, formula, "b 应大于零才有比值")
    one, other = given.figures["a"].unit, given.figures["b"].unit
    kinds = [find_unit(unit) for unit in (one, other) if unit]
    if len(kinds) == 2 and kinds[0] and kinds[1] and kinds[0].base == kinds[1].base:
        step = Fraction(kinds[0].factor) / Fraction(kinds[1].factor)
        return _number(given, (given["a"] / given["b"]).times(step), formula, "倍")
    unit = f"{one}/{other}" if one and other else one or (other and f"1/{other}")
    return _number(given, given["a"] / given["b"], formula, unit)


def _implied_whole(given: Given) -> Result:
    formula = f"全部 = {given.show('part')} ÷ {given.show('share')}"
    word = _base_word(given["share"])
    if word is not None:
        return _base_of(given, "share", word, formula, "share 应大于零才能倒推")
    return _number(given, (given["part"] / given["share"]).times(100), formula, given.unit)


def _part_of(given: Given) -> Result:
    formula = f"部分 = {given.show('whole')} × {given.show('share')}"
    part = (given["whole"] * given["share"]).times(Fraction(1, 100))
    return _number(given, part, formula, given.unit)


_CALCULATIONS: dict[str, _Calculation] = {
    calculation.name: calculation
    for calculation in (
        _Calculation(
            "completion", "完成率", "实绩占目标的百分数",
            (
                Key("actual", "amount", "实绩；也可改写 left"),
                Key("left", "amount", "还没有完成的数"),
                Key("target", "amount", "目标"),
            ),
            (
                "actual=14.64亿元 target=173873万元",
                "left=100个 target=391个",
            ), _completion,
        ),
        _Calculation(
            "pace_gap", "进度差", "完成率减序时进度，负数为落后；按月、按天（当天计入）或自定起止",
            (
                Key("completion", "percent", "完成率"),
                Key("months", "month_count", "已过月数，1至12；也可改写 day，或 elapsed 和 span"),
                Key("day", "day", "截至哪一天，如 2022-06-10"),
                Key("elapsed", "time", "已过的时间，用于不足或跨过一年的工作"),
                Key("span", "time", "全部时间，单位与 elapsed 相同"),
            ),
            (
                "completion=22.7% months=4",
                "completion=22.7% day=2022-04-30",
                "completion=55.92% elapsed=11天 span=15天",
            ), _pace_gap,
        ),
        _Calculation(
            "growth", "增速", "比同期增长百分之几，或由各部分的增速合成；零、负基数给词不给数",
            (
                Key("actual", "amount", "本期数；也可改写 parts 和 weights"),
                Key("base", "amount", "同期数"),
                Key("parts", "percents", "各部分（或各时段）的增速，用 , 、 ; 隔开"),
                Key("weights", "weights", "各部分的上年基数，顺序与 parts 相同（合计不必为1）"),
            ),
            (
                "actual=46.28亿元 base=39.22亿元",
                "parts=4.6%,6.5% weights=0.75,0.25",
            ), _growth,
        ),
        _Calculation(
            "implied_base", "倒推同期数", "由本期数和增速倒推同期数",
            (Key("actual", "amount", "本期数"), Key("growth", "percent", "增速")),
            ("actual=46.28亿元 growth=18%",), _implied_base,
        ),
        _Calculation(
            "share", "占比", "部分占全部的百分数",
            (Key("part", "amount", "部分"), Key("whole", "amount", "全部")),
            ("part=6个 whole=56个",), _share,
        ),
        _Calculation(
            "difference", "相差", "a 减 b",
            (Key("a", "amount", "被减数"), Key("b", "amount", "减数")),
            ("a=17.38亿元 b=14.64亿元",), _difference,
        ),
        _Calculation(
            "sum", "合计", "各数相加",
            (Key("values", "amounts", "各数，用 , 、 ; 隔开（数内不写千分位）"),),
            ("values=12.47亿元,12.99亿元,10.88亿元",), _sum,
        ),
        _Calculation(
            "pp_diff", "相差百分点", "两个百分数相减，得百分点",
            (Key("a", "rate", "被减的百分数"), Key("b", "rate", "减去的百分数")),
            ("a=8.5% b=6.8%",), _pp_diff,
        ),
        _Calculation(
            "pull", "拉动", "部分的增量占总体同期数的百分点",
            (
                Key("part_change", "amount", "部分的增减量；也可由占比和增速，或由贡献率推算"),
                Key("parent_base", "amount", "总体的同期数"),
                Key("share", "percent", "部分占总体同期数的百分数"),
                Key("growth", "percent", "部分的增速"),
                Key("contribution", "percent", "贡献率"),
                Key("parent_growth", "percent", "总体增速"),
            ),
            (
                "part_change=1456.8万元 parent_base=6466.5万元",
                "share=52.6% growth=0.3%",
                "contribution=66.8% parent_growth=4.6%",
            ), _pull,
        ),
        _Calculation(
            "contribution", "贡献率", "拉动占总体增速的百分数；方向相反或增速近零时不给",
            (
                Key("pull", "points", "拉动的百分点；也可改写 part_change 和 parent_change"),
                Key("parent_growth", "percent", "总体增速"),
                Key("part_change", "amount", "部分的增减量"),
                Key("parent_change", "amount", "总体的增减量"),
            ),
            (
                "pull=1.72百分点 parent_growth=4.56%",
                "part_change=7.57亿元 parent_change=14.0亿元",
            ), _contribution,
        ),
        _Calculation(
            "two_year_average", "两年平均增速", "两年增速的几何平均",
            (
                Key("growth", "percent", "今年增速；也可改写 two_year_growth"),
                Key("last_growth", "percent", "去年增速"),
                Key("two_year_growth", "percent", "比前年同期的增速"),
            ),
            (
                "growth=8.5% last_growth=0.6%",
                "two_year_growth=14.7%",
            ), _two_year_average,
        ),
        _Calculation(
            "mean_required", "期均需完成", "余下各期平均每期要完成多少",
            (
                Key("target", "amount", "目标；也可改写 gap"),
                Key("actual", "amount", "已完成"),
                Key("gap", "amount", "还差多少"),
                Key("periods_left", "positive", "余下期数（月、周、天）"),
            ),
            (
                "target=33161万元 actual=13462万元 periods_left=3",
                "gap=21.8亿元 periods_left=30天",
            ), _mean_required,
        ),
        _Calculation(
            "growth_needed", "余下时间需增长", "要达到全年增速，余下时间需增长多少；按上年基数加权",
            (
                Key("goal", "percent", "要达到的增速"),
                Key("so_far", "percent", "目前累计增速"),
                Key("weights", "weights", "上年基数：已过部分,余下部分（合计不必为1）"),
            ),
            ("goal=5% so_far=4.6% weights=0.75,0.25",), _growth_needed,
        ),
        _Calculation(
            "gap_to_close", "缺口", "目标减已完成减在库可报额",
            (
                Key("target", "amount", "目标"),
                Key("done", "amount", "已完成"),
                Key("reportable", "amount", "在库可报额"),
            ),
            ("target=116.61亿元 done=24.22亿元 reportable=58.93亿元",), _gap_to_close,
        ),
        _Calculation(
            "rank", "位次", "某单位排第几，同数并列，按印出的数字比；也可把正数第几换成倒数第几",
            (
                Key("values", "named", "名称:数值，用 , 、 ; 隔开，不写千分位；也可写 place 和 n"),
                Key("who", "name", "排谁"),
                Key("direction", "direction", "high 越大越好，low 越小越好"),
                Key("place", "place", "第几位，由正数换成倒数，或由倒数换成正数"),
                Key("n", "place", "一共几个"),
            ),
            (
                "values=甲:1.2,乙:3 who=甲 direction=high",
                "place=13位 n=17个",
            ), _rank,
        ),
        _Calculation(
            "multi_year_path", "多年路径", "若干年翻几倍，匀速走到第 n 年应是多少",
            (
                Key("base", "amount", "基数"),
                Key("factor", "factor", "总倍数，如 2"),
                Key("years", "whole", "总年数"),
                Key("n", "whole", "第几年"),
            ),
            ("base=181.51亿元 factor=2 years=3 n=1",), _multi_year_path,
        ),
        _Calculation(
            "ratio", "比值", "a 除以 b：人均、单价、每个项目多少，或几倍",
            (Key("a", "free", "被除数"), Key("b", "free", "除数；与 a 同类时得倍数")),
            ("a=62亿元 b=78个",), _ratio,
        ),
        _Calculation(
            "implied_whole", "倒推全部", "由部分和它的占比（或完成数和完成率）倒推全部（或目标）",
            (Key("part", "amount", "部分，或完成数"), Key("share", "percent", "占比，或完成率")),
            ("part=11.36亿元 share=32.4%",), _implied_whole,
        ),
        _Calculation(
            "part_of", "按占比折算", "全部乘占比（或目标乘完成率），得部分（或完成数）",
            (Key("whole", "amount", "全部，或目标"), Key("share", "percent", "占比，或完成率")),
            ("whole=48.8亿元 share=57.41%",), _part_of,
        ),
    )
}  # fmt: skip


def _unknown_name(name: str) -> str:
    by_title = {calculation.title: key for key, calculation in _CALCULATIONS.items()}
    close = get_close_matches(name, [*_CALCULATIONS, *by_title], 1, 0.5)
    if close:
        meant = by_title.get(close[0], close[0])
        hint = f"是不是 {meant}（{_CALCULATIONS[meant].title}）？"
    else:
        hint = "可用的有：" + "、".join(f"{c.name}（{c.title}）" for c in _CALCULATIONS.values())
    return f"没有名为“{name}”的算法；{hint}"
