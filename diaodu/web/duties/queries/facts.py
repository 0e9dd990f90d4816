"""Rows as the engine reads duties."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from diaodu.engine.dispatch.duty import WITH_UNIT, Goal, Thing
from diaodu.engine.dispatch.duty import Duty as Fact
from diaodu.engine.dispatch.duty import Proof as GivenProof
from diaodu.web.duties.models import Duty, Proof
from diaodu.web.people import queries as people
from diaodu.web.shared import clock

_COLUMNS = (
    "id", "title", "state", "source", "lead_id", "person__name", "issued", "latest", "best",
    "number", "origin", "measures", "leader__name", "things", "proof_asked", "goal", "decision",
    "parent_id", "signed", "answered", "closed",
)  # fmt: skip


class Told(NamedTuple):
    """Whom a reminder goes to: `persons` do it, `heads` answer for the unit."""

    title: str
    unit: str
    persons: frozenset[int]
    heads: frozenset[int]


def facts(ids: Iterable[int]) -> list[Fact]:
    """In the order of their ids."""
    return of(Duty.objects.filter(pk__in=list(ids)).order_by("pk"))


def facts_to_urge(until: date) -> list[Fact]:
    """The duties that wait for their lead unit and are due by a day, the soonest first. Of what
    supports them and proves them nothing is read."""
    near = Duty.objects.filter(state__in=WITH_UNIT, latest__lte=until)
    return of(near.order_by("latest", "pk"), proof=False, supporting=False)


def number_to_urge() -> int:
    return Duty.objects.filter(state__in=WITH_UNIT).count()


def overdue(day: date) -> list[Fact]:
    """Open duties whose last day may have passed: how late they are, the engine's clock says."""
    late = Duty.objects.filter(state__in=WITH_UNIT, latest__lt=day)
    return of(late.order_by("latest", "pk"), proof=False)


def of(rows: QuerySet[Duty], *, proof: bool = True, supporting: bool = True) -> list[Fact]:
    """The rows as facts, in their order. Without proof where only dates and states matter."""
    listed = list(rows.values_list(*_COLUMNS))
    ids = [row[0] for row in listed]
    beside = _supporting(ids) if supporting else {}
    given = _given(ids) if proof else {}
    return [_fact(row, beside.get(row[0], ()), given.get(row[0], ())) for row in listed]


def _fact(row: tuple[Any, ...], supporting: Any, proof: Any) -> Fact:
    """What stands in the table was checked on its way in."""
    told = dict(zip(_COLUMNS, row, strict=True))
    return Fact.model_construct(
        id=str(told["id"]), title=told["title"], state=told["state"], source=told["source"],
        lead=told["lead_id"], person=told["person__name"], issued=told["issued"],
        latest=told["latest"], best=told["best"], number=told["number"] or None,
        origin=told["origin"] or None, measures=told["measures"] or None,
        supporting=tuple(supporting), leader=told["leader__name"] or None,
        things=tuple(Thing.model_construct(**one) for one in told["things"]),
        proof_asked=tuple(told["proof_asked"]), proof=tuple(proof), goal=goal_of(told["goal"]),
        decision=told["decision"] or None,
        parent=str(told["parent_id"]) if told["parent_id"] else None, signed=told["signed"],
        answered=told["answered"], closed=told["closed"], remains=None,
    )  # fmt: skip


def goal_of(kept: dict[str, Any] | None) -> Goal | None:
    if kept is None:
        return None
    value = kept.get("value")
    return Goal.model_construct(**{**kept, "value": None if value is None else Decimal(value)})


def _supporting(ids: Collection[int]) -> dict[int, list[str]]:
    through = Duty.supporting.through.objects
    found: dict[int, list[str]] = {}
    rows = through.filter(duty_id__in=ids) if len(ids) < 500 else through.all()
    for duty, org in rows.order_by("org__place").values_list("duty_id", "org_id"):
        found.setdefault(duty, []).append(str(org))
    return found


def _given(ids: Collection[int]) -> dict[int, list[GivenProof]]:
    found: dict[int, list[GivenProof]] = {}
    for one in Proof.objects.filter(duty_id__in=ids):
        found.setdefault(one.duty_id, []).append(
            GivenProof.model_construct(
                kind=one.kind, name=one.name, on=clock.local(one.at).date(),
                proves=one.proves or None,
            )
        )  # fmt: skip
    return found


def whom_to_tell(ids: Collection[str]) -> dict[str, Told]:
    """By id; nobody who has left."""
    wanted = [int(one) for one in ids if one]
    rows = Duty.objects.filter(pk__in=wanted).values_list(
        "pk", "title", "lead_id", "lead__name", "person_id", "person__is_active"
    )
    listed = list(rows)
    heads = heads_of({row[2] for row in listed})
    return {
        str(id): Told(
            title, unit, frozenset({person} if active else ()), frozenset(heads.get(lead, ()))
        )
        for id, title, lead, unit, person, active in listed
    }


def heads_of(orgs: Collection[str]) -> dict[str, set[int]]:
    """Unit → the users who head it."""
    found: dict[str, set[int]] = {}
    for one in people.staff(clock.today(), orgs):
        if one.role == "leader":
            found.setdefault(one.org, set()).add(one.id)
    return found
