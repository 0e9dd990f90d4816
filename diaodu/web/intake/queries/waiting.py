"""What waits for this user's signature or review, of all months: the list and its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from diaodu.engine.ground.period import print_period
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.intake.models import REVIEW, SUBMITTED, Return, Signature
from diaodu.web.intake.queries import rights
from diaodu.web.intake.queries.forms import Form, Key, forms_of, month_of
from diaodu.web.intake.queries.windows import Window, exceptions
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access


@dataclass(frozen=True)
class Waiting:
    """A return that goes on only when this user has signed or decided."""

    form: Form
    window: Window
    sheet: Return
    title: str  # of the signature; empty where it is to be reviewed

    @property
    def month_said(self) -> str:
        return print_period(self.form.month)


@dataclass(frozen=True)
class Desk:
    """Both lists, the nearest end first. `signs`, `reviews`: whether this user ever does."""

    signs: bool
    reviews: bool
    all: tuple[Waiting, ...] = ()

    @cached_property
    def to_sign(self) -> list[Waiting]:
        return [one for one in self.all if one.title]

    @cached_property
    def to_review(self) -> list[Waiting]:
        return [one for one in self.all if not one.title]


def waiting_for(access: Access) -> Desk:
    """One query where nothing waits, four where something does."""
    signs, reviews = access.may("sign"), access.may("review")
    rows = list(_sheets(access, signs, reviews)) if signs or reviews else []
    if not rows or not rulebooks.has_rulebook():
        return Desk(signs, reviews)
    found = sorted(
        _mine(access, rows, rulebooks.current()),
        key=lambda one: (one.window.last, one.form.key),
    )
    return Desk(signs, reviews, tuple(found))


def _sheets(access: Access, signs: bool, reviews: bool) -> QuerySet[Return]:
    """In a state to be signed or reviewed, at units of this user's, without their own hand in it.
    With `signed`: how many have."""
    wanted = Q(pk__in=[])
    if signs:
        wanted |= Q(state=SUBMITTED, reporter_id__in=access.roots("sign"))
    if reviews:
        wanted |= Q(state=REVIEW, reporter_id__in=access.orgs("review"))
    own = Signature.objects.filter(
        sheet=OuterRef("pk"), attempt=OuterRef("attempt"), by_id=access.user_id
    )
    return (
        Return.objects.filter(wanted, ~Exists(own))
        .exclude(submitted_by_id=access.user_id)
        .select_related("submitted_by")
        .annotate(signed=Count("signatures", filter=Q(signatures__attempt=F("attempt"))))
    )


def _mine(access: Access, rows: list[Return], book: Rulebook) -> Iterator[Waiting]:
    periods = {one.period for one in rows}
    forms: dict[Key, Form] = {}
    until: dict[Key, datetime] = {}
    for period in periods:
        month = month_of(period)
        if month is not None:
            forms |= {one.key: one for one in forms_of(month, book)}
            until |= exceptions(period)
    for sheet in rows:
        form = forms.get(Key(sheet.period, sheet.form, sheet.reporter_id))
        if form is None:  # the rules ask for it no longer
            continue
        window = Window(form.opens, form.closes, until.get(form.key))
        place = int(getattr(sheet, "signed", 0)) + 1
        if sheet.state == REVIEW and rights.is_above(access, "review", form):
            yield Waiting(form, window, sheet, "")
        elif sheet.state == SUBMITTED and place in rights.places_to_sign(access, form):
            yield Waiting(form, window, sheet, form.signatures[place - 1].title)
