"""Warnings of the demo county: what the rules say of its months, and what its people said to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from diaodu.web.people import queries as people
from diaodu.web.warnings import actions, queries

OFFICE = "diaodu"
_CAUSE = "两家重点企业4月起停产检修，少产出约0.8亿元，占少增部分的七成；其余是上年同期基数高。"
_FIRST = "企业停产检修，具体影响正在核实。"
_PLAN = "6月20日前恢复一条生产线；新开工的三个项目6月底前投产。"
_FALSE = "上年同期数登记时多计了一笔，已另行更正，不是真实下降。"


def raise_warnings(users: Mapping[str, Any], now: datetime) -> None:
    """Judge every run; then some of what is raised is explained, read, or called a false alarm."""
    actions.judge(at=now)
    office = users[OFFICE]
    access = people.access_of(office, now.date())
    raised = list(queries.found(access, queries.Asked(phase="active"))[:40])
    answered = [(one, who) for one in raised if (who := _who_answers(one, users, now.date()))]
    acts: tuple[Callable[[Any, Any, datetime], None], ...] = (_explained, _explained, _read)
    for act, (one, who) in zip(acts, answered, strict=False):
        act(one, who, now)
    if len(answered) > len(acts):
        one = answered[len(acts)][0]
        actions.mark_false(warning_id=one.pk, reason=_FALSE, by=office, at=now, seen=one.version)


def _who_answers(one: Any, users: Mapping[str, Any], day: date) -> Any:
    """Somebody of the unit, or None where the demo has engaged nobody there."""
    for user in users.values():
        access = people.access_of(user, day)
        if queries.may_answer(access, one) and access.may("view", org=one.org_id):
            return user
    return None


def _explained(one: Any, who: Any, now: datetime) -> None:
    given = {"warning_id": one.pk, "by": who}
    until = now.date() + timedelta(days=30)
    earlier = now - timedelta(days=1)
    actions.explain(**given, cause=_FIRST, plan="", until=None, at=earlier, seen=one.version)
    actions.explain(
        **given, cause=_CAUSE, plan=_PLAN, until=until, at=now, seen=one.version + 1
    )  # fmt: skip


def _read(one: Any, who: Any, now: datetime) -> None:
    actions.acknowledge(warning_id=one.pk, by=who, at=now, seen=one.version)
