"""Uploads of returns: read in the background, on file as a whole or not at all."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diaodu.adapters.demo_county.catalog import FOLDER
from diaodu.adapters.demo_county.make import make_demo
from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.adapters.sheets_in import collect_returns
from diaodu.adapters.zips import write_zip
from diaodu.engine import flow
from diaodu.engine.collect import settle
from diaodu.engine.ground.records import finding
from diaodu.web.figures import actions, queries
from diaodu.web.figures.models import Entry, ImportBatch, Observation, Repeat, Sheet
from diaodu.web.people.models import Membership
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.shared import audit
from diaodu.web.shared.models import Act
from diaodu.web.shared.signals import work_given_up

pytestmark = pytest.mark.django_db

HEADER = ("单位", "税收收入（万元）")


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def table(*rows, title="2023年1-5月各乡镇主要指标", header=HEADER):
    book = openpyxl.Workbook()
    for row in ((title,), header, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TAXES = table(("青石镇", 1200), ("柳荷镇", 800))


@pytest.fixture
def take(rules, users, now):
    """Upload and read, as the page and the job do together."""

    def taken(files, by=users.statistics, received=date(2023, 6, 5), at=now):
        batch = actions.open_import(files=files, received=received, by=by, at=at, queued=False)
        return actions.run_import(batch_id=batch.pk, at=at)

    return taken


def figures():
    return {(one.org, one.period): one.value for one in queries.engine_observations()}


def test_a_table_goes_on_file_with_its_origin(take, users):
    batch = take({"乡镇.xlsx": TAXES})
    assert batch.state == "done" and batch.counts["added"] == 2
    assert figures() == {("qingshi", "2023-01/05"): 1200, ("liuhe", "2023-01/05"): 800}
    row = Observation.objects.select_related("place", "entry").get(org="qingshi")
    assert (row.place.file, row.cell) == ("2023-06-05/乡镇.xlsx", "B3")
    assert (row.entry.origin, row.entry.origin_id, row.entry.by) == (
        "import", str(batch.pk), users.statistics
    )  # fmt: skip
    assert list(audit.verify()) == []
    acts = list(Act.objects.order_by("number").values_list("action", flat=True))
    assert acts[-2:] == ["figures.upload", "figures.record"]


def test_the_same_file_twice_is_told_and_not_imported_twice(take):
    take({"乡镇.xlsx": TAXES})
    again = take({"另一个名字.xlsx": TAXES})
    assert again.state == "refused" and "以前都导入过" in again.message
    both = take({"乡镇.xlsx": TAXES, "新.xlsx": table(("城东街道", 5))})
    assert both.state == "done" and both.counts["added"] == 1
    assert sorted(one.again for one in both.files.all()) == [False, True]
    assert Observation.objects.count() == 3


def test_the_same_figures_on_a_later_day_make_no_vintages(take):
    take({"乡镇.xlsx": TAXES})
    later = take({"乡镇.xlsx": TAXES}, received=date(2023, 6, 6))
    assert (later.state, later.counts["added"], later.counts["repeated"]) == ("done", 0, 2)
    assert Observation.objects.count() == 2


def test_files_that_come_in_the_wrong_order_end_as_if_in_order(take):
    take({"2023-06-01/a.xlsx": table(("青石镇", 5)), "2023-06-03/c.xlsx": table(("青石镇", 5))})
    take({"2023-06-02/b.xlsx": table(("青石镇", 6))})
    said = [(one.received.day, one.value) for one in queries.engine_observations()]
    assert said == [(1, 5), (2, 6), (3, 5)]


def test_cut_before_the_end_nothing_is_left(take, monkeypatch):
    def cut(**content):
        if content["action"] == "figures.record":
            raise KeyboardInterrupt
        return real(**content)

    real = audit.record
    monkeypatch.setattr(audit, "record", cut)
    with pytest.raises(KeyboardInterrupt):
        take({"乡镇.xlsx": TAXES})
    for model in (Observation, Entry, Sheet, Repeat):
        assert not model.objects.exists()
    monkeypatch.setattr(audit, "record", real)
    batch = ImportBatch.objects.get()
    assert batch.state == "reading"
    done = actions.run_import(batch_id=batch.pk, at=batch.at)
    assert done.state == "done" and Observation.objects.count() == 2
    assert actions.run_import(batch_id=batch.pk, at=batch.at).entry_id == done.entry_id
    assert Observation.objects.count() == 2


def test_a_batch_that_was_given_up_says_so(rules, users, now):
    batch = actions.open_import(
        files={"a.xlsx": TAXES}, received=date(2023, 6, 5), by=users.statistics, at=now,
        queued=False,
    )  # fmt: skip
    work_given_up.send(
        sender=None, name="diaodu.web.figures.jobs.read_import", arguments={"batch_id": batch.pk}
    )
    batch.refresh_from_db()
    assert batch.state == "failed" and "一个数也没有导入" in batch.message
    assert actions.run_import(batch_id=batch.pk, at=now).state == "failed"


def test_a_batch_whose_reading_breaks_off_says_so(county, users, now):
    """Before any rules are published nothing can be read."""
    batch = actions.open_import(
        files={"a.xlsx": TAXES}, received=date(2023, 6, 5), by=users.statistics, at=now
    )
    batch.refresh_from_db()
    assert batch.state == "failed"
    assert "还没有发布过规则" in batch.message and "一个数也没有导入" in batch.message


def test_contradictions_of_one_day_are_held_and_told(take):
    batch = take({"a.xlsx": table(("青石镇", 5)), "b.xlsx": table(("青石镇", 6))})
    assert batch.counts["held"] == 2 and batch.counts["hard"] >= 1
    assert not Observation.objects.filter(standing=True).exists()


def test_figures_that_are_not_one_s_own_refuse_the_whole_upload(take, users):
    Membership.objects.filter(user=users.statistics).update(org="qingshi")
    batch = take({"乡镇.xlsx": TAXES})
    assert batch.state == "refused" and "柳荷镇的税收收入" in batch.message
    assert not Observation.objects.exists()


def test_the_desk_brings_in_the_city_s_figures_too(take):
    batch = take({"全市.xlsx": table(("示例市", 9000), ("东林区", 700))})
    assert batch.state == "done" and batch.counts["added"] == 2


def test_other_indicators_are_not_told_late_by_an_upload(take, monkeypatch):
    """Only figures of the upload's own indicators are loaded beside it: all others look absent."""
    found = [
        finding(code, "soft", f"{indicator}{code}", "请核对", indicator=indicator, org="qingshi")
        for code in ("late", "missing", "parts_vs_parent")
        for indicator in ("tax", "gdp")
    ]
    monkeypatch.setattr("diaodu.web.figures.actions.importing.check", lambda *_, **__: found)
    batch = take({"乡镇.xlsx": TAXES})
    told = {one[11] for one in batch.findings}
    assert told == {"taxlate", "taxmissing", "taxparts_vs_parent", "gdpparts_vs_parent"}


