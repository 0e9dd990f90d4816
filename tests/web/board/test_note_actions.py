"""Writing, answering, changing and settling notes: who may, and what stays of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from diaodu.web.board import actions
from diaodu.web.board.models import Note
from diaodu.web.board.queries.notes import Place
from diaodu.web.people import actions as people
from diaodu.web.shared import acts, outbox

RETAIL = Place("retail", "shilixian", "2023-01/05")
QINGSHI = Place("retail", "qingshi", "2023-01/05")


@pytest.fixture
def pin(on_file: None, now: datetime) -> Callable[..., Note]:
    def pinned(by: Any, text: str = "4月起两家商场停业", **more: Any) -> Note:
        told = {"place": RETAIL, "facet": "growth", "readers": None, **more}
        return actions.pin(text=text, by=by, at=now, **told)

    return pinned


def _acts(note: Note) -> list[str]:
    return [one.action for one in acts.of("board.Note", note.pk).order_by("number")]


# -- writing ---------------------------------------------------------------------------------------


def test_a_remark_and_its_trace(pin: Callable[..., Note], users: SimpleNamespace) -> None:
    note = pin(users.leader, "  原因是什么  ")
    assert (note.text, note.audience, note.facet) == ("原因是什么", "all", "growth")
    [act] = acts.of("board.Note", note.pk)
    assert act.action == "board.note_pin"
    assert act.after["length"] == 5
    assert "原因" not in str(act.after)


@pytest.mark.parametrize("who", ["reader", "admin", "stranger", "township_reader"])
def test_who_may_not_write(
    pin: Callable[..., Note], users: SimpleNamespace, who: str
) -> None:  # fmt: skip
    with pytest.raises(PermissionDenied):
        pin(getattr(users, who))
    assert not Note.objects.exists()


@pytest.mark.parametrize("who", ["leader", "owner", "supervision", "assessment", "clerk"])
def test_who_may_write(pin: Callable[..., Note], users: SimpleNamespace, who: str) -> None:
    assert pin(getattr(users, who)).pk  # a township's clerk sees the county's figure, as all do


def test_not_on_a_figure_one_does_not_see(pin: Callable[..., Note], users: SimpleNamespace) -> None:
    pin(users.clerk, place=QINGSHI)
    with pytest.raises(PermissionDenied):
        pin(users.other_clerk, place=QINGSHI)


@pytest.mark.parametrize(("text", "told"), [("  ", "请写明内容"), ("长" * 1001, "写了1001个字")])
def test_what_is_written_is_checked(
    pin: Callable[..., Note], users: SimpleNamespace, text: str, told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        pin(users.leader, text)


# -- readers ---------------------------------------------------------------------------------------


def test_the_named_are_told_without_a_word_of_it(
    pin: Callable[..., Note], users: SimpleNamespace
) -> None:
    pin(users.leader, readers=[users.owner.pk, users.owner.pk, users.leader.pk])
    [told] = outbox.inbox(users.owner.pk)
    assert told.title == "leader某写了批注：示例县2023年1—5月社会消费品零售总额"
    assert "商场" not in told.title + told.text
    assert not outbox.inbox(users.leader.pk)


def test_nobody_is_named_who_may_not_see_the_figure(
    pin: Callable[..., Note], users: SimpleNamespace
) -> None:
    with pytest.raises(ValidationError, match="other_clerk某没有看这个数的权限"):
        pin(users.leader, place=QINGSHI, readers=[users.clerk.pk, users.other_clerk.pk])
    with pytest.raises(ValidationError, match="请选出能看的人"):
        pin(users.leader, readers=[users.leader.pk])


def test_one_without_a_role_any_more_is_not_named(
    pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    people.set_active(user=users.vice, active=False, reason="调走", by=users.admin, at=now)
    with pytest.raises(ValidationError, match="没有看这个数的权限"):
        pin(users.leader, readers=[users.vice.pk])


# -- answers ---------------------------------------------------------------------------------------


def test_an_answer_is_told_to_the_author_and_to_those_it_is_for(
    pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    note = pin(users.leader, readers=[users.owner.pk, users.vice.pk])
    actions.reply(note=note, text="7月恢复", by=users.owner, at=now + timedelta(hours=1))
    note.refresh_from_db()
    assert note.last_at == now + timedelta(hours=1)
    assert [one.title[:11] for one in outbox.inbox(users.leader.pk)] == ["owner某回复了批注"]
    assert len(outbox.inbox(users.vice.pk)) == 2
    assert len(outbox.inbox(users.owner.pk)) == 1


def test_readers_of_everything_do_not_answer(
    pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    note = pin(users.leader)
    for one in (users.reader, users.stranger, users.admin):
        with pytest.raises(PermissionDenied):
            actions.reply(note=note, text="知道了", by=one, at=now)


def test_a_settled_remark_is_not_answered(
    pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    note = actions.close(note=pin(users.leader), by=users.leader, at=now)
    with pytest.raises(actions.Untimely, match="已办结，不能再回复"):
        actions.reply(note=note, text="还有", by=users.owner, at=now)


# -- one's own -------------------------------------------------------------------------------------


def test_only_the_author_changes_and_deletes(
    pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    note = pin(users.leader, readers=[users.owner.pk])
    for one in (users.owner, users.vice, users.reader, users.stranger, users.admin):
        with pytest.raises(PermissionDenied):
            actions.edit(note=note, text="改", seen=0, by=one, at=now)
        with pytest.raises(PermissionDenied):
            actions.delete(note=note, by=one, at=now)
    held = actions.edit(note=note, text="改过的", seen=0, by=users.leader, at=now)
    assert (held.text, held.edited_at, held.version) == ("改过的", now, 1)


def test_of_two_windows_the_later_one_is_told(
    pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    note = pin(users.leader)
    actions.edit(note=note, text="一", seen=0, by=users.leader, at=now)
    with pytest.raises(actions.Untimely, match="在别处已经改过"):
        actions.edit(note=note, text="二", seen=0, by=users.leader, at=now)


def test_what_is_deleted_leaves_its_place_and_its_trace(
    pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    note = pin(users.leader)
    actions.reply(note=note, text="7月恢复", by=users.owner, at=now)
    held = actions.delete(note=note, by=users.leader, at=now)
    assert (held.text, held.deleted_at) == ("", now)
    assert Note.objects.count() == 2
    assert _acts(note) == ["board.note_pin", "board.note_delete"]
    for act in (actions.delete, actions.close):
        with pytest.raises(actions.Untimely, match="已经删去"):
            act(note=note, by=users.leader, at=now)
    with pytest.raises(actions.Untimely, match="已删去，不能再回复"):
        actions.reply(note=note, text="好", by=users.owner, at=now)


def test_nothing_is_changed_under_what_is_settled(
    pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    note = pin(users.leader)
    answer = actions.reply(note=note, text="7月恢复", by=users.owner, at=now)
    actions.close(note=note, by=users.leader, at=now)
    with pytest.raises(actions.Untimely, match="请先重开"):
        actions.edit(note=answer, text="8月", seen=0, by=users.owner, at=now)


# -- settling --------------------------------------------------------------------------------------


def test_the_author_and_those_it_is_for_settle_it(
    pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    note = pin(users.leader, readers=[users.owner.pk])
    for one in (users.vice, users.reader, users.stranger):
        with pytest.raises(PermissionDenied):
            actions.close(note=note, by=one, at=now)
    held = actions.close(note=note, by=users.owner, at=now)
    assert (held.closed_at, held.closed_by) == (now, users.owner)
    with pytest.raises(actions.Untimely, match="owner某已经办结"):
        actions.close(note=note, by=users.leader, at=now)
    actions.reopen(note=note, by=users.leader, at=now)
    with pytest.raises(actions.Untimely, match="没有办结"):
        actions.reopen(note=note, by=users.leader, at=now)
    assert _acts(note) == ["board.note_pin", "board.note_close", "board.note_reopen"]


def test_what_is_for_all_is_settled_by_all_who_write(
    pin: Callable[..., Note], users: SimpleNamespace, now: datetime
) -> None:
    note = pin(users.leader)
    with pytest.raises(PermissionDenied):
        actions.close(note=note, by=users.reader, at=now)
    assert actions.close(note=note, by=users.owner, at=now).is_closed
