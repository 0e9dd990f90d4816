"""Late edits, figures that are not there, orgs that come to an end."""

from __future__ import annotations

import locale
from datetime import date
from decimal import Decimal

import pytest

from diaodu.engine.ground.period import parse_period, print_period


def test_a_late_edit_of_an_earlier_month_does_not_touch_the_later_ones(county):
    """April was corrected after May had come: May stays, only May's own month moves."""
    county.add("output", "35.0", period="2023-01/04", received=date(2023, 5, 12))
    county.add("output", "44.4", period="2023-01/05", received=date(2023, 6, 12))
    before = county.month()
    county.add("output", "36.0", period="2023-01/04", received=date(2023, 6, 18))
    after = county.month()
    assert before.measure("value").value == after.measure("value").value == Decimal("44.4")
    assert before.measure("month_value").value == Decimal("9.4")
    assert after.measure("month_value").value == Decimal("8.4")


def test_a_late_edit_is_not_seen_by_a_run_as_of_an_earlier_day(county):
    county.add("output", "44.4", received=date(2023, 6, 12))
    county.add("output", "40.0", received=date(2023, 6, 18))
    early = county.month(as_of=date(2023, 6, 17)).measure("value")
    assert early.value == Decimal("44.4")


def test_a_blank_received_later_does_not_wipe_out_a_number(county):
    county.add("output", "44.4", received=date(2023, 6, 12))
    county.add("output", None, word="missing", received=date(2023, 6, 18))
    assert county.month().measure("value").value == Decimal("44.4")


def test_no_data_not_due_and_zero_are_three_things(county):
    county.due_day = 18
    for org in ("east", "west", "north"):
        county.target("100", org=org)
    county.add("output", "0.0", org="east")
    county.add("output", "41.0", org="north")
    waiting, over = county.month(as_of=date(2023, 6, 18)), county.month(as_of=date(2023, 6, 19))
    assert waiting.light(org="west").light == "not_due"
    assert over.light(org="west").light == "unknown"
    assert over.light(org="west").reasons == ("2023年1—5月数据逾期未报",)
    assert over.light(org="east").light == "behind"
    assert over.measure("value", org="east").value == 0
    assert over.measure("value", org="west").value is None
    assert [f.org for f in over.findings if f.code == "late"] == ["west"]
    assert "late" not in waiting.codes()


@pytest.mark.parametrize("name", ["shortfall_year", "arrears_pace", "pace_gap", "completion"])
def test_a_month_without_figure_has_no_variance_of_zero(county, name):
    """A month with no achievement was shown with variance 0; it has no variance at all."""
    county.target("100", org="west")
    county.add("output", "41.0", org="east")
    month = county.month()
    target_id = county.targets[0].target_id
    found = month.book.get("output", "west", name, target_id)
    assert found is None or found.value is None


def test_an_org_closed_in_mid_year_owes_nothing_after_and_is_not_ranked(county):
    for org in ("east", "west", "north", "old"):
        county.add("output", "10.0", org=org, period="2023-01/03", received=date(2023, 4, 12))
    for org, value in (("east", "20.0"), ("west", "19.0"), ("north", "18.0")):
        county.add("output", value, org=org)
    month = county.month()
    assert "old" not in {f.org for f in month.findings}
    assert month.light(org="old") is None
    assert month.measure("rank_level_reverse", org="east").value == 3
    march = county.month("2023-03", as_of=date(2023, 4, 20))
    assert march.measure("value", org="old").value == Decimal("10.0")


def test_month_names_do_not_come_from_the_locale():
    known = [name for name in ("C", "C.UTF-8", "C.utf8") if _exists(name)]
    assert known
    for name in known:
        old = locale.setlocale(locale.LC_ALL)
        try:
            locale.setlocale(locale.LC_ALL, name)
            assert print_period(parse_period("2023年1-5月")) == "2023年1—5月"
        finally:
            locale.setlocale(locale.LC_ALL, old)


def _exists(name: str) -> bool:
    old = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_ALL, old)
    return True
