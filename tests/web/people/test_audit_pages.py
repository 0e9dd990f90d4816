"""The chain of acts in the browser: found by person, thing, act and day; differences in words."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.db import transaction
from django.urls import reverse

import diaodu.web.people.actions as people_actions
from diaodu.web.people.apps import PeopleConfig
from diaodu.web.shared import acts, audit
from diaodu.web.shared.models import Act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def admin(users, client_as):
    return client_as(users.admin)


def act(at: datetime, by=None, **told) -> int:
    usual = {"action": "people.save_user", "thing": "people.User", "id": 7}
    with transaction.atomic():
        return audit.record(by=by, at=at, **{**usual, **told}).number


def found(admin, **asked) -> list[int]:
    page = admin.get(reverse("people:audit"), asked).context["page"]
    return [one.number for one in page.object_list]


def test_acts_are_found(admin, users, now):
    first = act(now - timedelta(days=2), users.clerk, reason="一")
    second = act(now, users.leader, action="people.grant", id=99, reason="二")
    assert found(admin, person="clerk某") == [first]
    assert found(admin, person="lead") == [second]
    assert found(admin, thing="99") == [second]
    assert found(admin, thing="人员")[:2] == [second, first]
    assert found(admin, action="people.grant") == [second]
    assert found(admin, since="2023-06-04", until="2023-06-04") == [first]
    assert found(admin, since="2023-06-05", person="某") == [second]


def test_days_are_days_here(admin, users, now):
    """Half past midnight here is still the day before in UTC."""
    late = act(now.replace(hour=0, minute=30), users.clerk)
    assert found(admin, since="2023-06-06", until="2023-06-06", person="clerk") == [late]
    assert found(admin, since="2023-06-05", until="2023-06-05", person="clerk") == []


def test_a_wrong_span_is_told(admin):
    page = admin.get(reverse("people:audit"), {"since": "2023-06-06", "until": "2023-06-01"})
    assert "“到”的日期早于“从”的日期" in page.content.decode()


def test_differences_are_in_words(now):
    number = act(
        now,
        before={"role": "clerk", "org": "qingshi", "early": False, "until": None, "name": "同"},
        after={"role": "owner", "org": "qingshi", "early": True, "until": now.date(), "name": "同"},
    )
    assert acts.changes(acts.get(number)) == [
        ("角色", "乡镇填报", "牵头部门"), ("发布前可看", "否", "是"),
        ("止", "（无）", "2023-06-06"),
    ]  # fmt: skip


def test_differences_inside_are_told_one_by_one(now):
    number = act(
        now, action="people.sync_orgs", thing="people.Org", id="*",
        before={"liuhe": {"name": "柳荷镇", "aliases": [], "level": "township"}},
        after={"liuhe": {"name": "柳荷街道", "aliases": ["柳荷镇"], "level": "township"}},
    )  # fmt: skip
    assert acts.changes(acts.get(number)) == [
        ("liuhe·名称", "柳荷镇", "柳荷街道"), ("liuhe·别名", "（无）", "柳荷镇"),
    ]  # fmt: skip


def test_an_act_has_a_page_with_everything(admin, users, now):
    number = act(now, users.clerk, reason="<b>因</b>", after={"name": "=cmd|x", "post": "a\nb"})
    page = admin.get(reverse("people:act", args=[number])).content.decode()
    assert "&lt;b&gt;因&lt;/b&gt;" in page and "=cmd|x" in page
    assert Act.objects.get(number=number).hash in page
    assert admin.get(reverse("people:act", args=[number + 1])).status_code == 404


def test_the_list_has_pages_and_costs_the_same_however_long(
    admin, users, now, django_assert_max_num_queries
):
    for _ in range(60):
        act(now, users.clerk)
    admin.get(reverse("people:audit"))
    with django_assert_max_num_queries(9):
        page = admin.get(reverse("people:audit"), {"page": 2}).content.decode()
    assert "第2页，共2页" in page


def test_what_was_found_is_exported(admin, users, now, tmp_path):
    act(now, users.clerk, reason="=1+1", after={"name": "x"})
    act(now, users.leader)
    answer = admin.get(reverse("people:audit_export"), {"person": "clerk"})
    file = tmp_path / "acts.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))
    sheet = openpyxl.load_workbook(file).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[1][1:8] == (
        "2023-06-06 10:00:00", "clerk某", "增加或改动人员", "人员", "7", "=1+1",
        "名称：（无） → x",
    )  # fmt: skip
    assert sheet["G2"].data_type == "s"


def test_every_act_of_this_room_has_words():
    sources = Path(people_actions.__file__).parent.glob("*.py")
    text = "".join(one.read_text() for one in sources)
    assert set(re.findall(r'"(people\.[a-z_]+)"', text)) == set(PeopleConfig.acts)
