"""Claims in words for people: how many there are, and a row for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from diaodu.engine.proofread.claims import GRADE_NAMES, KIND_NAMES, VERDICT_NAMES, Claim

Row = tuple[str, str, str, str, str]
HEADER: Row = ("位置", "原文", "核对", "结论", "说明")
_LONGEST_QUOTE = 40


def counted(claims: Sequence[Claim]) -> str:
    """核对12处：相符9处，矛盾2处，无法核对1处."""
    if not claims:
        return "没有找到可以核对的数"
    found = Counter(claim.verdict for claim in claims)
    told = [f"{name}{found[verdict]}处" for verdict, name in VERDICT_NAMES.items()]
    return f"核对{len(claims)}处：{'，'.join(told)}"


def verdict_of(claim: Claim) -> str:
    """矛盾（有误）, 相符."""
    name = VERDICT_NAMES[claim.verdict]
    return name if claim.grade is None else f"{name}（{GRADE_NAMES[claim.grade]}）"


def listed(text: str, claims: Iterable[Claim], *, everything: bool) -> list[Row]:
    """Rows under HEADER; without `everything` those that agree are left out."""
    lines = _Lines(text)
    return [
        (
            f"第{lines.of(claim.start)}行", shortened(claim.quote), KIND_NAMES[claim.kind],
            verdict_of(claim), claim.explanation,
        )
        for claim in claims
        if everything or claim.verdict != "holds"
    ]  # fmt: skip


def rests_on(text: str, claim: Claim) -> str:
    """依据“20亿元”、“15亿元”: of a claim across sentences, what stands elsewhere; else nothing."""
    quotes = dict.fromkeys(shortened(text[start:end]) for start, end in claim.operands)
    return f"依据{'、'.join(f'“{one}”' for one in quotes)}" if quotes else ""


def shortened(quote: str) -> str:
    """On one line, its middle left out where it is long."""
    told = " ".join(quote.split())
    if len(told) <= _LONGEST_QUOTE:
        return told
    half = _LONGEST_QUOTE // 2
    return f"{told[:half]}…{told[-half:]}"


class _Lines:
    """Which line of a text a place is in, asked in order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place, self._line = 0, 1

    def of(self, place: int) -> int:
        self._line += self._text.count("\n", self._place, place)
        self._place = max(place, self._place)
        return self._line
