"""Numbers on their way into a frame: every digit, or words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.adapters.frames import observation_frame, observations_of
from diaodu.engine.compute.exact import to_scaled
from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.records import Observation


def observed(value: Decimal | None, cell: str = "B2") -> Observation:
    return Observation(
        "0" * 16, "output", "jia", "2023-01/05", "level", None, None, "flash", date(2023, 6, 8),
        value, 0, None, "亿元", "亿元", "", "2023-06-08/甲.xlsx", "f" * 64, "汇总", cell, False,
    )  # fmt: skip


KEPT = [
    "0", "-0", "0.0", "-12.50", "99999999999999999999999999.999999999999", "0.000000000001",
    "1E+3", "1E-12", "-1.5E+2", "12345678901234567890123456",
]  # fmt: skip


@pytest.mark.parametrize("text", KEPT)
def test_a_number_that_fits_is_kept_to_the_last_digit(text: str) -> None:
    # Beside a plain number, one with an exponent and none.
    values = [Decimal(text), Decimal("1.5"), None]
    frame = observation_frame([observed(value) for value in values])
    assert frame["value"].to_list() == [to_scaled(Decimal(text)), 1_500_000_000_000, None]
    assert [one.value for one in observations_of(frame)] == values


@pytest.mark.parametrize(
    "text", ["100000000000000000000000000", "1E+26", "1E-13", "1.0000000000001"]
)
def test_a_number_that_does_not_fit_is_told_with_its_cell(text: str) -> None:
    ones = [observed(Decimal("1.5")), observed(Decimal(text), "C7")]
    with pytest.raises(QuantityError) as told:
        observation_frame(ones)
    assert str(told.value) == (
        f"2023-06-08/甲.xlsx 汇总 C7 的数值{text}存不下：最多十二位小数、二十六位整数；"
        "请核对数值和计量单位"
    )


def test_no_observations_make_an_empty_frame() -> None:
    assert observation_frame([])["value"].to_list() == []
    assert observation_frame([observed(None)])["value"].to_list() == [None]


@given(
    st.lists(
        st.none()
        | st.decimals(
            min_value=Decimal(-(10**26) + 1), max_value=Decimal(10**26 - 1), places=12,
            allow_nan=False,
        )
    )
)  # fmt: skip
def test_any_numbers_are_scaled_exactly(values: list[Decimal | None]) -> None:
    scaled = observation_frame([observed(value) for value in values])["value"].to_list()
    assert scaled == [None if value is None else to_scaled(value) for value in values]
