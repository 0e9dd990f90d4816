"""Frozen runs: numbered, all or nothing, never changed by what comes later."""

from __future__ import annotations

import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from diaodu.web.runs import actions, queries
from diaodu.web.runs.actions import frozen as module
from diaodu.web.runs.models import Finding, Row, Run
from diaodu.web.runs.queries.trace import folder_of
from diaodu.web.shared import audit
from diaodu.web.shared.models import Act
from diaodu.web.shared.signals import work_given_up
from tests.web.runs.conftest import level, run_now

MAY = "2023-01/05"


@pytest.fixture(autouse=True)
def _no_worker(settings: Any) -> None:
    """What is queued waits; the tests are the worker."""
    backend = "django_tasks.backends.dummy.DummyBackend"
    settings.TASKS = {"default": {"BACKEND": backend, "QUEUES": []}}


class Killed(BaseException):
    """The worker is gone: nothing after it runs but what the system does."""


def content(run: Run) -> list[tuple[Any, ...]]:
    found = Row.objects.filter(run=run).order_by("indicator", "org_id")
    return list(found.values_list("indicator", "org_id", "measures", "light", "series", "targets"))


def files(run: Run) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder_of(run).iterdir())}


def test_a_run_leaves_rows_files_and_the_head_of_the_chain(frozen: Run) -> None:
    assert frozen.state == "done" and frozen.number == 1 and frozen.name == "第1次运行"
    assert Row.objects.filter(run=frozen, indicator="tax", org="qingshi").exists()
    assert Row.objects.filter(run=frozen, indicator="", org="qingshi").exists()
    act = Act.objects.get(number=frozen.audit_number)
    assert (act.action, act.hash) == ("runs.freeze", frozen.audit_hash)
    told = json.loads(files(frozen)["run.json"])
    assert told["run"]["audit"] == {"number": act.number, "hash": act.hash}
    with zipfile.ZipFile(folder_of(frozen) / "bulletin.docx") as word:
        text = word.read("word/document.xml").decode()
    assert f"第1次运行；操作记录{act.number}:{act.hash}" in text
    assert list(audit.verify([audit.Link(frozen.audit_number, frozen.audit_hash)])) == []


def test_numbers_follow_each_other(frozen: Run, users: Any, now: Any) -> None:
    numbers = [run_now(by=users.dispatch, at=now).number for _ in range(2)]
    assert [frozen.number, *numbers] == [1, 2, 3]


def test_the_same_inputs_give_the_same_rows_and_measures(frozen: Run, users: Any, now: Any) -> None:
    again = run_now(by=users.statistics, at=now)
    assert content(again) == content(frozen)
    ours, theirs = files(again), files(frozen)
    same = [name for name in ours if ours[name] == theirs[name]]
    assert set(ours) - set(same) == {"bulletin.docx", "run.json"}  # they print their number


def test_what_is_recorded_later_is_not_in(frozen: Run, filed: Any, users: Any, now: Any) -> None:
    waiting = actions.freeze(period="2023-05", as_of=now.date(), note="", by=users.dispatch, at=now)
    filed([level("tax", "qingshi", MAY, 9000, received=now.date())])
    actions.carry_out(run_id=waiting.pk, now=lambda: now)
    assert content(waiting) == content(frozen)


def test_nothing_published_changes_when_data_is_revised(
    frozen: Run, filed: Any, users: Any, now: Any
) -> None:
    actions.publish(run=frozen, note="5月调度会", by=users.dispatch, at=now)
    before = content(frozen), files(frozen)
    filed([level("tax", "qingshi", MAY, 9000, received=now.date())])
    actions.rebuild_live(periods=["2023-05"], at=now)
    later = run_now(by=users.statistics, at=now + timedelta(days=1))
    assert content(later) != before[0]
    actions.carry_out(run_id=frozen.pk, now=lambda: now)
    assert (content(frozen), files(frozen)) == before


