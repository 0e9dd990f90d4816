"""Any table of any page as Excel, at the page's own address: what this reader reads there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client

from diaodu.web.duties import actions as duties
from diaodu.web.meetings import actions as meetings
from diaodu.web.shared import paging

MEETINGS = 35


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


@pytest.fixture
def met(listed: None, users: SimpleNamespace, now: datetime) -> None:
    """A meeting a day: more than a page of them."""
    for number in range(MEETINGS):
        meetings.plan(
            kind="dispatch", title=f"第{number}次调度会", held_at=now + timedelta(days=number + 1),
            place="", host="", run_id=None, by=users.dispatch, at=now,
        )  # fmt: skip


def test_a_list_in_pages_is_handed_out_whole(
    met: None, users: SimpleNamespace, client_as: Callable[[Any], Client]
) -> None:
    client = client_as(users.dispatch)
    assert "第1页，共2页" in client.get("/meetings/").content.decode()
    sheet, _ = _sheet(client, "/meetings/?page=2&table=0")
    titles = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {f"第{number}次调度会" for number in range(MEETINGS)} <= titles
    assert "只存前" not in str(sheet["A1"].value)


def test_what_is_cut_off_a_list_is_said(
    met: None, users: SimpleNamespace, client_as: Callable[[Any], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(paging, "MOST_LINES", 30)
    sheet, _ = _sheet(client_as(users.dispatch), "/meetings/?table=0")
    assert f"只存前30条，共{MEETINGS}条" in str(sheet["A1"].value)


def test_every_list_in_pages_is_one_that_is_handed_out_whole() -> None:
    """None of the rooms turns pages by itself, but for those that have an export of their own."""
    web = Path(paging.__file__).parents[1]
    by_themselves = {
        str(one.relative_to(web))
        for one in web.rglob("*.py")
        if "Paginator(" in one.read_text(encoding="utf-8")
    }
    assert by_themselves == {
        "shared/paging.py", "duties/views/lists.py", "warnings/views.py", "people/views/users.py",
        "people/views/audit.py",
    }  # fmt: skip


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
