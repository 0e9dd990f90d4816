"""The units that offices print behind figures."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from diaodu.engine.ground.quantity import Unit, find_unit

_PREFIXES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6,
             "千万": 10**7, "亿": 10**8, "百亿": 10**10, "千亿": 10**11,
             "万亿": 10**12}  # fmt: skip
_BASES = (
    "个百分点 百分点 个百分 千分点 个千分点 个点 % ‰ 倍 "
    "美元 欧元 港元 元/平方米 元/吨 元/亩 元/人 元/斤 元/公斤 元/度 元/千瓦时 元 "
    "平方米 平方公里 平方千米 立方米 立方 平米 ㎡ 公顷 亩 公里 千米 米 吨标准煤 吨标煤 标准煤 "
    "吨公里 吨 公斤 千克 毫克 微克 克 斤 担 千瓦时 千瓦 兆瓦 千伏安 千伏 度电 升 "
    "微克/立方米 毫克/立方米 焦耳 蒸吨 "
    "个工作日 工作日 个月 个季度 个小时 小时 分钟 个年度 年 天 周 "
    "人次 户次 车次 班次 批次 场次 台次 件次 个 家 户 项 人 名 位 宗 件 台 辆 套 床 张 座 处 "
    "条 次 单 笔 只 头 羽 匹 株 棵 尾 幅 份 所 艘 部 批 起 例 间 栋 幢 架 列 支 组 类 种 场 本 册 "
    "篇 口 根 箱 标箱 标准箱 分 岁 块 片 孔 眼 镇 乡 村 县 县区 市州 市"
).split()
_WORDS = "|".join(re.escape(base) for base in sorted(_BASES, key=len, reverse=True))
_PREFIX = "|".join(sorted(_PREFIXES, key=len, reverse=True))
# 2.3万余人: the word for a rough number stands between the ten thousands and what is counted.
# 万 alone is a unit: 58.93亿 is money to everyone but says nothing of what.
PATTERN = (
    rf"(?P<before>[多余来几])?(?:(?P<base>{_WORDS})"
    rf"|(?P<prefix>{_PREFIX})(?P<middle>[多余])?(?P<after>{_WORDS})?)?"
)

_SAME = {
    "个点": "百分点", "千分点": "‰点", "个千分点": "‰点", "立方": "立方米", "个百分": "百分点",
    "度电": "千瓦时", "标箱": "标准箱", "工作日": "个工作日", "个小时": "小时", "个年度": "年",
}  # fmt: skip
# What is counted is the same whichever of these words stands behind the number.
_THINGS = frozenset("个 家 户 项 件 宗 处 座".split())
_PEOPLE = frozenset("人 名 位".split())


@lru_cache(maxsize=1024)
def unit_of(prefix: str, base: str) -> Unit | None:
    """The unit of a prefix (万, 亿 …) and a base; one of no known base counts in its own word."""
    base = _SAME.get(base, base)
    if not (prefix or base):
        return None
    known = find_unit(prefix + base) if base else None
    if known is not None:
        return known
    return Unit(prefix + base, base, Decimal(_PREFIXES.get(prefix, 1)))


def alike(one: Unit | None, other: Unit | None) -> bool:
    """Whether two figures can be added or divided: one kind of unit, or two words for counting
    the same things (31个部门, 15家); 亿 alone goes with 亿元."""
    if one is None or other is None:
        return one is other
    if one.base == other.base:
        return True
    pair = {one.base, other.base}
    return pair <= _THINGS or pair <= _PEOPLE or pair == {"", "元"}
