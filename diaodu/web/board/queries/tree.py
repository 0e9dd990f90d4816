"""为什么是这个数: the engine's trace as a drawer shows it, down to cell, file and person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.table import told_time
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import Place, TraceNode
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure

_MOST_OPEN = 8  # branches of one number; the rest are folded
_DEEPEST_OPEN = 2
_LAST_PART = 3  # of a measure's key: behind indicator, org and period


@dataclass(frozen=True, slots=True)
class Branch:
    """One number: what it is, what it is made of, where it was read. `folded` are branches shown
    on demand."""

    title: str
    shown: str
    formula: str
    hidden: bool
    source: tuple[tuple[str, str], ...]
    figure: int | None
    open: Sequence[Branch]
    folded: Sequence[Branch]


@dataclass(frozen=True, slots=True)
class Tree:
    """`others`: (measure, what it is) that fit what was asked just as well."""

    top: Branch
    others: Sequence[tuple[str, str]]


def tree(chosen: Chosen, access: Access, now: datetime, indicator: str, measure: str) -> Tree:
    """Raises Http404 where there is no such number, or the reader may not see it (yet)."""
    found = runs.trace(
        chosen.run, access, now, indicator=indicator, org=chosen.org.id, measure=measure or None
    )
    if found is None:
        raise Http404("没有这个数，或现在还不能看")
    others = [(_end(one.key), one.title) for one in found.others]
    return Tree(_branch(found, 0), others)


def _end(key: str) -> str:
    return key.split("|", _LAST_PART)[-1]


def _branch(node: TraceNode, depth: int) -> Branch:
    inputs = [_branch(one, depth + 1) for one in node.inputs]
    most = _MOST_OPEN if depth < _DEEPEST_OPEN else 0
    return Branch(
        title=node.title, shown=f"{figure(node.shown)}{node.unit}", formula=node.formula,
        hidden=node.hidden, source=_source(node.place) if node.place is not None else (),
        figure=node.place.figure if node.place is not None else None,
        open=inputs[:most], folded=inputs[most:],
    )  # fmt: skip


def _source(place: Place) -> tuple[tuple[str, str], ...]:
    is_line = place.cell.startswith("第")  # a line of a web form
    cell = place.cell if is_line else f"单元格{place.cell}" if place.cell else ""
    sheet = f"工作表“{place.sheet}”" if place.sheet else ""
    entered = told_time(place.entered_at) if place.entered_at else ""
    by = _with(place.person, "" if place.reviewer else entered)
    told = (
        ("文件", place.file or "页面填报"), ("位置", "　".join(p for p in (sheet, cell) if p)),
        ("原文", _given(place)),
        ("收到", f"{place.received.year}年{place.received.month}月{place.received.day}日"),
        ("填报" if place.reviewer else "录入", by),
        ("签字", "，".join(f"{title}{name}" for title, name in place.signed)),
        ("审核", _with(place.reviewer, entered) if place.reviewer else ""),
        ("文号", place.document), ("原因", place.reason),
    )  # fmt: skip
    return tuple((name, text) for name, text in told if text)


def _with(person: str, moment: str) -> str:
    return "　".join(one for one in (person, moment) if one)


def _given(place: Place) -> str:
    """The text of the cell with its unit, a percent sign once."""
    unit = place.unit_given.removesuffix("%") if "%" in place.value_given else place.unit_given
    return f"{place.value_given}{unit}"
