"""What people send by mistake or worse: a plain message on the place it concerns."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from diaodu.web.intake.models import ReturnCell, Step, Upload
from diaodu.web.intake.queries import Form
from tests.web.intake.conftest import KEYS

pytestmark = pytest.mark.usefixtures("frozen_clock")


def url(form: Form, name: str = "form", *more: object) -> str:
    return reverse(f"intake:{name}", args=[*form.key, *more])


def send(client: Client, form: Form, content: bytes, name: str) -> Any:
    return client.post(url(form, "upload"), {"file": SimpleUploadedFile(name, content)})


def archive() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("word/document.xml", "<document/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("通知.pdf", b"%PDF-1.7\n" + b"x" * 200), ("通知.docx", archive()),
        ("月报.xlsx", archive()), ("月报.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("月报.xlsx", b"MZ" + bytes(range(256)) * 4), ("照片.jpg", b"\xff\xd8\xff\xe0" * 100),
        ("月报.csv", bytes(range(128, 256)) * 8),
    ],
    ids=["pdf", "docx", "zip as xlsx", "broken xls", "program as xlsx", "photo", "binary csv"],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_in_words_and_kept_nowhere(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], name: str,
    content: bytes,
) -> None:  # fmt: skip
    answer = send(client_as(people.clerk), form, content, name)
    text = answer.content.decode()
    assert answer.status_code == 422, text[-500:]
    place = text[text.index('class="drop"') :].partition("</form>")[0]
    told = place[place.index('role="alert"') :].partition("</p>")[0]
    assert "请" in told or "另存为" in told, told
    for word in (
        "Error",
        "Exception",
        "None",
        "openpyxl",
        "zip",
        "sources",
        "重新报送",
        "报送单位",
    ):
        assert word not in told, told
    assert not Upload.objects.exists()


NAMES = ["O'Brien\"的<表>.csv", "<script>alert(1)</script>.csv", "=cmd|'calc'!A0.csv", "..%2f..csv"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_is_only_text(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], name: str
) -> None:
    client = client_as(people.clerk)
    table = "2023年1—5月主要指标\n单位,固定资产投资（万元）\n青石镇,66300\n"
    answer = send(client, form, table.encode(), name)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "<script>alert" not in page and "<表>" not in page
    client.post(url(form, "take", Upload.objects.get().pk), {"seen": "0"})
    assert ReturnCell.objects.get().given
    text = client.get(url(form)).content.decode()
    assert "<script>alert" not in text and "<表>" not in text
    annotated = client.get(url(form, "annotated", Upload.objects.get().pk))
    assert annotated.status_code == 200
    assert "\n" not in annotated["Content-Disposition"]


@pytest.mark.parametrize(
    "text", ["=cmd|'/C calc'!A0", "<script>alert(1)</script>", "@SUM(A1)", "'; DROP TABLE x;--"]
)
def test_a_script_in_a_cell_is_told_and_never_run(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], text: str
) -> None:
    client = client_as(people.clerk)
    quoted = text.replace('"', '""')
    table = f'2023年1—5月主要指标\n单位,固定资产投资（万元）\n青石镇,"{quoted}"\n'
    answer = send(client, form, table.encode(), "报表.csv")
    page = client.get(answer.url).content.decode()
    assert "不是数" in page and "请在 B3 填数" in page
    assert "<script>alert" not in page
    copy = client.get(url(form, "annotated", Upload.objects.get().pk))
    book = load_workbook(BytesIO(b"".join(copy.streaming_content)))
    formulas = [
        cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
        if cell.data_type == "f"
    ]  # fmt: skip
    assert formulas == []
    typed = client.post(
        url(form, "save"), {"key": KEYS[0], "text": text, "seen": "0", "version": "0"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    said = typed.content.decode()
    assert typed.status_code == 200 and "不是数，请只填数字" in said
    assert "<script>alert" not in said


def test_a_submission_sent_twice_is_one(
    form: Form, typed: Any, people: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    sheet = typed("66300", "41900", "13").sheet
    client = client_as(people.clerk)
    for _ in range(2):
        text = client.post(url(form, "submit"), {"seen": sheet.version}, follow=True)
        assert "已提交" in text.content.decode()
    assert Step.objects.filter(act="submit").count() == 1


def test_a_fragment_after_the_session_ended_says_so_where_one_types(form: Form) -> None:
    answer = Client().post(
        url(form, "save"), {"key": KEYS[0], "text": "1"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 401 and "登录已过期" in answer.content.decode()
