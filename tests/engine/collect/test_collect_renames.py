"""A source's rename says which indicator is meant; the words beside its name keep their meaning."""

from __future__ import annotations

from decimal import Decimal

from sheets_for_tests import book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.rules.models import Match, Source

ROWS = [
    ["2023年1—5月示例县主要指标（单位：亿元）", ""],
    ["指标", "数值"],
    ["社零累计增长(%)", 5],
    ["社零当月值(万元)", 40000],
    ["老口径", 6],
]


def read(**rename: str):  # type: ignore[no-untyped-def]
    rules = rulebook(Source(id="s", match=Match(file="*"), rename=rename))
    (one,) = read_workbook(book(sheet(ROWS)), build_names(rules), rules).sheets
    return {(o.indicator, o.period, o.facet): o.value for o in one.observations if not o.held}


def test_a_renamed_growth_stays_a_growth_and_a_renamed_month_a_month() -> None:
    renamed = {"社零累计增长(%)": "fai", "社零当月值(万元)": "fai"}
    assert read(**renamed) == {
        ("fai", "2023-01/05", "growth"): Decimal(5),
        ("fai", "2023-05", "level"): Decimal(4),
    }


def test_a_text_that_is_not_understood_takes_the_name_alone() -> None:
    assert read(老口径="fai")["fai", "2023-01/05", "level"] == Decimal(6)
