"""What is found by its number is what a dictionary would find."""

from __future__ import annotations

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.compute.numbered import with_numbered

numbers = st.integers(-5, 40)


def frame(**columns: list[object]) -> nw.DataFrame:
    return nw.from_native(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Int64)))


def looked_up(at: list[int], by: list[int | None]) -> list[int | None]:
    known = {number: 1000 + number for number in at}
    found = with_numbered(frame(by=by), frame(at=at, told=list(known.values())), "at", "by")
    assert found["by"].to_list() == by
    assert found["told"].to_list() == [known.get(number) for number in by]
    return found["told"].to_list()


@given(st.lists(numbers, unique=True), st.lists(st.one_of(st.none(), numbers)))
def test_each_number_finds_its_row(at, by):
    looked_up(at, by)


@pytest.mark.parametrize(
    ("at", "by", "told"),
    [
        pytest.param([3, 4, 5], [5, 3], [1005, 1003], id="side by side"),
        pytest.param([3, 4, 5], [2, 6, None], [None, None, None], id="before, behind and none"),
        pytest.param([9, 2, 5], [2, 3, 9], [1002, None, 1009], id="with gaps, in no order"),
        pytest.param([5, 4, 3], [3], [1003], id="backwards"),
        pytest.param([], [1, None], [None, None], id="nobody"),
        pytest.param([1], [], [], id="nothing asked"),
    ],
)
def test_rows_by_number(at, by, told):
    assert looked_up(at, by) == told
