"""净增 by last year's pace: the run had the number, and its light said that it cannot be told.

The light reckoned the pace anew, without last year's figures.
"""

from __future__ import annotations

from datetime import date

import pytest

from diaodu.adapters import frames
from diaodu.engine import flow
from diaodu.engine.compute.book import to_measures
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.models import Pace
from tests.engine.compute.conftest import County

DAY = date(2023, 6, 12)
MAY = Period.of_months(2023, 1, 5)


@pytest.mark.parametrize(
    ("goal", "light", "told"),
    [("40.0", "good", "达到"), ("45.0", "good", "恰好，算达到"), ("46.0", "behind", "未达到")],
    ids=["met", "edge", "short"],
)
@pytest.mark.parametrize(
    "way",
    ["month", "live", "changed", "of targets"],
)
def test_the_light_says_what_the_outcome_says(way: str, goal: str, light: str, told: str) -> None:
    pace = Pace.model_validate({"id": "p", "pace_basis": "last_year"})
    county = County(
        [{"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd"}], more={"paces": (pace,)}
    )
    for period, value in (("2022-01/05", "40.0"), ("2022-01/12", "100.0"), ("2023-01/05", "58.0")):
        county.see("a", period, value)
    target = county.aim("a", goal, kind="increment", day=date(2023, 1, 9))
    filed = flow.OnFile(frames.observation_frame(county.observations), county.targets)
    if way == "month":
        month = flow.run_on_file(filed, county.rulebook, MAY, DAY, frames)
        measures, verdicts = month.computed.measures, month.verdicts
    else:
        changed = None if way == "live" else ["tax"]
        (found,) = flow.run_months(
            filed, county.rulebook, [MAY], DAY, frames, all_periods=True, history=17,
            changed=changed, of_targets=way == "of targets",
        )  # fmt: skip
        measures, verdicts = found.measures, found.verdicts
    (outcome,) = [one for one in to_measures(measures) if one.measure == "outcome"]
    (verdict,) = [one for one in verdicts if one.target_id == target]
    # Four tenths are due by May, as last year.
    assert outcome.formula.startswith(told)
    assert verdict.light == light
