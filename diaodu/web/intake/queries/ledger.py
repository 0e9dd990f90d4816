"""The figures on file that a form is compared with, loaded once for its page and its checks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Observation
from diaodu.engine.ground.words import TRACKS
from diaodu.engine.rules.calendar import previous_filed
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.figures import needed_periods
from diaodu.engine.verify.history import periods_of_the_past
from diaodu.engine.verify.matched import partners
from diaodu.web.figures import queries as figures
from diaodu.web.intake.queries.forms import Form, Row

ABSENT_WORDS = frozenset({"missing", "not_due", "late"})
_Figure = tuple[str, str, str, str]  # indicator, org, period, facet


@dataclass(frozen=True)
class Ledger:
    """own: the form's orgs in every period they are compared with (`has_past`: of years back, where
    a check asks for what is unlike the past). kin: their parents and children in the month's own
    periods, for sums and gaps. partners: indicators that are only there because the form's should
    move together with them. book: the rulebook as far as it concerns them all."""

    form: Form
    book: Rulebook
    own: Sequence[Observation]
    kin: Sequence[Observation]
    has_past: bool = False
    partners: frozenset[str] = frozenset()

    def last_year(self, row: Row, facet: str) -> Observation | None:
        return self._known(row, row.period.last_year(), facet)

    def previous(self, row: Row, facet: str) -> Observation | None:
        """The figure of the period before: 1—2月 of a merged indicator follows 1—12月."""
        return self._known(row, previous_filed(row.indicator, row.period), facet)

    def this(self, row: Row, facet: str) -> Observation | None:
        return self._known(row, row.period, facet)

    def _known(self, row: Row, period: Period, facet: str) -> Observation | None:
        return self._newest.get((row.indicator.id, row.org, period.id, facet))

    @cached_property
    def _newest(self) -> dict[_Figure, Observation]:
        """On the form's own track where there is one, else as the board reads them."""
        tracks = self.book.tracks("board", self.form.month.end)
        order = list(dict.fromkeys((self.form.track, *tracks, *TRACKS)))
        found: dict[_Figure, Observation] = {}
        for one in sorted(self.own, key=lambda one: (-order.index(one.track), one.received)):
            told = one.value is not None or one.word not in ABSENT_WORDS
            if told and not one.held and one.against is None:
                found[one.indicator, one.org, one.period, one.facet] = one
        return found


def ledger_of(form: Form) -> Ledger:
    near = _near(form)
    matched = partners(form.book, {row.indicator.id for row in form.rows}) - near
    book = _narrowed(form.book, near | matched)
    indicators, orgs = set(book.indicators), set(form.orgs)
    past = periods_of_the_past(book, form.month)
    own = figures.engine_observations(
        indicators=indicators, orgs=orgs, periods=needed_periods(book, form.month) | past
    )
    kin = _kin(book, form) - orgs
    now = {row.period.id for row in form.rows}
    beside = figures.engine_observations(indicators=indicators, orgs=kin, periods=now)
    return Ledger(form, book, own, beside if kin else [], bool(past), frozenset(matched))


def _near(form: Form) -> set[str]:
    """The form's indicators and those they are parts or parents of."""
    own = {row.indicator.id for row in form.rows}
    wanted = own | {child for one in own for child in form.book.indicators[one].children}
    for one in form.book.indicators.values():
        if own.intersection(one.children):
            wanted |= {one.id, *one.children}
    return wanted


def _narrowed(rulebook: Rulebook, wanted: Collection[str]) -> Rulebook:
    """The rulebook with these indicators alone: what the rest says cannot concern this form, and
    asking it all takes long."""
    chosen = {id: one for id, one in rulebook.indicators.items() if id in wanted}
    return replace(rulebook, indicators=chosen, calendar=())


def _kin(book: Rulebook, form: Form) -> set[str]:
    found: set[str] = set()
    for org in form.orgs:
        found |= {one.id for one in book.ancestors(org)}
        found |= {one.id for one in book.children(org, form.month.end)}
    return found
