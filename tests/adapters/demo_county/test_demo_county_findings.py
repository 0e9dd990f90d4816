"""The month over the demo finds what was planted and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from diaodu.adapters import frames
from diaodu.adapters.demo_county import make_demo
from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.adapters.sheets_in.returns_in import read_returns
from diaodu.engine.collect.names import build_names
from diaodu.engine.collect.reading import read_workbook
from diaodu.engine.compute.book import to_measures
from diaodu.engine.flow import run_month
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Measure

AS_OF = date(2023, 6, 12)
MAY = Period.of_month(2023, 5)
HARD = {"unit_slip", "wrong_period", "not_a_number", "formula_error", "hidden", "unknown_org"}


class Month(NamedTuple):
    planted: list[dict[str, Any]]
    findings: list[Finding]
    measures: list[Measure]


@pytest.fixture(scope="module", params=[20230612, 11])
def month(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Month:
    demo = tmp_path_factory.mktemp("demo") / "示例"
    make_demo(demo, seed=request.param)
    key = json.loads((demo / "answer-key.json").read_text(encoding="utf-8"))
    return _run(demo, key["planted"])


def _run(demo: Path, planted: list[dict[str, Any]]) -> Month:
    book = read_rulebook(demo / "rulebook")
    names = build_names(book)
    readings = [
        read_workbook(workbook, names, book)
        for workbook in read_returns(demo / "returns").workbooks
    ]
    done = run_month(readings, names, book, MAY, AS_OF, frames)
    return Month(planted, list(done.findings), to_measures(done.computed.measures))


def _places(findings: Iterable[Finding]) -> set[tuple[str, str, str, str]]:
    return {(one.code, one.file, one.sheet, one.cell) for one in findings}


def test_hard_findings_are_the_planted_ones(month: Month) -> None:
    found = _places(one for one in month.findings if one.severity == "hard")
    planted = {
        (entry["code"], entry["file"], entry["sheet"], entry["cell"])
        for entry in month.planted
        if entry["code"] in HARD
    }
    assert found == planted


def test_soft_findings_are_planted_or_follow_from_the_slip(month: Month) -> None:
    soft = [one for one in month.findings if one.severity == "soft"]
    late = {(one.indicator, one.org, one.period) for one in soft if one.code == "late"}
    assert late == {
        (entry["indicator"], entry["org"], entry["period"])
        for entry in month.planted
        if entry["code"] == "late"
    }
    revised = _places(one for one in soft if one.code == "revised")
    assert revised == {
        (entry["code"], entry["file"], entry["sheet"], entry["cell"])
        for entry in month.planted
        if entry["code"] == "revised"
    }
    parts = [one for one in soft if one.code == "parts_vs_parent"]
    assert {(one.indicator, one.org) for one in parts} == {("industry_output", "shilixian")}
    doubtful = ("parts_vs_parent", "jump", "heaped")
    assert _places(one for one in soft if one.code in doubtful) >= {
        (entry["code"], entry["file"], entry["sheet"], entry["cell"])
        for entry in month.planted
        if entry["code"] in doubtful
    }
    assert [one.org for one in soft if one.code == "jump"] == ["fengxi"]
    assert [one.indicator for one in soft if one.code == "heaped"] == ["reportable_amount"]
    rest = [one for one in soft if one.code not in ("late", "revised", "corrected", *doubtful)]
    assert {one.code for one in rest} <= {"implied_base", "published_vs_computed"}
    assert {(one.indicator, one.org) for one in rest} <= {("project_investment", "yunling")}


def test_the_profit_turns_positive_in_a_word(month: Month) -> None:
    (growth,) = [
        one
        for one in month.measures
        if one.key.startswith("industry_profit|shilixian|2023-01/05|growth||2022-01/05|")
    ]
    assert (growth.value, growth.word, growth.shown) == (None, "turned_positive", "由负转正")


def test_the_planted_tie_shares_a_place(month: Month) -> None:
    tied = {entry["org"] for entry in month.planted if entry["story"] == "增速相同，位次并列"}
    ranks = [
        one.value
        for one in month.measures
        if (one.indicator, one.measure) == ("industry_output", "rank_growth") and one.org in tied
    ]
    assert len(ranks) == 2
    assert ranks[0] == ranks[1]


def test_the_lagging_indicator_stands_at_its_own_period(month: Month) -> None:
    periods = {
        one.period
        for one in month.measures
        if (one.indicator, one.org, one.measure) == ("service_revenue", "shilixian", "value")
    }
    assert periods == {"2023-01/04"}


def test_stocks_reach_the_run_at_the_month_they_stand_at(month: Month) -> None:
    found = {
        one.indicator: one.period
        for one in month.measures
        if (one.org, one.measure) == ("shilixian", "value") and one.value is not None
    }
    stocks = ("deposits", "loans", "reportable_amount", "market_entities")
    assert {name: found.get(name) for name in stocks} == dict.fromkeys(stocks, "2023-05")


def test_no_county_figure_is_lost(month: Month) -> None:
    empty = {
        one.indicator
        for one in month.measures
        if (one.org, one.measure) == ("shilixian", "value") and one.value is None
    }
    assert empty == set()


def test_a_series_counted_in_another_way_is_not_compared(month: Month) -> None:
    words = {
        one.measure: one.word
        for one in month.measures
        if (one.indicator, one.org, one.base) == ("tourists", "shilixian", "2022-01/05")
    }
    assert words["growth"] == words["change"] == "not_comparable"
    assert words["last_year"] is None
    (growth,) = [
        one
        for one in month.measures
        if one.key.startswith("tourists|shilixian|") and one.measure == "month_growth"
    ]
    assert growth.word == "not_comparable"


def test_the_declared_correction_is_computed_with(month: Month) -> None:
    told = [one for one in month.findings if one.code == "corrected"]
    assert [(one.indicator, one.org, one.severity) for one in told] == [
        ("parcels", "shilixian", "soft")
    ]
