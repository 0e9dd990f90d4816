"""What a change reaches, and that recomputing it equals computing everything anew."""

from __future__ import annotations

from decimal import Decimal

import narwhals as nw
import pytest

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.changed import reach, recompute, rests_on
from diaodu.engine.compute.month import Computed, compute_month
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import digest

NOW, LAST, PERIOD = "2023-01/05", "2022-01/05", Period.of_months(2023, 1, 5)
INDICATORS = [
    {"id": "budget", "name": "财政收入", "children": ["tax", "fees"], "headline": True},
    {"id": "tax", "name": "税收"},
    {"id": "fees", "name": "非税收入", "headline": True},
    {"id": "burden", "name": "税收占产值", "unit": "%", "formula": "税收 ÷ 产值"},
    {"id": "output", "name": "产值"},
    {"id": "done", "name": "完成投资", "reportable": "stock"},
    {"id": "stock", "name": "在库可报额"},
]


@pytest.fixture
def full(make_county):
    """Seven indicators of three counties and their city over two years, with targets."""
    common = {"unit": "亿元", "basis": "ytd", "facets": ["level"]}
    county = make_county(indicators=[{**common, **one} for one in INDICATORS])
    for place, one in enumerate(i for i in INDICATORS if "formula" not in i):
        for step, org in enumerate(("city", "a", "b", "c")):
            scale = 4 if org == "city" else 1
            for year, rise in ((2022, 100), (2023, 107 + step + place)):
                for month in (4, 5):
                    value = Decimal(scale * (20 + 3 * place + step) * month * rise) / 100
                    county.see(org, f"{year}-01/0{month}", f"{value:.2f}", indicator=one["id"])
            county.aim(org, f"{(300 + place) * scale}", indicator=one["id"])
    return county


def run(county, computed: Computed | None = None, changed: str = "") -> Computed:
    frames = (observation_frame(county.observations), target_frame(county.targets))
    last = max(one.received for one in county.observations)
    if computed is None:
        return compute_month(*frames, county.rulebook, PERIOD, last)
    return recompute(computed, [changed], *frames, county.rulebook, PERIOD, last)


@pytest.mark.parametrize(
    ("changed", "affected", "touches_counts"),
    [
        ("output", {"output", "burden"}, False),
        ("tax", {"tax", "burden"}, False),
        ("budget", {"budget", "tax", "fees"}, True),
        ("fees", {"fees"}, True),
        ("stock", {"stock", "done"}, False),
        ("done", {"done"}, False),
    ],
)
def test_reach(full, changed, affected, touches_counts):
    within = reach(full.rulebook, [changed])
    assert within.affected == affected
    assert within.touches_counts is touches_counts
    assert within.affected <= within.read


def test_what_a_figure_gives_away_is_followed_to_its_end(make_county):
    """twice is computed from burden, burden from tax and output; net is a part of twice."""
    common = {"unit": "亿元", "basis": "ytd", "facets": ["level"]}
    more = [
        {"id": "twice", "name": "两倍", "unit": "%", "formula": "税收占产值 + 税收占产值",
         "children": ["net"]},
        {"id": "net", "name": "净值", "unit": "%"},
    ]  # fmt: skip
    rulebook = make_county(indicators=[{**common, **one} for one in (*INDICATORS, *more)]).rulebook
    found = rests_on(rulebook)
    assert found["twice"] == {"burden", "tax", "output"}
    assert found["net"] == {"twice", "burden", "tax", "output"}
    assert found["tax"] == {"budget"}


def test_what_has_to_be_read_beside(full):
    assert reach(full.rulebook, ["output"]).read == {"output", "burden", "tax"}
    assert reach(full.rulebook, ["tax"]).read == {"tax", "burden", "output", "budget"}
    assert reach(full.rulebook, ["done"]).read == {"done", "stock"}


@pytest.mark.parametrize("changed", [one["id"] for one in INDICATORS if "formula" not in one])
@pytest.mark.parametrize("org", ["city", "b"])
def test_recomputed_equals_computed_anew(full, changed, org):
    before = run(full)
    place, old = next(
        (place, one)
        for place, one in enumerate(full.observations)
        if (one.indicator, one.org, one.period) == (changed, org, NOW)
    )
    full.observations[place] = old._replace(value=old.value + 5)
    whole, ours = run(full), run(full, before, changed)
    assert nw.to_native(ours.measures).equals(nw.to_native(whole.measures))
    assert not nw.to_native(ours.measures).equals(nw.to_native(before.measures))
    assert ours.horizon == whole.horizon


def test_every_peer_set_named_is_there_and_no_other(full):
    before = run(full)
    place = next(p for p, one in enumerate(full.observations) if one.indicator == "tax")
    old = full.observations[place]
    full.observations[place] = old._replace(obs_id=digest("another"), value=old.value + 5)
    ours = run(full, before, "tax")
    named = {
        name.removeprefix("peers:")
        for inputs in ours.measures["inputs"].to_list()
        for name in inputs or ()
        if name.startswith("peers:")
    }
    assert named == set(ours.peersets["id"].to_list())
