"""Numbers as printed: exact decimals, their units, their rounding, their rounding interval.

A printed 8.5 means [8.45, 8.55): that is what arithmetic on printed figures may rely on.
All values are `Decimal`; rounding happens once, half away from zero, when a value is shown.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, Inexact, localcontext
from functools import lru_cache

from diaodu.engine.ground.errors import QuantityError

SCALE = 12  # digits after the point kept in files: decimal(38,12)
_QUANTUM = Decimal(1).scaleb(-SCALE)
LARGEST = Decimal(10**14)  # from here up a figure, in its unit, cannot be computed with exactly
EXACT = Context(prec=76)  # wide enough that no sum or product of stored values is rounded


def cut(value: Decimal) -> Decimal:
    """Cut off (never round) after twelve decimals: rounding half-up later still comes out right."""
    return value.quantize(_QUANTUM, rounding=ROUND_DOWN, context=EXACT)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """四舍五入, half away from zero, on the decimal value."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=EXACT)


def show(value: Decimal, decimals: int) -> str:
    """The digits as printed: no grouping, ASCII minus, never “-0.0”."""
    rounded = round_half_up(value, decimals)
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


# -- units -----------------------------------------------------------------------------------

_PREFIXES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6,
             "千万": 10**7, "亿": 10**8, "万亿": 10**12}  # fmt: skip
_BASES = (
    "元 美元 人 人次 户 户次 个 家 项 宗 件 台 辆 套 床 张 座 处 条 次 单 笔 只 头 羽 株 幅 份 名 "
    "位 所 艘 部 批 平方米 立方米 亩 公里 米 吨 吨标准煤 千克 公斤 克 千瓦时 千瓦 升 天 个月 年 "
    "小时 % 百分点 ‰ 倍 分 起 例 "
    "个工作日 平方公里 公顷 箱 重量箱 标准箱 吨公里 人公里 焦耳 微克/立方米 毫克/立方米 "
    "元/人 元/亩 元/吨 元/平方米 吨标准煤/万元 千克/亩 公斤/亩 人/平方公里"
).split()
_ALIASES = {
    "％": "%", "个百分点": "百分点", "点": "百分点", "度": "千瓦时", "kWh": "千瓦时",
    "KWH": "千瓦时", "人民币元": "元", "㎡": "平方米", "m2": "平方米", "平米": "平方米",
    "立方": "立方米", "km2": "平方公里", "平方千米": "平方公里", "千米": "公里",
    "μg/m3": "微克/立方米", "ug/m3": "微克/立方米", "µg/m3": "微克/立方米", "宗地": "宗",
    "百分比": "%", "名次": "位", "人(次)": "人次", "床位": "床", "张床位": "床",
    "标煤": "吨标准煤", "吨标煤": "吨标准煤",
}  # fmt: skip
# Exact ties between bases that offices print side by side; everything else is not converted.
# Areas stand in 亩: one 亩 is no finite number of 平方米, but one 平方米 is 0.0015 亩.
_TIES = {"平方米": ("亩", Decimal("0.0015")), "公顷": ("亩", Decimal(15)),
         "平方公里": ("亩", Decimal(1500)), "公里": ("米", Decimal(1000)),
         "吨": ("克", Decimal(10**6)), "公斤": ("克", Decimal(1000)), "名": ("人", Decimal(1)),
         "公斤/亩": ("千克/亩", Decimal(1)), "‰": ("%", Decimal("0.1"))}  # fmt: skip
