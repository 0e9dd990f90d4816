"""Measures as numbers alone are those of the months' runs, number for number and word for word."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.exact import ONE
from diaodu.engine.compute.month import compute_all
from diaodu.engine.compute.numbers import Compact, compacted, numbers

AS_OF = date(2023, 12, 31)
MEASURES = [
    "value", "month_value", "last_year", "change", "growth", "growth_published", "implied_base",
    "growth_change_pp", "gap_peers_mean",
    *(f"rank_level{part}" for part in ("", "_reverse", "_n", "_move")),
    *(f"rank_growth{part}" for part in ("", "_reverse", "_n", "_move")),
]  # fmt: skip
PARTS = ["indicator", "org", "period", "measure", "peer_group", "value", "lo", "hi", "word"]
INDICATORS = [
    {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd"},
    {"id": "debt", "name": "债务", "unit": "亿元", "basis": "stock", "direction": "low"},
    {"id": "output", "name": "工业增速", "unit": "%", "basis": "ytd", "facets": ["growth"]},
]
PERIODS = {
    "tax": ("2021-01/03", "2021-01/04", "2022-01/03", "2022-01/04", "2023-01", "2023-01/02"),
    "debt": ("2022-03", "2022-04", "2023-03", "2023-04"),
    "output": ("2022-01/03", "2022-01/04", "2023-01/03"),
}
ORGS = [
    {"id": "city", "name": "示例市", "level": "city"},
    *(
        {"id": org, "name": f"{org}县", "level": "county", "parent": "city", "groups": groups}
        for org, groups in (("a", ["强县", "山区"]), ("b", ["强县"]), ("c", ["强县", "山区"]))
    ),
    {"id": "d", "name": "d县", "level": "county", "parent": "city", "groups": ["强县"],
     "opened": "2022-04-15"},
    {"id": "e", "name": "e县", "level": "county", "parent": "city", "groups": ["山区"],
     "closed": "2022-04-14"},
]  # fmt: skip


def cells(indicator: str) -> st.SearchStrategy[tuple[str, str, str, str, str]]:
    level = st.tuples(st.just("level"), st.sampled_from(["0", "-1.5", "2.0", "3.1", "7", "9.99"]))
    growth = st.tuples(st.just("growth"), st.sampled_from(["-100", "0.0", "5.5", "12.34"]))
    given = growth if indicator == "output" else st.one_of(level, level, growth)
    places = st.tuples(
        st.just(indicator), st.sampled_from("abcde"), st.sampled_from(PERIODS[indicator])
    )
    return st.tuples(places, given).map(lambda both: (*both[0], *both[1]))


figures = st.lists(
    st.one_of(*map(cells, PERIODS)), min_size=1, max_size=60, unique_by=lambda one: one[:4]
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(figures=figures)
def test_numbers_are_those_of_the_runs(make_county, figures):
    county = make_county(indicators=INDICATORS, orgs=ORGS)
    for indicator, org, period, facet, value in figures:
        county.see(org, period, value, indicator=indicator, facet=facet)
    observations = observation_frame(county.observations)
    computed = compute_all(observations, target_frame([]), county.rulebook, AS_OF)
    months = sorted(computed.horizons)
    compact = compacted(observations, county.rulebook, months, AS_OF)
    assert in_rows(compact) == of_run(computed.measures, {one[:3] for one in figures})


def in_rows(compact: Compact) -> list[tuple[object, ...]]:
    frames = [nw.to_native(compact.places.named(rows)) for rows in numbers(compact) if len(rows)]
    every = pl.DataFrame(schema={"peer_group": pl.String, "lo": pl.Int128, "hi": pl.Int128})
    found = pl.concat([*frames, every], how="diagonal_relaxed")
    place = pl.col("measure").str.starts_with("rank_")  # whole numbers, no bounds
    scaled = pl.when(place).then(pl.col("value") * ONE).otherwise("value")
    found = found.with_columns(value=scaled)
    for name in ("lo", "hi"):
        found = found.with_columns(pl.when(place).then("value").otherwise(name).alias(name))
    found = found.with_columns(pl.col("peer_group").fill_null(""))
    return sorted(found.select(PARTS).rows(), key=str)


def of_run(measures: nw.DataFrame, present: set[tuple[str, str, str]]) -> list[tuple[object, ...]]:
    """The rows of the cells that have a figure: of the others numbers say nothing."""
    chosen = nw.to_native(measures).filter(pl.col("measure").is_in(MEASURES)).select(PARTS)
    return sorted((row for row in chosen.rows() if row[:3] in present), key=str)
