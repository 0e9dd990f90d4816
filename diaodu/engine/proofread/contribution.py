"""Contributions and pulls: 贡献率37.6%、拉动1.72个百分点, against the growth of the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diaodu.engine.compute import calculator_formulas as formulas
from diaodu.engine.ground.interval import Interval
from diaodu.engine.proofread.arithmetic import Attempt, computed, judged, plain, unverifiable
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.known import named
from diaodu.engine.proofread.nearby import Paragraphs, Spot, amounts_before, listed, spots
from diaodu.engine.proofread.reading.model import PERCENT, POINTS, Figure, Reading, Sentence
from diaodu.engine.proofread.reading.units import alike
from diaodu.engine.proofread.share import as_percent

_LIGHT = r"(?:了|约|近|达到?|为|仅|只|高达|超过?|分别|是|全省|全市|全区|全县|全州|的)*"
_CONTRIBUTES = re.compile(rf"贡献率?{_LIGHT}$")
_PULLS = re.compile(r"(?:拉动|拉升|上拉|(?P<down>下拉|拉低|拖累|影响))[^，；。℗]{0,20}$")
_PARENT = re.compile(
    r"(?:生产总值|GDP|经济总量|经济|总产值|工业增加值|固定资产投资|投资|社会消费品零售总额|社零总额|财政收入|全社会用电量|整体)"
    r"[^，；。％]{0,16}(?:增长|增速(?:为|达)?|下降)(?:了|约|达)*$"
)
_SECTORS = tuple(
    re.compile(rf"第?{number}(?:次)?产业?|{number}产") for number in ("一", "二", "三")
)
_ALL = re.compile(
    r"一(?:产业?|次产业)?、第?二(?:产业?|次产业)?(?:、|和)第?三(?:次产业|产业?)|三次产业|三产业"
)
_NOT_GROWTH = re.compile(r"贡献|拉动|占|比重|平均|(?<!同)比|较|高|低")
# A growth is of the part itself where its share of the whole follows.
_ITS_SHARE = re.compile(r"(?:，[^，；。占其]{0,24})*，占[^；。％]{0,20}％")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part's contribution in % and its pull in points, as far as both are printed."""

    name: str
    share: Spot | None
    pull: Spot | None


def checks(reading: Reading) -> Iterator[Claim]:
    for sentence, around in Paragraphs(reading).walk():
        yield from _of_sectors(sentence, around)
        parts = _parts(sentence)
        if parts:
            yield from _claims(sentence, parts, whole_of(sentence, around))
        for spot in spots(sentence, PERCENT):
            yield from _by_changes(spot)


def _of_sectors(sentence: Sentence, around: Sequence[Sentence]) -> Iterator[Claim]:
    """三次产业贡献率分别为6%、41.4%、52.6%，分别拉动0.7、5.1、6.5个百分点."""
    runs = [run for run in listed(sentence, PERCENT + POINTS) if len(run) == 3]
    runs = [run for run in runs if _ALL.search(run[0].before)]
    shares = [run for run in runs if _CONTRIBUTES.search(run[0].clause)]
    pulls = [run for run in runs if _PULLS.search(run[0].clause)]
    whole = whole_of(sentence, around)
    for run in pulls[:1]:
        if whole is not None and run[0].figure.sign == POINTS:
            yield from _added(sentence, run, whole)
    for run in shares[:1]:
        if not pulls:
            yield from _hundred(sentence, run)
            continue
        for share, pull in zip(run, pulls[0], strict=True):
            growth = None if whole is None else whole.figure
            used = () if whole is None else (whole.figure,)
            claim = _of_part(sentence, _Part("", share, pull), growth, used)
            if claim is not None and claim.verdict != "unverifiable":
                yield claim


def _parts(sentence: Sentence) -> list[_Part]:
    """Contributions and pulls in their order; the two of one part stand side by side."""
    parts: list[_Part] = []
    for spot in spots(sentence, PERCENT + POINTS):
        clause = spot.clause
        if _CONTRIBUTES.search(clause):
            last = parts[-1] if parts else None
            if last is not None and last.share is None and _beside(last.pull, spot):
                parts[-1] = _Part(last.name, spot, last.pull)
            else:
                parts.append(_Part(_name(spot), spot, None))
        elif spot.figure.sign == POINTS and _PULLS.search(clause):
            last = parts[-1] if parts else None
            if last is not None and last.pull is None and _beside(last.share, spot):
                parts[-1] = _Part(last.name, last.share, spot)
            else:
                parts.append(_Part(_name(spot), None, spot))
    return parts


def _beside(one: Spot | None, other: Spot) -> bool:
    """Whether nothing but words stands between two figures, in one part of the sentence."""
    if one is None:
        return False
    between = other.before[one.place + 1 :]
    return not re.search(r"[；。：％℗]", between) and len(between) <= 30


def _name(spot: Spot) -> str:
    return next(
        (
            name
            for name, pattern in zip("一二三", _SECTORS, strict=True)
            if pattern.search(spot.clause)
        ),
        "",
    )