COUNT_WORDS = frozenset(
    "个 家 户 项 人 位 宗 天 月 个月 件 台 次 名 条 处 座 张 套 辆 笔 年 起 例".split()
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as `factor` times a base: 万元 is 10000 × 元. Only equal bases convert."""

    text: str
    base: str
    factor: Decimal


def _clean_unit(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", "", text).strip("()（）[]【】:：,，、")


@lru_cache(maxsize=1024)
def find_unit(text: str) -> Unit | None:
    """The unit a text names, or None. Reads 亿元, 万平方米, ％, 亿千瓦时, 百万美元 …"""
    clean = _clean_unit(text)
    for prefix in sorted(_PREFIXES, key=len, reverse=True):
        if not clean.startswith(prefix):
            continue
        base = clean[len(prefix) :]
        base = _ALIASES.get(base, base)
        if base in _BASES:
            tied, ratio = _TIES.get(base, (base, Decimal(1)))
            return Unit(clean, tied, Decimal(_PREFIXES[prefix]) * ratio)
    return _composed_unit(clean)


def _composed_unit(clean: str) -> Unit | None:
    """件/万人, 元/户: one known unit by another, where the pair itself is not listed."""
    if clean.count("/") != 1:
        return None
    numerator, denominator = (find_unit(part) for part in clean.split("/"))
    if numerator is None or denominator is None:
        return None
    factor = _quotient(numerator.factor, denominator.factor)
    if factor is None:  # 元/公顷 is no finite number of 元/亩: only its upper part converts
        return Unit(clean, f"{numerator.base}/{denominator.text}", numerator.factor)
    return Unit(clean, f"{numerator.base}/{denominator.base}", factor)


def _quotient(one: Decimal, other: Decimal) -> Decimal | None:
    """one ÷ other, None where that is no finite decimal."""
    with localcontext(EXACT) as context:
        context.clear_flags()
        found = one / other
        return None if context.flags[Inexact] else found


def unit(text: str) -> Unit:
    """Like `find_unit`, or QuantityError."""
    found = find_unit(text)
    if found is None:
        raise QuantityError(f"不认识的计量单位“{text}”")
    return found


@lru_cache(maxsize=1024)
def unit_ratio(given: str, wanted: str) -> Decimal:
    """What to multiply a figure given in `given` with to have it in `wanted`.

    Always exact. Raises QuantityError where the two do not measure the same thing (% and 百分点
    never convert into each other), or where the ratio is no finite decimal (亩 in 公顷).
    """
    if given == wanted:
        return Decimal(1)
    one, other = unit(given), unit(wanted)
    if one.base != other.base:
        raise QuantityError(f"“{given}”不能换算成“{wanted}”：不是同一种计量单位")
    ratio = _quotient(one.factor, other.factor)
    if ratio is None:
        raise QuantityError(f"“{given}”不能换算成“{wanted}”：除不尽；请改用“{given}”填报")
    return ratio


def convert(value: Decimal, given: str, wanted: str) -> Decimal:
    """Exact conversion by declared unit, see `unit_ratio`."""
    with localcontext(EXACT):
        return value * unit_ratio(given, wanted)


# -- printed numbers -------------------------------------------------------------------------

_MINUS = "-−－—–‐‑﹣一"
_NUMBER = re.compile(
    rf"(?P<sign>[{_MINUS}+＋]?)(?P<digits>(?:\d{{1,3}}(?:[,，]\d{{3}})+|\d+)(?:\.\d+)?|\.\d+)"
    r"(?P<unit>(?:[^\d.,、][^\d]*)?)"
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as somebody printed it: value and digits as they stand, unit text behind it."""

    value: Decimal
    decimals: int
    unit: str  # "" where none was printed

    @property
    def is_count(self) -> bool:
        return self.unit in COUNT_WORDS


def read_number(text: str) -> Printed | None:
    """Read a text that is nothing but one number (and a unit behind it); None if it is not.

    Takes full-width digits, thousands separators of both widths, every sort of minus (also the
    一 that scanners make of it), brackets for negative amounts: （1,234） = −1234.
    """
    clean = re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text))
    negative = re.fullmatch(r"\((\d[\d,.]*%?)\)", clean)
    if negative:
        clean = "-" + negative.group(1)
    match = _NUMBER.fullmatch(clean)
    if match is None:
        return None
    digits = re.sub(r"[,，]", "", match.group("digits"))
    value = Decimal(digits if not digits.startswith(".") else "0" + digits)
    if value and match.group("sign") and match.group("sign") not in "+＋":
        value = value.copy_negate()  # unary minus would round to 28 digits
    return Printed(value, len(digits.partition(".")[2]), match.group("unit"))


def half_unit(decimals: int) -> Decimal:
    """Half a unit of the last printed digit: 0.05 for one decimal."""
    return Decimal(5).scaleb(-decimals - 1)
