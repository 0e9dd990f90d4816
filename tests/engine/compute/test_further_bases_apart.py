"""A comparison with another base than last year's same period is never taken for it."""

from __future__ import annotations

from diaodu.engine.compute.book import MeasureBook
from diaodu.engine.compute.explain import Names, explain
from diaodu.engine.ground.records import Measure, Observation, Target

STOCK = {"id": "tax", "name": "贷款余额", "unit": "亿元", "basis": "stock"}


class Run:
    """A run held in memory."""

    def __init__(self, county, results) -> None:
        self.rows = results.by_key
        self.seen = {one.obs_id: one for one in county.observations}
        written = {"indicator": {"tax": "tax"}, "org": {"a": "a"}}
        self.names = Names(written, {"tax": "贷款余额", "a": "a县"}, {})

    def measures_of(self, indicator: str, org: str) -> list[Measure]:
        return [row for row in self.rows.values() if (row.indicator, row.org) == (indicator, org)]

    def measures(self, keys) -> dict[str, Measure]:
        return {key: self.rows[key] for key in keys if key in self.rows}

    def observations(self, ids) -> dict[str, Observation]:
        return {id: self.seen[id] for id in ids if id in self.seen}

    def targets(self, ids) -> dict[str, Target]:
        return {}

    def peer_sets(self, ids) -> dict[str, list[str]]:
        return {}


def balances(make_county, last_may: str | None):
    county = make_county([STOCK])
    county.see("a", "2023-05", "110.0")
    county.see("a", "2022-12", "100.0")
    if last_may is not None:
        county.see("a", "2022-05", last_may)
    return county, county.compute()


def test_the_beginning_of_the_year_is_not_read_for_last_years_period(make_county):
    _, results = balances(make_county, None)
    book = MeasureBook(results.computed.measures)
    assert book.get("tax", "a", "change") is None
    assert book.get("tax", "a", "change", base="2022-12").shown == "10.00"
    assert book.get("tax", "a", "growth").word == "no_base"


def test_explain_calls_the_bases_by_their_names(make_county):
    county, results = balances(make_county, "90.0")
    run = Run(county, results)
    asked = {base: f"tax|a|2023-05|change||{base}|" for base in ("2022-05", "2022-12")}
    titles = {base: explain(run, "tax", "a", "2023-05", key).title for base, key in asked.items()}
    assert titles["2022-05"].endswith("比上年同期增减·2022年5月")
    assert titles["2022-12"].endswith("比年初增减·2022年12月")
    node = explain(run, "tax", "a", "2023-05", asked["2022-12"])
    cells = {leaf.leaf.cell for one in node.inputs for leaf in (one, *one.inputs) if leaf.leaf}
    assert cells == {"B1", "B2"}
