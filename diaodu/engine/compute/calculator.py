"""The calculator behind `diaodu calc`: every calculation on figures as they are printed.

Each figure is the interval its printed digits leave open (8.5 is [8.45, 8.55)); a number with a
count word (6个, 56家) and the keys months, day, elapsed, span, periods_left, weights, factor,
years, n and place are exact. What is computed: `calculator_formulas`; how arguments are read:
`calculator_arguments`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from difflib import get_close_matches
from fractions import Fraction
from math import ceil, floor

from diaodu.engine.compute import calculator_formulas as formulas
from diaodu.engine.compute.calculator_arguments import (
    Form,
    Given,
    Key,
    check_keys,
    faults_of,
    read_arguments,
)
from diaodu.engine.compute.calculator_formulas import Result
from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.words import MEASURE_WORD_NAMES

__all__ = [
    "Form", "Given", "Result", "calculate", "faults", "forms", "help_text", "to_json_line",
    "to_text", "weights_of_year", "work_out",
]  # fmt: skip

JSON_DIGITS = 20  # significant digits of a JSON number; more than any reader keeps
SHOWN_DECIMALS = 4  # in the text for people

_SHOWN = 10**SHOWN_DECIMALS


def calculate(name: str, arguments: Mapping[str, str]) -> Result:
    """Run the calculation `name` on arguments as typed.

    Raises DiaoduError for an unknown name, unknown or missing keys, and QuantityError for a text
    that cannot be read or units that do not go together; all faults of the keys at once.
    """
    return work_out(name, arguments)[1]


def work_out(name: str, arguments: Mapping[str, str]) -> tuple[Given, Result]:
    """The same, with the arguments as they were read."""
    calculation = _CALCULATIONS.get(name)
    if calculation is None:
        raise DiaoduError(_unknown_name(name))
    check_keys(calculation, arguments)
    given = read_arguments(calculation, arguments)
    return given, calculation.run(given)


def forms() -> dict[str, Form]:
    """Every calculation by name: what it is called and asks for."""
    return dict(_CALCULATIONS)


def faults(name: str, arguments: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong with the texts of a calculation whose keys are right: (key, fault), the key ""
    where several do not go together. Keys are called by their labels, as a page calls them."""
    form = _CALCULATIONS[name]
    return [(key, _by_labels(form, key, fault)) for key, fault in faults_of(form, arguments)]


def _by_labels(form: Form, at: str, fault: str) -> str:
    """A fault at a key need not name it again; others name keys by what they are called."""
    fault = re.sub(rf"^{at}[=：]", "", fault) if at else fault
    for key in form.keys:
        fault = re.sub(rf"(?<![A-Za-z0-9_]){key.name}(?![A-Za-z0-9_])=?", key.label, fault)
    return fault


def weights_of_year(so_far: str, whole: str) -> str:
    """上年基数 as `growth_needed` takes them, from last year's printed cumulative figures: what was
    done by then, and what came after."""
    return f"{so_far},{Decimal(whole) - Decimal(so_far)}"


