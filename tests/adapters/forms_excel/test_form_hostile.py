"""Files nobody should upload as a form, and what is said of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from diaodu.adapters.forms_excel import (
    FilledForm,
    FormFault,
    FormSheet,
    Limits,
    NotAForm,
    read_form,
    write_form,
)

DAY = date(2023, 10, 8)
Read = Callable[..., list[FormFault]]


@pytest.fixture
def refuse() -> Read:
    """The faults of a file that cannot be read."""

    def refused(content: bytes, name: str = "上报.xlsx", **more: Any) -> list[FormFault]:
        found = read_form(content, received=DAY, name=name, **more)
        assert isinstance(found, list) and found
        assert all(one.severity == "hard" for one in found)
        return found

    return refused


def test_eleven_megabytes_are_not_opened(refuse: Read) -> None:
    assert refuse(b"PK\x03\x04" + bytes(11 * 1024 * 1024))[0].message == (
        "文件有11.0兆，超过上限10兆。太大的文件不读。"
        "请只留要报的表，删去图片和多余的行列，另存为 .xlsx 后再上传。"
    )


def test_the_limit_is_the_callers(form: FormSheet, refuse: Read) -> None:
    content = write_form(form)
    assert refuse(content, limits=Limits(len(content) - 1))[0].code == "too_big"
    assert isinstance(read_form(content, received=DAY, limits=Limits(len(content))), FilledForm)


def test_a_truncated_file(form: FormSheet, refuse: Read) -> None:
    content = write_form(form)
    for size in range(0, len(content), 97):
        assert refuse(content[:size])[0].code in ("truncated", "unreadable")
    assert refuse(content[: len(content) // 2])[0].message == (
        "“上报.xlsx”不完整：压缩包没有结尾，多半是拷贝或下载中断。请报送单位重新发送完整的文件。"
    )


def test_damaged_bytes_never_raise_nor_change_a_figure(form: FormSheet) -> None:
    content = write_form(form)
    values = {2: 25410, 4: 21}
    chance = random.Random(7)
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        found = read_form(bytes(damaged), received=DAY, expect=form)
        if isinstance(found, FilledForm):
            taken = {order: one.value for order, one in enumerate(found.cells, 1) if one.value}
            assert taken in ({}, values)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7 ...", "上报.xlsx", "“上报.xlsx”的内容是PDF 文件，不是能直接读的表格"),
        (b"\x89PNG\r\n\x1a\n....", "上报.xlsx", "“上报.xlsx”的内容是图片，不是能直接读的表格"),
        (
            b"<html><table></table>",
            "上报.xls",
            "“上报.xls”的内容是网页（HTML），不是能直接读的表格",
        ),
        (b"", "上报.xlsx", "“上报.xlsx”不完整：是 0 字节的空文件，多半是拷贝或下载中断"),
        (b"PK\x05\x06" + bytes(18), "上报.xlsx", "“上报.xlsx”的内容是压缩包，不是能直接读的表格"),
    ],
)
def test_a_wrong_extension(refuse: Read, content: bytes, name: str, said: str) -> None:
    assert refuse(content, name)[0].what == said


def test_a_password(form: FormSheet, refuse: Read) -> None:
    stream = BytesIO()
    OOXMLFile(BytesIO(write_form(form))).encrypt("geheim", stream)
    assert refuse(stream.getvalue())[0].message == (
        "“上报.xlsx”设有打开密码，读不出内容。取消打开密码，另存为 .xlsx 后再上传。"
    )


def test_an_xml_bomb(form: FormSheet, with_part: Callable[..., bytes]) -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    part = (
        f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY l0 "lol">{lol}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
    ).encode()
    found = read_form(
        with_part(write_form(form), "xl/worksheets/sheet1.xml", part), received=DAY, expect=form
    )
    assert isinstance(found, FilledForm) and not found.is_usable
    assert [one.code for one in found.faults] == ["unreadable", "table_lost"]
    assert "带有文档类型声明，正常的表格不会有" in found.faults[0].what


def test_a_zip_bomb(refuse: Read) -> None:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", bytes(60 * 1024 * 1024))
    assert "疑似压缩炸弹" in refuse(stream.getvalue())[0].what


def test_an_office_table_of_its_own_is_left_to_the_collector() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "南坪镇工业总产值"  # type: ignore[index]
    stream = BytesIO()
    book.save(stream)
    old = xlwt.Workbook()
    old.add_sheet("表").write(0, 0, "南坪镇工业总产值")
    old_stream = BytesIO()
    old.save(old_stream)
    text = "指标,1—9月\n工业总产值,5".encode("gb18030")
    for content, name in (
        (stream.getvalue(), "a.xlsx"), (old_stream.getvalue(), "a.xls"), (text, "a.csv"),
    ):  # fmt: skip
        found = read_form(content, received=DAY, name=name)
        assert isinstance(found, NotAForm)
        assert found.workbook.sheets and found.workbook.file == name
        assert found.workbook.received == DAY


def test_an_empty_workbook(refuse: Read) -> None:
    stream = BytesIO()
    openpyxl.Workbook().save(stream)
    found = read_form(stream.getvalue(), received=DAY)
    assert isinstance(found, list) and "没有任何内容" in found[0].what


@pytest.mark.parametrize("line", ['["end"', "[]", "null", '{"a":1}', "[" * 5000, '["form",1]'])
def test_keys_of_any_shape_are_refused(
    form: FormSheet, edit: Callable[..., bytes], line: str
) -> None:
    def change(book: Any, _: Any) -> None:
        book.worksheets[1]["A1"] = line

    found = read_form(edit(write_form(form), change=change), received=DAY)
    assert isinstance(found, FilledForm)
    assert [one.code for one in found.faults] == ["keys_changed"]
