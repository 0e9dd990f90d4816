"""What all acts on a return share: the lock, the table of moves, the trace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from diaodu.web.intake.models import MOVES, STATES, Return, Step
from diaodu.web.intake.queries.forms import Form, Key
from diaodu.web.intake.queries.windows import Window, window_of
from diaodu.web.shared import audit

THING = "intake.Return"


class Untimely(ValidationError):
    """The return is in another state, or newer, than the page knew."""


def locked(form: Form) -> Return | None:
    """The form's return, locked until the transaction ends."""
    return (
        Return.objects.select_for_update()
        .filter(form=form.key.form, period=form.key.period, reporter_id=form.key.reporter)
        .first()
    )


def locked_for(form: Form, act: str) -> Return:
    """Raises Untimely where it is not there or the act is none of its state."""
    sheet = locked(form)
    if sheet is None:
        raise Untimely("这张表还没有填过")
    refuse_unless(sheet, act)
    return sheet


def refuse_unless(sheet: Return, act: str) -> None:
    if (sheet.state, act) not in MOVES:
        raise Untimely(
            f"这张表现在是“{STATES[sheet.state]}”，{_REFUSALS[act]}。请刷新页面看最新情况"
        )


_REFUSALS = {
    "save": "不能再改数",
    "submit": "不能提交",
    "sign": "不到签字的时候",
    "send_back": "不能退回",
    "accept": "不能接收",
    "reopen": "不用重报",
}


def move(sheet: Return, act: str, to: str) -> None:
    """Change the state along the table, nowhere else. The caller saves."""
    assert to in MOVES[sheet.state, act], (sheet.state, act, to)
    sheet.state = to


def refuse_old(sheet: Return, seen: int) -> None:
    """The one who decides must have seen what is decided."""
    if sheet.version != seen:
        raise Untimely("您打开页面以后，这张表又改过。请刷新页面，看过最新的数再办")


def refuse_closed(form: Form, at: datetime) -> Window:
    """Before the opening moment, from the closing moment on: nothing is entered without leave."""
    window = window_of(form)
    if not window.has_opened(at):
        raise Untimely(f"还没到开网时间，{window.opens_said}开始填报")
    if window.is_over(at):
        raise Untimely(
            f"已过截止时间（{window.last_said}），填的数没有存。"
            "要补报或改数，请联系上级统计部门准许补报，写明原因"
        )
    return window


def name(key: Key) -> str:
    return f"{key.form}/{key.period}/{key.reporter}"


def leave_trace(
    sheet: Return, *, act: str, by: Any, at: datetime, before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None, note: str = "",
) -> None:  # fmt: skip
    """The audit line, and for what changes a state the step people read on the page."""
    key = Key(sheet.period, sheet.form, sheet.reporter_id)
    audit.record(
        by=by, at=at, action=f"intake.{act}", thing=THING, id=name(key), before=before,
        after=after, reason=note,
    )  # fmt: skip
    if act in _STEPS:
        Step.objects.create(sheet=sheet, act=act, state=sheet.state, note=note, by=by, at=at)


_STEPS = frozenset({"open", "submit", "sign", "send_back", "accept", "reopen", "except", "take"})
