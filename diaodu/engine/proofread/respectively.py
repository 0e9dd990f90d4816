"""分别 lists: as many figures as names. 甲、乙、丙分别增长5%、6%、7%."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.model import FIGURES, Found, Reading

_NUMBER = rf"[{FIGURES}]"
_ITEM = rf"[^，。；：、{FIGURES}]{{1,30}}"
_RESPECTIVELY = re.compile(
    rf"(?:^|(?<=[，。；：]))(?P<names>{_ITEM}(?:、{_ITEM})+?)(?:同比|环比|累计|增速|增幅)?分别"
    rf"(?P<words>[^，。；、{FIGURES}]{{0,20}}?)(?P<figures>{_NUMBER}(?:[、和及与]第?{_NUMBER})*)"
    rf"(?P<after>.?)"
)
_JOINT = re.compile(r"[和与及]|以及")
# One name that may stand for two: 城乡居民收入分别增长7%、8%.
_DOUBLE = re.compile(r"城乡|存贷|收支|进出口|等|各|两|双|三次|上下|东西|产销|男女|“|（|均|/")
_APART = re.compile(r"（[^（）]*）")


def checks(reading: Reading) -> Iterator[Claim]:
    """Lists of names before 分别, of figures behind it."""
    for sentence in reading.sentences:
        if "分别" not in sentence.form:
            continue
        for found in sentence.find(_RESPECTIVELY):
            claim = _claim(reading.text, found)
            if claim is not None:
                yield claim


def _claim(text: str, found: Found) -> Claim | None:
    figures = found.figures("figures")
    parts = found.text("names").split("、")
    most = len(parts) + len(_JOINT.findall(found.text("names")))
    count = len(figures)
    if len({figure.sign for figure in figures}) != 1 or _goes_on(found):
        return None
    fits = len(parts) <= count <= most
    bare = _APART.sub("", found.text("names"))
    if not fits and (_DOUBLE.search(bare) or not _sure(found, count)):
        return None
    names = len(parts) if not len(parts) <= count <= most else count
    start, end = found.sentence.span(found.match.start("names"), found.match.end("figures"))
    told = f"“分别”前面列了{names}项，后面有{count}个数"
    return Claim(
        start, end, text[start:end], "count", "holds" if fits else "contradicts", f"{count}个",
        f"{told}，相符" if fits else f"{told}，对不上；请核对漏写或多写的一项",
        None if fits else "wrong", f"{names}个", (Fraction(len(parts)), Fraction(most)),
        None if fits else f"{names}个",
    )  # fmt: skip


def _goes_on(found: Found) -> bool:
    """Whether the list of figures may go on in other words: 5%、持平, or 5%，6%."""
    form, end = found.sentence.form, found.match.end("figures")
    rest = form[end : end + 12]
    return rest.startswith(("、", "和", "及", "与")) or bool(re.match(rf"，.?{_NUMBER}", rest))


def _sure(found: Found, count: int) -> bool:
    """One figure for two names may be meant for both: 分别达到90%以上, 分别为100%."""
    if count > 1:
        return True
    figure = found.figures("figures")[0]
    return figure.hedge is None and figure.printed.decimals > 0 and figure.sign != "№"
