"""Parts that make up their whole by their names: 税收 and 非税, 城镇 and 乡村, 男 and 女 …"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from diaodu.engine.proofread.arithmetic import judged
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.model import AMOUNT, Figure, Found, Reading, Sentence
from diaodu.engine.proofread.reading.units import alike
from diaodu.engine.proofread.sums import attempt_of, is_meant

_GAP = rf"[^{AMOUNT}。；]{{0,14}}?"
_BRACKET = r"(?:（[^（）]*）)?"
_BETWEEN = rf"{_BRACKET}[^{AMOUNT}。]{{0,40}}?"


def _named(whole: str, *parts: str) -> re.Pattern[str]:
    """The whole and each part, every name right before its amount; brackets may stand between."""
    chain = "".join(
        rf"{_BETWEEN}(?:{part}){_GAP}(?P<part{index}>{AMOUNT})" for index, part in enumerate(parts)
    )
    return re.compile(rf"(?:{whole})(?P<said>{_GAP})(?P<whole>{AMOUNT}){chain}")


_VALUE = "产业?(?:增加值)?"
_KINDS = (
    _named("(?:财政|公共预算|预算)(?:总)?收入", "(?<!非)税(?:收收入|收|收入)", "非税"),
    _named("生产总值|GDP", f"一{_VALUE}", f"二{_VALUE}", f"三{_VALUE}"),
    _named("(?:常住|户籍|总)人口", "城镇人口", "(?:乡村|农村)人口"),
    _named("(?:常住|户籍|总)人口", "男", "女"),
    _named("零售总?额", "城镇(?:消费品)?零售额", "(?:乡村|农村)(?:消费品)?零售额"),
)
_CLOUDED = re.compile(r"增加|增长|减少|下降|比|较|净增|新增|占|完成.{0,3}任务")


def checks(reading: Reading) -> Iterator[Claim]:
    """Wholes with all their parts in one sentence."""
    for sentence in reading.sentences:
        for pattern in _KINDS:
            for found in sentence.find(pattern):
                claim = _claim(sentence, found, pattern.groups - 2)
                if claim is not None:
                    yield claim


def _claim(sentence: Sentence, found: Found, count: int) -> Claim | None:
    whole = found.figure("whole")
    parts = [found.figure(f"part{index}") for index in range(count)]
    figures = [part for part in parts if part is not None]
    if whole is None or _CLOUDED.search(found.text("said")) or not _comparable(whole, figures):
        return None
    attempt = attempt_of(whole, figures, sure=True)
    claim = None if attempt is None else judged(sentence, "sum", whole, [attempt])
    if claim is not None and claim.verdict == "contradicts" and not is_meant(whole, figures):
        return None
    return claim


def _comparable(whole: Figure, parts: Sequence[Figure]) -> bool:
    return all(alike(part.unit, whole.unit) and part.hedge is None for part in parts)
