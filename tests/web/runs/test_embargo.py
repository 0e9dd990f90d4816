"""Nobody but early readers sees a row before its release, and nobody beyond their scope."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diaodu.web.runs import actions, queries
from diaodu.web.runs.models import Run
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
    assert told == "文件里有还没有发布的数据，06月18日09:00发布后可以下载"
