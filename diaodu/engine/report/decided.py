"""What a meeting decided, as a paper: duties, promises, and what came of the last meeting's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from diaodu.engine.report.document import (
    Block,
    Cell,
    Document,
    Heading,
    Note,
    PageTurn,
    Paragraph,
    Span,
    Spans,
    Table,
    Title,
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A duty as the paper lists it; every text as it stands at the desk."""

    number: str
    what: str
    lead: str
    supporting: str
    person: str
    until: str
    proof: str


@dataclass(frozen=True, slots=True)
class Promised:
    org: str
    text: str
    until: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Came:
    """A duty of the last meeting, and how it stands."""

    what: str
    lead: str
    until: str
    state: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """`opening`: when, where, who presided, on which figures. `came_counted`: one sentence that
    counts the last meeting's duties."""

    meeting: str
    opening: str
    issuer: str
    day: date
    duties: Sequence[Decided]
    promises: Sequence[Promised] = ()
    last_meeting: str = ""
    came_counted: str = ""
    came: Sequence[Came] = ()


class _Part(NamedTuple):
    heading: str
    blocks: tuple[Block, ...]


def decided(minutes: Minutes) -> Document:
    """The bulletin of duties of a meeting. Same minutes → same document."""
    blocks: list[Block] = [
        Title(_words(f"{minutes.meeting}交办事项通报")),
        Note((Span(_day(minutes.day), "period"),)),
        Paragraph(_words(minutes.opening)),
    ]
    parts = (_came(minutes), _duties(minutes), _promises(minutes))
    told = [part for part in parts if part is not None]
    for ordinal, part in zip("一二三", told, strict=False):
        blocks += [Heading(1, _words(f"{ordinal}、{part.heading}")), *part.blocks]
    blocks += [
        Paragraph(_words(minutes.issuer), "sign", keep=True),
        Paragraph((Span(_day(minutes.day), "period"),), "sign"),
    ]
    if minutes.duties:
        blocks += [PageTurn(wide=True), _list(minutes)]
    return Document(tuple(blocks))


def _came(minutes: Minutes) -> _Part | None:
    if not minutes.last_meeting:
        return None
    said = Paragraph(_words(minutes.came_counted))
    rows = [(one.what, one.lead, one.until, one.state) for one in minutes.came]
    caption = f"{minutes.last_meeting}交办事项落实情况"
    table = _table(caption, ("事项", "主办", "期限", "现在"), rows, (76, 30, 25, 25))
    return _Part("上次会议落实情况", (said, table) if rows else (said,))


def _duties(minutes: Minutes) -> _Part:
    if not minutes.duties:
        said = "本次会议没有交办事项。"
    else:
        said = (
            f"会议交办{len(minutes.duties)}件事项，清单附后。"
            "请各主办单位按期办结，反馈结果并附凭证。"
        )
    return _Part("本次会议交办事项", (Paragraph(_words(said)),))


def _promises(minutes: Minutes) -> _Part | None:
    if not minutes.promises:
        return None
    rows = [(one.org, one.text, one.until, one.outcome) for one in minutes.promises]
    table = _table("表态事项", ("单位", "表态", "期限", "结果"), rows, (30, 76, 25, 25))
    return _Part("表态", (table,))


def _list(minutes: Minutes) -> Table:
    header = "序号 字号 事项 主办 协办 承办人 期限 凭证".split()
    rows = [
        (str(at), one.number, one.what, one.lead, one.supporting, one.person, one.until, one.proof)
        for at, one in enumerate(minutes.duties, start=1)
    ]
    return _table(f"{minutes.meeting}交办事项清单", header, rows,
                  (10, 34, 68, 26, 30, 17, 24, 26), wide=True)  # fmt: skip


def _table(
    caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], widths: tuple[int, ...],
    *, wide: bool = False,
) -> Table:  # fmt: skip
    return Table(
        caption=_words(caption),
        header=tuple(_words(one) for one in header),
        rows=tuple(tuple(Cell(_words(text)) for text in row) for row in rows),
        widths=widths,
        wide=wide,
    )


def _words(text: str) -> Spans:
    """Words and numbers as they stand at the desk: quoted, not computed here."""
    return (Span(text, "name"),) if text else ()


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
