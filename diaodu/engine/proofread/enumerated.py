"""Counts printed beside the items they count: 发改、统计和财政3个部门, “两减”（减事项、减环节）.

How many items a stretch lists is a range: 和 may join the last two items or stand inside the last.
A contradiction needs words that can only count the items; a number beside other nouns may count
what the items have (教育、卫生5个项目).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.flat import Flat, flatten
from diaodu.engine.proofread.numerals import NUMERAL, whole
from diaodu.engine.proofread.reading.model import Reading

_MEASURE = r"个|项|大|家|类|种|条|件|方面|关|张|块|座|处|户|所|名|支"
# What can only count the items before it.
_CLASSES = (
    "部门 乡镇 镇 乡 街道 县 市 区 省 州 方面 环节 阶段 领域 层面 层级 指标 产业 产业链 方案 步骤 "
    "专项行动 任务 要素 维度 类型 特点 不变 结合 导向 重点 关键 主导 支柱 优势 特色 新兴 板块 平台 "
    "体系 机制 集群 行业 工程 行动 战役 攻坚战 问题 原则 目标 举措 措施 工作 活动 村 园区 单位 "
    "支撑 抓手 短板 流域 片区 渠道 途径 方向 主要 百亿 千亿 项目库 储备库 计划 制度 功能区 品牌"
).split()
_CLASS = re.compile("|".join(sorted(_CLASSES, key=len, reverse=True)))
# Quotes and brackets are one thing each, but for a slogan that begins with the number itself.
# Items of these kinds are named, never only the field they lie in.
_NAMED = re.compile(
    r"^(?:主要|关键|工作|职能|牵头|市直|县直|重点|具体|核心|责任)?(?:部门|乡镇|镇|乡|街道|县|市|区|州|方面|环节|阶段"
    r"|层面|层级|维度|类型|导向|不变|指标|步骤|结合|原则|方案|体系|单位|[^\d]{0,4}产业链|(?:项目)?储备库|项目库)"
)
_QUOTE = rf"“(?!{NUMERAL})[^“”]*”|(?<=[个大项种类])“[^“”]*”"
_QUOTED = re.compile(_QUOTE)
_SHELTERED = re.compile(rf"{_QUOTE}|（[^（）]*）|《[^《》]*》")
_SHELTER = "□"
_NOT_BEFORE = (
    r"(?<![第前每近后\d.%一二三四五六七八九十、，。；：（—–~～至到和与及并于过超约达逾有-])"
)
_CLAUSE = r"(?<![^，。；：！？“”\n])"  # a list begins where a clause does
_ITEM = r"[^，。；：、！？“”\n]{1,40}"
_NO_NOUN = "等|百分点|位次|名次|月|年|点|工作日|小时|季度|多|亿|万|以上"
_NOUN = rf"(?!{_NO_NOUN})[^，。；：、！？“”（）\n\d]{{0,12}}"
# 发改、统计和财政3个部门; 甲、乙“两个不变”
_BEHIND = re.compile(
    rf"{_CLAUSE}(?P<list>(?:{_ITEM}、){{1,40}}{_ITEM}?)"
    rf"{_NOT_BEFORE}(?P<open>等|等等)?(?:这|共|共计|合计)?“?"
    rf"(?P<number>{NUMERAL})(?P<measure>{_MEASURE})(?P<noun>{_NOUN})"
)
# “县、乡、村”三级
_LEVELS = re.compile(
    rf"{_CLAUSE}(?P<list>(?:[^，。；：、！？“”\n]{{1,12}}、)+[^，。；：、！？“”\n]{{1,3}}?)"
    rf"{_NOT_BEFORE}(?P<open>)(?P<number>{NUMERAL})(?P<measure>级)(?P<noun>联动|[^\d]{{0,4}})"
)
# “目标、产业、要素、保障”四大体系
_IN_QUOTES = re.compile(
    rf"(?<![、”])“(?P<list>[^“”。]*、[^“”。]*)”(?P<open>等)?(?P<number>{NUMERAL})(?P<measure>{_MEASURE})"
    rf"(?P<noun>{_NOUN})"
)
# 3个部门（发改、统计、财政）, “五减”（…）, 4平（…）
_IN_BRACKETS = re.compile(
    rf"(?<![第前每近\d.—–~～至一二三四五六七八九十-])(?P<number>{NUMERAL})"
    rf"(?:(?P<measure>{_MEASURE})(?P<noun>{_NOUN})”?|(?P<tally>[升平降高低增减])|(?P<slogan>[^，。；：、“”（）\n\d]{{1,4}})”)"
    r"（(?P<list>[^（）]+)）"
)
# 共3项：入库、开工、达产；
_BEHIND_COLON = re.compile(
    rf"(?<![第前每近\d.—–~～至一二三四五六七八九十-])(?P<all>共有?|共计|合计|[^共计]|^)"
    rf"(?P<number>{NUMERAL})(?P<measure>{_MEASURE})(?P<noun>{_NOUN})：(?P<list>[^。；：\n\d]*)(?=[。；])"
)
# 出列贫困村3个，即：甲村、乙村、丙村。
_NAMELY = re.compile(
    rf"(?<![第前每近\d.—–~～至一二三四五六七八九十-])(?P<number>{NUMERAL})(?P<measure>{_MEASURE})"
    r"(?P<noun>[^，。；：、（）\d\n]{0,10})[，（](?:即|分别是|它们是|具体是)：?"
    r"(?P<list>[^，。；：（）\n\d]*、[^，。；：（）\n\d]*)(?=[。；）])"
)
# 有三个指标排倒数第一，分别是甲下降2.9%、乙下降1.9%、丙下降1.1%。
_RESPECTIVELY = re.compile(
    rf"(?<![第前每近\d.—–~～至一二三四五六七八九十-])(?P<number>{NUMERAL})(?P<measure>{_MEASURE})"
    r"(?P<noun>[^，。；：、（）\n]{0,30})，分别(?:是|为)：?(?P<list>[^，。；：（）\n]*、[^，。；：（）\n]*)(?=[。；])"
)
_OWN_COUNT = re.compile(rf"{NUMERAL}余?多?(?:{_MEASURE})")
# “2高”为：工业增速高于目标；投资增速高于目标。
_TOLD_APART = re.compile(
    rf"“(?P<number>{NUMERAL})(?P<noun>[升平降高低增减])”(?:指标)?(?:分别)?[为是]：(?P<list>[^。：]*)"
)
# “三个倾斜”：财力向基层倾斜，项目向山区倾斜，人才向企业倾斜。
_SLOGAN = re.compile(
    rf"“?(?P<number>{NUMERAL})(?P<measure>个|大|项)(?P<noun>[^“”，。；：、\d]{{1,6}})”?：(?P<list>[^。：\n]*)(?=。)"
)
_LABELLED = re.compile(r"[一二三四]是|[一二三四]要|第[一二三四]|（|其[一二]|\d")
_JOINT = re.compile(r"[和与及]|以及|并")


@dataclass(frozen=True, slots=True)
class _Count:
    """A number with the stretch that lists what it counts, in the flat text."""

    number: int
    measure: str
    start: int
    end: int
    fewest: int
    most: int
    is_open: bool  # 等: the list may leave something out
    is_sure: bool  # the words can only count the items
    is_named: bool  # and count no fields that something lies in


def checks(reading: Reading) -> Iterator[Claim]:
    """Every count beside a list; nothing where neither agreement nor contradiction is sure."""
    flat = flatten(reading.text)
    sheltered = _SHELTERED.sub(lambda found: _SHELTER * len(found.group()), flat.text)
    quoted = _QUOTED.sub(lambda found: _SHELTER * len(found.group()), flat.text)
    for found in (
        *_behind(sheltered), *_in_quotes(flat.text), *_in_brackets(quoted, flat.text),
        *_behind_colon(sheltered, flat.text),
    ):  # fmt: skip
        claim = _claim(reading.text, flat, found)
        if claim is not None:
            yield claim


# -- the number behind the items -------------------------------------------------------------------


def _behind(sheltered: str) -> Iterator[_Count]:
    for pattern in (_BEHIND, _LEVELS):
        for match in pattern.finditer(sheltered):
            start = _beginning(match)
            parts = re.split(r"、|以及", sheltered[start : match.end("list")].strip("、"))
            if len(parts) > 1:
                yield _counted(match, start, parts, _are_alike(parts))


def _in_quotes(text: str) -> Iterator[_Count]:
    for match in _IN_QUOTES.finditer(text):
        parts = match["list"].split("、")
        found = _counted(match, match.start("list"), parts, _are_alike(parts))
        yield replace(found, is_named=found.is_sure)  # the quotes hold what is counted


def _beginning(match: re.Match[str]) -> int:
    """Behind the last item that has a count of its own: another list ends there."""
    start = match.start("list")
    own = list(re.compile(rf"{NUMERAL}(?:{_MEASURE})[^、\d]+、").finditer(match["list"]))
    return start + own[-1].end() if own else start


def _counted(match: re.Match[str], start: int, parts: list[str], alike: bool) -> _Count:
    noun = _CLASS.search(match["noun"])
    names_items = noun is not None and noun.start() <= 4
    end = match.start("noun") + noun.end() if noun and names_items else match.end("measure")
    joint = _JOINT.search(parts[-1][1:-1]) is not None
    slogans = len(re.findall(rf"{_SHELTER}{{3,}}", parts[-1]))
    levels = match["measure"] == "级" and all(len(part) < 4 for part in parts[1:])
    return _Count(
        whole(match["number"]), match["measure"], start, end, len(parts),
        len(parts) + max(int(joint), slogans - 1), bool(match["open"]),
        levels or (names_items and alike),
        levels or _NAMED.match(match["noun"]) is not None or slogans > 1 or _are_quotes(parts),
    )  # fmt: skip


def _are_quotes(parts: list[str]) -> bool:
    return all(part.strip(_SHELTER) == "" for part in parts[1:])


def _are_alike(parts: list[str]) -> bool:
    """Whether the last item is not longer than the others: it may hold a verb that has an object
    of its own (甲、乙要新建5个…); and none before it joins two (仓储和邮政业、文化和娱乐业)."""
    if any(_JOINT.search(part[1:-1]) for part in parts[1:-1]):
        return False
    return 2 * len(parts[-1]) <= 4 + 3 * max(map(len, parts[:-1]))


# -- the items in brackets -------------------------------------------------------------------------


def _in_brackets(quoted: str, text: str) -> Iterator[_Count]:
    """Lists in brackets; found where quotes are sheltered, their words taken from the text."""
    for match in _IN_BRACKETS.finditer(quoted):
        listed = text[match.start("list") : match.end("list")]
        fewest, most = _bracketed(listed)
        if most < 2 or re.search(r"\d", listed):
            continue
        number = whole(match["number"])
        is_open = "等" in listed[-3:] or listed.startswith(("如", "含", "包括", "不含"))
        slogan = match["slogan"] or _quoted(text[match.start("number") : match.start("list")])
        is_named = bool(match["tally"]) or _repeats(slogan or match["noun"] or "", listed)
        yield _Count(
            number, match["measure"] or "", match.start("number"), match.end(), fewest, most,
            is_open, is_named or (abs(number - most) <= 2 and _are_items(listed)), is_named,
        )  # fmt: skip


def _quoted(text: str) -> str:
    """三个“一次”要求: 一次."""
    quote = re.search(r"“([^“”]+)”", text)
    return quote[1] if quote else ""


def _repeats(slogan: str, listed: str) -> bool:
    """Whether every item says the slogan's word: 三减 … 减材料、减环节、减时限."""
    parts = re.split(r"[；、，]", listed)
    word = slogan.strip("”“")
    return 0 < len(word) <= 4 and all(word in part for part in parts)


