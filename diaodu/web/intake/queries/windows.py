"""When a form may be filled: from its opening to its closing moment, or longer for a unit that
was granted an exception."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max
from django.utils import timezone

from diaodu.engine.ground.period import Period
from diaodu.web.intake.models import Exemption
from diaodu.web.intake.queries.forms import Form, Key, forms_of


class Window(NamedTuple):
    """Open from `opens`, closed at `closes`; `until` is the end of an exception, if one was ever
    granted. At the closing moment itself it is closed."""

    opens: datetime
    closes: datetime
    until: datetime | None = None

    @property
    def last(self) -> datetime:
        return self.closes if self.until is None else max(self.closes, self.until)

    @property
    def opens_said(self) -> str:
        """10月1日, 10月1日09:00."""
        local = timezone.localtime(self.opens)
        hour = f"{local:%H:%M}" if local.hour or local.minute else ""
        return f"{local.month}月{local.day}日{hour}"

    @property
    def last_said(self) -> str:
        return end_said(self.last)

    def has_opened(self, now: datetime) -> bool:
        return self.opens <= now

    def is_open(self, now: datetime) -> bool:
        return self.opens <= now < self.last

    def is_over(self, now: datetime) -> bool:
        return now >= self.last

    def by_exception(self, now: datetime) -> bool:
        """Open only because this unit was let in."""
        return self.is_open(now) and now >= self.closes


def end_said(moment: datetime) -> str:
    """10月9日18:00; midnight belongs to the day that it ends: 10月9日24:00."""
    local = timezone.localtime(moment)
    if local.hour or local.minute:
        return f"{local.month}月{local.day}日{local:%H:%M}"
    ended = local - timedelta(days=1)
    return f"{ended.month}月{ended.day}日24:00"


def window_of(form: Form) -> Window:
    """With the exception granted to that very form and unit."""
    until = Exemption.objects.filter(
        form=form.key.form, period=form.key.period, reporter_id=form.key.reporter
    ).aggregate(last=Max("until"))["last"]
    return Window(form.opens, form.closes, until)


def windows(month: Period) -> dict[Key, Window]:
    """Those of all forms of a month, in one query."""
    forms = forms_of(month)
    until = exceptions(month.id)
    return {one.key: Window(one.opens, one.closes, until.get(one.key)) for one in forms}


def exceptions(period: str, reporters: Iterable[str] | None = None) -> dict[Key, datetime]:
    """The last moment granted to each form of a period."""
    granted = Exemption.objects.filter(period=period)
    if reporters is not None:
        granted = granted.filter(reporter_id__in=list(reporters))
    rows = granted.values_list("form", "reporter_id").annotate(last=Max("until"))
    return {Key(period, form, reporter): last for form, reporter, last in rows}
