"""Texts that were checked: each for its author alone, as long as it is kept."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import PurePath
from typing import Any, NamedTuple

from django.db.models import QuerySet

from diaodu.adapters.proofread_files import REMARKED, remarks_of
from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.adapters.word_marks import mark_text, mark_word
from diaodu.engine.proofread.as_json import read_line
from diaodu.engine.proofread.claims import GRADE_NAMES, KIND_NAMES, VERDICT_NAMES, Claim, Verdict
from diaodu.engine.proofread.ledger.model import Ledger
from diaodu.engine.proofread.say import listed, rests_on
from diaodu.web.bulletins.models import Check
from diaodu.web.runs import queries as runs
from diaodu.web.shared.access import Access
from diaodu.web.shared.downloads import XLSX

_LIVE = "live-"
# Signs of a text on one page; a page ends with a line.
_PAGE = 12_000
KINDS = {
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "excel": XLSX,
    "json": "application/json",
}


# -- which ---------------------------------------------------------------------------------------


def checks_of(user: Any, now: datetime) -> QuerySet[Check]:
    """A user's own, newest first, without what they hold."""
    return Check.objects.filter(by=user, expires_at__gt=now).defer("text", "claims", "notes")


def check_of(user: Any, id: int, now: datetime) -> Check | None:
    """None where there is no such check, or it is another's, or past its day."""
    return Check.objects.filter(pk=id, by=user, expires_at__gt=now).first()


class Chosen(NamedTuple):
    """A run that a text is held against."""

    id: int
    name: str


_OFFERED = 24


def runs_offered(access: Access) -> dict[str, Chosen]:
    """The runs one may look at that have rows, newest first, by what a form sends."""
    live = [one for one in runs.live_runs(access) if one.is_done]
    frozen = [one for one in runs.runs_for(access)[:_OFFERED] if one.is_done]
    return {
        (f"{_LIVE}{one.period}" if one.is_live else str(one.number)): Chosen(
            one.pk, f"{one.months}·{one.name}"
        )
        for one in [*live, *frozen]
    }


def ledger_of(check: Check, access: Access, now: datetime) -> Ledger | None:
    """The figures of its run that the author may see at that moment: nothing outside their scope,
    nothing before its release. None without a run, or where they may look at it no more."""
    chosen = {one.id for one in runs_offered(access).values()}
    if check.run is None or check.run_id not in chosen:
        return None
    return runs.ledger(check.run, access, now)


# -- claims on file -------------------------------------------------------------------------------


