"""The result of a calculation as the office would write it: one sentence, to be copied.

Results are printed as the office prints them: rates and points to one decimal, amounts to two or
to as many as they were given with; 四舍五入 once. What the figures, being rounded themselves,
leave open is said beside it (`left_open`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from diaodu.engine.compute.calculator import Given, Result
from diaodu.engine.ground.quantity import show
from diaodu.engine.ground.words import MEASURE_WORD_NAMES
from diaodu.engine.report.spans import grouped, minus

_RATES = ("%", "百分点")
_LEAST_DECIMALS = 2  # of an amount
_UP, _DOWN, _EVEN = 0, 1, 2

# What a result is by sign, where words carry it: above zero, below, at zero as printed.
Turns = tuple[str, str, str]

_GROWS: Turns = ("增长{size}", "下降{size}", "持平")
_HIGHER: Turns = ("高{size}", "低{size}", "持平")
_MORE: Turns = ("多{size}", "少{size}", "相同")
_AHEAD: Turns = ("超序时进度{size}", "落后序时进度{size}", "与序时进度持平")
_PULLS: Turns = ("拉动总体增长{size}", "下拉总体{size}", "对总体没有拉动")
_SHORT: Turns = ("缺口{size}", "富余{size}", "没有缺口")
_MISSING: Turns = ("平均每期需完成{size}", "已超额，平均每期富余{size}", "已经完成")
_PLAIN: Turns = ("{signed}", "{signed}", "{signed}")


def sentence(given: Given, result: Result) -> str:
    """One sentence on what was given and what comes of it."""
    pattern, turns = _pattern(given)
    told = {key: minus(figure.text) for key, figure in given.figures.items()}
    told |= {key: minus("、".join(one.text for one in many)) for key, many in given.lists.items()}
    told |= given.texts
    if (left := told.get("periods_left", "")) and left[-1].isdigit():
        told["periods_left"] = f"{left}期"
    if given.day is not None:
        told["day"] = f"{given.day.end.year}年{given.day.end.month}月{given.day.end.day}日"
    if result.name == "rank" or result.value is None:
        return _in_words(pattern, told, result)
    return pattern.format(**told, result=_said(given, result, turns)) + "。"


def printed(given: Given, result: Result) -> str:
    """The result with its unit, the word where there is no number."""
    if result.value is None:
        return _word(result)
    if result.name == "rank":
        return f"第{_shown(result.value, given, result)}位"
    return _shown(result.value, given, result) + _behind(given, result)


def left_open(given: Given, result: Result) -> str:
    """在37.6%与37.9%之间: what else the figures, being rounded, may come to at the digits printed;
    "" where nothing."""
    if result.lo is None or result.hi is None:
        return ""
    lo, hi = (_shown(bound, given, result) for bound in (result.lo, result.hi))
    of = _behind(given, result)
    return "" if lo == hi else f"按印出的数，在{lo}{of}与{hi}{of}之间"


def formula(result: Result) -> str:
    """The formula with the figures in it, as print wants it."""
    return re.sub(r"-(?=\d)", "−", result.formula)


def unit(given: Given, result: Result) -> str:
    """As the formula tells it."""
    _, found, rest = result.formula.rpartition("（单位：")
    return rest.removesuffix("）") if found else ""


# -- the result --------------------------------------------------------------------------------


def _in_words(pattern: str, told: Mapping[str, str], result: Result) -> str:
    if result.name == "rank":
        return result.formula.partition("：")[0] + "。"
    return pattern.partition("{result}")[0].format(**told) + f"算不出数：{_word(result)}。"


def _said(given: Given, result: Result, turns: Turns) -> str:
    assert result.value is not None
    shown = _shown(result.value, given, result)
    size = shown.removeprefix("−")
    at = _EVEN if not any(digit in "123456789" for digit in size) else _UP
    if at == _UP and shown.startswith("−"):
        at = _DOWN
    of = _behind(given, result)
    return turns[at].format(size=size + of, signed=shown + of)


def _behind(given: Given, result: Result) -> str:
    """The unit as it stands behind a number in a sentence."""
    of = unit(given, result)
    return f"个{of}" if of == "百分点" else of


def _word(result: Result) -> str:
    return result.said or MEASURE_WORD_NAMES.get(result.word or "", result.word or "")


def _shown(number: Fraction, given: Given, result: Result) -> str:
    value = Decimal(number.numerator) / Decimal(number.denominator)
    return minus(grouped(show(value, _decimals(given, result))))


def _decimals(given: Given, result: Result) -> int:
    if unit(given, result) in _RATES:
        return 1
    if result.name == "rank":
        return 0
    figures = [*given.figures.values(), *(one for many in given.lists.values() for one in many)]
    return max([_LEAST_DECIMALS, *(_places(one.text) for one in figures)])


def _places(text: str) -> int:
    digits = text.partition(".")[2]
    return len(digits) - len(digits.lstrip("0123456789"))


# -- the patterns ------------------------------------------------------------------------------


def _pattern(given: Given) -> tuple[str, Turns]:
    known = {*given.figures, *given.lists, *given.texts, *(["day"] if given.day else [])}
    for keys, pattern, turns in _PATTERNS[given.name]:
        if keys <= known:
            return pattern, turns
    raise LookupError(f"no sentence for {given.name} of {sorted(known)}")


def _way(keys: str, pattern: str, turns: Turns = _PLAIN) -> tuple[frozenset[str], str, Turns]:
    return frozenset(keys.split()), pattern, turns


_PATTERNS: dict[str, tuple[tuple[frozenset[str], str, Turns], ...]] = {
    "completion": (
        _way("actual", "完成{actual}，为目标{target}的{result}"),
        _way("left", "目标{target}，还有{left}没有完成，完成率{result}"),
    ),
    "pace_gap": (
        _way("months", "已过{months}个月，完成率{completion}，{result}", _AHEAD),
        _way("day", "截至{day}，完成率{completion}，{result}", _AHEAD),
        _way("elapsed", "{span}已过{elapsed}，完成率{completion}，{result}", _AHEAD),
    ),
    "growth": (
        _way("actual", "本期{actual}，同期{base}，{result}", _GROWS),
        _way("parts", "各部分增速{parts}，按上年基数{weights}合成，总体{result}", _GROWS),
    ),
    "implied_base": (_way("actual", "本期{actual}，增速{growth}，倒推同期数{result}"),),
    "share": (_way("part", "{part}占{whole}的{result}"),),
    "difference": (_way("a", "{a}比{b}{result}", _MORE),),
    "sum": (_way("values", "{values}，合计{result}"),),
    "pp_diff": (
        _way("b", "{a}比{b}{result}", _HIGHER),
        _way("gap", "{a}比另一个高{gap}，另一个为{result}"),
    ),
    "pull": (
        _way("part_change", "部分增减{part_change}，总体同期数{parent_base}，{result}", _PULLS),
        _way("share", "部分占总体同期数{share}，增速{growth}，{result}", _PULLS),
        _way("contribution", "贡献率{contribution}，总体增速{parent_growth}，{result}", _PULLS),
    ),
    "contribution": (
        _way("pull", "拉动{pull}，总体增速{parent_growth}，贡献率{result}"),
        _way("part_change", "部分增减{part_change}，总体增减{parent_change}，贡献率{result}"),
    ),
    "two_year_average": (
        _way("growth", "今年增速{growth}，去年增速{last_growth}，两年平均{result}", _GROWS),
        _way("two_year_growth", "比前年同期增速{two_year_growth}，两年平均{result}", _GROWS),
    ),
    "mean_required": (
        _way("target", "目标{target}，已完成{actual}，余下{periods_left}，{result}", _MISSING),
        _way("gap", "还差{gap}，余下{periods_left}，{result}", _MISSING),
    ),
    "growth_needed": (
        _way("goal", "目前累计增速{so_far}，要达到{goal}，余下时间需增长{result}"),
    ),
    "gap_to_close": (
        _way("target", "目标{target}，已完成{done}，在库可报{reportable}，{result}", _SHORT),
    ),
    "rank": (_way("", ""),),
    "multi_year_path": (
        _way("base", "基数{base}，{years}年达到{factor}倍，匀速走到第{n}年应为{result}"),
    ),
    "ratio": (_way("a", "{a}除以{b}，为{result}"),),
    "implied_whole": (_way("part", "{part}占{share}，倒推全部为{result}"),),
    "part_of": (_way("whole", "{whole}的{share}为{result}"),),
}  # fmt: skip
