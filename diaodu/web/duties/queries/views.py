"""Duties as lists show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from diaodu.engine.dispatch.due import Due
from diaodu.engine.dispatch.duty import Duty as Fact
from diaodu.engine.ground.words import DUTY_SOURCE_NAMES, DUTY_STATE_NAMES
from diaodu.web.duties.models import Duty
from diaodu.web.duties.queries.due import Standing, standing
from diaodu.web.duties.queries.facts import of
from diaodu.web.duties.queries.reports import Report, reports
from diaodu.web.duties.queries.rights import seen
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access


@dataclass(frozen=True)
class DutyView:
    """`kind` and `word`: its light on that day, as `{% light %}` takes them. `age`: days since it
    was issued, None for a draft."""

    fact: Fact
    lead_name: str
    due: Due
    age: int | None
    report: Report | None = None

    @property
    def id(self) -> str:
        return self.fact.id

    @property
    def kind(self) -> str:
        return "unknown" if self.due.light == "none" else self.due.light

    @property
    def word(self) -> str:
        return self.due.word

    @property
    def number(self) -> str:
        return self.fact.number or ""

    @property
    def title(self) -> str:
        return self.fact.title

    @property
    def state_name(self) -> str:
        return DUTY_STATE_NAMES[self.fact.state]

    @property
    def source_name(self) -> str:
        return DUTY_SOURCE_NAMES[self.fact.source]

    @property
    def url(self) -> str:
        return reverse("duties:duty", args=[self.fact.id])

    @property
    def aged(self) -> str:
        """交办13天, 今天交办."""
        if self.age is None:
            return "还没有交办"
        return "今天交办" if self.age == 0 else f"交办{self.age}天"


def views(access: Access, now: datetime, ids: Iterable[int]) -> dict[int, DutyView]:
    """By id; those one may not see are left out."""
    wanted = [one for one in ids if one]
    if not wanted:
        return {}
    rows = seen(access).filter(pk__in=wanted)
    return {int(one.id): one for one in shown(rows, standing(now.date()))}


def shown(rows: QuerySet[Duty], on: Standing) -> list[DutyView]:
    """In their order; proof is left out."""
    names, listed = people.names(), of(rows, proof=False)
    kept = [int(one.id) for one in listed if one.state == "long_term"]
    told = reports(kept, on.clock.day) if kept else {}
    return [
        DutyView(
            one, names.get(one.lead, one.lead), on.clock.due(one), on.clock.age(one),
            told.get(int(one.id)),
        )
        for one in listed
    ]  # fmt: skip
