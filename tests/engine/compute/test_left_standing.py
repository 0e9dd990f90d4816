"""After a change of targets alone: what is computed, and what stands as it was."""

from __future__ import annotations

from datetime import date

import pytest

from diaodu.adapters import frames
from diaodu.engine import flow
from diaodu.engine.compute.month import left_standing
from diaodu.engine.ground.period import Period
from tests.engine.compute.conftest import County

DAY = date(2023, 6, 12)
MAY = Period.of_months(2023, 1, 5)


def results(county: County, *, of_targets: bool) -> flow.Results:
    filed = flow.OnFile(frames.observation_frame(county.observations), county.targets)
    (found,) = flow.run_months(
        filed, county.rulebook, [MAY], DAY, frames, all_periods=True, history=5, changed=["tax"],
        of_targets=of_targets,
    )  # fmt: skip
    return found


@pytest.fixture
def ranked(county: County) -> County:
    for place, org in enumerate("abc"):
        for year in (2022, 2023):
            for month in range(2, 6):
                county.see(org, f"{year}-01/{month:02d}", f"{(place + year - 2021) * month}.00")
        county.aim(org, "40.00", day=date(2023, 1, 9))
    return county


@pytest.mark.parametrize("kind", [None, "rank", "not_bottom", "mean"])
def test_with_what_stands_it_is_a_whole_computation(ranked: County, kind: str | None) -> None:
    """A target of a place needs the places: then they are computed with the rest."""
    if kind is not None:
        ranked.aim("b", "1", kind=kind, tier="own", day=date(2023, 1, 10))
    whole, few = (results(ranked, of_targets=only) for only in (False, True))
    made = set(few.measures["measure"].to_list())
    assert ("rank_growth" in made) == (kind in ("rank", "not_bottom"))
    assert ("gap_parent" in few.standing) == (kind != "mean")
    assert made.isdisjoint(few.standing)
    assert "streak" in few.standing
    assert len(whole.history) > 0 == len(few.history)
    rest = whole.measures.filter(~whole.measures["measure"].is_in(sorted(few.standing)))
    assert few.measures.to_native().equals(rest.to_native())
    assert (few.verdicts, few.findings) == (whole.verdicts, whole.findings)


def test_what_is_made_together_is_left_together() -> None:
    everything = left_standing(())
    assert {"rank_level", "rank_growth_move", "places_level", "share", "streak"} <= everything
    with_places = left_standing({"rank_growth_reverse"})
    assert everything - with_places >= {"rank_level", "rank_growth", "places_growth"}
    assert "share" in with_places
