"""Header texts that set a figure against something else: the level above, the last period, the
start of the year. The period inside such a text is not the period of the figure."""

from __future__ import annotations

import re
from typing import NamedTuple

from diaodu.engine.collect.words import FIGURE_WORDS, WHOLE_WORDS


class Comparison(NamedTuple):
    """`before` is what stands before the comparison and is still to be read.

    `facet` is gap, share, a sort of rank, change, growth, or falls where a number counts
    downward and its sign is open. `level` names the org compared with, `compared` the period.
    `dropped` is the reason why such figures are passed over.
    """

    before: str
    facet: str = ""
    level: str = ""
    compared: str = ""
    dropped: str = ""


SINCE_JANUARY = "与年初相比的变化暂不收取"
LAST_RANK = "上一期的数在上一期已收取，不作为本期观测值"
LAST_YEAR = "上年同期"

_UP = "增减|升降|高低|变化|变动|提高|加快|上升|增加|回升|高出|高|升|增"
_DOWN = "回落|下降|降低|减少|收窄|放缓|减缓|低|降|减"
_HOW = (
    rf"(?P<up>{_UP})?(?:[/、或]?\(?[-/]?(?P<down>{_DOWN})\)?)?(?:\(?[±+-]+\)?)?(?:幅度|情况|值|数)?"
)
_DASH = "[-‐-―−~～]"
_PERIOD = (
    rf"(?:\d{{1,2}}月?(?:{_DASH}|至))?\d{{1,2}}月份?|前\d{{1,2}}个?月|"
    r"[一二三四]季度|上半年|前三季度"
)
_LAST = "上月|上一?周|上一旬|昨日|前一日|上日"
_THAN = r"(?<![同环对])(?:比|较|与|同(?!比))"
_WORSE = r"(?:相比|对比|比)?"

_LEVEL = re.compile(
    r"(?P<beside>占|在|居|与|比|较|高(?:\(低\)|/?低)?于|低于)?(?P<whole>全国|全省|全市|全县)的?"
    r"(?P<tail>.*)$"
)
_GAP = re.compile(
    rf"(?:平均(?:水平|数|值|增速|增幅)?|水平|增速|增幅)?(?:相比|对比|比|之?差距?|相差)?{_HOW}"
)
_LAST_PERIOD = re.compile(
    rf"{_THAN}(?P<when>(?:(?:19|20)\d\d年)?(?:{_PERIOD})|{_LAST}|上期|上季度?)末?{_WORSE}"
    rf"(?:同比)?(?:增长率?|增速|增幅)?{_HOW}$"
)
_LAST_YEAR = re.compile(
    rf"{_THAN}(?:上年|去年)(?:同期|同月)?{_WORSE}(?P<what>增长率?|增速|增幅)?{_HOW}$"
)
_JANUARY = re.compile(
    rf"{_THAN}(?:年初|上年末|去年末|上年底|去年底){_WORSE}(?:净增|新增|增长|增速|增幅)?{_HOW}额?$"
)
_LAST_RANK = re.compile(
    r"(?:上月|上期|上季度?)末?(?:总量|增速|增幅)?(?:位次|排名|名次)$"
    rf"|(?:{_LAST})(?:累计|当月)?(?:增速|增幅|增长|同比|数|值|完成|总量|余额)?$"
)
_BESIDE = ("与", "比", "较", "高于")
_SET_AGAINST = re.compile("[比差高低]")  # 与 before 全市比 is taken off with the brackets


def compared_with(text: str) -> Comparison | None:
    """What a folded text says at its end about a comparison, or None."""
    return _with_level(text) or _with_period(text)


def _with_level(text: str) -> Comparison | None:
    """全市位次, 占全县比重, 比全市高(低), 与全市平均差距."""
    match = _LEVEL.search(text)
    if match is None:
        return None
    facet = _level_facet(match.group("beside") or "", match.group("tail"))
    if not facet:
        return None
    return Comparison(text[: match.start()], facet, level=WHOLE_WORDS[match.group("whole")])


def _level_facet(beside: str, tail: str) -> str:
    word = FIGURE_WORDS.get(tail)
    if word is not None and word.facet.partition("_")[0] in ("rank", "share", "gap"):
        return word.facet
    if beside == "占" and tail in ("", "比", "的比"):
        return "share"
    gap = _GAP.fullmatch(tail)
    beside_it = beside in _BESIDE or beside.endswith("于") or _SET_AGAINST.search(tail)
    if gap is None or not beside_it:
        return ""
    return "falls" if _only_down(gap) or beside == "低于" else "gap"


def _only_down(match: re.Match[str]) -> bool:
    return bool(match.group("down")) and not match.group("up")


def _with_period(text: str) -> Comparison | None:
    """较1—4月±, 比上月提高, 比年初增减, 较上年同期增减, 上月位次."""
    if found := _LAST_RANK.search(text):
        return Comparison(text[: found.start()], dropped=LAST_RANK)
    if found := _JANUARY.search(text):
        return Comparison(text[: found.start()], dropped=SINCE_JANUARY)
    if found := _LAST_YEAR.search(text):
        if _only_down(found):
            return Comparison(text[: found.start()], "falls", compared=LAST_YEAR)
        facet = "change" if found.group("up") else "growth"
        return Comparison(text[: found.start()], facet, compared=LAST_YEAR)
    if found := _LAST_PERIOD.search(text):
        facet = "falls" if _only_down(found) else "change"
        return Comparison(text[: found.start()], facet, compared=found.group("when"))
    return None
