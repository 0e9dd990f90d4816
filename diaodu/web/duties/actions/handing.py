"""Handing out: a duty is written, amended and issued by a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from diaodu.engine.dispatch.duty import Goal, Thing
from diaodu.engine.ground.words import DUTY_STATE_NAMES
from diaodu.engine.report.letters import KIND_SIGNS
from diaodu.web.duties.actions.common import THING, Untimely, enter, locked, refuse
from diaodu.web.duties.models import Duty, Upload
from diaodu.web.duties.queries.choices import works_at
from diaodu.web.people import queries as people
from diaodu.web.shared import audit
from diaodu.web.shared.numbering import letter_number

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Wanted:
    """What a duty says before it is issued. `person`, `leader`: users' ids; `lead`, `supporting`:
    orgs'. basis: sentences on the figure it rests on, and the run they were read in."""

    title: str
    source: str
    lead: str
    person: int
    latest: date | None
    origin: str = ""
    supporting: tuple[str, ...] = ()
    best: date | None = None
    leader: int | None = None
    measures: str = ""
    things: tuple[Thing, ...] = ()
    proof_asked: tuple[str, ...] = ()
    goal: Goal | None = None
    parent: int | None = None
    basis: tuple[str, ...] = ()
    run: str = field(default="")


@transaction.atomic
def hand_out(*, wanted: Sequence[Wanted], by: Any, at: datetime) -> list[Duty]:
    """Write and issue them, all or none; in their order. Raises ValidationError with every fault
    of every one."""
    made = write(wanted=wanted, by=by, at=at)
    return [issue(duty_id=one.pk, by=by, at=at) for one in made]


@transaction.atomic
def take_list(
    *, upload_id: int, wanted: Sequence[Wanted], make: Callable[..., list[Duty]], by: Any,
    at: datetime,
) -> list[Duty]:  # fmt: skip
    """An Excel list, written or handed out once; `make`: `write` or `hand_out`."""
    held = Upload.objects.select_for_update().get(pk=upload_id)
    if held.taken:
        raise Untimely("这份清单已经交办过；要再交办请重新上传")
    held.taken = True
    held.save(update_fields=["taken"])
    return make(wanted=wanted, by=by, at=at)


@transaction.atomic
def write(*, wanted: Sequence[Wanted], by: Any, at: datetime) -> list[Duty]:
    """Drafts, all or none."""
    if not people.access_of(by, at.date()).may("assign"):
        raise PermissionDenied("要有“交办”的权限")
    if len(wanted) > MOST_AT_ONCE:
        raise ValidationError(f"一次最多交办{MOST_AT_ONCE}件，这里有{len(wanted)}件，请分几次")
    check_all(wanted, at.date())
    return [_written(one, by, at) for one in wanted]


def check_all(wanted: Sequence[Wanted], day: date) -> None:
    """One duty's faults stand at its fields, several's in one list with their numbers."""
    told = [(at, faults_of(one, day)) for at, one in enumerate(wanted, start=1)]
    wrong = [(at, faults) for at, faults in told if faults]
    if not wrong:
        return
    if len(wanted) == 1:
        raise ValidationError(wrong[0][1])
    raise ValidationError([f"第{at}件：{text}" for at, faults in wrong for text in faults.values()])


def faults_of(one: Wanted, day: date) -> dict[str, str]:
    """Field → what is wrong with it and what to do."""
    faults: dict[str, str] = {}
    if not one.title.strip():
        faults["title"] = "请写要做什么"
    if one.latest is None:
        faults["latest"] = "请填最晚哪天前办结；没有期限的事项不能交办"
    elif one.latest < day:
        faults["latest"] = f"{_day(one.latest)}已经过去，请填今天或以后的日期"
    if one.best is not None and one.latest is not None and one.best > one.latest:
        faults["best"] = "力争期限不能晚于最晚期限"
    faults |= _who(one, day)
    if one.parent is not None:
        faults = {**_under(one, one.parent), **faults}
    return faults


def _under(one: Wanted, parent: int) -> dict[str, str]:
    """What a part of another duty must keep to."""
    whole = Duty.objects.filter(pk=parent).first()
    if whole is None:
        return {"parent": "上一级事项已经没有了，请重新选"}
    if whole.state in ("closed", "withdrawn"):
        return {"parent": f"上一级事项{DUTY_STATE_NAMES[whole.state]}，不能再分解"}
    if one.latest is not None and one.latest > whole.latest and whole.state != "long_term":
        return {"latest": f"上一级事项最晚{_day(whole.latest)}办结，下级事项不能比它晚"}
    return {}


