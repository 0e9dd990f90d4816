"""From draft to accepted and back, by the right people and no others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from diaodu.engine.ground.period import Period
from diaodu.web.figures import queries as figures
from diaodu.web.intake import actions
from diaodu.web.intake.actions import Untimely
from diaodu.web.intake.models import MOVES, STATES, Return, ReturnCell, Signature, Step
from diaodu.web.intake.queries import Form, form_of, obligations
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks import queries as rulebook_queries
from diaodu.web.shared import acts, audit
from diaodu.web.shared.models import Act
from tests.web.intake.conftest import CALENDAR, FILES

Type = Callable[..., Any]


def on_file(indicator: str = "investment") -> list[str]:
    found = figures.engine_observations(
        indicators={indicator}, orgs={"qingshi"}, periods={"2023-01/05", "2023-05"}
    )
    return [str(one.value) for one in found]


def in_chain(action: str) -> dict[str, tuple[str, str]]:
    """What the newest of these acts changed."""
    act = Act.objects.filter(action=action).order_by("-number")[0]
    return {one.key: (one.before, one.after) for one in acts.changes(act, figures=True)}


def state_of(form: Form, access: Any, now: datetime) -> str:
    found = obligations(month=Period.from_id("2023-05"), now=now, access=access)
    return next(one.state for one in found if one.form.key == form.key)


# -- submitting -----------------------------------------------------------------------------------


def test_an_unfinished_form_is_refused_with_everything_at_once(
    history: None, form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    saved = typed("58000", "一些")
    with pytest.raises(ValidationError) as refused:
        actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=now)
    told = "\n".join(refused.value.messages)
    assert (
        "民间投资：“一些”不是数" in told and "要说明：" in told and "未填：规上工业企业数" in told
    )
    assert Return.objects.get().state == "draft"


def test_nothing_typed_is_nothing_to_submit(
    form: Form, people: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(ValidationError, match="一格都没有填"):
        actions.submit(form=form, seen=0, by=people.clerk, at=now)


def test_a_second_click_changes_nothing(
    form: Form, submitted: Any, people: SimpleNamespace, now: datetime
) -> None:
    again = actions.submit(form=form, seen=1, by=people.clerk, at=now)
    assert (again.version, again.attempt) == (submitted.version, 1)
    assert Step.objects.filter(act="submit").count() == 1


def test_a_colleagues_late_change_is_seen_before_submitting(
    form: Form, typed: Type, people: SimpleNamespace, now: datetime
) -> None:
    saved = typed("66300", "41900", "13")
    typed("66301", by=people.second_clerk, seen=1)
    with pytest.raises(Untimely, match="又改过"):
        actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=now)


@pytest.mark.parametrize(("seconds", "goes"), [(-1, True), (0, False), (1, False)])
def test_submitting_ends_with_the_window(
    form: Form, typed: Type, people: SimpleNamespace, seconds: int, goes: bool
) -> None:
    saved = typed("66300", "41900", "13")
    at = form.closes + timedelta(seconds=seconds)
    if goes:
        sheet = actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=at)
        assert sheet.state == "submitted"
        return
    with pytest.raises(Untimely):
        actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=at)


def test_a_form_without_signatures_goes_to_review(
    county_form: Form, people: SimpleNamespace, now: datetime
) -> None:
    saved = actions.save_cells(
        form=county_form,
        entered=[actions.Entered("shilixian|industry_va|growth", "6.3", 0)],
        seen=0, by=people.owner, at=now,
    )  # fmt: skip
    sheet = actions.submit(form=county_form, seen=saved.sheet.version, by=people.owner, at=now)
    assert sheet.state == "review"


# -- signing --------------------------------------------------------------------------------------


def test_signatures_come_in_their_order_from_different_people(
    form: Form, submitted: Any, people: SimpleNamespace, now: datetime
) -> None:
    first = frozenset({1})
    with pytest.raises(PermissionDenied, match="等“统计员”签字"):
        actions.sign(
            form=form, places=frozenset({3}), seen=submitted.version, by=people.township_head,
            at=now,
        )  # fmt: skip
    sheet = actions.sign(
        form=form, places=first, seen=submitted.version, by=people.town_statistics, at=now
    )
    assert sheet.state == "submitted"
    with pytest.raises(PermissionDenied, match="已经签过"):
        actions.sign(
            form=form, places=frozenset({2}), seen=sheet.version, by=people.town_statistics, at=now
        )


def test_the_submitter_never_signs(
    form: Form, submitted: Any, people: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(PermissionDenied, match="您提交的"):
        actions.sign(
            form=form, places=frozenset({1, 2, 3}), seen=submitted.version, by=people.clerk, at=now
        )


def test_who_signs_has_seen_what_is_signed(
    form: Form, submitted: Any, people: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(Untimely, match="又改过"):
        actions.sign(
            form=form, places=frozenset({1}), seen=submitted.version - 1,
            by=people.town_statistics, at=now,
        )  # fmt: skip
    assert not Signature.objects.exists()


# -- deciding -------------------------------------------------------------------------------------


def test_accepting_puts_the_figures_on_file_with_their_origin(
    form: Form, accepted: Any, people: SimpleNamespace
) -> None:
    found = figures.engine_observations(indicators={"investment"}, orgs={"qingshi"})
    assert [
        (str(one.value), one.period, one.track, one.file, one.cell, one.value_given)
        for one in found
    ] == [("66300", "2023-01/05", "flash", "网页填报", "第1行", "66300")]
    assert Return.objects.get().decided_by == people.statistics
    assert not list(audit.verify())


def test_nothing_is_on_file_before_it_is_accepted(form: Form, signed: Any) -> None:
    assert on_file() == []


@pytest.mark.parametrize("who", ["clerk", "town_statistics", "township_head"])
def test_nobody_decides_on_what_they_submitted_or_signed(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime, who: str
) -> None:
    for act in (
        lambda: actions.accept(form=form, seen=signed.version, by=getattr(people, who), at=now),
        lambda: actions.send_back(
            form=form, reason="不对", until=None, by=getattr(people, who), at=now
        ),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert Return.objects.get().state == "review"


def test_accepting_twice_makes_one_vintage(
    form: Form, accepted: Any, people: SimpleNamespace, now: datetime
) -> None:
    again = actions.accept(form=form, seen=1, by=people.statistics, at=now)
    assert again.version == accepted.version and on_file() == ["66300"]


def test_what_became_impossible_meanwhile_is_not_accepted(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime
) -> None:
    ReturnCell.objects.filter(indicator="firms").update(value="900", given="900")
    with pytest.raises(ValidationError, match="高于上限"):
        actions.accept(form=form, seen=signed.version, by=people.statistics, at=now)
    assert on_file() == [] and Return.objects.get().state == "review"


def test_what_the_rules_ask_since_it_was_handed_in_is_not_accepted_without(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime
) -> None:
    more = CALENDAR.replace("private_investment, firms]", "private_investment, firms, industry_va]")
    made = rulebooks.import_files(
        files={**FILES, "calendar/returns.yaml": more.encode()}, by=None, at=now
    )
    seen = rulebook_queries.current_version().id
    rulebooks.publish(version_id=made.version.id, by=None, at=now, note="加一项", seen=seen)
    longer = form_of(form.key)
    assert longer is not None and len(longer.cells) == 4
    with pytest.raises(ValidationError, match="未填：规上工业增加值增速") as refused:
        actions.accept(form=longer, seen=signed.version, by=people.statistics, at=now)
    assert "先退回" in refused.value.messages[-1]
    assert on_file() == []


def test_what_is_sent_back_says_why_and_is_signed_anew(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime, typed: Type
) -> None:
    with pytest.raises(ValidationError, match="退回的原因"):
        actions.send_back(form=form, reason=" ", until=None, by=people.statistics, at=now)
    sheet = actions.send_back(
        form=form, reason="民间投资请核", until=None, by=people.statistics, at=now
    )
    assert (sheet.state, sheet.returned_because) == ("returned", "民间投资请核")
    saved = typed("66300", "42000", seen=sheet.version)
    sheet = actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=now)
    assert (sheet.state, sheet.attempt) == ("submitted", 2)
    with pytest.raises(PermissionDenied, match="等“统计员”"):
        actions.sign(
            form=form, places=frozenset({2}), seen=sheet.version, by=people.town_vice, at=now
        )


def test_sending_back_after_the_window_lets_in(
    form: Form, signed: Any, people: SimpleNamespace, typed: Type
) -> None:
    late, until = form.closes + timedelta(hours=1), form.closes + timedelta(days=1)
    sheet = actions.send_back(form=form, reason="请核", until=until, by=people.statistics, at=late)
    typed("66400", at=late, seen=sheet.version)


# -- changing after acceptance --------------------------------------------------------------------


def test_a_change_after_acceptance_is_a_new_vintage(
    form: Form, accepted: Any, people: SimpleNamespace, now: datetime, typed: Type
) -> None:
    later = now + timedelta(days=1)
    with pytest.raises(ValidationError, match="为什么要改"):
        actions.reopen(form=form, reason="", until=None, by=people.clerk, at=later)
    sheet = actions.reopen(form=form, reason="漏统一个项目", until=None, by=people.clerk, at=later)
    assert (sheet.state, sheet.round) == ("draft", 2)
    assert on_file() == ["66300"]
    saved = typed("66500", seen=sheet.version, at=later)
    assert saved.checked.is_clean
    sheet = actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=later)
    for place, who in enumerate((people.town_statistics, people.town_vice, people.township_head)):
        sheet = actions.sign(
            form=form, places=frozenset({place + 1}), seen=sheet.version, by=who, at=later
        )
    actions.accept(form=form, seen=sheet.version, by=people.statistics, at=later)
    assert on_file() == ["66300", "66500"]
    assert on_file("firms") == ["13"]
    newest = figures.engine_observations(indicators={"investment"}, orgs={"qingshi"})[-1]
    assert newest.received == later.date()
    assert in_chain("intake.sign")["状态"] == ("已提交待签字", "待审核")
    told = in_chain("intake.accept")
    assert told["状态"] == ("待审核", "已接收")
    shown = {key: values for key, values in told.items() if key.startswith("数·")}
    assert shown == {"数·qingshi investment 总量": ("66300", "66500")}


def test_reopening_after_the_window_needs_an_exception(
    form: Form, accepted: Any, people: SimpleNamespace
) -> None:
    late = form.closes + timedelta(days=3)
    with pytest.raises(Untimely, match="已过截止时间"):
        actions.reopen(form=form, reason="漏统", until=None, by=people.clerk, at=late)
    sheet = actions.reopen(
        form=form, reason="漏统", until=late + timedelta(days=1), by=people.statistics, at=late
    )
    assert sheet.state == "draft"


def test_last_zeros_make_no_new_vintage(
    form: Form, accepted: Any, people: SimpleNamespace, now: datetime, typed: Type
) -> None:
    later = now + timedelta(days=1)
    sheet = actions.reopen(form=form, reason="补小数位", until=None, by=people.clerk, at=later)
    saved = typed("66300.00", seen=sheet.version, at=later)
    assert saved.changed and saved.checked.is_clean
    sheet = actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=later)
    for place, who in enumerate((people.town_statistics, people.town_vice, people.township_head)):
        sheet = actions.sign(
            form=form, places=frozenset({place + 1}), seen=sheet.version, by=who, at=later
        )
    actions.accept(form=form, seen=sheet.version, by=people.statistics, at=later)
    assert on_file() == ["66300"]


# -- the table ------------------------------------------------------------------------------------


def test_acts_out_of_their_state_are_refused(
    form: Form, accepted: Any, people: SimpleNamespace, now: datetime, typed: Type
) -> None:
    acts = {
        "save": lambda: typed("1", seen=99),
        "sign": lambda: actions.sign(
            form=form, places=frozenset({1}), seen=99, by=people.town_statistics, at=now
        ),
        "send_back": lambda: actions.send_back(
            form=form, reason="不对", until=None, by=people.statistics, at=now
        ),
        "submit": lambda: actions.submit(form=form, seen=99, by=people.second_clerk, at=now),
    }
    for name, act in acts.items():
        assert ("accepted", name) not in MOVES
        with pytest.raises(Untimely, match="已接收"):
            act()


def test_the_table_leads_only_to_states_there_are() -> None:
    assert {state for state, _ in MOVES} <= set(STATES)
    assert {state for ends in MOVES.values() for state in ends} == set(STATES)


def test_the_states_a_list_shows(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime,
    access: Callable[..., Any],
) -> None:  # fmt: skip
    seen = access(people.statistics)
    assert state_of(form, seen, now) == "review"
    actions.send_back(form=form, reason="请核", until=None, by=people.statistics, at=now)
    assert state_of(form, seen, now) == "returned"
    assert state_of(form, seen, form.closes) == "late"
    assert state_of(form, seen, form.opens - timedelta(seconds=1)) == "not_open"


def test_a_form_of_nothing_is_said_as_such(
    form: Form, people: SimpleNamespace, now: datetime, access: Callable[..., Any]
) -> None:
    saved = actions.declare_none(
        form=form, keys=form.cells, reason="本期没有此项业务", by=people.clerk, at=now
    )
    sheet = actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=now)
    for place, who in enumerate((people.town_statistics, people.town_vice, people.township_head)):
        sheet = actions.sign(
            form=form, places=frozenset({place + 1}), seen=sheet.version, by=who, at=now
        )
    actions.accept(form=form, seen=sheet.version, by=people.statistics, at=now)
    assert state_of(form, access(people.clerk), now) == "none"
    found = figures.engine_observations(indicators={"firms"}, orgs={"qingshi"})
    assert [(one.value, one.word) for one in found] == [(None, "nil")]
