"""Which forms a month has, who fills them and when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from diaodu.engine.ground.period import Period
from diaodu.web.intake.queries import Form, Window, forms_of, months
from diaodu.web.intake.queries.windows import end_said

MAY = Period.from_id("2023-05")


def names(month: str) -> list[tuple[str, str]]:
    return [(one.key.form, one.key.reporter) for one in forms_of(Period.from_id(month))]


def test_every_obliged_unit_has_its_form(rules: None) -> None:
    assert names("2023-05") == [
        ("township", "chengdong"), ("township", "qingshi"), ("township", "liuhe"),
        ("county", "tongjiju"), ("county", "gongxinju"),
    ]  # fmt: skip


def test_a_merged_january_asks_only_for_what_has_one(rules: None) -> None:
    january = {one.key: one for one in forms_of(Period.from_id("2023-01"))}
    asked = {row.indicator.id for form in january.values() for row in form.rows}
    assert asked == {"firms", "power"}


def test_rows_carry_the_period_of_their_basis(form: Form, county_form: Form) -> None:
    assert [(row.indicator.id, row.period.id, row.depth) for row in form.rows] == [
        ("investment", "2023-01/05", 0), ("private_investment", "2023-01/05", 1),
        ("firms", "2023-05", 0),
    ]  # fmt: skip
    assert list(county_form.cells) == ["shilixian|industry_va|growth"]
    assert form.span == "2023年1—5月"


def test_months_begin_where_the_calendar_does(rules: None, now: datetime) -> None:
    found = [one.id for one in months(now)]
    assert found == ["2023-05", "2023-04", "2023-03", "2023-02", "2023-01"]


def test_no_month_before_its_returns_open(rules: None, now: datetime) -> None:
    assert months(now.replace(month=6, day=1, hour=0, minute=0))[0].id == "2023-05"
    assert months(now.replace(month=5, day=31))[0].id == "2023-04"


@pytest.mark.parametrize(
    ("seconds", "is_open"), [(-1, True), (0, False), (1, False)], ids=["before", "on", "after"]
)
def test_the_window_closes_at_its_moment(form: Form, seconds: int, is_open: bool) -> None:
    window = Window(form.opens, form.closes)
    assert window.closes.isoformat() == "2023-06-08T18:00:00+08:00"
    assert window.is_open(window.closes + timedelta(seconds=seconds)) is is_open


@pytest.mark.parametrize(
    ("seconds", "is_open"), [(-1, False), (0, True), (1, True)], ids=["before", "on", "after"]
)
def test_the_window_opens_at_its_moment(form: Form, seconds: int, is_open: bool) -> None:
    window = Window(form.opens, form.closes)
    assert window.opens.isoformat() == "2023-06-01T09:00:00+08:00"
    assert window.is_open(window.opens + timedelta(seconds=seconds)) is is_open


def test_an_exception_moves_the_end_and_never_shortens_it(form: Form) -> None:
    later = form.closes + timedelta(days=2)
    window = Window(form.opens, form.closes, later)
    assert window.is_open(later - timedelta(seconds=1)) and not window.is_open(later)
    assert window.by_exception(form.closes) and not window.by_exception(form.opens)
    earlier = Window(form.opens, form.closes, form.closes - timedelta(days=2))
    assert earlier.last == form.closes


def test_midnight_is_said_as_the_end_of_its_day(county_form: Form) -> None:
    assert end_said(county_form.closes) == "6月12日24:00"


def test_a_closed_org_owes_nothing_after_its_last_day(closed_township: None) -> None:
    assert ("township", "liuhe") not in names("2023-05")
    assert ("township", "liuhe") in names("2023-03")