@pytest.mark.parametrize("where", ["whole_file", "write_run", "insert", "rename"])
def test_a_killed_worker_leaves_nothing_half_done_and_the_next_one_finishes(
    frozen: Run, users: Any, access: Any, now: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    run = actions.freeze(period="2023-05", as_of=now.date(), note="", by=users.dispatch, at=now)

    def dies(*_: Any, **__: Any) -> None:
        raise Killed

    def dies_after(real: Any) -> Any:
        def acted(*given: Any, **more: Any) -> None:
            real(*given, **more)
            raise Killed

        return acted

    with monkeypatch.context() as patched:
        patched.setattr(module.shutil, "rmtree", lambda *_, **__: None)
        if where == "rename":
            patched.setattr(Path, "rename", dies_after(Path.rename))
        elif where == "whole_file":
            patched.setattr(module, where, dies)
        else:
            patched.setattr(module, where, dies_after(getattr(module, where)))
        with pytest.raises(Killed):
            actions.carry_out(run_id=run.pk, now=lambda: now)
    run.refresh_from_db()
    assert run.state == "running"
    assert not Row.objects.filter(run=run).exists()
    assert not Finding.objects.filter(run=run).exists()
    assert queries.file_of(run, "bulletin.docx", access(users.statistics)) is None
    with pytest.raises(ValidationError, match="不能发布"):
        actions.publish(run=run, note="会", by=users.dispatch, at=now)

    actions.carry_out(run_id=run.pk, now=lambda: now)
    run.refresh_from_db()
    assert run.state == "done"
    assert content(run) == content(frozen)
    assert sorted(path.name for path in folder_of(run).parent.iterdir()) == ["1", "2"]


def test_a_run_given_up_says_so(frozen: Run, users: Any, now: Any, frozen_clock: Any) -> None:
    frozen_clock(now)
    run = actions.freeze(period="2023-05", as_of=now.date(), note="", by=users.dispatch, at=now)
    work_given_up.send(Run, name="diaodu.web.runs.jobs.freeze", arguments={"run_id": run.pk})
    run.refresh_from_db()
    assert (run.state, run.trouble) == (
        "failed", "计算多次中断，没有算成；请查看后台记录后另起一次运行",
    )  # fmt: skip
    work_given_up.send(Run, name="diaodu.web.runs.jobs.freeze", arguments={"run_id": frozen.pk})
    frozen.refresh_from_db()
    assert frozen.state == "done"


def test_an_error_marks_the_run_as_failed(
    filed: Any, users: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(module, "write_run", breaks)
    run = actions.freeze(period="2023-05", as_of=now.date(), note="", by=users.dispatch, at=now)
    with pytest.raises(OSError, match="no space"):
        actions.carry_out(run_id=run.pk, now=lambda: now)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "计算时程序出错" in run.trouble
    assert not any(folder_of(run).parent.glob(".*"))


@pytest.mark.parametrize(
    ("period", "as_of", "field", "text"),
    [
        ("2023-05", date(2023, 6, 7), "as_of", "还没有到"),
        ("2023-08", date(2023, 6, 6), "period", "还没有开始"),
        ("五月份的", date(2023, 6, 6), "period", ""),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(
    filed: Any, users: Any, now: Any, period: str, as_of: date, field: str, text: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.freeze(period=period, as_of=as_of, note="", by=users.dispatch, at=now)
    assert text in " ".join(refused.value.message_dict[field])
    assert not Run.objects.exists()


def test_without_figures_there_is_nothing_to_run(rules: Any, users: Any, now: Any) -> None:
    with pytest.raises(ValidationError, match="还没有数据可算"):
        actions.freeze(period="2023-05", as_of=now.date(), note="", by=users.dispatch, at=now)


# -- publishing --------------------------------------------------------------------------------


def test_leaders_read_the_newest_published(frozen: Run, access: Any, users: Any, now: Any) -> None:
    leader = access(users.leader)
    assert queries.chosen(leader) is None
    actions.publish(run=frozen, note="5月调度会", by=users.dispatch, at=now)
    assert queries.chosen(leader) == frozen
    second = run_now(by=users.statistics, at=now)
    older = run_now(by=users.statistics, at=now, period="2023-04")
    assert queries.chosen(leader) == frozen
    for run in (second, older):
        actions.publish(run=run, note="会", by=users.dispatch, at=now)
    assert queries.chosen(leader) == second
    assert queries.chosen(leader, period="2023-04") == older
    actions.withdraw(run=second, reason="口径有误", by=users.statistics, at=now)
    assert queries.chosen(leader) == frozen
    assert queries.chosen(leader, number=second.number) is None
    assert queries.chosen(access(users.dispatch), number=second.number) == second


def test_publishing_is_done_once_with_a_note_and_recorded(
    frozen: Run, users: Any, now: Any
) -> None:
    with pytest.raises(ValidationError, match="发布说明"):
        actions.publish(run=frozen, note=" ", by=users.dispatch, at=now)
    actions.publish(run=frozen, note="5月调度会", by=users.dispatch, at=now)
    with pytest.raises(ValidationError, match="已经发布过"):
        actions.publish(run=frozen, note="再来", by=users.dispatch, at=now)
    with pytest.raises(ValidationError, match="撤回的原因"):
        actions.withdraw(run=frozen, reason="", by=users.dispatch, at=now)
    actions.withdraw(run=frozen, reason="口径有误", by=users.dispatch, at=now)
    with pytest.raises(ValidationError, match="不能撤回"):
        actions.withdraw(run=frozen, reason="再来", by=users.dispatch, at=now)
    with pytest.raises(ValidationError, match="已经发布过"):
        actions.publish(run=frozen, note="再来", by=users.dispatch, at=now)
    acts = Act.objects.filter(thing="runs.Run", thing_id="1").order_by("number")
    assert [(one.action, one.reason) for one in acts] == [
        ("runs.freeze", "月度"), ("runs.publish", "5月调度会"), ("runs.withdraw", "口径有误"),
    ]  # fmt: skip
