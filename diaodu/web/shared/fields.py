"""Exact numbers in tables."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable

_LONGEST = 40  # sign, 26 digits, point, 12 digits
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


class ExactField(models.CharField):
    """A Decimal, kept as the text of its digits.

    Django's DecimalField becomes a binary float in SQLite beyond 15 digits; a figure must come
    back as it went in, with its trailing zeros. Not for comparing or sorting in SQL, where 1.0 is
    not 1.00: the engine does that on frames.
    """

    description = "精确数"
    # What the type checker takes a value of this field for.
    _pyi_private_set_type: Decimal | int | str | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = _LONGEST
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise TypeError(f"{value!r} is a binary float, not a figure")
        if not _NUMBER.fullmatch(str(value)):
            raise ValidationError(f"“{value}”不是数")
        return Decimal(str(value))

    def get_prep_value(self, value: Any) -> str | None:
        number = self.to_python(value)
        if number is None:
            return None
        if not number.is_finite():
            raise ValidationError(f"“{value}”不是数")
        text = f"{number:f}"
        if len(text) > _LONGEST:  # SQLite would take it
            raise ValidationError(f"“{value}”太长，最多{_LONGEST}位")
        return text
