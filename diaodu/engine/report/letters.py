"""Letters of supervision: 交办单, 催办单, 预警函, 约谈通知, each a Document in 公文 order.

What a letter rests on is handed in as sentences that stand elsewhere already (a duty, its course, a
run's measures); here it is only put in the order and the words of the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from diaodu.engine.report.document import (
    Block,
    Cell,
    Document,
    Paragraph,
    Span,
    Spans,
    Table,
    Title,
)

LetterKind = Literal["assign", "urge", "warn", "talk"]
KINDS: tuple[LetterKind, ...] = get_args(LetterKind)
KIND_NAMES: dict[LetterKind, str] = {
    "assign": "交办单", "urge": "催办单", "warn": "预警函", "talk": "约谈通知",
}  # fmt: skip
# The last character of the word before 〔年〕: 示督交〔2023〕41号.
KIND_SIGNS: dict[LetterKind, str] = {"assign": "交", "urge": "催", "warn": "警", "talk": "约"}


@dataclass(frozen=True, slots=True)
class Talk:
    """When and where somebody is spoken to, by whom, and what they bring."""

    at: datetime
    place: str
    host: str
    attendee: str
    bring: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """`matter`: what it is about, in one line. `rows`: the matter as label and text (交办单 and
    催办单). `reasons`: the evidence, a sentence each. `consequence`: what the rules attach to this
    step, where they do. `answer_by`: the day an answer is due."""

    kind: LetterKind
    issuer: str
    number: str
    to: str
    day: date
    matter: str
    basis: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    demand: str = ""
    answer_by: date | None = None
    talk: Talk | None = None
    consequence: str = ""
    copies: tuple[str, ...] = ()
    contact: str = ""


def letter(content: Letter) -> Document:
    """The paper. Same content → same document."""
    blocks: list[Block] = [
        Paragraph(_words(content.issuer), "issuer"),
        Paragraph(_words(content.number), "number"),
        Title(_words(title_of(content))),
        Paragraph(_words(f"{content.to}："), "to"),
        *_body(content),
    ]
    if content.contact:
        blocks.append(_line(f"联系人：{content.contact}。"))
    # Issuer and day stand on the page of the last paragraph.
    blocks[-1] = _kept(blocks[-1])
    blocks += [
        Paragraph(_words(content.issuer), "sign", keep=True),
        Paragraph((Span(_day(content.day), "period"),), "sign"),
    ]
    if content.copies:
        blocks.append(Paragraph(_words(f"抄送：{'，'.join(content.copies)}。"), "copy"))
    return Document(tuple(blocks))


def title_of(content: Letter) -> str:
    return {
        "assign": "督查事项交办单",
        "urge": f"关于催办“{content.matter}”的通知",
        "warn": f"关于{content.matter}的预警函",
        "talk": f"关于约谈{content.to}的通知",
    }[content.kind]


def _body(content: Letter) -> list[Block]:
    return {"assign": _assign, "urge": _urge, "warn": _warn, "talk": _talk}[content.kind](content)


def _assign(content: Letter) -> list[Block]:
    return [
        _line(f"根据{content.basis}，现将下列事项交你单位主办，请按期办结。"),
        _facts(content.rows, "交办事项"),
        *_reasons(content.reasons, "有关情况如下："),
        _line(
            f"{content.demand}请收到后即签收，明确承办人和办法；办结时反馈结果，附上凭证，经核实后销号。"
            "确需延期的，请在期限以前提出，写明原因和新的期限。"
        ),
    ]


def _urge(content: Letter) -> list[Block]:
    return [
        _line(f"{content.basis}交你单位主办的下列事项，尚未办结，现予催办。"),
        _facts(content.rows, "催办事项"),
        *_reasons(content.reasons, "目前情况："),
        _line(
            f"{content.demand}请于{_answer_by(content)}前办结并附凭证反馈；"
            "不能办结的，书面说明原因、下一步措施和完成时间。"
        ),
    ]


def _warn(content: Letter) -> list[Block]:
    return [
        *_reasons(content.reasons, f"经调度，{content.matter}，现予预警。有关情况如下："),
        _line(
            f"{content.demand}请主要负责人专题研究，于{_answer_by(content)}前书面反馈原因、措施、"
            "责任人和完成时间。"
        ),
    ]


def _talk(content: Letter) -> list[Block]:
    talk = content.talk
    assert talk is not None, "a summons says when and where"
    when = f"{_day(talk.at.date())}{talk.at:%H:%M}"
    bring = f"请准备：{talk.bring}。" if talk.bring else ""
    return [
        _line(f"因{content.matter}，定于{when}在{talk.place}，由{talk.host}约谈{talk.attendee}。"),
        *_reasons(content.reasons, "约谈事由："),
        _line(f"{bring}请按时参加；确有特殊情况不能参加的，请提前书面说明。"),
        *([_line(content.consequence)] if content.consequence else []),
    ]


def _answer_by(content: Letter) -> str:
    assert content.answer_by is not None, "a letter that wants an answer says by when"
    return _day(content.answer_by)


def _reasons(reasons: Sequence[str], opening: str) -> list[Block]:
    """One reason stands in the opening's line, several are numbered below it."""
    if not reasons:
        return []
    if len(reasons) == 1:
        return [_line(f"{opening}{_full(reasons[0])}")]
    numbered = (f"{at}. {_full(text)}" for at, text in enumerate(reasons, start=1))
    return [_line(opening), *map(_line, numbered)]


def _facts(rows: Sequence[tuple[str, str]], caption: str) -> Table:
    return Table(
        caption=_words(caption),
        header=(_words("项目"), _words("内容")),
        rows=tuple(
            (Cell(_words(name), "center"), Cell(_words(text))) for name, text in rows if text
        ),
        widths=(24, 132),
    )


def _kept(block: Block) -> Block:
    return Paragraph(block.spans, block.kind, keep=True) if isinstance(block, Paragraph) else block


def _line(text: str) -> Paragraph:
    return Paragraph(_words(text))


def _words(text: str) -> Spans:
    """Words and numbers as they were recorded: they are quoted, not computed here."""
    return (Span(text, "name"),)


def _full(sentence: str) -> str:
    return sentence if sentence.endswith("。") else f"{sentence}。"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
