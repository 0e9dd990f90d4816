"""Vintages: unchanged, revised, in conflict, settled by a later day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from sheets_for_tests import book, rulebook, sheet

from diaodu.engine.collect import Settled, build_names, read_workbook, settle

RULES = rulebook()
NAMES = build_names(RULES)
ONE = date(2023, 6, 12)
TWO = date(2023, 6, 13)
THREE = date(2023, 6, 14)


def received(value: object, day: date = ONE, file: str = "a.xlsx"):  # type: ignore[no-untyped-def]
    rows = [["2023年1-5月", "单位：亿元"], ["县区", "社零"], ["示例县", value]]
    return read_workbook(book(sheet(rows), file=file, day=day), NAMES, RULES)


def rows(settled: Settled) -> list[tuple[str, Decimal | str | None, bool]]:
    return [
        (o.received.isoformat(), o.value if o.word is None else o.word, o.held)
        for o in settled.observations
    ]


def codes(settled: Settled) -> list[str]:
    return [finding.code for finding in settled.findings]


D = Decimal


def test_unchanged_makes_no_row() -> None:
    settled = settle([received(5), received("5.00", TWO)], TWO)
    assert rows(settled) == [("2023-06-12", D(5), False)]
    assert codes(settled) == []
    assert settled.counts["2023-06-13/a.xlsx", "Sheet1"]["kept"] == 1


def test_a_later_day_wins_with_a_soft_word() -> None:
    settled = settle([received(6, TWO), received(5)], TWO, NAMES)
    assert rows(settled) == [("2023-06-12", D(5), False), ("2023-06-13", D(6), False)]
    (found,) = settled.findings
    assert (found.code, found.severity, found.expected, found.found) == (
        "revised",
        "soft",
        "5亿元",
        "6亿元",
    )
    assert found.message == (
        "示例县2023年1—5月社会消费品零售总额总量改了数：原为5亿元"
        "（2023-06-12 2023-06-12/a.xlsx［Sheet1］B3），2023-06-13报为6亿元"
    )


def test_later_days_are_not_seen_before_they_come() -> None:
    settled = settle([received(5), received(6, TWO)], ONE)
    assert rows(settled) == [("2023-06-12", D(5), False)]


def test_two_values_of_one_day_are_both_held_and_both_cells_named() -> None:
    settled = settle([received(5), received(6, file="b.xlsx")], ONE, NAMES)
    assert rows(settled) == [("2023-06-12", D(5), True), ("2023-06-12", D(6), True)]
    assert len({o.obs_id for o in settled.observations}) == 1
    conflict = next(f for f in settled.findings if f.code == "conflict")
    assert conflict.severity == "hard"
    assert conflict.message == (
        "示例县2023年1—5月社会消费品零售总额总量在2023-06-12同一天收到不同的数："
        "2023-06-12/a.xlsx［Sheet1］B3为5亿元；2023-06-12/b.xlsx［Sheet1］B3为6亿元"
    )
    for file in ("a.xlsx", "b.xlsx"):
        counts = settled.counts[f"2023-06-12/{file}", "Sheet1"]
        assert (counts["kept"], counts["held"]) == (0, 1)


def test_a_later_day_settles_a_conflict() -> None:
    settled = settle([received(5), received(6, file="b.xlsx"), received(6, TWO)], TWO)
    assert rows(settled) == [
        ("2023-06-12", D(5), True),
        ("2023-06-12", D(6), True),
        ("2023-06-13", D(6), False),
    ]
    assert "conflict" not in codes(settled)
    assert "revised" in codes(settled)


def test_a_conflict_does_not_take_away_what_stood_before() -> None:
    settled = settle([received(4), received(5, TWO), received(6, TWO, "b.xlsx")], TWO)
    assert rows(settled)[0] == ("2023-06-12", D(4), False)
    assert [held for _, _, held in rows(settled)] == [False, True, True]


def test_a_dash_never_replaces_a_figure_and_a_figure_fills_a_dash() -> None:
    settled = settle([received(5), received("—", TWO)], TWO)
    assert rows(settled) == [("2023-06-12", D(5), False)]
    filled = settle([received("未报"), received(5, TWO)], TWO)
    assert rows(filled) == [("2023-06-12", "late", False), ("2023-06-13", D(5), False)]
    assert codes(filled) == []
    same_day = settle([received("—"), received(5, file="b.xlsx")], ONE)
    assert rows(same_day) == [("2023-06-12", D(5), False)]


def test_refused_from_above_is_a_revision() -> None:
    settled = settle([received(5), received("驳回", TWO)], TWO)
    assert rows(settled)[-1] == ("2023-06-13", "refused", False)
    assert codes(settled) == ["revised"]


def test_last_years_column_may_revise_last_years_figure() -> None:
    old = read_workbook(
        book(
            sheet([["2022年1-5月", "单位：亿元"], ["县区", "社零"], ["示例县", 10]]),
            day=date(2022, 6, 12),
        ),
        NAMES,
        RULES,
    )
    new = read_workbook(
        book(sheet([["2023年1-5月"], ["县区", "社零(亿元)", "上年同期"], ["示例县", 12, 11]])),
        NAMES,
        RULES,
    )
    settled = settle([old, new], ONE)
    assert {(o.period, o.received.isoformat(), o.value) for o in settled.observations} == {
        ("2022-01/05", "2022-06-12", D(10)),
        ("2022-01/05", "2023-06-12", D(11)),
        ("2023-01/05", "2023-06-12", D(12)),
    }
    assert codes(settled) == ["revised"]


def test_two_files_for_one_unit_are_told_once() -> None:
    settled = settle([received(5), received(5, file="b.xlsx")], ONE, NAMES)
    (found,) = settled.findings
    assert (found.code, found.severity, found.org) == ("duplicate_unit", "soft", "xian")
    assert found.message == (
        "2023-06-12收到两份示例县的报表：2023-06-12/a.xlsx与2023-06-12/b.xlsx，"
        "有1个相同的指标项，数都相同"
    )


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.sampled_from([1, 2, 3, "—", "持平"]), st.sampled_from("abc")
        ),
        max_size=8,
        unique_by=lambda entry: (entry[0], entry[2]),
    ),
    st.randoms(),
)
def test_the_order_of_reading_changes_nothing(entries, chance) -> None:  # type: ignore[no-untyped-def]
    readings = [
        received(value, ONE + timedelta(day), f"{file}.xlsx") for day, value, file in entries
    ]
    shuffled = list(readings)
    chance.shuffle(shuffled)
    as_of = ONE + timedelta(3)
    one = settle(readings, as_of)
    assert one == settle(shuffled, as_of)
    for day in range(4):
        seen = [o for o in one.observations if o.received == ONE + timedelta(day)]
        free = [o for o in seen if not o.held]
        assert len(free) <= 1
        assert not (free and len(seen) > 1)
