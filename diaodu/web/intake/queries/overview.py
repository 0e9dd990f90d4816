"""The first page: what this user owes, signs and oversees in a month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Value

from diaodu.engine.ground.period import Period
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.figures import queries as figures
from diaodu.web.intake.queries import rights
from diaodu.web.intake.queries.forms import Block, Form, Key, forms_of
from diaodu.web.intake.queries.forms import months as all_months
from diaodu.web.intake.queries.obligations import (
    DONE,
    STATE_WORDS,
    Obligation,
    chase_list,
    counted,
    obligations,
)
from diaodu.web.intake.queries.waiting import Desk, waiting_for
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access

_MONTHS_BACK = 2
_OVERSEEING = ("review", "chase", "except")
_MOST_CHASED = 50


@dataclass(frozen=True)
class MatrixRow:
    """A unit and its forms in the order of the columns; None: it does not owe that one."""

    unit: str
    cells: tuple[Obligation | None, ...]


@dataclass(frozen=True)
class Overview:
    """`all` are the forms whose state this user may know; `chosen` those that pass the filters."""

    month: Period
    months: Sequence[Period]
    access: Access
    all: Sequence[Obligation]
    chosen: Sequence[Obligation]
    earlier: Sequence[Obligation]  # of the months before: still to be filled by this user
    waiting: Desk
    whole_chase: bool = False

    @cached_property
    def own(self) -> list[Obligation]:
        """To be filled by this user."""
        return [one for one in self.all if rights.may_fill(self.access, one.form)]

    @cached_property
    def overseen(self) -> list[Obligation]:
        return [one for one in self.chosen if self._oversees(one)]

    @cached_property
    def oversees_any(self) -> bool:
        return any(self._oversees(one) for one in self.all)

    @cached_property
    def counts(self) -> list[tuple[str, str, int]]:
        """State, word, number: of all overseen, before the filters; they add up."""
        found = counted(one for one in self.all if self._oversees(one))
        return [(state, STATE_WORDS[state], number) for state, number in found.items() if number]

    @cached_property
    def done(self) -> int:
        return sum(number for state, _, number in self.counts if state in DONE)

    @cached_property
    def total(self) -> int:
        return sum(number for _, _, number in self.counts)

    @cached_property
    def late(self) -> list[Obligation]:
        return [one for one in self.all if self._oversees(one) and one.state == "late"]

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """Entry and title of the forms some chosen unit owes."""
        found = {one.form.key.form: _column(one.form) for one in self.overseen}
        return list(found.items())

    @cached_property
    def matrix(self) -> list[MatrixRow]:
        by_unit: dict[str, dict[str, Obligation]] = {}
        names: dict[str, str] = {}
        for one in self.overseen:
            by_unit.setdefault(one.form.reporter.id, {})[one.form.key.form] = one
            names[one.form.reporter.id] = one.form.reporter.name
        return [
            MatrixRow(names[unit], tuple(forms.get(form) for form, _ in self.columns))
            for unit, forms in by_unit.items()
        ]

    @cached_property
    def may_chase(self) -> bool:
        return any(rights.is_above(self.access, "chase", one.form) for one in self.all)

    @cached_property
    def chase(self) -> list[Obligation]:
        return [
            one
            for one in chase_list(self.overseen)
            if rights.is_above(self.access, "chase", one.form)
        ]

    @property
    def chase_shown(self) -> list[Obligation]:
        """The most pressing; the rest on asking."""
        return self.chase if self.whole_chase else self.chase[:_MOST_CHASED]

    @property
    def chase_left(self) -> int:
        return len(self.chase) - len(self.chase_shown)

    @cached_property
    def entries(self) -> list[tuple[str, str]]:
        """All forms of the month, for the filter."""
        return list({one.form.key.form: _column(one.form) for one in self.all}.items())

    def _oversees(self, one: Obligation) -> bool:
        return any(rights.is_above(self.access, each, one.form) for each in _OVERSEEING)


def overview(
    *, wanted: Period | None, now: datetime, access: Access, filters: Mapping[str, str]
) -> Overview | None:
    """Of the month wanted, or the newest; None where no returns have ever opened.

    Raises NoRulebook.
    """
    book = rulebooks.current()
    months = all_months(now, book)
    if not months:
        return None
    month = wanted if wanted in months else months[0]
    visible = [one for one in forms_of(month, book) if rights.sees_state(access, one)]
    found = _of_month(visible, month, now, access)
    before = months[months.index(month) + 1 :][:_MONTHS_BACK]
    earlier = _left_over(book, before, now, access)
    return Overview(
        month, months, access, found, list(_chosen(found, filters)), earlier, waiting_for(access),
        filters.get("chase") == "all",
    )  # fmt: skip


def owed(access: Access, now: datetime) -> list[Obligation]:
    """What is still to be filled by this user, of the newest months."""
    if not access.may("fill") or not rulebooks.has_rulebook():
        return []
    book = rulebooks.current()
    return _left_over(book, all_months(now, book)[: 1 + _MONTHS_BACK], now, access)


def _of_month(
    forms: Sequence[Form], month: Period, now: datetime, access: Access
) -> list[Obligation]:
    if not forms:
        return []
    return obligations(month=month, now=now, access=access, on_file=on_file(forms), forms=forms)


def _left_over(
    book: Rulebook, months: Sequence[Period], now: datetime, access: Access
) -> list[Obligation]:
    """Of earlier months: what is still to be filled by this user."""
    if not access.may("fill"):
        return []
    found: list[Obligation] = []
    for month in months:
        forms = [one for one in forms_of(month, book) if rights.may_fill(access, one)]
        found += _of_month(forms, month, now, access)
    return [one for one in found if one.waits_for_unit]


def on_file(forms: Iterable[Form]) -> frozenset[Key]:
    """The forms of which every figure stands already, on the form's own track: counted where the
    figures lie, for a county's month has thousands."""
    wanted = [one for one in forms if one.blocks]
    orgs: dict[Block, set[str]] = {}
    for form in wanted:
        for block, some in form.blocks.items():
            orgs.setdefault(block, set()).update(some)
    standing = _counted_by_org(orgs)
    return frozenset(
        one.key
        for one in wanted
        if all(
            standing.get((block, org)) == len(block.indicators)
            for block, some in one.blocks.items()
            for org in some
        )
    )


def _counted_by_org(orgs: Mapping[Block, Collection[str]]) -> dict[tuple[Block, str], int]:
    """How many figures of each block and org stand, in one query."""
    blocks = list(orgs)
    counts = [
        figures.standing(
            indicator__in=block.indicators, org_id__in=orgs[block], period=block.period,
            facet=block.facet, against="", track=block.track,
        )
        .values("org_id")
        .annotate(block=Value(place), figures=Count("pk"))
        .values_list("block", "org_id", "figures")
        for place, block in enumerate(blocks)
    ]  # fmt: skip
    if not counts:
        return {}
    rows = counts[0].union(*counts[1:], all=True)
    return {(blocks[place], org): size for place, org, size in rows}


def _chosen(found: Iterable[Obligation], filters: Mapping[str, str]) -> Iterable[Obligation]:
    state, form, unit = filters.get("state"), filters.get("form"), filters.get("q", "").strip()
    for one in found:
        named = not unit or unit in one.form.reporter.name
        named = named or any(unit in alias for alias in one.form.reporter.aliases)
        if named and (not state or one.state == state) and (not form or one.form.key.form == form):
            yield one


def _column(form: Form) -> str:
    return form.entry.title or form.entry.id
