"""The last of a group in the published figures: proposed, warned once, until the next quarter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diaodu.engine.report.document import plain_text
from diaodu.web.figures import actions as figures
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.runs import actions as runs
from diaodu.web.shared import outbox
from diaodu.web.urging import actions, queries
from diaodu.web.urging.actions import Details
from diaodu.web.urging.models import Proposed

pytestmark = pytest.mark.django_db
LADDER = """
- id: standard
  rungs:
    - {step: urge, after: 1}
    - {step: warning, after: 15, wait: 5}
  bottoms:
    - {name: 税收末一名, indicators: [tax], by: level, group: shilixian/township, bottom: 1,
       months: [3, 6, 9, 12], step: warning}
"""
# Tax by township, of the first quarter and of four months.
QUARTER = {"chengdong": 900, "qingshi": 700, "liuhe": 800}
FOUR = {"chengdong": 1200, "qingshi": 1100, "liuhe": 1000}


@pytest.fixture(autouse=True)
def desk_home(settings: Any, tmp_path: Any) -> None:
    settings.DIAODU_HOME = tmp_path / "desk"


@pytest.fixture
def ruled(rules: Any, rules_files: dict[str, bytes], now: datetime) -> None:
    files = rules_files | {"ladders/standard.yaml": LADDER.encode()}
    made = rulebooks.import_files(files=files, by=None, at=now, note="阶梯")
    assert made.version is not None, made.faults
    rulebooks.publish(version_id=made.version.pk, by=None, at=now, note="末位", seen=rules.pk)


@pytest.fixture
def published(ruled: None, users: SimpleNamespace, frozen_clock: Any) -> Callable[..., None]:
    """Record a month's figures and publish a run of them."""

    def of(month: int, values: dict[str, int], at: datetime) -> None:
        frozen_clock(at)
        rows = [
            figures.new_figure(
                indicator="tax", org=org, period=f"2023-01/{month:02}", facet="level",
                track="flash", received=at.date(), unit="万元", value=Decimal(value),
                file="来表.xlsx", sheet="表1", cell="C5", sha256="a" * 64,
            )
            for org, value in values.items()
        ]  # fmt: skip
        figures.record(observations=rows, by=None, at=at, origin="import")
        period = f"2023-{month:02}"
        run = runs.freeze(period=period, as_of=at.date(), note="", by=users.dispatch, at=at)
        runs.carry_out(run_id=run.pk, now=lambda: at)
        run.refresh_from_db()
        runs.publish(run=run, note="供调度会用", by=users.dispatch, at=at)

    return of


def moment(month: int, day: int) -> datetime:
    return datetime.fromisoformat(f"2023-{month:02}-{day:02}T10:00:00+08:00")


def proposed(at: datetime) -> list[str]:
    actions.pass_day(at=at)
    return [str(one.org) for one in Proposed.objects.filter(duty=None)]


def test_of_the_finished_quarter_until_the_next_is_out(published: Callable[..., None]) -> None:
    published(3, QUARTER, moment(4, 20))
    assert proposed(moment(4, 20)) == ["青石镇"]
    published(4, FOUR, moment(5, 20))
    assert proposed(moment(5, 20)) == ["青石镇"], "of four months the rule says nothing"
    published(6, {**FOUR, "chengdong": 1}, moment(7, 20))
    assert proposed(moment(7, 20)) == ["城东街道"]


def test_before_its_release_a_figure_warns_nobody(published: Callable[..., None]) -> None:
    published(3, QUARTER, moment(4, 10))
    assert proposed(moment(4, 10)) == []
    assert proposed(moment(4, 18)) == ["青石镇"]


def test_supervision_warns_with_a_letter_and_only_once(
    published: Callable[..., None], users: SimpleNamespace, client_as: Callable[..., Client],
    frozen_clock: Any,
) -> None:  # fmt: skip
    at = moment(4, 20)
    published(3, QUARTER, at)
    actions.pass_day(at=at)
    [waiting] = Proposed.objects.all()
    page = client_as(users.supervision).get(reverse("urging:steps")).content.decode()
    told = "2023年1—3月税收收入总量700万元，在3个参加排名的单位中居倒数第1位"
    assert told in page and "按规则“税收末一名”" in page
    step = actions.take(
        proposed=waiting, details=Details(answer_by=date(2023, 4, 27)), by=users.supervision, at=at
    )
    assert str(step.letter) == "示督警〔2023〕1号" and step.letter is not None
    assert told in plain_text(queries.document_of(step.letter))
    assert outbox.unread(users.township_head.pk) == 1
    assert proposed(moment(4, 21)) == []
