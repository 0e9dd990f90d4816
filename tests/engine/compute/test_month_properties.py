"""What must hold for any figures: exactness, dependence, order."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction

import narwhals as nw
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.adapters.frames import MEASURE_TYPES
from diaodu.engine.compute.exact import HUNDRED, Printed, Range, Ratio, with_difference
from diaodu.engine.ground.quantity import show

NOW, LAST = "2023-01/05", "2022-01/05"

positive = st.decimals("0.0001", "10000000", places=4).map(lambda d: f"{d:f}")
fast = settings(max_examples=15, deadline=None)


def half_up(exact: Fraction, decimals: int) -> str:
    """Rounded half away from zero from the exact fraction, as printed."""
    scaled = abs(exact) * 10**decimals
    units = (scaled + Fraction(1, 2)).__floor__()
    text = f"{Decimal(units).scaleb(-decimals):.{decimals}f}"
    return f"-{text}" if exact < 0 and units else text


@fast
@given(st.lists(st.tuples(positive, positive), min_size=3, max_size=3), positive)
def test_shown_is_half_up_of_the_exact_fraction(make_county, pairs, goal):
    county = make_county()
    for org, (value, base) in zip("abc", pairs, strict=True):
        county.see(org, NOW, value)
        county.see(org, LAST, base)
        county.aim(org, goal)
    results = county.compute()
    total = Fraction(sum(Decimal(v) for v, _ in pairs)) / Fraction(
        sum(Decimal(b) for _, b in pairs)
    )
    for org, (value, base) in zip("abc", pairs, strict=True):
        v, b, t = Fraction(value), Fraction(base), Fraction(goal)
        growth = (v / b - 1) * 100
        wanted = {
            "growth": half_up(growth, 1),
            "completion": half_up(v / t * 100, 1),
            "pace_gap": half_up(v / t * 100 - Fraction(500, 12), 1),
            "arrears_pace": half_up(t * 5 / 12 - v, 2),
            "mean_required": half_up((t - v) / 7, 2),
            "gap_peers_mean": half_up(growth - (total - 1) * 100, 1),
        }
        assert {name: results.shown(name, org) for name in wanted} == wanted
        for name in wanted:
            found = results.find(name, org)
            assert found.lo <= found.value <= found.hi


@fast
@given(st.lists(st.integers(0, 10**9), min_size=12, max_size=12))
def test_months_sum_to_the_year(make_county, months):
    county = make_county()
    total = 0
    for month, amount in enumerate(months, 1):
        total += amount
        period = "2023-01" if month == 1 else f"2023-01/{month:02d}"
        county.see("a", period, str(Decimal(total).scaleb(-2)))
    results = county.compute_all()
    values = [row.value for row in results.rows if row.measure == "month_value"]
    assert len(values) == 12
    assert sum(values) == Decimal(total).scaleb(-2)
    assert results.find("value", period="2023-01/12").value == Decimal(total).scaleb(-2)


@fast
@given(st.lists(st.integers(-5, 5), min_size=2, max_size=9))
def test_ranks_are_a_permutation_up_to_ties(make_county, values):
    orgs = [f"o{n}" for n in range(len(values))]
    county = make_county()
    county.orgs = [{"id": "city", "name": "市", "level": "city"}]
    county.orgs += [{"id": o, "name": o, "level": "county", "parent": "city"} for o in orgs]
    for org, value in zip(orgs, values, strict=True):
        county.see(org, NOW, str(value))
    results = county.compute()
    for org, value in zip(orgs, values, strict=True):
        rank = int(results.shown("rank_level", org))
        reverse = int(results.shown("rank_level_reverse", org))
        assert rank == 1 + sum(other > value for other in values)
        assert reverse == 1 + sum(other < value for other in values)
        assert rank + reverse + values.count(value) - 1 == len(values) + 1


def a_full_county(make_county, seed):
    rng = random.Random(seed)
    county = make_county([
        {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", "headline": True},
        {"id": "all", "name": "收入", "unit": "亿元", "basis": "ytd", "children": ["tax"]},
        {"id": "ratio", "name": "税比", "unit": "%", "basis": "ytd", "formula": "税收÷收入"},
    ])  # fmt: skip
    for indicator in ("tax", "all"):
        for org in ("city", "a", "b", "c"):
            for period in (NOW, LAST, "2023-01/04", "2022-01/04"):
                county.see(org, period, f"{rng.randrange(100, 900) / 10:.1f}", indicator=indicator)
    county.see("a", NOW, "3.2", facet="growth")
    county.see("city", NOW, "3.0", facet="growth")
    for org in "abc":
        county.aim(org, "90")
        county.aim(org, "5", kind="growth")
    return county


@fast
@given(st.integers(0, 10**6), st.data())
def test_one_changed_cell_changes_its_dependants_and_nothing_else(make_county, seed, data):
    county = a_full_county(make_county, seed)
    before = county.compute()
    at = data.draw(st.integers(0, len(county.observations) - 1))
    old = county.observations[at]
    county.observations[at] = old._replace(value=old.value + Decimal("1.7"))
    after = county.compute()
    changed = {
        key
        for key in before.by_key.keys() | after.by_key.keys()
        if before.by_key.get(key) != after.by_key.get(key)
    }
    dependants = {
        key
        for results in (before, after)
        for key in results.by_key
        if old.obs_id in results.reaches(key)
    }
    assert changed <= dependants
    own = f"{old.indicator}|{old.org}|{old.period}|value|||"
    if old.facet == "level" and own in before.by_key:
        assert own in changed


@fast
@given(st.integers(0, 10**6))
def test_the_order_of_rows_means_nothing(make_county, seed):
    county = a_full_county(make_county, seed)
    before = county.compute()
    random.Random(seed).shuffle(county.observations)
    random.Random(seed).shuffle(county.targets)
    after = county.compute()
    assert before.rows == after.rows
    assert before.sets() == after.sets()


def test_every_input_is_there_and_every_key_once(make_county):
    results = a_full_county(make_county, 1).compute()
    assert len(results.by_key) == len(results.rows) > 100
    for key in results.by_key:
        results.reaches(key)


def test_all_periods_hold_the_month_unchanged(make_county):
    county = a_full_county(make_county, 2)
    month = county.compute(as_of=date(2023, 12, 31))
    everything = county.compute_all()
    assert {r.key for r in month.rows} < {r.key for r in everything.rows}
    assert all(everything.by_key[row.key] == row for row in month.rows)


def test_column_types_are_stable(make_county):
    for county in (make_county(), a_full_county(make_county, 3)):
        computed = county.compute().computed
        assert dict(nw.to_native(computed.measures).schema) == {
            name: pl.List(pl.String) if name == "inputs" else kind
            for name, kind in MEASURE_TYPES.items()
        }
        assert dict(nw.to_native(computed.peersets).schema) == {
            "id": pl.String, "obs_id": pl.String,
        }  # fmt: skip


# -- the arithmetic itself ---------------------------------------------------------------------

scaled = st.one_of(st.integers(-20, 20), st.integers(-(10**26), 10**26))
divisor = st.one_of(st.integers(1, 9), st.integers(1, 10**18), st.integers(1, 10**26))


def frame(**columns):
    return nw.from_native(
        pl.DataFrame({name: pl.Series(c, dtype=pl.Int128) for name, c in columns.items()})
    )


@given(st.lists(st.tuples(scaled, divisor, divisor, scaled), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_quotients_and_their_differences_are_cut_exactly(rows):
    made = quotients_and_difference(rows)
    for row in made.iter_rows(named=True):
        one, other = Fraction(row["v"] * 10**14, row["d"]), Fraction(row["w"] * 10**14, row["e"])
        if row["x"] is not None:
            assert row["x"] == int(one - HUNDRED)
            assert row["x_lo"] == (one - HUNDRED).__floor__()
            assert row["x_hi"] == (one - HUNDRED).__ceil__()
        else:
            assert abs(one) >= 10**35
        if row["z"] is not None:
            assert row["z"] == int(one - other)


@given(st.lists(st.tuples(scaled, divisor, divisor, scaled), min_size=1, max_size=20))
@settings(max_examples=10, deadline=None)
def test_over_very_many_rows_they_are_what_they_are_over_few(rows):
    few = nw.to_native(quotients_and_difference(rows))
    times = 100_001 // len(rows) + 1  # from there on it takes other steps
    many = nw.to_native(quotients_and_difference(rows * times))
    assert many.equals(pl.concat([few] * times))


def quotients_and_difference(rows):
    v, d, e, w = (list(column) for column in zip(*rows, strict=True))
    made = frame(v=v, d=d, e=e, w=w)
    made = Ratio("x", exact("v"), exact("d"), 14, minus=HUNDRED).beside(made)
    made = Ratio("y", exact("w"), exact("e"), 14, minus=HUNDRED).beside(made)
    return with_difference(made, "z", "x", "y")


def exact(name: str) -> Range:
    return Range.exact(nw.col(name))


@given(st.lists(st.tuples(scaled, st.integers(0, 8)), min_size=1, max_size=30))
def test_printing_is_that_of_the_ground(rows):
    made = nw.from_native(
        pl.DataFrame({"v": pl.Series([v for v, _ in rows], dtype=pl.Int128),
                      "d": [d for _, d in rows]})
    )  # fmt: skip
    shown = Printed("s", nw.col("v"), nw.col("d")).beside(made)["s"].to_list()
    assert shown == [show(Decimal(v).scaleb(-12), d) for v, d in rows]
