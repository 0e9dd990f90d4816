"""The tree of orgs in the browser: what is refused and why, what is written down."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.rules.models import Org as RuleOrg
from diaodu.web.people import actions, queries
from diaodu.web.people.models import Org
from diaodu.web.shared import audit
from diaodu.web.shared.models import Act
from diaodu.web.shared.signals import org_tree_changed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

NEW = {
    "id": "baihe", "name": "白河镇", "level": "township", "parent": "shilixian",
    "aliases": "白河乡、白河", "codes": "990101203 2019-01-01至\n990101999 至2018-12-31",
}  # fmt: skip


def told(id: str, **changes: object) -> dict[str, object]:
    """The edit form of an org as a browser would send it, with changes."""
    one = Org.objects.get(pk=id)
    form = {
        "name": one.name, "level": one.level, "parent": one.parent_id or "",
        "aliases": "、".join(one.aliases), "codes": "", "groups": "", "order": one.order or "",
        "opened": one.opened or "", "closed": one.closed or "", "version": one.version,
    }  # fmt: skip
    return {**form, **changes}


@pytest.fixture
def admin(users, client_as):
    return client_as(users.admin)


def test_an_org_is_added(admin, users):
    answer = admin.post(reverse("people:org_new"), NEW)
    assert answer.headers["Location"] == reverse("people:org", args=["baihe"])
    added = queries.engine_org(Org.objects.get(pk="baihe"))
    assert (added.name, added.parent, added.aliases) == ("白河镇", "shilixian", ("白河乡", "白河"))
    assert [(one.code, one.from_, one.to) for one in added.codes] == [
        ("990101203", date(2019, 1, 1), None), ("990101999", None, date(2018, 12, 31)),
    ]  # fmt: skip
    act = Act.objects.latest("number")
    assert (act.action, act.by, act.thing_id) == ("people.save_org", users.admin, "baihe")
    assert act.before is None and act.after["name"] == "白河镇"
    page = admin.get(reverse("people:org", args=["baihe"])).content.decode()
    assert "990101203（2019-01-01至今）" in page and "990101999（至2018-12-31）" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "白河"}, "编号只用小写字母、数字、下划线和短横，以字母或数字开头"),
        ({"id": "a/b"}, "编号只用小写字母、数字、下划线和短横，以字母或数字开头"),
        ({"id": "liuhe"}, "编号“liuhe”已经用了，是“柳荷镇”，请换一个"),
        ({"name": "柳荷镇"}, "“柳荷镇”也是“liuhe”的名称或别名，读表时分不清"),
        ({"aliases": "青石乡"}, "“青石乡”也是“qingshi”的名称或别名，读表时分不清"),
        ({"level": "city"}, "市“白河镇”写在县“示例县”之下，上下级颠倒"),
        ({"opened": "2023-02-01", "closed": "2022-01-31"},
         "设立日期（2023-02-01）晚于撤销日期（2022-01-31）"),
        ({"codes": "99 一直"}, "第1行“99 一直”读不懂。每行写一个代码，有时段的接着写"),
        ({"codes": "99 2023-02-31至"}, "第1行“99 2023-02-31至”读不懂"),
        ({"opened": "去年"}, "输入一个有效的日期"),
        ({"name": ""}, "这个字段是必填项"),
        ({"name": "长" * 101}, "100"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_written(admin, changes, said):
    acts = Act.objects.count()
    answer = admin.post(reverse("people:org_new"), {**NEW, **changes})
    assert (answer.status_code, said in answer.content.decode()) == (422, True), answer.context[
        "form"
    ].errors
    assert not Org.objects.filter(name="白河镇").exists() and Act.objects.count() == acts


def test_everything_wrong_is_told_at_once(admin):
    form = admin.post(
        reverse("people:org_new"),
        {**NEW, "level": "city", "opened": "2023-02-01", "closed": "2022-01-31"},
    ).context["form"]
    assert set(form.errors) == {"parent", "closed"}


def test_an_org_cannot_come_under_itself(admin):
    answer = admin.post(
        reverse("people:org_edit", args=["shilixian"]), told("shilixian", parent="qingshi")
    )
    assert "上级关系成了圈" in answer.content.decode() or "上下级颠倒" in answer.content.decode()
    assert Org.objects.get(pk="shilixian").parent_id == "shilishi"


def test_an_org_is_renamed_and_its_old_name_kept_as_alias(admin):
    admin.post(
        reverse("people:org_edit", args=["liuhe"]),
        told("liuhe", name="柳荷街道", aliases="柳荷镇", reason="某政函〔2023〕8号"),
    )
    one = Org.objects.get(pk="liuhe")
    assert (one.name, one.aliases, one.version) == ("柳荷街道", ["柳荷镇"], 1)
    act = Act.objects.latest("number")
    assert (act.before["name"], act.after["name"], act.reason) == (
        "柳荷镇", "柳荷街道", "某政函〔2023〕8号",
    )  # fmt: skip


def test_saving_without_a_change_writes_nothing(admin):
    acts = Act.objects.count()
    admin.post(reverse("people:org_edit", args=["liuhe"]), told("liuhe"))
    assert Act.objects.count() == acts and Org.objects.get(pk="liuhe").version == 0


def test_two_edit_at_once_and_the_second_is_told_and_loses_nothing(admin):
    first = told("liuhe", name="柳荷街道")
    second = told("liuhe", name="柳河镇", aliases="柳荷")
    url = reverse("people:org_edit", args=["liuhe"])
    assert admin.post(url, first).status_code == 302
    answer = admin.post(url, second)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "别人刚改过这个单位" in page and "现在的内容：柳荷街道" in page
    assert 'value="柳河镇"' in page and 'name="version" value="1"' in page
    assert Org.objects.get(pk="liuhe").name == "柳荷街道"
    assert admin.post(url, {**second, "version": 1}).status_code == 302
    assert Org.objects.get(pk="liuhe").name == "柳河镇"


def test_an_org_is_closed_after_a_page_that_says_what_hangs_on_it(admin):
    url = reverse("people:org_close", args=["liuhe"])
    page = admin.get(url).content.decode()
    assert "撤销后，从第二天起不再要它报数" in page and "other_clerk某（乡镇填报）" in page
    refused = admin.post(url, {"closed": "2023-06-30", "version": 0, "reason": ""})
    assert refused.status_code == 422
    done = admin.post(url, {"closed": "2023-06-30", "version": 0, "reason": "撤并"})
    assert done.status_code == 302
    assert Org.objects.get(pk="liuhe").closed == date(2023, 6, 30)
    assert "liuhe" in {one.pk for one in queries.orgs_on(date(2023, 6, 30))}
    assert "liuhe" not in {one.pk for one in queries.orgs_on(date(2023, 7, 1))}


def test_an_org_with_open_children_is_not_closed(admin):
    url = reverse("people:org_close", args=["shilixian"])
    answer = admin.post(url, {"closed": "2023-06-30", "version": 0, "reason": "撤并"})
    assert answer.status_code == 422
    assert "下面还有5个单位到那天没有撤销：县统计局、县工业和信息化局" in answer.content.decode()
    assert Org.objects.get(pk="shilixian").closed is None


def test_an_org_does_not_outlive_what_it_stands_under(users, now):
    actions.close_org(
        id="donglinqu", version=0, closed=date(2023, 5, 31), by=users.admin, at=now, reason="撤并"
    )
    with pytest.raises(ValidationError) as refused:
        actions.save_org(
            org=RuleOrg(id="xincheng", name="新城街道", level="township", parent="donglinqu"),
            version=None, by=users.admin, at=now,
        )  # fmt: skip
    assert refused.value.message_dict == {
        "parent": ["上级单位“东林区”2023-05-31已撤销，请选还在的单位"]
    }


def test_the_rules_follow_in_the_same_transaction_or_nothing_happens(admin):
    heard = []

    def follow(sender, by, at, reason, **_):
        heard.append((by.username, reason))
        raise RulebookError(["orgs/orgs.yaml:9 这样不行。"])

    org_tree_changed.connect(follow)
    try:
        answer = admin.post(reverse("people:org_new"), NEW)
    finally:
        org_tree_changed.disconnect(follow)
    assert heard == [("admin", "增加单位：白河镇")]
    assert answer.status_code == 422
    assert "orgs/orgs.yaml:9 这样不行。" in answer.content.decode()
    assert not Org.objects.filter(pk="baihe").exists()
    assert list(audit.verify()) == []


def test_the_tree_is_searched_by_name_alias_and_id(admin):
    def shown(**asked):
        tree = admin.get(reverse("people:home"), asked).context["tree"]
        found = []

        def walk(branches):
            for one in branches:
                found.append(one.org.pk)
                walk(one.children)

        walk(tree)
        return found

    assert shown() == [
        "shilisheng", "shilishi", "shilixian", "tongjiju", "gongxinju", "chengdong", "qingshi",
        "liuhe", "donglinqu",
    ]  # fmt: skip
    assert shown(q="青石乡") == ["shilisheng", "shilishi", "shilixian", "qingshi"]
    assert shown(q="LIUHE") == ["shilisheng", "shilishi", "shilixian", "liuhe"]
    assert shown(q="没有的") == []


def test_an_unknown_org_is_no_page(admin):
    assert admin.get(reverse("people:org", args=["nowhere"])).status_code == 404


def test_script_in_a_name_stays_text(admin):
    admin.post(reverse("people:org_new"), {**NEW, "name": "<script>x</script>镇", "codes": ""})
    page = admin.get(reverse("people:home")).content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;镇" in page and "<script>x" not in page


@pytest.mark.parametrize("page", ["home", "org_new"])
def test_the_tree_costs_few_queries(admin, page, django_assert_max_num_queries):
    admin.get(reverse("people:home"))
    with django_assert_max_num_queries(8):
        admin.get(reverse(f"people:{page}"))


def test_the_orgs_are_exported_the_closed_ones_too(admin, users, now, tmp_path):
    actions.close_org(
        id="liuhe", version=0, closed=date(2023, 5, 31), by=users.admin, at=now, reason="撤并"
    )
    file = tmp_path / "orgs.xlsx"
    file.write_bytes(b"".join(admin.get(reverse("people:orgs_export")).streaming_content))
    rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    assert len(rows) == 10
    liuhe = next(one for one in rows if one[0] == "liuhe")
    assert liuhe[:4] == ("liuhe", "柳荷镇", "乡镇", "示例县") and liuhe[9] == "2023-05-31"
