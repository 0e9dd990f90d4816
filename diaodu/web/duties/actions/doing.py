"""What is done with a duty after it was issued: by its unit, and by those who check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.engine.dispatch import closing
from diaodu.engine.dispatch.duty import Need
from diaodu.engine.dispatch.recurring import EVERY_NAMES
from diaodu.engine.ground.words import LADDER_STEP_NAMES, DutyAct
from diaodu.web.duties.actions.common import Untimely, enter, locked, refuse
from diaodu.web.duties.models import Duty
from diaodu.web.duties.queries import answers
from diaodu.web.duties.queries.choices import works_at
from diaodu.web.duties.queries.facts import of
from diaodu.web.people import queries as people

# So long a unit has for what a revised figure has opened again, where nobody says otherwise.
AGAIN = timedelta(days=14)


@dataclass(frozen=True)
class Given:
    """What is said with an act: as the act asks for it (`engine.dispatch.duty.RULES`). `text`
    stands for the answer, the reason or the decision; `lead` with a person for another unit;
    `every`: week, month or quarter."""

    text: str = ""
    latest: date | None = None
    person: int | None = None
    lead: str = ""
    every: str = ""


@transaction.atomic
def do(
    *, duty_id: int, act: DutyAct, given: Given, by: Any, at: datetime, seen: int | None = None
) -> Duty:
    """One act of the engine's table. Raises Untimely where it no longer fits or somebody was
    first (`seen`: the version the person looked at), PermissionDenied where it is not theirs,
    ValidationError where something is missing or the proof does not suffice."""
    duty = locked(duty_id, seen)
    refuse(duty, act, by=by, at=at, given=_needs(act, given))
    before = {"latest": duty.latest}
    prepare = _PREPARE.get(act)
    if prepare is not None:
        prepare(duty, given, by, at)
    after = {} if duty.latest == before["latest"] else {"latest": duty.latest}
    enter(
        duty, act, by=by, at=at, text=given.text.strip(), latest=given.latest,
        before=before if after else None, after_=after,
    )  # fmt: skip
    return duty


def _needs(act: DutyAct, given: Given) -> frozenset[Need]:
    found: set[Need] = set()
    if given.text.strip():
        found |= {"text", "reason", "decision"}
    if given.latest is not None or act == "grant_extension":
        found.add("latest")  # what was asked for is granted where no other day is given
    if given.person:
        found.add("person")
    if given.every in EVERY_NAMES:
        found.add("every")
    return frozenset(found)


def _ahead(day: date | None, at: datetime, *, than: date | None = None) -> date:
    if day is None or day < at.date():
        raise ValidationError({"latest": "新的期限要是今天或以后的日期"})
    if than is not None and day <= than:
        told = f"{than.year}年{than.month}月{than.day}日"
        raise ValidationError({"latest": f"延期的日期要晚于现在的最晚期限（{told}）"})
    return day


def _set_latest(duty: Duty, day: date) -> None:
    duty.latest, duty.asked_until = day, None
    if duty.best is not None and duty.best > day:
        duty.best = None


def _sign(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    duty.signed = at.date()


def _answer(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    duty.answered, duty.answered_by, duty.asked_until = at.date(), by, None


def _send_back(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    """What was not enough is no answer: the deadline runs on."""
    duty.answered = None


def _verify(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    """The proof is all there; what the figure says is asked when it is closed."""
    [fact] = of(Duty.objects.filter(pk=duty.pk))
    lacks = closing.lacking(fact.model_copy(update={"goal": None}))
    if duty.goal is not None and not fact.proof_asked:
        return
    if lacks:
        raise ValidationError([f"不能核实：{one}。请退回补充" for one in lacks])


def _close(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    lacks = answers.lacking(duty, at)
    if lacks:
        raise ValidationError([f"不能销号：{one}" for one in lacks])
    told = answers.found(duty, at)
    duty.closed, duty.proved_period = at.date(), told.period if told else ""


def _decide(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    waiting = Duty.objects.filter(parent=duty.pk).exclude(state__in=("closed", "withdrawn"))
    if waiting.exists():
        raise ValidationError(f"还有{waiting.count()}件下级事项没有销号，先处理它们")
    duty.decision, duty.closed = given.text.strip()[:500], at.date()
    duty.proved_period = ""


def _ask(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    duty.asked_until = _ahead(given.latest, at, than=duty.latest)


def _grant(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    _set_latest(duty, _ahead(given.latest or duty.asked_until, at))


def _refuse_extension(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    duty.asked_until = None


def _keep_long(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    duty.decision, duty.asked_until = given.text.strip()[:500], None
    duty.report_every = given.every


def _resume(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    _set_latest(duty, _ahead(given.latest, at))
    duty.answered = None


def _reopen(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    _set_latest(duty, _ahead(given.latest, at))
    duty.closed = duty.answered = None
    duty.decision = duty.proved_period = ""


def _reassign(duty: Duty, given: Given, by: Any, at: datetime) -> None:
    lead = given.lead or str(duty.lead_id)
    if not people.orgs_on(at.date()).filter(pk=lead).exists():
        raise ValidationError({"lead": "这个单位已经撤销，请选承接它职责的单位"})
    person = cast(int, given.person)
    if not works_at(at.date(), person, lead):
        raise ValidationError({"person": "这个人不在该单位任职或账号已停用，请改交别人"})
    duty.lead_id, duty.person_id = lead, person
    duty.signed = duty.answered = None
    duty.issued = at.date()
    _set_latest(duty, _ahead(given.latest, at))


_PREPARE: dict[str, Callable[[Duty, Given, Any, datetime], None]] = {
    "sign": _sign, "answer": _answer, "send_back": _send_back, "verify": _verify, "close": _close,
    "decide": _decide, "ask_extension": _ask, "grant_extension": _grant,
    "refuse_extension": _refuse_extension, "keep_long": _keep_long, "resume": _resume,
    "reopen": _reopen, "reassign": _reassign,
}  # fmt: skip


def note_step(*, duty_id: int, step: str, by: Any, at: datetime) -> Duty:
    """A step of the ladder was taken: it stands in the course."""
    return do(
        duty_id=duty_id, act="escalate", given=Given(text=LADDER_STEP_NAMES[step]), by=by, at=at
    )


def relieve(*, duty_id: int, decision: str, by: Any, at: datetime) -> Duty:
    """Mitigation or force majeure, decided: it stands in the course; the deadline stays."""
    return do(duty_id=duty_id, act="relieve", given=Given(text=decision), by=by, at=at)


# -- look back ---------------------------------------------------------------------------------


def look_back(*, indicators: frozenset[str], at: datetime) -> list[int]:
    """Open again what a figure had closed that, revised, no longer says so. Their ids."""
    rows = Duty.objects.filter(state="closed", indicator__in=indicators).exclude(proved_period="")
    return [id for id in rows.values_list("pk", flat=True) if _reopened(id, at)]


@transaction.atomic
def _reopened(id: int, at: datetime) -> bool:
    duty = locked(id)
    if duty.state != "closed" or not duty.proved_period:
        return False
    told = answers.found(duty, at, period=duty.proved_period)
    if told is None or told.answer.met != "no":
        return False
    given = Given(
        text=f"数据更正后不再够销号条件：{told.answer.text}"[:2000], latest=at.date() + AGAIN
    )
    try:
        do(duty_id=id, act="reopen", given=given, by=None, at=at)
    except Untimely:
        return False
    return True
