"""A column of texts that a source ignores says nothing of its rows and is counted with a reason."""

from __future__ import annotations

from decimal import Decimal

from sheets_for_tests import book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.rules.models import Ignore, Match, Place, Source

ROWS = [
    ["indicator", "month", "value", "unit", "kind"],
    ["社零", "2023-05", 5, "亿元", "cumulative_ytd"],
    ["社零", "2023-04", 4, "亿元", "cumulative_ytd"],
]
REASON = "数的种类已由指标规则写明"


def read(*ignore: Ignore):  # type: ignore[no-untyped-def]
    rules = rulebook(
        Source(
            id="long", match=Match(file="*"), layout="long", indicator=Place(column="indicator"),
            period=Place(column="month"), unit=Place(column="unit"), org=Place(fixed="xian"),
            ignore=ignore,
        )
    )  # fmt: skip
    reading = read_workbook(book(sheet(ROWS)), build_names(rules), rules)
    return reading.sheets[0]


def test_an_ignored_column_of_unknown_words_holds_nothing() -> None:
    one = read(Ignore(text="kind", reason=REASON))
    assert [(o.period, o.value) for o in one.observations] == [
        ("2023-01/05", Decimal(5)),
        ("2023-01/04", Decimal(4)),
    ]
    assert one.findings == ()
    assert one.ignored == {REASON: 2}
    assert one.counts == {
        "label": 11, "note": 0, "marker": 0, "kept": 2, "held": 0, "ignored": 2
    }  # fmt: skip


def test_the_same_words_are_asked_about_where_nothing_says_to_pass_them_over() -> None:
    one = read()
    assert one.counts["kept"] == 0
    assert [found.found for found in one.findings] == ["cumulative_ytd"]
