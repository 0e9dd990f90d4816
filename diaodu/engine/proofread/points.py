"""Differences of percentages: 高于全省0.2个百分点, 比上月回落1.5个百分点, 分别高于A、B x、y.

Also 由2.2%提高到2.7%、提高0.5个百分点, and differences that are printed as % for 百分点.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from diaodu.engine.compute import calculator_formulas as formulas
from diaodu.engine.proofread.arithmetic import (
    Attempt,
    computed,
    judged,
    printed_text,
    unverifiable,
    with_other_sign,
)
from diaodu.engine.proofread.claims import Claim, Kind
from diaodu.engine.proofread.known import Known
from diaodu.engine.proofread.names import listed_names
from diaodu.engine.proofread.nearby import JOINED, Paragraphs, Spot, clause_start, listed, spots
from diaodu.engine.proofread.reading.model import PERCENT, POINTS, TIME, Figure, Reading, Sentence

_UP = "高出|高|快|多|提高|提升|上升|回升|加快|增加|扩大|上涨|增长|拉升|加大|反弹"
_DOWN = "低|慢|少|下降|降低|回落|放缓|减少|收窄|减缓|下滑|下跌|回调|缩小|减"
_GAP = re.compile(
    rf"(?P<side>同比|环比|高于|低于|快于|慢于|高出|低出|领先于?|落后于?|超过|超出|超|(?<![同占环无对])比(?![重例价率值])|(?<![比计])较(?![大小高低多少好快慢])|与|差)"
    rf"(?P<peers>[^，；。]*?)(?:相比)?，?(?:(?<!平)均|都|也|又|还|再|仅|只|分别|同比|增速|增幅|大幅|小幅|明显|显著|进一步|继续|略|稍|有所)*"
    rf"(?P<verb>{_UP}|{_DOWN})?(?:了|约|近|分别|出|为|均|达)*$"
)
_ALONE = re.compile(
    r"(?P<verb>提高|提升|上升|回升|加快|扩大|下降|降低|回落|放缓|收窄|下滑|增加|减少)(?:了|约|近|幅度为|达)*$"
)
_SINKS = re.compile(rf"^(?:{_DOWN})|低于|慢于|低出|落后|差")
_OF_FALL = re.compile(r"(?:降幅|跌幅|减幅|亏损额?)[^，；。]{0,14}$")
_TO_GOAL = re.compile(r"[差超].*目标(?:增速|增幅|进度)")
_PACE = re.compile(r"序时|时间进度|目标进度|进度要求")
_EVERY_YEAR = re.compile(r"年均|每年|月均|每月|逐年")
_OPPOSITES = (
    "高于 低于", "快于 慢于", "高出 低于", "领先 落后", "领先于 落后于", "超过 低于", "超出 低于",
    "超 差", "高 低", "快 慢", "多 少", "提高 回落", "提升 下降", "上升 下降", "回升 回落",
    "加快 放缓", "增加 减少", "扩大 收窄", "上涨 下跌", "增长 下降", "提高 降低", "加快 减缓",
    "上升 下滑", "扩大 缩小", "反弹 回落",
)  # fmt: skip
_TURNED: dict[str, str] = {}
for _up, _down in (pair.split() for pair in _OPPOSITES):
    _TURNED.setdefault(_up, _down)
    _TURNED.setdefault(_down, _up)


_TOWARDS = ("比", "较", "与", "同比", "环比")  # they have their direction in the verb behind


@dataclass(frozen=True, slots=True)
class _Gaps:
    """A run of gaps, what it is said to be against, and the word that gives the direction.

    `start` is where the phrase begins in the form."""

    gaps: tuple[Spot, ...]
    peers: str
    word: str
    sinks: bool
    start: int
    respectively: bool
    mine: str  # the period named as its own: 10月份比9月份回落; "" where none is


def checks(reading: Reading) -> Iterator[Claim]:
    known = Known(reading)
    for sentence, around in Paragraphs(reading).walk():
        for run in listed(sentence, POINTS + PERCENT):
            gaps = _read(run)
            if gaps is not None:
                yield from _of_structure(gaps) or _claims(gaps, around, known)


# -- reading -------------------------------------------------------------------------------------


def _read(run: tuple[Spot, ...]) -> _Gaps | None:
    first = run[0]
    clause = first.clause
    match = _GAP.search(clause)
    if match is None:
        match = _ALONE.search(clause)
    if match is None or _PACE.search(clause) or _EVERY_YEAR.search(clause):
        return None
    groups = match.groupdict()
    side, verb = groups.get("side") or "", groups["verb"] or ""
    peers = groups.get("peers") or ""
    if side in _TOWARDS and not verb:
        return None
    word = verb if side in (*_TOWARDS, "") or not _TURNED.get(side) else side
    if first.figure.sign == PERCENT and not _may_be_gap(first, side, verb, peers):
        return None
    if "℗" in peers:  # 高于全国7.9个百分点、全省7.8个百分点
        peers = peers.rpartition("℗")[2].lstrip("、，和及与")
    sinks = _SINKS.search(word) is not None
    if _OF_FALL.search(clause[: match.start()]):  # 降幅比上月收窄: the growth itself is higher
        sinks = word not in ("收窄", "缩小", "回落", "减少")
    start = first.place - len(clause) + match.start()
    offset = first.place - len(clause)
    named = [
        first.sentence.moments[i].quote for i in range(offset, start) if clause[i - offset] == TIME
    ]
    return _Gaps(
        run, peers, word, sinks, start, "分别" in clause and "℗" not in clause,
        named[-1] if named else "",
    )  # fmt: skip


def _may_be_gap(first: Spot, side: str, verb: str, peers: str) -> bool:
    """A percentage may be a gap misprinted where it stands behind 高于全省 or 比上月回落; behind
    增长 it is a growth."""
    if not side and _FROM_TO.search(first.before):
        return True
    return verb not in ("增长", "增加", "减少", "下降", "上涨", "下跌", "多", "少") or side in (
        "高于", "低于", "快于", "慢于",
    )  # fmt: skip


_FROM_TO = re.compile(r"[由从][^，。；％]*％[^，。；％]*(?:到|至|为)[^，。；％]*％，[^，。；％]*$")


# -- computing -----------------------------------------------------------------------------------


def _claims(gaps: _Gaps, around: Sequence[Sentence], known: Known) -> Iterator[Claim]:
    peers = _peers(gaps)
    count = len(gaps.gaps)
    if _is_short(gaps, peers):
        yield _miscounted(gaps, peers)
        return
    owns = _owns(gaps)
    for index, gap in enumerate(gaps.gaps):
        peer = peers[index] if len(peers) == count else (peers[0] if len(peers) == 1 else None)
        claim = _claim(gaps, gap, peer, owns, index, around, known)
        if claim is not None:
            yield claim


_SHIFT = re.compile(r"(?P<old>＃：＃：＃)[^。；＃]*?(?:到|至|为)[^。；＃]{0,8}(?P<new>＃：＃：＃)")
_SECTORS = (("一产", "第一产业"), ("二产", "第二产业"), ("三产", "第三产业"))


def _of_structure(gaps: _Gaps) -> list[Claim]:
    """由16.6:43.2:40.2调整为15.4:43.8:40.8，二产比重提高0.6个百分点."""
    sentence, gap = gaps.gaps[0].sentence, gaps.gaps[0]
    clause = gap.clause
    shifts = [found for found in sentence.find(_SHIFT) if found.match.end() <= gap.place]
    sectors = [i for i, names in enumerate(_SECTORS) if any(name in clause for name in names)]
    if not re.search(r"比重|占比|份额", clause) or re.search(r"贡献|拉动", clause):
        return []
    if not shifts or not sectors or len(gaps.gaps) not in (1, len(sectors)):
        return []
    old, new = (shifts[-1].figures(group) for group in ("old", "new"))
    claims = []
    for index, sector in enumerate(sectors):
        own = gaps.gaps[index if len(gaps.gaps) > 1 else 0]
        printed, words = _in_points(replace(own.figure, falls=gaps.sinks))
        attempts = list(
            _attempts(new[sector], old[sector], gaps.word, sure=words is None, words=words)
        )
        claim = judged(sentence, "pp_diff", printed, attempts)
        if claim is not None and (words is None or claim.grade == "wording"):
            claims.append(claim)
    return claims


def _in_points(figure: Figure) -> tuple[Figure, tuple[str, str] | None]:
    """A gap, and the words to tell where it is printed as a percentage."""
    if figure.sign == POINTS:
        return figure, None
    printed, word, right = with_other_sign(figure)
    return printed, (word, right)


@dataclass(frozen=True, slots=True)
class _Peer:
    """What something is compared with, and its percentage where one is printed beside it."""

    name: str
    figure: Figure | None


def _peers(gaps: _Gaps) -> list[_Peer]:
    sentence, peers = gaps.gaps[0].sentence, []
    place = sentence.form.index(gaps.peers, gaps.start) if gaps.peers else gaps.start
    for name in listed_names(gaps.peers):
        at = sentence.form.index(name, place)
        place = at + len(name)
        inside = name.find("（")
        bare = sentence.words(at, at + inside if inside >= 0 else place)
        figures = [sentence.at[i] for i in range(at, place) if sentence.form[i] == PERCENT]
        if len(figures) == len(gaps.gaps) > 1:  # 分别比上年（3.6%、7.2%）提高
            return [_Peer(bare, figure) for figure in figures]
        peers.append(_Peer(bare, figures[0] if len(figures) == 1 else None))
    return peers


def _is_short(gaps: _Gaps, peers: Sequence[_Peer]) -> bool:
    """Whether a list of peers and its list of gaps are not of one length."""
    sign = gaps.gaps[0].figure.sign
    if not gaps.respectively or sign != POINTS or len(peers) < 2:
        return False
    known = all(_PLACES.search(peer.name) or peer.figure is not None for peer in peers)
    return known and len(peers) != len(gaps.gaps)


_PLACES = re.compile(
    r"全国|全省|全市|全州|全区|全县|同期|平均|目标|上月|上年|去年|季度|半年|月|[省市州县区]$|年初"
)


def _miscounted(gaps: _Gaps, peers: Sequence[_Peer]) -> Claim:
    first, last = gaps.gaps[0].figure, gaps.gaps[-1].figure
    start = gaps.gaps[0].sentence.offsets[gaps.start]
    names = "、".join(peer.name for peer in peers)
    shown = "、".join(printed_text(gap.figure) for gap in gaps.gaps)
    count = len(gaps.gaps)
    return Claim(
        start, last.end, "", "pp_diff", "contradicts", printed_text(first),
        f"“分别”前列了{names}共{len(peers)}个，后面却有{shown}共{count}个数，对不上",
        "wrong", fix=f"“分别”前后应各有{len(peers)}个",
    )  # fmt: skip


def _owns(gaps: _Gaps) -> list[Spot]:
    """The percentages that the gaps may belong to: before the phrase, in no brackets, nearest
    first; a list of several (分别增长8%、9%) counts as one for each gap."""
    first = gaps.gaps[0]
    found = [
        spot
        for spot in spots(first.sentence, PERCENT)
        if spot.place < gaps.start and _is_open(first.sentence.form, spot.place, gaps.start)
    ]
    return [one for one in found[::-1] if not gaps.mine or gaps.mine == _moment_of(one)]


def _moment_of(spot: Spot) -> str:
    """The date or period last named before a figure in its sentence."""
    places = [place for place in spot.sentence.moments if place < spot.place]
    return spot.sentence.moments[max(places)].quote if places else ""


def _is_open(form: str, place: int, behind: int) -> bool:
    """Whether no bracket that closes before `behind` holds a place."""
    opened, closed = form.rfind("（", 0, place), form.rfind("）", 0, place)
    return opened <= closed or form.find("）", place, behind) < 0


def _claim(
    gaps: _Gaps, gap: Spot, peer: _Peer | None, owns: Sequence[Spot], index: int,
    around: Sequence[Sentence], known: Known,
) -> Claim | None:  # fmt: skip
    sentence = gap.sentence
    printed, words = _in_points(replace(gap.figure, falls=gaps.sinks))
    start = sentence.offsets[gaps.start]
    attempts: list[Attempt] = []
    for own, other, sure in _operands(gaps, gap, peer, owns, index, around):
        attempts += _attempts(own, other, gaps.word, sure=sure, words=words)
    if not attempts:
        told = _from_elsewhere(gap, peer, owns, len(gaps.gaps), index, known)
        if told:
            own, other, sure = told
            attempts += _attempts(own, other, gaps.word, sure=sure, words=words)
    if words is not None:
        attempts = [replace(one, sure=False) for one in attempts]
        claim = judged(sentence, "pp_diff", printed, attempts, start=start)
        return claim if claim is not None and claim.grade == "wording" else None
    # 差目标增速0.1个百分点 says how far one is behind, as 差序时进度 does
    kind: Kind = "pace_gap" if _TO_GOAL.match(gaps.word + gaps.peers) else "pp_diff"
    claim = judged(sentence, kind, printed, attempts, start=start)
    if claim is None and printed.hedge is None:
        return unverifiable(sentence, kind, printed, _missing(peer, owns), start=start)
    return claim


def _missing(peer: _Peer | None, owns: Sequence[Spot]) -> str:
    if peer is not None and peer.name and peer.figure is None:
        return f"“{peer.name.strip('，、的')}”的百分数"
    return "相比的百分数" if owns else "自己的百分数"


def _attempts(
    own: Figure, other: Figure, word: str, *, sure: bool, words: tuple[str, str] | None
) -> Iterator[Attempt]:
    """A figure without a word of its own beside a fall may be one too: 下降3.6%，超目标（3%）."""
    if own.falls and not (other.falls or other.word) and other.value > 0:
        falling = replace(other, falls=True)
        yield from _of_two(own, falling, word, sure=sure, words=words)
        if word.startswith(("超", "差")):
            yield from _of_two(replace(own, falls=False), other, word, sure=sure, words=words)
        sure = False
    yield from _of_two(own, other, word, sure=sure, words=words)


def _of_two(
    own: Figure, other: Figure, word: str, *, sure: bool, words: tuple[str, str] | None
) -> Iterator[Attempt]:
    given = computed(formulas.pp_diff, "pp_diff", {"a": own, "b": other})
    if given is None:
        return
    found, formula = given
    yield Attempt(found, formula, (own, other), sure, words=words)
    if words is None and word in _TURNED and not found.holds_zero:
        yield Attempt(-found, formula, (own, other), False, words=(word, _TURNED[word]))


def _operands(
    gaps: _Gaps, gap: Spot, peer: _Peer | None, owns: Sequence[Spot], index: int,
    around: Sequence[Sentence],
) -> Iterator[tuple[Figure, Figure, bool]]:  # fmt: skip
    """Pairs of own and other percentage that the gap may be the difference of."""
    bare = "" if peer is None else _bare(peer.name)
    owns = [one for one in owns if not _tells(bare, one)] or _own_behind(gaps)
    if not owns:
        return
    mine = _mine(owns, len(gaps.gaps), index)
    if peer is not None and peer.figure is not None:
        yield mine.figure, peer.figure, _is_close(mine, gaps)
        return
    if peer is None or not peer.name:
        behind = _last_year_behind(gaps)
        if behind is not None and len(gaps.gaps) == 1:
            yield mine.figure, behind, _is_close(mine, gaps)
        yield from _transitions(gaps, owns)
        return
    beside = [one for one in spots(gap.sentence, PERCENT) if one.place != mine.place]
    others = list(_called(bare, mine, beside[::-1], around))
    here = [one for one in others if one.sentence is mine.sentence]
    for other in others:
        sure = here == [other] and _is_close(mine, gaps) and _is_close(other, gaps)
        yield mine.figure, other.figure, sure


def _from_elsewhere(
    gap: Spot, peer: _Peer | None, owns: Sequence[Spot], count: int, index: int, known: Known
) -> tuple[Figure, Figure, bool] | None:
    """The own growth, or that of whom or what it is compared with, told in another sentence.
    Whose growth another indicator's is said to be is not sure: 全市 may be the level above."""
    if peer is None:
        return None
    mine = _mine(owns, count, index) if owns else known.growth(gap)
    if mine is None:
        return None
    if peer.figure is not None:
        return mine.figure, peer.figure, True
    above = _ABOVE.search(peer.name)
    other: Spot | None = None
    if "目标" in peer.name:
        other = known.target(gap)
    elif above is not None and len(peer.name) <= len(above[0]) + len("平均水平"):
        other = known.growth(gap, above[0])
    if other is not None:
        return mine.figure, other.figure, True
    other = known.growth_of(peer.name, gap)
    return None if other is None else (mine.figure, other.figure, False)


