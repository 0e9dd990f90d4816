"""Who owes which form, and how far each is: what the first page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q

from diaodu.engine.ground.period import Period
from diaodu.web.intake.models import (
    ACCEPTED,
    DRAFT,
    REVIEW,
    SUBMITTED,
    Reminder,
    Return,
    ReturnCell,
)
from diaodu.web.intake.queries import rights
from diaodu.web.intake.queries.forms import Form, Key, forms_of
from diaodu.web.intake.queries.typed import NIL
from diaodu.web.intake.queries.windows import Window, exceptions
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access

# What a unit's form can be in, in the order in which lists count them.
STATE_WORDS = {
    "not_open": "未到开网",
    "untouched": "未动",
    "draft": "草稿",
    "submitted": "已提交待签字",
    "review": "待审核",
    "returned": "已退回",
    "late": "逾期未报",
    "none": "本期确无数据",
    "accepted": "已接收",
    "on_file": "已有数（导入）",
}
_LOOKS = {"late": "late", "returned": "soon", "accepted": "done", "none": "done", "on_file": "done"}
DONE = ("none", "accepted", "on_file")
WAITING_FOR_UNIT = ("untouched", "draft", "returned", "late")
_SOON = timedelta(days=2)
_CLERKS = ("clerk", "owner")


@dataclass(frozen=True)
class Obligation:
    """One form a unit owes, as it stands at `now`."""

    form: Form
    window: Window
    sheet: Return | None
    now: datetime
    is_on_file: bool = False
    readable: bool = False  # this user may open it
    may_let_in: bool = False  # and may let the unit in late
    reminded: Reminder | None = None
    contacts: tuple[people.Contact, ...] = ()

    @cached_property
    def state(self) -> str:
        if self.sheet is not None and self.sheet.state in (SUBMITTED, REVIEW, ACCEPTED):
            return "none" if self._is_nil and self.sheet.state == ACCEPTED else self.sheet.state
        if self.sheet is None and self.is_on_file:
            return "on_file"
        if not self.window.has_opened(self.now):
            return "not_open"
        if self.sheet is not None and self.sheet.round > 1:
            return self.sheet.state
        if self.window.is_over(self.now):
            return "late"
        return "untouched" if self.sheet is None else self.sheet.state

    @property
    def _is_nil(self) -> bool:
        return bool(getattr(self.sheet, "is_nil", False))

    @property
    def signed(self) -> int:
        """How many have signed this submission."""
        return int(getattr(self.sheet, "signed", 0))

    @property
    def word(self) -> str:
        if self.sheet is not None and self.sheet.round > 1 and self.state == DRAFT:
            return "改数中"
        return STATE_WORDS[self.state]

    @property
    def look(self) -> str:
        """The kind of tag: only what is late or done is a verdict."""
        return _LOOKS.get(self.state, "")

    @property
    def waits_for_unit(self) -> bool:
        return self.state in WAITING_FOR_UNIT

    @property
    def late_by(self) -> timedelta:
        """How long it is overdue; nothing where it is not."""
        return self.now - self.window.last if self.state == "late" else timedelta(0)

    @property
    def left(self) -> timedelta:
        """How much time is left to fill it; nothing where that is not asked any more."""
        if not self.waits_for_unit or not self.window.is_open(self.now):
            return timedelta(0)
        return self.window.last - self.now

    @property
    def time_said(self) -> str:
        """逾期1天, 还剩2天, 还剩5小时; empty where nothing is waited for."""
        if self.late_by:
            return f"逾期{duration(self.late_by)}"
        return f"还剩{duration(self.left)}" if self.left else ""

    @property
    def is_urgent(self) -> bool:
        return timedelta(0) < self.left <= _SOON

    @property
    def asked(self) -> int:
        return len(self.form.cells)

    @property
    def filled(self) -> int:
        return 0 if self.sheet is None else self.asked - self.sheet.unfilled


def duration(span: timedelta) -> str:
    """Whole days, or below one day hours, or minutes; begun ones are not counted."""
    if span.days:
        return f"{span.days}天"
    hours, rest = divmod(span.seconds, 3600)
    return f"{hours}小时" if hours else f"{max(rest // 60, 1)}分钟"


def obligations(
    *, month: Period, now: datetime, access: Access, on_file: Iterable[Key] = (),
    forms: Iterable[Form] | None = None,
) -> list[Obligation]:  # fmt: skip
    """The forms of a month (or some of them) whose state this user may know. `on_file`: the forms
    of which every figure is there without a return, from an import."""
    wanted = forms_of(month) if forms is None else forms
    forms = [one for one in wanted if rights.sees_state(access, one)]
    sheets = _sheets(month)
    until = exceptions(month.id)
    reminded = _reminders(month)
    there = frozenset(on_file)
    contacts = people.contacts({one.reporter.id for one in forms}, _CLERKS, now.date())
    return [
        Obligation(
            one, Window(one.opens, one.closes, until.get(one.key)), sheets.get(one.key), now,
            is_on_file=one.key in there, readable=rights.reads_content(access, one),
            may_let_in=rights.is_above(access, "except", one),
            reminded=reminded.get(one.key),
            contacts=tuple(contacts.get(one.reporter.id, ())),
        )
        for one in forms
    ]  # fmt: skip


def chase_list(found: Iterable[Obligation]) -> list[Obligation]:
    """Those that wait for the unit, the longest overdue first, then the nearest to its end."""
    waiting = [one for one in found if one.waits_for_unit]
    return sorted(waiting, key=lambda one: (-one.late_by, one.left, one.form.reporter.id))


def counted(found: Iterable[Obligation]) -> dict[str, int]:
    """How many are in each state, in the order of the words; the counts add up to the list."""
    counts = dict.fromkeys(STATE_WORDS, 0)
    for one in found:
        counts[one.state] += 1
    return counts


def _sheets(month: Period) -> dict[Key, Return]:
    """With `is_nil` (every cell says that there is none) and `signed` (how many have)."""
    cells = ReturnCell.objects.filter(sheet=OuterRef("pk"))
    rows = (
        Return.objects.filter(period=month.id)
        .select_related("saved_by", "submitted_by")
        .annotate(
            is_nil=Exists(cells.filter(word=NIL)) & ~Exists(cells.exclude(word=NIL)),
            signed=Count("signatures", filter=Q(signatures__attempt=F("attempt"))),
        )
    )
    return {Key(one.period, one.form, one.reporter_id): one for one in rows}


def _reminders(month: Period) -> Mapping[Key, Reminder]:
    """The newest one of each form."""
    rows = Reminder.objects.filter(period=month.id).select_related("by").order_by("id")
    return {Key(one.period, one.form, one.reporter_id): one for one in rows}
