"""Two small published tables of growth, and the texts that lie beside them.

The tables are read in full. The reworded bulletins and the list of turns of phrase hold no table:
they are told of, or counted as notes, and give no figure.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from diaodu.adapters.rulebook_in import read_rulebook

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FOLDER = "bulletins-facts"
CITIES = "hunan_cities_va_201711.csv"
PROVINCES = "province_va_yoy_2020.csv"
PHRASES = "phrasing_traps.csv"
Table = dict[str, dict[str, Decimal]]  # place → head → figure


@pytest.fixture(scope="module")
def texts(shared: Path) -> list[str]:
    return sorted(path.name for path in (shared / FOLDER / "reworded").iterdir())


@pytest.fixture(scope="module")
def run(run_month: Callable[..., Any], texts: list[str]) -> Any:
    files = [f"{FOLDER}/{name}" for name in (CITIES, PROVINCES, PHRASES)]
    files += [f"{FOLDER}/reworded/{name}" for name in texts]
    return run_month("bulletins", "2020年11月", "2021-01-15", *files, options=("--all-periods",))


def printed(shared: Path, file: str) -> Table:
    with (shared / FOLDER / file).open(encoding="utf-8-sig", newline="") as stream:
        return {
            row.pop("region"): {head: Decimal(figure) for head, figure in row.items()}
            for row in csv.DictReader(stream)
        }


def by_place(run: Any, measure: str, indicator: str, period: str) -> dict[str, Decimal]:
    """Org as the tables print it → value of a measure."""
    orgs = read_rulebook(Path(__file__).parent / "bulletins" / "rulebook").orgs
    rows = run.measures.filter(
        (pl.col("measure") == measure)
        & (pl.col("indicator") == indicator)
        & (pl.col("period") == period)
        & pl.col("value").is_not_null()
    )
    return {
        (*orgs[org].aliases, orgs[org].name)[0]: value
        for org, value in rows.select("org", "value").iter_rows()
    }


def test_every_cell_has_one_fate(run: Any, shared: Path) -> None:
    for file, kept in ((CITIES, 30), (PROVINCES, 36), (PHRASES, 0)):
        counts = run.counts[file, ""]
        with (shared / FOLDER / file).open(encoding="utf-8-sig", newline="") as stream:
            filled = sum(bool(cell) for row in csv.reader(stream) for cell in row)
        assert (counts["total"], counts["kept"]) == (filled, kept)
        assert (counts["held"], counts["ignored"]) == (0, 0)
        assert counts["label"] + counts["note"] + counts["kept"] == filled


def test_texts_are_told_of_softly_each_by_its_name(run: Any, texts: list[str]) -> None:
    assert len(texts) == 4
    assert [(one["code"], one["severity"], one["message"]) for one in run.findings] == [
        ("unreadable", "soft", f"“2021-01-15/{name}”的内容是文字材料，不是能直接读的表格")
        for name in texts
    ]


def test_the_months_own_growth_and_that_from_january(run: Any, shared: Path) -> None:
    cities = printed(shared, CITIES)
    for indicator, period, head in (
        ("va_month", "2017-11", "month_yoy"), ("va", "2017-01/11", "ytd_yoy"),
    ):  # fmt: skip
        expected = {place: figures[head] for place, figures in cities.items()}
        assert by_place(run, "growth_published", indicator, period) == expected


def test_cities_are_ranked_among_themselves_and_held_against_the_province(
    run: Any, shared: Path
) -> None:
    growths = {place: figures["ytd_yoy"] for place, figures in printed(shared, CITIES).items()}
    province = growths.pop("全省")
    gaps = {place: growth - province for place, growth in growths.items()}
    assert by_place(run, "gap_parent", "va", "2017-01/11") == gaps
    ranks = {
        place: Decimal(1 + sum(other > growth for other in growths.values()))
        for place, growth in growths.items()
    }
    assert by_place(run, "rank_growth", "va", "2017-01/11") == ranks
    assert ranks["娄底市"] == 1 and ranks["岳阳市"] == 14


@pytest.mark.parametrize("month", ["2020-07", "2020-08", "2020-09", "2020-10", "2020-11"])
def test_provinces_move_from_month_to_month(run: Any, shared: Path, month: str) -> None:
    table = printed(shared, PROVINCES)
    before = f"2020-{int(month[5:]) - 1:02d}"
    assert by_place(run, "growth_published", "va_month", month) == {
        place: figures[month] for place, figures in table.items()
    }
    assert by_place(run, "growth_change_pp", "va_month", month) == {
        place: figures[month] - figures[before] for place, figures in table.items()
    }

    def rank(place: str, at: str) -> int:
        return 1 + sum(figures[at] > table[place][at] for figures in table.values())

    assert by_place(run, "rank_growth_move", "va_month", month) == {
        place: Decimal(rank(place, before) - rank(place, month)) for place in table
    }
