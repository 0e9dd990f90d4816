"""A township's month as a form, and the ways in which people change one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from diaodu.adapters.forms_excel import (
    FilledForm,
    FormColumn,
    FormFault,
    FormInput,
    FormRow,
    FormSheet,
    read_form,
)

DAY = date(2023, 10, 8)
REASONS = ("本期没有发生", "尚未核定", "其他（写在说明栏）")


def _row(
    indicator: str, name: str, unit: str, figures: tuple[Any, Any, Any], **more: Any
) -> FormRow:
    last_year, last, current = (
        Decimal(one) if isinstance(one, str) and one[0].isdecimal() else one for one in figures
    )
    decimals = more.pop("decimals", 0)
    inputs = {"level": FormInput(decimals, last_year, last, current)}
    return FormRow(indicator, name, unit, "zhen1", "南坪镇", inputs=inputs, **more)


ROWS = (
    _row("investment", "固定资产投资", "万元", ("97500", "58240", None)),  # row 10 of the sheet
    _row("industry", "工业投资", "万元", ("31400", "22860", "25410"), depth=1),
    _row("private", "民间投资", "万元", ("52600", "41350", None), depth=1),
    _row("projects", "施工项目数", "个", ("23", "逾期未报", "21"), month=False),
    _row("tax", "税收收入", "亿元", ("4.31", "4.10", None), decimals=2),
    _row(
        "rate", "投诉办结率", "%", ("98.5", "无数据", None), decimals=1, month=False, growth=False
    ),
)


@pytest.fixture
def make_form() -> Callable[..., FormSheet]:
    def make(**changes: Any) -> FormSheet:
        known: dict[str, Any] = {
            "form_id": "township", "version": "3", "period": "2023-01..2023-09",
            "reporter": "zhen1", "return_id": "17", "title": "乡镇经济运行月报表",
            "reporter_name": "南坪镇人民政府", "period_label": "2023年1—9月",
            "last_year_label": "2022年1—9月", "last_label": "2023年1—8月",
            "deadline": "2023年10月9日18:00", "rows": ROWS, "reasons": REASONS,
            "contact": "疑问请联系县统计局", "signatures": ("统计员", "主要领导"),
        }  # fmt: skip
        return FormSheet(**{**known, **changes})

    return make


@pytest.fixture
def form(make_form: Callable[..., FormSheet]) -> FormSheet:
    return make_form()


@pytest.fixture
def two_facets(make_form: Callable[..., FormSheet]) -> FormSheet:
    """A department reporting level and growth for two townships; 企业数 has no growth."""
    rows = [
        FormRow(
            indicator, name, unit, org, org_name,
            inputs={
                "level": FormInput(0, Decimal(100), Decimal(80)),
                **({"growth": FormInput(1, Decimal("5.5"), "未发布")} if unit == "万元" else {}),
            },
        )
        for org, org_name in (("zhen1", "南坪镇"), ("zhen2", "北山镇"))
        for indicator, name, unit in (("output", "工业总产值", "万元"), ("firms", "企业数", "家"))
    ]  # fmt: skip
    columns = (FormColumn("level"), FormColumn("growth", "增速", "%", month=False, growth=False))
    return make_form(rows=tuple(rows), columns=columns, reporter="bureau", reporter_name="工信局")


@pytest.fixture
def edit() -> Callable[..., bytes]:
    """`edit(content, {"F10": 5}, change)`: as somebody would in a spreadsheet program."""

    def save(
        content: bytes, cells: dict[str, Any] | None = None,
        change: Callable[[Any, Any], None] | None = None,
    ) -> bytes:  # fmt: skip
        book = openpyxl.load_workbook(BytesIO(content))
        sheet = book.worksheets[0]
        for place, value in (cells or {}).items():
            sheet[place] = value
        if change is not None:
            change(book, sheet)
        stream = BytesIO()
        book.save(stream)
        return stream.getvalue()

    return save


@pytest.fixture
def typed(edit: Callable[..., bytes]) -> Callable[..., bytes]:
    """As `edit`, but what begins with = was typed as a text."""

    def save(content: bytes, cells: dict[str, Any]) -> bytes:
        def as_texts(_: Any, sheet: Any) -> None:
            for place in cells:
                if sheet[place].data_type == "f":
                    sheet[place].data_type = "s"

        return edit(content, cells, as_texts)

    return save


@pytest.fixture
def with_part() -> Callable[..., bytes]:
    """`with_part(content, name, part)`: a package with one part put in or replaced."""

    def build(content: bytes, name: str, part: bytes) -> bytes:
        stream = BytesIO()
        with ZipFile(BytesIO(content)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
            for info in old.infolist():
                if info.filename != name:
                    new.writestr(info.filename, old.read(info))
            new.writestr(name, part)
        return stream.getvalue()

    return build


@pytest.fixture
def read() -> Callable[..., FilledForm]:
    """The reading of a file that is one of our forms."""

    def read_ours(content: bytes, expect: FormSheet | None = None) -> FilledForm:
        found = read_form(content, received=DAY, expect=expect)
        assert isinstance(found, FilledForm), found
        return found

    return read_ours


@pytest.fixture
def only() -> Callable[[FilledForm], FormFault]:
    """The single fault of a reading."""

    def single(found: FilledForm) -> FormFault:
        assert len(found.faults) == 1, [one.message for one in found.faults]
        return found.faults[0]

    return single
