"""The county yearbook of 2020 as it was re-keyed: two files, some 2,000 counties, one period.

Everything is worked out a second time here from the printed table.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FOLDER = "county-yearbook-2020"
GROUP = "全国县域"
PERIOD = "2020-01/12"
NO_NUMBER = "e"  # stands in one cell of the re-keyed table
HEADER_ROWS = 3  # names, units, a row that only says Remark


@dataclass(frozen=True)
class Edition:
    """One of the two files: what is printed and what the run made of it."""

    run: Any
    rows: list[list[str]]

    @property
    def file(self) -> list[list[str]]:
        return self.rows[HEADER_ROWS:]

    def column(self, name: str) -> int:
        return self.rows[0].index(name)

    def printed(self, name: str) -> dict[int, Decimal]:
        """Row number as a spreadsheet shows it → figure, for the rows that have one."""
        at = self.column(name)
        return {
            number: Decimal(row[at])
            for number, row in enumerate(self.rows, start=1)
            if number > HEADER_ROWS and at < len(row) and row[at] not in ("", NO_NUMBER)
        }

    def row_of(self, name: str) -> int:
        return 1 + [row[0] for row in self.rows].index(name)

    def orgs(self, indicator: str = "") -> dict[int, str]:
        """Row number → the org that the run gave its figure (or any figure) to."""
        kept = self.run.observations.filter(~pl.col("held"))
        if indicator:
            kept = kept.filter(pl.col("indicator") == indicator)
        rows = kept.select("cell", "org")
        return {int(re.sub(r"\D", "", cell)): org for cell, org in rows.iter_rows()}


@pytest.fixture(scope="module")
def editions(run_month: Callable[..., Any], shared: Path) -> Callable[[str], Edition]:
    """Each of the two files, run once."""

    @functools.cache
    def make(which: str) -> Edition:
        name = f"{FOLDER}/original_{which}.csv"
        with (shared / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        return Edition(run_month("county_yearbook", "2020年", "2021-12-01", name), rows)

    return make


@pytest.fixture(scope="module", params=["raw", "fixed"])
def edition(request: pytest.FixtureRequest, editions: Callable[[str], Edition]) -> Edition:
    return editions(request.param)


@pytest.fixture(scope="module")
def whole(editions: Callable[[str], Edition]) -> Edition:
    """The edition with all counties."""
    return editions("fixed")


def test_every_cell_has_one_fate(edition: Edition) -> None:
    (counts,) = edition.run.counts.values()
    fates = [counts[fate] for fate in ("label", "note", "marker", "kept", "held", "ignored")]
    assert sum(fates) == counts["total"] == sum(bool(c) for row in edition.rows for c in row)
    assert counts["held"] == 24
    assert counts["kept"] == edition.run.observations.filter(~pl.col("held")).height


def test_every_figure_is_the_printed_one(edition: Edition) -> None:
    """Value by value, by the cell that each observation names."""
    kept = edition.run.observations.filter(~pl.col("held"))
    for indicator, name in zip(_indicators(), edition.rows[0][2:25], strict=True):
        rows = kept.filter(pl.col("indicator") == indicator).select("cell", "value")
        got = {int(re.sub(r"\D", "", cell)): value for cell, value in rows.iter_rows()}
        printed = edition.printed(name)
        assert {row for row in printed if row not in got} <= {edition.row_of("公主岭市")}
        assert got == {row: printed[row] for row in got}


def test_what_is_not_matched_is_asked_about_by_name(edition: Edition) -> None:
    """One county changed its city, and so its code, within the year; one cell says “e”; one
    figure stands to the right of the last header."""
    asked = [(one["code"], one["found"]) for one in edition.run.findings]
    assert asked == [
        ("ambiguous_name", "公主岭市"),
        ("not_a_number", "e"),
        ("unknown_indicator", ""),
    ]
    assert edition.run.findings[0]["expected"] == "长春市公主岭市、四平市公主岭市"
    with_figures = {row for name in edition.rows[0][2:25] for row in edition.printed(name)}
    assert with_figures - set(edition.orgs()) == {edition.row_of("公主岭市")}
    assert len(set(edition.orgs().values())) == len(with_figures) - 1


def test_names_become_the_codes_of_their_year(edition: Edition, shared: Path) -> None:
    """Compared with the codes that somebody else joined to the names."""
    with (shared / FOLDER / "county_2020.csv").open(encoding="utf-8-sig", newline="") as stream:
        joined = {plain(r["name_as_printed"]): r["code"] for r in csv.DictReader(stream)}
    given = edition.orgs("area")
    compared = {
        row: joined[plain(edition.rows[row - 1][0])]
        for row in given
        if joined.get(plain(edition.rows[row - 1][0]))
    }
    assert {row: given[row] for row in compared} == compared
    assert len(given) - len(compared) <= 8  # renamed or merged since: that list has no code


def plain(name: str) -> str:
    return re.sub(r"[\s\d]", "", name)


def test_spaces_and_footnote_digits(whole: Edition) -> None:
    printed = [row[0] for row in whole.file]
    spaced = [name for name in printed if re.search(r"\s", name.strip())]
    assert len(spaced) > 90
    assert "永川区1" in printed
    orgs = whole.orgs("area")
    by_name = {whole.rows[row - 1][0]: org for row, org in orgs.items()}
    assert by_name["永川区1"] == "500118"
    assert all(name in by_name for name in spaced)
    assert len(set(orgs.values())) >= 2050
    # Names that two counties bear are parted by the province on the page.
    assert (by_name["通州区"], by_name["永定区"], by_name["长安区"]) == (
        "320612", "350803", "610116",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("indicator", "name"), [("gdp", "地区生产总值"), ("revenue", "地方一般公共预算收入")]
)
def test_ranks_over_the_nation(edition: Edition, indicator: str, name: str) -> None:
    printed = edition.printed(name)
    values = {org: printed[row] for row, org in edition.orgs(indicator).items()}
    ranks = edition.run.measures.filter(
        (pl.col("indicator") == indicator)
        & (pl.col("period") == PERIOD)
        & (pl.col("peer_group") == GROUP)
    )
    descending = sorted(values.values(), reverse=True)
    first = {value: place for place, value in reversed(list(enumerate(descending, start=1)))}
    last = {value: len(descending) - place + 1 for place, value in enumerate(descending, start=1)}
    for measure, expected in (("rank_level", first), ("rank_level_reverse", last)):
        rows = ranks.filter((pl.col("measure") == measure) & pl.col("value").is_not_null())
        got = dict(rows.select("org", "value").iter_rows())
        assert got == {org: Decimal(expected[value]) for org, value in values.items()}


def test_three_sectors_are_gdp(edition: Edition) -> None:
    """They tie to within 1万元 in print; the check that says so raises no false alarm."""
    parts = [edition.printed(f"第{n}产业增加值") for n in "一二三"]
    compared = 0
    for row, gdp in edition.printed("地区生产总值").items():
        if all(row in part for part in parts):
            assert abs(sum(part[row] for part in parts) - gdp) <= 1
            compared += 1
    assert compared > 1700
    assert edition.run.found("parts_vs_parent") == []


def test_a_citys_counties_sum_to_the_figure_it_first_published(whole: Edition) -> None:
    """定西: seven counties, 441.3556亿元, shown with its county 漳县 spelt “漳 县”."""
    seven = {"621102", "621121", "621122", "621123", "621124", "621125", "621126"}
    rows = whole.run.observations.filter(
        pl.col("org").is_in(list(seven)) & (pl.col("indicator") == "gdp")
    )
    assert set(rows["org"]) == seven
    assert rows["value"].sum() == Decimal(4413556)


def _indicators() -> list[str]:
    """Ids in the order of the printed columns, which is the rulebook's."""
    text = (Path(__file__).parent / "county_yearbook/rulebook/indicators/yearbook.yaml").read_text(
        encoding="utf-8"
    )
    return re.findall(r"^- id: (\w+)$", text, flags=re.MULTILINE)
