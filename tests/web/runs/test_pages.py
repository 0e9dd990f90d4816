"""The pages of runs: who may open and do what, and what each says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from diaodu.web.runs import actions
from diaodu.web.runs.models import Run
from diaodu.web.shared.models import Act
from tests.web.runs.conftest import run_now

RELEASE = datetime(2023, 6, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KEEPERS = ("statistics", "dispatch")  # run and publish
READERS = ("leader", "vice", "owner", "clerk", "supervision", "assessment", "reader",
           "township_head", "neighbour")  # fmt: skip
OUTSIDERS = ("admin", "stranger")


@pytest.fixture(autouse=True)
def _desk(settings: Any, frozen_clock: Any) -> None:
    backend = "django_tasks.backends.dummy.DummyBackend"
    settings.TASKS = {"default": {"BACKEND": backend, "QUEUES": []}}


@pytest.fixture
def browser(users: Any, client_as: Any) -> Callable[[str], Client]:
    return lambda name: client_as(getattr(users, name))


@pytest.fixture
def published(frozen: Run, users: Any, now: datetime) -> Run:
    return actions.publish(run=frozen, note="5月调度会", by=users.dispatch, at=now)


def statuses(browser: Any, names: tuple[str, ...], url: str) -> dict[str, int]:
    return {name: browser(name).get(url).status_code for name in names}


def test_who_sees_the_list_and_a_run(frozen: Run, browser: Any) -> None:
    assert set(statuses(browser, (*KEEPERS, *READERS), "/runs/").values()) == {200}
    assert set(statuses(browser, OUTSIDERS, "/runs/").values()) == {403}
    for url in ("/runs/1/", "/runs/1/progress/"):
        assert set(statuses(browser, KEEPERS, url).values()) == {200}
        # Not published: nobody else knows of it.
        assert set(statuses(browser, READERS, url).values()) == {404}
        assert set(statuses(browser, OUTSIDERS, url).values()) == {403}
    assert Client().get("/runs/").status_code == 302


def test_a_published_run_is_everyones_who_may_look(published: Run, browser: Any) -> None:
    assert set(statuses(browser, (*KEEPERS, *READERS), "/runs/1/").values()) == {200}
    assert set(statuses(browser, OUTSIDERS, "/runs/1/").values()) == {403}
    assert browser("leader").get("/runs/2/").status_code == 404


def test_only_those_who_run_start_one(filed: Any, browser: Any, now: datetime) -> None:
    form = {"period": "2023-05", "as_of": "2023-06-06", "note": "会"}
    for name in (*READERS, *OUTSIDERS):
        assert browser(name).get("/runs/new/").status_code == 403
        assert browser(name).post("/runs/new/", form).status_code == 403
    assert not Run.objects.exists()
    assert browser("dispatch").get("/runs/new/").status_code == 200
    answer = browser("dispatch").post("/runs/new/", form)
    assert (answer.status_code, answer["Location"]) == (302, "/runs/1/")
    page = browser("dispatch").get("/runs/1/").content.decode()
    assert "排队等待计算" in page and 'hx-trigger="every 1s"' in page


def test_a_start_with_mistakes_says_them_at_their_fields(filed: Any, browser: Any) -> None:
    answer = browser("statistics").post(
        "/runs/new/", {"period": "2099-05", "as_of": "2023-06-07", "note": "长" * 501}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请从列出的统计期里选" in page
    answer = browser("statistics").post("/runs/new/", {"period": "2023-05", "as_of": "2023-06-07"})
    assert "截至日期2023年6月7日还没有到；最晚是今天（2023年6月6日）" in answer.content.decode()
    assert not Run.objects.exists()


def test_the_progress_tells_its_step_and_reloads_at_the_end(
    filed: Any, users: Any, browser: Any, now: datetime
) -> None:
    run = actions.freeze(period="2023-05", as_of=now.date(), note="", by=users.dispatch, at=now)
    Run.objects.filter(pk=run.pk).update(state="running", step="计算", done_parts=3)
    answer = browser("dispatch").get("/runs/1/progress/", headers={"HX-Request": "true"})
    assert "正在计算：计算（第3步，共6步）" in answer.content.decode()
    assert "HX-Refresh" not in answer
    actions.carry_out(run_id=run.pk, now=lambda: now)
    answer = browser("dispatch").get("/runs/1/progress/", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"


@pytest.mark.parametrize("act", ["publish", "withdraw"])
def test_only_those_who_publish_publish_and_withdraw(
    frozen: Run, users: Any, browser: Any, now: datetime, act: str
) -> None:
    if act == "withdraw":
        actions.publish(run=frozen, note="会", by=users.dispatch, at=now)
    url = f"/runs/1/{act}/"
    for name in (*READERS, *OUTSIDERS):
        assert browser(name).post(url, {"reason": "会"}).status_code == 403
    assert browser("dispatch").get(url).status_code == 405
    empty = browser("dispatch").post(url, {"reason": " "})
    assert empty.status_code == 422 and "请写明原因" in empty.content.decode()
    done = browser("dispatch").post(url, {"reason": "经局长同意"})
    assert done.status_code == 302
    assert Act.objects.order_by("-number").first().action == f"runs.{act}"  # type: ignore[union-attr]
    twice = browser("statistics").post(url, {"reason": "再来"})
    assert twice.status_code == 422


def test_files(published: Run, browser: Any, frozen_clock: Any) -> None:
    url = "/runs/1/files/bulletin.docx/"
    early = statuses(browser, (*KEEPERS, *READERS), url)
    assert {name for name, status in early.items() if status == 200} == set(KEEPERS)
    assert set(early.values()) == {200, 403}
    frozen_clock(RELEASE)
    after = statuses(browser, (*KEEPERS, *READERS), url)
    assert {name for name, status in after.items() if status == 200} == {
        *KEEPERS, "leader", "vice", "supervision", "assessment", "reader",
    }  # fmt: skip
    answer = browser("leader").get(url)
    assert "attachment" in answer["Content-Disposition"]
    for odd in ("measures.parquet", "run.json", "..%2F1%2Fbulletin.docx", "nothing"):
        assert browser("statistics").get(f"/runs/1/files/{odd}/").status_code == 404


def test_recomputing_a_live_run(live: Any, browser: Any) -> None:
    url = "/runs/live/2023-05/again/"
    for name in (*READERS, *OUTSIDERS):
        assert browser(name).post(url).status_code == 403
    assert browser("statistics").post("/runs/live/1999-01/again/").status_code == 404
    assert browser("statistics").post(url).status_code == 302
    assert Run.objects.get(kind="live", period="2023-05").step == "排队等待计算"


def test_asking_for_an_older_month(live: Any, browser: Any) -> None:
    for name in ("leader", "clerk", "reader", *OUTSIDERS):
        assert browser(name).post("/runs/live/", {"period": "2022-06"}).status_code == 403
    odd = browser("owner").post("/runs/live/", {"period": "1999-01"})
    assert odd.status_code == 422 and "请从列出的统计期里选" in odd.content.decode()
    assert browser("owner").post("/runs/live/", {"period": "2022-06"}).status_code == 302
    assert Run.objects.get(kind="live", period="2022-06").state == "waiting"


def test_live_runs_are_listed_for_those_who_may_see_them(live: Any, browser: Any) -> None:
    assert "随数据改动自动更新" in browser("statistics").get("/runs/").content.decode()
    assert "随数据改动自动更新" not in browser("leader").get("/runs/").content.decode()


def test_the_list_and_the_page_ask_a_fixed_number_of_questions(
    published: Run, users: Any, browser: Any, now: datetime, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        run_now(by=users.statistics, at=now)
    client = browser("dispatch")
    client.get("/runs/")
    with django_assert_num_queries(9):
        client.get("/runs/")
    with django_assert_num_queries(9):
        client.get("/runs/1/")
