"""What waits for one's signature or review, and the number of it in the menu."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from diaodu.web.intake import actions
from diaodu.web.intake.models import Return
from diaodu.web.intake.queries import Form, waiting_for
from diaodu.web.people.models import Membership, User
from diaodu.web.shared.access import Access
from tests.web.intake.conftest import CALENDAR, FILES, publish

pytestmark = pytest.mark.usefixtures("frozen_clock")

BADGE = '<span class="badge">{}<span class="only-screen-reader">件待办</span></span>'


def titles(access: Access) -> tuple[list[str], list[str]]:
    desk = waiting_for(access)
    return [one.title for one in desk.to_sign], [str(one.form.key) for one in desk.to_review]


def test_each_signature_waits_for_its_own_person_in_turn(
    form: Form, submitted: Any, people: SimpleNamespace, now: datetime,
    access: Callable[[User], Access],
) -> None:  # fmt: skip
    signers = (people.town_statistics, people.town_vice, people.township_head)
    sheet = submitted
    for place, who in enumerate(signers):
        for one in signers:
            assert titles(access(one))[0] == ([form.signatures[place].title] if one == who else [])
        sheet = actions.sign(
            form=form, places=frozenset({place + 1}), seen=sheet.version, by=who, at=now
        )
    assert [titles(access(one)) for one in signers] == [([], [])] * 3
    assert titles(access(people.statistics)) == ([], [str(form.key)])


def test_nothing_waits_for_strangers_colleagues_and_those_who_had_a_hand_in_it(
    form: Form, signed: Any, people: SimpleNamespace, access: Callable[[User], Access]
) -> None:
    for who in (people.clerk, people.neighbour, people.dispatch, people.reader, people.stranger):
        assert titles(access(who)) == ([], []), who
    Membership.objects.create(user=people.town_statistics, role="statistics", org_id="shilixian")
    assert titles(access(people.town_statistics)) == ([], [])
    Return.objects.update(submitted_by=people.statistics)
    assert titles(access(people.statistics)) == ([], [])


def test_what_ends_first_stands_first_whatever_month_it_is_of(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime,
    access: Callable[[User], Access],
) -> None:  # fmt: skip
    review = {"state": "review", "opened_at": now, "saved_at": now, "saved_by": people.clerk}
    for reporter, period in (("liuhe", "2023-05"), ("liuhe", "2023-02"), ("chengdong", "2023-04")):
        Return.objects.create(
            form="township", reporter_id=reporter, period=period, submitted_by=people.clerk,
            submitted_at=now, **review,
        )  # fmt: skip
    actions.grant_exception(
        form=form, until=form.closes + timedelta(days=1), reason="断网", by=people.dispatch, at=now
    )
    found = [(one.form.key.period, one.form.key.reporter) for one in
             waiting_for(access(people.statistics)).to_review]  # fmt: skip
    assert found == [
        ("2023-02", "liuhe"), ("2023-04", "chengdong"), ("2023-05", "liuhe"),
        ("2023-05", "qingshi"),
    ]  # fmt: skip


def test_a_form_that_the_rules_have_dropped_waits_for_nobody(
    county: Any, people: SimpleNamespace, now: datetime, access: Callable[[User], Access]
) -> None:
    only_county = CALENDAR[CALENDAR.index("- id: county") :]
    publish({**FILES, "calendar/returns.yaml": only_county.encode()}, now.replace(month=1))
    Return.objects.create(
        form="township", reporter_id="qingshi", period="2023-05", state="review", opened_at=now,
        saved_at=now, saved_by=people.clerk, submitted_by=people.clerk, submitted_at=now,
    )  # fmt: skip
    assert titles(access(people.statistics)) == ([], [])


def test_the_lists_and_the_number_in_the_menu(
    form: Form, signed: Any, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    text = client_as(people.statistics).get(reverse("intake:home")).content.decode()
    assert BADGE.format(1) in text
    part = text[text.index('id="to-review"') :].partition("</section>")[0]
    assert "乡镇经济运行月报表" in part and "青石镇" in part and "clerk某" in part
    assert (
        "6月8日18:00" in part
        and "data-keys" in part
        and "/intake/2023-05/township/qingshi/" in part
    )
    text = client_as(people.township_head).get(reverse("intake:home")).content.decode()
    assert 'class="badge"' not in text
    assert "没有等您签字的表" in text and "填报人提交后会在这里显示" in text


def test_the_number_costs_one_query_where_nothing_waits(
    form: Form, people: SimpleNamespace, access: Callable[[User], Access],
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    reviewer, clerk = access(people.statistics), access(people.clerk)
    with django_assert_num_queries(1):
        waiting_for(reviewer)
    with django_assert_num_queries(0):
        waiting_for(clerk)


def test_the_number_costs_no_more_the_more_there_are(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime,
    access: Callable[[User], Access], django_assert_num_queries: Any,
) -> None:  # fmt: skip
    reviewer = access(people.statistics)
    with django_assert_num_queries(4):
        waiting_for(reviewer)
    for reporter in ("liuhe", "chengdong"):
        Return.objects.create(
            form="township", reporter_id=reporter, period="2023-05", state="review",
            opened_at=now, saved_at=now, saved_by=people.clerk, submitted_by=people.clerk,
            submitted_at=now,
        )  # fmt: skip
    with django_assert_num_queries(4):
        assert len(waiting_for(reviewer).all) == 3


# -- letting a unit in from the chase list --------------------------------------------------------


def test_the_office_lets_a_unit_in_from_the_chase_list(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any],
    frozen_clock: Callable[[datetime], None],
) -> None:  # fmt: skip
    frozen_clock(form.closes + timedelta(hours=1))
    client = client_as(people.dispatch)
    address = reverse("intake:let_in", args=form.key)
    home = client.get(reverse("intake:home")).content.decode()
    assert address in home and f'"{reverse("intake:form", args=form.key)}"' not in home
    drawer = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in drawer and "青石镇" in drawer and "6月8日18:00" in drawer
    assert "准许补报" in client.get(address).content.decode()
    refused = client.post(address, {"until": "2023-06-01T18:00", "reason": "断网"})
    assert refused.status_code == 422 and "新的截止时间已经过去" in refused.content.decode()
    refused = client.post(address, {"until": "2023-06-10T18:00", "reason": ""})
    assert refused.status_code == 422 and "请写明原因" in refused.content.decode()
    done = client.post(address, {"until": "2023-06-10T18:00", "reason": "断网"}, follow=True)
    text = done.content.decode()
    assert done.status_code == 200 and "已准许青石镇补报到6月10日18:00" in text
    assert "准许到6月10日18:00" in text


@pytest.mark.parametrize("place", ["form", "home"])
def test_afterwards_one_is_back_where_one_came_from(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any],
    frozen_clock: Callable[[datetime], None], place: str,
) -> None:  # fmt: skip
    frozen_clock(form.closes + timedelta(hours=1))
    client = client_as(people.statistics)
    query = "" if place == "form" else "?period=2023-05&state=late"
    here = reverse(f"intake:{place}", args=form.key if place == "form" else ()) + query
    expected = here if place == "form" else here + "#chase"
    [link] = re.findall(
        rf'hx-get="({reverse("intake:let_in", args=form.key)}[^"]*)"',
        client.get(here).content.decode(),
    )
    drawer = client.get(unescape(link)).content.decode()
    [back] = re.findall(r'name="next" value="([^"]*)"', drawer)
    sent = {"until": "2023-06-10T18:00", "reason": "断网", "next": unescape(back)}
    done = client.post(reverse("intake:let_in", args=form.key), sent)
    assert (done.status_code, done.url) == (302, expected)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_nobody_is_sent_to_another_site(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any], elsewhere: str,
    frozen_clock: Callable[[datetime], None],
) -> None:  # fmt: skip
    frozen_clock(form.closes + timedelta(hours=1))
    sent = {"until": "2023-06-10T18:00", "reason": "断网", "next": elsewhere}
    done = client_as(people.statistics).post(reverse("intake:let_in", args=form.key), sent)
    assert done.url == reverse("intake:home") + "?period=2023-05#chase"


def test_a_reminder_keeps_the_filters(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any],
    frozen_clock: Callable[[datetime], None],
) -> None:  # fmt: skip
    frozen_clock(form.closes + timedelta(hours=1))
    client = client_as(people.statistics)
    here = reverse("intake:home") + "?period=2023-05&q=%E9%9D%92%E7%9F%B3"
    sent = {"forms": "|".join(form.key), "text": "", "next": here + "#chase"}
    assert client.post(reverse("intake:remind"), sent).url == here + "#chase"


def test_a_long_chase_list_shows_the_most_pressing_first(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any],
    frozen_clock: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("diaodu.web.intake.queries.overview._MOST_CHASED", 1)
    frozen_clock(form.closes + timedelta(hours=1))
    client = client_as(people.dispatch)
    home = client.get(reverse("intake:home")).content.decode()
    assert home.count('name="forms"') == 1 and "没有列出" in home
    whole = client.get(reverse("intake:home"), {"chase": "all"}).content.decode()
    assert whole.count('name="forms"') > 1 and "没有列出" not in whole


def test_who_only_chases_lets_nobody_in(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    client = client_as(people.supervision)
    assert (
        reverse("intake:let_in", args=form.key)
        not in client.get(reverse("intake:home")).content.decode()
    )
    assert client.get(reverse("intake:let_in", args=form.key)).status_code == 403
