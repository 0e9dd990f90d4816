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
from diaodu.web.people.models import Membership
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
        ("止", "（无）", "2023年6月6日"),
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
    with django_assert_max_num_queries(13):
        page = admin.get(reverse("people:audit"), {"page": 2}).content.decode()
    assert "第2页，共2页" in page


def test_what_was_found_is_exported(admin, users, now, tmp_path):
    act(now, users.clerk, id=0, reason="=1+1", after={"name": "x"})
    act(now, users.leader)
    answer = admin.get(reverse("people:audit_export"), {"person": "clerk"})
    file = tmp_path / "acts.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))
    sheet = openpyxl.load_workbook(file).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[1][1:9] == (
        "2023-06-06 10:00:00", "clerk某", "增加或改动人员", "人员", "0", "0", "=1+1",
        "名称：（无） → x",
    )  # fmt: skip
    assert sheet["H2"].data_type == "s"


def test_every_act_of_this_room_has_words():
    sources = Path(people_actions.__file__).parent.glob("*.py")
    text = "".join(one.read_text() for one in sources)
    assert set(re.findall(r'"(people\.[a-z_]+)"', text)) == set(PeopleConfig.acts)


# -- names in place of ids ---------------------------------------------------------------------


def returned(now, before, after, action="intake.save"):
    id = "township_monthly/2023-05/qingshi"
    return act(now, action=action, thing="intake.Return", id=id, before=before, after=after)


def test_things_have_their_names_and_a_way_there(admin, users, rules, now):
    act(now, id=users.clerk.pk)
    act(now, action="people.save_org", thing="people.Org", id="qingshi")
    act(now, action="rulebooks.publish", thing="rulebooks.Version", id=rules.pk)
    returned(now, None, None, "intake.open")
    act(now, action="runs.publish", thing="runs.Run", id=3)
    act(now, action="runs.rebuild_live", thing="runs.Run", id="live:2023-05")
    act(now, action="figures.record", thing="figures.Entry", id=12)
    page = admin.get(reverse("people:audit")).content.decode()
    for name, url in (
        ("clerk某", reverse("people:user", args=[users.clerk.pk])),
        ("青石镇", reverse("people:org", args=["qingshi"])),
        ("规则第1版", reverse("rulebooks:version", args=[rules.pk])),
    ):
        assert f'href="{url}">{name}</a>' in page
    # An administrator reads no figures: named, without a way there.
    for name in ("2023年5月 乡镇月报表 青石镇", "第3次运行", "2023年1—5月实时", "第12批"):
        assert f"　{name}</td>" in page
    assert "township_monthly" not in page


def test_what_changed_is_told_by_names(admin, rules, now):
    number = act(
        now, action="people.grant",
        after={"role": "owner", "org": "gongxinju", "indicators": ["tax", "industry_va"]},
    )  # fmt: skip
    page = admin.get(reverse("people:act", args=[number])).content.decode()
    assert "县工业和信息化局" in page and "gongxinju" not in page
    assert "税收收入、规模以上工业增加值" in page


def test_a_figure_kept_back_does_not_look_deleted(admin, client_as, users, rules, now):
    number = returned(
        now,
        {"qingshi|tax|level": "877.77"},
        {"qingshi|tax|level": "", "until": "2023-06-09T17:30:00+08:00"},
    )
    page = admin.get(reverse("people:act", args=[number])).content.decode()
    assert "青石镇 税收收入 总量" in page and "877.77" not in page
    assert acts.KEPT_BACK in page and page.count("（无）") == 1  # of the deadline, which had none
    assert "2023年6月9日 17:30" in page
    Membership.objects.create(user=users.statistics, role="admin", org_id="shilixian")
    page = client_as(users.statistics).get(reverse("people:act", args=[number])).content.decode()
    assert "877.77" in page


def test_what_is_no_figure_is_told_to_everyone(now):
    number = returned(now, None, {"state": "review", "place": 2, "round": 1}, "intake.sign")
    assert [one[::2] for one in acts.changes(acts.get(number))] == [
        ("状态", "待审核"), ("第几签", "2"), ("第几轮", "1"),
    ]  # fmt: skip
