"""Workbooks of the board: what is shown, no more; numbers as numbers; charts of Excel's own."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import openpyxl
from django.test import Client

from diaodu.web.figures import actions


def _book(client: Client, url: str, **asked: str) -> tuple[Any, bytes, str]:
    response = client.get(url, asked)
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    name = unquote(response["Content-Disposition"].partition("filename*=utf-8''")[2])
    return openpyxl.load_workbook(BytesIO(content)), content, name


def _rows(sheet: Any) -> list[dict[str, Any]]:
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    heads = [str(one).replace("\n", "") for one in rows[0]]
    return [dict(zip(heads, row, strict=True)) for row in rows[1:]]


def test_the_table_as_numbers_and_words(leader: Client) -> None:
    book, _, name = _book(leader, "/board/export.xlsx")
    assert name == "示例县2023年1—5月一张表_第1次运行_截至2023-06-06.xlsx"
    sheet = book["一张表"]
    assert "数据截至2023年6月6日　第1次运行" in sheet["A2"].value
    rows = _rows(sheet)
    first = rows[0]
    assert first["累计"] == 44
    assert first["增速（%）"] == 6.5
    assert first["年度目标"] == 120
    assert first["序时差（百分点）"] == -5
    assert first["增速欠账（百分点，欠为正、超为负）"] == 1.5
    head = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    owed = sheet[4][head.index("增速欠账（百分点，欠为正、超为负）")]
    assert "欠" in owed.number_format and "超" in owed.number_format
    assert first["全市位次"] == 4 and first["参排个数"] == 5
    assert rows[1]["累计"] == "只发增速"
    assert rows[3]["年度目标"] == "未下达目标，不判达标"
    assert rows[5]["累计"] == "逾期未报"
    assert all(cell is not None for row in rows[:6] for cell in row.values())


def test_a_file_follows_the_filters_of_the_page(leader: Client) -> None:
    book, _, _ = _book(leader, "/board/export.xlsx", field="工业", sort="-growth")
    names = [row["指标"] for row in _rows(book["一张表"])[:3]]
    assert names == ["用电量", "规上工业利润总额", "规上工业企业数"]


def test_an_embargoed_figure_is_in_no_part_of_the_file(leader: Client, early: Client) -> None:
    for url in ("/board/export.xlsx", "/board/shilixian/profit/export.xlsx"):
        _, content, _ = _book(leader, url)
        assert not any(b"6.37" in part for part in _parts(content))
        _, content, _ = _book(early, url, run="1")
        assert any(b"6.37" in part for part in _parts(content))


def _parts(content: bytes) -> list[bytes]:
    with ZipFile(BytesIO(content)) as file:
        return [file.read(name) for name in file.namelist()]


def test_the_workbooks_hold_charts(leader: Client) -> None:
    for url in ("/board/export.xlsx", "/board/shilixian/retail/export.xlsx"):
        _, content, _ = _book(leader, url)
        with ZipFile(BytesIO(content)) as file:
            assert any(name.startswith("xl/charts/chart") for name in file.namelist())


def test_the_workbook_of_an_indicator(leader: Client) -> None:
    book, _, _ = _book(leader, "/board/shilixian/retail/export.xlsx")
    assert book.sheetnames[:7] == [
        "主要数字",
        "位次",
        "下级单位",
        "各乡镇的拉动",
        "后7个月",
        "去年6—12月",
        "版次",
    ]
    facts = {row["项"]: row["数"] for row in _rows(book["主要数字"])}
    assert facts["本期累计"] == 44
    assert facts["增速欠账"] == "欠1.5"
    assert [row["单位"] for row in _rows(book["位次"])][:2] == ["东林区", "西滩县"]


def test_a_name_that_begins_with_a_sign_stays_text(
    leader: Client, figure: Callable[..., Any], users: SimpleNamespace, now: Any
) -> None:
    actions.record(
        observations=[figure("retail", "shilixian", "2023-01/05", "level", "44.10",
                             received=now.date(), file="=cmd|' calc'!A1.xlsx")],
        by=users.statistics, at=now, origin="import",
    )  # fmt: skip
    book, _, _ = _book(leader, "/board/shilixian/retail/export.xlsx")
    cells = [cell for row in book["版次"].iter_rows() for cell in row if cell.value]
    risky = [cell for cell in cells if str(cell.value).startswith("=")]
    assert risky and all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_files_are_kept_by_nobody_on_the_way(leader: Client) -> None:
    assert leader.get("/board/export.xlsx")["Cache-Control"] == "no-store"
