"""Users and their roles: what an administrator may and may not do."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from diaodu.web.people import actions, queries
from diaodu.web.people.models import Membership, OneTimeLink, User
from diaodu.web.shared import signals
from diaodu.web.shared.models import Act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

NONE_LEFT = "这样就没有管理员了。请先给另一个人管理员角色，再做这一步。"


@pytest.fixture
def admin(users, client_as):
    return client_as(users.admin)


@pytest.fixture
def indicators():
    """As the room of the rulebook would answer."""

    def answer(**_):
        return {"industry_va": "规模以上工业增加值", "retail": "社会消费品零售总额"}

    signals.indicator_names_asked.connect(answer)
    yield
    signals.indicator_names_asked.disconnect(answer)


def test_a_user_is_added_without_password_and_can_do_nothing_yet(admin, users):
    answer = admin.post(
        reverse("people:user_new"),
        {"username": "zhang.san", "name": "张三", "post": "统计员", "phone": "0990-1",
         "email": "zhang@desk.example"},
    )  # fmt: skip
    added = User.objects.get(username="zhang.san")
    assert answer.headers["Location"] == reverse("people:user", args=[added.pk])
    assert not added.has_usable_password()
    assert queries.access_of(added, date(2023, 6, 6)).grants == ()
    page = admin.get(reverse("people:user", args=[added.pk])).content.decode()
    assert "还没有设，请给设密码的链接" in page and "现在什么也看不到" in page
    assert Act.objects.latest("number").after == {
        "username": "zhang.san", "name": "张三", "post": "统计员", "phone": "0990-1",
        "email": "zhang@desk.example",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("username", "said"),
    [
        ("Reader", "用户名“Reader”已经有人用了，请换一个"),
        ("张 三", "用户名只能用汉字、字母、数字"),
        ("", "这个字段是必填项"),
    ],
)
def test_a_user_name_that_will_not_do(admin, username, said):
    answer = admin.post(reverse("people:user_new"), {"username": username, "name": "张三"})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_a_user_is_changed_and_only_what_changed_is_saved(admin, users):
    url = reverse("people:user_edit", args=[users.clerk.pk])
    admin.post(url, {"username": "clerk", "name": "李四", "post": "统计员", "phone": ""})
    users.clerk.refresh_from_db()
    assert (users.clerk.name, users.clerk.post) == ("李四", "统计员")
    act = Act.objects.latest("number")
    assert (act.before["name"], act.after["name"]) == ("clerk某", "李四")


def test_a_role_is_given_with_chosen_indicators_and_days(admin, users, indicators):
    url = reverse("people:membership_new", args=[users.stranger.pk])
    admin.post(
        url,
        {"role": "owner", "org": "gongxinju", "scope": "chosen", "indicators": ["industry_va"],
         "early": "on", "since": "2023-06-01", "until": "2023-12-31"},
    )  # fmt: skip
    access = queries.access_of(users.stranger, date(2023, 6, 6))
    assert access.may("fill", org="gongxinju", indicator="industry_va")
    assert not access.may("fill", org="gongxinju", indicator="retail")
    assert access.reads_early(org="gongxinju", indicator="industry_va")
    for day in (date(2023, 5, 31), date(2024, 1, 1)):
        assert queries.access_of(users.stranger, day).grants == ()
    for day in (date(2023, 6, 1), date(2023, 12, 31)):
        assert len(queries.access_of(users.stranger, day).grants) == 1
    page = admin.get(reverse("people:user", args=[users.stranger.pk])).content.decode()
    assert "规模以上工业增加值" in page and "发布前看数" in page


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"role": "clerk", "early": "on"}, "early", "发布前可看的只能是发改/调度、统计、牵头部门"),
        ({"role": "clerk", "org": ""}, "org", "这个字段是必填项"),
        ({"scope": "chosen"}, "indicators", "请至少选一个指标，或者选“全部指标”"),
        ({"since": "2023-07-01", "until": "2023-06-30"}, "until", "止的日期早于起的日期"),
        ({"role": "king"}, "role", "king"),
        ({"org": "nowhere"}, "org", "nowhere"),
        ({"scope": "chosen", "indicators": ["made_up"]}, "indicators", "made_up"),
    ],
)
def test_a_role_that_will_not_do(admin, users, indicators, given, field, said):
    url = reverse("people:membership_new", args=[users.stranger.pk])
    answer = admin.post(url, {"role": "reader", "org": "qingshi", "scope": "all", **given})
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[field])
    assert users.stranger.memberships.count() == 0


def test_all_orgs_at_once_are_for_administrators_alone(users, client_as, now):
    actions.grant(user=users.neighbour, role="admin", org=None, by=users.admin, at=now)
    client = client_as(users.neighbour)
    url = reverse("people:membership_new", args=[users.stranger.pk])
    answer = client.post(url, {"role": "reader", "org": "*", "scope": "all"})
    assert "请选单位；只有管理员可以管全部单位" in answer.content.decode()
    assert client.post(url, {"role": "admin", "org": "*", "scope": "all"}).status_code == 302
    assert queries.access_of(users.stranger, now.date()).roots("people") == ("",)


def test_the_same_role_is_not_given_twice(admin, users):
    url = reverse("people:membership_new", args=[users.clerk.pk])
    answer = admin.post(url, {"role": "clerk", "org": "qingshi", "scope": "all"})
    assert "这个人在这个单位已经有这个角色，请直接改那一项" in answer.content.decode()


def test_a_role_is_changed_and_taken_away_at_once(admin, users, client_as):
    held = users.reader.memberships.get()
    clerk = client_as(users.clerk)
    url = reverse("people:membership_edit", args=[held.pk])
    admin.post(url, {"role": "dispatch", "org": "shilixian", "scope": "all"})
    assert queries.access_of(users.reader, date(2023, 6, 6)).roles == {"dispatch"}
    act = Act.objects.latest("number")
    assert (act.action, act.before["role"], act.after["role"]) == (
        "people.change_grant", "reader", "dispatch",
    )  # fmt: skip
    admin.post(reverse("people:membership_revoke", args=[users.clerk.memberships.get().pk]))
    assert queries.access_of(users.clerk, date(2023, 6, 6)).grants == ()
    assert clerk.get(reverse("people:account")).context["permissions"] == []


def test_nobody_gives_a_role_to_himself_or_changes_his_own(admin, users, now):
    url = reverse("people:membership_new", args=[users.admin.pk])
    answer = admin.post(url, {"role": "statistics", "org": "shilixian", "scope": "all"})
    assert "不能改自己的权限，请另一位管理员办理" in answer.content.decode()
    own = users.admin.memberships.get()
    admin.post(reverse("people:membership_revoke", args=[own.pk]))
    admin.post(reverse("people:user_active", args=[users.admin.pk]), {"active": "0", "reason": "x"})
    users.admin.refresh_from_db()
    assert users.admin.is_active and users.admin.memberships.count() == 1


def test_the_last_administrator_stays(users, now):
    """Also where one administrator acts on another whose powers are the only ones left."""
    actions.grant(user=users.stranger, role="admin", org="qingshi", by=users.admin, at=now)
    own = users.admin.memberships.get()
    for act in (
        lambda: actions.revoke(membership=own, by=users.stranger, at=now),
        lambda: actions.set_active(
            user=users.admin, active=False, by=users.stranger, at=now, reason="x"
        ),
        lambda: actions.change_grant(
            membership=own, role="reader", org="shilixian", by=users.stranger, at=now
        ),
        lambda: actions.change_grant(
            membership=own, role="admin", org="shilixian", until=now.date() - timedelta(days=1),
            by=users.stranger, at=now,
        ),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            act()
        assert refused.value.messages == [NONE_LEFT]
    users.admin.refresh_from_db()
    assert users.admin.is_active
    assert list(queries.administrators(now.date())) == [users.admin]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_at_once_do_not_both_succeed(users, now):
    actions.grant(user=users.stranger, role="admin", org=None, by=users.admin, at=now)
    start, said = Barrier(2), []

    def remove(victim: User, by: User) -> None:
        start.wait()
        try:
            actions.revoke(membership=victim.memberships.get(), by=by, at=now)
        except ValidationError as error:
            said.extend(error.messages)
        finally:
            connection.close()

    pair = (users.admin, users.stranger)
    threads = [Thread(target=remove, args=one) for one in (pair, pair[::-1])]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert said == [NONE_LEFT]
    assert queries.administrators(now.date()).count() == 1


def test_someone_switched_off_is_out_at_once_and_stays_in_the_records(admin, users, client_as):
    reader = client_as(users.reader)
    url = reverse("people:user_active", args=[users.reader.pk])
    assert admin.post(url, {"active": "0", "reason": ""}).status_code == 422
    admin.post(url, {"active": "0", "reason": "调离"})
    assert reader.get(reverse("people:account")).status_code == 302
    assert User.objects.filter(username="reader").exists()
    found = admin.get(reverse("people:users"), {"state": "off"}).context["page"].object_list
    assert [one.username for one in found] == ["reader"]
    admin.post(url, {"active": "1", "reason": "回来"})
    assert reader.get(reverse("people:account")).status_code == 200
    assert list(
        Act.objects.filter(action="people.set_active").values_list("reason", flat=True)
        .order_by("number")
    ) == ["调离", "回来"]  # fmt: skip


# -- one-time links --------------------------------------------------------------------------


def link_for(admin: Client, user: User) -> str:
    answer = admin.post(reverse("people:user_link", args=[user.pk]))
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.context["link"].removeprefix("http://testserver")


def test_a_link_sets_the_password_once(admin, users, client_as):
    signed_in = client_as(users.reader)
    link = link_for(admin, users.reader)
    assert OneTimeLink.objects.get().digest not in link
    visitor = Client()
    assert "您的用户名是<b>reader</b>" in visitor.get(link).content.decode()
    new = {"new_password1": "something-else-4826", "new_password2": "something-else-4826"}
    assert visitor.post(link, new).headers["Location"] == reverse("account_login")
    users.reader.refresh_from_db()
    assert users.reader.check_password("something-else-4826")
    assert signed_in.get(reverse("people:account")).status_code == 302  # out everywhere
    again = visitor.post(link, new)
    assert again.status_code == 410 and "链接已经用过" in again.content.decode()
    act = Act.objects.latest("number")
    assert (act.action, act.by) == ("people.use_link", users.reader)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("short", "short", "密码太短，至少10个字符"),
        ("something-else-4826", "something-else-4827", "不一致"),
        ("20230606101112", "20230606101112", "密码不能全是数字"),
    ],
)
def test_a_link_keeps_to_the_policy_and_stays_usable(admin, users, first, second, said):
    link = link_for(admin, users.reader)
    answer = Client().post(link, {"new_password1": first, "new_password2": second})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert OneTimeLink.objects.get().used_at is None


def test_a_link_lasts_24_hours(admin, users, now, frozen_clock):
    link = link_for(admin, users.reader)
    frozen_clock(now + timedelta(hours=24, seconds=-1))
    assert Client().get(link).status_code == 200
    frozen_clock(now + timedelta(hours=24))
    dead = Client().get(link)
    assert dead.status_code == 410 and "链接已过期" in dead.content.decode()


def test_a_newer_link_replaces_the_older_one(admin, users):
    old, new = link_for(admin, users.reader), link_for(admin, users.reader)
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 200


def test_a_made_up_link_is_dead_and_says_what_to_do(users):
    dead = Client().get(reverse("people:link", args=["made-up"]))
    assert dead.status_code == 410
    assert "请找本单位管理员要一个新的链接" in dead.content.decode()


def test_someone_switched_off_gets_no_link_and_cannot_use_one(admin, users):
    link = link_for(admin, users.reader)
    User.objects.filter(pk=users.reader.pk).update(is_active=False)
    assert "账号已停用" in Client().get(link).content.decode()
    answer = admin.post(reverse("people:user_link", args=[users.reader.pk]), follow=True)
    assert "账号已停用，请先启用，再给链接" in answer.content.decode()


# -- the list --------------------------------------------------------------------------------


def test_people_are_found_by_text_role_and_org(admin, users):
    def found(**asked):
        page = admin.get(reverse("people:users"), asked).context["page"]
        return {one.username for one in page.object_list}

    assert found(role="clerk") == {"clerk", "other_clerk"}
    assert found(org="qingshi") == {"clerk", "township_reader", "township_head"}
    assert found(org="qingshi", role="leader") == {"township_head"}
    assert found(q="SUPERV") == {"supervision"}
    assert found(state="none") == {"stranger"}
    assert len(found(org="shilixian")) == 13


def test_the_list_has_pages_and_costs_the_same_however_long(
    admin, users, now, django_assert_max_num_queries
):
    for one in range(60):
        user = actions.save_user(user=None, username=f"u{one:02}", name="某", by=None, at=now)
        actions.grant(user=user, role="reader", org="liuhe", by=None, at=now)
    admin.get(reverse("people:users"))
    with django_assert_max_num_queries(12):
        page = admin.get(reverse("people:users"), {"page": 2})
    assert "第2页，共2页" in page.content.decode()


def test_the_list_is_exported_as_text(admin, users, tmp_path):
    users.clerk.name = "=1+1"
    users.clerk.save()
    answer = admin.get(reverse("people:users_export"), {"role": "clerk"})
    file = tmp_path / "people.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))
    rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    assert rows[0][:2] == ("用户名", "姓名")
    assert rows[1][1] == "=1+1" and rows[1][5] == "乡镇填报（青石镇）"
    cell = openpyxl.load_workbook(file).active["B2"]
    assert cell.data_type == "s"


def test_the_page_of_a_user_costs_few_queries(admin, users, django_assert_max_num_queries):
    url = reverse("people:user", args=[users.owner.pk])
    admin.get(url)
    with django_assert_max_num_queries(18):
        admin.get(url)


def test_membership_in_words(users):
    held = Membership.objects.get(user=users.owner, org="shilixian")
    held.until = date(2023, 5, 31)
    assert held.told(date(2023, 6, 6)) == (
        "牵头部门（示例县，只限2个指标，发布前可看，2023年5月31日已到期）"
    )


# -- accounts without a role -------------------------------------------------------------------


@pytest.fixture
def town_admin(users, client_as):
    """An administrator of one township alone."""
    user = User.objects.create_user("town_admin", name="镇管理员")
    Membership.objects.create(user=user, role="admin", org_id="qingshi")
    return client_as(user)


def test_an_account_of_the_county_without_a_role_is_out_of_a_townships_reach(
    town_admin, admin, users
):
    """Whoever sets its password has it when the county gives it a role."""
    waiting = users.stranger.pk
    for name in ("people:user", "people:membership_new"):
        assert town_admin.get(reverse(name, args=[waiting])).status_code == 404
    for name in ("people:user_link", "people:user_edit", "people:membership_new"):
        told = {"role": "clerk", "org": "qingshi", "scope": "all", "username": "x", "name": "x"}
        assert town_admin.post(reverse(name, args=[waiting]), told).status_code == 404
    assert "stranger" not in town_admin.get(reverse("people:users")).content.decode()
    assert not users.stranger.memberships.exists() and not OneTimeLink.objects.exists()
    assert admin.get(reverse("people:user", args=[waiting])).status_code == 200


def test_an_administrator_goes_on_with_the_account_he_added(town_admin, users):
    town_admin.post(reverse("people:user_new"), {"username": "xiaoli", "name": "小李"})
    added = User.objects.get(username="xiaoli")
    town_admin.post(
        reverse("people:membership_new", args=[added.pk]),
        {"role": "clerk", "org": "qingshi", "scope": "all"},
    )
    assert added.memberships.get().org_id == "qingshi"
    assert town_admin.post(reverse("people:user_link", args=[added.pk])).status_code == 200
