"""Every chart of a page as Excel, under the page's own address: what is drawn, no more."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import openpyxl
from django.test import Client

PAGE = "/board/shilixian/retail/"


def _book(client: Client, url: str, chart: str, **asked: str) -> tuple[Any, bytes, str]:
    response = client.get(url, {"chart": chart, **asked})
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    name = unquote(response["Content-Disposition"].partition("filename*=utf-8''")[2])
    return openpyxl.load_workbook(BytesIO(content)).active, content, name


def test_the_file_says_what_it_is_of(leader: Client) -> None:
    sheet, _, name = _book(leader, PAGE, "level")
    assert name == "示例县-社会消费品零售总额-2023年1—5月-第1次运行-累计完成与目标.xlsx"
    assert sheet["A2"].value == (
        "示例县　社会消费品零售总额　2023年1—5月　数据截至2023年6月6日　第1次运行"
    )


def test_what_months_do_not_add_to_is_not_named_as_added_up(leader: Client) -> None:
    for chart, title in (("level", "各月与目标"), ("growth", "增速")):
        _, _, name = _book(leader, "/board/shilixian/loans/", chart)
        assert name == f"示例县-贷款余额-2023年5月-第1次运行-{title}.xlsx"


def test_a_row_each_month_and_the_pace_beside(leader: Client) -> None:
    sheet, content, _ = _book(leader, PAGE, "level")
    heads = [cell.value for cell in sheet[3]]
    assert heads == ["月份", "去年", "今年", "序时", "还需"]
    rows = {row[0]: dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(
        min_row=4, values_only=True)}  # fmt: skip
    assert rows["5月"]["今年"] == 44 and rows["5月"]["去年"] == 41.31
    assert rows["5月"]["序时"] == 50
    assert rows["12月"]["今年"] is None and rows["12月"]["序时"] == 120
    with ZipFile(BytesIO(content)) as file:
        drawn = file.read("xl/charts/chart1.xml").decode()
    # As on the page: this year stands out, last year stands behind.
    looks = re.findall(r"<c:v>(今年|去年)</c:v>.*?<a:ln w=\"(\d+)\"", drawn)
    assert looks == [("今年", "28575"), ("去年", "19050")]


def test_a_target_growth_is_a_line_of_its_own(leader: Client) -> None:
    sheet, _, _ = _book(leader, PAGE, "growth")
    heads = [cell.value for cell in sheet[3]]
    assert heads[-1].startswith("目标增速 8")
    assert {row[-1] for row in sheet.iter_rows(min_row=4, values_only=True)} == {8}


def test_what_is_not_released_is_in_no_chart(leader: Client, early: Client) -> None:
    profit = "/board/shilixian/profit/"
    for client, is_there in ((leader, False), (early, True)):
        sheet, _, _ = _book(client, profit, "level", run="1")
        cells = [cell.value for row in sheet.iter_rows() for cell in row]
        assert 5 in cells and (6.37 in cells) is is_there


def test_a_page_without_that_chart_says_so(leader: Client) -> None:
    assert leader.get(PAGE, {"chart": "nothing"}).status_code == 404


def test_every_chart_offers_both(leader: Client) -> None:
    page = leader.get(PAGE).content.decode()
    assert page.count('data-save-chart="') == page.count("&amp;chart=") == page.count(
        'data-chart="') > 1  # fmt: skip
    assert 'data-told="示例县　社会消费品零售总额　2023年1—5月　数据截至2023年6月6日' in page
