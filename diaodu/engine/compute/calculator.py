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
from collections.abc import Callable, Mapping
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
            f"    例：{calculation.call}",
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


def _ratio(given: Given, part: str, whole: str, title: str, unit: str) -> Result:
    """part ÷ whole × 100, or a word over a whole that is not positive."""
    formula = f"{title} = {given.show(part)} ÷ {given.show(whole)} × 100"
    word = _base_word(given[whole])
    if word is not None:
        return _base_of(given, whole, word, formula, f"{whole} 应大于零才有百分数")
    return _number(given, (given[part] / given[whole]).times(100), formula, unit)


# -- the calculations --------------------------------------------------------------------------

_HUNDRED = Interval.exact(100)


def _completion(given: Given) -> Result:
    return _ratio(given, "actual", "target", "完成率", "%")


def _share(given: Given) -> Result:
    return _ratio(given, "part", "whole", "占比", "%")


def _pull(given: Given) -> Result:
    return _ratio(given, "part_change", "parent_base", "拉动", "百分点")


def _pace_gap(given: Given) -> Result:
    if given.day is None:
        elapsed, whole = int(given["months"].value), 12
    else:
        elapsed, whole = _days_elapsed(given.day)
    formula = f"进度差 = {given.show('completion')} − {elapsed} ÷ {whole} × 100"
    pace = Interval.exact(Fraction(elapsed * 100, whole))
    return _number(given, given["completion"] - pace, formula + "，负数为落后", "百分点")


def _days_elapsed(day: Period) -> tuple[int, int]:
    """Days of the year gone by, the day itself included, and the days of that year."""
    return Period.until(day.end).days, Period.of_months(day.year, 1, 12).days


def _growth(given: Given) -> Result:
    actual, base = given["actual"], given["base"]
    formula = f"增速 = ({given.show('actual')} ÷ {given.show('base')} − 1) × 100"
    if base.value == 0:
        return _word(given, "zero_base", formula, "零基数没有增速")
    if base.value < 0:
        return _growth_from_loss(given, actual, base, formula)
    if actual.value < 0:
        return _word(given, "turned_negative", formula, "由正转负不用百分数表示")
    return _number(given, (actual / base).times(100) - _HUNDRED, formula, "%")


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
    pull, growth = given["pull"], given["parent_growth"]
    formula = f"贡献率 = {given.show('pull')} ÷ {given.show('parent_growth')} × 100"
    if growth.holds_zero:
        return _word(given, "undecidable", formula, "总体增速在自身舍入范围内可为零")
    if pull.value * growth.value < 0:
        return _word(given, "not_comparable", formula, "拉动与总体增速方向相反，不算贡献率")
    return _number(given, (pull / growth).times(100), formula, "%")


def _two_year_average(given: Given) -> Result:
    formula = (
        f"两年平均增速 = (√((1 + {given.show('growth')}) × (1 + {given.show('last_growth')}))"
        " − 1) × 100"
    )
    ratios = [given[key] + _HUNDRED for key in ("growth", "last_growth")]
    if any(ratio.value < 0 for ratio in ratios):
        return _word(given, "not_comparable", formula, "增速低于−100%，开不了方")
    one, other = (_not_below_zero(ratio) for ratio in ratios)
    return _number(given, (one * other).root(2) - _HUNDRED, formula, "%")


def _not_below_zero(ratio: Interval) -> Interval:
    """A level over a positive base is not negative, however far its rounding would reach."""
    return Interval(ratio.value, max(ratio.lo, Fraction(0)), ratio.hi)


def _mean_required(given: Given) -> Result:
    formula = (
        f"期均需完成 = ({given.show('target')} − {given.show('actual')})"
        f" ÷ {given.show('periods_left')}"
    )
    missing = given["target"] - given["actual"]
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


def _multi_year_path(given: Given) -> Result:
    years, n = (int(given[key].value) for key in ("years", "n"))
    formula = f"第{n}年目标 = {given.show('base')} × {given.show('factor')}^({n}/{years})"
    word = _base_word(given["base"])
    if word is not None:
        return _base_of(given, "base", word, formula, "应大于零才谈得上倍增")
    growth = Interval.exact(given["factor"].value ** n).root(years)
    return _number(given, given["base"] * growth, formula, given.unit)


