"""Rules in the browser: who sees what, importing, comparing, publishing."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diaodu.adapters.zips import read_zip, write_zip
from diaodu.web.people.models import Org
from diaodu.web.rulebooks import actions, queries
from diaodu.web.rulebooks.models import File, Version
from diaodu.web.shared import audit
from diaodu.web.shared.models import Act
from diaodu.web.shared.signals import org_tree_changed, rulebook_published

pytestmark = pytest.mark.django_db


def changed(files, **texts):
    """The folder with the tax's decimals changed, a file added and one taken away."""
    found = {**files, **texts}
    found["indicators/main.yaml"] = files["indicators/main.yaml"].replace(
        "税收收入".encode(), "全口径税收".encode()
    )
    return found


def as_zip(files, top=""):
    return SimpleUploadedFile("rules.zip", write_zip({top + name: x for name, x in files.items()}))


@pytest.fixture
def draft(rules, rules_files, users, now):
    return actions.import_files(
        files=changed(rules_files), by=users.statistics, at=now, note="改名"
    ).version


PAGES = ["home", "version", "part", "entry", "export"]


def address(name, version):
    args = {
        "home": [], "import": [], "part": [version.id, "indicators"],
        "entry": [version.id, "indicators", "tax"],
    }.get(name, [version.id])  # fmt: skip
    return reverse(f"rulebooks:{name}", args=args)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("user", "status"),
    [("statistics", 200), ("admin", 200), ("leader", 200), ("clerk", 200), ("stranger", 403)],
)
def test_who_reads_the_rules_in_force(client_as, users, rules, name, user, status):
    assert client_as(getattr(users, user)).get(address(name, rules)).status_code == status


@pytest.mark.parametrize("name", ["version", "part", "entry", "export"])
@pytest.mark.parametrize(
    ("user", "status"), [("statistics", 200), ("admin", 200), ("leader", 404), ("stranger", 403)]
)
def test_drafts_are_for_those_who_make_rules(client_as, users, draft, name, user, status):
    assert client_as(getattr(users, user)).get(address(name, draft)).status_code == status


@pytest.mark.parametrize("name", ["publish", "discard"])
@pytest.mark.parametrize(
    ("user", "status"), [("statistics", 302), ("admin", 302), ("leader", 403), ("stranger", 403)]
)
def test_who_publishes_and_discards(client_as, users, rules, draft, name, user, status):
    answer = client_as(getattr(users, user)).post(
        address(name, draft), {"note": "改名", "seen": rules.id}
    )
    draft.refresh_from_db()
    assert answer.status_code == status
    assert (draft.state == "draft") == (status == 403)


def test_get_never_publishes(client_as, users, draft):
    assert client_as(users.statistics).get(address("publish", draft)).status_code == 405


def test_unknown_parts_entries_and_versions_are_not_found(client_as, users, rules):
    client = client_as(users.statistics)
    for tail in ("999/", f"{rules.id}/nothing/", f"{rules.id}/indicators/nothing/"):
        assert client.get(f"/rulebooks/versions/{tail}").status_code == 404


# -- import --------------------------------------------------------------------------------------


@pytest.mark.parametrize("top", ["", "示例县规则/"])
def test_a_folder_goes_in_as_zip_and_comes_out_byte_for_byte(
    client_as, users, rules_files, county, top
):
    client = client_as(users.statistics)
    files = {**rules_files, "cases/算例.yaml": b"\xef\xbb\xbf# \r\n", "targets/a.xlsx": b"PK\x00"}
    answer = client.post(reverse("rulebooks:import"), {"upload": as_zip(files, top)})
    version = Version.objects.get()
    assert answer.status_code == 302 and answer.url == address("version", version)
    assert read_zip(client.get(address("export", version)).content) == files
    assert queries.export_zip(version.id) == queries.export_zip(version.id)


