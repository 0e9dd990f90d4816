"""Parts against their whole, as the engine holds them: by unit, month, project and person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from diaodu.engine.compute.against import is_upper
from diaodu.engine.compute.decomposition import By, Part, Remark, Sum, Whole, held_against
from diaodu.engine.rules.models import Indicator
from diaodu.web.targets.models import Line
from diaodu.web.targets.queries.columns import WHOLE, Column, adds_up_by_month

_NOTHING = Decimal(0)


class Gap(NamedTuple):
    """`total` of the parts, None where there are none; `gap`: what is not given to anybody yet,
    below zero what is given too much, None where there is no whole. `is_even` where that is
    nothing, or the margin covers it."""

    total: Decimal | None = None
    gap: Decimal | None = None
    is_even: bool = True

    @property
    def short(self) -> Decimal | None:
        return self.gap if self.gap is not None and self.gap > 0 else None

    @property
    def over(self) -> Decimal | None:
        return -self.gap if self.gap is not None and self.gap < 0 else None


NO_GAP = Gap()


def number_in(line: Line, column: str) -> Decimal | None:
    if column == WHOLE:
        return line.value
    text = line.months.get(column)
    return None if text is None else Decimal(text)


def margin_of(line: Line | None, by: str) -> Decimal | None:
    """What the parts may exceed the whole by, as declared."""
    if line is None or by not in line.margins:
        return None
    return Decimal(line.margins[by]["value"])


def gap_of(parts: Iterable[Decimal | None], whole: Decimal | None, margin: Decimal | None) -> Gap:
    """Sums for showing: no names, no words."""
    known = [Part("", one) for one in parts if one is not None]
    if not known:
        return NO_GAP
    found = held_against(Whole("", whole or _NOTHING, "", 1, "org", margin), known)
    if whole is None:
        return Gap(found.total)
    return Gap(found.total, found.gap, _is_even(found))


def _is_even(found: Sum) -> bool:
    return not any(one.refused and one.code != "closed_org" for one in found.remarks)


def month_parts(line: Line, indicator: Indicator, columns: Sequence[Column]) -> list[Decimal]:
    """What has to make the year: all months where they are summed up, else the last one."""
    summed = adds_up_by_month(indicator, line.kind)
    keys = [one.key for one in columns] if summed else [columns[-1].key]
    return [number for key in keys if (number := number_in(line, key)) is not None]


def month_gap(line: Line, indicator: Indicator, columns: Sequence[Column]) -> Gap:
    if not line.months or not columns:
        return NO_GAP
    parts = month_parts(line, indicator, columns)
    if not parts:
        return Gap(None, line.value, line.value is None)
    return gap_of(parts, line.value, margin_of(line, "month"))


def remarks(
    line: Line, indicator: Indicator, year: int, by: By, parts: Sequence[Part]
) -> tuple[Remark, ...]:
    """What the engine says of the parts of a line that has a number."""
    if line.value is None or not parts:
        return ()
    whole = Whole(
        "全年目标" if by == "month" else f"{line.org.name}的目标", line.value, line.unit, year, by,
        margin_of(line, by), upper=by == "org" and is_upper(indicator, line),
    )  # fmt: skip
    return held_against(whole, parts).remarks
