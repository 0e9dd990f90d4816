"""Having a text checked, and taking it away again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from diaodu.adapters.texts_in import Loaded
from diaodu.engine.proofread.check import proofread
from diaodu.web.bulletins import queries
from diaodu.web.bulletins.models import Check, Original
from diaodu.web.people import queries as people
from diaodu.web.shared import audit
from diaodu.web.shared.queue import enqueue

KEPT = timedelta(days=90)
# Up to here nobody waits: longer texts, and those held against a run, go to the background.
_AT_ONCE = 50_000


@transaction.atomic
def check(
    *, name: str, loaded: Loaded, content: bytes | None, run: queries.Chosen | None, by: Any,
    at: datetime,
) -> Check:  # fmt: skip
    """Keep a text and have it checked. `content`: the Word file it came in."""
    made = Check.objects.create(
        by=by, at=at, expires_at=at + KEPT, name=name, text=loaded.text, notes=list(loaded.notes),
        length=len(loaded.text), run_id=run.id if run else None, run_name=run.name if run else "",
    )  # fmt: skip
    if content is not None:
        Original.objects.create(of=made, content=content)
    if run is None and made.length <= _AT_ONCE:
        carry_out(check_id=made.pk, at=at)
        made.refresh_from_db()
    else:
        enqueue("bulletins.carry_out", check_id=made.pk)
    audit.record(
        by=by, at=at, action="bulletins.check", thing="bulletins.Check", id=made.pk,
        after={"length": made.length, "against": made.run_name},
    )  # fmt: skip
    return made


def carry_out(*, check_id: int, at: datetime) -> None:
    """Under what the author may see at that moment. Run again it does the same; a check that was
    deleted meanwhile is left alone."""
    found = Check.objects.select_related("by").filter(pk=check_id).first()
    if found is None or found.state == Check.State.DONE:
        return
    access = people.access_of(found.by, at.date())
    _step(check_id, "读取运行结果" if found.run_id else "")
    ledger = queries.ledger_of(found, access, at)
    _step(check_id, "逐个核对")
    claims = proofread(found.text, ledger=ledger)
    counts = queries.counts_of(claims)
    Check.objects.filter(pk=check_id).update(
        state=Check.State.DONE, step="", trouble="", claims=queries.told(claims), **counts
    )


def _step(check_id: int, step: str) -> None:
    Check.objects.filter(pk=check_id).update(state=Check.State.RUNNING, step=step, trouble="")


@transaction.atomic
def delete(*, check: Check, by: Any, at: datetime) -> None:
    id = check.pk
    check.delete()
    audit.record(by=by, at=at, action="bulletins.delete", thing="bulletins.Check", id=id)


def expire(*, at: datetime) -> None:
    Check.objects.filter(expires_at__lte=at).delete()


def give_up(*, check_id: int) -> None:
    note_trouble(check_id=check_id, why="校核多次中断")


def note_trouble(*, check_id: int, why: str) -> None:
    unfinished = Check.objects.filter(pk=check_id).exclude(state=Check.State.DONE)
    unfinished.update(
        state=Check.State.FAILED, step="", trouble=f"{why}；请删去再试，仍不行的请告诉管理员"
    )
