"""A text handed in, what is shown of it, to whom, for how long, and what is taken along."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import docx
import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diaodu.adapters.texts_in import Loaded
from diaodu.web.bulletins import actions, jobs, queries
from diaodu.web.bulletins.models import Check, Original
from diaodu.web.runs.models import Run
from diaodu.web.shared.models import Act
from diaodu.web.shared.signals import work_given_up

BAD = "全年任务20亿元，已完成15亿元，完成全年任务的85%。"
GOOD = "全年任务20亿元，已完成15亿元，完成全年任务的75%。"
RELEASED = datetime(2023, 6, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
Hand = Callable[..., Any]


def page_of(client: Client, check: Check, query: str = "") -> str:
    answer = client.get(f"/bulletins/{check.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def clerk(rules: Any, users: SimpleNamespace, frozen_clock: Any) -> Any:
    return users.clerk


# -- handing in ------------------------------------------------------------------------------------


def test_a_pasted_text_is_checked_at_once(
    clerk: Any, hand_in: Hand, client_as: Callable[..., Client]
) -> None:
    answer = hand_in(clerk, text=f"通报\r\n{BAD}")
    check = Check.objects.get()
    assert answer["Location"] == f"/bulletins/{check.pk}/"
    assert (check.name, check.text) == ("通报 全年任务20亿元，已完成15亿元，…", f"通报\n{BAD}")
    assert (check.state, check.contradicts, check.unverifiable, check.holds) == ("done", 1, 0, 0)
    page = page_of(client_as(clerk), check)
    (claim,) = queries.claims_of(check)
    assert claim.explanation in page
    assert f'<mark class="contradicts">{claim.quote}</mark>' in page
    assert '<span class="lt behind">矛盾</span><span>有误</span>' in page
    assert 'aria-label="第1处：矛盾"' in page
    home = client_as(clerk).get("/bulletins/").content.decode()
    assert "通报 全年任务20亿元" in home
    assert "2023年9月4日" in home  # 90 days on


def test_a_word_file_comes_back_with_comments(
    clerk: Any, hand_in: Hand, client_as: Callable[..., Client], word: Callable[..., bytes]
) -> None:
    hand_in(clerk, file=("讲话.docx", word("讲话", BAD, GOOD)))
    check = Check.objects.get()
    (bad, good) = queries.claims_of(check)
    client = client_as(clerk)
    for query, told in (("", [bad]), ("?all=1", [bad, good])):
        answer = client.get(f"/bulletins/{check.pk}/word/{query}")
        document = docx.Document(BytesIO(b"".join(answer.streaming_content)))
        assert [one.text for one in document.paragraphs] == ["讲话", BAD, GOOD]
        comments = [one.text.partition("：")[2] for one in document.comments]
        assert comments == [one.explanation for one in told]
    assert answer["Cache-Control"] == "no-store"


def test_excel_and_json(clerk: Any, hand_in: Hand, client_as: Callable[..., Client]) -> None:
    hand_in(clerk, file=("通报.txt", BAD.encode("gb18030")))
    check = Check.objects.get()
    assert not Original.objects.exists()
    client = client_as(clerk)
    told = json.loads(b"".join(client.get(f"/bulletins/{check.pk}/json/").streaming_content))
    assert (told["file"], told["text"]) == ("通报.txt", BAD)
    assert [one["verdict"] for one in told["claims"]] == ["contradicts"]
    book = b"".join(client.get(f"/bulletins/{check.pk}/excel/").streaming_content)
    rows = list(openpyxl.load_workbook(BytesIO(book)).active.iter_rows(values_only=True))
    assert rows[0][0] == "通报.txt"
    assert rows[1] == ("序号", "位置", "原文", "核对", "结论", "说明", "印的", "算得")
    assert rows[2][:2] == (1, "第1行")
    assert rows[2][4] == "矛盾（有误）"
    word = b"".join(client.get(f"/bulletins/{check.pk}/word/").streaming_content)
    assert docx.Document(BytesIO(word)).paragraphs[0].text == BAD


@pytest.mark.parametrize(
    ("file", "told", "says"),
    [
        (None, {}, "没有要校核的内容；请选文件，或者粘贴文字"),
        (None, {"text": "  \n"}, "没有要校核的内容"),
        (("讲话.txt", b"1"), {"text": BAD}, "文件和文字只交一样：要么选文件，要么粘贴文字"),
        (("讲话.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600), {},
         "“讲话.doc”是旧版 Word 格式（.doc 或 .wps），读不出内容；"),
        (("空.txt", b""), {}, "“空.txt”是空文件，没有内容；请重新发送"),
        (("大.txt", b"1" * (10 * 1024 * 1024 + 1)), {},
         "“大.txt”超过10兆；请删去图片或分成几个文件"),
        (None, {"text": "字" * 200_001}, "粘贴的文字超过20万字；请存成文件上传"),
        (None, {"text": BAD, "run": "99"}, "请从列出的运行里选"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_told(
    file: Any, told: dict[str, str], says: str, clerk: Any, hand_in: Hand
) -> None:
    answer = hand_in(clerk, file=file, **told)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Check.objects.exists()


def test_what_of_a_file_was_not_read_is_told(
    clerk: Any, client_as: Callable[..., Client], now: datetime
) -> None:
    loaded = Loaded(GOOD, notes=("有1张图片，图片里的文字和数没有校核",))
    check = actions.check(name="图", loaded=loaded, content=None, run=None, by=clerk, at=now)
    assert loaded.notes[0] in page_of(client_as(clerk), check)


# -- against a run, before and after release -------------------------------------------------------

WRONG, RIGHT = "1—5月，全县税收收入完成77131万元。", "1—5月，全县税收收入完成77121万元。"


@pytest.mark.parametrize(
    ("who", "released", "text", "verdict"),
    [
        ("reader", False, WRONG, "unverifiable"), ("reader", False, RIGHT, "unverifiable"),
        ("leader", False, RIGHT, "unverifiable"),
        ("statistics", False, WRONG, "contradicts"), ("statistics", False, RIGHT, "holds"),
        ("reader", True, WRONG, "contradicts"), ("reader", True, RIGHT, "holds"),
        ("clerk", True, WRONG, "contradicts"), ("neighbour", True, WRONG, "unverifiable"),
    ],
)  # fmt: skip
def test_a_run_tells_nobody_what_they_may_not_see(
    who: str, released: bool, text: str, verdict: str, run: Run, users: SimpleNamespace,
    hand_in: Hand, frozen_clock: Callable[[datetime], None], client_as: Callable[..., Client],
) -> None:  # fmt: skip
    """The neighbours may see the published run, but not the county's row of it."""
    if released:
        frozen_clock(RELEASED)
    user = getattr(users, who)
    hand_in(user, text=text, run=str(run.number))
    check = Check.objects.get()
    (claim,) = queries.claims_of(check)
    assert (claim.kind, claim.verdict) == ("ledger", verdict)
    page = page_of(client_as(user), check)
    if verdict == "unverifiable":
        told = "运行结果里没有示例县2023年1—5月税收收入的本期值，或者还不能看，没有核对"
        assert claim.explanation == told
        assert "77121" not in page or text == RIGHT
    elif verdict == "contradicts":
        assert "应改为“77121万元”" in claim.explanation


