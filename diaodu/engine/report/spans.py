"""Making spans: figures that carry their key, names, periods, and templates filled with them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import MEASURE_WORD_NAMES
from diaodu.engine.report.document import Align, Cell, Span, Spans

ABSENT = "—"  # a cell to which the column does not apply
OWED = ("欠", "超", "持平")  # an arrears over, under and at zero

_FIELD = re.compile(r"\{(\w+)\}")
_NUMERIC = re.compile(r"-?\d+(\.\d+)?")


def is_numeric(shown: str) -> bool:
    return _NUMERIC.fullmatch(shown) is not None


def text(words: str) -> Spans:
    return (Span(words),)


def name(words: str, *, strong: bool = False) -> Spans:
    """A name from the rulebook, a file name, a cell: numerals in it belong to the name."""
    return (Span(words, "name", strong=strong),)


def period(when: Period, *, with_year: bool = False, end: bool = False) -> Spans:
    """1—5月, 一季度; `end` for balances: 5月末."""
    words = print_period(when, with_year=with_year, named=True)
    return (Span(words + ("末" if end else ""), "period"),)


def minus(shown: str) -> str:
    """U+2212 for the ASCII minus, as print wants it."""
    return shown.replace("-", "−")


def size(measure: Measure) -> Spans:
    """The figure without its sign, for sentences whose words carry the sign."""
    return (Span(measure.shown.removeprefix("-"), "figure", measure.key),)


def signed(measure: Measure) -> Spans:
    """The figure with its sign, for tables and levels; the word where there is no number."""
    if is_numeric(measure.shown):
        return (Span(minus(measure.shown), "figure", measure.key),)
    return text(measure.shown or MEASURE_WORD_NAMES[measure.word or "not_published"])


def grouped(shown: str) -> str:
    """With commas from 1,000, as tables print it."""
    whole, point, decimals = shown.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{decimals}"


def is_zero(measure: Measure) -> bool:
    """Whether nothing is left of it at the printed digits (持平 is nothing as well)."""
    if measure.value is None:
        return False
    return measure.value == 0 or (is_numeric(measure.shown) and Decimal(measure.shown) == 0)


def plain_digits(value: Decimal) -> str:
    """All digits of a target as it was set, without trailing zeros."""
    return f"{value.normalize():f}"


def target_value(target: Target) -> Spans:
    """The target's value; only for targets that have one."""
    assert target.value is not None
    return (Span(minus(plain_digits(target.value)), "figure", target.target_id),)


def with_commas(spans: Spans) -> Spans:
    """The figures among the spans as tables print them."""
    return tuple(
        replace(span, text=minus(grouped(span.text.replace("−", "-")))) if span.key else span
        for span in spans
    )


def fill(template: str, **fields: Spans) -> Spans:
    """The template with its {fields} replaced by spans."""
    found: list[Span] = []
    start = 0
    for match in _FIELD.finditer(template):
        if match.start() > start:
            found.append(Span(template[start : match.start()]))
        found.extend(fields[match.group(1)])
        start = match.end()
    if start < len(template):
        found.append(Span(template[start:]))
    return tuple(found)


# -- cells -----------------------------------------------------------------------------------


def text_cell(words: str, align: Align = "left") -> Cell:
    return Cell(text(words), align)


def name_cell(words: str, align: Align = "left") -> Cell:
    return Cell(name(words) if words else (), align)


def absent_cell() -> Cell:
    return Cell(text(ABSENT), "center")


def figure_cell(measure: Measure | None, otherwise: str = ABSENT) -> Cell:
    """The figure with its sign and commas, right aligned; its word, or `otherwise` where there is
    no measure, centred."""
    if measure is None:
        return text_cell(otherwise, "center")
    if is_numeric(measure.shown):
        return Cell(with_commas(signed(measure)), "right", number=measure.shown)
    return Cell(signed(measure), "center")


def owed_cell(measure: Measure | None, otherwise: str = ABSENT) -> Cell:
    """An arrears: 欠0.2, 超1.3, 持平; nobody has to know which sign is the bad one."""
    if measure is None or not is_numeric(measure.shown):
        return figure_cell(measure, otherwise)
    owed, beyond, even = OWED
    if is_zero(measure):
        return Cell(text(even), "right", measure.shown, signs=OWED)
    sign = text(owed if Decimal(measure.shown) > 0 else beyond)
    return Cell((*sign, *with_commas(size(measure))), "right", measure.shown, signs=OWED)
