"""An Excel list of duties: told cell by cell, handed out as a whole or not at all, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from diaodu.web.duties.models import Duty, Upload

pytestmark = pytest.mark.django_db
GOOD = {
    "A": "补报入库项目", "B": "青石镇", "C": "clerk某", "D": date(2023, 6, 30),
    "E": date(2023, 6, 20), "F": "县工业和信息化局、柳荷镇", "G": "会议决定",
    "H": "6月5日调度会决定第4条", "K": "11+79个滞后项目、柳荷镇", "L": "入库通知、现场照片",
}  # fmt: skip


@pytest.fixture(autouse=True)
def desk(rules: Any, frozen_clock: Any) -> None:
    """Rules in force, the clock standing on 6 June 2023."""


@pytest.fixture
def filled(users: SimpleNamespace, client_as: Callable[..., Client]) -> Callable[..., bytes]:
    """The form as it is handed out, its rows filled from the third on."""
    empty = client_as(users.supervision).get(reverse("duties:template"))
    content = b"".join(empty.streaming_content) if empty.streaming else empty.content

    def with_rows(*rows: dict[str, Any]) -> bytes:
        book = load_workbook(BytesIO(content))
        for number, row in enumerate(rows, start=3):
            for column, value in row.items():
                book.worksheets[0][f"{column}{number}"] = value
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    return with_rows


def send(browser: Client, content: bytes, name: str = "清单.xlsx") -> HttpResponse:
    return browser.post(reverse("duties:many"), {"file": SimpleUploadedFile(name, content)})  # type: ignore[return-value]


def read(browser: Client, content: bytes) -> tuple[str, str]:
    """The page of the list: its address, and what it says."""
    address = send(browser, content).headers["Location"]
    return address, browser.get(address).content.decode()


def test_a_sound_list_is_handed_out_as_a_whole(
    filled: Callable[..., bytes], users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    browser = client_as(users.supervision)
    second = {**GOOD, "A": "报送用地清单", "B": "全县", "C": "leader某", "D": "2023-07-05", "E": ""}
    address, page = read(browser, filled(GOOD, second))
    assert "没有问题" in page and "全部交办" in page
    assert not Duty.objects.exists()
    assert browser.post(address, {"issue": "1"}).headers["Location"] == reverse("duties:home")
    first, other = Duty.objects.order_by("pk")
    assert [(one.state, one.number) for one in (first, other)] == [
        ("issued", "示督交〔2023〕1号"), ("issued", "示督交〔2023〕2号"),
    ]  # fmt: skip
    assert (first.title, str(first.lead), first.person_id) == (
        "补报入库项目", "青石镇", users.clerk.pk,
    )  # fmt: skip
    assert (first.latest, first.best) == (date(2023, 6, 30), date(2023, 6, 20))
    assert (first.source, first.origin) == ("meeting", "6月5日调度会决定第4条")
    assert {str(one) for one in first.supporting.all()} == {"县工业和信息化局", "柳荷镇"}
    assert [(one["kind"], one["text"]) for one in first.things] == [
        ("line", "11+79个滞后项目"), ("org", "柳荷镇"),
    ]  # fmt: skip
    assert first.proof_asked == ["入库通知", "现场照片"]
    assert (str(other.lead), other.latest) == ("示例县", date(2023, 7, 5))


def test_a_list_is_taken_once(
    filled: Callable[..., bytes], users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    browser = client_as(users.supervision)
    address, _ = read(browser, filled(GOOD))
    browser.post(address)
    assert Duty.objects.get().state == "draft", "without “交办” they are kept as drafts"
    again = browser.post(address, {"issue": "1"})
    assert again.status_code == 422 and "已交办" in again.content.decode()
    assert Duty.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "cell", "label", "told"),
    [
        ({"A": ""}, "A4", "事项", "没有写要做什么"),
        ({"A": "很" * 301}, "A4", "事项", "有301个字，最多300个"),
        ({"B": ""}, "B4", "主办单位", "没有写主办单位"),
        ({"B": "青石县"}, "B4", "主办单位", "现在没有单位叫“青石县”"),
        ({"C": ""}, "C4", "承办人", "没有写承办人"),
        ({"C": "other_clerk某"}, "C4", "承办人", "青石镇没有在职的人叫“other_clerk某”"),
        ({"D": ""}, "D4", "最晚期限", "没有期限的事项不能交办"),
        ({"D": date(2023, 6, 5), "E": ""}, "D4", "最晚期限", "日期已经过去"),
        ({"D": "月底"}, "D4", "最晚期限", "“月底”不是日期"),
        ({"D": "2023-06-31"}, "D4", "最晚期限", "“2023-06-31”不是日期"),
        ({"E": date(2023, 7, 1)}, "E4", "力争期限", "力争期限不能晚于最晚期限"),
        ({"F": "柳荷镇、无此局"}, "F4", "协办单位", "现在没有单位叫“无此局”"),
        ({"G": "领导讲话"}, "G4", "来源", "“领导讲话”不是来源；来源要是"),
        ({"G": None}, "G4", "来源", "没有写来源；来源要是"),
        ({"H": "文" * 301}, "H4", "来源的名称或文号", "有301个字，最多300个"),
        ({"I": "clerk某"}, "I4", "分管领导", "没有认出领导“clerk某”"),
        ({"J": "办" * 2001}, "J4", "怎样办", "有2001个字，最多2000个"),
        ({"K": "物" * 501}, "K4", "对象", "有501个字，一项最多500个"),
        ({"L": f"照片、{'证' * 101}"}, "L4", "要交的凭证", "有101个字，一项最多100个"),
    ],
)
def test_what_is_wrong_is_told_by_cell_and_nothing_is_handed_out(
    filled: Callable[..., bytes], users: SimpleNamespace, client_as: Callable[..., Client],
    wrong: dict[str, Any], cell: str, label: str, told: str,
) -> None:  # fmt: skip
    browser = client_as(users.supervision)
    address, page = read(browser, filled(GOOD, {**GOOD, **wrong}))
    assert "1处要改" in page
    assert f'<th scope="row">{cell}</th>' in page and told in page
    assert f'data-label="哪一列">{label}<' in page
    assert "全部交办" not in page
    assert browser.post(address, {"issue": "1"}).status_code == 422
    assert not Duty.objects.exists(), "the good row is not handed out without the other"


def test_every_fault_of_every_row_at_once(
    filled: Callable[..., bytes], users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    _, page = read(client_as(users.supervision), filled({**GOOD, "D": ""}, {"A": "只写了事项"}))
    assert "5处要改" in page, "the day; unit, person, day and source"
    assert page.count("重新上传</a>") == 1
    faults, rows = page.split("<h2>读到的</h2>")
    assert faults.count(">只写了事项<") == 1, "named once, beside the first of its faults"
    assert rows.count('<span class="word">没有写</span>') == 2, "unit and person"


def test_whoever_left_between_reading_and_handing_out_is_told(
    filled: Callable[..., bytes], users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    browser = client_as(users.supervision)
    address, _ = read(browser, filled(GOOD))
    users.clerk.is_active = False
    users.clerk.save()
    refused = browser.post(address, {"issue": "1"})
    assert refused.status_code == 422
    assert "青石镇没有在职的人叫“clerk某”" in refused.content.decode()
    assert not Duty.objects.exists() and not Upload.objects.get().taken


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "这是空文件"),
        (b"PK\x03\x04 not a workbook", "打不开这个文件"),
        (b"%PDF-1.7", "打不开这个文件"),
    ],
)
def test_what_is_no_list_is_told_at_the_field(
    users: SimpleNamespace, client_as: Callable[..., Client], content: bytes, told: str
) -> None:
    refused = send(client_as(users.supervision), content)
    assert refused.status_code == 422 and told in refused.content.decode()
    assert not Upload.objects.exists()


def test_an_empty_form_and_another_head_are_told(
    filled: Callable[..., bytes], users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    browser = client_as(users.supervision)
    assert "从第3行起填，一行一件" in send(browser, filled()).content.decode()
    book = load_workbook(BytesIO(filled(GOOD)))
    book.worksheets[0]["D2"] = "什么时候"
    out = BytesIO()
    book.save(out)
    assert "第2行表头缺“最晚期限＊”" in send(browser, out.getvalue()).content.decode()


def test_too_many_are_told(
    filled: Callable[..., bytes], users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    refused = send(client_as(users.supervision), filled(*[GOOD] * 501))
    assert "表里有501件，一次最多500件" in refused.content.decode()


# -- whose list it is --------------------------------------------------------------------------


def test_a_colleague_neither_sees_nor_takes_another_s_list(
    filled: Callable[..., bytes], users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    address, _ = read(client_as(users.supervision), filled(GOOD))
    colleague = client_as(users.dispatch)
    assert colleague.get(address).status_code == 404
    assert colleague.post(address, {"issue": "1"}).status_code == 404
    assert not Duty.objects.exists()


@pytest.mark.parametrize("who", ["reader", "township_reader", "clerk", "owner", "stranger"])
def test_who_does_not_hand_out_uploads_nothing(
    filled: Callable[..., bytes], users: SimpleNamespace, client_as: Callable[..., Client],
    who: str, now: datetime,
) -> None:  # fmt: skip
    browser = client_as(getattr(users, who))
    mine = Upload.objects.create(
        name="清单.xlsx", content=filled(GOOD), by=getattr(users, who), at=now
    )
    address = reverse("duties:upload", args=[mine.pk])
    assert browser.get(reverse("duties:template")).status_code == 403
    assert send(browser, filled(GOOD)).status_code == 403
    assert browser.get(address).status_code == 403, "a list of one's own, the role gone since"
    assert browser.post(address, {"issue": "1"}).status_code == 403
    assert not Duty.objects.exists() and Upload.objects.count() == 1


# -- the people of one unit --------------------------------------------------------------------


def test_the_people_of_the_chosen_unit_are_offered(
    users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    browser = client_as(users.supervision)
    form = browser.get(reverse("duties:new")).content.decode()
    assert f'hx-get="{reverse("duties:persons")}"' in form and 'hx-target="#id_person"' in form
    for asked in ("lead", "org"):
        offered = browser.get(reverse("duties:persons"), {asked: "qingshi"}).content.decode()
        assert "clerk某" in offered and "township_head某" in offered
        assert "other_clerk某" not in offered and "township_reader某" not in offered
