"""Any table of any page as Excel, at the page's own address: what this reader reads there."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client

from diaodu.web.duties import actions as duties


@pytest.fixture
def listed(rules: Any, users: SimpleNamespace, now: Any, frozen_clock: Any) -> None:
    frozen_clock(now)
    who = (("qingshi", users.clerk), ("liuhe", users.other_clerk))
    wanted = [
        duties.Wanted(title="=补报", source="meeting", lead=org, person=by.pk, latest=now.date())
        for org, by in who
    ]
    duties.hand_out(wanted=wanted, by=users.supervision, at=now)


def _sheet(client: Client, url: str) -> tuple[Any, str]:
    response = client.get(url)
    assert response.status_code == 200
    name = unquote(response["Content-Disposition"].partition("filename*=utf-8''")[2])
    return openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active, name


def test_a_table_is_handed_out_as_it_stands(
    listed: None, users: SimpleNamespace, client_as: Callable[[Any], Client]
) -> None:
    sheet, name = _sheet(client_as(users.supervision), "/duties/boards/?table=0")
    assert name.endswith("_2023-06-06.xlsx")
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert "导出2023-06-06 10:00" in str(sheet["A1"].value)
    assert "青石镇" in cells and "柳荷镇" in cells
    own, _ = _sheet(client_as(users.clerk), "/duties/boards/?table=0")
    assert "柳荷镇" not in {cell.value for row in own.iter_rows() for cell in row}


def test_what_may_not_be_read_is_not_handed_out(
    listed: None, users: SimpleNamespace, client_as: Callable[[Any], Client], client: Client
) -> None:
    assert client_as(users.leader).get("/people/acts/?table=0").status_code == 403
    assert client_as(users.stranger).get("/duties/boards/?table=0").status_code == 403
    assert client.get("/duties/boards/?table=0").status_code == 302


@pytest.mark.parametrize("place", ["99", "-1", "x", "", "9" * 50])
def test_a_table_that_is_none(
    listed: None, users: SimpleNamespace, client_as: Callable[[Any], Client], place: str
) -> None:
    client = client_as(users.supervision)
    assert client.get("/duties/boards/", {"table": place}).status_code == 404
