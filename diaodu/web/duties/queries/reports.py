"""Duties kept for long (长期整改): whose progress is told again and again, and whether it was."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple, cast

from diaodu.engine.dispatch.duty import Duty as Fact
from diaodu.engine.dispatch.recurring import EVERY_NAMES, Every, Turn, report_turns
from diaodu.engine.ground.period import print_period
from diaodu.web.duties.models import Duty, Event
from diaodu.web.duties.queries.facts import of
from diaodu.web.shared import clock


class Report(NamedTuple):
    """`turn`: the last one, as long as it was missed and nothing was told since; else the present
    one; None in the period in which it was decided."""

    every: str
    turn: Turn | None

    @property
    def kind(self) -> str:
        light = self.turn.light if self.turn is not None else "none"
        return "unknown" if light == "none" else light

    @property
    def asked(self) -> str:
        """每季度报一次进展，2023年4—6月的最晚6月30日报"""
        told = f"{self.every}报一次进展"
        if self.turn is None:
            return f"{told}，从下一期起"
        due = f"{self.turn.due.month}月{self.turn.due.day}日"
        return f"{told}，{print_period(self.turn.period)}的最晚{due}报"

    @property
    def how(self) -> str:
        if self.turn is None:
            return ""
        return "已报" if self.turn.left == 0 else self.turn.word

    @property
    def said(self) -> str:
        return f"{self.asked}：{self.how}" if self.how else self.asked


def reports(ids: Collection[int], day: date) -> dict[int, Report]:
    """By id, of those kept for long, in two queries. What others note of them, or the unit beside,
    is no report."""
    kept = Duty.objects.filter(pk__in=ids, state="long_term").exclude(report_every="")
    every = {id: cast(Every, name) for id, name in kept.values_list("pk", "report_every")}
    since: dict[int, date] = {}
    told: dict[int, list[date]] = {}
    if every:
        events = Event.objects.filter(duty__in=every, act__in=("keep_long", "report")).order_by(
            "pk"
        )
        for id, act, at in events.values_list("duty_id", "act", "at"):
            on = clock.local(at).date()
            if act == "keep_long":
                since[id], told[id] = on, []
            else:
                told.setdefault(id, []).append(on)
    return {
        id: Report(EVERY_NAMES[name], _turn(report_turns(name, since[id], told[id], day)))
        for id, name in every.items()
    }


def _turn(found: list[Turn]) -> Turn | None:
    if len(found) > 1 and found[-2].left and not found[-1].done:
        return found[-2]
    return found[-1] if found else None


def reports_to_urge(day: date) -> list[tuple[Fact, str, Turn]]:
    """The duties whose progress was not told, how often it is, and for which turn."""
    kept = Duty.objects.filter(state="long_term").exclude(report_every="")
    facts = {int(one.id): one for one in of(kept, proof=False, supporting=False)}
    return [
        (facts[id], one.every, one.turn)
        for id, one in sorted(reports(facts, day).items())
        if one.turn is not None and one.turn.left
    ]