_ABOVE = re.compile(r"全国|全省|全市|全州")


_OURS = re.compile(r"^我[省市州区县镇]|^全[州区县]|^自己")
_LAST_YEAR_BEHIND = re.compile(r"[，（](?:而)?(?:去年|上年)(?:同期)?[^，。；％℗]{0,8}％")


def _own_behind(gaps: _Gaps) -> list[Spot]:
    """比全国高0.7个百分点，我县增长5.9%: one's own, told behind."""
    last = gaps.gaps[-1]
    return [
        one
        for one in spots(last.sentence, PERCENT)
        if one.place > last.place and _OURS.search(one.clause)
    ][:1]


def _last_year_behind(gaps: _Gaps) -> Figure | None:
    """同比扩大3.2个百分点，去年同期亏损面为23.5%."""
    last = gaps.gaps[-1]
    match = _LAST_YEAR_BEHIND.match(last.after)
    return None if match is None else last.sentence.at[last.place + match.end()]


def _mine(owns: Sequence[Spot], count: int, index: int) -> Spot:
    """The nearest percentage, or of a list as long as the gaps the one in the same place."""
    run = [owns[0]]
    for one in owns[1:]:
        if run[-1].before[one.place + 1 :] not in JOINED:
            break
        run.append(one)
    return run[::-1][index] if len(run) == count > 1 else owns[0]


