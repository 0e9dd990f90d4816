"""What becomes of warnings when runs are published, figures come in, and days pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks import queries as rules_in_force
from diaodu.web.runs import actions as runs
from diaodu.web.runs.models import Run
from diaodu.web.shared.models import Delivery
from diaodu.web.warnings import actions, queries
from diaodu.web.warnings.models import Answer, Warning

pytestmark = pytest.mark.django_db
RELEASED = datetime.fromisoformat("2023-06-18T09:00:00+08:00")


def _stand(one: Warning) -> tuple[str, str]:
    one.refresh_from_db()
    return one.phase, one.public_phase


def test_a_published_run_raises_it_once(raised: Warning, now: datetime) -> None:
    assert _stand(raised) == ("active", "active")
    assert raised.said == "2023年1—3月增速1.0%，低于5%"
    assert (raised.lead_id, raised.title) == ("qingshi", "青石镇税收收入：税收增速低")
    assert Warning.objects.count() == 1
    assert actions.judge(at=now) == 0
    assert Answer.objects.filter(warning=raised).count() == 1


def test_next_months_figures_recover_and_close_it(
    raised: Warning, put: Any, published: Any, now: datetime
) -> None:
    for org in ("qingshi", "chengdong", "liuhe", "shilixian"):
        put(org, {4: "7.0"})
    published(4)
    actions.judge(at=now)
    assert _stand(raised) == ("recovering", "recovering")
    for org in ("qingshi", "chengdong", "liuhe", "shilixian"):
        put(org, {5: "6.0"})
    published(5, at=RELEASED)
    actions.judge(at=RELEASED)
    assert _stand(raised) == ("closed", "closed")
    assert raised.end == "recovered"
    assert raised.ended == "2023-01/05"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (RELEASED - timedelta(days=1), "active"),
        (RELEASED - timedelta(seconds=1), "active"),
        (RELEASED, "recovering"),
        (RELEASED + timedelta(days=1), "recovering"),
    ],
)
def test_an_embargoed_figure_moves_nothing_before_its_release(
    raised: Warning, put: Any, published: Any, now: datetime, at: datetime, expected: str
) -> None:
    put("qingshi", {5: "8.0"})
    published(5)
    actions.judge(at=now)
    assert _stand(raised) == ("active", "active")
    actions.judge(at=at)
    assert _stand(raised) == (expected, expected)


def test_a_flapping_series_is_one_warning(
    raised: Warning, put: Any, published: Any, now: datetime
) -> None:
    put("qingshi", {4: "9.0"})
    published(4)
    actions.judge(at=now)
    put("qingshi", {5: "2.0"})
    published(5, at=RELEASED)
    actions.judge(at=RELEASED)
    assert Warning.objects.filter(rule="slow").count() == 1
    assert _stand(raised) == ("active", "active")


def test_live_results_are_for_those_who_may_see_them(
    put: Any, users: SimpleNamespace, access: Callable[..., Any], now: datetime, frozen_clock: Any
) -> None:
    put("qingshi", {4: "1.0"})
    runs.rebuild_live(periods=["2023-04"], at=now)
    actions.judge(at=now)
    one = Warning.objects.get(rule="slow")
    assert (one.phase, one.public_phase) == ("active", "")
    asked = queries.Asked(kind="growth")
    assert queries.found(access(users.statistics), asked).count() == 1
    for user in (users.leader, users.clerk, users.reader, users.neighbour, users.stranger):
        assert queries.found(access(user), asked).count() == 0, user


def test_a_revised_figure_takes_it_back(
    raised: Warning, put: Any, published: Any, now: datetime
) -> None:
    put("qingshi", {3: "6.0"}, received=date(2023, 6, 5))
    published(3)
    actions.judge(at=now)
    assert _stand(raised) == ("closed", "closed")
    assert raised.end == "retracted"


def test_a_run_that_is_withdrawn_speaks_no_more(
    raised: Warning, users: SimpleNamespace, now: datetime
) -> None:
    run = Run.objects.get(kind="frozen")
    runs.withdraw(run=run, reason="口径有误", by=users.statistics, at=now)
    actions.judge(at=now)
    assert _stand(raised) == ("closed", "")
    assert raised.end == "retracted"


def test_not_due_is_not_late(put: Any, now: datetime, frozen_clock: Any) -> None:
    """May's returns are due on the 8th: nobody is warned on the 6th or on the 8th, who has not
    reported is on the 9th, and no longer once the figure is there."""
    for org in ("chengdong", "qingshi", "liuhe"):
        put(org, {4: "9.0"})
    put("chengdong", {5: "9.0"})
    for day, expected in ((6, 0), (8, 0), (9, 2), (10, 2)):
        at = datetime(2023, 6, day, 0, 30, tzinfo=now.tzinfo)
        runs.rebuild_live(periods=["2023-05"], at=at)
        actions.judge(at=at)
        assert Warning.objects.filter(rule="late", phase="active").count() == expected, day
    one = Warning.objects.get(rule="late", org="qingshi")
    assert one.said == "2023年1—5月数应在6月8日前报，已逾期2天"
    put("qingshi", {5: "9.0"}, received=date(2023, 6, 10))
    runs.rebuild_live(periods=["2023-05"], at=at + timedelta(hours=1))
    actions.judge(at=at + timedelta(hours=1))
    assert _stand(one)[0] == "active"  # the figure that was late is not public before the 18th
    actions.judge(at=RELEASED)
    assert _stand(one)[0] == "closed"
    assert Warning.objects.filter(rule="late", phase="active").count() == 1


def test_a_rule_that_ends_ends_what_is_open(
    raised: Warning, rules_files: dict[str, bytes], now: datetime
) -> None:
    files = rules_files | {"warnings/rules.yaml": b""}
    made = rulebooks.import_files(files=files, by=None, at=now, note="停用预警")
    assert made.version is not None, made.faults
    seen = rules_in_force.current_version().id
    rulebooks.publish(version_id=made.version.pk, by=None, at=now, note="停用", seen=seen)
    actions.judge(at=now)
    assert _stand(raised) == ("closed", "closed")
    assert raised.end == "ended"


def test_those_whom_the_rule_names_are_told_without_figures(
    raised: Warning, users: SimpleNamespace
) -> None:
    told = Delivery.objects.filter(topic="warnings.raised", channel="site")
    names = {users.clerk.pk, users.township_head.pk, users.vice.pk}
    assert {one.to_id for one in told} == names
    assert {one.title for one in told} == {"新预警1件"}
    assert all("%" not in one.text for one in told)
