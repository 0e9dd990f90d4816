"""A duty (交办事项): what is known of it, the states it goes through, and who may do what when.

`RULES` is the whole truth about states: every act, from which states it may be done, which state
it leads to, whose it is, what must be said with it, and whether one's own may be done by oneself.
The words for states, acts and hats stand in `ground.words` (DUTY_STATE_NAMES …).

    draft → issued → working → answered → verified → closed
              ↓         ↓ ↑        ↓                    ↓
           declined  extension  returned             reopened
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.words import (
    DUTY_ACT_NAMES,
    DUTY_HAT_NAMES,
    DUTY_STATE_NAMES,
    DutyAct,
    DutyHat,
    DutySource,
    DutyState,
)
from diaodu.engine.rules.messages import WHOLE_DAY
from diaodu.engine.rules.models import Id, Model, Text

STATES: tuple[DutyState, ...] = get_args(DutyState)
ACTS: tuple[DutyAct, ...] = get_args(DutyAct)
HATS: tuple[DutyHat, ...] = get_args(DutyHat)

# What must be given with an act: the day, the person or the words without which it means nothing.
Need = Literal["latest", "person", "reason", "decision", "text", "every"]
NEED_NAMES: dict[Need, str] = {
    "latest": "最晚期限", "person": "具体承办人", "reason": "原因", "decision": "依据的决定",
    "text": "反馈内容", "every": "多久报一次进展",
}  # fmt: skip


class DutyError(DiaoduError):
    """An act that may not be done; the text says why."""


# Issued and neither ended nor withdrawn.
OPEN: frozenset[DutyState] = frozenset(STATES) - {"draft", "closed", "withdrawn"}
# The next step is the lead unit's: only then may it be urged.
WITH_UNIT: frozenset[DutyState] = frozenset({"issued", "working", "returned", "reopened"})
_AT_WORK: frozenset[DutyState] = frozenset({"working", "returned", "reopened"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One act. `to`: None where the state stays. `apart`: not by whoever answered the duty, nor by
    one of its lead unit: nobody verifies their own."""

    act: DutyAct
    states: frozenset[DutyState]
    to: DutyState | None
    hats: frozenset[DutyHat]
    needs: tuple[Need, ...] = ()
    apart: bool = False


_OFFICE: frozenset[DutyHat] = frozenset({"office"})
_LEAD: frozenset[DutyHat] = frozenset({"lead"})
_ABOVE: frozenset[DutyHat] = frozenset({"office", "leader"})
_UNITS: frozenset[DutyHat] = frozenset({"office", "lead", "support"})


def _set(*states: DutyState) -> frozenset[DutyState]:
    return frozenset(states)


RULES: dict[DutyAct, Rule] = {
    rule.act: rule
    for rule in (
        Rule("amend", _set("draft", "declined"), None, _OFFICE),
        Rule("issue", _set("draft"), "issued", _ABOVE, ("latest", "person")),
        Rule("sign", _set("issued"), "working", _LEAD),
        Rule("decline", _set("issued"), "declined", _LEAD, ("reason",)),
        Rule(
            "reassign", _AT_WORK | {"issued", "declined", "extension", "long_term"}, "issued",
            _ABOVE, ("latest", "person", "reason"),
        ),
        Rule("note", OPEN - {"declined", "verified"}, None, _UNITS, ("text",)),
        Rule("report", _set("long_term"), None, _LEAD, ("text",)),
        Rule("answer", _AT_WORK | {"extension", "long_term"}, "answered", _LEAD, ("text",)),
        Rule("send_back", _set("answered", "verified"), "returned", _OFFICE, ("reason",)),
        Rule("verify", _set("answered"), "verified", _OFFICE, apart=True),
        Rule("close", _set("verified"), "closed", _OFFICE, apart=True),
        Rule("decide", OPEN, "closed", _ABOVE, ("decision",), apart=True),
        Rule("ask_extension", _AT_WORK, "extension", _LEAD, ("latest", "reason")),
        Rule(
            "grant_extension", _set("extension"), "working", _ABOVE, ("latest",), apart=True
        ),
        Rule("refuse_extension", _set("extension"), "working", _ABOVE, ("reason",)),
        Rule(
            "keep_long", _AT_WORK | {"answered", "verified", "extension"}, "long_term", _ABOVE,
            ("decision", "every"), apart=True,
        ),
        Rule("resume", _set("long_term"), "working", _ABOVE, ("latest",)),
        Rule("reopen", _set("closed"), "reopened", _ABOVE | {"system"}, ("latest", "reason")),
        Rule("relieve", OPEN, None, _ABOVE, ("decision",), apart=True),
        Rule("escalate", WITH_UNIT, None, _ABOVE),
        Rule("withdraw", OPEN | {"draft"}, "withdrawn", _ABOVE, ("reason",)),
    )
}  # fmt: skip


def refusals(state: DutyState, act: DutyAct, hats: Set[DutyHat], *, own: bool = False) -> list[str]:
    """Why an act may not be done, every reason; empty where it may.

    hats: all that the person wears towards this duty. own: whether they answered it themselves
    or belong to its lead unit.
    """
    rule, name = RULES[act], DUTY_ACT_NAMES[act]
    found: list[str] = []
    if state not in rule.states:
        possible = "、".join(f"“{DUTY_STATE_NAMES[one]}”" for one in STATES if one in rule.states)
        found.append(f"现在是“{DUTY_STATE_NAMES[state]}”，不能{name}；{possible}时才能{name}")
    if not rule.hats & hats:
        whose = "、".join(DUTY_HAT_NAMES[one] for one in HATS if one in rule.hats)
        found.append(f"{name}由{whose}办，您不在其中")
    elif rule.apart and own:
        found.append(f"自己办的事项不能由自己{name}，请由别人{name}")
    return found


