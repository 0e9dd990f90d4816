"""A growth between those of its parts, and words on what is higher without by how much.

GDP grows by no less than its slowest sector and no more than its fastest, a half-year by no less
than its slower quarter: 增长8.5%，一产、二产、三产分别增长11.7%、7.9%、9.6%.
高于全国（29.2%）和全省（54.1%）水平 says which is more, with no difference to compute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from diaodu.engine.proofread.claims import Claim, Grade, Verdict
from diaodu.engine.proofread.contribution import whole_of
from diaodu.engine.proofread.nearby import Paragraphs, Spot, listed, spots
from diaodu.engine.proofread.reading.model import PERCENT, TIME, Figure, Found, Reading, Sentence

_SECTORS = tuple(
    re.compile(rf"第?{number}(?:次)?产业?(?:增加值)?|{number}产") for number in ("一", "二", "三")
)
_THREE = re.compile(
    r"(?:一产|第?一(?:次)?产业)、(?:二产|第?二(?:次)?产业)[、和](?:三产|第?三(?:次)?产业)(?:增加值)?(?:同比)?分别"
    r"(?:同比)?增长$|三次产业(?:增加值)?分别(?:同比)?增长$"
)
_GROWN = re.compile(r"(?:同比|可比)?(?:增长|下降|负增长|增速为?)(?:了)?$")
_NOT_THIS = re.compile(r"占|比重|贡献|拉动|平均|比|较|投资|税收|用电|贷款")
# 一季度下降3.3%，二季度增长4.6%，拉动上半年GDP增长0.8%
_QUARTERS = re.compile(
    rf"(?P<t1>{TIME})(?:同比)?(?:增长|下降)(?P<one>{PERCENT})，(?P<t2>{TIME})(?:同比)?(?:增长|下降)(?P<two>{PERCENT})，"
    rf"(?:拉动|推动)?(?P<t3>{TIME})(?:[^，。；{PERCENT}]{{0,8}})?(?:增长|下降)(?P<all>{PERCENT})"
)
# 增长96.8%，高于全国（29.2%）和全省（54.1%）水平
_PEER = rf"[^，。；（）{PERCENT}]{{1,10}}（(?:同比)?(?:增长|下降)?{PERCENT}）"
_HIGHER = re.compile(
    rf"(?P<own>{PERCENT})，[^，。；（）{PERCENT}]{{0,8}}?(?:均|都|远远|明显|大幅|显著)*(?:(?P<more>高于|快于|领先于)|(?P<less>低于|慢于|落后于))"
    rf"(?P<peers>{_PEER}(?:[、和及]{_PEER})*)(?:的)?(?:平均)?(?:水平|增速|增幅)?(?=[，。；]|$)"
)


def checks(reading: Reading) -> Iterator[Claim]:
    """Claims of growths that stand with those of their parts, or with those of peers."""
    for sentence, around in Paragraphs(reading).walk():
        yield from _of_sectors(reading.text, sentence, around)
        for found in sentence.find(_QUARTERS):
            yield from _of_quarters(reading.text, found)
        for found in sentence.find(_HIGHER):
            yield from _directed(reading.text, found)


# -- between parts ---------------------------------------------------------------------------------


def _of_sectors(text: str, sentence: Sentence, around: Sequence[Sentence]) -> Iterator[Claim]:
    parts = _sectors(sentence)
    whole = whole_of(sentence, around) if len(parts) == 3 else None
    if whole is None or whole.figure.hedge or any(one.hedge for one in parts):
        return
    if any(one.start == whole.figure.start for one in parts):
        return
    here = sentence.start <= whole.figure.start < sentence.end
    yield _between(text, whole.figure, parts, "三次产业", apart=not here)


def _sectors(sentence: Sentence) -> list[Figure]:
    """The growths of the three sectors, listed or one after the other; none without all three."""
    for run in listed(sentence, PERCENT):
        if len(run) == 3 and _THREE.search(run[0].clause):
            return [one.figure for one in run]
    found: list[Figure] = []
    growths = [one for one in spots(sentence, PERCENT) if _GROWN.search(one.clause)]
    for sector in _SECTORS:
        own = [one for one in growths if _is_of(one, sector)]
        if len(own) != 1:
            return []
        found.append(own[0].figure)
    return found


def _is_of(spot: Spot, sector: re.Pattern[str]) -> bool:
    """Whether a growth is of a sector by the clauses since the last ；: 第一产业…，增长6.3%."""
    part = re.split(r"[；。]", spot.before)[-1]
    names = [one for one in _SECTORS if one.search(part)]
    return names == [sector] and _NOT_THIS.search(spot.clause) is None


def _of_quarters(text: str, found: Found) -> Iterator[Claim]:
    """Two quarters and the half-year they make up."""
    times = [found.sentence.moments[found.match.start(name)].quote for name in ("t1", "t2", "t3")]
    figures = [found.figure(name) for name in ("one", "two", "all")]
    parts = [one for one in figures if one is not None]
    quarters = times[0].endswith("一季度") and times[1].endswith("二季度")
    if len(parts) == 3 and quarters and times[2].endswith("上半年"):
        yield _between(text, parts[2], parts[:2], "两个季度", apart=False)


def _between(
    text: str, whole: Figure, parts: Sequence[Figure], named: str, *, apart: bool
) -> Claim:
    """Growth of the whole lies between the least and the most of its parts."""
    low = min(one.signed.lo for one in parts)
    high = max(one.signed.hi for one in parts)
    holds = whole.signed.hi >= low and whole.signed.lo <= high
    shown = "、".join(_shown(one) for one in parts)
    told = f"{named}的增速是{shown}，总的增速{_shown(whole)}"
    told += "在它们之间，相符" if holds else "不在它们之间；应核对这几个增速"
    start, end = whole.start, whole.end
    operands: tuple[tuple[int, int], ...] = ()
    if apart:
        operands = tuple((one.start, one.end) for one in parts)
    else:
        start = min(start, *(one.start for one in parts))
        end = max(end, *(one.end for one in parts))
    grade: Grade | None = None if holds else "wrong"
    return Claim(
        start, end, text[start:end], "growth", "holds" if holds else "contradicts", _shown(whole),
        told, grade, None, None, None, operands,
    )  # fmt: skip


def _shown(figure: Figure) -> str:
    return ("-" if figure.falls else "") + "".join(figure.quote.split())


# -- higher and lower ------------------------------------------------------------------------------


def _directed(text: str, found: Found) -> Iterator[Claim]:
    own, peers = found.figure("own"), found.figures("peers")
    if own is None or own.hedge is not None or any(one.hedge for one in peers):
        return
    word = found.match["more"] or found.match["less"]
    more = found.match["more"] is not None
    against = [
        one
        for one in peers
        if (own.signed.hi <= one.signed.lo if more else own.signed.lo >= one.signed.hi)
    ]
    start, end = found.sentence.span(found.match.start(), found.match.end("peers"))
    verdict: Verdict = "contradicts" if against else "holds"
    told = f"{_shown(own)}{word}{'、'.join(_shown(one) for one in peers)}，相符"
    right = None
    if against:
        right = {"高于": "低于", "快于": "慢于", "领先于": "落后于"}.get(word) or "高于"
        told = f"{_shown(own)}并不{word}{_shown(against[0])}；应核对，或把“{word}”改为“{right}”"
    yield Claim(
        start, end, text[start:end], "pp_diff", verdict, word, told,
        "wording" if against else None, right, None, right,
    )  # fmt: skip
