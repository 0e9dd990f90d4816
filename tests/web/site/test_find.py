"""The box that finds names: by name, alias, initials; nothing that one may not open."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from diaodu.web.figures import actions as figures
from diaodu.web.runs import actions as runs
from diaodu.web.site.find import Entry, fitting, loose

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("name", "asked", "is_found"),
    [
        ("社会消费品零售总额", "零售", True),
        ("社会消费品零售总额", "shxfp", True),
        ("社会消费品零售总额", "SHXFP", True),
        ("社会消费品零售总额", "lsze", True),
        ("社会消费品零售总额", "szls", False),
        ("重庆路街道", "cql", True),
        ("重庆路街道", "zql", True),
        ("厦门路", "xm", True),
        ("GDP增速", "gdpzs", True),
        ("规上工业增加值", "gs gy", True),
        ("规上工业增加值", "ＧＳ", True),
        ("5G基站", "5gjz", True),
        ("青石镇", "qsz1", False),
    ],
)
def test_names_and_initials(name: str, asked: str, is_found: bool) -> None:
    assert bool(fitting([Entry.of("one", name)], loose(asked))) is is_found


def test_the_best_stands_first() -> None:
    entries = [
        Entry.of("by initials", "社区劳动"), Entry.of("inside", "限上社零额"),
        Entry.of("alias", "社会消费品零售总额", "社零"), Entry.of("prefix", "社零增速"),
        Entry.of("whole", "社零"),
    ]  # fmt: skip
    assert [entry.id for entry, _ in fitting(entries, "社零")] == [
        "whole", "alias", "prefix", "inside",
    ]  # fmt: skip
    assert [entry.id for entry, _ in fitting(entries, "sl")] == [
        "whole", "alias", "prefix", "inside",
    ]  # fmt: skip
    assert fitting(entries, "社零")[1][1] == "社零"


@pytest.fixture
def county_run(rules: Any, users: SimpleNamespace, now: Any, settings: Any, tmp_path: Any,
               frozen_clock: Any) -> Any:  # fmt: skip
    settings.DIAODU_HOME = tmp_path
    rows = [
        figures.new_figure(
            indicator="tax", org=org, period="2023-01/05", facet="level", track="flash",
            received=now.date(), unit="万元", value=Decimal(1000), file="来表.xlsx", sheet="表1",
            cell="C5", sha256="a" * 64,
        )
        for org in ("shilixian", "qingshi", "liuhe")
    ]  # fmt: skip
    figures.record(observations=rows, by=None, at=now, origin="import")
    run = runs.freeze(period="2023-05", as_of=now.date(), note="", by=users.statistics, at=now)
    runs.carry_out(run_id=run.pk, now=lambda: now)
    run.refresh_from_db()
    return runs.publish(run=run, note="供会用", by=users.dispatch, at=now)


def _links(client: Client, asked: str) -> dict[str, str]:
    page = client.get("/find/", {"q": asked}).content.decode()
    return {
        name: url.replace("&amp;", "&")
        for url, name in re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', page)
    }


def test_every_link_opens_for_everybody(
    county_run: Any, users: SimpleNamespace, client_as: Callable[[Any], Client]
) -> None:
    """Whatever one finds, one may open."""
    for name in vars(users):
        client = client_as(getattr(users, name))
        found: dict[str, str] = {}
        for asked in (
            "g",
            "s",
            "d",
            "x",
            "y",
            "税",
            "镇",
            "县",
            "局",
            "市",
            "z",
            "w",
            "t",
            "q",
            "r",
        ):
            found |= _links(client, asked)
        for told, url in found.items():
            assert client.get(url, follow=True).status_code == 200, f"{name}: {told} {url}"


def test_nobody_finds_what_is_not_theirs(
    county_run: Any, users: SimpleNamespace, client_as: Callable[[Any], Client]
) -> None:
    leader, stranger = client_as(users.leader), client_as(users.stranger)
    assert "青石镇" in _links(leader, "qsz")
    assert "税收收入" in _links(leader, "shui") or "税收收入" in _links(leader, "sssr")
    assert "柳荷镇" in _links(client_as(users.leader), "lhz")
    assert "柳荷镇" not in _links(client_as(users.clerk), "lhz")
    assert "青石镇" in _links(client_as(users.clerk), "青石乡")
    for asked in ("qsz", "sssr", "青石", "一张表", "yzb"):
        assert _links(stranger, asked) == {}
    assert "操作记录" not in _links(leader, "操作")
    assert "操作记录" in _links(client_as(users.admin), "操作") or "操作记录" in _links(
        client_as(users.supervision), "操作"
    )


def test_under_the_box_stand_options(
    county_run: Any, users: SimpleNamespace, client_as: Callable[[Any], Client]
) -> None:
    answer = client_as(users.leader).get("/find/", {"q": "税"}, headers=HTMX).content.decode()
    assert '<a role="option"' in answer and "<html" not in answer
    none = client_as(users.leader).get("/find/", {"q": "没有这种东西"}, headers=HTMX)
    assert "没有找到“没有这种东西”" in none.content.decode()
    assert client_as(users.leader).get("/find/", {"q": ""}, headers=HTMX).content.strip() == b""


def test_odd_questions_are_answered(users: SimpleNamespace, client_as: Any, county: Any) -> None:
    """Without rules, runs or sense."""
    client = client_as(users.leader)
    for asked in ("<b>", "税" * 500, "%", "\x00", "一张表", "((("):
        assert client.get("/find/", {"q": asked}).status_code == 200
    assert "一张表" in _links(client, "yzb")


def test_a_bounded_number_of_questions(
    county_run: Any, users: SimpleNamespace, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_as(users.leader)
    client.get("/find/", {"q": "s"}, headers=HTMX)
    with django_assert_max_num_queries(14):
        client.get("/find/", {"q": "s"}, headers=HTMX)