def missing(act: DutyAct, given: Set[Need]) -> list[str]:
    """What must be said with an act and was not."""
    name = DUTY_ACT_NAMES[act]
    return [f"{name}要写{NEED_NAMES[need]}" for need in RULES[act].needs if need not in given]


def open_acts(state: DutyState, hats: Set[DutyHat], *, own: bool = False) -> tuple[DutyAct, ...]:
    """What somebody may do with a duty now, in the order of the table."""
    return tuple(act for act in RULES if not refusals(state, act, hats, own=own))


def after(state: DutyState, act: DutyAct) -> DutyState:
    """The state that an act leads to. Raises DutyError where it cannot be done in this state."""
    rule = RULES[act]
    if state not in rule.states:
        raise DutyError(f"“{DUTY_STATE_NAMES[state]}”的事项不能{DUTY_ACT_NAMES[act]}")
    return rule.to or state


def replay(acts: Iterable[DutyAct]) -> DutyState:
    """The state that a duty drafted and then acted on so has come to.

    Raises DutyError for a course that cannot have been.
    """
    state: DutyState = "draft"
    for number, act in enumerate(acts, start=1):
        try:
            state = after(state, act)
        except DutyError as error:
            raise DutyError(f"第{number}次操作有误：{error}") from error
    return state


# -- the facts -------------------------------------------------------------------------------


def _whole_day(value: Any) -> Any:
    """A date, or one written in full: pydantic would take 20231020 for seconds since 1970."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # 30 February
    if type(value) is date:
        return value
    raise PydanticCustomError(WHOLE_DAY, "not a day")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Day = Annotated[date, BeforeValidator(_whole_day)]


class Thing(Model):
    """One of the objects of a duty: an indicator, an org, or a free line (“11+79个滞后项目”),
    with how many things it stands for."""

    kind: Literal["indicator", "org", "line"] = Field(description="指标、单位或自由文字")
    text: Text = Field(description="名称或文字")
    id: Id | None = Field(None, description="指标或单位的编号")
    count: int | None = Field(None, ge=1, description="合多少个")


class Proof(Model):
    """Something handed in as proof; `proves` names the demand that it meets."""

    kind: Literal["file", "figure", "link"] = Field(description="文件、数据或链接")
    name: Text = Field(description="名称")
    on: Day = Field(description="哪天交的")
    proves: Text | None = Field(None, description="证明要求中的哪一项")


class Goal(Model):
    """What a figure must be for the duty to close: `measure op value` as printed, of a period no
    earlier than `since`; measure `light`: the light is no longer 落后."""

    indicator: Id = Field(description="指标编号")
    org: Id = Field(description="单位编号")
    measure: Text = Field("light", description="度量的编号；light为亮灯不再落后")
    op: Literal[">=", "<=", ">", "<"] = Field(">=", description="怎样比")
    value: Decimal | None = Field(None, description="与多少比，按度量的计量单位")
    peer_group: Text | None = Field(None, description="位次在哪个分组里算")
    since: Text | None = Field(None, description="从哪一期的数起算，如 2023-01/10")


class Duty(Model):
    """What the engine knows of one duty. Days are days of the office, both ends included:
    a duty is late from the day after `latest`."""

    id: Id = Field(description="编号")
    title: Text = Field(description="要做什么，一句话")
    state: DutyState = Field(description="状态")
    source: DutySource = Field(description="来源")
    lead: Id = Field(description="主办单位的编号")
    person: Text = Field(description="承办人")
    issued: Day | None = Field(None, description="交办日；拟稿没有")
    latest: Day = Field(description="最晚期限")
    best: Day | None = Field(None, description="力争期限")
    number: Text | None = Field(None, description="交办单字号")
    origin: Text | None = Field(None, description="来源的名称或文号，如 10月10日调度会决定第4条")
    measures: Text | None = Field(None, description="怎样做")
    supporting: tuple[Id, ...] = Field((), description="协办单位的编号")
    leader: Text | None = Field(None, description="哪位领导交办或分管")
    things: tuple[Thing, ...] = Field((), description="对象")
    proof_asked: tuple[Text, ...] = Field((), description="要交哪些凭证")
    proof: tuple[Proof, ...] = Field((), description="交了哪些凭证")
    goal: Goal | None = Field(None, description="与哪个数挂钩")
    decision: Text | None = Field(None, description="销号、长期整改依据的决定")
    parent: Id | None = Field(None, description="上一级事项的编号")
    signed: Day | None = Field(None, description="签收日")
    answered: Day | None = Field(None, description="最近一次反馈日")
    closed: Day | None = Field(None, description="销号日")
    remains: Text | None = Field(None, description="还差什么，如 还差0.46亿元，缺施工许可证")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def matter(self) -> str:
        """What counts as one matter when letters and talks are counted: the figure and org that it
        is about, else the duty that it is part of."""
        if self.goal is not None:
            return f"{self.goal.indicator}|{self.goal.org}"
        return self.parent or self.id


class DutyList(Model):
    """What the desk hands over for a bulletin: `diaodu month … --duties FILE.json`."""

    day: Day = Field(description="截至哪一天")
    run: Text | None = Field(None, description="第几次运行")
    since: Day | None = Field(None, description="从哪天起交办的")
    duties: tuple[Duty, ...] = Field(description="交办事项")
