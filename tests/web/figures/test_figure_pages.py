"""Figures in the browser: who sees which, when; corrections; export."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diaodu.adapters.long_table import write_csv_zip, write_xlsx
from diaodu.web.figures import actions, queries
from diaodu.web.figures.models import Export, Observation
from diaodu.web.figures.views import looking
from diaodu.web.people import queries as people
from diaodu.web.shared import audit
from diaodu.web.shared.models import Act

pytestmark = pytest.mark.django_db

MAY, TAX = "2023-01/05", "税收收入"
JUST_BEFORE, AT = timedelta(seconds=-1), timedelta(0)


@pytest.fixture
def release(on_file):
    """The moment of release; on_file is 青石镇's tax, under embargo before it."""
    return on_file.release_at


def access(user, now):
    return people.access_of(user, now.date())


def home(client, **asked):
    return client.get(reverse("figures:home"), asked).content.decode()


# -- scope and embargo -----------------------------------------------------------------------------


def test_the_release_follows_the_calendar(on_file):
    assert on_file.release_at.isoformat() == "2023-06-18T01:00:00+00:00"


@pytest.mark.parametrize(
    ("user", "before", "after"),
    [
        ("statistics", True, True), ("dispatch", True, True), ("leader", False, True),
        ("clerk", False, True), ("reader", False, True), ("township_reader", False, True),
        ("owner", False, False), ("other_clerk", False, False), ("neighbour", False, False),
        ("admin", False, False), ("stranger", False, False),
    ],
)  # fmt: skip
def test_who_sees_a_township_s_figure_before_at_and_after_its_release(
    users, release, user, before, after
):
    for moment, seen in (
        (release + JUST_BEFORE, before), (release + AT, after), (release - JUST_BEFORE, after)
    ):  # fmt: skip
        rows = queries.visible(access(getattr(users, user), moment), moment)
        assert rows.exists() is seen, moment


@pytest.mark.parametrize("shift", [JUST_BEFORE, AT])
def test_pages_search_and_export_keep_the_embargo(
    client_as, users, on_file, release, frozen_clock, shift
):
    frozen_clock(release + shift)
    released = shift == AT
    leader, statistics = client_as(users.leader), client_as(users.statistics)
    assert (TAX in home(leader, month="2023-05").partition("<tbody>")[2]) is released
    assert ("发布前" in home(statistics, month="2023-05").partition("<tbody>")[2]) is not released
    page = leader.get(reverse("figures:figure", args=[on_file.id]))
    assert page.status_code == (200 if released else 404)
    assert leader.get(reverse("figures:by_obs_id", args=[on_file.obs_id])).status_code == (
        302 if released else 404
    )
    for client, rows in ((leader, int(released)), (statistics, 1)):
        answer = client.post(reverse("figures:export"), {"kind": "csv", "month": "2023-05"})
        assert len(csv_rows(answer.content)) == 1 + rows


