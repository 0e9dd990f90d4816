"""A figure comes back from a table as it went in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from diaodu.web.shared.fields import ExactField

FIELD = ExactField(null=True)

figures = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-(10**26), 10**26),
    st.integers(0, 12),
)


@given(figures)
def test_it_comes_back_digit_by_digit(figure):
    kept = FIELD.get_prep_value(figure)
    back = FIELD.from_db_value(kept, None, None)
    assert back.as_tuple() == figure.as_tuple()


def test_nothing_is_not_zero():
    assert FIELD.get_prep_value(None) is None
    assert FIELD.from_db_value(None, None, None) is None


@pytest.mark.parametrize("text", ["", " 1", "1_000", "1,000", "１２", "0x1", "1.", "nan", "一"])
def test_what_only_looks_like_a_number_is_refused(text):
    with pytest.raises(ValidationError, match="不是数"):
        FIELD.get_prep_value(text)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity")])
def test_no_number_without_a_value(value):
    with pytest.raises(ValidationError, match="不是数"):
        FIELD.get_prep_value(value)


def test_a_binary_float_is_a_mistake_of_ours():
    with pytest.raises(TypeError):
        FIELD.get_prep_value(0.1)


def test_what_postgresql_would_refuse_is_refused_on_sqlite_too():
    with pytest.raises(ValidationError, match="太长"):
        FIELD.get_prep_value(Decimal("1e60"))
