"""A step is taken by a person: its letter, its number, what follows; or put off, or stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from diaodu.adapters.webhook_out import Robot
from diaodu.engine.dispatch.ladder import STANDARD, consequences
from diaodu.engine.report.document import plain_text
from diaodu.engine.report.letters import Talk
from diaodu.web.duties import queries as duty_queries
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.shared import outbox
from diaodu.web.shared.models import Act
from diaodu.web.urging import actions, queries
from diaodu.web.urging.actions import Details, Untimely
from diaodu.web.urging.models import Letter, Proposed, Relief, Step
from diaodu.web.urging.queries.matters import rows_of
from diaodu.web.urging.queries.rungs import taken

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LADDER = """
- id: meetings
  name: 会议交办事项
  sources: [meeting]
  rungs:
    - {step: urge, after: 1}
    - {step: talk, after: 30, wait: 10}
  counters:
    - {step: talk, times: 2, within_months: 12, of: matter, then: 在全县会议上说明情况}
"""
READERS = ("reader", "clerk", "owner", "statistics", "neighbour")


@pytest.fixture
def urge(assign: Callable[..., Any], now: datetime) -> Proposed:
    """催办 of a duty that is a day late."""
    assign(-1)
    actions.pass_day(at=now)
    return Proposed.objects.get()


def take(proposed: Proposed, users: SimpleNamespace, at: datetime, **more: Any) -> Step:
    content = more or {"answer_by": at.date() + 3 * DAY}
    return actions.take(
        proposed=proposed, details=Details(**content), by=users.supervision, at=at
    )  # fmt: skip


def test_a_letter_is_written_with_the_next_number(
    urge: Proposed, users: SimpleNamespace, now: datetime
) -> None:
    step = take(urge, users, now)
    assert step.letter is not None
    assert str(step.letter) == "示督催〔2023〕1号"
    text = plain_text(queries.document_of(step.letter))
    assert text.startswith("示例县人民政府督查室\n示督催〔2023〕1号\n关于催办“补报入库项目”的通知")
    assert "已逾期1天" in text
    assert "请于2023年6月9日前办结" in text
    assert outbox.inbox(users.clerk.pk)[0].title == "催办：补报入库项目"
    assert outbox.unread(users.township_head.pk) == 2, "the reminder and the letter"
    act = Act.objects.latest("number")
    assert (act.action, act.after["number"]) == ("urging.take", "示督催〔2023〕1号")


def test_two_at_once_take_it_once(urge: Proposed, users: SimpleNamespace, now: datetime) -> None:
    take(urge, users, now)
    with pytest.raises(Untimely, match="已经有人办了"):
        take(urge, users, now)
    assert Letter.objects.count() == 1


def test_what_is_answered_meanwhile_is_not_urged(
    urge: Proposed, users: SimpleNamespace, now: datetime
) -> None:
    duty = urge.duty
    duty.state = "answered"
    duty.save()
    with pytest.raises(Untimely):
        take(urge, users, now)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("details", "field", "told"),
    [
        ({"demand": "快办"}, "answer_by", "请填最晚什么时候反馈"),
        ({"answer_by": date(2023, 6, 6)}, "answer_by", "要在今天以后"),
    ],
)
def test_a_letter_without_a_day_takes_no_number(
    urge: Proposed, users: SimpleNamespace, now: datetime, details: Any, field: str, told: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        take(urge, users, now, **details)
    assert told in refused.value.message_dict[field][0]
    assert take(urge, users, now).letter.number == "示督催〔2023〕1号"


def climb(users: SimpleNamespace, at: datetime) -> Step | None:
    """Take whatever is due on a day."""
    actions.pass_day(at=at)
    proposed = Proposed.objects.first()
    if proposed is None:
        return None
    talk = Talk(at + DAY, "县政府3楼会议室", "副县长某", "主要负责人")
    details = Details(answer_by=at.date() + DAY, talk=talk, note="第5期通报")
    return actions.take(proposed=proposed, details=details, by=users.supervision, at=at)


def test_the_ladder_from_the_first_day_to_the_last(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime
) -> None:
    assign(0)
    climbed = [(days, climb(users, now + days * DAY)) for days in range(75)]
    steps = [(days, step.step, str(step.letter or "")) for days, step in climbed if step]
    assert steps == [
        (1, "urge", "示督催〔2023〕1号"),
        (7, "bulletin", ""),
        (15, "warning", "示督警〔2023〕1号"),
        (30, "talk", "示督约〔2023〕1号"),
        (60, "accountability", ""),
    ]


@pytest.mark.parametrize(("later", "barred"), [(365, True), (366, True), (367, False)])
def test_twice_within_a_year_bars_the_day_before_on_it_and_after(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime, later: int, barred: bool
) -> None:
    """2024 is a leap year: a year from 6 June 2023 ends with 6 June 2024, 366 days later."""
    duty = assign(-30)
    Step.objects.create(
        org_id="qingshi", matter=str(duty.pk), step="talk", on=now.date(), at=now,
        by=users.supervision,
    )  # fmt: skip
    day = now.date() + later * DAY
    told = consequences("talk", "qingshi", str(duty.pk), taken(day), STANDARD, day)
    assert bool(told) is barred


def test_counters_of_every_ladder_in_force_are_looked_at(
    rules: Any, rules_files: dict[str, bytes], assign: Callable[..., Any], users: SimpleNamespace,
    now: datetime,
) -> None:  # fmt: skip
    """A ladder for meetings alone: lights climb the standard one, which says something else."""
    files = rules_files | {"ladders/meetings.yaml": LADDER.encode()}
    imported = rulebooks.import_files(files=files, by=None, at=now, note="阶梯")
    assert imported.version is not None, imported.faults
    rulebooks.publish(
        version_id=imported.version.pk, by=None, at=now, note="会议的阶梯", seen=rules.pk
    )
    duty = assign(-30)
    for days in (90, 10):
        Step.objects.create(
            duty=duty, org_id="qingshi", matter=str(duty.pk), step="talk",
            on=now.date() - days * DAY, at=now, by=users.supervision,
        )  # fmt: skip
    [bar] = queries.reached(now)
    assert (bar.org, bar.then, len(bar.steps)) == ("qingshi", "在全县会议上说明情况", 2)


def test_a_void_letter_keeps_its_number_and_its_step_no_longer_counts(
    urge: Proposed, users: SimpleNamespace, now: datetime
) -> None:
    first = take(urge, users, now)
    actions.void(letter=first.letter, reason="发错单位", by=users.supervision, at=now)
    with pytest.raises(Untimely, match="已经作废"):
        actions.void(letter=first.letter, reason="再来", by=users.supervision, at=now)
    actions.pass_day(at=now + DAY)
    again = take(Proposed.objects.get(), users, now + DAY)
    assert str(again.letter) == "示督催〔2023〕2号"


def test_a_decision_stops_the_ladder_and_what_is_late_stays_late(
    urge: Proposed, users: SimpleNamespace, now: datetime
) -> None:
    actions.relieve(
        duty_id=urge.duty_id, kind="force_majeure", until=now.date() + 10 * DAY,
        document="县政府第12次常务会议纪要", reason="洪水断路", by=users.leader, at=now,
    )  # fmt: skip
    assert not Proposed.objects.exists()
    for days in (0, 10):
        assert actions.pass_day(at=now + days * DAY).proposed == 0
    assert actions.pass_day(at=now + 11 * DAY).proposed == 1


@pytest.mark.parametrize("field", ["document", "reason"])
def test_a_decision_says_what_it_rests_on(
    urge: Proposed, users: SimpleNamespace, now: datetime, field: str
) -> None:
    given = {"document": "纪要", "reason": "洪水", field: " "}
    with pytest.raises(ValidationError) as refused:
        actions.relieve(
            duty_id=urge.duty_id, kind="tolerance", until=None, by=users.leader, at=now, **given
        )
    assert list(refused.value.message_dict) == [field]
    assert not Relief.objects.exists()


# -- pages -------------------------------------------------------------------------------------


def test_supervision_takes_a_step_on_its_page(
    urge: Proposed, users: SimpleNamespace, frozen_clock: Any, client_as: Callable[..., Client]
) -> None:
    browser = client_as(users.supervision)
    listed = browser.get(reverse("urging:steps")).content.decode()
    assert "补报入库项目" in listed and "已逾期1天" in listed
    page = reverse("urging:step", args=[urge.pk])
    assert "补报入库项目" in browser.get(page).content.decode()
    wrong = browser.post(page, {"answer_by": "2023-06-01"})
    assert wrong.status_code == 422 and "要在今天以后" in wrong.content.decode()
    assert browser.post(page, {"answer_by": "2023-06-09"}).status_code == 302
    letters = browser.get(reverse("urging:letters")).content.decode()
    assert "示督催〔2023〕1号" in letters
    paper = browser.get(reverse("urging:letter", args=[Letter.objects.get().pk]))
    assert b"".join(paper.streaming_content).startswith(b"PK")


@pytest.mark.parametrize("who", READERS)
def test_others_neither_see_nor_take_steps(
    urge: Proposed, users: SimpleNamespace, frozen_clock: Any, client_as: Callable[..., Client],
    who: str,
) -> None:  # fmt: skip
    browser = client_as(getattr(users, who))
    assert browser.get(reverse("urging:steps")).status_code == 403
    page = reverse("urging:step", args=[urge.pk])
    assert browser.get(page).status_code == 403
    assert browser.post(page, {"answer_by": "2023-06-09"}).status_code == 403
    assert browser.post(reverse("urging:pass")).status_code == 403
    assert not Letter.objects.exists()


def test_the_duty_s_own_paper_is_made_from_it(
    assign: Callable[..., Any], users: SimpleNamespace, frozen_clock: Any,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    duty = assign(3)
    found = queries.handed_letter(duty.pk)
    assert found is not None
    text = plain_text(found.document)
    assert text.startswith("示例县人民政府督查室\n示督交〔2023〕1号\n督查事项交办单\n青石镇：")
    assert "根据5月10日调度会决定第4条" in text and "期限｜最晚2023年6月9日" in text
    page = reverse("urging:handed", args=[duty.pk])
    seen = {who: client_as(getattr(users, who)).get(page).status_code
            for who in ("clerk", "leader", "other_clerk")}  # fmt: skip
    assert seen == {"clerk": 200, "leader": 200, "other_clerk": 404}


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("开会研究。\n列出清单；\n\n办结反馈", "开会研究；列出清单；办结反馈"),
        ("逐户走访", "逐户走访"),
        ("", ""),
    ],
)
def test_the_steps_of_a_duty_stand_apart_in_its_letter(
    assign: Callable[..., Any], steps: str, said: str
) -> None:
    duty = assign(3)
    duty.measures = steps
    duty.save()
    [fact] = duty_queries.facts([duty.pk])
    assert dict(rows_of(fact, {}))["办法"] == said


def test_a_letter_is_read_by_the_unit_and_not_by_its_neighbour(
    urge: Proposed, users: SimpleNamespace, now: datetime, frozen_clock: Any,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    step = take(urge, users, now)
    page = reverse("urging:letter", args=[step.letter_id])
    wanted = {
        "clerk": 200, "township_head": 200, "leader": 200, "other_clerk": 404, "neighbour": 404,
    }  # fmt: skip
    seen = {who: client_as(getattr(users, who)).get(page).status_code for who in wanted}
    assert seen == wanted
    void = reverse("urging:void", args=[step.letter_id])
    assert client_as(users.clerk).post(void, {"reason": "错"}).status_code == 403


def test_reminders_are_the_reader_s_own(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime, frozen_clock: Any,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    assign(0)
    actions.pass_day(at=now)
    mine = client_as(users.clerk)
    page = mine.get(reverse("urging:home")).content.decode()
    assert "补报入库项目" in page and "没看的1条" in page
    [note] = outbox.inbox(users.clerk.pk)
    other = client_as(users.other_clerk)
    other.post(reverse("urging:read"), {"id": note.pk})
    assert outbox.unread(users.clerk.pk) == 1
    answer = mine.post(reverse("urging:read"), {"id": note.pk})
    assert answer.headers["Location"] == note.url
    assert outbox.unread(users.clerk.pk) == 0


def test_what_failed_is_seen_and_sent_again_by_those_who_urge(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime, frozen_clock: Any,
    client_as: Callable[..., Client], settings: Any,
) -> None:  # fmt: skip
    settings.DIAODU_WEBHOOK = Robot("wecom", "http://127.0.0.1:9/")
    assign(0)
    actions.pass_day(at=now)
    failed = outbox.sent_out()[0]
    outbox.settle(at=now + 2 * DAY)
    page = reverse("urging:deliveries")
    assert client_as(users.clerk).get(page).status_code == 403
    browser = client_as(users.supervision)
    told = browser.get(page).content.decode()
    assert "没有送到" in told and "等了一天没有发出" in told
    again = reverse("urging:again", args=[failed.pk])
    assert client_as(users.reader).post(again).status_code == 403
    assert browser.post(again).status_code == 302
    failed.refresh_from_db()
    assert failed.state == "waiting"
    assert Act.objects.latest("number").action == "urging.send_again"