def csv_rows(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = archive.namelist()
        return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_early_readers_see_the_word(client_as, users, on_file, frozen_clock):
    page = client_as(users.statistics).get(reverse("figures:figure", args=[on_file.id]))
    assert "发布前" in page.content.decode() and "6月18日 09:00" in page.content.decode()


@pytest.mark.parametrize("name", ["home", "gaps", "exports"])
@pytest.mark.parametrize(("user", "status"), [("reader", 200), ("admin", 403), ("stranger", 403)])
def test_who_reads_the_pages(client_as, users, rules, name, user, status):
    assert client_as(getattr(users, user)).get(reverse(f"figures:{name}")).status_code == status


# -- search ----------------------------------------------------------------------------------------


@pytest.fixture
def several(put, figure, frozen_clock, release):
    frozen_clock(release)
    put(figure("120", date(2023, 6, 7)))
    put(figure("300", org="liuhe"), figure("5", facet="growth", unit="%"))
    put(figure("90", track="recognised"), figure("88", period="2023-01/04"))


def values(client, **asked):
    """The numbers in the table of the search page."""
    body = home(client, **asked).partition("<tbody>")[2].partition("</tbody>")[0]
    cells = body.split('data-label="数值">')[1:]
    return [cell.partition("<")[0].strip() for cell in cells]


def test_search_by_each_thing(client_as, users, several):
    client = client_as(users.reader)
    assert values(client) == ["120", "90", "5", "300"]
    assert values(client, org="liuhe") == ["300"]
    assert values(client, month="2023-04") == ["88"]
    assert values(client, facet="growth") == ["5"]
    assert values(client, track="recognised") == ["90"]
    assert values(client, q="税收", month="all") == ["120", "90", "5", "300", "88"]
    assert values(client, q="规上工业") == []
    assert values(client, vintages="on", org="qingshi", facet="level", track="flash") == [
        "100", "120",
    ]  # fmt: skip


def test_as_of_a_day_shows_what_stood_then(client_as, users, several):
    client = client_as(users.reader)
    asked = {"org": "qingshi", "facet": "level", "track": "flash"}
    assert values(client, as_of="2023-06-05", **asked) == ["100"]
    assert values(client, as_of="2023-06-06", **asked) == ["100"]
    assert values(client, as_of="2023-06-07", **asked) == ["120"]
    assert values(client, as_of="2023-06-04", **asked) == []
    assert values(client, as_of="2023-06-06", vintages="on", **asked) == ["100"]


def test_as_of_equals_what_the_engine_reads(users, put, figure, several, release):
    put(figure(None, date(2023, 6, 9), word="missing"), figure("7", date(2023, 6, 8), held=True))
    put(figure(None, date(2023, 6, 3), word="missing"), figure("9", date(2023, 6, 2)))
    seer = access(users.statistics, release)
    for number in range(1, 12):
        day = date(2023, 6, number)
        stood = queries.standing_on(queries.visible(seer, release), day)
        newest: dict[tuple[str, ...], Decimal | None] = {}
        for one in queries.engine_observations(as_of=day):
            if not one.held:
                newest[one.key] = one.value
        assert {row.as_engine().key: row.value for row in stood} == newest


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"month": "2023-13"}, "月份写成 2023-05"), ({"month": "all"}, "先选指标或单位"),
        ({"org": "nobody"}, "nobody"), ({"as_of": "昨天"}, "日期"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_told(client_as, users, on_file, asked, said):
    answer = client_as(users.reader).get(reverse("figures:home"), asked)
    assert answer.status_code == 422 and said in answer.content.decode()


def test_pages_ask_the_database_a_fixed_number_of_times(
    client_as, users, put, figure, several, release, frozen_clock, django_assert_max_num_queries
):
    put(*(figure(str(number), against=f"x{number}", facet="gap") for number in range(60)))
    client = client_as(users.reader)
    home(client)
    with django_assert_max_num_queries(15):
        assert len(values(client)) == 64
    row = Observation.objects.filter(standing=True).first()
    with django_assert_max_num_queries(18):
        client.get(reverse("figures:figure", args=[row.id]))


# -- one figure ------------------------------------------------------------------------------------


def test_a_figure_s_page_has_facets_tracks_vintages_and_origins(client_as, users, several, on_file):
    page = client_as(users.reader).get(reverse("figures:figure", args=[on_file.id]))
    text = page.content.decode()
    for word in ("总量", "增速", "快报", "上级认定", "100", "120", "青石镇.xlsx", "C5", "现行"):
        assert word in text
    assert "/correct/" not in text


def test_what_is_written_in_a_cell_is_shown_as_text(
    client_as, users, put, figure, frozen_clock, now
):
    put(figure("1", value_given="<script>alert(1)</script>", file="=cmd|'x'!A1"))
    row = Observation.objects.get()
    page = client_as(users.statistics).get(reverse("figures:figure", args=[row.id]))
    assert "&lt;script&gt;" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


# -- 认定差 ----------------------------------------------------------------------------------------


def test_gaps_by_unit_with_totals_and_the_missing_named(
    client_as, users, put, figure, rules, frozen_clock, release
):
    frozen_clock(release)
    put(
        figure("8000", track="self"), figure("800.5", track="recognised"),
        figure("50", track="self", org="liuhe"), figure("7", track="recognised", org="chengdong"),
    )  # fmt: skip
    found = queries.gaps(access(users.reader, release), release, "tax", MAY, "shilixian")
    assert [(row.org, row.gap) for row in found.rows] == [
        ("chengdong", None), ("qingshi", Decimal("7199.5")), ("liuhe", None)
    ]  # fmt: skip
    assert (found.own, found.recognised, found.gap) == (8000, Decimal("800.5"), Decimal("7199.5"))
    assert found.without_own == ("城东街道",) and found.without_recognised == ("柳荷镇",)
    page = client_as(users.reader).get(reverse("figures:gaps"), {"indicator": "tax"})
    text = page.content.decode()
    assert "+7,199.5" in text and "没有认定的：柳荷镇" in text


def test_gaps_keep_scope_and_embargo(users, put, figure, rules, release):
    put(figure("8000", track="self"), figure("800", track="recognised"))
    for user, moment, rows in (
        (users.other_clerk, release, 0), (users.clerk, release, 1),
        (users.clerk, release + JUST_BEFORE, 0), (users.statistics, release + JUST_BEFORE, 1),
    ):  # fmt: skip
        found = queries.gaps(access(user, moment), moment, "tax", MAY, "shilixian")
        assert len(found.rows) == rows


# -- corrections -----------------------------------------------------------------------------------

GIVEN = {"value": "1,205.50", "reason": "录入时少一位", "document": "县统〔2023〕5号"}


@pytest.mark.parametrize(
    ("user", "status"),
    [
        ("statistics", 302), ("leader", 403), ("dispatch", 403), ("clerk", 403),
        ("other_clerk", 404), ("reader", 403), ("owner", 404), ("neighbour", 404),
        ("admin", 403), ("stranger", 403),
    ],
)  # fmt: skip
def test_who_corrects(client_as, users, on_file, release, frozen_clock, user, status):
    frozen_clock(release)
    address = reverse("figures:correct", args=[on_file.id])
    assert client_as(getattr(users, user)).post(address, GIVEN).status_code == status
    assert Observation.objects.count() == (2 if status == 302 else 1)


def test_a_correction_is_a_new_vintage_with_reason_document_and_audit(
    client_as, users, on_file, frozen_clock, release
):
    frozen_clock(release)
    client_as(users.statistics).post(reverse("figures:correct", args=[on_file.id]), GIVEN)
    made = Observation.objects.get(standing=True)
    on_file.refresh_from_db()
    assert (made.value, made.decimals, made.value_given) == (Decimal("1205.50"), 2, "1,205.50")
    assert not on_file.standing and on_file.value == 100
    assert made.received == date(2023, 6, 18) and made.release_at == on_file.release_at
    assert (made.entry.origin, made.entry.reason, made.entry.document) == (
        "correction", "录入时少一位", "县统〔2023〕5号"
    )  # fmt: skip
    act = Act.objects.get(action="figures.correct")
    assert (act.by, act.before["value"], act.after["value"]) == (users.statistics, "100", "1205.50")
    assert list(audit.verify()) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**GIVEN, "reason": " "}, "必填"), ({**GIVEN, "document": ""}, "必填"),
        ({**GIVEN, "value": ""}, "二者只要一样"), ({**GIVEN, "word": "nil"}, "二者只要一样"),
        ({**GIVEN, "value": "12万"}, "不带单位"), ({**GIVEN, "value": "100"}, "与现在的数相同"),
        ({**GIVEN, "value": "=1+1"}, "不带单位"), ({**GIVEN, "value": "1,20"}, "不带单位"),
        ({**GIVEN, "value": "1e5"}, "不带单位"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_correction_is_told(
    client_as, users, on_file, frozen_clock, given, said
):
    answer = client_as(users.statistics).post(reverse("figures:correct", args=[on_file.id]), given)
    assert answer.status_code == 422
    assert said in answer.content.decode() or "这个字段是必填项" in answer.content.decode()
    assert Observation.objects.count() == 1


def test_numbers_are_read_as_people_write_them(client_as, users, on_file, frozen_clock):
    given = {**GIVEN, "value": "−１，２３４．５"}
    client_as(users.statistics).post(reverse("figures:correct", args=[on_file.id]), given)
    assert Observation.objects.get(standing=True).value == Decimal("-1234.5")


def test_who_comes_second_is_told(client_as, users, on_file, put, figure, frozen_clock):
    put(figure("110", date(2023, 6, 6)))
    answer = client_as(users.statistics).post(reverse("figures:correct", args=[on_file.id]), GIVEN)
    assert answer.status_code == 409 and "更新的版次" in answer.content.decode()


def test_nobody_corrects_what_one_reports_oneself(client_as, users, on_file, frozen_clock, now):
    from diaodu.web.people.models import Membership

    Membership.objects.create(user=users.statistics, role="clerk", org_id="qingshi")
    answer = client_as(users.statistics).post(reverse("figures:correct", args=[on_file.id]), GIVEN)
    assert answer.status_code == 403 and Observation.objects.count() == 1


def test_the_city_s_figures_are_corrected_by_the_desk(
    client_as, users, put, figure, frozen_clock, release
):
    put(figure("5", org="shilishi"))
    frozen_clock(release)
    row = Observation.objects.get(org="shilishi")
    address = reverse("figures:correct", args=[row.id])
    assert client_as(users.reader).post(address, GIVEN).status_code == 403
    assert client_as(users.statistics).post(address, GIVEN).status_code == 302


def test_a_correction_may_say_that_a_figure_was_not_recognised(on_file, users, now):
    made = actions.correct(
        row=on_file.id,
        word="refused",
        by=users.statistics,
        at=now,
        reason="上级未认定",
        document="通知",
    )
    assert queries.engine_observations()[-1].word == "refused" and made.standing


# -- export ----------------------------------------------------------------------------------------


def test_formulas_in_texts_stay_texts_in_both_formats(tmp_path):
    row = ("=cmd|'/c calc'!A1", "@SUM(1)", "-1+2", Decimal("-1.50"), 3, None)
    header = ("a",) * 6
    assert write_xlsx(tmp_path / "x.xlsx", "数据", header, [row]) == 1
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    cells = list(sheet[2])
    assert [cell.data_type for cell in cells[:5]] == ["s", "s", "s", "n", "n"]
    assert [cell.value for cell in cells] == [*row[:3], -1.5, 3, None]
    assert write_csv_zip(tmp_path / "x.zip", "数据", header, [row]) == 1
    told = csv_rows((tmp_path / "x.zip").read_bytes())[1]
    assert told == ["'=cmd|'/c calc'!A1", "'@SUM(1)", "'-1+2", "-1.50", "3", ""]


def test_numbers_excel_would_cut_are_written_as_text(tmp_path):
    exact = Decimal("12345678901234567.89")
    write_xlsx(tmp_path / "x.xlsx", "数据", ("a", "b"), [(exact, Decimal("0.1"))])
    first, second = openpyxl.load_workbook(tmp_path / "x.xlsx").active[2]
    assert first.value == "12345678901234567.89" and second.value == 0.1


def test_a_long_table_goes_on_on_the_next_sheet(tmp_path):
    rows = [(number,) for number in range(5)]
    assert write_xlsx(tmp_path / "x.xlsx", "数据", ("数",), rows, rows_a_sheet=2) == 5
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert [[cell.value for cell in sheet["A"]] for sheet in book] == [
        ["数", 0, 1], ["数", 2, 3], ["数", 4]
    ]  # fmt: skip
    assert write_xlsx(tmp_path / "y.xlsx", "数据", ("数",), []) == 0


def test_a_correction_waits_its_turn_before_it_locks_a_figure(users, on_file, now):
    """An import holds the turn and then takes figures: the other way round both would wait."""
    with CaptureQueriesContext(connection) as asked:
        actions.correct(
            row=on_file.pk, value=Decimal(90), by=users.statistics, at=now, reason="笔误",
            document="县统〔2023〕3号",
        )  # fmt: skip
    tables = [
        table
        for one in asked
        for table in ("figures_door", "figures_observation")
        if f'FROM "{table}"' in one["sql"]
    ]
    assert tables[0] == "figures_door"


def test_an_export_is_on_record(client_as, users, several):
    client_as(users.reader).post(reverse("figures:export"), {"kind": "xlsx", "org": "liuhe"})
    act = Act.objects.get(action="figures.export")
    assert (act.by, act.after["rows"], act.after["org"]) == (users.reader, 1, "liuhe")


def test_a_large_export_is_made_for_the_one_who_asked(
    client_as, users, several, monkeypatch, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(looking, "AT_ONCE", 2)
    reader = client_as(users.reader)
    with django_capture_on_commit_callbacks(execute=True):
        answer = reader.post(reverse("figures:export"), {"kind": "csv", "month": "2023-05"})
    assert answer.url == reverse("figures:exports")
    found = Export.objects.get()
    actions.make_export(export_id=found.id, now=found.at)
    found.refresh_from_db()
    assert (found.state, found.rows) == ("done", 4)
    address = reverse("figures:export_file", args=[found.id])
    assert len(csv_rows(b"".join(reader.get(address).streaming_content))) == 5
    assert client_as(users.leader).get(address).status_code == 404
