"""比一比: what differs between two periods, orgs or runs, and why."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import openpyxl
import polars
import pytest
from django.test import Client

from diaodu.web.figures import actions as figures
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks.queries import current_version
from diaodu.web.runs import actions as runs

URL = "/board/compare/"
RUNS = {"kind": "run", "a": "1", "b": "2"}


@pytest.fixture
def changed(
    leader: Client, users: SimpleNamespace, now: datetime, figure: Callable[..., Any],
    freeze: Callable[..., Any],
) -> Callable[..., None]:  # fmt: skip
    """Put more on file after the first run, and freeze the second."""

    def change(*rows: tuple[str, str, str, str, str], reason: str = "核实后更正") -> None:
        figures.record(
            observations=[figure(*row, received=now.date()) for row in rows],
            by=users.statistics, at=now, origin="import", reason=reason,
        )  # fmt: skip
        freeze()

    return change


def _lines(client: Client, **asked: str) -> dict[str, Any]:
    found = client.get(URL, asked).context["found"]
    return {line.indicator.name: line for line in found.lines}


def _text(client: Client, **asked: str) -> str:
    response = client.get(URL, asked)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# -- two runs --------------------------------------------------------------------------------------


def test_a_revision_is_told_with_its_reason(leader: Client, changed: Callable[..., None]) -> None:
    changed(("retail", "shilixian", "2023-01/05", "level", "43.00"))
    line = _lines(leader, **RUNS)["社会消费品零售总额"]
    assert (line.level.one, line.level.other, line.level.apart) == ("44.00", "43.00", "−1.00")
    assert (line.growth.one, line.growth.other, line.growth.apart) == ("6.5", "6.5", "持平")
    [why] = line.reasons
    assert (why.word, why.text) == (
        "数据修订", "6月6日收到2023年1—5月总量（上级认定）43.00，核实后更正",
    )  # fmt: skip
    told = _text(leader, **RUNS)
    assert "1 项不同" in told and "数据修订 1 项 社会消费品零售总额" in told


def test_the_later_run_is_the_later_on_either_side(
    leader: Client, changed: Callable[..., None]
) -> None:
    changed(("retail", "shilixian", "2023-01/05", "level", "43.00"))
    line = _lines(leader, kind="run", a="2", b="1")["社会消费品零售总额"]
    assert (line.level.one, line.level.other, line.level.apart) == ("43.00", "44.00", "+1.00")
    assert [one.word for one in line.reasons] == ["数据修订"]


def test_figures_are_those_of_the_runs_own_files(
    leader: Client, changed: Callable[..., None], settings: Any
) -> None:
    changed(("retail", "shilixian", "2023-01/05", "growth", "6.1"))
    files = sorted((settings.DIAODU_HOME / "runs").rglob("measures.parquet"))
    shown = []
    for file in files:
        rows = polars.read_parquet(file).filter(
            polars.col("indicator") == "retail", polars.col("org") == "shilixian",
            polars.col("measure").is_in(["value", "growth_published"]),
        )  # fmt: skip
        shown.append(dict(rows.select("measure", "shown").iter_rows()))
    line = _lines(leader, **RUNS)["社会消费品零售总额"]
    assert [line.level.one, line.level.other] == [one["value"] for one in shown]
    assert [line.growth.one, line.growth.other] == [one["growth_published"] for one in shown]
    assert line.growth.apart == "−0.4"


def test_a_figure_that_came_late_is_new(leader: Client, changed: Callable[..., None]) -> None:
    changed(("firms", "shilixian", "2023-05", "level", "101"), reason="")
    line = _lines(leader, **RUNS)["规上工业企业数"]
    assert (line.level.one, line.level.other, line.level.apart) == ("逾期未报", "101", "")
    assert [one.word for one in line.reasons] == ["新到的数", "新到的数"]
    assert "原为逾期未报" in [one.text for one in line.reasons]
    assert line.light.one != line.light.other


def test_a_place_that_peers_moved(leader: Client, changed: Callable[..., None]) -> None:
    changed(("retail", "beigangxian", "2023-01/05", "growth", "9.9"))
    line = _lines(leader, **RUNS)["社会消费品零售总额"]
    assert (line.place.one, line.place.other, line.place.apart) == ("4/5", "5/5", "▼1")
    assert [one.word for one in line.reasons] == ["同级单位的数变了"]


def test_another_definition_is_a_rule(
    leader: Client, changed: Callable[..., None], now: datetime, files: dict[str, bytes]
) -> None:
    name = "indicators/all.yaml"
    files[name] = files[name].replace("在地口径".encode(), "法人口径".encode())
    before = current_version()
    imported = rulebooks.import_files(files=files, by=None, at=now)
    rulebooks.publish(version_id=imported.version.id, by=None, at=now, note="口径", seen=before.id)
    changed(("retail", "shilixian", "2023-01/05", "level", "43.00"))
    told = [(one.word, one.text) for one in _lines(leader, **RUNS)["社会消费品零售总额"].reasons]
    numbers = f"第{before.number}版规则，后为第{current_version().number}版"
    assert ("规则改动", f"指标定义：{numbers}") in told


def test_beside_another_run_on_the_indicators_own_page(
    leader: Client, changed: Callable[..., None]
) -> None:
    assert "与另一次运行比" not in leader.get("/board/shilixian/retail/").content.decode()
    changed(("retail", "shilixian", "2023-01/05", "level", "43.00"))
    page = leader.get("/board/shilixian/retail/", {"run": "2"})
    assert [value for value, _ in page.context["other_runs"]] == ["1"]
    asked = {**RUNS, "indicator": "retail", "org": "shilixian"}
    part = leader.get(URL, asked, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))
    assert "总量 亿元 44.00 43.00 −1.00" in told and "数据修订" in told
    asked["indicator"] = "nothing"
    part = leader.get(URL, asked, headers={"HX-Request": "true"}).content.decode()
    assert "另一次运行里没有这个指标的数" in part


def test_runs_that_are_alike_say_so(leader: Client, freeze: Callable[..., Any]) -> None:
    freeze()
    told = _text(leader, **RUNS)
    assert "两边印出来的数都一样" in told and "0 项不同" in told
    assert "社会消费品零售总额" in _text(leader, **RUNS, all="1")


def test_one_run_has_nothing_beside_it(leader: Client) -> None:
    assert "这个月只有一次运行" in _text(leader, kind="run")


def test_a_run_beside_itself(leader: Client) -> None:
    assert "两边选的是同一个" in _text(leader, kind="run", a="1", b="1")


# -- two periods -----------------------------------------------------------------------------------


@pytest.fixture
def april(leader: Client, users: SimpleNamespace, now: datetime) -> None:
    """Its run, as of May."""
    run = runs.freeze(
        period="2023-04", as_of=date(2023, 6, 5), note="", by=users.statistics, at=now
    )
    runs.carry_out(run_id=run.pk, now=lambda: now)
    run.refresh_from_db()
    runs.publish(run=run, note="供调度会用", by=users.dispatch, at=now)


def test_two_periods_and_a_place_that_moved(leader: Client, april: None) -> None:
    line = _lines(leader, kind="period")["社会消费品零售总额"]
    assert (line.level.one, line.level.other) == ("35.20", "44.00")
    assert (line.growth.one, line.growth.other, line.growth.apart) == ("7.0", "6.5", "−0.5")
    assert (line.place.one, line.place.other, line.place.apart) == ("3/5", "4/5", "▼1")
    assert "2023年1—4月与2023年1—5月" in _text(leader, kind="period")


def test_a_period_revised_since_is_told(
    leader: Client, april: None, changed: Callable[..., None]
) -> None:
    changed(("retail", "shilixian", "2023-01/04", "growth", "7.2"))
    line = _lines(leader, kind="period")["社会消费品零售总额"]
    assert [(one.word, one.text) for one in line.reasons] == [
        ("数据修订", "2023年1—4月增速后来由7.0改为7.2")
    ]


def test_one_period_alone(leader: Client) -> None:
    assert "只有一期运行" in _text(leader, kind="period")


# -- two orgs --------------------------------------------------------------------------------------


def test_two_orgs(leader: Client) -> None:
    asked = {"kind": "org", "a": "shilixian", "b": "donglinqu"}
    line = _lines(leader, **asked)["社会消费品零售总额"]
    assert (line.level.one, line.level.other, line.level.apart) == ("44.00", "88.00", "+44.00")
    assert (line.growth.apart, line.place.one, line.place.other) == ("+2.5", "4/5", "1/5")
    other = _lines(leader, **asked)["固定资产投资"]
    assert other.growth.other == "没有这一项" and not other.growth.apart
    assert "为什么" not in _text(leader, **asked)


def test_what_is_embargoed_is_a_word_on_both_sides(
    leader: Client, changed: Callable[..., None]
) -> None:
    changed(("profit", "shilixian", "2023-01/05", "level", "6.99"))
    page = leader.get(URL, {**RUNS, "all": "1"}).content.decode()
    assert "未发布" in page
    for secret in ("6.37", "6.99", "0.62"):
        assert secret not in page


# -- who and what may be asked ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "nothing"}, {**RUNS, "b": "99"}, {**RUNS, "b": "x"},
        {"kind": "period", "a": "2020-1", "b": "2023-05"}, {"kind": "org", "b": "nowhere"},
        {"kind": "run", "org": "nowhere"},
    ],
)  # fmt: skip
def test_what_is_not_there(leader: Client, asked: dict[str, str]) -> None:
    assert leader.get(URL, asked).status_code == 404
    assert leader.get(f"{URL}export.xlsx", asked).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "period", "a": "2020-02", "b": "2023-05"}, {"kind": "period", "b": "2020-02"},
        {"kind": "period", "period": "2020-02"}, {"kind": "run", "period": "2020-02"},
        {"kind": "org", "period": "2020-02", "run": "live", "a": "shilixian", "b": "donglinqu"},
    ],
)  # fmt: skip
def test_a_month_without_a_run_says_so_and_which_have_one(
    leader: Client, asked: dict[str, str]
) -> None:
    told = _text(leader, **asked)
    assert "2020年1—2月还没有可看的结果" in told
    assert "有结果的统计期： 2023年1—5月" in told
    assert leader.get(URL, asked).context["chosen"].run.period == "2023-05"
    stranger = {**asked, "org": "nowhere"}
    assert leader.get(URL, stranger).status_code == 404


def test_no_workbook_of_a_month_without_a_run(leader: Client) -> None:
    asked = {"kind": "period", "a": "2020-02", "b": "2023-05"}
    assert leader.get(f"{URL}export.xlsx", asked).status_code == 404


def test_nobody_compares_what_they_do_not_see(
    run: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    township = client_as(users.township_reader)
    asked = {"kind": "org", "a": "qingshi", "b": "liuhe"}
    assert township.get(URL, asked).status_code == 404
    assert township.get(URL, {**asked, "b": "shilixian"}).status_code == 200
    assert client_as(users.admin).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


def test_the_workbook_has_all_lines_and_reasons(
    leader: Client, changed: Callable[..., None]
) -> None:
    changed(("retail", "shilixian", "2023-01/05", "level", "43.00"))
    response = leader.get(f"{URL}export.xlsx", RUNS)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = [[cell.value for cell in row] for row in book["比一比"].iter_rows()]
    retail = next(row for row in rows if row[0] == "社会消费品零售总额")
    assert retail[2:5] == [44, 43, -1]
    assert retail[-1].startswith("数据修订：6月6日收到")
    assert any(row[0] == "贷款余额" for row in rows)


def test_queries_are_few(
    leader: Client, changed: Callable[..., None], django_assert_max_num_queries: Any
) -> None:
    changed(("retail", "shilixian", "2023-01/05", "level", "43.00"))
    leader.get(URL, RUNS)
    with django_assert_max_num_queries(24):
        leader.get(URL, RUNS)