def test_a_file_that_cannot_be_read_is_a_finding(take):
    batch = take({"坏.xlsx": b"PK\x03\x04", "乡镇.xlsx": TAXES})
    assert batch.state == "done" and batch.counts["hard"] == 1
    assert Observation.objects.count() == 2


@pytest.mark.parametrize(
    ("files", "received", "said"),
    [
        ({}, None, "没有选文件"), ({"a.xlsx": b"1"}, None, "不知道是哪天收到的"),
        ({"2023-06-07/a.xlsx": b"1"}, None, "在今天之后"),
        ({"a.xlsx": b"1"}, date(2024, 1, 1), "在今天之后"),
        ({"2023-02-30/a.xlsx": b"1"}, None, "不知道是哪天收到的"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_upload_is_told(rules, users, now, files, received, said):
    with pytest.raises(ValidationError, match=said):
        actions.open_import(files=files, received=received, by=users.statistics, at=now)
    assert not ImportBatch.objects.exists()


# -- pages -----------------------------------------------------------------------------------------


def upload(name, content):
    return SimpleUploadedFile(name, content)


PAGES = ("imports", "new_import", "batch", "progress", "file")


@pytest.fixture
def batch(take):
    return take({"乡镇.xlsx": TAXES})


def address(name, batch):
    args = {"batch": [batch.pk], "progress": [batch.pk], "file": [batch.files.get().pk]}
    return reverse(f"figures:{name}", args=args.get(name, []))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("user", "status"),
    [("statistics", 200), ("leader", 403), ("clerk", 403), ("admin", 403), ("stranger", 403)],
)
def test_who_imports(client_as, users, batch, name, user, status):
    assert client_as(getattr(users, user)).get(address(name, batch)).status_code == status


@pytest.mark.parametrize("name", ["batch", "progress", "file"])
def test_who_may_not_read_all_figures_early_sees_only_own_uploads(client_as, users, batch, name):
    """Files and findings print figures before their release."""
    other = users.reader
    mine = Membership.objects.create(user=other, role="statistics", org_id="shilixian")
    assert client_as(other).get(address(name, batch)).status_code == 404
    mine.early = True
    mine.save()
    assert client_as(other).get(address(name, batch)).status_code == 200
    mine.indicators = ["revenue"]
    mine.save()
    assert client_as(other).get(address(name, batch)).status_code == 404
    ImportBatch.objects.update(by=other)
    assert client_as(other).get(address(name, batch)).status_code == 200


def test_a_zip_of_a_returns_folder_is_taken_whole(
    client_as, users, rules, frozen_clock, django_capture_on_commit_callbacks
):
    files = {
        "报表/2023-06-05/镇/乡镇.xlsx": TAXES,
        "报表/2023-06-05/城东.xlsx": table(("城东街道", 7)),
    }
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_as(users.statistics).post(
            reverse("figures:new_import"), {"upload": upload("报表.zip", write_zip(files))}
        )
    made = ImportBatch.objects.get()
    assert answer.url == reverse("figures:batch", args=[made.pk])
    assert (made.state, made.counts["files"], made.counts["added"]) == ("done", 2, 3)
    page = client_as(users.statistics).get(answer.url).content.decode()
    assert "新增3个数" in page and "2023-06-05/城东.xlsx" in page


def test_a_progress_fragment_asks_again_until_it_is_done(client_as, users, rules, now):
    client = client_as(users.statistics)
    made = actions.open_import(
        files={"a.xlsx": TAXES}, received=date(2023, 6, 5), by=users.statistics, at=now,
        queued=False,
    )  # fmt: skip
    answer = client.get(reverse("figures:progress", args=[made.pk]))
    assert "hx-get" in answer.content.decode() and "HX-Refresh" not in answer
    actions.run_import(batch_id=made.pk, at=now)
    assert client.get(reverse("figures:progress", args=[made.pk]))["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "没有选文件"), ([("a.zip", b"MZ")], "不是 .zip"),
        ([("a.zip", write_zip({"2023-06-05/a.xlsx": b"1"})), ("b.xlsx", b"1")], "只能单独上传"),
        ([("a.zip", write_zip({"../2023-06-05/a.xlsx": b"1"}))], "指到了文件夹外面"),
        ([("a.xlsx", b"1"), ("a.xlsx", b"2")], "有同名的文件"),
        ([("a.xlsx", b"1")], "不知道是哪天收到的"),
    ],
)  # fmt: skip
def test_a_bad_upload_is_told_on_the_page(client_as, users, rules, frozen_clock, files, said):
    answer = client_as(users.statistics).post(
        reverse("figures:new_import"), {"upload": [upload(*one) for one in files]}
    )
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_the_file_comes_back_as_it_was(client_as, users, batch):
    answer = client_as(users.statistics).get(address("file", batch))
    assert b"".join(answer.streaming_content) == TAXES
    assert answer["Content-Type"] == "application/octet-stream"


# -- the whole demo county -------------------------------------------------------------------------


@pytest.mark.slow
def test_a_returns_folder_gives_the_engine_what_the_command_line_reads(db, tmp_path, now):
    """As of every day of receipt: figures and targets of the table are those settled from files."""
    make_demo(tmp_path / "demo")
    files = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in Path(FOLDER).rglob("*")
        if path.is_file()
    }
    made = rulebooks.import_files(files=files, by=None, at=now).version
    rulebooks.publish(version_id=made.id, by=None, at=now, note="示例县", seen=None)
    returns = tmp_path / "demo" / "returns"
    batch = actions.import_folder(folder=returns, by=None, at=now.replace(day=30))
    assert batch.state == "done"
    names = flow.names_of(read_rulebook(tmp_path / "demo" / "rulebook"))
    folder, readings = collect_returns(returns, names)
    for day in folder.received_days:
        settled = settle(readings, day, names)
        assert queries.engine_observations(as_of=day) == list(settled.observations)
        assert sorted(queries.targets(as_of=day)) == sorted(settled.targets)
    again = actions.import_folder(folder=returns, by=None, at=now.replace(day=30))
    assert again.state == "refused" and Entry.objects.count() == 1
