"""Where things stand in the table of a form: one slot for each column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from diaodu.adapters.forms_excel.model import FormColumn, FormSheet

NO, ORG, NAME, UNIT, NOTE, REASON = "no", "org", "name", "unit", "note", "reason"
LAST_YEAR, LAST, INPUT, MONTH, GROWTH = "last_year", "last", "input", "month", "growth"

CLOSED = "不填"  # in an input that this row does not ask for
NOTE_HEAD = "说明"
REASON_HEAD = "本期确无数据的原因"
_COMPUTED = "自动计算（供核对）"


class Slot(NamedTuple):
    """A column: `role` and the facet it belongs to, its head under `group` (empty: one head over
    both lines), its width in characters."""

    role: str
    head: str
    width: float
    group: str = ""
    facet: str = ""

    @property
    def mark(self) -> str:
        """What the hidden row says of it."""
        return f"{self.role}:{self.facet}" if self.facet else self.role


def slots(form: FormSheet) -> list[Slot]:
    """The visible columns from left to right."""
    return [
        Slot(NO, "行", 5),
        *([Slot(ORG, "填报对象", 13)] if form.has_orgs else []),
        Slot(NAME, "指标名称", 29),
        Slot(UNIT, "计量\n单位", 9),
        *(slot for column in form.columns for slot in _of(column, form)),
        Slot(NOTE, NOTE_HEAD, 26),
        Slot(REASON, "本期确无\n数据的原因", 19),
    ]


def _of(column: FormColumn, form: FormSheet) -> Iterator[Slot]:
    group = f"{column.title}（{column.unit}）" if column.unit else column.title
    facet = column.facet
    if column.last_year:
        yield Slot(LAST_YEAR, _under("去年同期", form.last_year_label), 12, group, facet)
    if column.last:
        yield Slot(LAST, _under("上期", form.last_label), 12, group, facet)
    yield Slot(INPUT, _under("本期", form.period_label), 15, group, facet)
    if column.month and column.last:
        yield Slot(MONTH, "当月", 11, _COMPUTED, facet)
    if column.growth and column.last_year:
        yield Slot(GROWTH, "同比%", 10, _COMPUTED, facet)


def _under(head: str, label: str) -> str:
    return f"{head}\n{label}" if label else head
