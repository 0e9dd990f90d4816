"""A target whose support list does not cover what is missing raises a warning; a longer list ends
it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from diaodu.web.runs.models import Run
from diaodu.web.targets import actions as targets
from diaodu.web.targets.models import Line
from diaodu.web.warnings import actions
from diaodu.web.warnings.models import Warning

SHORT = """
- id: short
  name: 增长支撑不足
  reference: 示例县调度办法第十条
  kind: support
  below: 1
  raise_after: 1
  clear_after: 1
  tell: [owner]
"""


@pytest.fixture
def rules_files(rules_files: dict[str, bytes]) -> dict[str, bytes]:
    return rules_files | {"warnings/short.yaml": SHORT.encode()}


def test_a_list_that_does_not_cover_what_is_missing(
    put: Callable[..., None], published: Callable[..., Run], users: SimpleNamespace, now: datetime,
    frozen_clock: Any,
) -> None:  # fmt: skip
    # 300 of last year's, grown by a tenth: 330 of 1000 are done, 670 missing.
    put("shilixian", {3: "10.0"})
    draft = targets.begin(year=2023, source=targets.EMPTY, by=users.dispatch, at=now)
    cell = targets.Entered("own", "shilixian", "w", "1000")
    targets.save_cells(
        version=draft, indicator="tax", kind="level", entered=[cell], seen=0, by=users.dispatch,
        at=now,
    )  # fmt: skip
    support(Decimal("402"), "新材料产业园二期", users, now)
    support(Decimal("500"), "三月已经完工的", users, now, month=3)
    lock(draft, users, now)
    published(3)
    actions.judge(at=now)
    found = Warning.objects.get(rule="short")
    said = found.answers.get().said
    assert said == "2023年1—3月本级自定目标增长支撑覆盖差额的0.60倍，低于1倍"

    later = now + timedelta(days=1)
    second = targets.rebase(
        version=draft, reason="新增项目", by=users.dispatch, at=later,
    )  # fmt: skip
    support(Decimal("268"), "装备园", users, later)
    lock(second, users, later)
    published(3, at=later)
    actions.judge(at=later)
    found.refresh_from_db()
    assert found.public_phase == "closed"


def support(
    amount: Decimal, name: str, users: SimpleNamespace, at: datetime, month: int = 9
) -> None:
    targets.add_support(
        line=Line.objects.order_by("pk").last(), kind="project", name=name, amount=amount,
        month=month, owner="王某", certainty="signed", by=users.dispatch, at=at,
    )  # fmt: skip


def lock(version: Any, users: SimpleNamespace, at: datetime) -> None:
    version.refresh_from_db()
    targets.lock(
        version=version, document="示例县发〔2023〕1号", effective=at.date(), seen=version.changes,
        by=users.dispatch, at=at,
    )  # fmt: skip
