"""Drafts: what is typed, merged, taken back, explained, declared to be none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from diaodu.web.intake import actions
from diaodu.web.intake.actions import Entered, Untimely
from diaodu.web.intake.models import Return, ReturnCell, Save
from diaodu.web.intake.queries import Form
from diaodu.web.shared.models import Act

INVESTMENT, PRIVATE, FIRMS = (
    "qingshi|investment|level", "qingshi|private_investment|level", "qingshi|firms|level",
)  # fmt: skip
Type = Callable[..., Any]


def values() -> dict[str, str]:
    return {one.indicator: one.given for one in ReturnCell.objects.all()}


def test_what_is_typed_is_kept_with_who_and_when(
    form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    saved = typed("66,300", "41900.5")
    assert values() == {"investment": "66,300", "private_investment": "41900.5"}
    cell = ReturnCell.objects.get(indicator="investment")
    assert (str(cell.value), cell.decimals, cell.by, cell.at) == ("66300", 0, people.clerk, now)
    assert (saved.sheet.version, saved.sheet.saved_by) == (1, people.clerk)
    act = Act.objects.get(action="intake.save")
    assert act.after == {INVESTMENT: "66,300", PRIVATE: "41900.5"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("一百", "不是数"), ("=cmd|' /C calc'!A0", "不是数"),
        ("<script>alert(1)</script>", "不是数"),
        ("12①", "不是数"), ("6.6亩", "换算不过来"), ("1000000000000000", "数太大"), ("—", "要填数"),
        ("1" * 61, "最多60个字"),
    ],
)  # fmt: skip
def test_what_is_no_figure_stays_with_its_fault(
    form: Form, typed: Type, text: str, told: str
) -> None:
    saved = typed(text)
    cell = ReturnCell.objects.get()
    assert told in cell.fault and cell.value is None and cell.given == text[:60]
    assert INVESTMENT in saved.checked.faults


@pytest.mark.parametrize(
    ("text", "value"),
    [("6.63亿元", "66300"), ("（1,234）", "-1234"), ("６６３００", "66300"), ("−5", "-5")],
)
def test_a_figure_is_read_as_it_is_written(form: Form, typed: Type, text: str, value: str) -> None:
    typed(text)
    cell = ReturnCell.objects.get()
    assert (str(cell.value), cell.given) == (value, text)


def test_the_same_figure_again_is_no_change(form: Form, typed: Type) -> None:
    typed("66300")
    saved = typed("66,300", seen=1)
    assert saved.changed == () and saved.sheet.version == 1
    assert Save.objects.count() == 1


def test_cells_that_only_one_changed_are_merged(
    form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    typed("66300")
    saved = actions.save_cells(
        form=form, entered=[Entered(FIRMS, "13", 0)], seen=0, by=people.second_clerk, at=now
    )
    assert saved.conflicts == () and saved.others == (INVESTMENT,)
    assert values() == {"investment": "66300", "firms": "13"}


def test_a_cell_both_changed_is_asked_about(
    form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    typed("66300")
    saved = actions.save_cells(
        form=form, entered=[Entered(INVESTMENT, "66400", 0), Entered(FIRMS, "13", 0)], seen=0,
        by=people.second_clerk, at=now,
    )  # fmt: skip
    (clash,) = saved.conflicts
    assert (clash.theirs, clash.yours, clash.by) == ("66300", "66400", "clerk某")
    assert values() == {"investment": "66300", "firms": "13"}
    chosen = actions.save_cells(
        form=form, entered=[Entered(INVESTMENT, "66400", 1)], seen=2, by=people.second_clerk, at=now
    )
    assert chosen.conflicts == () and values()["investment"] == "66400"


def test_both_typing_the_same_is_no_conflict(
    form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    typed("66300")
    saved = actions.save_cells(
        form=form, entered=[Entered(INVESTMENT, "66,300", 0)], seen=0, by=people.second_clerk,
        at=now,
    )  # fmt: skip
    assert saved.conflicts == () and values() == {"investment": "66300"}


def test_undo_takes_back_ones_own_last_save(
    form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    typed("66300")
    typed("66400", seen=1)
    actions.undo(form=form, by=people.clerk, at=now)
    assert values() == {"investment": "66300"}
    actions.undo(form=form, by=people.clerk, at=now)
    assert values() == {"investment": ""}
    with pytest.raises(ValidationError, match="没有可以撤销的改动"):
        actions.undo(form=form, by=people.clerk, at=now)


def test_undo_never_takes_back_a_colleagues_change(
    form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    typed("66300")
    typed("70000", by=people.second_clerk, seen=1)
    with pytest.raises(ValidationError, match="固定资产投资后来又改过"):
        actions.undo(form=form, by=people.clerk, at=now)
    assert values() == {"investment": "70000"}


def test_none_needs_a_reason(
    form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    typed("66300", "41900")
    with pytest.raises(ValidationError, match="为什么本期没有数"):
        actions.declare_none(form=form, keys=[FIRMS], reason=" ", by=people.clerk, at=now)
    saved = actions.declare_none(
        form=form, keys=form.cells, reason="企业停产或已退库", by=people.clerk, at=now
    )
    assert saved.changed == (FIRMS,) and saved.checked.is_clean
    assert ReturnCell.objects.get(indicator="firms").reason == "企业停产或已退库"


def test_none_typed_without_a_reason_is_asked_for_one(form: Form, typed: Type) -> None:
    saved = typed("66300", "41900", "无")
    assert saved.checked.unreasoned == (FIRMS,) and not saved.checked.is_clean


def test_a_soft_finding_wants_an_explanation_for_its_very_numbers(
    history: None, form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    saved = typed("58000", "41900", "13")
    (found,) = saved.checked.unexplained
    assert found.code == "cumulative_fell" and "58240" in found.message
    explained = actions.explain_finding(
        form=form, finding=found.id, text="上期多报，已核减", by=people.clerk, at=now
    )
    assert explained.checked.is_clean
    changed = typed("57000", seen=explained.sheet.version)
    assert [one.id for one in changed.checked.unexplained] == [found.id]


def test_an_explanation_needs_a_finding(
    history: None, form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    typed("66300", "41900", "13")
    with pytest.raises(ValidationError, match="不用说明"):
        actions.explain_finding(form=form, finding="x", text="…", by=people.clerk, at=now)


def test_a_hard_finding_is_no_matter_of_words(form: Form, typed: Type) -> None:
    saved = typed("66300", "41900", "900")
    assert [one.code for one in saved.checked.hard] == ["out_of_range"]


def test_a_part_may_not_be_larger_than_its_whole(form: Form, typed: Type) -> None:
    saved = typed("66300", "71200", "13")
    (found,) = saved.checked.hard
    assert found.indicator == "private_investment" and "大于固定资产投资66300万元" in found.message
    assert (saved.sheet.pk, Return.objects.get().hard) == (Return.objects.get().pk, 1)


def test_changing_a_figure_on_file_wants_a_reason(
    on_file: Callable[[str, str], None], form: Form, typed: Type
) -> None:
    on_file("2023-01/05", "66000")
    saved = typed("66300", "41900", "13")
    (found,) = saved.checked.unexplained
    assert found.code == "revised" and "66000" in found.message and "66300" in found.message
    assert typed("66000", seen=1).checked.is_clean


@pytest.mark.parametrize("seconds", [0, 1], ids=["on", "after"])
def test_nothing_is_typed_from_the_closing_moment_on(
    form: Form, typed: Type, people: SimpleNamespace, seconds: int
) -> None:
    late = form.closes + timedelta(seconds=seconds)
    with pytest.raises(Untimely, match="6月8日18:00"):
        typed("66300", at=late)
    assert not Return.objects.exists()
    typed("66300", at=form.closes - timedelta(seconds=1))


def test_nothing_is_typed_before_it_opens(form: Form, typed: Type) -> None:
    with pytest.raises(Untimely, match="6月1日09:00开始填报"):
        typed("66300", at=form.opens - timedelta(seconds=1))
    typed("66300", at=form.opens)


def test_an_exception_lets_that_unit_in_until_its_own_moment(
    form: Form, typed: Type, people: SimpleNamespace
) -> None:
    late, until = form.closes + timedelta(hours=1), form.closes + timedelta(days=1)
    actions.grant_exception(form=form, until=until, reason="网络故障", by=people.dispatch, at=late)
    typed("66300", at=until - timedelta(seconds=1))
    with pytest.raises(Untimely):
        typed("66400", at=until, seen=1)


def test_an_exception_must_lead_into_the_future(form: Form, people: SimpleNamespace) -> None:
    late = form.closes + timedelta(hours=1)
    for until, reason, told in (
        (late, "网络故障", "已经过去"), (form.closes, "网络故障", "已经过去"),
        (late + timedelta(days=1), "  ", "为什么准许"),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match=told):
            actions.grant_exception(
                form=form, until=until, reason=reason, by=people.dispatch, at=late
            )


def test_a_submitted_form_takes_no_figures(form: Form, submitted: Any, typed: Type) -> None:
    with pytest.raises(Untimely, match="已提交待签字"):
        typed("1", seen=99)


def test_last_zeros_are_kept_but_are_no_conflict(
    form: Form, typed: Any, people: SimpleNamespace
) -> None:
    typed("66300.5")
    again = typed("66300.50", by=people.second_clerk)
    assert not again.conflicts
    cell = ReturnCell.objects.get()
    assert (cell.given, cell.decimals) == ("66300.50", 2)
