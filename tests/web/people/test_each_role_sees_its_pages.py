"""A fresh desk shows each role the pages it should see: with orgs and people only, then with rules,
before the first figure."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

TABLE, RETURNS, DATA, RUNS, RULES = "一张表", "报送", "数据", "运行", "规则"
AIMS = "目标"
TEXTS = "文稿"
DUTIES = ("预警", "督办", "会议", "催办")
PEOPLE, ACTS = "单位与人员", "操作记录"

MENUS = {
    "leader": [TABLE, *DUTIES, RETURNS, AIMS, DATA, TEXTS, RULES],
    "vice": [TABLE, *DUTIES, RETURNS, AIMS, DATA, TEXTS, RULES],
    "dispatch": [TABLE, *DUTIES, RETURNS, AIMS, DATA, RUNS, TEXTS, RULES],
    "statistics": [TABLE, *DUTIES, RETURNS, AIMS, DATA, RUNS, TEXTS, RULES],
    "owner": [TABLE, *DUTIES, RETURNS, AIMS, DATA, RUNS, TEXTS, RULES],
    "clerk": [TABLE, *DUTIES, RETURNS, AIMS, DATA, TEXTS, RULES],
    "supervision": [TABLE, *DUTIES, RETURNS, AIMS, DATA, TEXTS, RULES],
    "assessment": [TABLE, *DUTIES, AIMS, DATA, TEXTS, RULES],
    "admin": [RULES, PEOPLE, ACTS],
    "reader": [TABLE, *DUTIES, AIMS, DATA, TEXTS, RULES],
}


@pytest.mark.parametrize("role", MENUS)
@pytest.mark.parametrize("with_rules", [False, True], ids=["no rules yet", "rules"])
def test_each_page_of_the_menu_opens(users, client_as, role, with_rules, request):
    if with_rules:
        request.getfixturevalue("rules")
    client = client_as(getattr(users, role))
    first = client.get("/", follow=True)
    menu = first.context["menu"]
    assert [one.label for one in menu] == MENUS[role]
    own = reverse("tasks")
    start = next(one.url for one in menu if one.label == MENUS[role][0])
    assert first.request["PATH_INFO"] == (own if role == "clerk" else start)
    answers = {one.label: client.get(one.url) for one in menu}
    assert {label: one.status_code for label, one in answers.items()} == dict.fromkeys(
        MENUS[role], 200
    )
    for one in menu:
        here = [item.label for item in answers[one.label].context["menu"] if item.active]
        assert here == [one.label]


def test_someone_without_a_role_is_told_what_to_do(users, client_as):
    answer = client_as(users.stranger).get("/")
    assert answer.status_code == 200 and answer.context["menu"] == []
    assert "管理员" in answer.content.decode()
