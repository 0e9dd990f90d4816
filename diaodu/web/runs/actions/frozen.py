"""Frozen runs: asked for, computed in the background, published, withdrawn.

What a run is computed from is settled when it is asked for, so it may be begun again as often as
it takes. Its files are moved into place and its rows written in the transaction that calls it
done: before that there is nothing to see of it.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.adapters import frames
from diaodu.adapters.memory import all_kept
from diaodu.adapters.run_out import write_for_others, write_run
from diaodu.engine import flow
from diaodu.engine.ground.errors import DiaoduError, PeriodError
from diaodu.engine.ground.period import Period, parse_period
from diaodu.engine.report.document import Document, Paragraph, Span
from diaodu.web.figures import queries as figures
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs.actions.writing import Content, counts_of, insert
from diaodu.web.runs.models import Finding, Numbers, Row, Run
from diaodu.web.runs.queries.computing import HISTORY, Basis, Releases, latest, whole_file
from diaodu.web.runs.queries.files import FOR_OTHERS
from diaodu.web.runs.queries.trace import folder_of
from diaodu.web.shared import audit, queue, signals
from diaodu.web.shared.audit import Link

_PARTS = 6  # read, check, compute, judge, write, put in place


# -- asking ------------------------------------------------------------------------------------


@transaction.atomic
def freeze(*, period: str, as_of: date, note: str, by: Any, at: datetime) -> Run:
    """Ask for the next run, of what is recorded now. Raises ValidationError, NoRulebook."""
    month = _month(period, as_of, at.date())
    entry = figures.last_entry()
    if not entry:
        raise ValidationError("还没有数据可算；请先导入历史数据，或等报表审核通过")
    run = Run(
        kind=Run.Kind.FROZEN, number=_next_number(), period=month.id, as_of=as_of,
        version_id=rulebooks.current_version().id, note=note.strip(), by=by, at=at, entry=entry,
        all_parts=_PARTS,
    )  # fmt: skip
    run.save()
    link = audit.record(
        by=by, at=at, action="runs.freeze", thing="runs.Run", id=run.number, reason=run.note,
        after={
            "period": run.period, "as_of": run.as_of, "version": run.version_id, "entry": entry,
        },
    )  # fmt: skip
    run.audit_number, run.audit_hash = link
    run.save(update_fields=["audit_number", "audit_hash"])
    queue.enqueue("runs.freeze", run_id=run.pk)
    return run


def _month(written: str, as_of: date, today: date) -> Period:
    faults: dict[str, str] = {}
    month = None
    try:
        month = parse_period(written).last_month()
    except PeriodError as error:
        faults["period"] = str(error)
    if as_of > today:
        faults["as_of"] = f"截至日期{_day(as_of)}还没有到；最晚是今天（{_day(today)}）"
    elif month is not None and month.start > as_of:
        faults["period"] = f"{month}在截至日期{_day(as_of)}时还没有开始；请核对统计期"
    if faults or month is None:
        raise ValidationError(faults)
    return month


def _next_number() -> int:
    Numbers.objects.get_or_create(pk=1)
    held = Numbers.objects.select_for_update().get(pk=1)
    held.last += 1
    held.save(update_fields=["last"])
    return held.last


# -- carrying out ------------------------------------------------------------------------------


def carry_out(*, run_id: int, now: Callable[[], datetime]) -> None:
    """Compute a run that waits, or that a dead worker left; any other is left alone."""
    run = Run.objects.filter(pk=run_id, kind=Run.Kind.FROZEN).first()
    if run is None or run.state not in (Run.State.WAITING, Run.State.RUNNING):
        return
    _clear(run)
    folder = folder_of(run).with_name(f".{run.number}-{secrets.token_hex(8)}")
    try:
        with all_kept():
            made = _computed(run, folder)
        _tell(run, "写入结果", _PARTS - 1)
        _put_in_place(run, folder, made, now())
    except Exception as error:
        fail(run_id=run.pk, message=_told(error), at=now())
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Made(NamedTuple):
    rows: list[Row]
    findings: list[Finding]
    horizon: dict[str, str]
    counted: dict[str, Any]


def _computed(run: Run, folder: Path) -> _Made:
    _tell(run, "读取数据", 0)
    rulebook = rulebooks.rulebook_of(run.version_id)
    basis = Basis(run.version_id, rulebook, run.entry, run.as_of, every_period=True)
    filed = whole_file(basis)
    month = flow.run_on_file(
        filed, rulebook, Period.from_id(run.period), run.as_of, frames,
        on_step=lambda step, done, _: _tell(run, step, done + 1),
    )  # fmt: skip
    month = replace(month, document=_with_link(month.document, run))
    write_run(folder, month, rulebook, _returns(month), all_periods=False, more=_told_in_json(run))
    write_for_others(folder / FOR_OTHERS, month, rulebook)
    results = flow.results_of(month, rulebook, HISTORY)
    horizon = {name: period.id for name, period in results.horizon.items()}
    content = Content(
        results, filed.targets, rulebook, Releases(run.version_id, rulebook), horizon, run.entry
    )
    rows = content.rows()
    classed = [
        (one.org_id, one.target_class, one.growth_class, one.release_at)
        for one in rows
        if one.target_class
    ]
    rows += counts_of(month.period, classed, run.entry)
    counted = {
        "observations": len(month.observations), "targets": len(month.targets),
        "held": int(month.observations["held"].sum()), "files": len(_returns(month).workbooks),
    }  # fmt: skip
    return _Made(rows, content.findings(), horizon, counted)


@transaction.atomic
def _put_in_place(run: Run, folder: Path, made: _Made, at: datetime) -> None:
    held = Run.objects.select_for_update().get(pk=run.pk)
    if held.state not in (Run.State.WAITING, Run.State.RUNNING):
        return
    insert(held, made.rows, made.findings)
    held.state, held.step, held.trouble, held.finished_at = Run.State.DONE, "", "", at
    held.done_parts, held.horizon, held.told = _PARTS, made.horizon, made.counted
    held.release_at = latest(one.release_at for one in made.rows)
    held.save()
    folder.rename(folder_of(run))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _clear(run: Run) -> None:
    """What an attempt that died has left."""
    here = folder_of(run)
    for left in (here, *here.parent.glob(f".{run.number}-*")):
        if left.exists():
            shutil.rmtree(left)


def _tell(run: Run, step: str, done: int) -> None:
    Run.objects.filter(pk=run.pk, state__in=(Run.State.WAITING, Run.State.RUNNING)).update(
        state=Run.State.RUNNING, step=step, done_parts=min(done, _PARTS)
    )


def _told(error: Exception) -> str:
    if isinstance(error, DiaoduError):
        return str(error)
    return f"计算时程序出错（{type(error).__name__}）；请把运行号告诉管理员，查看后台记录"


def fail(*, run_id: int, message: str, at: datetime) -> None:
    """Call a run failed that did not come to its end; visible, and never published."""
    Run.objects.filter(pk=run_id, state__in=(Run.State.WAITING, Run.State.RUNNING)).update(
        state=Run.State.FAILED, trouble=message[:1000], step="", finished_at=at
    )


def give_up(*, run_id: int, at: datetime) -> None:
    """Its worker died again and again."""
    fail(run_id=run_id, message="计算多次中断，没有算成；请查看后台记录后另起一次运行", at=at)


def _with_link(document: Document, run: Run) -> Document:
    """A small line at the end says which run this is, and where the chain of acts stood."""
    link = Link(run.audit_number, run.audit_hash)
    line = f"{run.name}；操作记录{link}"
    return Document((*document.blocks, Paragraph((Span(line, "name"),), "remark")))


def _told_in_json(run: Run) -> dict[str, Any]:
    return {
        "run": {
            "number": run.number, "entry": run.entry, "note": run.note,
            "asked": run.at.isoformat(), "by": str(run.by or ""),
            "audit": {"number": run.audit_number, "hash": run.audit_hash},
        }
    }  # fmt: skip


class _File(NamedTuple):
    file: str
    sha256: str
    received: date


@dataclass(frozen=True)
class _Returns:
    """The files that the figures on file came from."""

    workbooks: Sequence[_File]
    ignored: Sequence[tuple[str, str]] = field(default=())
    later: int = 0


def _returns(month: flow.Month) -> _Returns:
    named = month.observations.select("file", "sha256", "received").unique()
    files = (_File._make(row) for row in named.iter_rows())
    return _Returns(sorted(one for one in files if one.file))


# -- publishing --------------------------------------------------------------------------------


@transaction.atomic
def publish(*, run: Run, note: str, by: Any, at: datetime) -> Run:
    """From now on it is what leaders read; it never changes after. Raises ValidationError."""
    held = Run.objects.select_for_update().get(pk=run.pk)
    if not note.strip():
        raise ValidationError({"note": "请写明发布说明：经谁同意、供什么会用"})
    if held.published_at is not None:
        raise ValidationError(f"{held}已经发布过")
    if held.is_live or not held.is_done:
        raise ValidationError(f"{held}{held.get_state_display()}，不能发布")
    held.published_at, held.published_by, held.publish_note = at, by, note.strip()
    held.save(update_fields=["published_at", "published_by", "publish_note"])
    audit.record(
        by=by, at=at, action="runs.publish", thing="runs.Run", id=held.number,
        before={"published": False}, after={"published": True}, reason=held.publish_note,
    )  # fmt: skip
    _say_so(held, at)
    return held


@transaction.atomic
def withdraw(*, run: Run, reason: str, by: Any, at: datetime) -> Run:
    """It is no longer read by leaders; it stays, with the reason. Raises ValidationError."""
    held = Run.objects.select_for_update().get(pk=run.pk)
    if not reason.strip():
        raise ValidationError({"reason": "请写明撤回的原因"})
    if not held.is_published:
        raise ValidationError(f"{held}没有在发布，不能撤回")
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_reason = at, by, reason.strip()
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    audit.record(
        by=by, at=at, action="runs.withdraw", thing="runs.Run", id=held.number,
        before={"published": True}, after={"published": False}, reason=held.withdrawn_reason,
    )  # fmt: skip
    _say_so(held, at)
    return held


def _say_so(run: Run, at: datetime) -> None:
    """To the rooms above, which read what stands published."""
    transaction.on_commit(lambda: signals.run_published.send(sender=Run, run_id=run.pk, at=at))
