"""A figure that two forms ask for on purpose: each of the two units sees what the other reported
and how far they lie apart. What is still being typed over there is not shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from diaodu.engine.ground.quantity import show
from diaodu.web.intake.models import ACCEPTED, REVIEW, SUBMITTED, ReturnCell
from diaodu.web.intake.queries.forms import Form, Row, forms_of

_THEIRS = ("sheet__form", "sheet__reporter_id", "org_id", "indicator", "facet", "unit", "value")
_HANDED_IN = (SUBMITTED, REVIEW, ACCEPTED)


@dataclass(frozen=True)
class Reconciled:
    """One figure of this form beside the same of another. `theirs` None: not handed in yet."""

    name: str
    unit: str
    other: Form
    reason: str
    ours: Decimal | None
    theirs: Decimal | None
    decimals: int

    @property
    def shown(self) -> str:
        return "未填" if self.ours is None else show(self.ours, self.decimals)

    @property
    def shown_theirs(self) -> str:
        return "还没有报" if self.theirs is None else show(self.theirs, self.decimals)

    @property
    def apart(self) -> str:
        """How far, and which is the larger; empty as long as one of the two is wanting."""
        if self.ours is None or self.theirs is None:
            return ""
        gap = self.ours - self.theirs
        if not gap:
            return "一致"
        return f"{'多' if gap > 0 else '少'}{show(abs(gap), self.decimals)}"


def reconciled(form: Form, cells: Mapping[str, ReturnCell]) -> list[Reconciled]:
    """Empty, and without a query, where the form shares no figure with another."""
    pairs = list(_pairs(form))
    if not pairs:
        return []
    found = ReturnCell.objects.filter(
        sheet__period=form.key.period,
        sheet__form__in={other.key.form for _, _, other, _ in pairs},
        sheet__state__in=_HANDED_IN,
        fault="",
    )
    theirs = {tuple(one[:-1]): one[-1] for one in found.values_list(*_THEIRS)}
    return [
        _beside(form, row, facet, other, reason, cells, theirs)
        for row, facet, other, reason in pairs
    ]


def only_compared(form: Form, row: Row) -> bool:
    """This form gives the figure to compare with another form of the same track: the other's is
    the one that goes into the ledger."""
    return any(
        one.indicator == row.indicator.id and other.track == form.track
        for one in form.entry.reconciles
        for other in forms_of(form.month, form.book)
        if other.entry.id == one.with_
    )


def _pairs(form: Form) -> Iterator[tuple[Row, str, Form, str]]:
    for other in forms_of(form.month, form.book):
        reasons = {one.indicator: one.reason for one in _declared(form, other)}
        for key, (row, facet) in form.cells.items() if reasons else ():
            if row.indicator.id in reasons and key in other.cells:
                yield row, facet, other, reasons[row.indicator.id]


def _declared(form: Form, other: Form) -> Iterator:
    """By either side."""
    yield from (one for one in form.entry.reconciles if one.with_ == other.entry.id)
    yield from (one for one in other.entry.reconciles if one.with_ == form.entry.id)


def _beside(
    form: Form, row: Row, facet: str, other: Form, reason: str, cells: Mapping[str, ReturnCell],
    theirs: Mapping[tuple, Decimal | None],
) -> Reconciled:  # fmt: skip
    own = cells.get(row.key(facet))
    unit = row.unit(facet)
    place = (other.key.form, other.key.reporter, row.org, row.indicator.id, facet, unit)
    ours = own.value if own is not None and own.unit == unit else None
    return Reconciled(
        form.name_of(row.key(facet)), unit, other, reason, ours, theirs.get(place),
        row.decimals(facet),
    )  # fmt: skip