def _bracketed(listed: str) -> tuple[int, int]:
    for sign in "；、，":
        if sign in listed:
            parts = listed.strip(sign).split(sign)
            joint = sign != "；" and _JOINT.search(parts[-1][1:-1])
            return len(parts), len(parts) + bool(joint)
    return 1, 1


def _are_items(listed: str) -> bool:
    """Names of things, not of what a thing is also called: 县（市、区）."""
    parts = re.split(r"[；、，]", listed)
    return all(len(part) > 2 for part in parts)


# -- the items behind a colon ----------------------------------------------------------------------


def _behind_colon(sheltered: str, text: str) -> Iterator[_Count]:
    for match in _BEHIND_COLON.finditer(sheltered):
        fewest, most = _bracketed(match["list"])
        if most > 1 and not _LABELLED.match(match["list"]) and _has_one_sign(match["list"]):
            is_named = (
                match["all"].startswith(("共", "合"))
                or (match["all"] == "有" and _NAMED.match(match["noun"]) is not None)
                or _are_called_so(match["noun"], match["list"])
            )
            yield _Count(
                whole(match["number"]), match["measure"], match.start("number"), match.end(),
                fewest, most, "等" in match["list"][-4:], is_named, is_named,
            )  # fmt: skip
    for match in (*_NAMELY.finditer(sheltered), *_RESPECTIVELY.finditer(sheltered)):
        if _OWN_COUNT.search(match["list"]):  # 157个，分别为甲类64个、乙类93个
            continue
        fewest, most = _bracketed(match["list"])
        yield _Count(
            whole(match["number"]), match["measure"], match.start("number"), match.end(),
            fewest, most, "等" in match["list"][-4:], True, True,
        )  # fmt: skip
    for match in _TOLD_APART.finditer(text):
        parts = match["list"].split("；")
        yield _Count(
            whole(match["number"]), match["noun"], match.start("number"), match.end(), len(parts),
            len(parts), False, True, len(parts) > 1,
        )  # fmt: skip
    for match in _SLOGAN.finditer(text):
        parts = re.split(r"[，；]" if re.search(r"[，；]", match["list"]) else "、", match["list"])
        if len(parts) > 1 and all(match["noun"] in part for part in parts):
            more = sum(len(_JOINT.findall(part[1:-1])) for part in parts)
            yield _Count(
                whole(match["number"]), match["measure"], match.start("number"), match.end(),
                len(parts), len(parts) + more, False, True, True,
            )  # fmt: skip


