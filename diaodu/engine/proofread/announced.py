"""Counts announced before a list with labels: 四个方面 … 一是 … 四是."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.flat import Flat, flatten
from diaodu.engine.proofread.lists import Labelled, labelled_lists, may_follow
from diaodu.engine.proofread.numerals import NUMERAL, whole
from diaodu.engine.proofread.reading.model import Reading

# What is announced is what is labelled: a number of other things may stand before a list by chance.
_WORDS = (
    "方面 意见 建议 要求 问题 原因 特点 重点 任务 工作 措施 环节 要点 机遇 挑战 关系 着力点 "
    "突破 关键 举措 层面 阶段 类型 步骤 原则 目标 行动 工程 亮点 短板 不足 因素 体会 感受 "
    "变化 结合 到位 确保 坚持 转变 提升 突出 节点 矛盾 压力 优势 抓手 着力 强化 必须 不 层次 "
    "内容 事情 大事 实事 文章 硬仗 攻坚战 战役 观点 想法 认识 判断 看法 启示 经验 做法 成效 "
    "困难 薄弱 差距 导向 维度 路径 方向 抓 加快 加强 精准 更加 聚焦 统筹 注重 做到 指标 板块 "
    "块 类 关 字 点 主要 具体 明显 大的 方法 思路 理念 意识 能力 作风 责任 情况 保障 支撑 "
    "体系 机制 平台"
)
_NOUNS = tuple(_WORDS.split())
_FIRST = tuple("方面 类型 问题 原因 特点 环节 阶段 层面 关系 机遇 步骤".split())
_ANNOUNCED = re.compile(
    rf"(?<![、和与及第前每近后这那十\d.%一二三四五六七八九])(?P<number>{NUMERAL})"
    r"(?P<measure>个|大|项|点|条|件|种|类|步|块|股|方面)(?P<noun>[^，。；：！、”\n\d]{0,18}?)"
    r"(?:”[^，。；：！、\n\d]{0,8})?(?P<aside>，(?:供|请|仅供|与|同|也就是|就是|即)[^，。；：\n\d]{0,20})?(?P<close>[：。，；]\n?|\n)"
    r"(?:(?:具体|主要|分别|也|就|即)[^，。；：\n\d]{0,6}[：，]?)?$"
)
_SLOGAN = re.compile(
    rf"“(?P<number>{NUMERAL})(?P<measure>个|大|项)(?P<noun>[^“”\d]{{1,6}})”[^“”]*$"
)
_HEAD = 24  # how far into an item its heading is looked for
_COUNTED = re.compile(rf"{NUMERAL}[个大项点条件种类步块股]")
_CLOSING = re.compile(r"\n(?:同志们|各位|总之|谢谢)")
_LAST_ITEM = re.compile(r"[。；，](?:最后|此外|另外|还有|再就是|再次|其余|其他)")
# 五个方面23项任务: the list may be of either; 教育、医疗、交通三个方面 counts those before it.
_OTHERS = re.compile(
    rf"(?<![下上这进]){NUMERAL}(?:个(?!月|季度|年)|项|大|类|条|件)[^，。；：\n]{{0,12}}$"
    r"|、[^，。；：、\n]{1,10}$"
)
_BESIDE = 20  # how far before an announcement another number makes it unclear
_BEFORE = 80  # how far before a list its announcement may begin
_REACH = 8000  # how far behind a list a missing label is looked for


@dataclass(frozen=True, slots=True)
class _Announcement:
    """`[start, end)` of 四个方面 in the flat text; firm where nothing else can be meant by it."""

    number: int
    measure: str
    start: int
    end: int
    is_firm: bool


def checks(reading: Reading) -> Iterator[Claim]:
    """Every number announced right before a list; no contradiction where labels are in doubt."""
    flat = flatten(reading.text)
    lists = labelled_lists(flat)
    for found in lists:
        told = _announcement(flat, found)
        if told is not None and _is_sure(flat, found, told, lists):
            yield _claim(reading.text, flat, found, told)


def _announcement(flat: Flat, found: Labelled) -> _Announcement | None:
    """The number announced where the list begins; None where other numbers stand beside it."""
    first = found.labels[0].start
    match = _nearest(flat, first)
    if match is None or not _names_items(match):
        return _slogan(flat, found)
    number = whole(match["number"])
    end = match.end("noun") if len(match["noun"]) <= 6 else match.end("measure")
    if number < 2:
        return None
    named = f"{match['measure']}{match['noun']}"
    says_so = match["close"].startswith("：") or match["noun"].startswith(_FIRST)
    is_firm = (says_so or named.endswith(_NOUNS)) and not _OTHERS.search(
        flat.text[: match.start()][-_BESIDE:]
    )
    return _Announcement(number, match["measure"], match.start("number"), end, is_firm)


def _nearest(flat: Flat, first: int) -> re.Match[str] | None:
    """The last number before a list: in 下一步要突出三个重点 it is not 一步."""
    match = _ANNOUNCED.search(flat.text, max(0, first - _BEFORE), first)
    while match is not None and _COUNTED.search(match["noun"]):
        match = _ANNOUNCED.search(flat.text, match.end("measure"), first)
    return match


def _slogan(flat: Flat, found: Labelled) -> _Announcement | None:
    """“十个结合” in the sentence before a list each item of which says 结合 at its beginning."""
    first = found.labels[0].start
    for match in _SLOGAN.finditer(flat.text, max(0, first - _BEFORE), first):
        heads = [flat.text[label.end : label.end + _HEAD] for label in found.labels]
        if all(match["noun"] in re.split(r"[。\n]", head)[0] for head in heads):
            return _Announcement(
                whole(match["number"]), match["measure"], match.start("number"),
                match.end("noun"), True,
            )  # fmt: skip
    return None


def _names_items(match: re.Match[str]) -> bool:
    if match["measure"] in ("点", "方面", "步", "块") or match["close"].startswith("："):
        return True
    return any(noun in match["noun"] for noun in _NOUNS)


def _is_sure(flat: Flat, found: Labelled, told: _Announcement, lists: Sequence[Labelled]) -> bool:
    """Whether the items are counted for sure. A slogan may count each item twice (六个有: 有轻
    有重); with fewer items than announced, the list must be seen to be over."""
    if found.count == told.number:
        return True
    is_slogan = flat.text[told.start - 1] == "“"
    if not found.clear or not told.is_firm or (is_slogan and told.number % found.count == 0):
        return False
    if found.count > told.number:
        return True
    last = found.labels[-1].end
    return _is_over(flat, found, lists) and not may_follow(
        flat, found.count + 1, last, _next_list(found, lists)
    )


def _next_list(found: Labelled, lists: Sequence[Labelled]) -> int:
    """Where a list begins that this one cannot hold: behind it, labels belong to that."""
    last = found.labels[-1].end
    behind = (one for one in lists if one.labels[0].start > last and one.rank <= found.rank)
    return min((one.labels[0].start for one in behind), default=last + _REACH)


def _is_over(flat: Flat, found: Labelled, lists: Sequence[Labelled]) -> bool:
    """Whether the list ends with the text, or the text goes on behind it: behind the paragraph that
    holds all of it, with the next item of a list that holds it, with a list it cannot hold, or
    with closing words."""
    first, last = found.labels[0].start, found.labels[-1].end
    item_end = flat.text.find("\n", last)
    if item_end < 0 or _LAST_ITEM.search(flat.text, last, item_end):
        return False
    ends_with_text = item_end >= len(flat.text.rstrip("\n"))
    if ends_with_text:  # it may be cut off: then only a list of one sentence is whole
        return re.fullmatch(r"[^。！\n]*[。！]”?", flat.text[first:item_end]) is not None
    if "\n" not in flat.text[first:last]:
        return True
    holds = any(
        one.labels[0].start < first and one.labels[-1].start > last and one.rank < found.rank
        for one in lists
    )
    follows = any(one.labels[0].start > last and one.rank <= found.rank for one in lists)
    return holds or follows or _CLOSING.search(flat.text, last, last + _REACH) is not None


def _claim(text: str, flat: Flat, found: Labelled, told: _Announcement) -> Claim:
    start, end = flat.span(told.start, told.end)
    quote = flat.text[told.start : told.end]
    items = tuple(flat.span(label.start, label.end) for label in found.labels)
    labels = f"{_label(flat, found, 0)}到{_label(flat, found, -1)}"
    printed, computed = f"{told.number}{told.measure}", f"{found.count}{told.measure}"
    count = Fraction(found.count)
    holds = found.count == told.number
    return Claim(
        start, end, text[start:end], "count", "holds" if holds else "contradicts", printed,
        f"前面说“{quote}”，后面从{labels}列了{found.count}项，相符"
        if holds
        else f"前面说“{quote}”，后面从{labels}列了{found.count}项；应写{computed}，或补删所列的项",
        None if holds else "wrong", computed, (count, count), None if holds else computed, items,
    )  # fmt: skip


def _label(flat: Flat, found: Labelled, index: int) -> str:
    label = found.labels[index]
    return f"“{flat.text[label.start : label.end].strip('，、：')}”"