def test_faults_are_listed_with_file_and_line_and_nothing_is_kept(
    client_as, users, rules_files, county
):
    files = {
        **rules_files,
        "indicators/main.yaml": rules_files["indicators/main.yaml"].replace(
            b"basis: ytd", b"basis: year", 1
        ),
        "calendar/more.yaml": b"- id: again\n  due: {day: 8}\n  orgs: [nobody]\n",
    }
    answer = client_as(users.statistics).post(
        reverse("rulebooks:import"), {"upload": as_zip(files)}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "indicators/main.yaml" in page and "calendar/more.yaml" in page
    assert "没有编号为“nobody”的单位" in page
    assert not Version.objects.exists() and not File.objects.exists()
    assert not Act.objects.filter(action__startswith="rulebooks").exists()


def test_single_files_take_the_place_of_their_namesakes(client_as, users, rules, rules_files):
    upload = SimpleUploadedFile("main.yaml", changed(rules_files)["indicators/main.yaml"])
    client = client_as(users.statistics)
    assert client.post(reverse("rulebooks:import"), {"upload": upload}).status_code == 422
    upload.seek(0)
    client.post(reverse("rulebooks:import"), {"upload": upload, "folder": "indicators"})
    draft = Version.objects.get(state="draft")
    assert queries.rulebook_of(draft.id).indicators["tax"].name == "全口径税收"
    assert queries.files_of(draft.id).keys() == rules_files.keys()


def test_the_same_again_makes_no_second_version(rules, rules_files, now):
    again = actions.import_files(files=rules_files, by=None, at=now)
    assert again.again and again.version == rules
    assert Version.objects.count() == 1


def test_ids_too_long_for_the_tables_are_told(rules_files, county, now):
    text = "- {id: %s, name: 长, level: department, parent: shilixian}" % ("x" * 65)
    files = {**rules_files, "orgs/more.yaml": text.encode()}
    told = actions.import_files(files=files, by=None, at=now)
    assert told.version is None and "超过64个字" in told.faults[0].message


def hostile(name, content=b"x"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return SimpleUploadedFile("rules.zip", out.getvalue())


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (hostile("../../etc/passwd"), "指到了文件夹外面"),
        (hostile("/etc/passwd"), "指到了文件夹外面"),
        (hostile("a\\..\\..\\b.yaml"), "指到了文件夹外面"),
        (hostile("C:/b.yaml"), "不能用的字符"),
        (hostile("orgs/a.yaml", b"\0" * 40_000_000), "压缩炸弹"),
        (SimpleUploadedFile("rules.zip", b"PK\x03\x04 cut"), "不完整"),
        (SimpleUploadedFile("rules.zip", b"MZ"), "不是 .zip"),
    ],
)
def test_a_hostile_or_broken_zip_is_refused_in_words(client_as, users, upload, said):
    upload.seek(0)
    answer = client_as(users.statistics).post(reverse("rulebooks:import"), {"upload": upload})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Version.objects.exists()


def test_names_an_old_packer_wrote_in_gbk_are_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = "规则/甲.yaml".encode("gb18030").decode("cp437")
        archive.writestr(info, b"1")
    packed = out.getvalue()
    # The writer sets the UTF-8 flag; an old packer does not.
    raw = "规则/甲.yaml".encode("gb18030").decode("cp437").encode()
    assert raw in packed
    assert read_zip(packed) == {"规则/甲.yaml": b"1"}


# -- comparing and publishing ----------------------------------------------------------------------


def test_a_draft_is_compared_entry_by_entry_with_the_rules_in_force(client_as, users, draft):
    page = client_as(users.statistics).get(address("version", draft)).content.decode()
    assert "与第1版相比" in page
    assert "<del>税收收入</del>" in page and "<ins>全口径税收</ins>" in page
    assert "改动1条" in page


def test_publishing_puts_it_in_force_with_orgs_note_and_audit(
    rules, rules_files, users, now, django_capture_on_commit_callbacks
):
    files = {**rules_files, "orgs/more.yaml": "- {id: xincun, name: 新村镇, level: township, "
             "parent: shilixian}".encode()}  # fmt: skip
    made = actions.import_files(files=files, by=users.statistics, at=now).version
    told = []

    def listen(**content):
        told.append(content["version_id"])

    rulebook_published.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            actions.publish(
                version_id=made.id, by=users.statistics, at=now, note="增设新村镇", seen=rules.id
            )
    finally:
        rulebook_published.disconnect(listen)
    assert told == [made.id]
    assert queries.current_version()[:2] == (made.id, 2)
    assert Org.objects.get(pk="xincun").name == "新村镇"
    act = Act.objects.filter(action="rulebooks.publish").order_by("-number").first()
    assert (act.by, act.reason, act.after["number"]) == (users.statistics, "增设新村镇", 2)
    assert list(audit.verify()) == []


def test_publishing_needs_a_note(client_as, users, rules, draft):
    answer = client_as(users.statistics).post(
        address("publish", draft), {"note": " ", "seen": rules.id}
    )
    assert answer.status_code == 422 and Version.objects.get(pk=draft.id).state == "draft"


def test_what_was_not_compared_with_the_rules_in_force_is_not_published(
    client_as, users, rules, rules_files, draft, now
):
    other = actions.import_files(files={**rules_files, "README.md": b"2"}, by=None, at=now).version
    actions.publish(version_id=other.id, by=None, at=now, note="别人先发布", seen=rules.id)
    answer = client_as(users.statistics).post(
        address("publish", draft), {"note": "改名", "seen": rules.id}
    )
    page = answer.content.decode()
    assert answer.status_code == 409 and "请与现行版本重新比较" in page
    assert "与第2版相比" in page and f'value="{other.id}"' in page
    assert queries.current_version().number == 2