def test_a_run_that_was_withdrawn_meanwhile_is_not_read(
    run: Run, users: SimpleNamespace, now: datetime
) -> None:
    from diaodu.web.runs import actions as runs

    chosen = queries.Chosen(run.pk, "第1次运行")
    runs.withdraw(run=run, reason="数有误", by=users.dispatch, at=now)
    check = actions.check(
        name="讲话", loaded=Loaded(WRONG), content=None, run=chosen, by=users.reader, at=now
    )
    actions.carry_out(check_id=check.pk, at=RELEASED)
    check.refresh_from_db()
    assert queries.claims_of(check) == ()


# -- long texts ------------------------------------------------------------------------------------


def test_a_long_text_is_read_page_by_page_and_filtered(
    clerk: Any, client_as: Callable[..., Client], now: datetime
) -> None:
    text = "\n".join(f"第{i}段。{BAD if i % 40 == 0 else GOOD}" for i in range(1, 801))
    check = actions.check(
        name="长文", loaded=Loaded(text), content=None, run=None, by=clerk, at=now
    )
    actions.carry_out(check_id=check.pk, at=now)
    check.refresh_from_db()
    assert (check.contradicts, check.holds) == (20, 780)
    pages = queries.sheet(check, "", "1").of
    assert pages > 1
    shown = [queries.sheet(check, "", str(number)) for number in range(1, pages + 1)]
    assert "".join(piece.text for one in shown for piece in one.pieces) == text
    assert [card.number for one in shown for card in one.cards] == list(range(1, 801))
    only = [queries.sheet(check, "contradicts", str(number)) for number in range(1, pages + 1)]
    assert {card.claim.verdict for one in only for card in one.cards} == {"contradicts"}
    page = page_of(client_as(clerk), check, "?verdict=contradicts&page=2")
    assert "第2页，共" in page
    assert "相符</span>" not in page
    assert queries.sheet(check, "nothing", "99").number == 1


