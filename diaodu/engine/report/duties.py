"""上期交办事项落实情况: what became of the duties that were handed out, from facts handed over.

Numerals refer to `duties|<count>` (a count of the list, by unit `duties|<count>|<org>`) and to
`duty|<id>|late` (days overdue).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from diaodu.engine.dispatch.days import said
from diaodu.engine.dispatch.due import FATE_NAMES, Clock, Fate, Tally, tallies, tally
from diaodu.engine.dispatch.duty import Duty, DutyList
from diaodu.engine.ground.quantity import show
from diaodu.engine.ground.words import DUTY_STATE_NAMES
from diaodu.engine.report import patterns
from diaodu.engine.report.document import Cell, Paragraph, Span, Spans, Table, joined
from diaodu.engine.report.material import Material
from diaodu.engine.report.spans import absent_cell, fill, name, name_cell, text, text_cell

# A longer table is cut on paper; the desk holds all of it.
_MOST_ROWS = 60
_MOST_NAMED = 10
# What is not counted: never handed out, or taken back.
_NOT_COUNTED = ("draft", "withdrawn")
_PARTS: tuple[Fate, ...] = ("in_time", "done_late", "at_work", "overdue", "long_term")


def duties(material: Material) -> list[Paragraph | Table]:
    """Counts, what is overdue by name, how each unit stands; nothing where no list was handed
    over."""
    handed = material.duties
    if handed is None:
        return []
    clock = Clock(material.rulebook, handed.day)
    counted = [duty for duty in handed.duties if clock.fate(duty) not in _NOT_COUNTED]
    blocks: list[Paragraph | Table] = [Paragraph(_counts(handed, tally(counted, clock)))]
    if counted:
        blocks += _overdue(material, counted, clock)
        blocks.append(_by_unit(material, counted, clock))
        blocks += _kept_long(material, counted, clock)
    withdrawn = sum(duty.state == "withdrawn" for duty in handed.duties)
    if withdrawn:
        number = _number(withdrawn, "duties|withdrawn")
        blocks.append(Paragraph(fill(patterns.DUTIES_WITHDRAWN, count=number), "remark"))
    return blocks


def _number(count: int, key: str) -> Spans:
    return (Span(str(count), "figure", key),)


# -- the counts ------------------------------------------------------------------------------


def _counts(handed: DutyList, counts: Tally) -> Spans:
    """截至10月23日，…共23件，办结15件（…），办结率65.2%."""
    day = (Span(said(handed.day, handed.day), "period"),)
    run = (Span(f"（按{handed.run}）", "name"),) if handed.run else ()
    head = (*fill(patterns.DUTIES_DAY, day=day), *run, Span("，"), *_since(handed))
    if not counts.total:
        return (*head, Span(patterns.DUTIES_NONE))
    total = fill(patterns.DUTIES_TOTAL, count=_number(counts.total, "duties|total"))
    parts = [
        fill(patterns.DUTY_FATES[part], count=_number(count, f"duties|{part}"))
        for part in _PARTS
        if (count := getattr(counts, part))
    ]
    rate = show(Decimal(counts.done * 100) / counts.total, 1)
    done = fill(patterns.DUTIES_RATE, rate=(Span(rate, "figure", "duties|done_rate"),))
    return (*head, *total, Span("："), *joined(parts, "、"), Span("；"), *done, Span("。"))


def _since(handed: DutyList) -> Spans:
    if handed.since is None:
        return text(patterns.DUTIES_LAST)
    when = Span(said(handed.since, handed.day), "period")
    return fill(patterns.DUTIES_SINCE, since=(when,))


# -- overdue ---------------------------------------------------------------------------------


def _overdue(material: Material, counted: list[Duty], clock: Clock) -> Iterator[Paragraph | Table]:
    """The longest overdue first."""
    late = [duty for duty in counted if clock.fate(duty) == "overdue"]
    if not late:
        yield Paragraph(text(patterns.DUTIES_NONE_OVERDUE))
        return
    late.sort(key=lambda duty: (duty.latest, duty.lead, duty.id))
    rows = tuple(_overdue_row(material, duty, clock) for duty in late[:_MOST_ROWS])
    yield Table(
        text("逾期未办结事项表"),
        tuple(
            name(head) for head in ("主办单位", "事项", "最晚期限", "逾期天数", "状态", "还差什么")
        ),
        rows,
        (22, 55, 21, 17, 18, 37),
        dense=True,
    )
    if len(late) > _MOST_ROWS:
        left = _number(len(late) - _MOST_ROWS, "duties|overdue_not_listed")
        yield Paragraph(fill(patterns.DUTIES_MORE_OVERDUE, count=left), "remark")


def _overdue_row(material: Material, duty: Duty, clock: Clock) -> tuple[Cell, ...]:
    late = str(clock.due(duty).late)
    number = f"（{duty.number}）" if duty.number else ""
    return (
        name_cell(_unit(material, duty.lead)),
        name_cell(duty.title + number),
        Cell((Span(said(duty.latest, clock.day), "period"),), "center"),
        Cell(_number(int(late), f"duty|{duty.id}|late"), "right", number=late),
        text_cell(DUTY_STATE_NAMES[duty.state], "center"),
        name_cell(duty.remains) if duty.remains else absent_cell(),
    )


# -- by unit ---------------------------------------------------------------------------------


def _by_unit(material: Material, counted: list[Duty], clock: Clock) -> Table:
    """A row per lead unit in the rulebook's order, and the sum."""
    units = tallies(counted, clock, lambda duty: duty.lead)
    order = {org: at for at, org in enumerate(material.rulebook.orgs)}
    whole = Tally()
    rows: list[tuple[Cell, ...]] = []
    for unit in sorted(units, key=lambda org: (order.get(org, len(order)), org)):
        whole = whole.plus(units[unit])
        rows.append(_unit_row(_unit(material, unit), units[unit], f"|{unit}"))
    rows.append(_unit_row("合计", whole, ""))
    heads = ("主办单位", "共", *(FATE_NAMES[part] for part in _PARTS))
    return Table(
        text("各单位交办事项落实情况表"),
        tuple(name(head) for head in heads),
        tuple(rows),
        (30, 12, *(20 for _ in _PARTS)),
        unit="件",
    )


def _unit_row(unit: str, counts: Tally, whose: str) -> tuple[Cell, ...]:
    cells = [("total", counts.total), *((part, getattr(counts, part)) for part in _PARTS)]
    return (
        name_cell(unit),
        *(
            Cell(_number(count, f"duties|{part}{whose}"), "right", number=str(count))
            for part, count in cells
        ),
    )


def _unit(material: Material, org: str) -> str:
    return material.rulebook.names_of([org])[0]


def _kept_long(material: Material, counted: list[Duty], clock: Clock) -> Iterator[Paragraph]:
    """Those kept for long by name: they are neither done nor late, and must not be forgotten."""
    kept = [duty for duty in counted if clock.fate(duty) == "long_term"]
    if kept:
        told = [f"{_unit(material, duty.lead)}“{duty.title}”" for duty in kept[:_MOST_NAMED]]
        named = joined([name(one) for one in told], "、")
        more = text("等") if len(kept) > _MOST_NAMED else ()
        yield Paragraph(fill(patterns.DUTIES_LONG, names=(*named, *more)), "remark")
