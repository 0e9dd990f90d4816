"""The copies of the nine exports as long lists: everything in the folder that has figures.

The list of 41 industries' growth is compared with the printed one figure by figure, and with the
export that it was copied from.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from diaodu.adapters.rulebook_in import read_rulebook

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FOLDER = "nbs-xls-exports"
EXPORT = f"{FOLDER}/original_xls/工业增加值-行业-月度.xls"
GROWTHS = "industry41_va_growth_2010_2020.csv"
DAY = "2020-06-01"
KEPT = {  # file → cells kept, held, ignored
    "auto_manufacturing_2018_2020.csv": (80, 118, 0),
    "gdp_constant_price_2015Q4_2020Q1.csv": (144, 0, 0),
    "gdp_current_price_2015Q4_2020Q1.csv": (576, 0, 0),
    "gdp_index_yoy_2017_2020.csv": (384, 0, 0),
    "gdp_secondary_quarterly_2010_2020.csv": (1432, 318, 111),
    "industrial_output_products_2010_2020.csv": (1342, 0, 0),
    GROWTHS: (9112, 0, 0),
    "industry41_va_growth_wide_2017_2020.csv": (1680, 23, 0),
    "industry_va_by_ownership_2018_2020.csv": (210, 0, 0),
    "ppirm_2017_2020.csv": (360, 0, 0),
}


@pytest.fixture(scope="module", params=KEPT)
def file(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def runs(run_month: Callable[..., Any]) -> dict[str, Any]:
    """Each copy alone: they overlap, and none of them may hide what another one lacks."""
    return {name: run_month("nbs_xls", "2020-04", DAY, f"{FOLDER}/{name}") for name in KEPT}


@pytest.fixture(scope="module")
def growths(shared: Path) -> dict[tuple[str, str], Decimal]:
    """(indicator, period) → growth as the list prints it."""
    known = read_rulebook(Path(__file__).parent / "nbs_xls" / "rulebook").indicators.values()
    ids = {name: one.id for one in known for name in (one.name, *one.aliases)}
    found: dict[tuple[str, str], Decimal] = {}
    with (shared / FOLDER / GROWTHS).open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            match = re.fullmatch(r"(.+)_(当期|累计)同比实际增速", row["indicator"])
            assert match is not None
            year, month = row["month"].split("-")
            period = row["month"] if match[2] == "当期" else f"{year}-01/{month}"
            found[ids[match[1]], period] = Decimal(row["value"])
    return found


def test_every_cell_has_one_fate(runs: dict[str, Any], shared: Path, file: str) -> None:
    counts = runs[file].counts[file, ""]
    with (shared / FOLDER / file).open(encoding="utf-8-sig", newline="") as stream:
        filled = sum(bool(cell) for row in csv.reader(stream) for cell in row)
    assert (counts["kept"], counts["held"], counts["ignored"]) == KEPT[file]
    fates = ("label", "note", "marker", "kept", "held", "ignored")
    assert sum(counts[fate] for fate in fates) == counts["total"] == filled


def test_what_is_held_is_asked_about(runs: dict[str, Any], file: str) -> None:
    """In one copy two columns changed places half way down, in another a name is “nan”."""
    asked = {one["found"] for one in runs[file].found("unknown_indicator")}
    assert bool(asked) == bool(KEPT[file][1])
    if file.startswith("auto"):
        assert len(asked) > 10 and all(re.fullmatch(r"20\d\d年\d+月", one) for one in asked)
    if "wide" in file:
        assert asked == {"nan"}


def test_the_growth_of_41_industries_is_the_printed_one(
    runs: dict[str, Any], growths: dict[tuple[str, str], Decimal]
) -> None:
    rows = runs[GROWTHS].observations.filter(~pl.col("held"))
    assert set(rows["facet"]) == {"growth"}
    got = {
        (indicator, period): value
        for indicator, period, value in rows.select("indicator", "period", "value").iter_rows()
    }
    assert got == growths
    industries = {one for one, _ in growths if re.fullmatch(r"industry\d\d", one)}
    assert len(industries) == 41


def test_the_list_says_what_the_export_says(
    run_month: Callable[..., Any], growths: dict[tuple[str, str], Decimal]
) -> None:
    export = run_month("nbs_xls", "2020-04", DAY, EXPORT)
    rows = export.observations.filter(~pl.col("held") & (pl.col("facet") == "growth"))
    exported = {
        (indicator, period): value
        for indicator, period, value in rows.select("indicator", "period", "value").iter_rows()
    }
    assert len(exported) > 9000
    assert exported == growths


def test_growth_against_the_period_before_is_worked_out(
    runs: dict[str, Any], growths: dict[tuple[str, str], Decimal]
) -> None:
    expected = {
        one: growths[one, "2020-01/04"] - growths[one, "2020-01/03"]
        for one, period in growths
        if period == "2020-01/04" and (one, "2020-01/03") in growths
    }
    rows = runs[GROWTHS].measures.filter(
        (pl.col("measure") == "growth_change_pp") & (pl.col("period") == "2020-01/04")
    )
    assert len(expected) > 40
    assert dict(rows.select("indicator", "value").iter_rows()) == expected
