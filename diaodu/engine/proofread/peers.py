"""Places held against the figures of listed peers, and moves against the place before them.

甲县9.2%、乙县8.6%、丙县8.1%，丙县列第3位; 甲县增长9.2%，居第1位；乙县…;
第4位，较上月前移2位（上月第6位）.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    PERCENT,
    PLACE,
    Figure,
    Found,
    Reading,
    Sentence,
)

_SORTS = f"{PERCENT}{AMOUNT}"
_ORG = r"[\u4e00-\u9fffA-Za-z]{1,7}?(?:县|市|区|镇|乡|州|省|旗|街道|园区|开发区|林场|办事处)"
_DOES = r"(?:同比)?(?:增速|增幅|增长|下降|(?:完成|达标|开工|到位)率|完成|实现|达到?|为|是|：)*"
_MEMBER = rf"(?:{_ORG}){_DOES}[{_SORTS}]"
_LIST = re.compile(rf"(?P<head>[^。；]{{0,40}}?)(?P<list>{_MEMBER}(?:[、，；和]{_MEMBER}){{2,}})")
_ITEM = re.compile(rf"(?P<name>{_ORG}){_DOES}(?P<figure>[{_SORTS}])")
_ALL = re.compile(r"各[县市区镇乡省州地]|[县市区]区?(?:增速|增幅)?[^，。；]{0,8}分别|依次|全部")
_PLACED = re.compile(
    rf"(?:其中|而|我[县市区镇乡])*(?P<name>{_ORG})(?:增速|增幅|总量|则|也|仅|只|，)*[居列排位名]"
    rf"(?:[^，。；{_SORTS}{PLACE}]{{0,8}}?)(?<!倒数)(?P<place>{PLACE})"
)
# Where less is better, the places run the other way.
_LESS_IS_BETTER = re.compile(
    r"能耗|浓度|降幅|降低|下降|负债|不良|失业|逾期|排放|成本|天数|投诉|空置"
)
# 甲县增长9.2%，居第1位；乙县增长8.6%，居第2位
_PAIR = re.compile(
    rf"(?P<name>{_ORG}){_DOES}(?P<figure>[{_SORTS}])，?(?:增速|增幅)?[居列排位名](?:[^，。；{_SORTS}{PLACE}]{{0,6}}?)(?<!倒数)(?P<place>{PLACE})"
)
# 甲县、乙县、丙县分别增长9.2%、8.6%、8.1%，其中丙县居第3位
_RESPECTIVELY = re.compile(
    rf"(?P<head>)(?P<names>{_ORG}(?:、{_ORG})+(?:和{_ORG})?)[^，。；、{_SORTS}]{{0,16}}分别[^，。；、{_SORTS}]{{0,6}}"
    rf"(?P<list>[{_SORTS}](?:[、和][{_SORTS}])+)"
)
_NAME = re.compile(_ORG)
_UP = "前移|上升|提升|前进|跃升|提高|进|升"
_DOWN = "后移|下降|下滑|后退|退|降|回落"
_BASE = r"(?:上月|上年同期|上年|去年同期|去年|上季度|上期|年初|上半年)"
_STEPS = rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))了?(?P<steps>{AMOUNT})(?:[位名](?:次)?)?"
# 较上季度的第11位上升3位，居全市第8位
_BACK = re.compile(
    rf"[由从比较](?P<base>{_BASE}|＠)的?[^，。；{PLACE}{AMOUNT}]{{0,4}}(?<!倒数)(?P<old>{PLACE}){_STEPS}"
    rf"，(?:目前|现)?[居列排位][^，。；{_SORTS}{PLACE}]{{0,8}}?(?<!倒数)(?P<new>{PLACE})"
)
# 在9个县区中列第7位，居倒数第3位
_REVERSED = re.compile(
    rf"(?P<all>{AMOUNT})(?:个)?[^，。；{PLACE}]{{0,12}}[居列排位名](?<!倒数)[^，。；{PLACE}数]{{0,4}}(?P<place>{PLACE})"
    rf"[，（、](?:也就是|即|居|列|排|位列|为)*(?:全[省市州县区])?倒数(?P<reverse>{PLACE})"
)
# 第5位，比上年提升4位（上年第9位）; 第4位，较上月（第6位）前移2位
_MOVES = (
    re.compile(
        rf"(?<!倒数)(?P<new>{PLACE})[^。；{PLACE}]{{0,8}}?[比较](?P<base>{_BASE}|＠)[^，。；{PLACE}{AMOUNT}]{{0,4}}{_STEPS}"
        rf"[，（](?:而)?(?P=base)[^，。；{_SORTS}{PLACE}]{{0,10}}?(?<!倒数)(?P<old>{PLACE})"
    ),
    re.compile(
        rf"(?<!倒数)(?P<new>{PLACE})[^。；{PLACE}]{{0,8}}?[比较](?P<base>{_BASE}|＠)的?（?(?<!倒数)(?P<old>{PLACE})）?"
        rf"[^，。；{PLACE}{AMOUNT}]{{0,4}}{_STEPS}"
    ),
)


def checks(reading: Reading) -> Iterator[Claim]:
    """Claims on places of sentences that have one."""
    before: Sentence | None = None
    for sentence in reading.sentences:
        if PLACE in sentence.form:
            for pattern in (*_MOVES, _BACK):
                for found in sentence.find(pattern):
                    yield from _moved(reading.text, found)
            for found in sentence.find(_REVERSED):
                yield from _from_both_ends(reading.text, found)
            yield from _paired(reading.text, sentence)
            around = [sentence]
            if before is not None and before.paragraph == sentence.paragraph:
                around.append(before)
            yield from _among(reading.text, sentence, around)
        before = sentence


def _place(figure: Figure | None) -> int:
    return 0 if figure is None else int(figure.printed.value)


# -- moves -----------------------------------------------------------------------------------------


def _moved(text: str, found: Found) -> Iterator[Claim]:
    """A smaller place is a better one."""
    old, new, steps = (_place(found.figure(name)) for name in ("old", "new", "steps"))
    figures = [found.figure(name) for name in ("old", "new", "steps")]
    known = [figure for figure in figures if figure is not None]
    if len(known) < 3:
        return
    start, end = min(one.start for one in known), max(one.end for one in known)
    said = steps if found.match["up"] is not None else -steps
    rose = old - new
    word = found.match["up"] or found.match["down"]
    way = "上升" if rose > 0 else "下降"
    right = f"{way}{abs(rose)}位" if rose else "未变"
    holds = said == rose
    told = f"由第{old}位到第{new}位是{right}，"
    told += "相符" if holds else f"不是“{word}{steps}位”；应写{right}，或核对位次"
    yield _claim(text, (start, end), f"{steps}位", f"{abs(rose)}位", abs(rose), told, holds=holds)


def _from_both_ends(text: str, found: Found) -> Iterator[Claim]:
    """第7位 of 9 is 倒数第3位."""
    all_, place, reverse = (found.figure(name) for name in ("all", "place", "reverse"))
    if all_ is None or place is None or reverse is None or not all_.is_count:
        return
    many = int(all_.printed.value)
    right = many + 1 - _place(place)
    holds = right == _place(reverse)
    printed, computed = f"倒数第{_place(reverse)}位", f"倒数第{right}位"
    told = f"{many}个中的第{_place(place)}位是{computed}，"
    told += "相符" if holds else f"不是{printed}；应核对位次或个数"
    stretch = (all_.start, reverse.end)
    if right >= 1:
        yield _claim(text, stretch, printed, computed, right, told, holds=holds)


# -- values with their places ----------------------------------------------------------------------


def _paired(text: str, sentence: Sentence) -> Iterator[Claim]:
    """Orgs each with a figure and a place: who has more stands before who has less, or all run the
    other way."""
    pairs: list[tuple[Figure, Figure]] = []
    names: set[str] = set()
    for found in sentence.find(_PAIR):
        figure, place = found.figure("figure"), found.figure("place")
        if figure is not None and place is not None and figure.hedge is None:
            pairs.append((figure, place))
            names.add(found.text("name"))
    if len(pairs) < 3 or len(names) < len(pairs):
        return
    if len({(one.sign, one.dimension) for one, _ in pairs}) != 1:
        return
    ordered = sorted(pairs, key=lambda pair: _place(pair[1]))
    steps = [(one, other) for one, other in pairwise(ordered) if _place(one[1]) != _place(other[1])]
    falling = all(one[0].signed.hi >= other[0].signed.lo for one, other in steps)
    rising = all(one[0].signed.lo <= other[0].signed.hi for one, other in steps)
    printed = "、".join(f"第{_place(place)}位" for _, place in pairs)
    stretch = (pairs[0][0].start, pairs[-1][1].end)
    if falling or rising:
        told = "数值大小与位次先后一致，相符"
        yield _claim(text, stretch, printed, None, None, told, holds=True)
        return
    worse = next(pair for pair in steps if pair[0][0].signed.hi < pair[1][0].signed.lo)
    told = (
        f"{_shown(worse[0][0])}列第{_place(worse[0][1])}位，{_shown(worse[1][0])}却列第"
        f"{_place(worse[1][1])}位，大小与先后不一致；应核对数值和位次"
    )
    yield _claim(text, stretch, printed, None, None, told, holds=False)


def _shown(figure: Figure) -> str:
    return ("-" if figure.falls else "") + "".join(figure.quote.split())


# -- one place among listed figures ----------------------------------------------------------------


def _among(text: str, sentence: Sentence, around: Sequence[Sentence]) -> Iterator[Claim]:
    """The place of one of the listed; of a list that may not be all, only a place that leaves no
    room for those listed ahead contradicts."""
    for listing in around:
        for found in (*listing.find(_LIST), *listing.find(_RESPECTIVELY)):
            members = _members(listing, found)
            if members is None:
                continue
            complete = _ALL.search(found.text("head")) is not None
            falls = _LESS_IS_BETTER.search(listing.form) is not None
            for placed in sentence.find(_PLACED):
                behind = listing is not sentence or placed.match.start() >= found.match.end("list")
                place, own = placed.figure("place"), members.get(placed.text("name"))
                if behind and place is not None and own is not None:
                    claim = _one(text, sentence, listing, members, own, place, complete=complete)
                    if claim is not None and not (falls and claim.verdict == "contradicts"):
                        yield claim


def _members(sentence: Sentence, found: Found) -> dict[str, Figure] | None:
    """Each listed name with its figure; None where two have one name, or figures differ in kind."""
    members: dict[str, Figure] = {}
    for name, figure in _named(sentence, found):
        if name in members or figure.hedge is not None:
            return None
        members[name] = figure
    kinds = {(one.sign, one.dimension) for one in members.values()}
    return members if len(members) > 2 and len(kinds) == 1 else None


def _named(sentence: Sentence, found: Found) -> list[tuple[str, Figure]]:
    """The names of a list with their figures; none where there are not as many of both."""
    figures = found.figures("list")
    if "names" in found.match.groupdict():
        names = _NAME.findall(found.text("names"))
    else:
        names = [item["name"] for item in _ITEM.finditer(sentence.form, *found.match.span("list"))]
    return list(zip(names, figures, strict=True)) if len(names) == len(figures) else []


def _one(
    text: str, sentence: Sentence, listing: Sentence, members: dict[str, Figure], own: Figure,
    place: Figure, *, complete: bool,
) -> Claim | None:  # fmt: skip
    said, many = _place(place), len(members)
    more = sum(one.signed.lo > own.signed.hi for one in members.values())
    less = sum(one.signed.hi < own.signed.lo for one in members.values())
    holds = more < said <= many - less
    if not holds and said > more and not complete:
        return None  # others that are not listed may stand between
    right = more + 1
    here = listing is sentence
    stretch = (min(own.start, place.start), place.end) if here else (place.start, place.end)
    told = f"按所列{many}个数，{_shown(own)}应列第{right}位，"
    told += "相符" if holds else f"不是第{said}位；应核对数值和位次"
    operands = () if here else tuple((one.start, one.end) for one in members.values())
    printed, computed = f"第{said}位", f"第{right}位"
    return _claim(text, stretch, printed, computed, right, told, holds=holds, operands=operands)


def _claim(
    text: str, stretch: tuple[int, int], printed: str, computed: str | None, value: int | None,
    told: str, *, holds: bool, operands: tuple[tuple[int, int], ...] = (),
) -> Claim:  # fmt: skip
    start, end = stretch
    interval = None if value is None else (Fraction(value), Fraction(value))
    return Claim(
        start, end, text[start:end], "rank", "holds" if holds else "contradicts", printed, told,
        None if holds else "wrong", computed, interval, None if holds else computed, operands,
    )  # fmt: skip
