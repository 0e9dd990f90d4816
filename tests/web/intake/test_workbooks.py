"""The pre-filled form out and in again; a unit's own table; what cannot be taken."""

from __future__ import annotations

import re
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

from diaodu.web.intake import actions
from diaodu.web.intake.models import Explanation, ReturnCell, Upload
from diaodu.web.intake.queries import Form, form_of
from diaodu.web.intake.queries.forms import Key
from diaodu.web.intake.views import workbooks as views

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
    """Write into the open cells of the form's first input column, from the top."""
    opened = [
        cell for row in book.worksheets[0].iter_rows() for cell in row
        if cell.protection.locked is False
    ]  # fmt: skip
    inputs = [cell for cell in opened if cell.column == opened[0].column]
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


def test_what_is_wrong_is_listed_at_once_and_what_passed_page_by_page(
    history: None, form: Form, people: SimpleNamespace, client_as: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(views, "_A_PAGE", 1)
    client = client_as(people.clerk)
    answer = send(client, form, fill(download(client, form), 66300, 41900, 50000))
    first = client.get(answer.url).content.decode()
    second = client.get(answer.url, {"page": "2"}).content.decode()
    for page, number in ((first, "66,300"), (second, "41,900")):
        wrong, passed = page.split("核对通过的数", 1)
        assert "要改或要说明的数" in wrong and "<b>50,000</b>" in wrong
        assert f"<b>{number}</b>" in passed and "共2页" in passed


def test_the_form_filled_in_excel_is_taken_with_its_cells(
    history: None, form: Form, people: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    client = client_as(people.clerk)
    answer = send(client, form, fill(download(client, form), 66300, "一些", 13), "五月.xlsx")
    shown = client.get(answer.url).content.decode()
    assert "“一些”不是数" in shown and "取入草稿2格" in shown
    client.post(url(form, "take", Upload.objects.get().pk), {"seen": "0"})
    cells = {one.indicator: one for one in ReturnCell.objects.all()}
    assert {name: str(one.value) for name, one in cells.items()} == {
        "investment": "66300", "firms": "13",
    }  # fmt: skip
    assert cells["firms"].file == "五月.xlsx" and cells["firms"].place and cells["firms"].sha256


def test_the_annotated_copy_says_what_was_found_at_its_cell(
    history: None, form: Form, people: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    client = client_as(people.clerk)
    send(client, form, fill(download(client, form), 58000, 41900, 900))
    answer = client.get(url(form, "annotated", Upload.objects.get().pk))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    said = " ".join(
        cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row
        if cell.comment
    )  # fmt: skip
    assert "高于上限500家" in said and "58000万元" in said


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (Key("2023-05", "township", "liuhe"), "是给柳荷镇填的"),
        (Key("2023-04", "township", "qingshi"), "是2023年1—4月的"),
    ],
    ids=["another unit", "another period"],
)
def test_a_form_of_another_unit_or_period_is_refused_as_such(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], key: Key, told: str
) -> None:
    other = form_of(key)
    assert other is not None
    content = saved(download(client_as(people.statistics), other))
    answer = send(client_as(people.clerk), form, content)
    assert answer.status_code == 422 and told in answer.content.decode()


def test_a_form_downloaded_before_the_rules_changed_is_stale(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client],
    republish: Callable[[str, str], None],
) -> None:  # fmt: skip
    client = client_as(people.clerk)
    content = fill(download(client, form), 66300, 41900, 13)
    republish("indicators/all.yaml", "name: 规上工业企业数, unit: 家")
    answer = send(client, form, content)
    text = client.get(answer.url).content.decode()
    assert "以前下载的" in text and "取入草稿2格" in text


def test_what_is_typed_for_a_line_no_longer_asked_is_told(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client],
    republish: Callable[[str, str], None],
) -> None:  # fmt: skip
    republish("calendar/returns.yaml", "[investment, private_investment, firms]")
    client = client_as(people.clerk)
    data = {"key": list(form.cells), "text": ["66300", "", "13"], "seen": ["0"] * 3}
    answer = client.post(url(form, "save"), data, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    assert "有1格这张表不再要" in client.get(url(form)).content.decode()
    assert [one.given for one in ReturnCell.objects.all()] == ["66300"]


def test_an_explanation_written_in_the_form_answers_the_finding(
    history: None, form: Form, people: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    client = client_as(people.clerk)
    book = download(client, form)
    sheet = book.worksheets[0]
    heads = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value}
    content = fill(book, 58000, 41900, 13)
    line = next(cell.row for cell in heads.values() if cell.value == "固定资产投资")
    sheet.cell(line, heads["说明"].column, "上期多报，已核减")
    content = saved(book)
    send(client, form, content)
    client.post(url(form, "take", Upload.objects.get().pk), {"seen": "0"})
    assert Explanation.objects.get().text == "上期多报，已核减"


def test_reading_a_workbook_is_for_open_forms(
    form: Form, submitted: Any, people: SimpleNamespace, client_as: Callable[..., Client],
    frozen_clock: Callable[..., None],
) -> None:  # fmt: skip
    client = client_as(people.clerk)
    content = saved(download(client, form))
    frozen_clock(form.closes)
    answer = send(client, form, content)
    assert not Upload.objects.exists()
    assert "选择文件" not in answer.content.decode()


def test_a_figure_that_differs_in_its_last_zeros_is_no_change(
    form: Form, typed: Any, people: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    typed("66300.50", "41900", "13")
    client = client_as(people.clerk)
    answer = send(client, form, fill(download(client, form), 66300.5, 41901, 13), "五月.xlsx")
    shown = client.get(answer.url).content.decode()
    assert "其中1格有变化，2格和草稿一样" in shown and "取入草稿1格" in shown
    taken = client.post(url(form, "take", Upload.objects.get().pk), {"seen": "1"}, follow=True)
    assert "取了1格" in taken.content.decode()
    cells = {one.indicator: one.given for one in ReturnCell.objects.all()}
    assert cells == {"investment": "66300.50", "private_investment": "41,901", "firms": "13"}


def test_what_must_be_mended_is_told_apart_from_what_must_be_explained(
    history: None, form: Form, people: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    client = client_as(people.clerk)
    answer = send(client, form, fill(download(client, form), 58000, 41900, 501), "五月.xlsx")
    text = client.get(answer.url).content.decode()
    assert re.search('<span class="watch"><b>要说明</b>　[^<]*固定资产投资', text)
    assert re.search('<span class="bad"><b>必须改</b>　[^<]*规上工业企业数', text)


def test_a_figure_accepted_before_is_not_asked_about_again_in_a_workbook(
    form: Form, accepted: Any, people: SimpleNamespace, client_as: Callable[..., Client], now: Any
) -> None:
    actions.reopen(form=form, reason="漏统一个项目", until=None, by=people.clerk, at=now)
    client = client_as(people.clerk)
    answer = send(client, form, fill(download(client, form), 66500, 41900, 13), "五月.xlsx")
    text = client.get(answer.url).content.decode()
    assert "要说明" not in text and "其中1格有变化，2格和草稿一样" in text