def told(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """Claims as JSON: bounds as exact fractions in text."""
    return [
        {
            **{field.name: getattr(claim, field.name) for field in fields(Claim)},
            "interval": None if claim.interval is None else [str(one) for one in claim.interval],
        }
        for claim in claims
    ]


def claims_of(check: Check) -> tuple[Claim, ...]:
    """As `told` wrote them."""
    return tuple(map(_claim, check.claims))


def _claim(told: dict[str, Any]) -> Claim:
    interval = told["interval"]
    return Claim(
        **{
            **told,
            "interval": None if interval is None else tuple(map(Fraction, interval)),
            "operands": tuple((start, end) for start, end in told["operands"]),
        }
    )


def counts_of(claims: Iterable[Claim]) -> dict[str, int]:
    found = Counter(claim.verdict for claim in claims)
    return {verdict: found[verdict] for verdict in VERDICT_NAMES}


# -- the page -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Card:
    """A claim beside the text, under its number in the whole text; `rests_on`: what it rests on
    elsewhere."""

    number: int
    claim: Claim
    rests_on: str = ""

    @property
    def look(self) -> str:
        """Of the tag: its word stands in it."""
        return {"contradicts": "behind", "holds": "good"}.get(self.claim.verdict, "watch")

    @property
    def verdict(self) -> str:
        return VERDICT_NAMES[self.claim.verdict]

    @property
    def grade(self) -> str:
        return GRADE_NAMES[self.claim.grade] if self.claim.grade else ""

    @property
    def kind(self) -> str:
        return KIND_NAMES[self.claim.kind]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text under the same claims. `begins`: those whose mark stands before it;
    `look`: the worst verdict on it, empty without any."""

    text: str
    look: str
    begins: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the text with its marks."""

    pieces: tuple[Piece, ...]
    cards: tuple[Card, ...]
    tabs: tuple[tuple[str, str, int], ...]
    verdict: str
    number: int
    of: int

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.of


_ALL = ""
_WORST: tuple[Verdict, ...] = ("contradicts", "unverifiable", "holds")


def sheet(check: Check, verdict: str, page: str) -> Sheet:
    """`verdict`: only those, all for anything else; `page` from 1, the first for anything else."""
    verdict = verdict if verdict in VERDICT_NAMES else _ALL
    claims = claims_of(check)
    cards = [
        Card(number, claim, rests_on(check.text, claim))
        for number, claim in enumerate(claims, start=1)
    ]
    shown = [one for one in cards if verdict in (_ALL, one.claim.verdict)]
    starts = _page_starts(check.text)
    wanted = int(page) if page.isascii() and page.isdecimal() else 1
    number = wanted if 1 <= wanted <= len(starts) else 1
    start = starts[number - 1]
    end = starts[number] if number < len(starts) else len(check.text)
    here = [one for one in shown if start <= one.claim.start < end]
    counted = Counter(one.claim.verdict for one in cards)
    tabs: list[tuple[str, str, int]] = [(_ALL, "全部", len(cards))]
    tabs += [(one, VERDICT_NAMES[one], counted[one]) for one in _WORST]
    return Sheet(
        tuple(_pieces(check.text, start, end, here)), tuple(here), tuple(tabs), verdict, number,
        len(starts),
    )  # fmt: skip


def _page_starts(text: str) -> list[int]:
    """Where the pages begin: behind the first line that ends past the size of a page."""
    starts = [0]
    while len(text) - starts[-1] > _PAGE:
        newline = text.find("\n", starts[-1] + _PAGE)
        if newline < 0 or newline + 1 >= len(text):
            break
        starts.append(newline + 1)
    return starts


def _pieces(text: str, start: int, end: int, cards: Sequence[Card]) -> Iterable[Piece]:
    """The text from start to end, cut wherever a mark begins or ends."""
    cuts = {start, end}
    for one in cards:
        cuts |= {one.claim.start, min(one.claim.end, end)}
    places = sorted(cuts)
    over: list[list[Card]] = [[] for _ in places]
    for one in cards:
        first = bisect_left(places, one.claim.start)
        for number in range(first, bisect_left(places, min(one.claim.end, end))):
            over[number].append(one)
    for number, (here, there) in enumerate(pairwise(places)):
        verdicts = {one.claim.verdict for one in over[number]}
        look = next((one for one in _WORST if one in verdicts), "")
        begins = tuple(one for one in over[number] if one.claim.start == here)
        yield Piece(text[here:there], look, begins)


# -- taken along ----------------------------------------------------------------------------------


def exported(check: Check, kind: str, *, everything: bool) -> tuple[str, bytes]:
    """File name and content. `everything`: Word comments also where a figure agrees. Raises
    TextError where the Word file is built so that it cannot be written again."""
    claims = claims_of(check)
    stem = PurePath(check.name).stem
    if kind == "json":
        return f"{stem}（校核）.json", read_line(check.name, check.text, claims).encode()
    if kind == "excel":
        return f"{stem}（校核）.xlsx", _workbook(check, claims)
    return f"{stem}（校核）.docx", _word(check, claims, everything=everything)


def _word(check: Check, claims: Sequence[Claim], *, everything: bool) -> bytes:
    remarks = remarks_of(check.text, claims, tuple(VERDICT_NAMES) if everything else REMARKED)
    original = getattr(check, "original", None)
    if original is not None:
        return mark_word(bytes(original.content), remarks, at=check.at)
    return mark_text(check.text, remarks, on=check.at.date(), at=check.at)


def _workbook(check: Check, claims: Sequence[Claim]) -> bytes:
    header = ("序号", "位置", "原文", "核对", "结论", "说明", "印的", "算得")
    rows = [
        (number, *row, claim.printed, claim.computed or "")
        for number, (row, claim) in enumerate(
            zip(listed(check.text, claims, everything=True), claims, strict=True), start=1
        )
    ]
    against = f"，与{check.run_name}核对" if check.run_name else ""
    return table_xlsx("文稿校核", header, rows, note=f"{check.name}{against}")
