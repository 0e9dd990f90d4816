"""对照: what places, means and relative targets are held against, in its cell, on its page, in
Excel, between two versions, and for the runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diaodu.web.figures import queries as figures
from diaodu.web.targets import actions, queries
from diaodu.web.targets.models import Line, Version
from diaodu.web.targets.queries.received import wanted_of
from diaodu.web.targets.queries.tree import said

pytestmark = pytest.mark.django_db
TAX = {"indicator": "tax", "org": "qingshi"}


@pytest.fixture
def rules_files(rules_files: dict[str, bytes]) -> dict[str, bytes]:
    projects = """
- {id: projects, name: 新入库项目数, unit: 个, basis: count, facets: [level], direction: high,
   decimals: 0, cadence: month, january: merged, owner: gongxinju, field: 投资}
"""
    return rules_files | {"indicators/projects.yaml": projects.encode()}


@pytest.fixture
def office(users: SimpleNamespace, client: Client, frozen_clock: Any) -> Client:
    client.force_login(users.dispatch)
    return client


def _line(**which: str) -> Line:
    return Line.objects.get(org="qingshi", **which)


@pytest.mark.parametrize(
    ("kind", "text", "kept", "again"),
    [
        ("relative", "规模以上工业总产值", "industry_output", "规模以上工业总产值"),
        (
            "relative",
            "规模以上工业总产值|示例县",
            "industry_output|shilixian",
            "规模以上工业总产值|示例县",
        ),
        ("relative", "示例县", "|shilixian", "|示例县"),
        ("relative", "|示例县", "|shilixian", "|示例县"),
        ("mean", "示例县", "shilixian", "示例县"),
        ("mean", "示例县各乡镇", "shilixian/township", "示例县各乡镇"),
        ("rank", "总量", "level", "总量"),
        ("rank", "总量｜示例县各乡镇", "level|shilixian/township", "总量|示例县各乡镇"),
        ("not_bottom", "示例县各乡镇", "shilixian/township", "示例县各乡镇"),
        ("rank", "", "", ""),
    ],
)
def test_what_is_written_is_read_and_shown_again(
    draft: Version, kind: str, text: str, kept: str, again: str
) -> None:
    assert queries.read_against(text, kind=kind, **TAX) == kept
    assert queries.written(kept, kind) == again
    assert queries.read_against(again, kind=kind, **TAX) == kept


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("relative", "规上产值", "规则里没有叫“规上产值”的指标"),
        ("relative", "规模以上工业总产值|云南", "规则里没有叫“云南”的单位"),
        ("relative", "税收收入", "对照就是它自己"),
        ("mean", "柳荷镇", "“柳荷镇”不是它的上级；可写的上级：示例县"),
        ("mean", "沿海组", "它在的分组：示例县各乡镇"),
        ("rank", "产值|示例县各乡镇", "“产值”不是总量也不是增速"),
        ("growth", "示例县", "不用写对照"),
    ],
)
def test_what_says_nothing_is_refused_with_what_to_do(
    draft: Version, kind: str, text: str, told: str
) -> None:
    with pytest.raises(queries.AgainstError, match=told.replace("|", r"\|")):
        queries.read_against(text, kind=kind, **TAX)


def test_a_cell_that_cannot_be_read_stays_and_blocks(
    draft: Version, put: Callable[..., Any], office: Client
) -> None:
    put(draft, "own:qingshi:w=1 own:qingshi:a=没有的镇", kind="mean")
    line = _line(kind="mean")
    assert (line.typed, line.against) == ({"a": "没有的镇"}, "")
    (one,) = [one for one in queries.obstacles(draft) if one.refused]
    assert one.text.startswith("对照的“没有的镇”不是它在的分组")
    assert one.todo == "改成规则里的名称，或清空"
    page = office.get(reverse("targets:grid", args=[draft.pk, "tax", "mean"])).content.decode()
    assert 'class="cell said must"' in page and 'value="没有的镇"' in page
    put(draft, "own:qingshi:a=示例县", kind="mean")
    line.refresh_from_db()
    assert (line.typed, line.against) == ({}, "shilixian")
    assert not [one for one in queries.obstacles(draft) if one.refused]


def test_words_of_the_value(draft: Version, put: Callable[..., Any]) -> None:
    put(draft, "own:qingshi:w=不低于", kind="mean")
    put(draft, "own:qingshi:w=2倍 own:qingshi:a=示例县", kind="relative")
    mean, relative = _line(kind="mean"), _line(kind="relative")
    assert (mean.value, mean.unit) == (Decimal(0), "百分点")
    assert (relative.value, relative.unit) == (Decimal(2), "倍")
    assert said(wanted_of(mean)) == "增速不低于示例县平均"
    assert said(wanted_of(relative)) == "增速不低于示例县增速的2倍"
    assert put(draft, "own:qingshi:w=2倍", kind="relative").changed == 0
    put(draft, "own:qingshi:w=2", kind="relative")
    relative.refresh_from_db()
    assert (relative.value, relative.unit) == (Decimal(2), "百分点")
    put(draft, "own:qingshi:6=2倍", kind="relative")
    relative.refresh_from_db()
    assert relative.typed == {"6": "2倍"}


def test_a_line_without_a_value_is_kept(draft: Version, put: Callable[..., Any]) -> None:
    put(draft, "own:qingshi:a=示例县", kind="mean")
    (one,) = queries.obstacles(draft)
    assert (one.text, _line(kind="mean").against) == ("没有全年目标值", "shilixian")
    put(draft, "own:qingshi:a=", kind="mean")
    assert not Line.objects.exists()


def test_the_page_of_a_line_has_its_field(
    draft: Version, put: Callable[..., Any], office: Client
) -> None:
    put(draft, "own:qingshi:w=3", kind="rank")
    line = _line(kind="rank")
    url = reverse("targets:line", args=[line.pk])
    assert "如“总量|示例县各乡镇”" in office.get(url).content.decode()
    given = {"comparator": "within", "seen": str(draft.changes)}
    refused = office.post(url, {**given, "against": "产值|示例县各乡镇", "text": "争先"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "“产值”不是总量也不是增速" in page and "产值|示例县各乡镇" in page and "争先" in page
    assert office.post(url, {**given, "against": "总量"}).status_code == 302
    line.refresh_from_db()
    assert line.against == "level"
    put(draft, "own:qingshi:w=3", kind="level")
    other = reverse("targets:line", args=[_line(kind="level").pk])
    assert 'name="against"' not in office.get(other).content.decode()


def test_excel_there_and_back(draft: Version, put: Callable[..., Any], office: Client) -> None:
    put(draft, "own:qingshi:w=2倍 own:qingshi:a=示例县", kind="relative")
    place = [draft.pk, "tax", "relative"]
    answer = office.get(reverse("targets:excel", args=place))
    book = openpyxl.load_workbook(BytesIO(b"".join(answer)))  # type: ignore[arg-type]
    sheet = book.worksheets[0]
    assert [sheet.cell(4, at).value for at in (2, 3, 4)] == ["单位", "全年", "对照"]
    (row,) = [one for one in range(5, 12) if str(sheet.cell(one, 2).value).strip() == "青石镇"]
    assert [sheet.cell(row, at).value for at in (3, 4)] == ["2倍", "|示例县"]
    sheet.cell(row, 4).value = "规模以上工业总产值"
    out = BytesIO()
    book.save(out)
    file = SimpleUploadedFile("目标.xlsx", out.getvalue())
    office.post(reverse("targets:upload", args=place), {"file": file})
    assert _line(kind="relative").against == "industry_output"
    assert _line(kind="relative").unit == "倍"


def test_a_block_with_its_heads(draft: Version, put: Callable[..., Any], office: Client) -> None:
    put(draft, "own:qingshi:w=1", kind="mean")
    draft.refresh_from_db()
    text = "单位\t对照\t全年\n青石镇\t示例县各乡镇\t0.5\n柳荷镇\t示例县\t不低于"
    office.post(
        reverse("targets:paste", args=[draft.pk, "tax", "mean"]),
        {"tier": "own", "org": "qingshi", "column": "w", "text": text, "seen": draft.changes},
    )
    found = {one.org_id: (one.against, one.value) for one in Line.objects.filter(kind="mean")}
    assert found == {
        "qingshi": ("shilixian/township", Decimal("0.5")), "liuhe": ("shilixian", Decimal(0)),
    }  # fmt: skip


def test_versions_differ_by_it_and_runs_forget_the_old_one(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Version], users: SimpleNamespace,
    access: Callable[..., Any], now: datetime,
) -> None:  # fmt: skip
    put(draft, "own:qingshi:w=0 own:qingshi:a=示例县", kind="mean")
    first = lock(draft)
    second = actions.rebase(version=first, reason="改比乡镇平均", by=users.dispatch, at=now)
    put(second, "own:qingshi:a=示例县各乡镇", kind="mean")
    (change,) = queries.changes(first, second, 2023, access(users.dispatch))
    assert (change.before, change.after, change.what) == (
        "增速不低于示例县平均", "增速不低于同组平均", "对照",
    )  # fmt: skip
    lock(second, effective=now.date() + timedelta(days=9))
    stands = {one.against: (one.value, one.word) for one in figures.targets(year=2023)}
    assert stands == {"shilixian/township": (Decimal(0), None), "shilixian": (None, "no_target")}


def test_kinds_whose_number_goes_without_saying(
    draft: Version, lock: Callable[..., Version], users: SimpleNamespace, now: datetime
) -> None:
    for kind, indicator in (("sign", "tax"), ("yes_no", "projects")):
        actions.add_line(
            version=draft, indicator=indicator, kind=kind, tier="own", org="qingshi", text="",
            by=users.dispatch, at=now,
        )  # fmt: skip
    lock(draft)
    found = {one.kind: (one.value, one.word) for one in figures.targets(year=2023)}
    assert found == {"sign": (Decimal(0), None), "yes_no": (Decimal(1), None)}
    assert said(wanted_of(_line(kind="sign"))) == "增速由负转正"
