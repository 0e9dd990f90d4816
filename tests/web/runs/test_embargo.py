"""Nobody but early readers sees a row before its release, and nobody beyond their scope."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diaodu.web.people.models import Membership
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.runs import actions, queries
from diaodu.web.runs.models import Finding, Run
from tests.web.runs.conftest import level, run_now

RELEASE = datetime(2023, 6, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def published(frozen: Run, users: Any, now: datetime) -> Run:
    return actions.publish(run=frozen, note="会", by=users.dispatch, at=now)


@pytest.mark.parametrize(
    ("moment", "hidden"), [(RELEASE - MOMENT, True), (RELEASE, False), (RELEASE + MOMENT, False)]
)
def test_the_edge_of_the_release(
    published: Run, access: Any, users: Any, moment: datetime, hidden: bool
) -> None:
    row = queries.row(published, access(users.leader), moment, indicator="tax", org="shilixian")
    assert row is not None
    assert row.embargoed is hidden
    assert row.release_at == RELEASE
    if hidden:
        assert (row.figures, row.targets, row.light, row.reasons) == ((), (), "", ())
        assert (row.target_class, row.growth_class, row.missing) == ("", "", "未发布")
        assert [one.period for one in row.series][-1] == "2023-01/04"
    else:
        assert row.level is not None and row.level.shown == "1140"
        assert row.missing == ""


def test_the_history_keeps_back_every_month_that_is_not_released(
    filed: Any, rules: Any, rules_files: dict[str, bytes], access: Any, users: Any, now: datetime
) -> None:
    """April's figures are released two months later: on the 6th of June neither they nor May's."""
    path = "calendar/returns.yaml"
    late = rules_files[path].replace(b"{months_after: 1, day: 18", b"{months_after: 2, day: 10")
    made = rulebooks.import_files(files={**rules_files, path: late}, by=None, at=now)
    assert made.version is not None
    rulebooks.publish(version_id=made.version.id, by=None, at=now, note="改期", seen=rules.id)
    run = run_now(by=users.statistics, at=now)
    actions.publish(run=run, note="会", by=users.dispatch, at=now)

    def seen(user: Any, at: datetime) -> str:
        row = queries.row(run, access(user), at, indicator="tax", org="shilixian")
        assert row is not None
        return row.series[-1].period

    assert seen(users.leader, now) == "2023-01/03"
    assert seen(users.leader, now.replace(day=10)) == "2023-01/04"
    assert seen(users.statistics, now) == "2023-01/05"


def test_early_readers_read_early_only_where_they_may(
    published: Run, access: Any, users: Any, now: datetime
) -> None:
    early = queries.rows(published, access(users.statistics), now, org="shilixian")
    assert not any(one.embargoed for one in early)
    owner = queries.rows(published, access(users.owner), now, org="shilixian")
    # The county stands above the owner's bureau, so its figures are the owner's to see once public.
    assert {one.indicator_id: one.embargoed for one in owner} == {
        "industry_va": False, "industry_output": False, "tax": True, "revenue": False,
    }  # fmt: skip


def test_a_row_waits_for_what_it_gives_away(
    published: Run, access: Any, users: Any, now: datetime
) -> None:
    """tax is a share of revenue, which has no release of its own; revenue gives nothing away."""
    rows = queries.rows(published, access(users.leader), now, org="shilixian")
    assert {one.indicator_id: one.embargoed for one in rows} == {
        "industry_va": True, "industry_output": True, "tax": True, "revenue": False,
    }  # fmt: skip


def test_counts_are_counted_again_over_what_one_may_see(
    published: Run, access: Any, users: Any, now: datetime
) -> None:
    leader, headlines = access(users.leader), ["industry_va", "industry_output", "tax"]
    [hidden] = queries.rows(published, leader, now, org="shilixian", indicator="")
    assert hidden.embargoed and hidden.figures == ()
    tally = queries.tally(
        queries.rows(published, leader, now, org="shilixian", indicators=headlines)
    )
    assert len(tally.embargoed) == 3 and tally.count("below_target") == 0
    [counts] = queries.rows(published, leader, RELEASE, org="shilixian", indicator="")
    tally = queries.tally(
        queries.rows(published, leader, RELEASE, org="shilixian", indicators=headlines)
    )
    for name in (*queries.TARGET_CLASSES, *queries.GROWTH_CLASSES):
        found = counts.get(f"count_{name}")
        assert found is not None and found.shown == str(tally.count(name)), name


def test_scope(published: Run, access: Any, users: Any) -> None:
    def orgs(user: Any) -> set[str]:
        return {one.org_id for one in queries.rows(published, access(user), RELEASE)}

    assert orgs(users.leader) == {"shilishi", "shilixian", "chengdong", "qingshi", "liuhe"}
    # Those above and outside are everyone's.
    assert orgs(users.township_head) == {"shilishi", "shilixian", "qingshi"}
    assert orgs(users.stranger) == set()
    assert orgs(users.admin) == set()


def test_findings_stay_within_scope_and_release(
    frozen: Run, filed: Any, access: Any, users: Any, now: datetime
) -> None:
    filed([level("tax", "qingshi", "2023-01/05", 600, received=now.date())])
    run = run_now(by=users.statistics, at=now)
    codes = {
        (one.code, one.org)
        for one in queries.findings(run, access(users.statistics), now, indicator="tax")
    }
    assert ("cumulative_fell", "qingshi") in codes
    assert not queries.findings(run, access(users.leader), now, indicator="tax").exists()
    after = queries.findings(run, access(users.township_head), RELEASE, indicator="tax")
    assert {one.org for one in after} <= {"qingshi"}
    assert not queries.findings(run, access(users.other_clerk), RELEASE, org="qingshi").exists()
    assert not queries.findings(run, access(users.stranger), RELEASE).exists()


def test_live_rows_are_for_those_who_may_see_them_live(
    live: Any, access: Any, users: Any, now: datetime
) -> None:
    run = live["2023-05"]
    assert queries.chosen(access(users.statistics)).is_live  # type: ignore[union-attr]
    assert queries.live_run(access(users.leader), "2023-05") is None
    assert queries.rows(run, access(users.leader), RELEASE) == []
    owner = queries.rows(run, access(users.owner), RELEASE)
    assert {one.indicator_id for one in owner if one.org_id == "qingshi"} == {
        "industry_va", "industry_output",
    }  # fmt: skip


# -- files -------------------------------------------------------------------------------------


def test_files_wait_for_the_last_release(published: Run, access: Any, users: Any) -> None:
    def may(user: Any, moment: datetime) -> bool:
        return queries.why_no_files(published, access(user), moment) == ""

    before = RELEASE - MOMENT
    assert not may(users.leader, before) and may(users.leader, RELEASE)
    assert may(users.statistics, before) and may(users.dispatch, before)
    # All figures of all orgs stand in them.
    for user in (users.township_head, users.clerk, users.owner, users.neighbour, users.stranger):
        assert not may(user, before)
        assert not may(user, RELEASE)
    told = queries.why_no_files(published, access(users.leader), before)
    assert told == "文件里有还没有发布的数据，6月18日09:00发布后可以下载"


def test_counts_are_not_asked_for_under_the_name_of_a_released_figure(
    published: Run, access: Any, users: Any, now: datetime
) -> None:
    """What is counted low is not released; revenue, which nothing keeps back, is."""
    leader = access(users.leader)
    about = {"indicator": "revenue", "org": "shilixian"}
    assert queries.trace(published, leader, now, **about, measure="value") is not None
    for name in ("count_below_target", "count_no_target", "count_growth_up"):
        assert queries.trace(published, leader, now, **about, measure=name) is None


def test_findings_about_whole_files_are_for_the_desk(
    frozen: Run, access: Any, users: Any, now: datetime
) -> None:
    """A township's statistician reviews nobody else's files."""
    Finding.objects.create(
        run=frozen, finding_id="f1", code="unknown_org", severity="hard", file="柳荷镇.xlsx",
        message="“柳荷乡”不在单位表里",
    )  # fmt: skip
    Membership.objects.create(user=users.township_reader, role="statistics", org_id="qingshi")
    for user, count in ((users.statistics, 1), (users.township_reader, 0), (users.leader, 0)):
        assert queries.findings(frozen, access(user), now).filter(org="").count() == count
