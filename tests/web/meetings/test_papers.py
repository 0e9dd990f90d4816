"""Papers due before a meeting: asked for, handed in, late, sent back, refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diaodu.web.meetings import actions, queries
from diaodu.web.meetings.actions import Untimely
from diaodu.web.meetings.models import Meeting, Paper

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PDF = b"%PDF-1.7 content"


@pytest.fixture
def papers(meeting: Meeting, users: SimpleNamespace, now: datetime) -> dict[str, Paper]:
    made = actions.ask_papers(
        meeting=meeting, orgs=["qingshi", "liuhe"], title="汇报材料", due=now + 5 * HOUR,
        by=users.dispatch, at=now,
    )  # fmt: skip
    return {str(one.org_id): one for one in made}


def words(meeting: Meeting, access: Any, at: datetime) -> dict[str, str]:
    page = queries.page(meeting, access, at)
    return {str(one.paper.org_id): one.word for one in page.papers}


def test_each_stands_as_it_is(
    meeting: Meeting, papers: dict[str, Paper], users: SimpleNamespace, access: Any, now: datetime
) -> None:
    reader = access(users.dispatch)
    assert words(meeting, reader, now) == {"qingshi": "未到期", "liuhe": "未到期"}
    actions.hand_in(paper=papers["qingshi"], name="a.pdf", content=PDF, by=users.clerk, at=now)
    late = now + 5 * HOUR + timedelta(seconds=1)
    assert words(meeting, reader, late) == {"qingshi": "已交", "liuhe": "逾期未交"}
    actions.hand_in(paper=papers["liuhe"], name="b.pdf", content=PDF, by=users.clerk, at=late)
    assert words(meeting, reader, late) == {"qingshi": "已交", "liuhe": "迟交"}
    actions.send_back(paper=papers["liuhe"], reason="缺数", by=users.dispatch, at=late)
    assert words(meeting, reader, late)["liuhe"] == "退回重交"


def test_the_same_is_not_asked_twice(
    meeting: Meeting, papers: dict[str, Paper], users: SimpleNamespace, now: datetime
) -> None:
    again = {"meeting": meeting, "title": "汇报材料", "due": now + HOUR, "by": users.dispatch,
             "at": now}  # fmt: skip
    with pytest.raises(ValidationError, match="都已要过"):
        actions.ask_papers(**again, orgs=["qingshi"])
    assert len(actions.ask_papers(**again, orgs=["qingshi", "chengdong"])) == 1


@pytest.mark.parametrize("hours", [-1, 0, 25])
def test_it_is_due_between_now_and_the_meeting(
    meeting: Meeting, users: SimpleNamespace, now: datetime, hours: int
) -> None:
    with pytest.raises(ValidationError, match="要在现在以后、开会以前"):
        actions.ask_papers(
            meeting=meeting, orgs=["qingshi"], title="材料", due=now + hours * HOUR,
            by=users.dispatch, at=now,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("空.pdf", b"", "是空文件"),
        ("病毒.exe", b"MZ", "不是能收的文件"),
        ("没有后缀", PDF, "不是能收的文件"),
        ("假.pdf", b"<html>", "打不开：内容不是.pdf文件"),
        ("大.pdf", PDF + b" " * 20 * 1024 * 1024, "超过20兆"),
    ],
    ids=["empty", "exe", "no ending", "not what it says", "too large"],
)
def test_what_cannot_be_opened_is_refused_at_the_field(
    papers: dict[str, Paper], users: SimpleNamespace, now: datetime, name: str, content: bytes,
    told: str,
) -> None:  # fmt: skip
    with pytest.raises(ValidationError, match=told) as refused:
        actions.hand_in(paper=papers["qingshi"], name=name, content=content, by=users.clerk, at=now)
    assert list(refused.value.message_dict) == ["file"]
    papers["qingshi"].refresh_from_db()
    assert papers["qingshi"].at is None


def test_what_was_handed_in_cannot_be_taken_off_the_list(
    papers: dict[str, Paper], users: SimpleNamespace, now: datetime
) -> None:
    actions.hand_in(paper=papers["qingshi"], name="a.pdf", content=PDF, by=users.clerk, at=now)
    with pytest.raises(Untimely, match="已经交了"):
        actions.drop_paper(paper=papers["qingshi"], by=users.dispatch, at=now)
    actions.drop_paper(paper=papers["liuhe"], by=users.dispatch, at=now)
    with pytest.raises(Untimely, match="已经不要了"):
        actions.hand_in(paper=papers["liuhe"], name="a.pdf", content=PDF, by=users.clerk, at=now)


@pytest.mark.parametrize(
    ("who", "handing", "reading"),
    [
        ("clerk", 302, 200), ("township_head", 302, 200), ("other_clerk", 403, 403),
        ("dispatch", 403, 200), ("supervision", 403, 200), ("reader", 403, 403),
        ("neighbour", 404, 404),
    ],
)  # fmt: skip
def test_the_unit_hands_in_and_who_holds_the_meeting_reads(
    papers: dict[str, Paper], users: SimpleNamespace, now: datetime, frozen_clock: Any,
    client_as: Callable[..., Client], who: str, handing: int, reading: int,
) -> None:  # fmt: skip
    paper = papers["qingshi"]
    browser = client_as(getattr(users, who))
    sent = {"file": SimpleUploadedFile("材料.pdf", PDF)}
    answer = browser.post(reverse("meetings:hand_in", args=[paper.pk]), sent)
    assert answer.status_code == handing
    paper.refresh_from_db()
    assert (paper.at is not None) == (handing == 302)
    if paper.at is None:
        actions.hand_in(paper=paper, name="材料.pdf", content=PDF, by=users.clerk, at=now)
    got = browser.get(reverse("meetings:paper", args=[paper.pk]))
    assert got.status_code == reading
    if reading == 200:
        assert b"".join(got.streaming_content) == PDF
        assert got["Content-Disposition"].startswith("attachment")


def test_an_empty_file_is_told_at_the_field_of_the_page(
    papers: dict[str, Paper], users: SimpleNamespace, frozen_clock: Any,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    page = reverse("meetings:hand_in", args=[papers["qingshi"].pk])
    answer = client_as(users.clerk).post(page, {"file": SimpleUploadedFile("空.pdf", b"")})
    assert answer.status_code == 422
    assert "“空.pdf”是空文件" in answer.content.decode()