def to_json_line(result: Result) -> str:
    """One JSON object on one line; numbers to 20 significant digits, `lo` and `hi` outward."""
    parts = {
        "name": _json_text(result.name),
        "value": json_number(result.value, ROUND_HALF_EVEN),
        "lo": json_number(result.lo, ROUND_FLOOR),
        "hi": json_number(result.hi, ROUND_CEILING),
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


def json_number(number: Fraction | None, rounding: str) -> str:
    """A JSON number of 20 significant digits, `null` for None."""
    if number is None:
        return "null"
    context = Context(prec=JSON_DIGITS, rounding=rounding)
    decimal = context.divide(Decimal(number.numerator), Decimal(number.denominator))
    text = f"{decimal:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- the table ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Calculation(Form):
    run: Callable[[Given], Result]


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
            ), formulas.completion,
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
            ), formulas.pace_gap,
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
            ), formulas.growth,
        ),
        _Calculation(
            "implied_base", "倒推同期数", "由本期数和增速倒推同期数",
            (Key("actual", "amount", "本期数"), Key("growth", "percent", "增速")),
            ("actual=46.28亿元 growth=18%",), formulas.implied_base,
        ),
        _Calculation(
            "share", "占比", "部分占全部的百分数",
            (Key("part", "amount", "部分"), Key("whole", "amount", "全部")),
            ("part=6个 whole=56个",), formulas.share,
        ),
        _Calculation(
            "difference", "相差", "a 减 b",
            (Key("a", "amount", "被减数"), Key("b", "amount", "减数")),
            ("a=17.38亿元 b=14.64亿元",), formulas.difference,
        ),
        _Calculation(
            "sum", "合计", "各数相加",
            (Key("values", "amounts", "各数，用 , 、 ; 隔开（数内不写千分位）"),),
            ("values=12.47亿元,12.99亿元,10.88亿元",), formulas.total,
        ),
        _Calculation(
            "pp_diff", "相差百分点", "两个百分数相减，得百分点；或由相差的百分点推另一个百分数",
            (
                Key("a", "rate", "被减的百分数"),
                Key("b", "rate", "减去的百分数；也可改写 gap"),
                Key("gap", "points", "比另一个高几个百分点，低于为负"),
            ),
            (
                "a=8.5% b=6.8%",
                "a=18.6% gap=0.2百分点",
            ), formulas.pp_diff,
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
            ), formulas.pull,
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
            ), formulas.contribution,
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
            ), formulas.two_year_average,
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
            ), formulas.mean_required,
        ),
        _Calculation(
            "growth_needed", "余下时间需增长", "要达到全年增速，余下时间需增长多少；按上年基数加权",
            (
                Key("goal", "percent", "要达到的增速"),
                Key("so_far", "percent", "目前累计增速"),
                Key("weights", "weights", "上年基数，已过部分,余下部分（合计不必为1）"),
            ),
            ("goal=5% so_far=4.6% weights=0.75,0.25",), formulas.growth_needed,
        ),
        _Calculation(
            "gap_to_close", "缺口", "目标减已完成减在库可报额",
            (
                Key("target", "amount", "目标"),
                Key("done", "amount", "已完成"),
                Key("reportable", "amount", "在库可报额"),
            ),
            ("target=116.61亿元 done=24.22亿元 reportable=58.93亿元",), formulas.gap_to_close,
        ),
        _Calculation(
            "rank", "位次", "某单位排第几，同数并列，按印出的数字比；也可把正数第几换成倒数第几",
            (
                Key(
                    "values", "named",
                    "各单位的数，名称:数值，用 , 、 ; 隔开，不写千分位；也可写 place 和 n",
                ),
                Key("who", "name", "排谁"),
                Key("direction", "direction", "怎样算好，high 越大越好，low 越小越好"),
                Key("place", "place", "位次，由正数换成倒数，或由倒数换成正数"),
                Key("n", "place", "一共几个"),
            ),
            (
                "values=甲:1.2,乙:3 who=甲 direction=high",
                "place=13位 n=17个",
            ), formulas.rank,
        ),
        _Calculation(
            "multi_year_path", "多年路径", "若干年翻几倍，匀速走到第 n 年应是多少",
            (
                Key("base", "amount", "基数"),
                Key("factor", "factor", "总倍数，如 2"),
                Key("years", "whole", "总年数"),
                Key("n", "whole", "第几年"),
            ),
            ("base=181.51亿元 factor=2 years=3 n=1",), formulas.multi_year_path,
        ),
        _Calculation(
            "ratio", "比值", "a 除以 b：人均、单价、每个项目多少，或几倍",
            (Key("a", "free", "被除数"), Key("b", "free", "除数；与 a 同类时得倍数")),
            ("a=62亿元 b=78个",), formulas.ratio,
        ),
        _Calculation(
            "implied_whole", "倒推全部", "由部分和它的占比（或完成数和完成率）倒推全部（或目标）",
            (Key("part", "amount", "部分，或完成数"), Key("share", "percent", "占比，或完成率")),
            ("part=11.36亿元 share=32.4%",), formulas.implied_whole,
        ),
        _Calculation(
            "part_of", "按占比折算", "全部乘占比（或目标乘完成率），得部分（或完成数）",
            (Key("whole", "amount", "全部，或目标"), Key("share", "percent", "占比，或完成率")),
            ("whole=48.8亿元 share=57.41%",), formulas.part_of,
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
