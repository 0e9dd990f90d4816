"""How a target is printed beside its figure."""

from __future__ import annotations

import pytest

from diaodu.engine.rules.models import Indicator
from diaodu.web.board.queries.table import target_digits
from diaodu.web.runs.queries import TargetView

RETAIL = Indicator.model_validate(
    {"id": "retail", "name": "社零", "unit": "亿元", "basis": "ytd", "decimals": 2,
     "growth_decimals": 1, "facets": ["level", "growth"], "direction": "high", "cadence": "month",
     "january": "merged"}
)  # fmt: skip


def target(kind: str, value: str) -> TargetView:
    unit = "%" if kind == "growth" else "亿元"
    return TargetView(
        id="t", tier="assigned", kind=kind, comparator="reach", value=value, tolerance=None,
        unit=unit, word=None, document="", light="", light_word="", rule="", reasons=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("level", "120", "120.00"),
        ("level", "6.2615", "6.26"),  # handed down as 62615万元
        ("level", "6.265", "6.27"),
        ("ceiling", "1234.5", "1,234.50"),
        ("growth", "8", "8.0"),
        ("growth", "8.25", "8.25"),
    ],
)
def test_levels_have_the_decimals_of_the_figure_and_growths_all_they_were_issued_with(
    kind: str, value: str, told: str
) -> None:
    assert target_digits(target(kind, value), RETAIL) == told
