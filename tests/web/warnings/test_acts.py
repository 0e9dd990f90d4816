"""What people do about a warning: as the unit that answers, a colleague of it, who may only read,
and a stranger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from diaodu.web.runs import actions as runs
from diaodu.web.shared.models import Act as Audited
from diaodu.web.warnings import actions
from diaodu.web.warnings.models import Act, Warning

pytestmark = pytest.mark.django_db
CAUSE = {
    "cause": "两家重点企业停产检修，影响税收约60万元",
    "plan": "6月复产",
    "until": "2023-07-15",
}
# Who is asked: the unit's clerk and head answer; others at home read; the rest do not see it.
MAY = {
    "clerk": 302, "township_head": 302, "vice": 403, "supervision": 403, "reader": 403,
    "township_reader": 403, "other_clerk": 404, "neighbour": 404, "stranger": 403,
}  # fmt: skip
DISMISS = {
    "supervision": 302, "vice": 302, "dispatch": 302, "statistics": 403, "clerk": 403,
    "reader": 403, "other_clerk": 403, "stranger": 403,
}  # fmt: skip


def _post(client: Client, name: str, one: Warning, **data: Any) -> Any:
    address = reverse(f"warnings:{name}", args=[one.pk])
    return client.post(address, {"seen": one.version, **data})


@pytest.mark.parametrize(("who", "expected"), MAY.items())
@pytest.mark.parametrize(("name", "data"), [("acknowledge", {}), ("explain", CAUSE)])
def test_who_answers(
    raised: Warning, users: SimpleNamespace, client_as: Callable[..., Client], who: str,
    expected: int, name: str, data: dict[str, str],
) -> None:  # fmt: skip
    answer = _post(client_as(getattr(users, who)), name, raised, **data)
    assert answer.status_code == expected
    raised.refresh_from_db()
    assert (raised.acknowledged_at is not None) == (expected == 302)
    assert raised.has_cause == (expected == 302 and name == "explain")


@pytest.mark.parametrize(("who", "expected"), DISMISS.items())
def test_who_dismisses(
    raised: Warning, users: SimpleNamespace, client_as: Callable[..., Client], who: str,
    expected: int,
) -> None:  # fmt: skip
    answer = _post(client_as(getattr(users, who)), "false_alarm", raised, reason="上年基数登记错")
    assert answer.status_code == expected
    raised.refresh_from_db()
    assert (raised.phase, raised.end) == (
        ("closed", "false_alarm") if expected == 302 else ("active", "")
    )


def test_an_earlier_cause_stays_in_the_history(
    raised: Warning, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    client = client_as(users.clerk)
    _post(client, "explain", raised, **CAUSE)
    raised.refresh_from_db()
    _post(client, "explain", raised, **CAUSE | {"cause": "改正：一家企业停产"})
    page = client.get(reverse("warnings:warning", args=[raised.pk])).content.decode()
    assert "改正：一家企业停产" in page
    assert CAUSE["cause"] in page
    assert "改过1次" in page
    kept = Act.objects.filter(what="cause").order_by("pk").values_list("text", flat=True)
    assert list(kept) == [CAUSE["cause"], "改正：一家企业停产"]
    told = Audited.objects.filter(action="warnings.explain").order_by("-pk").first()
    assert told is not None
    assert (told.before["cause"], told.after["cause"]) == (CAUSE["cause"], "改正：一家企业停产")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"cause": "  "}, "原因"),
        ({"until": "2023-05-01"}, "预计恢复的日子已经过去，请填今天或今后的日子"),
    ],
)
def test_what_is_lacking_is_told_at_its_field(
    raised: Warning, users: SimpleNamespace, client_as: Callable[..., Client],
    given: dict[str, str], told: str,
) -> None:  # fmt: skip
    answer = _post(client_as(users.clerk), "explain", raised, **CAUSE | given)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Act.objects.exists()


def test_an_old_page_changes_nothing(
    raised: Warning, users: SimpleNamespace, now: datetime
) -> None:
    given = {"warning_id": raised.pk, "by": users.clerk, "at": now}
    actions.acknowledge(**given, seen=1)
    with pytest.raises(actions.Untimely, match="请看最新情况后再办"):
        actions.explain(**given, cause="停产", plan="", until=None, seen=1)
    with pytest.raises(actions.Untimely, match="已经知悉过了"):
        actions.acknowledge(**given, seen=2)


def test_a_false_alarm_stays_over_whatever_comes_and_can_be_taken_back(
    raised: Warning, users: SimpleNamespace, put: Any, published: Any, now: datetime
) -> None:
    given = {"warning_id": raised.pk, "by": users.supervision, "at": now}
    with pytest.raises(ValidationError, match="请写明为什么是误报"):
        actions.mark_false(**given, reason=" ", seen=1)
    actions.mark_false(**given, reason="上年基数登记错", seen=1)
    put("qingshi", {4: "2.0"})
    published(4)
    actions.judge(at=now)
    raised.refresh_from_db()
    assert (raised.phase, raised.public_phase, raised.end) == ("closed", "closed", "false_alarm")
    assert Warning.objects.filter(rule="slow").count() == 1
    actions.restore(**given, reason="核实后基数没有错", seen=raised.version)
    raised.refresh_from_db()
    assert (raised.phase, raised.public_phase, raised.end) == ("active", "active", "")


def test_what_is_over_is_not_dismissed(
    raised: Warning, users: SimpleNamespace, now: datetime
) -> None:
    given = {"warning_id": raised.pk, "by": users.supervision, "at": now}
    actions.mark_false(**given, reason="错", seen=1)
    with pytest.raises(actions.Untimely, match="已经解除"):
        actions.mark_false(**given, reason="错", seen=2)


# -- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "args", "most"),
    [("home", [], 14), ("warning", ["pk"], 14), ("export", [], 10), ("summary", [], 10),
     ("of_figure", ["qingshi", "tax"], 9)],
)  # fmt: skip
def test_pages_ask_a_fixed_number_of_questions(
    raised: Warning, users: SimpleNamespace, client_as: Callable[..., Client],
    django_assert_max_num_queries: Any, name: str, args: list[str], most: int,
) -> None:  # fmt: skip
    client = client_as(users.clerk)
    address = reverse(f"warnings:{name}", args=[raised.pk if one == "pk" else one for one in args])
    client.get(address)
    with django_assert_max_num_queries(most) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) >= most - 4, len(asked)


def test_the_page_tells_the_life_and_leads_to_the_figure(
    raised: Warning, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    page = client_as(users.supervision).get(reverse("warnings:warning", args=[raised.pk]))
    text = page.content.decode()
    assert "2023年1—3月增速1.0%，低于5%" in text
    assert "示例县调度办法第六条" in text
    figure = reverse("board:indicator", args=["qingshi", "tax"])
    assert f'<a href="{figure}?period=2023-03&amp;run=1">第1次运行</a>' in text
    assert "6月6日 10:00判断" in text
    assert reverse("board:indicator", args=["qingshi", "tax"]) in text
    draft = f"{reverse('duties:new')}?org=qingshi&amp;indicator=tax&amp;warning={raised.pk}"
    assert draft in text


def test_who_reads_live_results_still_sees_the_run_that_says_the_same(
    raised: Warning, users: SimpleNamespace, client_as: Callable[..., Client], now: datetime
) -> None:
    runs.rebuild_live(periods=["2023-03"], at=now)
    actions.judge(at=now)
    assert raised.answers.count() == 2
    page = client_as(users.statistics).get(reverse("warnings:warning", args=[raised.pk]))
    text = page.content.decode()
    assert ">第1次运行</a>" in text and "实时" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1), ("?phase=active", 1), ("?phase=recovering", 0), ("?phase=all", 1),
        ("?light=behind", 1), ("?light=watch", 0), ("?lead=qingshi", 1), ("?lead=liuhe", 0),
        ("?kind=growth", 1), ("?kind=late", 0), ("?q=%E9%9D%92%E7%9F%B3", 1), ("?q=nothing", 0),
        ("?phase=nonsense&page=x", 1), ("?field=%E8%B4%A2%E7%A8%8E", 1), ("?mine=explain", 1),
    ],
)  # fmt: skip
def test_filters(
    raised: Warning, users: SimpleNamespace, client_as: Callable[..., Client], query: str,
    found: int,
) -> None:  # fmt: skip
    text = client_as(users.clerk).get(reverse("warnings:home") + query).content.decode()
    assert text.count('class="warn"') == found


def test_a_duty_is_drafted_from_it_with_its_source(
    raised: Warning, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    address = f"{reverse('duties:new')}?org=qingshi&indicator=tax&warning={raised.pk}"
    text = client_as(users.supervision).get(address).content.decode()
    assert "预警：青石镇税收收入：税收增速低" in text
    assert "2023年1—3月增速1.0%，低于5%" in text
    wrong = address.replace(f"warning={raised.pk}", "warning=99999")
    assert client_as(users.supervision).get(wrong).status_code == 404
