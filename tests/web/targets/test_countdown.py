"""Gates counted down on the clock of the data and on that of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from diaodu.web.figures import actions as figures
from diaodu.web.targets import queries
from diaodu.web.targets.models import Version

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Shanghai")
GATES = """
- {id: half, name: 双过半, month: 6, from: 2023-01, done: ">=", growth: ">="}
- {id: opening, name: 开门红, month: 3, from: 2023-01, done: ">=", growth: ">="}
- {id: own, name: 税收关, month: 5, from: 2023-01, indicators: [tax], done: ">=", growth: ">="}
"""
HOLIDAYS = """
- id: y2023
  year: 2023
  document: 放假通知
  holidays: [{from: 2023-06-22, to: 2023-06-24}]
  workdays: [2023-06-25]
"""


@pytest.fixture
def rules_files(rules_files: dict[str, bytes]) -> dict[str, bytes]:
    return rules_files | {
        "gates/gates.yaml": GATES.encode(), "holidays/holidays.yaml": HOLIDAYS.encode(),
    }  # fmt: skip


@pytest.fixture
def april(rules: Any, now: datetime) -> None:
    """What is public on the 6th of June: April; May's figure opens on the 18th."""
    found = [
        figures.new_figure(
            indicator="tax", org="shilixian", period=f"2023-01/0{month}", facet="level",
            track="flash", received=now.date(), unit="万元", value=Decimal(100 * month),
            file="来表.xlsx", sheet="表1", cell="C5", sha256="a" * 64,
        )
        for month in (4, 5)
    ]  # fmt: skip
    figures.record(observations=found, by=None, at=now, origin="import")


@pytest.mark.parametrize(
    ("at", "half", "opening", "data"),
    [
        ("2023-06-06T10:00", (24, 18, 2), (0, 0, 0), 4),
        ("2023-06-18T08:59", (12, 9, 2), (0, 0, 0), 4),
        ("2023-06-18T09:00", (12, 9, 1), (0, 0, 0), 5),
        ("2023-06-29T23:59", (1, 2, 1), (0, 0, 0), 5),
        ("2023-06-30T00:00", (0, 0, 1), (0, 0, 0), 5),
        ("2023-07-20T10:00", (0, 0, 1), (0, 0, 0), 5),
    ],
)
def test_both_clocks(
    april: None, users: SimpleNamespace, access: Callable[..., Any], at: str,
    half: tuple[int, int, int], opening: tuple[int, int, int], data: int,
) -> None:  # fmt: skip
    moment = datetime.fromisoformat(at).replace(tzinfo=HERE)
    found = queries.countdown(2023, access(users.leader), moment)
    assert found is not None and found.data == data
    assert [one.name for one in found.gates] == ["开门红", "双过半"]
    assert [(one.days, one.working, one.months) for one in found.gates] == [opening, half]


def test_shares_of_the_year(
    april: None, users: SimpleNamespace, access: Callable[..., Any], now: datetime
) -> None:
    found = queries.countdown(2023, access(users.leader), now)
    assert found is not None
    assert (str(found.by_day), str(found.by_month)) == ("43.0", "33.3")  # 157 ÷ 365, 4 ÷ 12
    assert found.by_working is not None
    assert queries.countdown(2022, access(users.leader), now) is None


def test_it_stands_on_the_page_of_the_year(
    april: None, draft: Version, users: SimpleNamespace, client: Client, frozen_clock: Any
) -> None:
    client.force_login(users.leader)
    page = client.get(reverse("targets:version", args=[draft.pk])).content.decode()
    assert "双过半　6月30日" in page and "还有<b>24天</b>" in page and "数据差2个月" in page