def test_rules_that_lose_an_org_are_refused_whole(rules, rules_files, users, now):
    files = dict(rules_files)
    lines = files["orgs/orgs.yaml"].decode().split("- id: ")
    files["orgs/orgs.yaml"] = "- id: ".join(x for x in lines if not x.startswith("liuhe")).encode()
    made = actions.import_files(files=files, by=None, at=now).version
    with pytest.raises(ValidationError, match="柳荷镇"):
        actions.publish(version_id=made.id, by=None, at=now, note="撤", seen=rules.id)
    assert Version.objects.get(pk=made.id).state == "draft"
    assert Org.objects.filter(pk="liuhe").exists()


def test_an_older_folder_may_be_published_again(rules, rules_files, draft, now):
    actions.publish(version_id=draft.id, by=None, at=now, note="改名", seen=rules.id)
    back = actions.import_files(files=rules_files, by=None, at=now).version
    actions.publish(version_id=back.id, by=None, at=now, note="改回", seen=draft.id)
    assert queries.current().indicators["tax"].name == "税收收入"
    assert queries.current_version().number == 3


def test_a_published_version_is_neither_published_nor_discarded_again(rules, now):
    for act in (actions.publish, actions.discard):
        more = {"note": "再", "seen": rules.id} if act is actions.publish else {}
        with pytest.raises(ValidationError, match="不能再动"):
            act(version_id=rules.id, by=None, at=now, **more)


def test_the_history_of_an_entry_and_what_rests_on_it(client_as, users, rules, draft, now):
    actions.publish(version_id=draft.id, by=users.statistics, at=now, note="改名", seen=rules.id)
    steps = queries.history("indicators", "tax")
    assert [(step.version.number, step.what) for step in steps] == [(2, "改动"), (1, "新增")]
    found = {
        (one.kind, one.id) for one in queries.dependents(queries.current(), "indicators", "tax")
    }
    assert found == {
        ("indicators", "revenue"), ("calendar", "township_monthly"), ("calendar", "county_monthly")
    }  # fmt: skip
    page = client_as(users.reader).get(address("entry", draft)).content.decode()
    assert "是它的组成部分" in page and "全口径税收" in page


def test_parts_can_be_searched(client_as, users, rules):
    client = client_as(users.reader)
    page = client.get(address("part", rules), {"q": "财税 万元"}).content.decode()
    assert "税收收入" in page and "规模以上工业增加值" not in page
    page = client.get(address("part", rules), {"q": "<script>"}).content.decode()
    assert "没有找到" in page and '<script>"' not in page


def test_pages_ask_the_database_a_fixed_number_of_times(
    client_as, users, rules, django_assert_max_num_queries
):
    client = client_as(users.reader)
    client.get(address("part", rules))
    with django_assert_max_num_queries(13):
        client.get(address("part", rules))
    with django_assert_max_num_queries(16):
        client.get(address("version", rules))


# -- the tree of orgs changes at the desk ----------------------------------------------------------


def test_a_change_of_the_tree_becomes_a_version(rules, users, now):
    Org.objects.create(
        id="xincun", name="新村镇", level="township", parent_id="shilixian", place=99
    )
    org_tree_changed.send(sender=None, by=users.admin, at=now, reason="增设新村镇")
    held = queries.published().first()
    assert (held.number, held.published_by, held.published_note) == (2, users.admin, "增设新村镇")
    assert queries.current().orgs["xincun"].name == "新村镇"
    assert queries.files_of(held.id)["README.md"] == queries.files_of(rules.id)["README.md"]
    org_tree_changed.send(sender=None, by=users.admin, at=now, reason="没有改动")
    assert queries.current_version().number == 2


def test_before_there_are_rules_a_change_of_the_tree_is_no_matter(county, now):
    org_tree_changed.send(sender=None, by=None, at=now, reason="")
    assert not Version.objects.exists()
    with pytest.raises(queries.NoRulebook):
        queries.current()


def test_a_tree_that_would_make_the_rules_unsound_is_refused(rules, now):
    from diaodu.engine.ground.errors import RulebookError

    Org.objects.filter(pk="qingshi").update(name="柳荷镇")
    with pytest.raises(RulebookError, match="柳荷镇"):
        actions.follow_org_tree(by=None, at=now, reason="改名")
    assert Version.objects.count() == 1
