"""The page of one duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from diaodu.engine.dispatch import closing
from diaodu.engine.dispatch.closing import LAG_PROOFS
from diaodu.engine.dispatch.due import Due
from diaodu.engine.ground.words import DUTY_ACT_NAMES, DutyAct
from diaodu.web.duties.models import Duty, Event, Proof
from diaodu.web.duties.queries import answers
from diaodu.web.duties.queries.answers import Found, Tied
from diaodu.web.duties.queries.due import standing
from diaodu.web.duties.queries.facts import of
from diaodu.web.duties.queries.reports import Report, reports
from diaodu.web.duties.queries.rights import acts_for, hats
from diaodu.web.duties.queries.views import DutyView, shown
from diaodu.web.shared.access import Access

# The straight way; what else can happen stands in the course.
STEPS = (
    ("issued", "交办"), ("signed", "签收"), ("working", "办理"), ("answered", "反馈"),
    ("verified", "核实"), ("closed", "销号"),
)  # fmt: skip
# The step that is waited for.
_REACHED = {
    "draft": 0, "issued": 1, "declined": 0, "working": 2, "returned": 2, "reopened": 2,
    "extension": 2, "long_term": 2, "answered": 4, "verified": 5, "closed": 6, "withdrawn": -1,
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    duty: Duty
    due: Due
    kind: str
    steps: list[tuple[str, str]]  # word, "done", "now" or ""
    events: list[Event]
    proofs: list[Proof]
    asked: list[tuple[str, date | None]]  # each demanded proof, the day it was first given
    lacking: list[str]
    acts: tuple[DutyAct, ...]
    may_prove: bool
    may_amend: bool
    found: Found | None
    tied: Tied | None
    children: list[DutyView]
    uncovered: list[str]
    is_office: bool
    report: Report | None

    @property
    def missing(self) -> int:
        return sum(day is None for _, day in self.asked)

    @property
    def checklist_of_lag(self) -> bool:
        return tuple(word for word, _ in self.asked) == LAG_PROOFS

    @property
    def next(self) -> str:
        """What happens now, in a sentence."""
        return _NEXT[self.duty.state]

    @property
    def named_acts(self) -> list[tuple[DutyAct, str]]:
        """What moves it on comes first."""
        return [(one, DUTY_ACT_NAMES[one]) for one in BUTTONS if one in self.acts]


# Other acts have their own ways: amend a form, note_step and relieve the pages of urging.
BUTTONS: tuple[DutyAct, ...] = (
    "sign", "report", "answer", "issue", "verify", "close", "grant_extension", "note",
    "ask_extension", "decline", "send_back", "refuse_extension", "resume", "reopen", "keep_long",
    "decide", "reassign", "withdraw",
)  # fmt: skip
_NEXT = {
    "draft": "还没有交办，只有交办的人看得到。", "issued": "等主办单位签收。",
    "declined": "主办单位退回，等交办单位改交或撤销。", "working": "主办单位正在办理。",
    "answered": "等督查核实；办的人不能自己核实。", "returned": "退回补充，等主办单位再次反馈。",
    "verified": "凭证已核实，够条件就销号。", "extension": "申请了延期，等批。",
    "long_term": "转为长期整改，主办单位按期报进展。",
    "closed": "已销号；回头看发现反弹可以重办。",
    "reopened": "回头看重办，等主办单位反馈。", "withdrawn": "已撤销，不再办。",
}  # fmt: skip


def page(duty: Duty, access: Access, now: datetime) -> Page:
    on = standing(now.date())
    [fact] = of(Duty.objects.filter(pk=duty.pk))
    due = on.clock.due(fact)
    found = answers.found(duty, now)
    children = Duty.objects.filter(parent=duty.pk).order_by("latest", "pk")
    child_facts = of(children)
    worn = hats(access, duty)
    acts = acts_for(access, duty)
    ended = duty.state in ("closed", "withdrawn", "draft")
    return Page(
        duty=duty,
        due=due,
        kind="unknown" if due.light == "none" else due.light,
        steps=_steps(duty),
        events=list(duty.events.select_related("by")),
        proofs=list(duty.proofs.select_related("by")),
        asked=list(closing.checklist(fact).items()),
        lacking=[] if ended else closing.lacking(fact, child_facts, found and found.answer),
        acts=acts,
        may_prove="note" in acts,
        may_amend="amend" in acts,
        found=found,
        tied=answers.tied(duty, access, now),
        children=shown(children, on) if child_facts else [],
        uncovered=closing.uncovered(fact, child_facts) if child_facts else [],
        is_office="office" in worn or "leader" in worn,
        report=reports([duty.pk], now.date()).get(duty.pk) if duty.state == "long_term" else None,
    )


def _steps(duty: Duty) -> list[tuple[str, str]]:
    at = _REACHED[duty.state]
    return [
        (word, "done" if place < at else "now" if place == at else "")
        for place, (_, word) in enumerate(STEPS)
    ]
