"""Rates of counts."""

from __future__ import annotations

import pytest

from diaodu.engine.compute.counted import rate


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (11, 12, "91.7"), (0, 7, "0.0"), (7, 7, "100.0"), (1, 3, "33.3"), (2, 3, "66.7"),
        (1, 16, "6.3"), (1, 2000, "0.1"), (1, 2001, "0.0"),
    ],
)  # fmt: skip
def test_to_one_decimal_half_up(part: int, whole: int, told: str) -> None:
    assert rate(part, whole) == told


def test_of_nothing_there_is_no_rate() -> None:
    assert rate(0, 0) is None


def test_a_part_is_never_more_than_the_whole() -> None:
    with pytest.raises(ValueError, match="8 of 7"):
        rate(8, 7)
