"""The duty facts that the desk hands to the command line: read there as they stand here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diaodu.adapters.duties_in import read_duties
from diaodu.engine.dispatch.duty import DutyList, Goal
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.duties import actions
from diaodu.web.figures import actions as figures
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs import actions as runs

pytestmark = pytest.mark.django_db
RELEASED = datetime.fromisoformat("2023-06-19T09:00:00+08:00")


@pytest.fixture
def book(rules: Any) -> Rulebook:
    return rulebooks.current()


@pytest.fixture
def export(
    client_as: Callable[..., Client], tmp_path: Path, frozen_clock: Any, book: Rulebook
) -> Callable[..., DutyList]:
    """What a reader downloads, read by the command line's door."""

    def by(user: Any) -> DutyList:
        answer = client_as(user).get(reverse("duties:facts"))
        assert answer.headers["Content-Disposition"] == 'attachment; filename="duties.json"'
        path = tmp_path / "duties.json"
        path.write_bytes(answer.content)
        return read_duties(path, book)

    return by


def test_every_state_is_read_as_it_stands(
    export: Callable[..., DutyList], brought: Callable[[str], Any], users: SimpleNamespace,
    wanted: Callable[..., Any], now: datetime,
) -> None:  # fmt: skip
    actions.write(wanted=[wanted(title="还在拟稿")], by=users.supervision, at=now)
    closed = brought("closed")
    late = wanted(title="报送用地清单", things=(), proof_asked=("清单",))
    [open_] = actions.hand_out(wanted=[late], by=users.supervision, at=now)
    told = export(users.supervision)
    year = now.date().replace(month=1, day=1)
    assert (told.day, told.run, told.since) == (now.date(), None, year)
    assert [one.id for one in told.duties] == [str(closed.pk), str(open_.pk)], "no draft"
    first, second = told.duties
    assert (first.state, first.closed, first.remains) == ("closed", now.date(), None)
    assert [one.proves for one in first.proof] == ["入库通知", "现场照片"]
    assert first.supporting == ("gongxinju",)
    assert (second.state, second.number, second.remains) == ("issued", open_.number, "缺清单")


def test_of_a_tied_duty_the_figure_says_what_remains(
    export: Callable[..., DutyList], wanted: Callable[..., Any], users: SimpleNamespace,
    now: datetime, frozen_clock: Any,
) -> None:  # fmt: skip
    _tax(("qingshi", 880), ("liuhe", 910), at=now)
    duties = []
    for org, person in (("qingshi", users.clerk), ("liuhe", users.other_clerk)):
        one = wanted(goal=_goal(org), lead=org, person=person.pk, proof_asked=())
        duties += actions.hand_out(wanted=[one], by=users.supervision, at=now)
    before = export(users.supervision)
    assert {one.remains for one in before.duties} == {
        "青石镇税收收入还没有数，不能据以销号", "柳荷镇税收收入还没有数，不能据以销号",
    }, "reported, not released"  # fmt: skip
    frozen_clock(RELEASED)
    run = runs.freeze(
        period="2023-05", as_of=RELEASED.date(), note="", by=users.dispatch, at=RELEASED
    )
    runs.carry_out(run_id=run.pk, now=lambda: RELEASED)
    runs.publish(run=run, note="供调度会用", by=users.dispatch, at=RELEASED)
    after = export(users.supervision)
    assert after.run == "第1次运行"
    assert [one.remains for one in after.duties] == [
        "2023年1—5月青石镇税收收入为880万元，要求不低于900万元，还差20万元", None,
    ]  # fmt: skip


def test_one_reads_what_one_sees(
    export: Callable[..., DutyList], duty: Any, users: SimpleNamespace
) -> None:
    assert [one.id for one in export(users.clerk).duties] == [str(duty.pk)]
    assert export(users.other_clerk).duties == ()


def test_children_hold_it_open(
    export: Callable[..., DutyList], duty: Any, wanted: Callable[..., Any], users: SimpleNamespace,
    now: datetime,
) -> None:  # fmt: skip
    child = wanted(title="先报清单", parent=duty.pk)
    actions.hand_out(wanted=[child], by=users.supervision, at=now)
    whole = export(users.supervision).duties[0]
    assert whole.remains == "缺入库通知、现场照片；还有1件下级事项没有销号：先报清单"


def test_the_number_of_queries_does_not_grow(
    wanted: Callable[..., Any], users: SimpleNamespace, now: datetime, frozen_clock: Any,
    client_as: Callable[..., Client], django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    _tax(("qingshi", 880), ("liuhe", 910), at=now)
    runs.rebuild_live(periods=["2023-05"], at=now)
    tied = [
        wanted(goal=_goal(org), title=f"第{n}件") for n in range(12) for org in ("qingshi", "liuhe")
    ]
    actions.hand_out(wanted=tied, by=users.supervision, at=now)
    browser = client_as(users.supervision)
    with django_assert_max_num_queries(40):
        assert browser.get(reverse("duties:facts")).status_code == 200


def _goal(org: str) -> Goal:
    told = {"indicator": "tax", "org": org, "measure": "value", "value": "900"}
    return Goal.model_validate(told)


def _tax(*given: tuple[str, int], at: datetime) -> None:
    rows = [
        figures.new_figure(
            indicator="tax", org=org, period="2023-01/05", facet="level", track="flash",
            received=at.date(), unit="万元", value=Decimal(value), file="来表.xlsx", sheet="表1",
            cell="C5", sha256="a" * 64,
        )
        for org, value in given
    ]  # fmt: skip
    figures.record(observations=rows, by=None, at=at, origin="import")
