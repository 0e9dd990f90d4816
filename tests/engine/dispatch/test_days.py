"""Days as a ladder counts them: the calendar's, or those on which people work."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.dispatch.days import DayCount, months_later, said
from diaodu.engine.rules.models import Ladder

WORKING = Ladder.model_validate(
    {
        "id": "w",
        "days": "working",
        "holidays": [{"from": "2023-09-29", "to": "2023-10-06"}],
        "workdays": ["2023-10-07", "2023-10-08"],
        "rungs": [{"step": "urge", "after": 1}],
    }
)
COUNT = DayCount.of(WORKING)
DAYS = st.dates(date(2023, 8, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2023-09-28", "2023-10-06", 0),  # 国庆
        ("2023-09-28", "2023-10-07", 1),  # a Saturday that is worked
        ("2023-09-28", "2023-10-09", 3),
        ("2023-10-13", "2023-10-15", 0),  # an ordinary weekend
        ("2023-10-16", "2023-10-13", -1),
        ("2023-10-13", "2023-10-13", 0),
    ],
)
def test_working_days(first, last, days):
    assert COUNT.between(date.fromisoformat(first), date.fromisoformat(last)) == days


@pytest.mark.parametrize(
    ("latest", "deadline"),
    [("2023-09-28", "2023-09-28"), ("2023-09-30", "2023-10-07"), ("2023-10-14", "2023-10-16")],
)
def test_deadline_on_a_day_off_moves(latest, deadline):
    assert COUNT.deadline(date.fromisoformat(latest)) == date.fromisoformat(deadline)
    assert DayCount().deadline(date.fromisoformat(latest)) == date.fromisoformat(latest)


@given(DAYS, DAYS, DAYS)
def test_days_add_up(first, middle, last):
    for count in (COUNT, DayCount()):
        parts = count.between(first, middle) + count.between(middle, last)
        assert count.between(first, last) == parts
    assert DayCount().between(first, last) == (last - first).days


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        ("2022-10-25", 12, "2023-10-25"), ("2024-02-29", 12, "2025-02-28"),
        ("2023-08-31", 1, "2023-09-30"), ("2023-12-01", 1, "2024-01-01"),
    ],
)  # fmt: skip
def test_months(day, months, end):
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(end)


def test_days_are_said_with_a_year_only_where_it_is_another():
    assert said(date(2023, 10, 20), date(2023, 11, 1)) == "10月20日"
    assert said(date(2022, 10, 20), date(2023, 11, 1)) == "2022年10月20日"
