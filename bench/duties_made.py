"""Duties of two years put straight into a desk's tables, by seed, with the course of each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from bench import desk_county as county

_AT_ONCE = 2_000
_SOURCES = ("meeting", "light", "upper", "inspection", "audit", "letter")
# What became of those whose last day is long past, and of the others.
_OLD = (("closed", 88), ("working", 5), ("answered", 2), ("long_term", 3), ("withdrawn", 2))
_YOUNG = (("issued", 20), ("working", 45), ("answered", 15), ("returned", 8), ("closed", 12))
_COURSE = {
    "issued": ("issue",), "working": ("issue", "sign"), "answered": ("issue", "sign", "answer"),
    "returned": ("issue", "sign", "answer", "send_back"),
    "closed": ("issue", "sign", "answer", "verify", "close"),
    "long_term": ("issue", "sign", "keep_long"), "withdrawn": ("issue", "withdraw"),
}  # fmt: skip


def make(many: int) -> None:
    from django.apps import apps
    from django.db import transaction

    duty, event = apps.get_model("duties", "Duty"), apps.get_model("duties", "Event")
    users = dict(apps.get_model("people", "User").objects.values_list("username", "pk"))
    drawn = random.Random(f"{county.SEED}|duties")
    rows = list(_duties(duty, many, users, drawn))
    with transaction.atomic():
        made = duty.objects.bulk_create(rows, batch_size=_AT_ONCE)
        courses = (step for one in made for step in _course(event, one, users))
        event.objects.bulk_create(courses, batch_size=_AT_ONCE)


def _duties(model: Any, many: int, users: dict[str, int], drawn: random.Random) -> Iterator[Any]:
    today = county.NOW.date()
    for number in range(many):
        issued = today - timedelta(days=drawn.randrange(0, 730))
        latest = issued + timedelta(days=drawn.choice((7, 15, 30, 60, 90)))
        [(state, _)] = drawn.choices(*_drawn(_OLD if latest < today else _YOUNG))
        lead = drawn.choice(county.UNITS)
        indicator = drawn.choice(county.HEADLINES) if drawn.random() < 0.5 else ""
        yield model(
            title=f"第{number}件：{lead}专班推进{indicator or '重点事项'}", state=state,
            source=drawn.choice(_SOURCES), origin=f"第{number // 40}次调度会",
            number=f"测速督交〔{issued.year}〕{number}号", lead_id=lead,
            person_id=users[f"{lead}_a"], leader_id=users[drawn.choice(("vice1", "vice2"))],
            measures="按周报进度", latest=latest, issued=issued,
            goal=_goal(indicator, lead, latest) if indicator else None,
            indicator=indicator, goal_org=lead if indicator else "",
            signed=_on(state, "sign", issued, 1), answered=_on(state, "answer", issued, 5),
            closed=_on(state, "close", issued, 9), in_time=True if state == "closed" else None,
            since=_moment(issued), made_at=_moment(issued), version=len(_COURSE[state]),
        )  # fmt: skip


def _drawn(kinds: tuple[tuple[str, int], ...]) -> tuple[list[tuple[str, int]], list[int]]:
    return list(kinds), [weight for _, weight in kinds]


def _goal(indicator: str, org: str, latest: date) -> dict[str, Any]:
    return {
        "indicator": indicator, "org": org, "measure": "arrears_pace_pp", "op": "<=",
        "value": "0", "since": f"{latest.year}-01/{latest.month:02d}",
    }  # fmt: skip


def _on(state: str, act: str, issued: date, days: int) -> date | None:
    return issued + timedelta(days=days) if act in _COURSE[state] else None


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=county.HERE)


def _course(model: Any, duty: Any, users: dict[str, int]) -> Iterator[Any]:
    from diaodu.engine.dispatch.duty import after

    state: Any = "draft"
    for place, act in enumerate(_COURSE[duty.state]):
        state = after(state, act)
        yield model(
            duty=duty,
            act=act,
            state=state,
            at=_moment(duty.issued) + timedelta(hours=place),
            by_id=users["supervision"],
            text="测速",
        )