def _are_called_so(noun: str, listed: str) -> bool:
    """四张牌：生态牌、文化牌、区位牌、产业牌: each item ends with what is counted."""
    parts = re.split(r"[；、，]", listed.strip("；、，"))
    return 0 < len(noun) <= 3 and len(parts) > 2 and all(part.endswith(noun) for part in parts)


def _has_one_sign(listed: str) -> bool:
    return not ("、" in listed and "，" in listed)


# -- the claim -------------------------------------------------------------------------------------


def _claim(text: str, flat: Flat, found: _Count) -> Claim | None:
    agrees = found.fewest <= found.number <= found.most
    if (found.number < 2 and not found.is_named) or (not agrees and not _contradicts(found)):
        return None
    start, end = flat.span(found.start, found.end)
    count = found.number if agrees else found.most
    printed, computed = f"{found.number}{found.measure}", f"{count}{found.measure}"
    told = f"写的是{printed}，列出的是{count}项"
    return Claim(
        start, end, text[start:end], "count", "holds" if agrees else "contradicts", printed,
        f"{told}，相符" if agrees else f"{told}；应写{computed}，或补删所列的项",
        None if agrees else "wrong", computed, (Fraction(found.fewest), Fraction(found.most)),
        None if agrees else computed,
    )  # fmt: skip


def _contradicts(found: _Count) -> bool:
    """More items than told contradict even before 等; fewer, where nothing is left out and the
    list is not of the fields that something is counted in."""
    if not found.is_sure:
        return False
    if found.fewest > found.number:
        return True
    is_close = found.number - found.most == 1 and found.most > 2
    return found.number > found.most and (found.is_named or is_close) and not found.is_open
