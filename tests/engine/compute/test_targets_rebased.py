"""A target re-based in mid-year: each day's run keeps the one it knew; a phase says its period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from diaodu.engine.compute.explain import target_node

JANUARY, JULY = date(2023, 1, 9), date(2023, 7, 20)


def test_each_run_reads_the_version_of_its_day(county):
    first = county.aim("a", "120.0", day=JANUARY)
    second = county.aim("a", "108.0", day=JULY)
    county.targets[-1] = county.targets[-1]._replace(document="示发〔2023〕27号")
    county.see("a", "2023-01/05", "45.0")
    before = county.compute(as_of=date(2023, 7, 19))
    after = county.compute(as_of=JULY)
    assert (before.shown("arrears_pace", "a"), after.shown("arrears_pace", "a")) == ("5.00", "0.00")
    assert first in before.find("completion", "a").inputs
    assert second in after.find("completion", "a").inputs
    # What was asked as of June stays what it was, whatever came in later.
    again = county.compute(as_of=date(2023, 7, 19))
    assert again.rows == before.rows


def test_a_target_taken_back_is_no_target(county):
    county.aim("a", "120.0", day=JANUARY)
    county.aim("a", None, day=JULY)
    county.see("a", "2023-01/05", "45.0")
    assert county.compute(as_of=JULY).find("completion", "a").word == "no_target"


def test_a_phase_is_named_by_its_period(county):
    county.aim("a", "120.0")
    year = county.targets[-1]
    phase = year._replace(period="2023-01/06", value=Decimal(66))
    assert target_node(year, "").formula == "2023年目标：上级下达、总量、达到"
    assert target_node(phase, "").formula == "2023年1—6月时序任务：上级下达、总量、达到"
