"""The grid as people use it: pages, typing, pasting, spreading, Excel there and back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from diaodu.web.figures import actions as figures
from diaodu.web.figures import queries as figures_queries
from diaodu.web.targets import actions
from diaodu.web.targets.models import Edit, Line, Version

ORGS = ("shilixian", "chengdong", "qingshi", "liuhe")


@pytest.fixture
def office(
    client_as: Callable[..., Client], users: SimpleNamespace,
    frozen_clock: Callable[[datetime], None],
) -> Client:  # fmt: skip
    return client_as(users.dispatch)


def _url(version: Version, name: str = "grid", indicator: str = "tax") -> str:
    return reverse(f"targets:{name}", args=[version.pk, indicator, "level"])


def _values(tier: str = "assigned") -> dict[str, Decimal]:
    return {str(one.org_id): one.value for one in Line.objects.filter(tier=tier)}


# -- looking and typing --------------------------------------------------------------------------


def test_every_page_answers(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Any], office: Client
) -> None:
    put(draft, "assigned:shilixian:w=100 assigned:qingshi:w=99.99 own:shilixian:1=x")
    line = Line.objects.get(org="qingshi")
    for url in (
        reverse("targets:home"), reverse("targets:new"),
        reverse("targets:version", args=[draft.pk]),
        reverse("targets:lock", args=[draft.pk]), reverse("targets:compare", args=[2023]),
        reverse("targets:received", args=[2023]), _url(draft), _url(draft, "excel"),
        reverse("targets:line", args=[line.pk]),
    ):  # fmt: skip
        assert office.get(url).status_code == 200, url
    page = office.get(_url(draft)).content.decode()
    assert "还差0.01" in page and "“x”不是数" in page
    assert "按单位分解的合计99.99万元" in office.get(
        reverse("targets:lock", args=[draft.pk])
    ).content.decode()  # fmt: skip


def test_typing_saves_and_tells(draft: Version, office: Client) -> None:
    cells = [["own:shilixian:w", "1,200.50"], ["own:qingshi:3", "abc"]]
    answer = office.post(_url(draft, "save"), {"cells": json.dumps(cells), "seen": 0})
    told = answer.content.decode()
    assert answer.status_code == 200
    assert "本级自定　青石镇·3月" in told and "“abc”不是数" in told
    assert _values("own") == {"shilixian": Decimal("1200.50"), "qingshi": None}
    for bad in (
        "nonsense",
        json.dumps([["own:nobody:w", "1"]]),
        json.dumps([["own:qingshi:13", "1"]]),
    ):
        answer = office.post(_url(draft, "save"), {"cells": bad, "seen": 0})
        assert answer.status_code == 422 and "没有保存" in answer.content.decode()


def test_a_grid_asks_a_fixed_number_of_questions(
    draft: Version, put: Callable[..., Any], office: Client, django_assert_max_num_queries: Any
) -> None:
    cells = " ".join(
        f"{tier}:{org}:{column}=12"
        for tier in ("assigned", "own", "floor") for org in ORGS for column in ("w", "1", "12")
    )  # fmt: skip
    put(draft, cells)
    with django_assert_max_num_queries(18):
        office.get(_url(draft))
    entered = json.dumps([[f"own:{org}:{month}", "7"] for org in ORGS for month in range(1, 13)])
    with django_assert_max_num_queries(36):
        office.post(_url(draft, "save"), {"cells": entered, "seen": draft.changes})


# -- pasting ---------------------------------------------------------------------------------------


def _paste(office: Client, draft: Version, text: str, org: str, column: str) -> str:
    given = {"tier": "assigned", "org": org, "column": column, "text": text, "seen": 0}
    answer = office.post(_url(draft, "paste") + "?tier=assigned", given)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_block_goes_in_as_it_lies(draft: Version, office: Client) -> None:
    told = _paste(office, draft, "50\t4\n30\tx\n20\t1\n9\t9", "chengdong", "w")
    assert _values() == {"chengdong": 50, "qingshi": 30, "liuhe": 20}
    assert Line.objects.get(org="qingshi").typed == {"1": "x"}
    assert "2格没有地方放" in told
    assert "第4行第1列“9”：下面没有这么多行" in told and "第4行第2列“9”" in told
    assert "上级下达　青石镇·1月" in told


def test_names_and_months_decide(draft: Version, office: Client) -> None:
    block = '单位\t全年\t3月\n青石乡\t30\t3\n不知镇\t7\t\n示例县\t"1,000"\t\n'
    told = _paste(office, draft, block, "shilixian", "w")
    assert _values() == {"qingshi": 30, "shilixian": 1000}
    assert Line.objects.get(org="qingshi").months == {"3": "3"}
    assert "第3行第2列“7”：表格里没有“不知镇”这个单位" in told


# -- spreading -------------------------------------------------------------------------------------


@pytest.fixture
def last_year(rules: Any, now: datetime) -> None:
    """Cumulative levels of 2022: each month adds its number times the unit's size; 青石镇 has
    nothing for March."""
    rows = [
        figures.new_figure(
            indicator="tax", org=org, period=f"2022-01/{month:02}", facet="level", track="flash",
            received=date(2023, 1, 20), unit="万元", value=Decimal(size * month * (month + 1) // 2),
        )
        for size, org in ((6, "shilixian"), (3, "chengdong"), (2, "qingshi"), (1, "liuhe"))
        for month in range(2, 13)
        if (org, month) != ("qingshi", 3)
    ] + [
        figures.new_figure(
            indicator="tax", org=org, period="2022-01", facet="level", track="flash",
            received=date(2023, 1, 20), unit="万元", value=Decimal(size),
        )
        for size, org in ((6, "shilixian"), (3, "chengdong"), (1, "liuhe"))
    ]  # fmt: skip
    figures.record(observations=rows, by=None, at=now, origin="import")


def _spread(office: Client, draft: Version, what: str, **more: str) -> Any:
    given = {"tier": "assigned", "what": what, "org": "", "milestones": "", **more}
    return office.post(_url(draft, "spread"), given, follow=True)


def test_by_last_year_over_units_and_months(
    draft: Version, put: Callable[..., Any], office: Client, last_year: None
) -> None:
    put(draft, "assigned:shilixian:w=100")
    _spread(office, draft, "orgs:last_year")
    assert _values() == {"shilixian": 100, "chengdong": 50, "qingshi": 33, "liuhe": 17}
    answer = _spread(office, draft, "months:last_year", org="liuhe")
    months = Line.objects.get(org="liuhe").months
    assert sum(map(Decimal, months.values())) == 17 and len(months) == 12
    assert Decimal(months["12"]) > Decimal(months["1"])
    assert "已分好，改了12格" in answer.content.decode()
    answer = _spread(office, draft, "months:last_year", org="qingshi")
    assert answer.status_code == 422
    assert "青石镇：缺2022年1月、2022年2月、2022年3月、2022年4月的数" in answer.content.decode()


def test_other_shapes_sum_too(
    draft: Version, put: Callable[..., Any], office: Client
) -> None:  # fmt: skip
    put(draft, "assigned:shilixian:w=1000.01")
    for what, more in (
        ("months:linear", {}), ("months:days", {}), ("months:milestones", {"milestones": "6月60%"}),
    ):  # fmt: skip
        assert _spread(office, draft, what, **more).status_code == 200
        months = Line.objects.get().months
        assert sum(map(Decimal, months.values())) == Decimal("1000.01"), what
    assert sum(Decimal(months[str(month)]) for month in range(1, 7)) == Decimal("600.00")
    answer = _spread(office, draft, "months:milestones", milestones="六月过半")
    assert answer.status_code == 422 and "“六月过半”读不懂" in answer.content.decode()
    answer = _spread(office, draft, "months:workdays")
    assert "没有2023年的放假安排" in answer.content.decode()
    _spread(office, draft, "copy:assigned", tier="stretch")
    assert _values("stretch") == {"shilixian": Decimal("1000.01")}


def test_closed_units_get_nothing(
    draft: Version, put: Callable[..., Any], office: Client, users: Any, now: datetime
) -> None:
    from diaodu.web.people.models import Org

    Org.objects.filter(pk="liuhe").update(closed=date(2023, 6, 30))
    put(draft, "assigned:shilixian:w=100")
    _spread(office, draft, "orgs:linear")
    assert _values() == {"shilixian": 100, "chengdong": 50, "qingshi": 50}


def test_months_of_a_locked_version_are_phases_for_the_runs(
    draft: Version, put: Callable[..., Any], office: Client, lock: Callable[..., Any],
    users: Any, now: datetime,
) -> None:  # fmt: skip
    put(draft, "assigned:shilixian:w=120")
    _spread(office, draft, "months:linear")
    first = lock(draft)
    phases = {one.period: one.value for one in figures_queries.targets() if one.period}
    assert phases["2023-01/03"] == 30 and len(phases) == 11
    second = actions.rebase(version=first, reason="不分月", by=users.dispatch, at=now)
    put(second, " ".join(f"assigned:shilixian:{month}=" for month in range(1, 13)))
    lock(second, effective=date(2023, 7, 1))
    later = {one.period: (one.value, one.word) for one in figures_queries.targets() if one.period}
    assert set(later.values()) == {(None, "no_target")}
    still = figures_queries.targets(as_of=date(2023, 6, 30))
    assert {one.value for one in still if one.period == "2023-01/03"} == {Decimal(30)}


# -- Excel -----------------------------------------------------------------------------------------


def _form(office: Client, draft: Version) -> Any:
    answer = office.get(_url(draft, "excel"))
    return load_workbook(BytesIO(b"".join(answer.streaming_content)))


def _send(office: Client, draft: Version, book: Any) -> str:
    out = BytesIO()
    book.save(out)
    file = SimpleUploadedFile("填好.xlsx", out.getvalue())
    answer = office.post(_url(draft, "upload"), {"file": file}, follow=True)
    return answer.content.decode()


def test_excel_there_and_back(draft: Version, put: Callable[..., Any], office: Client) -> None:
    put(draft, "assigned:shilixian:w=100 assigned:qingshi:w=33.30 assigned:liuhe:w=未下达")
    book = _form(office, draft)
    sheet = book.worksheets[0]
    names = {str(row[1].value).strip("　"): row[0].row for row in sheet.iter_rows(min_row=5)}
    assert sheet.cell(names["青石镇"], 3).value == 33.3
    told = _send(office, draft, book)
    assert "改了0格" in told and Line.objects.get(org="qingshi").value.as_tuple().exponent == -2
    sheet.cell(names["青石镇"], 3).value = 8.33
    sheet.cell(names["城东街道"], 4).value = "不知道"
    sheet.cell(names["柳荷镇"] + 3, 3).value = 5
    told = _send(office, draft, book)
    assert Line.objects.get(org="qingshi").value == Decimal("8.33")
    assert Line.objects.get(org="chengdong").typed == {"1": "不知道"}
    assert "在添加的行里，没有读" in told and "改了2格" in told


def test_a_form_of_another_grid_is_refused(
    draft: Version, put: Callable[..., Any], office: Client
) -> None:
    put(draft, "assigned:shilixian:w=100")
    put(draft, "assigned:shilixian:w=5", indicator="industry_output")
    out = BytesIO()
    _form(office, draft).save(out)
    file = SimpleUploadedFile("填好.xlsx", out.getvalue())
    told = office.post(
        _url(draft, "upload", "industry_output"), {"file": file}, follow=True
    ).content.decode()  # fmt: skip
    assert "这是另一版、另一个指标或另一个类型的表" in told
    file = SimpleUploadedFile("别的.xlsx", b"PK nothing")
    told = office.post(_url(draft, "upload"), {"file": file}, follow=True).content.decode()
    assert "这不是从目标表格下载的Excel" in told


# -- who may ---------------------------------------------------------------------------------------


def test_owners_propose_and_the_office_decides(
    draft: Version, put: Callable[..., Any], client_as: Callable[..., Client], office: Client,
    users: SimpleNamespace,
) -> None:  # fmt: skip
    put(draft, "assigned:shilixian:w=100", indicator="industry_output")
    put(draft, "assigned:shilixian:w=7")
    own, other = (Line.objects.get(indicator=one) for one in ("industry_output", "tax"))
    owner = client_as(users.owner)
    given = {"value": "96.5", "reason": "2个项目推迟投产"}
    assert owner.post(reverse("targets:propose", args=[own.pk]), given).status_code == 302
    assert owner.post(reverse("targets:propose", args=[other.pk]), given).status_code in (403, 404)
    for name in ("leader", "clerk", "reader", "statistics", "neighbour", "stranger"):
        client = client_as(getattr(users, name))
        refused = client.post(reverse("targets:propose", args=[own.pk]), given)
        assert refused.status_code in (403, 404), name
    proposal = draft.proposals.get()
    url = reverse("targets:take", args=[proposal.pk])
    assert owner.post(url).status_code == 403
    assert office.post(url).status_code == 302
    own.refresh_from_db()
    assert own.value == Decimal("96.5")
    assert Edit.objects.filter(what="采用owner某的建议").exists()
    assert "已采用" in office.post(url, follow=True).content.decode()


def test_only_the_office_edits(
    draft: Version, put: Callable[..., Any], client_as: Callable[..., Client],
    users: SimpleNamespace,
) -> None:  # fmt: skip
    put(draft, "assigned:shilixian:w=7 assigned:qingshi:w=7")
    cells = {"cells": json.dumps([["assigned:qingshi:w", "8"]]), "seen": 0}
    for name in ("leader", "vice", "statistics", "owner", "clerk", "reader", "supervision"):
        client = client_as(getattr(users, name))
        assert client.post(_url(draft, "save"), cells).status_code == 403, name
    assert set(_values().values()) == {Decimal(7)}


def test_a_clerk_sees_own_rows_of_a_locked_version_alone(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Any],
    client_as: Callable[..., Client], users: SimpleNamespace,
) -> None:  # fmt: skip
    put(draft, "assigned:shilixian:w=711 assigned:qingshi:w=379 assigned:liuhe:w=332")
    clerk = client_as(users.clerk)
    assert clerk.get(_url(draft)).status_code == 404
    lock(draft)
    page = clerk.get(_url(draft)).content.decode()
    assert "711" in page and "379" in page and "332" not in page and "柳荷镇" not in page
    assert "还差332" not in page


def test_a_margin_is_declared_with_its_reason(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Any], office: Client
) -> None:
    put(draft, "assigned:shilixian:w=47.2 assigned:qingshi:w=40 assigned:liuhe:w=26.19")
    with pytest.raises(ValidationError, match=r"比示例县的目标47\.2万元多18\.99万元"):
        lock(draft)
    line = Line.objects.get(org="shilixian")
    url = reverse("targets:margin", args=[line.pk])
    answer = office.post(url, {"by": "org", "value": "18.99", "reason": ""})
    assert answer.status_code == 422 and "请写明为什么多分" in answer.content.decode()
    office.post(url, {"by": "org", "value": "18.98", "reason": "留有余地"})
    with pytest.raises(ValidationError, match=r"超过写明的余量18\.98万元"):
        lock(draft)
    office.post(url, {"by": "org", "value": "18.99", "reason": "留有余地"})
    assert "余量18.99" in office.get(_url(draft)).content.decode()
    lock(draft)


def test_a_locked_grid_shows_what_was_set_alone(
    draft: Version, put: Callable[..., Any], office: Client
) -> None:
    """Units without a target are places to fill in while it is a draft, and nothing after."""
    put(draft, "own:qingshi:w=30 floor:liuhe:w=5 floor:liuhe:12=5")
    assert office.get(_url(draft)).content.decode().count('data-org="chengdong"') == 2
    Version.objects.update(state="locked")
    page = office.get(_url(draft)).content.decode()
    rows = re.findall(r'data-org="(\w+)"', page)
    assert rows == ["shilixian", "qingshi", "shilixian", "liuhe"]
    assert page.count("没有分到月") == 3 and "没有填" in page
