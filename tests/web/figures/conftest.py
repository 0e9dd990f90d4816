"""Figures put on file by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diaodu.web.figures import actions
from diaodu.web.figures.models import Observation

MAY = "2023-01/05"
RELEASE = datetime(2023, 6, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def figure() -> Callable[..., Any]:
    """A figure: tax of 青石镇 for January to May, received on the day asked for."""

    def made(value: str | None = "100", received: date = date(2023, 6, 5), **more: Any) -> Any:
        content = {
            "indicator": "tax", "org": "qingshi", "period": MAY, "facet": "level",
            "track": "flash", "unit": "万元", "file": "2023-06-05/青石镇.xlsx", "sheet": "表1",
            "cell": "C5", "sha256": "a" * 64, **more,
        }  # fmt: skip
        number = None if value is None else Decimal(value)
        return actions.new_figure(value=number, received=received, **content)

    return made


@pytest.fixture
def put(rules: Any, now: datetime) -> Callable[..., actions.Recorded]:
    """Record figures; each call a second after the one before."""
    clock = iter(range(1, 1_000_000))

    def recorded(*figures: Any, **more: Any) -> actions.Recorded:
        content = {"by": None, "origin": "import", "at": now + timedelta(seconds=next(clock))}
        return actions.record(observations=figures, **{**content, **more})

    return recorded


@pytest.fixture
def on_file(put: Any, figure: Any) -> Observation:
    """One figure under embargo until RELEASE."""
    put(figure())
    return Observation.objects.get()