def _is_close(one: Spot, gaps: _Gaps) -> bool:
    """Whether a percentage stands in the same clause as the phrase or near it."""
    last = gaps.gaps[-1]
    if one.place > last.place:
        between = last.after[: one.place - last.place - 1]
        return between.count("，") <= 1 and "；" not in between
    between = one.after[: gaps.start - one.place - 1]
    return between.count("，") <= 2 and "；" not in between


def _transitions(gaps: _Gaps, owns: Sequence[Spot]) -> Iterator[tuple[Figure, Figure, bool]]:
    """由2.2%提高到2.7%，提高0.5个百分点; 为43%，上年为41.8%，提升1.2个百分点."""
    if len(owns) < 2:
        return
    last, before = owns[0], owns[1]
    between = last.before[before.place + 1 :]
    if re.search(r"到|至|为", between) and re.search(r"[由从]", before.clause):
        yield last.figure, before.figure, _is_close(last, gaps)
        return
    if re.search("[；℗]", between):  # the other has a difference of its own
        return
    sure = len(owns) == 2 and between.count("，") == 1 and _is_close(last, gaps)
    if re.search(r"去年|上年|＠|同期", last.clause):
        yield before.figure, last.figure, sure
    elif re.search(r"去年|上年|＠|同期", before.clause):
        yield last.figure, before.figure, sure


