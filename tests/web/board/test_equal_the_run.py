"""一张表 and the indicator page print what the frozen run holds in its file, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.test import Client
from lxml import html

HEADLINES = ("retail", "investment", "loans", "power", "firms")  # profit is not released yet
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
Held = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def held(run: Any, settings: Any) -> Held:
    """The rows of the run's file of one indicator of the county."""
    [file] = (settings.DIAODU_HOME / "runs").rglob("measures.parquet")
    table = pl.read_parquet(file).filter(pl.col("org") == "shilixian")

    def of(indicator: str) -> list[dict[str, Any]]:
        return table.filter(pl.col("indicator") == indicator).to_dicts()

    return of


def _page(client: Client, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def _lines(page: Any) -> Iterator[tuple[str, list[str]]]:
    """Indicator → the texts of its cells, without tags, which name periods."""
    for row in page.xpath("//table[contains(@class, 'grid')]/tbody/tr"):
        [link] = row.xpath("./th/a[1]/@href")
        for tag in row.xpath(".//span[@class='tag']|.//svg"):
            tag.drop_tree()
        yield (
            link.split("/")[3],
            [cell.text_content().strip() for cell in row.xpath("./td[not(@class='edge l')]")],
        )


def _numbers(texts: list[str]) -> set[str]:
    return {one.replace(",", "") for text in texts for one in NUMBER.findall(text)}


def _digits(rows: list[dict[str, Any]]) -> set[str]:
    return {one["shown"].lstrip("-") for one in rows if one["shown"]}


def _one(rows: list[dict[str, Any]], measure: str, group: str = "") -> str | None:
    found = (one for one in rows if one["measure"] == measure and one["peer_group"] == group)
    return next((one["shown"] for one in found), None)


def test_every_number_of_a_line_is_the_runs_or_the_targets_own(leader: Client, held: Held) -> None:
    lines = dict(_lines(_page(leader, "/board/")))
    assert set(HEADLINES) < set(lines)
    targets = {"120.00", "8.0", "10.0", "100"}
    for indicator in HEADLINES:
        strange = _numbers(lines[indicator]) - _digits(held(indicator)) - targets
        assert not strange, (indicator, lines[indicator])
    assert _numbers(lines["profit"]) == {"6", "27", "10", "00"}  # when it is released


def test_a_line_prints_level_growth_change_and_place(leader: Client, held: Held) -> None:
    lines = dict(_lines(_page(leader, "/board/")))
    for indicator in HEADLINES[:2]:
        rows, cells = held(indicator), lines[indicator]
        growth = _one(rows, "growth_published") or _one(rows, "growth")
        assert growth in cells, (indicator, growth)
        change = _one(rows, "growth_change_pp")
        assert change and change.replace("-", "−").lstrip("+") in [one.lstrip("+") for one in cells]
        if level := _one(rows, "value"):
            assert level in cells
        if place := _one(rows, "rank_growth", "shilishi/county"):
            n = _one(rows, "rank_growth_n", "shilishi/county")
            assert any(one.startswith(f"{place}/{n}") for one in cells), cells


def test_the_counted_headlines_are_counts_of_the_run(leader: Client, held: Held) -> None:
    page = _page(leader, "/board/")
    told = [one.text_content() for one in page.xpath("//*[@aria-label='计数']/*[@class='c']")]

    def signs(measure: str, group: str = "") -> tuple[int, int, int]:
        found = [_one(held(one), measure, group) for one in HEADLINES]
        numbers = [Decimal(one) for one in found if one]
        return (
            sum(one > 0 for one in numbers), sum(one == 0 for one in numbers),
            sum(one < 0 for one in numbers),
        )  # fmt: skip

    for title, counted in (
        ("增速比上期", signs("growth_change_pp")),
        ("位次比上期", signs("rank_growth_move", "shilishi/county")),
    ):
        [cell] = [re.sub(r"\s+", "", one) for one in told if title in one]
        up, flat, down = counted
        assert re.search(rf"{up}升.*{flat}平.*{down}降", cell), (cell, counted)
        assert f"可比{up + flat + down}项" in cell
    last = [_one(held(one), "rank_growth_reverse", "shilishi/county") for one in HEADLINES]
    bottom = sum(int(one) <= 3 for one in last if one)
    [cell] = [re.sub(r"\s+", "", one) for one in told if "后三位" in one]
    assert f"后三位{bottom}项" in cell


@pytest.mark.parametrize("indicator", HEADLINES)
def test_every_fact_of_a_page_is_the_measure_it_names(
    leader: Client, held: Held, indicator: str
) -> None:
    rows = {
        "|".join((one["measure"], one["target_id"], one["base"], one["peer_group"])): one
        for one in held(indicator)
    }
    for fact in leader.get(f"/board/shilixian/{indicator}/").context["page"].facts:
        of_run, number = rows[fact.measure], NUMBER.search(fact.value)
        if number is None:  # 持平, or a word
            assert of_run["word"] or Decimal(of_run["shown"]) == 0, fact
        else:
            assert number[0].replace(",", "") == of_run["shown"].lstrip("-"), fact


def test_the_last_point_of_a_small_multiple_is_the_runs_own(leader: Client, held: Held) -> None:
    found = leader.get("/board/multiples/shilixian/").context["found"]
    cells = {cell.url.split("?")[0].split("/")[3]: cell for cell in found.cells}
    drawn = [one for one in HEADLINES if cells[one].points]
    assert len(drawn) >= len(HEADLINES) - 1
    for indicator in drawn:
        rows, points = held(indicator), cells[indicator].points
        growth = _one(rows, "growth_published") or _one(rows, "growth")
        assert points[max(points)] == growth, indicator
