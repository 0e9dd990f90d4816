"""Notes on pages: who reads which, before and after the figure's release."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from diaodu.web.board import actions
from diaodu.web.board.models import Note
from diaodu.web.board.queries.notes import Place

MAY = "2023-01/05"
RETAIL = Place("retail", "shilixian", MAY)
QINGSHI = Place("retail", "qingshi", MAY)
PROFIT = Place("profit", "shilixian", MAY)
NEW = "/board/shilixian/retail/note/"


@pytest.fixture
def as_(
    on_file: None, frozen_clock: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> Callable[[str], Client]:
    return lambda name: client_as(getattr(users, name))


@pytest.fixture
def pin(on_file: None, users: SimpleNamespace, now: datetime) -> Callable[..., Note]:
    def pinned(
        by: str, text: str = "两家商场停业", place: Place = RETAIL, readers: Any = None
    ) -> Note:
        named = readers and [getattr(users, one).pk for one in readers]
        return actions.pin(
            place=place, facet="", text=text, readers=named, by=getattr(users, by), at=now
        )

    return pinned


def _page(note: Note) -> str:
    return f"/board/notes/{note.pk}/"


# -- who reads -------------------------------------------------------------------------------------


def test_for_all_is_for_all_who_see_the_figure(
    pin: Callable[..., Note], as_: Callable[[str], Client]
) -> None:
    county, township = pin("leader"), pin("leader", place=QINGSHI)
    for name, seen in (
        ("vice", (200, 200)), ("reader", (200, 200)), ("clerk", (200, 200)),
        ("other_clerk", (200, 404)), ("township_reader", (200, 200)), ("admin", (403, 403)),
        ("stranger", (403, 403)),
    ):  # fmt: skip
        found = tuple(as_(name).get(_page(one)).status_code for one in (county, township))
        assert found == seen, name


def test_for_the_named_it_is_for_them_alone(
    pin: Callable[..., Note], as_: Callable[[str], Client]
) -> None:
    note = pin("leader", readers=["owner"])
    answer = f"{_page(note)}reply/"
    assert as_("owner").get(_page(note)).status_code == 200
    for name in ("vice", "statistics", "supervision", "reader"):
        assert as_(name).get(_page(note)).status_code == 404, name
        assert "两家商场" not in as_(name).get("/board/notes/").content.decode()
    assert as_("vice").post(answer, {"text": "我也说"}).status_code == 404
    assert as_("owner").post(answer, {"text": "7月恢复"}).status_code == 302
    assert "7月恢复" in as_("leader").get(_page(note)).content.decode()


def test_before_its_release_a_figures_notes_are_its_early_readers(
    pin: Callable[..., Note], as_: Callable[[str], Client],
    frozen_clock: Callable[[datetime], None], now: datetime,
) -> None:  # fmt: skip
    note = pin("statistics", "利润6.37亿元", place=PROFIT)
    assert as_("dispatch").get(_page(note)).status_code == 200
    for name in ("leader", "reader", "supervision"):
        assert as_(name).get(_page(note)).status_code == 404
        assert as_(name).get(f"/board/shilixian/profit/note/?of={MAY}").status_code in (
            403,
            404,
        )
    frozen_clock(now.replace(day=27, hour=10))
    assert "6.37" in as_("leader").get(_page(note)).content.decode()


def test_a_role_taken_away_takes_the_notes_away(
    pin: Callable[..., Note], as_: Callable[[str], Client], users: SimpleNamespace
) -> None:
    note = pin("leader", place=QINGSHI, readers=["clerk"])
    users.clerk.memberships.all().delete()
    assert as_("clerk").get(_page(note)).status_code == 403


# -- writing ---------------------------------------------------------------------------------------


def test_written_on_the_page(as_: Callable[[str], Client], users: SimpleNamespace) -> None:
    leader = as_("leader")
    page = leader.get(NEW, {"of": MAY}).content.decode()
    assert "<h1>写批注：社会消费品零售总额</h1>" in page
    assert "<span>示例县</span><b>2023年1—5月</b>" in page
    assert "owner某（县工业和信息化局）" in page
    told = {"text": "原因", "facet": "growth", "audience": "named", "readers": [users.owner.pk]}
    response = leader.post(f"{NEW}?of={MAY}", told)
    note = Note.objects.get()
    assert response["Location"] == _page(note)
    shown = leader.get(_page(note)).content.decode()
    assert "只给owner某看" in shown and "增速" in shown


def test_any_point_of_the_years_chart_can_be_remarked_on(
    run: Any, as_: Callable[[str], Client], frozen_clock: Any
) -> None:
    page = as_("leader").get("/board/shilixian/retail/").content.decode()
    offered = re.findall(r'<option value="(2023-01/\d\d)">([^<]+)</option>', page)
    assert offered == [
        ("2023-01/05", "2023年1—5月"), ("2023-01/04", "2023年1—4月"),
        ("2023-01/03", "2023年1—3月"), ("2023-01/02", "2023年1—2月"),
    ]  # fmt: skip
    as_("leader").post(f"{NEW}?of=2023-01/03", {"text": "3月多一个工作日", "audience": "all"})
    page = as_("leader").get("/board/shilixian/retail/").content.decode()
    assert '"notes": [[3, "1", ' in page and "其他统计期1条" in page
    assert 'id="note-of"' not in as_("reader").get("/board/shilixian/retail/").content.decode()


def test_what_cannot_be_written_is_said_at_its_field(as_: Callable[[str], Client]) -> None:
    response = as_("leader").post(f"{NEW}?of={MAY}", {"text": "原因", "audience": "named"})
    assert response.status_code == 422
    assert "请选出能看的人" in response.content.decode()


@pytest.mark.parametrize("period", ["2023", "x..y", "2023-13"])
def test_a_period_that_is_none(as_: Callable[[str], Client], period: str) -> None:
    assert as_("leader").get(NEW, {"of": period}).status_code == 404


def test_read_only_writes_nothing(as_: Callable[[str], Client], pin: Callable[..., Note]) -> None:
    note = pin("leader")
    reader = as_("reader")
    assert reader.get(NEW, {"of": MAY}).status_code == 403
    for act in ("reply", "delete", "close", "reopen"):
        assert reader.post(f"{_page(note)}{act}/", {"text": "好"}).status_code == 403
    assert "回复" not in reader.get(_page(note)).content.decode()


def test_changed_deleted_and_settled_on_the_page(
    as_: Callable[[str], Client], pin: Callable[..., Note]
) -> None:
    note = pin("leader")
    leader, vice = as_("leader"), as_("vice")
    assert vice.get(f"{_page(note)}edit/").status_code == 403
    leader.post(f"{_page(note)}edit/", {"text": "改过的话", "seen": 0})
    shown = vice.get(_page(note)).content.decode()
    assert "改过的话" in shown and "6月6日 10:00改过" in shown
    assert leader.post(f"{_page(note)}edit/", {"text": "再改", "seen": 0}).status_code == 422
    vice.post(f"{_page(note)}close/")
    assert "已办结" in leader.get(_page(note)).content.decode()
    leader.post(f"{_page(note)}reopen/")
    leader.post(f"{_page(note)}delete/")
    shown = leader.get(_page(note)).content.decode()
    assert "leader某6月6日 10:00删去了这条批注" in shown and "改过的话" not in shown


# -- 我的批注 --------------------------------------------------------------------------------------


def test_mine_are_those_i_wrote_answered_or_am_named_for(
    as_: Callable[[str], Client], pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    pin("leader", "写的")
    pin("vice", "与我无关")
    pin("vice", "给您看", readers=["leader"])
    answered = pin("vice", "回复过")
    actions.reply(note=answered, text="好", by=users.leader, at=now)

    def texts(**asked: str) -> list[str]:
        threads = as_("leader").get("/board/notes/", asked).context["threads"]
        return [one.note.text for one in threads]

    assert texts() == ["回复过", "给您看", "写的"]
    assert texts(state="mine") == ["写的"]
    assert texts(state="named") == ["给您看"]
    assert texts(q="社零") == ["回复过", "给您看", "写的"]
    assert texts(q="回复") == ["回复过"]
    assert texts(q="没有的词") == []
    assert "没有找到批注" in as_("leader").get("/board/notes/?q=没有的词").content.decode()
    actions.close(note=answered, by=users.leader, at=now)
    assert texts(state="closed") == ["回复过"]


def test_pages_of_twenty_in_few_queries(
    as_: Callable[[str], Client], pin: Callable[..., Note], django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        pin("leader", f"第{number}条", readers=["owner"])
    leader = as_("leader")
    assert len(leader.get("/board/notes/").context["threads"]) == 20
    assert len(leader.get("/board/notes/?page=2").context["threads"]) == 5
    with django_assert_max_num_queries(18):
        leader.get("/board/notes/")