def _bare(name: str) -> str:
    return re.sub(r"平均水平|平均|水平|增速|增幅|的", "", name).strip("，、")


def _tells(bare: str, one: Spot) -> bool:
    """Whether a percentage is the peer's by the words before it (全省增长8.2%), or by its place in
    a list (全国、全省分别增长5.2%、5.9%)."""
    clause = _words_before(one)
    named = len(bare) > 1 and bare in clause
    return named and re.search(rf"[比较于与超]{re.escape(bare)}", clause) is None


_EACH = re.compile(r"(?P<names>[^，；。]*)分别")


def _words_before(one: Spot) -> str:
    """The words of its clause before a percentage; of a list of names and as many percentages, the
    one name that stands in its place."""
    if "分别" not in one.sentence.form:
        return one.sentence.words(clause_start(one.before), one.place)
    run = next(run for run in listed(one.sentence, PERCENT) if one in run)
    start = clause_start(run[0].before)
    words = one.sentence.words(start, run[0].place)
    match = _EACH.match(words)
    names = listed_names(match["names"]) if match else []
    if 1 < len(names) == len(run):
        return names[run.index(one)]
    return one.sentence.words(clause_start(one.before), one.place)


def _called(
    bare: str, mine: Spot, beside: Sequence[Spot], around: Sequence[Sentence]
) -> Iterator[Spot]:
    """Percentages beside the own one, and before it, that are the peer's."""
    told = [*beside]
    for sentence in reversed(around):
        told += reversed(spots(sentence, PERCENT))
    for one in told:
        clause = one.before[clause_start(one.before) :]
        named_alone = one.sentence.words(clause_start(one.before), one.place).strip("为是") == bare
        of_whole = "目标" not in bare and _is_part(clause)
        differ = of_whole is not _is_part(mine.clause) and not named_alone
        if not _tells(bare, one) or differ:
            continue  # a share beside a growth
        if one.figure.subject == mine.figure.subject or one.sentence is mine.sentence:
            yield one


def _is_part(clause: str) -> bool:
    """Whether a percentage says how much something is of a whole, or of a task."""
    return _OF_WHOLE.search(clause) is not None


_OF_WHOLE = re.compile(r"占|比重|贡献率|(?:任务|计划|目标|预算)[^，；。增长下降]{0,6}$")
