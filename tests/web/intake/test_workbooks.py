"""The pre-filled form out and in again; a unit's own table; what cannot be taken."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from diaodu.web.intake.models import ReturnCell, Upload
from diaodu.web.intake.queries import Form

pytestmark = pytest.mark.usefixtures("frozen_clock")


def url(form: Form, name: str = "form", *more: object) -> str:
    return reverse(f"intake:{name}", args=[*form.key, *more])


def download(client: Client, form: Form) -> Any:
    answer = client.get(url(form, "download"))
    assert answer.status_code == 200
    return load_workbook(BytesIO(b"".join(answer.streaming_content)))


def send(client: Client, form: Form, content: bytes, name: str = "报表.xlsx") -> Any:
    return client.post(url(form, "upload"), {"file": SimpleUploadedFile(name, content)})


def saved(book: Any) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def fill(book: Any, *values: object) -> bytes:
    """Write into the open cells of the form, from the top."""
    sheet = book.worksheets[0]
    cells = [
        cell for row in sheet.iter_rows() for cell in row if cell.protection.locked is False
        and isinstance(cell.row, int) and cell.data_type in ("n", "s") and cell.number_format != "@"
    ]  # fmt: skip
    inputs = [cell for cell in cells if cell.value is None]
    for cell, value in zip(inputs, values, strict=False):
        cell.value = value
    return saved(book)


def table(rows: list[list[object]]) -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("月报")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return stream.getvalue()


def test_the_prefilled_form_carries_last_year_and_last_period(
    history: None, form: Form, people: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    book = download(client_as(people.clerk), form)
    values = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert {97500, 58240, 52600, 41350, 14, 13} <= values


def test_an_own_table_is_shown_before_it_is_taken(
    history: None, form: Form, people: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    client = client_as(people.clerk)
    content = table(
        [
            ["2023年1—5月主要指标"],
            ["单位", "固定资产投资（万元）", "民间投资（万元）", "用电量（万千瓦时）"],
            ["青石镇", 66300, 41900, 500],
            ["柳荷镇", 1000, 900, 400],
        ]
    )
    answer = send(client, form, content, "自己的表.xlsx")
    assert answer.status_code == 302
    made = Upload.objects.get()
    assert answer.url == url(form, "reading", made.pk)
    assert not ReturnCell.objects.exists()
    text = client.get(answer.url).content.decode()
    assert "66300" in text and "别的单位" in text and "本表不要这项数" in text
    taken = client.post(url(form, "take", made.pk), {"seen": "0"}, follow=True)
    assert "取了2格" in taken.content.decode()
    cell = ReturnCell.objects.get(indicator="investment")
    assert (str(cell.value), cell.file, cell.tab, cell.place) == (
        "66300", "自己的表.xlsx", "月报", "B3",
    )  # fmt: skip
    again = client.post(url(form, "take", made.pk), {"seen": "0"}, follow=True)
    assert "已经取过" in again.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("空.xlsx", b"", "是空的"),
        ("不是表.xlsx", b"PK\x03\x04" + b"x" * 50, "不完整"),
        ("太大.xlsx", b"x" * (10 * 1024 * 1024 + 1), "超过10兆"),
    ],
)
def test_a_wrong_file_is_told_beside_the_field(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], name: str,
    content: bytes, told: str,
) -> None:  # fmt: skip
    answer = send(client_as(people.clerk), form, content, name)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Upload.objects.exists()
