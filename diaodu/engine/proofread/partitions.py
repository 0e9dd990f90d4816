"""Counts parted without a rest: 12项中8项完成，其余4项未完成; 除甲外，其余11项; 在建、未建."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.model import AMOUNT, Figure, Found, Reading, Sentence

_COUNTS = frozenset("个 家 户 项 件 宗 条 名 人 座 处 台 辆 所 村 镇 县 市".split())
_REST = r"(?:其余|其他|其它|剩余|余下|另外|另)的?"
# 12项指标中，甲等8项增长；其余的丙、丁等4项下降
_PARTED = re.compile(
    rf"(?P<whole>{AMOUNT})(?P<head>[^。；{AMOUNT}]{{0,24}})[，中](?P<parts>[^。]*?)"
    rf"(?<=[，；。]){_REST}(?P<named>[^，。；{AMOUNT}]{{0,60}}?)(?P<rest>{AMOUNT})"
)
# 8件和10件任务已启动，除甲、乙达到进度外，其余16项进展慢
_EXCEPT = re.compile(
    rf"(?<!{AMOUNT})(?P<whole>{AMOUNT})(?P<also>[^，。；{AMOUNT}]{{0,16}}[和与及][^，。；{AMOUNT}]{{0,10}}(?P<other>{AMOUNT}))?(?P<head>[^。；{AMOUNT}]{{0,30}})"
    rf"，除(?P<names>[^，。；{AMOUNT}]+?)(?:达到|完成|超过|高于|低于|未|已|实现|[^、，。；]{{0,10}})外，{_REST}(?P<rest>{AMOUNT})"
)
# 21个乡镇中，完成的13个，未完成的8个
_AMONG = re.compile(rf"(?P<whole>{AMOUNT})[^，。；{AMOUNT}]{{0,10}}[中里]，(?P<parts>[^。；]*)")
_HALVES = (
    (r"(?<![未不])(?<!没有)(?P<done>完成|开工|达标|办结|整改|竣工|增长|投产|入库|验收|销号|上报|落地)",
     r"(?:未|没有|不|尚未)(?P=done)"),
    (r"(?P<done>)正增长", "(?P=done)负增长"),
    (r"(?P<done>)盈利", "(?P=done)亏损"),
    (r"(?P<done>)(?<!不)合格", "(?P=done)不合格"),
)  # fmt: skip
_LIGHT = re.compile(rf"[{AMOUNT}、，的有为数个家]|任务|目标")
# Between these two some may have stood still, and each may be of another thing.
_SIDES = (("增长|上升|提升|回升", "下降|回落|下滑"), ("高于|快于", "低于|慢于"))
_STATES = re.compile(r"已|完成|建成|在建|正在|未|尚|剩|开工|停工|竣工|投产|办结|整改")
_OPEN_STATES = re.compile(r"未|尚|剩|没有")
_WHOLES = re.compile(r"计划|共有?|任务|总数|总计|合计|下达|列入|安排|应")
_JOINT = re.compile(r"[和与及]|以及")


def checks(reading: Reading) -> Iterator[Claim]:
    """Sentences that part a count and leave nothing over."""
    before: Sentence | None = None
    for sentence in reading.sentences:
        yield from _states(reading.text, sentence, before)
        yield from _followed(reading.text, sentence, before)
        before = sentence
        if sentence.form.count(AMOUNT) < 2:
            continue
        for found in sentence.find(_EXCEPT):
            yield from _excepted(reading.text, found)
        for found in sentence.find(_PARTED):
            yield from _parted(reading.text, found)
        for found in sentence.find(_AMONG):
            yield from _opposed(reading.text, found)


def _parted(text: str, found: Found) -> Iterator[Claim]:
    """The rest contradicts only where a single part stands beside it."""
    whole, rest = found.figure("whole"), found.figure("rest")
    if whole is None or rest is None or not _is_counted((whole, rest)):
        return
    if "其中" in _clause(found.sentence, found.match.start("whole")):  # a part itself
        return
    parts = [one for one in found.figures("parts") if one.printed.unit == whole.printed.unit]
    if not parts or whole.printed.unit != rest.printed.unit or not _is_counted(parts):
        return
    if sum(map(_count, (*parts, rest))) == _count(whole) or len(parts) == 1:
        yield _told(text, whole.start, rest.end, whole, (*parts, rest))


def _opposed(text: str, found: Found) -> Iterator[Claim]:
    """Two parts of which one is what the other is not leave nothing over."""
    whole, parts = found.figure("whole"), found.figures("parts")
    if whole is None:
        return
    parts = [one for one in parts if one.printed.unit == whole.printed.unit]
    if not _is_counted((whole, *parts)):
        return
    if len(parts) > 2:
        yield from _classed(text, found, whole, parts)
    if len(parts) != 2:
        return
    first, second = _stretches(found, parts)
    fits = sum(map(_count, parts)) == _count(whole)
    if _are_halves(first, second) or (fits and _are_sides(first, second)):
        yield _told(text, whole.start, parts[1].end, whole, parts)


def _classed(text: str, found: Found, whole: Figure, parts: Sequence[Figure]) -> Iterator[Claim]:
    """红榜6个、黄榜10个、黑榜4个: classes that are named alike, up to the end; others hold only."""
    fits = sum(map(_count, parts)) == _count(whole)
    off = abs(sum(map(_count, parts)) - _count(whole))
    sure = _are_named_alike(found) or _are_ways(found, parts)
    if fits or (off * 5 <= _count(whole) and sure):
        yield _told(text, whole.start, parts[-1].end, whole, parts)


def _are_ways(found: Found, parts: Sequence[Figure]) -> bool:
    """Whether three parts went up, down and neither: with 持平 nothing is left over."""
    words = found.text("parts")
    sides = any(re.search(up, words) and re.search(down, words) for up, down in _SIDES)
    return len(parts) == 3 and sides and re.search("持平|不变", words) is not None


def _are_named_alike(found: Found) -> bool:
    """Whether nothing but short names that end alike stands before the parts: 红榜¤、黄榜¤,
    完成较好的¤，有差距的¤."""
    names = _CLASSES.fullmatch(found.text("parts"))
    if names is None:
        return False
    parts = re.split(rf"{AMOUNT}[、，]?", found.text("parts"))[:-1]
    return len({part[-1:] for part in parts}) == 1 and len(set(parts)) == len(parts)


_CLASSES = re.compile(rf"(?:[^，。；、{AMOUNT}]{{2,8}}{AMOUNT}[、，]?){{3,}}")


def _stretches(found: Found, parts: Sequence[Figure]) -> tuple[str, str]:
    """The words around each of two parts: the first up to the last comma before the second."""
    places = [place for place, one in found.sentence.at.items() if one in parts]
    start, end = found.match.span("parts")
    cut = found.sentence.form.rfind("，", min(places), max(places))
    cut = cut if cut >= 0 else found.sentence.form.rfind("、", min(places), max(places))
    cut = cut if cut >= 0 else max(places)
    return found.sentence.form[start:cut], found.sentence.form[cut:end]


def _are_halves(first: str, second: str) -> bool:
    """Whether one part is what the other is not, of the same thing: not 完成投资任务 beside
    未完成税收任务."""
    for yes, no in ((first, second), (second, first)):
        for one, other in _HALVES:
            found = re.search(
                f"{one}(?P<of>[^\n]*)\n[^\n]*{other}(?P<not_of>[^\n]*)", f"{yes}\n{no}"
            )
            if found is not None:
                tails = [_LIGHT.sub("", found[name]) for name in ("of", "not_of")]
                return tails[0] == tails[1] or not all(tails)
    return False


def _are_sides(first: str, second: str) -> bool:
    pairs = ((first, second), (second, first))
    return any(
        re.search(one, a) is not None and re.search(other, b) is not None
        for one, other in _SIDES
        for a, b in pairs
    )


def _excepted(text: str, found: Found) -> Iterator[Claim]:
    whole, other, rest = (found.figure(name) for name in ("whole", "other", "rest"))
    names = found.text("names")
    if whole is None or rest is None or "等" in names:
        return
    wholes = [whole] if other is None else [whole, other]
    if not _is_counted((*wholes, rest)):
        return
    bare = re.sub(r"（[^（）]*）", "", names)
    listed = len(bare.split("、")) + len(_JOINT.findall(bare))
    before = found.sentence.form[: found.match.start()]
    if ("、" not in bare and listed > 1) or re.search(
        rf"{AMOUNT}[^，。；]*[和与及][^，。；]*$", before
    ):
        return
    left = sum(_count(one) for one in wholes) - listed
    start, end = found.sentence.span(found.match.start("whole"), found.match.end("rest"))
    holds = left == _count(rest)
    unit = rest.printed.unit
    told = f"{'+'.join(str(_count(one)) for one in wholes)}−{listed}={left}，"
    told += "相符" if holds else f"不是{_count(rest)}；应写{left}{unit}"
    yield Claim(
        start, end, text[start:end], "sum", "holds" if holds else "contradicts",
        f"{_count(rest)}{unit}",
        f"总数减去除外的{listed}项，{told}",
        None if holds else "wrong", f"{left}{unit}", (Fraction(left), Fraction(left)),
        None if holds else f"{left}{unit}",
    )  # fmt: skip


def _states(text: str, sentence: Sentence, before: Sentence | None) -> Iterator[Claim]:
    """计划100座，已建成60座，在建30座，未建10座: what is not yet done closes the list."""
    own = sorted(sentence.at.items())
    for index, (place, whole) in enumerate(own):
        if _is_whole(sentence, place, whole):
            parts = _parts(sentence, own[index + 1 :], whole)
            if len(parts) > 2:
                yield _told(text, whole.start, parts[-1].end, whole, parts)
                return
    if before is None or before.paragraph != sentence.paragraph:
        return
    for place, whole in before.at.items():
        parts = _parts(sentence, own, whole) if _is_whole(before, place, whole) else []
        noun = _clause(before, place)[-2:]
        if len(parts) > 2 and noun in sentence.form:
            yield _told(text, parts[0].start, parts[-1].end, whole, parts)


def _followed(text: str, sentence: Sentence, before: Sentence | None) -> Iterator[Claim]:
    """倒数的有6项。甲2项倒数第三；乙1项第二；丙3项第一: only where it adds up, since the next
    sentence may count something else."""
    if before is None or before.paragraph != sentence.paragraph or "；" not in sentence.form:
        return
    own = [figure for _, figure in sorted(sentence.at.items())]
    for _, whole in sorted(before.at.items()):
        parts = [one for one in own if one.printed.unit == whole.printed.unit]
        counted = _is_counted((whole,)) and _is_counted(parts)
        if counted and len(parts) > 2 and sum(map(_count, parts)) == _count(whole):
            yield _told(text, parts[0].start, parts[-1].end, whole, parts)


def _is_whole(sentence: Sentence, place: int, figure: Figure) -> bool:
    return _is_counted((figure,)) and _WHOLES.search(_clause(sentence, place)) is not None


def _parts(
    sentence: Sentence, figures: Sequence[tuple[int, Figure]], whole: Figure
) -> list[Figure]:
    """The states of what the whole counts, up to the first that is not yet done; none without."""
    parts: list[Figure] = []
    for place, figure in figures:
        clause = _clause(sentence, place)
        if figure.printed.unit != whole.printed.unit or not _STATES.search(clause):
            continue
        if _WHOLES.search(clause) or sentence.form.rfind("（", 0, place) > sentence.form.rfind(
            "）", 0, place
        ):  # another whole (计划开工140项), or parts of a part
            return []
        parts.append(figure)
        if _OPEN_STATES.search(clause):
            return parts if _is_counted(parts) else []
    return []


def _clause(sentence: Sentence, place: int) -> str:
    start = max(sentence.form.rfind(sign, 0, place) for sign in "，；。、（")
    return sentence.form[start + 1 : place]


def _is_counted(figures: Sequence[Figure]) -> bool:
    return all(
        one.sign == AMOUNT and one.hedge is None and one.printed.unit in _COUNTS
        and one.printed.decimals == 0
        for one in figures
    )  # fmt: skip


def _count(figure: Figure) -> int:
    return int(figure.printed.value)


def _told(text: str, start: int, end: int, whole: Figure, parts: Sequence[Figure]) -> Claim:
    counts = [_count(part) for part in parts]
    total, unit = sum(counts), whole.printed.unit
    holds = total == _count(whole)
    apart = () if start == whole.start else ((whole.start, whole.end),)
    told = f"{'+'.join(str(count) for count in counts)}={total}"
    printed = f"{_count(whole)}{unit}"
    return Claim(
        start, end, text[start:end], "sum", "holds" if holds else "contradicts", printed,
        f"{told}，与总数{printed}相符" if holds
        else f"{told}，与总数{printed}不符；应核对各项个数，或把总数写成{total}{unit}",
        None if holds else "wrong", f"{total}{unit}", (Fraction(total), Fraction(total)),
        None if holds else f"{total}{unit}", apart,
    )  # fmt: skip