def whole_of(sentence: Sentence, around: Sequence[Sentence]) -> Spot | None:
    """The growth of what the parts contribute to; None where there is none, or more than one."""
    for one in (sentence, *reversed(around[-2:])):
        found = [
            spot
            for spot in spots(one, PERCENT)
            if (_PARENT.search(spot.clause) or _is_of_all(spot.figure))
            and not _NOT_GROWTH.search(spot.clause)
            and not (one is sentence and _ITS_SHARE.match(spot.after))
        ]
        if len(found) > 1 and _OF_GDP.search(sentence.form):
            found = [spot for spot in found if _GDP.search(spot.clause) or _is_of_all(spot.figure)]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


_GDP = re.compile(r"生产总值|GDP|经济总量")
_OF_GDP = re.compile(r"(?:拉动|对)(?:全[县市区省州])?(?:GDP|经济|地区生产总值)")


def _is_of_all(figure: Figure) -> bool:
    """Whether it is the growth of GDP that the clauses before name: GDP完成148.9亿元，增长12.3%."""
    return named(figure.subject) == "GDP" and figure.word in ("增长", "下降")


# -- claims --------------------------------------------------------------------------------------


def _claims(sentence: Sentence, parts: Sequence[_Part], whole: Spot | None) -> Iterator[Claim]:
    complete = [part.name for part in parts] == ["一", "二", "三"]
    shares = [part.share for part in parts if part.share is not None]
    pulls = [part.pull for part in parts if part.pull is not None]
    growth: Figure | Interval | None = None if whole is None else whole.figure
    used: tuple[Figure, ...] = () if whole is None else (whole.figure,)
    if complete and len(shares) == 3 and len(pulls) < 3:
        yield from _hundred(sentence, shares)
    if complete and len(pulls) == 3:
        if whole is not None:
            yield from _added(sentence, pulls, whole)
        else:
            growth = sum((pull.figure.signed for pull in pulls[1:]), start=pulls[0].figure.signed)
            used = tuple(pull.figure for pull in pulls)
    for part in parts:
        claim = _of_part(sentence, part, growth, used)
        if claim is not None:
            yield claim


def _hundred(sentence: Sentence, shares: Sequence[Spot]) -> Iterator[Claim]:
    """The contributions of all parts make up a hundred."""
    *others, last = (share.figure for share in shares)
    rest = Interval.exact(100)
    for other in others:
        rest = rest - other.signed
    formula = "三次产业贡献率合计应为100%，100 − " + " − ".join(plain(one) for one in others)
    claim = judged(sentence, "contribution", last, [Attempt(rest, formula, tuple(others))])
    if claim is not None:
        yield claim


def _added(sentence: Sentence, pulls: Sequence[Spot], whole: Spot) -> Iterator[Claim]:
    """The pulls of all parts make up the growth of the whole."""
    figures = [pull.figure for pull in pulls]
    total = sum((figure.signed for figure in figures[1:]), start=figures[0].signed)
    formula = "各产业拉动合计 = " + " + ".join(plain(figure) for figure in figures)
    attempt = Attempt(total, formula, tuple(figures))
    claim = judged(whole.sentence, "contribution", whole.figure, [attempt])
    if claim is not None:
        yield claim


def _of_part(
    sentence: Sentence, part: _Part, growth: Figure | Interval | None, used: tuple[Figure, ...]
) -> Claim | None:
    """Contribution = pull ÷ growth of the whole."""
    if part.share is None or part.pull is None:
        return None
    if growth is None:
        missing = "总体的增速"
        return unverifiable(sentence, "contribution", part.share.figure, missing)
    found = computed(
        formulas.contribution, "contribution",
        {"pull": part.pull.figure, "parent_growth": growth},
    )  # fmt: skip
    if found is None:
        return None
    printed, words = as_percent(part.share.figure)
    attempt = Attempt(*found, (part.pull.figure, *used), words=words)
    return judged(sentence, "contribution", printed, [attempt])


# -- from amounts ----------------------------------------------------------------------------------

_INCREASE = re.compile(
    r"(?:净增加?|新增|增加(?!值)|增长|增收|增产|多增|增支)(?:了|额为?|约|近|产值|收入|投资)*$"
)


def _by_changes(spot: Spot) -> Iterator[Claim]:
    """总产值增加12.6亿元，其中化工增加5.4亿元，贡献率42.9%: a part's change in the whole's."""
    if not _CONTRIBUTES.search(spot.clause) or "拉动" in spot.before:
        return
    changes = [one for one in amounts_before(spot) if _INCREASE.search(one.clause)]
    if len(changes) != 2 or "其中" not in changes[0].before[changes[1].place :]:
        return
    part, whole = changes[0].figure, changes[1].figure
    if not alike(part.unit, whole.unit):
        return
    found = computed(formulas.share, "share", {"part": part, "whole": whole})
    if found is None:
        return
    printed, words = as_percent(spot.figure)
    formula = f"贡献率 = {plain(part)} ÷ {plain(whole)} × 100"
    attempt = Attempt(found[0], formula, (part, whole), words=words)
    claim = judged(spot.sentence, "contribution", printed, [attempt])
    if claim is not None:
        yield claim
