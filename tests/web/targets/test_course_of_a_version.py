"""A draft is filled, checked, locked and re-based; what was locked never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from diaodu.engine.ground.records import Target
from diaodu.web.figures import actions as figures
from diaodu.web.figures import queries as figures_queries
from diaodu.web.shared.models import Act
from diaodu.web.targets import actions, queries
from diaodu.web.targets.models import Line, Version

PARTS = "assigned:shilixian:w=100 assigned:chengdong:w=50 assigned:qingshi:w=30"


def test_parts_off_by_a_cent_are_refused_with_words(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Any]
) -> None:
    put(draft, f"{PARTS} assigned:liuhe:w=19.99")
    with pytest.raises(ValidationError) as told:
        lock(draft)
    assert told.value.messages == [
        "税收收入　上级下达　示例县：按单位分解的合计99.99万元，比示例县的目标100万元少0.01万元；"
        "把0.01万元分下去"
    ]
    put(draft, "assigned:liuhe:w=20.00")
    assert lock(draft).state == "locked"


def test_months_that_do_not_sum_are_refused(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Any]
) -> None:
    months = " ".join(f"own:shilixian:{month}=8.33" for month in range(1, 13))
    put(draft, f"own:shilixian:w=100 {months}")
    with pytest.raises(ValidationError) as told:
        lock(draft)
    assert "按月分解的合计99.96万元，比全年目标100万元少0.04万元" in told.value.messages[0]
    put(draft, "own:shilixian:12=8.37")
    lock(draft)


def test_what_cannot_be_read_stays_and_blocks(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Any]
) -> None:
    put(draft, "own:shilixian:w=12.x5 own:qingshi:w=5")
    line = Line.objects.get(org="shilixian")
    assert line.value is None and line.typed == {"w": "12.x5"}
    with pytest.raises(ValidationError) as told:
        lock(draft)
    assert "全年的“12.x5”不是数" in told.value.messages[0]
    put(draft, "own:shilixian:w=5")
    line.refresh_from_db()
    assert line.typed == {} and line.value == Decimal(5)
    lock(draft)


def test_units_are_converted_never_guessed(draft: Version, put: Callable[..., Any]) -> None:
    put(draft, "own:shilixian:w=1.2亿元 own:qingshi:w=12亩 own:liuhe:w=未下达")
    found = {one.org_id: one for one in Line.objects.all()}
    assert found["shilixian"].value == Decimal(12000)
    assert found["qingshi"].typed == {"w": "12亩"} and found["qingshi"].value is None
    assert found["liuhe"].word == "no_target"


def test_a_locked_version_refuses_every_edit(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Any], users: Any, now: datetime
) -> None:
    put(draft, "own:shilixian:w=5")
    lock(draft)
    acts = (
        lambda: put(draft, "own:shilixian:w=6"),
        lambda: actions.undo(version=draft, by=users.dispatch, at=now),
        lambda: actions.drop(version=draft, reason="不要", by=users.dispatch, at=now),
        lambda: lock(draft),
        lambda: actions.save_line(
            line=Line.objects.get(), comparator="exceed", force="", tolerance=None, text="",
            against="", issuer="", document="", decision="", seen=0, by=users.dispatch, at=now,
        ),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(actions.Untimely, match="已锁定"):
            act()
    assert Line.objects.get().value == Decimal(5)


def test_rebasing_makes_a_version_and_leaves_the_old_one(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Any], users: Any, now: datetime
) -> None:
    put(draft, "own:shilixian:w=5 own:qingshi:w=5")
    first = lock(draft)
    with pytest.raises(ValidationError, match="为什么调整"):
        actions.rebase(version=first, reason=" ", by=users.dispatch, at=now)
    second = actions.rebase(version=first, reason="市里调减", by=users.dispatch, at=now)
    put(second, "own:shilixian:w=4 own:qingshi:w=4")
    with pytest.raises(ValidationError) as told:
        lock(second)
    assert "调整要在这之后" in told.value.message_dict["effective"][0]
    lock(second, effective=now.date() + timedelta(days=1))
    first.refresh_from_db()
    assert (first.state, second.number) == ("superseded", 2)
    assert {one.value for one in first.lines.all()} == {Decimal(5)}
    entry = figures_queries.last_entry()
    used = [
        queries.version_used(year=2023, as_of=now.date() + timedelta(days=days), entry=entry)
        for days in (-1, 0, 1)
    ]
    assert [one and one.number for one in used] == [None, 1, 2]


def test_runs_read_the_version_of_their_day(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Any], users: Any, now: datetime
) -> None:
    put(draft, "own:shilixian:w=5")
    first = lock(draft)
    second = actions.rebase(version=first, reason="市里调减", by=users.dispatch, at=now)
    put(second, "own:shilixian:w=4.50")
    later = now.date() + timedelta(days=30)
    lock(second, effective=later, document="示例县发〔2023〕9号")
    before, after = (
        figures_queries.targets(as_of=day)[0] for day in (later - timedelta(days=1), later)
    )
    assert (before.value, before.document) == (Decimal(5), "示例县发〔2023〕1号")
    assert (after.value, after.document) == (Decimal("4.50"), "示例县发〔2023〕9号")
    assert (before.file, after.file) == ("2023年目标第1版", "2023年目标第2版")


def _received(day: date, value: str) -> Target:
    id = Target.make_id("tax", "shilixian", 2023, "assigned", "level", day)
    return Target(
        id, "tax", "shilixian", 2023, "assigned", "level", "reach", Decimal(value), None, "万元",
        None, "示例市", "示例市发〔2023〕1号", day, "目标.xlsx", "b" * 64, "表1", "G2",
    )  # fmt: skip


def test_what_was_received_is_version_nought_and_never_edited(
    rules: Any, users: SimpleNamespace, access: Callable[..., Any], lock: Callable[..., Any],
    put: Callable[..., Any], now: datetime,
) -> None:  # fmt: skip
    figures.record(
        observations=[], targets=[_received(date(2023, 3, 1), "100")], by=None, at=now,
        origin="import",
    )  # fmt: skip
    reader = access(users.dispatch)
    assert [one.value for one in queries.received(2023, reader)] == [Decimal(100)]
    draft = actions.begin(year=2023, source=actions.RECEIVED, by=users.dispatch, at=now)
    assert draft.lines.get().document == "示例市发〔2023〕1号"
    assert queries.changes(None, draft, 2023, reader) == []
    put(draft, "assigned:shilixian:w=120")
    lock(draft)
    assert [one.value for one in queries.received(2023, reader)] == [Decimal(100)]
    (change,) = queries.changes(None, draft, 2023, reader)
    assert (change.before, change.after, change.difference) == (
        "100（达到）", "120（达到）", Decimal(20),
    )  # fmt: skip
    assert [one.value for one in figures_queries.targets()] == [Decimal(120)]


def test_a_received_line_can_be_untasked_not_taken_away(
    rules: Any, users: SimpleNamespace, put: Callable[..., Any], now: datetime
) -> None:
    figures.record(
        observations=[], targets=[_received(date(2023, 3, 1), "100")], by=None, at=now,
        origin="import",
    )  # fmt: skip
    draft = actions.begin(year=2023, source=actions.RECEIVED, by=users.dispatch, at=now)
    put(draft, "assigned:shilixian:w= own:shilixian:w=3")
    assert {one.tier for one in draft.lines.all()} == {"assigned", "own"}
    assert [one.text for one in queries.obstacles(draft)] == ["没有全年目标值"]
    put(draft, "own:shilixian:w=")
    assert {one.tier for one in draft.lines.all()} == {"assigned"}


def test_undo_is_of_ones_own_newest_change(
    draft: Version, put: Callable[..., Any], users: Any, now: datetime
) -> None:
    put(draft, "own:shilixian:w=5 own:qingshi:w=5")
    put(draft, "own:shilixian:w=6 own:qingshi:w=")
    assert actions.undo(version=draft, by=users.dispatch, at=now) == "税收收入：改2格"
    assert {one.org_id: one.value for one in draft.lines.all()} == {
        "shilixian": Decimal(5), "qingshi": Decimal(5),
    }  # fmt: skip
    with pytest.raises(ValidationError, match="您只能撤销自己的修改"):
        actions.undo(version=draft, by=users.admin, at=now)
    actions.undo(version=draft, by=users.dispatch, at=now)
    assert not draft.lines.exists()
    with pytest.raises(ValidationError, match="没有可以撤销的修改"):
        actions.undo(version=draft, by=users.dispatch, at=now)


def test_two_at_one_grid(draft: Version, put: Callable[..., Any], users: Any) -> None:
    put(draft, "own:shilixian:w=5")
    seen = draft.changes
    put(draft, "own:shilixian:w=6", by=users.statistics)
    saved = put(draft, "own:shilixian:w=7 own:qingshi:w=3", seen=seen)
    (conflict,) = saved.conflicts
    assert (conflict.place, conflict.theirs, conflict.yours, conflict.by) == (
        "本级自定　示例县·全年", "6", "7", "statistics某",
    )  # fmt: skip
    assert saved.changed == 1
    assert Line.objects.get(org="shilixian").value == Decimal(6)
    assert Line.objects.get(org="qingshi").value == Decimal(3)


def test_a_year_has_one_draft(draft: Version, users: Any, now: datetime) -> None:
    with pytest.raises(ValidationError, match="正在拟定"):
        actions.begin(year=2023, source=actions.EMPTY, by=users.dispatch, at=now)
    actions.drop(version=draft, reason="重来", by=users.dispatch, at=now)
    again = actions.begin(year=2023, source=actions.EMPTY, by=users.dispatch, at=now)
    assert again.number == 2


def test_every_act_leaves_its_line(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Any], users: Any, now: datetime
) -> None:
    put(draft, "own:shilixian:w=5")
    actions.undo(version=draft, by=users.dispatch, at=now)
    put(draft, "own:shilixian:w=5")
    lock(draft)
    told = Act.objects.filter(action__startswith="targets.").order_by("number")
    assert [one.action for one in told] == [
        "targets.begin", "targets.edit", "targets.undo", "targets.edit", "targets.lock",
    ]  # fmt: skip
