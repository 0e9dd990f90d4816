"""Quotas per week, month and quarter; what was not cleared rolls over."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.dispatch.recurring import Quota, due_day, period_of, quota_reminders, turns
from tests.engine.dispatch.conftest import day


def _quota(**given):
    return Quota.model_validate({"id": "q", "title": "走访包联企业", "every": "month"} | given)


@pytest.mark.parametrize(
    ("every", "on", "period", "last", "due"),
    [
        ("week", "2023-10-18", "2023-W42", 5, "2023-10-20"),
        ("week", "2023-10-18", "2023-W42", 31, "2023-10-22"),
        ("week", "2023-01-01", "2022-W52", 1, "2022-12-26"),
        ("month", "2023-02-03", "2023-02", 28, "2023-02-28"),
        ("month", "2023-02-03", "2023-02", 31, "2023-02-28"),
        ("month", "2023-10-03", "2023-10", 28, "2023-10-28"),
        ("quarter", "2023-07-01", "2023-07/09", 31, "2023-09-30"),
        ("quarter", "2023-12-31", "2023-10/12", 25, "2023-12-25"),
    ],
)
def test_periods_and_their_last_day(every, on, period, last, due):
    found = period_of(every, day(on))
    assert found.id == period
    assert due_day(_quota(every=every, day=last), found) == day(due)


def _told(quota, done, on, first="2023-07-01"):
    found = turns(quota, [day(one) for one in done], day(first), day(on))
    return [(one.owed, one.done, one.left, one.word) for one in found]


def test_on_the_28th():
    quota = _quota(day=28)
    assert _told(quota, [], "2023-07-27") == [(1, 0, 1, "还差1次，还剩1天")]
    assert _told(quota, [], "2023-07-28") == [(1, 0, 1, "今天到期，差1次")]
    assert _told(quota, [], "2023-07-29") == [(1, 0, 1, "到期未清，差1次")]
    assert _told(quota, ["2023-07-28"], "2023-07-29") == [(1, 1, 0, "已清")]
    assert _told(quota, ["2023-07-29"], "2023-07-31") == [(1, 1, 0, "逾期补清")]
    assert _told(quota, ["2023-07-29"], "2023-07-28") == [(1, 0, 1, "今天到期，差1次")]


def test_what_was_not_cleared_rolls_over():
    quota = _quota(times=2, rolls=True)
    done = ["2023-07-03", "2023-09-01", "2023-09-02", "2023-09-03", "2023-09-04"]
    assert _told(quota, done, "2023-10-01") == [
        (2, 1, 1, "到期未清，差1次"),
        (3, 0, 3, "到期未清，差3次"),
        (5, 4, 1, "到期未清，差1次"),
        (3, 0, 3, "还差3次，还剩30天"),
    ]
    kept = _quota(times=2)
    assert [turn[0] for turn in _told(kept, done, "2023-10-01")] == [2, 2, 2, 2]


def test_a_quota_holds_from_its_first_day():
    quota = _quota(**{"from": "2023-08-15", "to": "2023-09"})
    found = turns(quota, [], day("2023-07-01"), day("2023-12-01"))
    assert [one.period.id for one in found] == ["2023-08", "2023-09"]


@settings(max_examples=40)
@given(
    st.sampled_from(["week", "month", "quarter"]),
    st.integers(1, 4),
    st.lists(st.dates(date(2023, 1, 1), date(2023, 12, 31)), max_size=25),
)
def test_nothing_is_lost_in_rolling_over(every, times, done):
    """Owed is what was left and what is new; no turn is cleared by what was done for another."""
    quota = _quota(every=every, times=times, rolls=True)
    found = turns(quota, done, date(2023, 1, 1), date(2023, 12, 31))
    left = 0
    for turn in found:
        assert turn.owed == times + left
        left = max(turn.owed - turn.done, 0)
        assert turn.left == left
        assert (turn.left == 0) == (turn.word in ("已清", "逾期补清"))
    assert sum(turn.done for turn in found) == len(done)


def _reminders(quota, done, on, first="2023-07-01"):
    found = turns(quota, [day(one) for one in done], day(first), day(on))
    return [
        (one.turn.period.id, one.after, one.late, *one.evidence)
        for one in quota_reminders(quota, found, day(on))
    ]


def test_each_turn_is_reminded_of_before_on_and_after_its_day():
    quota = _quota(day=28, times=2, rolls=True)
    days = [f"2023-07-{date:02}" for date in range(20, 32)] + ["2023-08-04", "2023-08-05"]
    told = {on: [one[:3] for one in _reminders(quota, ["2023-07-03"], on)] for on in days}
    assert {on: told for on, told in told.items() if told} == {
        "2023-07-25": [("2023-07", -3, -3)], "2023-07-26": [("2023-07", -3, -2)],
        "2023-07-27": [("2023-07", -3, -1)], "2023-07-28": [("2023-07", 0, 0)],
        "2023-07-29": [("2023-07", 1, 1)], "2023-07-30": [("2023-07", 1, 2)],
        "2023-07-31": [("2023-07", 1, 3)], "2023-08-04": [("2023-07", 1, 7)],
    }  # fmt: skip


def test_what_rolled_over_is_in_the_words():
    quota = _quota(day=28, times=2, rolls=True)
    assert _reminders(quota, ["2023-07-03"], "2023-08-02") == [
        ("2023-07", 1, 5, "最晚7月28日，到期未清，差1次", "每月2次，2023年7月要做2次，做了1次",
         "没有做完的1次转到了本期"),
    ]  # fmt: skip
    assert _reminders(quota, ["2023-07-03"], "2023-08-25") == [
        ("2023-08", -3, -3, "最晚8月28日，还差3次，还剩3天",
         "每月2次，2023年8月要做3次（上一期转来1次），做了0次"),
    ]  # fmt: skip
    alone = _quota(day=28, times=2)
    assert "转" not in str(
        _reminders(alone, [], "2023-08-02") + _reminders(alone, [], "2023-08-25")
    )


@pytest.mark.parametrize("done", [["2023-07-03", "2023-07-28"], ["2023-08-01"]])
def test_nobody_is_reminded_of_what_is_cleared_or_was_gone_on_with(done):
    quota = _quota(day=28, times=2, rolls=True)
    done = ["2023-07-04", *done] if len(done) == 1 else done
    assert _reminders(quota, done, "2023-08-02") == []


@pytest.mark.parametrize(
    ("every", "first"), [("week", "2023-07-22"), ("month", "2023-07-28"), ("quarter", "2023-09-23")]
)
def test_how_early_depends_on_how_often(every, first):
    quota, days = (
        _quota(every=every),
        [f"2023-{m:02}-{d:02}" for m in (7, 8, 9) for d in range(1, 31)],
    )
    began = day("2023-07-17")
    found = [on for on in days if day(on) >= began and _reminders(quota, [], on, "2023-07-17")]
    assert found[0] == first
