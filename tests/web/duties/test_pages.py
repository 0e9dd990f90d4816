"""The pages: what each shows to whom, and in how many queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diaodu.web.duties import actions, queries
from diaodu.web.duties.models import Duty, Event, Proof
from diaodu.web.people.models import Org

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def clock_stands(frozen_clock: Any) -> None:
    pass


def test_the_list_groups_open_duties_by_state(
    brought: Callable[[str], Any], wanted: Callable[..., Any], users: SimpleNamespace,
    now: datetime, client_as: Callable[..., Client],
) -> None:  # fmt: skip
    brought("answered")
    actions.hand_out(wanted=[wanted(title="走访停产企业")], by=users.supervision, at=now)
    page = client_as(users.supervision).get(reverse("duties:home")).content.decode()
    assert page.index("补报入库项目") < page.index("走访停产企业"), (
        "what waits for the office first"
    )
    assert "<h2>待核实</h2><span>1件</span>" in page
    assert "<h2>待签收</h2><span>1件</span>" in page
    assert "<span>待我核实</span><b>1</b>" in page


@pytest.mark.parametrize(
    "asked",
    ["q=补报", "state=issued", "light=good", "term=later", "mine=sign", "source=meeting", "age=7",
     "fate=at_work", "since=2023-06-01", "org=qingshi", "state=all", "q=1号"],
)  # fmt: skip
def test_every_filter_finds_it(
    duty: Duty, users: SimpleNamespace, client_as: Callable[..., Client], asked: str
) -> None:
    answer = client_as(users.clerk).get(f"{reverse('duties:home')}?{asked}")
    assert "补报入库项目" in answer.content.decode()


@pytest.mark.parametrize(
    "asked",
    ["q=没有", "state=closed", "light=behind", "term=overdue", "source=audit", "age=30",
     "fate=overdue", "since=2023-06-07", "closed=2023-01-01"],
)  # fmt: skip
def test_every_filter_leaves_it_out(
    duty: Duty, users: SimpleNamespace, client_as: Callable[..., Client], asked: str
) -> None:
    answer = client_as(users.clerk).get(f"{reverse('duties:home')}?{asked}")
    assert "补报入库项目" not in answer.content.decode()


def test_odd_filters_are_passed_over(
    duty: Duty, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    odd = "state=x&light=%00&leader=9999999999999&person=a&since=2023-13-01&page=x&age=x"
    assert client_as(users.leader).get(f"{reverse('duties:home')}?{odd}").status_code == 200


def test_a_duty_goes_its_way_by_its_page(
    duty: Duty, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    clerk, office = client_as(users.clerk), client_as(users.supervision)
    here = reverse("duties:duty", args=[duty.pk])

    def do(browser: Client, act: str, **told: Any) -> Any:
        duty.refresh_from_db()
        url = reverse("duties:do", args=[duty.pk, act])
        return browser.post(url, {"seen": duty.version, **told})

    assert "现在可以办" in clerk.get(here).content.decode()
    assert do(clerk, "sign").status_code == 302
    assert do(clerk, "answer", text="已入库2个").status_code == 302
    refused = do(office, "verify")
    assert refused.status_code == 422
    assert "不能核实：缺入库通知、现场照片。请退回补充" in refused.content.decode()
    assert do(office, "send_back", text="缺入库通知").status_code == 302
    for asked in duty.proof_asked:
        file = SimpleUploadedFile(f"{asked}.png", PNG)
        url = reverse("duties:hand_in", args=[duty.pk])
        assert clerk.post(url, {"file": file, "proves": asked}).status_code == 302
    assert do(clerk, "answer", text="补交通知").status_code == 302
    assert do(clerk, "verify").status_code == 403
    assert do(office, "verify").status_code == 302
    assert do(office, "close").status_code == 302
    duty.refresh_from_db()
    assert (duty.state, duty.in_time) == ("closed", True)
    page = clerk.get(here).content.decode()
    for told in ("缺入库通知", "补交通知", "按期办结", "退回补充"):
        assert told in page


def test_who_was_second_keeps_what_was_typed(
    brought: Callable[[str], Any], users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    duty = brought("working")
    url = reverse("duties:do", args=[duty.pk, "answer"])
    first, second = client_as(users.clerk), client_as(users.township_head)
    assert first.post(url, {"seen": duty.version, "text": "入库2个"}).status_code == 302
    refused = second.post(url, {"seen": duty.version, "text": "入库3个，附清单"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "clerk某刚刚反馈" in page and "入库3个，附清单" in page
    assert Event.objects.filter(act="answer").count() == 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("空.pdf", b"", "是空文件"), ("表.exe", b"MZ", "不是能收的文件"),
        ("图.png", b"%PDF-1.4", "内容不是png文件"),
        ("文.docx", b"PK\x03\x04zz", "内容不是docx文件"),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_at_its_field(
    brought: Callable[[str], Any], users: SimpleNamespace, client_as: Callable[..., Client],
    name: str, content: bytes, told: str,
) -> None:  # fmt: skip
    duty = brought("working")
    before = Proof.objects.count()
    file = SimpleUploadedFile(name, content)
    url = reverse("duties:hand_in", args=[duty.pk])
    refused = client_as(users.clerk).post(url, {"file": file, "proves": ""})
    assert refused.status_code == 422
    assert told in refused.content.decode()
    assert Proof.objects.count() == before


def test_proof_is_read_by_those_who_see_the_duty(
    brought: Callable[[str], Any], users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    brought("answered")
    one = Proof.objects.earliest("pk")
    file, look = reverse("duties:proof", args=[one.pk]), reverse("duties:preview", args=[one.pk])
    for who, code in {"clerk": 200, "leader": 200, "other_clerk": 404, "neighbour": 404}.items():
        browser = client_as(getattr(users, who))
        assert browser.get(look).status_code == code, who
        answer = browser.get(file)
        assert answer.status_code == code, who
        if code == 200:
            assert answer["Content-Type"] == "image/png"
            assert b"".join(answer.streaming_content) == PNG
    back = reverse("duties:take_back", args=[one.pk])
    assert client_as(users.supervision).post(back).status_code == 403
    client_as(users.clerk).post(back)
    assert Proof.objects.filter(pk=one.pk).exists(), "it was answered with"


def test_a_duty_is_typed_and_told_at_its_fields(
    rules: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    browser = client_as(users.supervision)
    told = {
        "title": "补报项目", "lead": "qingshi", "person": users.other_clerk.pk, "source": "upper",
        "origin": "市政办〔2023〕8号", "latest": "2023-06-05", "supporting": ["tongjiju"],
        "things": "11+79个滞后项目\n柳荷镇", "proof_asked": "通知\n照片", "issue": "1",
    }  # fmt: skip
    refused = browser.post(reverse("duties:new"), told)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "2023年6月5日已经过去" in page
    assert "other_clerk某不在青石镇任职或账号已停用，请改交别人" in page
    told |= {"latest": "", "person": users.clerk.pk}
    assert "没有期限的事项不能交办" in browser.post(reverse("duties:new"), told).content.decode()
    assert not Duty.objects.exists()
    told |= {"latest": "2023-06-20"}
    made = browser.post(reverse("duties:new"), told)
    duty = Duty.objects.get()
    assert made.headers["Location"] == reverse("duties:duty", args=[duty.pk])
    assert (duty.state, duty.number, duty.proof_asked) == (
        "issued", "示督交〔2023〕1号", ["通知", "照片"],
    )  # fmt: skip
    assert [one["kind"] for one in duty.things] == ["line", "org"]


def test_who_left_or_a_unit_that_closed_is_told(
    wanted: Callable[..., Any], users: SimpleNamespace, now: datetime, day: Any
) -> None:
    users.clerk.is_active = False
    users.clerk.save()
    faults = actions.faults_of(wanted(), now.date())
    assert faults == {"person": "clerk某不在青石镇任职或账号已停用，请改交别人"}
    Org.objects.filter(pk="liuhe").update(closed=day(-10))
    faults = actions.faults_of(wanted(lead="liuhe", person=users.other_clerk.pk), now.date())
    assert faults == {"lead": "柳荷镇已经撤销，请选承接它职责的单位"}


def test_the_boards_add_up(
    brought: Callable[[str], Any], wanted: Callable[..., Any], users: SimpleNamespace,
    now: datetime, access: Any, client_as: Callable[..., Client],
) -> None:  # fmt: skip
    brought("closed")
    for lead, person in (("liuhe", "other_clerk"), ("qingshi", "clerk")):
        one = wanted(lead=lead, person=getattr(users, person).pk)
        actions.hand_out(wanted=[one], by=users.supervision, at=now)
    on = queries.standing(now.date())
    for by in queries.BY:
        board = queries.board(access(users.leader), on, by, now.date().replace(day=1))
        assert board.whole.tally.total == 3
        assert sum(one.tally.total for one in board.lines) == 3, by
        for line in (*board.lines, board.whole):
            assert sum(cell.number for cell in line.cells) == line.tally.total, by
        page = client_as(users.leader).get(f"{reverse('duties:boards')}?by={by}")
        assert page.status_code == 200


@pytest.mark.parametrize("name", ["home", "boards", "quotas", "export", "facts", "summary"])
def test_the_number_of_queries_does_not_grow(
    wanted: Callable[..., Any], users: SimpleNamespace, now: datetime,
    client_as: Callable[..., Client], django_assert_max_num_queries: Any, name: str,
) -> None:  # fmt: skip
    browser = client_as(users.leader)
    for _ in range(12):
        actions.hand_out(wanted=[wanted()], by=users.supervision, at=now)
    browser.get(reverse(f"duties:{name}"))
    with django_assert_max_num_queries(24):
        assert browser.get(reverse(f"duties:{name}")).status_code == 200
