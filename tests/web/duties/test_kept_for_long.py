"""长期整改: how often progress is told is decided with it; whoever does not tell is reminded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from diaodu.web.duties import actions, queries
from diaodu.web.duties.actions import Given
from diaodu.web.duties.models import Duty
from diaodu.web.shared import outbox
from diaodu.web.urging import actions as urging

pytestmark = pytest.mark.django_db
DECIDED = "县政府第5次常务会议"


@pytest.fixture
def kept(brought: Callable[[str], Any], users: SimpleNamespace, now: datetime) -> Duty:
    """Decided on 6 June 2023: each quarter, from the third on."""
    duty = brought("working")
    given = Given(text=DECIDED, every="quarter")
    return actions.do(duty_id=duty.pk, act="keep_long", given=given, by=users.leader, at=now)


def moment(month: int, day: int, year: int = 2023) -> datetime:
    return datetime.fromisoformat(f"{year}-{month:02}-{day:02}T10:00:00+08:00")


def tell(duty: Duty, users: SimpleNamespace, at: datetime) -> None:
    given = Given(text="又办成2宗")
    actions.do(duty_id=duty.pk, act="report", given=given, by=users.clerk, at=at)


@pytest.mark.parametrize("every", ["", "year"])
def test_how_often_is_decided_with_it(
    brought: Callable[[str], Any], users: SimpleNamespace, now: datetime, every: str
) -> None:
    duty = brought("working")
    with pytest.raises(ValidationError) as refused:
        given = Given(text=DECIDED, every=every)
        actions.do(duty_id=duty.pk, act="keep_long", given=given, by=users.leader, at=now)
    assert refused.value.messages == ["转长期整改要写多久报一次进展"]


def test_the_page_asks_for_it_and_tells_what_is_owed(
    brought: Callable[[str], Any], users: SimpleNamespace, client_as: Callable[..., Client],
    frozen_clock: Any,
) -> None:  # fmt: skip
    duty = brought("working")
    browser = client_as(users.leader)
    address = reverse("duties:duty", args=[duty.pk])
    assert "多久报一次进展" in browser.get(address).content.decode()
    posted = {"seen": duty.version, "text": DECIDED, "every": "quarter"}
    browser.post(reverse("duties:do", args=[duty.pk, "keep_long"]), posted)
    said = "每季度报一次进展，从下一期起"
    assert said in browser.get(address).content.decode()
    frozen_clock(moment(9, 25))
    page = browser.get(address).content.decode()
    said = "每季度报一次进展，2023年7—9月的最晚9月30日报"
    assert said in page and "还差1次，还剩5天" in page and "原定期限" in page
    assert (
        f"{said}：还差1次，还剩5天"
        in browser.get(f"{reverse('duties:home')}?state=long_term").content.decode()
    )


def test_whoever_does_not_tell_is_reminded_before_on_and_after_the_day(
    kept: Duty, users: SimpleNamespace
) -> None:
    told = []
    for days in range(35):
        at = moment(9, 1) + timedelta(days=days)
        told.append((at.date(), urging.pass_day(at=at).reminded))
        assert urging.pass_day(at=at + timedelta(hours=1)).reminded == 0
    assert [day for day, number in told if number] == [
        date(2023, 9, 23), date(2023, 9, 30), date(2023, 10, 1),
    ]  # fmt: skip
    titles = [one.title for one in outbox.inbox(users.clerk.pk).order_by("pk")]
    assert titles == [
        "最晚9月30日，还差1次，还剩7天", "最晚9月30日，今天到期，差1次",
        "最晚9月30日，到期未清，差1次",
    ]  # fmt: skip
    late = outbox.inbox(users.township_head.pk)
    assert [one.title for one in late] == [titles[-1]], "once it is late the head hears of it"


def test_whoever_told_is_left_alone_until_the_next_time(kept: Duty, users: SimpleNamespace) -> None:
    tell(kept, users, moment(8, 10))
    assert sum(urging.pass_day(at=moment(9, day)).reminded for day in (23, 30)) == 0
    assert urging.pass_day(at=moment(10, 1)).reminded == 0
    assert urging.pass_day(at=moment(12, 30)).reminded == 1
    [report] = queries.shown(Duty.objects.all(), queries.standing(date(2023, 12, 30)))
    assert report.report is not None
    assert (report.report.kind, report.report.turn.due) == ("unknown", date(2023, 12, 31))  # type: ignore[union-attr]


def test_what_was_told_before_it_was_decided_counts_for_nothing_what_came_late_for_now(
    brought: Callable[[str], Any], users: SimpleNamespace, now: datetime
) -> None:
    duty = brought("working")
    given = Given(text=DECIDED, every="month")
    for act, by in (
        ("keep_long", users.leader), ("report", users.clerk), ("resume", users.leader),
        ("keep_long", users.leader),
    ):  # fmt: skip
        told = replace(given, latest=date(2023, 12, 1))
        actions.do(duty_id=duty.pk, act=act, given=told, by=by, at=now)
    on = queries.standing(date(2023, 8, 2))
    [view] = queries.shown(Duty.objects.all(), on)
    assert view.report is not None and view.report.said == (
        "每月报一次进展，2023年7月的最晚7月31日报：到期未清，差1次"
    )
    tell(duty, users, moment(8, 3))
    [view] = queries.shown(Duty.objects.all(), queries.standing(date(2023, 8, 31)))
    assert view.report is not None
    assert view.report.said == "每月报一次进展，2023年8月的最晚8月31日报：已报"


def test_what_is_no_longer_kept_is_no_longer_asked_for(kept: Duty, users: SimpleNamespace) -> None:
    given = Given(text="够条件了", latest=date(2023, 12, 1))
    actions.do(duty_id=kept.pk, act="resume", given=given, by=users.leader, at=moment(9, 1))
    actions.do(duty_id=kept.pk, act="withdraw", given=given, by=users.leader, at=moment(9, 2))
    assert urging.pass_day(at=moment(9, 30)).reminded == 0


@pytest.mark.parametrize(
    ("who", "counts"),
    [("clerk", True), ("township_head", True), ("owner", False), ("supervision", False)],
)
def test_only_the_lead_unit_reports_and_only_a_report_counts(
    kept: Duty, users: SimpleNamespace, who: str, counts: bool
) -> None:
    """What is noted beside, by the unit, those who support it or the office, is no report."""
    given, at, by = Given(text="又办成2宗"), moment(8, 10), getattr(users, who)
    actions.do(duty_id=kept.pk, act="note", given=given, by=by, at=at)
    [report] = queries.shown(Duty.objects.all(), queries.standing(at.date()))
    assert report.report is not None and report.report.how == "还差1次，还剩51天"
    if not counts:
        with pytest.raises(PermissionDenied):
            actions.do(duty_id=kept.pk, act="report", given=given, by=by, at=at)
        return
    actions.do(duty_id=kept.pk, act="report", given=given, by=by, at=at)
    [report] = queries.shown(Duty.objects.all(), queries.standing(at.date()))
    assert report.report is not None and report.report.how == "已报"


def test_the_page_offers_the_report_first_to_whoever_owes_it(
    kept: Duty, users: SimpleNamespace, client_as: Callable[..., Client], frozen_clock: Any
) -> None:
    frozen_clock(moment(9, 25))
    address = reverse("duties:duty", args=[kept.pk])
    page = client_as(users.clerk).get(address).content.decode()
    assert page.index("<summary>报进展</summary>") < page.index("<summary>记办理进展</summary>")
    assert "报进展</summary>" not in client_as(users.owner).get(address).content.decode()
    posted = {"seen": kept.version, "text": "又办成2宗"}
    client_as(users.clerk).post(reverse("duties:do", args=[kept.pk, "report"]), posted)
    assert "已报" in client_as(users.supervision).get(address).content.decode()