def _who(one: Wanted, day: date) -> dict[str, str]:
    units = {unit.pk: unit for unit in people.orgs_on(day).filter(pk__in=[one.lead])}
    home = people.home()
    inside = people.subtree(home.pk) if home is not None else frozenset()
    if not one.lead or one.lead not in inside:
        return {"lead": "请选主办单位"}
    if one.lead not in units:
        name = people.names()[one.lead]
        return {"lead": f"{name}已经撤销，请选承接它职责的单位"}
    if not one.person:
        return {"person": "请选具体承办人"}
    if not works_at(day, one.person, one.lead):
        name = people.user_names([str(one.person)]).get(str(one.person), "")
        return {"person": f"{name}不在{units[one.lead].name}任职或账号已停用，请改交别人"}
    gone = [org for org in one.supporting if org not in inside]
    return {"supporting": "协办单位里有不归本地管的，请重新选"} if gone else {}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _written(one: Wanted, by: Any, at: datetime) -> Duty:
    duty = Duty(state="draft", made_by=by, made_at=at, since=at)
    _fill(duty, one)
    duty.full_clean(exclude=["lead", "person", "leader", "parent", "made_by"])
    duty.save()
    duty.supporting.set(list(people.orgs_on().filter(pk__in=one.supporting)))
    audit.record(
        by=by, at=at, action="duties.draft", thing=THING, id=duty.pk, after=_told(one)
    )  # fmt: skip
    return duty


def _fill(duty: Duty, one: Wanted) -> None:
    duty.title, duty.source, duty.origin = one.title.strip(), one.source, one.origin.strip()
    duty.lead_id, duty.person_id, duty.leader_id = one.lead, one.person, one.leader
    assert one.latest is not None
    duty.latest, duty.best, duty.measures = one.latest, one.best, one.measures.strip()
    duty.things = [thing.model_dump(mode="json", exclude_none=True) for thing in one.things]
    duty.proof_asked = list(dict.fromkeys(one.proof_asked))
    duty.parent_id, duty.basis, duty.basis_run = one.parent, list(one.basis), one.run
    duty.goal = one.goal.model_dump(mode="json", exclude_none=True) if one.goal else None
    duty.indicator = one.goal.indicator if one.goal else ""
    duty.goal_org = one.goal.org if one.goal else ""


def _told(one: Wanted) -> dict[str, Any]:
    return {
        "title": one.title, "lead": one.lead, "person": one.person, "latest": one.latest,
        "source": one.source, "origin": one.origin,
    }  # fmt: skip


@transaction.atomic
def amend(*, duty_id: int, seen: int, wanted: Wanted, by: Any, at: datetime) -> Duty:
    """Change a draft, or one that the unit handed back."""
    duty = locked(duty_id, seen)
    refuse(duty, "amend", by=by, at=at, given=frozenset())
    wanted = replace(wanted, parent=duty.parent_id)
    check_all([wanted], at.date())
    before = {"title": duty.title, "lead": duty.lead_id, "latest": duty.latest}
    kept = duty.basis, duty.basis_run, duty.goal, duty.indicator, duty.goal_org
    _fill(duty, wanted)
    if wanted.goal is None:
        duty.basis, duty.basis_run, duty.goal, duty.indicator, duty.goal_org = kept
    duty.full_clean(exclude=["lead", "person", "leader", "parent", "made_by"])
    duty.supporting.set(list(people.orgs_on().filter(pk__in=wanted.supporting)))
    enter(duty, "amend", by=by, at=at, before=before, after_=_told(wanted))
    return duty


@transaction.atomic
def issue(*, duty_id: int, by: Any, at: datetime, seen: int | None = None) -> Duty:
    """Hand a draft to its unit: it gets its number and its day."""
    duty = locked(duty_id, seen)
    refuse(duty, "issue", by=by, at=at, given=frozenset({"latest", "person"}))
    faults = faults_of(_as_wanted(duty), at.date())
    if faults:
        raise ValidationError(list(faults.values()))
    home = people.home()
    duty.issued = at.date()
    duty.number = letter_number(
        sign=KIND_SIGNS["assign"], home=home.name if home else "", year=at.year
    )
    enter(
        duty, "issue", by=by, at=at, latest=duty.latest,
        after_={"number": duty.number, "lead": duty.lead_id, "latest": duty.latest},
    )  # fmt: skip
    return duty


def _as_wanted(duty: Duty) -> Wanted:
    return Wanted(
        title=duty.title, source=duty.source, lead=str(duty.lead_id), person=duty.person_id,
        latest=duty.latest, best=duty.best, parent=duty.parent_id,
    )  # fmt: skip
