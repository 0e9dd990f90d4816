"""What is for the statistics office alone stays out of everybody else's files, and a figure put
right is traced to both of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from diaodu.web.people.models import Membership
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks.models import Version
from diaodu.web.runs import actions, queries
from diaodu.web.runs.models import Run
from diaodu.web.runs.queries import TraceNode
from tests.web.runs.conftest import level, run_now

RELEASE = datetime(2023, 6, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MAY = "2023-01/05"
CHECKS = """
- {id: same_number, kind: heaped, indicators: [tax], pattern: one_number, at_least: 3}
"""
CORRECTIONS = """
- {id: swapped, indicator: tax, org: qingshi, period: 2022年1—5月, from: 2000, to: 2200,
   reason: 两位数字颠倒, source: 青石镇更正函}
"""
HEAPED = "3个单位中有3个都是7777万元"


@pytest.fixture
def rules(rules_files: dict[str, bytes], county: Any, users: Any, now: datetime) -> Version:
    """The small rulebook with a check and a correction more, published by the statistician."""
    more = {
        "checks/statistics.yaml": CHECKS.encode(),
        "corrections/2022.yaml": CORRECTIONS.encode(),
    }
    imported = rulebooks.import_files(files={**rules_files, **more}, by=None, at=now, note="")
    assert imported.version is not None, imported.faults
    return rulebooks.publish(
        version_id=imported.version.id, by=users.statistics, at=now, note="初版", seen=None
    )


@pytest.fixture
def published(filed: Any, users: Any, now: datetime) -> Run:
    """A published run in which three townships have the very same figure."""
    filed([level("tax", org, MAY, 7777) for org in ("chengdong", "qingshi", "liuhe")])
    run = run_now(by=users.statistics, at=now)
    assert run.is_done, run.trouble
    return actions.publish(run=run, note="会", by=users.dispatch, at=now)


# -- files -------------------------------------------------------------------------------------


def texts(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(BytesIO(content))
    cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    return [str(value) for value in cells if value is not None]


def tells(client: Any, name: str) -> bool:
    answer = client.get(f"/runs/1/files/{name}/")
    assert answer.status_code == 200
    found = texts(b"".join(answer.streaming_content))
    assert "已更正" in found  # it has the findings that are for everybody
    return any(HEAPED in text for text in found)


@pytest.mark.parametrize("name", ["findings.xlsx", "tables.xlsx"])
def test_heaps_are_in_the_files_of_the_statistics_office_alone(
    published: Run, users: Any, client_as: Any, frozen_clock: Any, name: str
) -> None:
    frozen_clock(RELEASE)
    assert tells(client_as(users.statistics), name)
    for user in (users.leader, users.vice, users.dispatch, users.supervision, users.reader):
        assert not tells(client_as(user), name), user


def test_the_role_decides_on_the_day_of_the_download(
    published: Run, users: Any, client_as: Any, frozen_clock: Any
) -> None:
    frozen_clock(RELEASE)
    client = client_as(users.reader)
    assert not tells(client, "findings.xlsx")
    Membership.objects.create(user=users.reader, role="statistics", org_id="shilixian")
    assert tells(client, "findings.xlsx")


def test_pages_and_bulletin_keep_it_back_too(
    published: Run, users: Any, client_as: Any, access: Any, frozen_clock: Any
) -> None:
    frozen_clock(RELEASE)
    told = queries.findings(published, access(users.statistics), RELEASE)
    assert told.filter(code="heaped").count() == 1
    for user in (users.leader, users.dispatch, users.clerk):
        told = queries.findings(published, access(user), RELEASE)
        assert not told.filter(code="heaped").exists()
        page = client_as(user).get("/runs/1/").content.decode()
        assert HEAPED not in page
    assert HEAPED in client_as(users.statistics).get("/runs/1/").content.decode()


def test_without_such_findings_there_is_one_file_for_all(
    frozen: Run, access: Any, users: Any
) -> None:
    for name in ("findings.xlsx", "tables.xlsx", "bulletin.docx"):
        ours = queries.file_of(frozen, name, access(users.statistics))
        assert ours is not None
        assert queries.file_of(frozen, name, access(users.leader)) == ours


# -- traces ------------------------------------------------------------------------------------


def walk(node: TraceNode) -> Iterator[TraceNode]:
    yield node
    for one in node.inputs:
        yield from walk(one)


@pytest.fixture(params=["live", "frozen"])
def run(request: pytest.FixtureRequest) -> Run:
    found = request.getfixturevalue(request.param)
    return found["2023-05"] if request.param == "live" else found


def test_a_growth_over_a_base_put_right(run: Run, access: Any, users: Any, now: datetime) -> None:
    node = queries.trace(
        run, access(users.statistics), now, indicator="tax", org="qingshi", measure="growth"
    )
    assert node is not None
    assert node.shown == "0.5"
    assert node.formula == ("（本期 ÷ 上年同期 − 1）× 100（2022年1—5月数已更正：来数2000改为2200）")
    found = [one for one in walk(node) if one.kind == "observation" and "2022" in one.title]
    assert [(one.title, one.shown) for one in found] == [
        ("2022年1—5月 更正后的数", "2200"), ("2022年1—5月 来数", "2000"),
    ]  # fmt: skip
    right, came = (one.place for one in found)
    assert right is not None and came is not None
    assert (right.file, right.sheet, right.cell) == (came.file, came.sheet, came.cell)
    assert (right.document, right.reason, right.person, right.entered_at) == (
        "青石镇更正函", "来数2000改为2200：两位数字颠倒", "statistics某", now,
    )  # fmt: skip
    assert (came.document, came.received) == ("", date(2022, 6, 6))
    assert came.figure is not None  # it can be opened in 数据


def test_the_page_shows_both(
    live: Any, users: Any, client_as: Any, frozen_clock: Any, now: datetime
) -> None:
    frozen_clock(now)
    address = "/board/qingshi/tax/why/?run=live&period=2023-05&measure=growth"
    answer = client_as(users.statistics).get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    for text in (
        "2022年1—5月 更正后的数", "2022年1—5月 来数", "青石镇更正函",
        "来数2000改为2200：两位数字颠倒", "statistics某",
    ):  # fmt: skip
        assert text in page
