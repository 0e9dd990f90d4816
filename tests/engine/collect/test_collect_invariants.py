"""What must not matter: the order of rows, the name used, where the table stands."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from sheets_for_tests import INDICATORS, book, num, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook

RULES = rulebook()
NAMES = build_names(RULES)
ORG_NAMES = ["甲镇", "乙镇", "丙街道", "示例县", "邻县"]
VALUES = st.decimals(min_value=-1000, max_value=100000, places=2, allow_nan=False)
TABLES = st.lists(
    st.tuples(st.sampled_from(ORG_NAMES), VALUES, VALUES, st.integers(1, 30)),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row[0],
)
TITLE = [["2023年1-5月主要指标"], ["", "", "单位：万元"]]
HEAD = ["乡镇", "固定资产投资", "同比%", "位次"]


def known(rows, **shape):  # type: ignore[no-untyped-def]
    """Everything of the figures but where they stood."""
    (one,) = read_workbook(book(sheet(rows, **shape)), NAMES, RULES).sheets
    assert one.findings == ()
    return {o._replace(cell="") for o in one.observations}, dict(one.counts)


def lines(table):  # type: ignore[no-untyped-def]
    return [[name, num(f"{a}"), num(f"{b}"), rank] for name, a, b, rank in table]


@settings(max_examples=60, deadline=None)
@given(TABLES, st.randoms())
def test_the_order_of_rows(table, chance) -> None:  # type: ignore[no-untyped-def]
    body = lines(table)
    shuffled = list(body)
    chance.shuffle(shuffled)
    assert known([*TITLE, HEAD, *body]) == known([*TITLE, HEAD, *shuffled])


@settings(max_examples=40, deadline=None)
@given(TABLES, st.integers(0, 4), st.integers(0, 4))
def test_where_the_table_stands(table, down: int, right: int) -> None:  # type: ignore[no-untyped-def]
    rows = [*TITLE, HEAD, *lines(table)]
    assert known(rows) == known(rows, down=down, right=right)


@settings(max_examples=40, deadline=None)
@given(TABLES, st.sampled_from(INDICATORS), st.data())
def test_an_alias_in_the_header(table, indicator, data) -> None:  # type: ignore[no-untyped-def]
    if not indicator.has_level or indicator.cadence != "month" or indicator.unit != "亿元":
        return
    alias = data.draw(st.sampled_from([indicator.name, *indicator.aliases]))
    body = lines(table)
    plain = known([*TITLE, ["乡镇", indicator.name, "同比%", "位次"], *body])
    assert plain == known([*TITLE, ["乡镇", f"{alias}", "同比%", "位次"], *body])


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_turning_the_table_over(table) -> None:  # type: ignore[no-untyped-def]
    """Orgs down or orgs across: the same figures."""
    body = lines(table)
    down = [[row[0], row[1]] for row in body]
    across = [["指标", *(row[0] for row in body)], ["固定资产投资", *(row[1] for row in body)]]
    one, _ = known([*TITLE, HEAD[:2], *down])
    other, _ = known([*TITLE, *across])
    assert one == other


@settings(max_examples=60, deadline=None)
@given(VALUES, st.sampled_from(["万元", "亿元", "元"]))
def test_no_digit_is_lost_in_conversion(value: Decimal, unit: str) -> None:
    rows = [["2023年1-5月"], ["县区", f"固投（{unit}）"], ["示例县", num(f"{value}")]]
    (one,) = read_workbook(book(sheet(rows)), NAMES, RULES).sheets
    (seen,) = one.observations
    factor = {"万元": Decimal("1E-4"), "亿元": Decimal(1), "元": Decimal("1E-8")}[unit]
    assert seen.value == value * factor
    assert seen.value_given == f"{value}"