def test_work_in_the_background(
    clerk: Any, client_as: Callable[..., Client], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(actions, "enqueue", lambda name, **told: queued.append({name: told}))
    check = actions.check(
        name="长文", loaded=Loaded(GOOD * 2000), content=None, run=None, by=clerk, at=now
    )
    assert queued == [{"bulletins.carry_out": {"check_id": check.pk}}]
    client = client_as(clerk)
    assert "排队等待校核" in page_of(client, check)
    waiting = client.get(f"/bulletins/{check.pk}/progress/")
    assert "HX-Refresh" not in waiting
    assert client.get(f"/bulletins/{check.pk}/word/").status_code == 404
    jobs.carry_out.call(check_id=check.pk)
    done = client.get(f"/bulletins/{check.pk}/progress/")
    assert done["HX-Refresh"] == "true"
    check.refresh_from_db()
    assert (check.state, check.holds) == ("done", 2000)


def test_work_given_up_says_so(
    clerk: Any, client_as: Callable[..., Client], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "enqueue", lambda name, **told: None)
    check = actions.check(
        name="长文", loaded=Loaded(GOOD * 2000), content=None, run=None, by=clerk, at=now
    )
    work_given_up.send(
        Check, name="diaodu.web.bulletins.jobs.carry_out", arguments={"check_id": check.pk}
    )
    page = page_of(client_as(clerk), check)
    assert "校核多次中断；请删去再试，仍不行的请告诉管理员" in page


# -- one's own, and gone ---------------------------------------------------------------------------


def test_deleted_is_gone_with_its_file_and_told_in_the_audit(
    clerk: Any, hand_in: Hand, client_as: Callable[..., Client], word: Callable[..., bytes]
) -> None:
    hand_in(clerk, file=("讲话.docx", word(BAD)))
    check = Check.objects.get()
    answer = client_as(clerk).post(f"/bulletins/{check.pk}/delete/")
    assert answer["Location"] == "/bulletins/"
    assert not Check.objects.exists()
    assert not Original.objects.exists()
    acts = list(Act.objects.filter(thing="bulletins.Check").order_by("number"))
    assert [one.action for one in acts] == ["bulletins.check", "bulletins.delete"]
    assert acts[0].after == {"length": len(BAD), "against": ""}
    assert "讲话" not in json.dumps([[one.before, one.after, one.reason] for one in acts])


def test_past_its_day_it_is_hidden_then_taken_away(
    clerk: Any, hand_in: Hand, client_as: Callable[..., Client], now: datetime,
    frozen_clock: Callable[[datetime], None],
) -> None:  # fmt: skip
    hand_in(clerk, text=BAD)
    check = Check.objects.get()
    actions.expire(at=now + timedelta(days=89))
    assert Check.objects.exists()
    frozen_clock(now + timedelta(days=90))
    client = client_as(clerk)
    assert client.get(f"/bulletins/{check.pk}/").status_code == 404
    assert "还没有校核过文稿" in client.get("/bulletins/").content.decode()
    jobs.expire.call()
    assert not Check.objects.exists()


def test_another_users_check_is_hidden(
    clerk: Any, users: SimpleNamespace, hand_in: Hand, client_as: Callable[..., Client]
) -> None:
    hand_in(clerk, text=BAD)
    check = Check.objects.get()
    other = client_as(users.statistics)
    for address in ("", "progress/", "word/", "excel/", "json/"):
        assert other.get(f"/bulletins/{check.pk}/{address}").status_code == 404
    assert other.post(f"/bulletins/{check.pk}/delete/").status_code == 404
    assert client_as(users.admin).get("/bulletins/").status_code == 403


def test_pages_ask_the_database_little(
    clerk: Any, hand_in: Hand, client_as: Callable[..., Client]
) -> None:
    """As often for many texts and claims as for one; what the menu asks is counted on a page of
    its own."""
    client = client_as(clerk)

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    menu = asked("/people/account/")
    hand_in(clerk, text=BAD)
    check = Check.objects.get()
    once = [asked("/bulletins/"), asked(f"/bulletins/{check.pk}/")]
    for _ in range(4):
        hand_in(clerk, text=(BAD + GOOD) * 9)
    newest = Check.objects.first()
    assert newest is not None
    assert [asked("/bulletins/"), asked(f"/bulletins/{newest.pk}/")] == once
    assert max(once) <= menu + 4