_CALCULATIONS: dict[str, _Calculation] = {
    calculation.name: calculation
    for calculation in (
        _Calculation(
            "completion", "完成率", "实绩占目标的百分数",
            (Key("actual", "amount", "实绩"), Key("target", "amount", "目标")),
            "actual=14.64亿元 target=173873万元", _completion,
        ),
        _Calculation(
            "pace_gap", "进度差", "完成率减序时进度，负数为落后；按月数÷12，或按天数（当天计入）",
            (
                Key("completion", "percent", "完成率"),
                Key("months", "month_count", "已过月数，1至12；与 day 二选一", "day"),
                Key("day", "day", "截至哪一天，如 2022-06-10；与 months 二选一", "months", True),
            ),
            "completion=22.7% months=4", _pace_gap,
        ),
        _Calculation(
            "growth", "增速", "比同期增长百分之几；零、负基数给词不给数",
            (Key("actual", "amount", "本期数"), Key("base", "amount", "同期数")),
            "actual=46.28亿元 base=39.22亿元", _growth,
        ),
        _Calculation(
            "implied_base", "倒推同期数", "由本期数和增速倒推同期数",
            (Key("actual", "amount", "本期数"), Key("growth", "percent", "增速")),
            "actual=46.28亿元 growth=18%", _implied_base,
        ),
        _Calculation(
            "share", "占比", "部分占全部的百分数",
            (Key("part", "amount", "部分"), Key("whole", "amount", "全部")),
            "part=6个 whole=56个", _share,
        ),
        _Calculation(
            "difference", "相差", "a 减 b",
            (Key("a", "amount", "被减数"), Key("b", "amount", "减数")),
            "a=17.38亿元 b=14.64亿元", _difference,
        ),
        _Calculation(
            "sum", "合计", "各数相加",
            (Key("values", "amounts", "各数，用 , 、 ; 隔开（数内不写千分位）"),),
            "values=12.47亿元,12.99亿元,10.88亿元", _sum,
        ),
        _Calculation(
            "pp_diff", "相差百分点", "两个百分数相减，得百分点",
            (Key("a", "rate", "被减的百分数"), Key("b", "rate", "减去的百分数")),
            "a=8.5% b=6.8%", _pp_diff,
        ),
        _Calculation(
            "pull", "拉动", "部分的增量占总体同期数的百分点",
            (
                Key("part_change", "amount", "部分的增减量"),
                Key("parent_base", "amount", "总体的同期数"),
            ),
            "part_change=1456.8万元 parent_base=6466.5万元", _pull,
        ),
        _Calculation(
            "contribution", "贡献率", "拉动占总体增速的百分数；方向相反或增速近零时不给",
            (
                Key("pull", "points", "拉动的百分点"),
                Key("parent_growth", "percent", "总体增速"),
            ),
            "pull=1.72百分点 parent_growth=4.56%", _contribution,
        ),
        _Calculation(
            "two_year_average", "两年平均增速", "两年增速的几何平均",
            (Key("growth", "percent", "今年增速"), Key("last_growth", "percent", "去年增速")),
            "growth=8.5% last_growth=0.6%", _two_year_average,
        ),
        _Calculation(
            "mean_required", "期均需完成", "余下各期平均每期要完成多少",
            (
                Key("target", "amount", "目标"),
                Key("actual", "amount", "已完成"),
                Key("periods_left", "positive", "余下期数（月、周、天）"),
            ),
            "target=33161万元 actual=13462万元 periods_left=3", _mean_required,
        ),
        _Calculation(
            "growth_needed", "余下时间需增长", "要达到全年增速，余下时间需增长多少；按上年基数加权",
            (
                Key("goal", "percent", "要达到的增速"),
                Key("so_far", "percent", "目前累计增速"),
                Key("weights", "weights", "上年基数：已过部分,余下部分（合计不必为1）"),
            ),
            "goal=5% so_far=4.6% weights=0.75,0.25", _growth_needed,
        ),
        _Calculation(
            "gap_to_close", "缺口", "目标减已完成减在库可报额",
            (
                Key("target", "amount", "目标"),
                Key("done", "amount", "已完成"),
                Key("reportable", "amount", "在库可报额"),
            ),
            "target=116.61亿元 done=24.22亿元 reportable=58.93亿元", _gap_to_close,
        ),
        _Calculation(
            "rank", "位次", "某单位排第几；同数并列，按印出的数字比",
            (
                Key("values", "named", "名称:数值，用 , 、 ; 隔开（数内不写千分位）"),
                Key("who", "name", "排谁"),
                Key("direction", "direction", "high 越大越好，low 越小越好"),
            ),
            "values=甲:1.2,乙:3 who=甲 direction=high", _rank,
        ),
        _Calculation(
            "multi_year_path", "多年路径", "若干年翻几倍，匀速走到第 n 年应是多少",
            (
                Key("base", "amount", "基数"),
                Key("factor", "factor", "总倍数，如 2"),
                Key("years", "whole", "总年数"),
                Key("n", "whole", "第几年"),
            ),
            "base=181.51亿元 factor=2 years=3 n=1", _multi_year_path,
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
