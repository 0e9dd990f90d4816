"""The pages of meetings, as each role meets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diaodu.web.meetings import actions
from diaodu.web.meetings.actions import Content
from diaodu.web.meetings.models import Item, Line, Meeting

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ROLES = {
    "dispatch": "holds", "supervision": "holds", "leader": "reads", "clerk": "reads",
    "reader": "reads", "township_reader": "reads", "neighbour": "away", "stranger": "no",
}  # fmt: skip


def line_of(meeting: Meeting, users: SimpleNamespace, now: datetime, **more: Any) -> Line:
    content = Content("duty", "补报入库项目", "qingshi", (), users.clerk.pk, now.date() + DAY)
    return actions.add_line(meeting=meeting, content=content, by=users.dispatch, at=now, **more)


@pytest.mark.parametrize("who", ROLES)
def test_who_reads_and_who_holds(
    opened: Meeting, users: SimpleNamespace, now: datetime, frozen_clock: Any,
    client_as: Callable[..., Client], who: str,
) -> None:  # fmt: skip
    line = line_of(opened, users, now)
    item = actions.add_item(
        meeting=opened, kind="report", title="汇报", org=None, speaker="", minutes=None,
        by=users.dispatch, at=now,
    )  # fmt: skip
    browser = client_as(getattr(users, who))
    got = [
        browser.get(reverse("meetings:home")).status_code,
        browser.get(reverse("meetings:meeting", args=[opened.pk])).status_code,
        browser.get(reverse("meetings:word", args=[opened.pk])).status_code,
        browser.get(reverse("meetings:minutes", args=[opened.pk])).status_code,
        browser.get(reverse("meetings:line", args=[line.pk])).status_code,
        browser.get(reverse("meetings:item", args=[item.pk])).status_code,
        browser.post(reverse("meetings:strike", args=[line.pk])).status_code,
        browser.post(reverse("meetings:close", args=[opened.pk])).status_code,
    ]
    assert (
        got
        == {
            "holds": [200, 200, 200, 200, 200, 200, 302, 302],
            "reads": [200, 200, 404, 403, 403, 403, 403, 403],
            # A statistician of another county reads and holds nothing here.
            "away": [200, 404, 404, 403, 403, 403, 403, 403],
            "no": [403, 403, 403, 403, 403, 403, 403, 403],
        }[ROLES[who]]
    )


def test_a_line_that_says_all_is_kept_at_once(
    opened: Meeting, users: SimpleNamespace, frozen_clock: Any, client_as: Callable[..., Client]
) -> None:
    page = reverse("meetings:minutes", args=[opened.pk])
    browser = client_as(users.dispatch)
    said = {"line_kind": "duty", "said": "青石乡clerk某6月30日前补报入库项目"}
    assert browser.post(page, said).status_code == 302
    line = Line.objects.get()
    assert (line.text, line.org_id, line.person, str(line.latest)) == (
        "补报入库项目", "qingshi", users.clerk, "2023-06-30",
    )  # fmt: skip
    assert "补报入库项目" in browser.get(page).content.decode()


def test_what_was_not_said_is_asked_for_with_the_rest_filled_in(
    opened: Meeting, users: SimpleNamespace, frozen_clock: Any, client_as: Callable[..., Client]
) -> None:
    page = reverse("meetings:minutes", args=[opened.pk])
    browser = client_as(users.dispatch)
    asked = browser.post(page, {"line_kind": "duty", "said": "青石镇尽快补报入库项目"})
    told = asked.content.decode()
    assert asked.status_code == 200 and "请问清：承办人、哪天前" in told
    assert '<option value="qingshi" selected>' in told
    assert not Line.objects.exists()
    wrong = {"kind": "duty", "text": "补报", "org": "qingshi", "latest": "2023-06-01"}
    answer = browser.post(page, wrong)
    assert answer.status_code == 422 and "最晚期限已经过去" in answer.content.decode()
    later = {**wrong, "latest": ""}  # not known yet: kept, and asked for before the end
    assert browser.post(page, later).status_code == 302
    refused = browser.post(reverse("meetings:close", args=[opened.pk]))
    assert refused.status_code == 422
    assert "第1条“补报”没有写明承办人、哪天前" in refused.content.decode()


def test_what_must_be_said_before_the_end_is_not_called_optional(
    opened: Meeting, users: SimpleNamespace, frozen_clock: Any, client_as: Callable[..., Client]
) -> None:
    said = {"line_kind": "duty", "said": "补齐复工手续"}
    address = reverse("meetings:minutes", args=[opened.pk])
    page = client_as(users.dispatch).post(address, said).content.decode()
    for label in ("谁来办（主办单位）", "承办人", "哪天前（最晚）"):
        assert f"{label}</label>" in page, label
    assert '力争哪天<span class="mut">（可不填）' in page


def test_whoever_ends_a_meeting_without_a_word_is_asked(
    opened: Meeting, users: SimpleNamespace, now: datetime, frozen_clock: Any,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    address, said = reverse("meetings:meeting", args=[opened.pk]), "还没有一条会议记录"
    browser = client_as(users.dispatch)
    assert said in browser.get(address).content.decode()
    line_of(opened, users, now)
    page = browser.get(address).content.decode()
    assert said not in page and "逐条编号" in page
    over = browser.post(reverse("meetings:close", args=[opened.pk]), follow=True)
    assert "散会了，交办了1件，等主办单位签收" in over.content.decode()


def test_of_two_days_the_deadline_is_asked_for(
    opened: Meeting, users: SimpleNamespace, frozen_clock: Any, client_as: Callable[..., Client]
) -> None:
    page = reverse("meetings:minutes", args=[opened.pk])
    said = {"line_kind": "promise", "said": "青石镇6月10日前报方案，6月30日前完成"}
    told = client_as(users.dispatch).post(page, said).content.decode()
    assert "说了6月10日、6月30日，哪天是最晚期限" in told


def test_a_promise_s_day_may_be_past_by_the_time_it_is_typed_but_not_kept_so(
    opened: Meeting, users: SimpleNamespace, frozen_clock: Any, client_as: Callable[..., Client]
) -> None:
    page = reverse("meetings:minutes", args=[opened.pk])
    said = {"line_kind": "promise", "said": "青石镇6月1日前报齐"}
    told = client_as(users.dispatch).post(page, said).content.decode()
    assert "请问清：哪天前" in told


def test_a_note_is_kept_as_it_was_said(
    opened: Meeting, users: SimpleNamespace, frozen_clock: Any, client_as: Callable[..., Client]
) -> None:
    page = reverse("meetings:minutes", args=[opened.pk])
    said = {"line_kind": "note", "said": "会议同意青石镇6月30日前的安排"}
    assert client_as(users.dispatch).post(page, said).status_code == 302
    line = Line.objects.get()
    assert (line.text, line.org_id, line.latest) == ("会议同意青石镇6月30日前的安排", None, None)


def test_minutes_are_for_everybody_only_when_the_meeting_is_over(
    opened: Meeting, users: SimpleNamespace, now: datetime, frozen_clock: Any,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    line_of(opened, users, now)
    page = reverse("meetings:meeting", args=[opened.pk])
    assert "补报入库项目" not in client_as(users.clerk).get(page).content.decode()
    assert "补报入库项目" in client_as(users.dispatch).get(page).content.decode()
    actions.close(meeting=opened, by=users.dispatch, at=now)
    assert "补报入库项目" in client_as(users.clerk).get(page).content.decode()


def test_a_meeting_is_planned_changed_and_called_off_on_its_pages(
    rules: Any, users: SimpleNamespace, frozen_clock: Any, client_as: Callable[..., Client]
) -> None:
    browser = client_as(users.supervision)
    given = {"kind": "push", "title": "招商推进会", "held_at": "2023-06-05T09:00"}
    wrong = browser.post(reverse("meetings:new"), given)
    assert wrong.status_code == 422 and "开会时间已经过去" in wrong.content.decode()
    given["held_at"] = "2023-06-09T09:00"
    assert browser.post(reverse("meetings:new"), given).status_code == 302
    meeting = Meeting.objects.get()
    changed = {**given, "title": "二季度招商推进会"}
    browser.post(reverse("meetings:edit", args=[meeting.pk]), changed)
    browser.post(reverse("meetings:call_off", args=[meeting.pk]), {"reason": "并入调度会"})
    meeting.refresh_from_db()
    assert (meeting.title, meeting.state) == ("二季度招商推进会", "cancelled")


def test_the_agenda_is_kept_on_its_pages(
    meeting: Meeting, users: SimpleNamespace, frozen_clock: Any, client_as: Callable[..., Client]
) -> None:
    browser = client_as(users.dispatch)
    new = reverse("meetings:item_new", args=[meeting.pk])
    given = {"kind": "report", "title": "通报运行情况", "org": "tongjiju", "speaker": "局长",
             "minutes": "15"}  # fmt: skip
    assert browser.post(new, given).status_code == 302
    item = Item.objects.get()
    page = reverse("meetings:item", args=[item.pk])
    browser.post(page, {**given, "title": "通报1—5月情况", "place": "1"})
    assert "通报1—5月情况" in browser.get(
        reverse("meetings:meeting", args=[meeting.pk])
    ).content.decode()  # fmt: skip
    assert browser.post(reverse("meetings:drop_item", args=[item.pk])).status_code == 302
    assert not Item.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_lines(
    opened: Meeting, users: SimpleNamespace, now: datetime, frozen_clock: Any,
    client_as: Callable[..., Client], django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for _ in range(12):
        line_of(opened, users, now)
    actions.close(meeting=opened, by=users.dispatch, at=now)
    browser = client_as(users.leader)
    page = reverse("meetings:meeting", args=[opened.pk])
    browser.get(page)
    with django_assert_max_num_queries(24):
        browser.get(page)
