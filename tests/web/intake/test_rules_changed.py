"""The rules change while a return is on its way: nothing is filed that was meant otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from diaodu.web.figures import queries as figures
from diaodu.web.intake import actions
from diaodu.web.intake.actions import Untimely
from diaodu.web.intake.models import ReturnCell, Signature
from diaodu.web.intake.queries import Form, form_of
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks import queries as rulebook_queries
from tests.web.intake.conftest import CALENDAR, FILES, INDICATORS, KEYS

LINE = "{id: investment, name: 固定资产投资, unit: 万元, basis: ytd, facets: [level], decimals: 0"


@pytest.fixture
def publish_again(rules: None, now: datetime) -> Callable[[str, str], None]:
    """Put the rules in force with one file changed."""

    def publish(path: str, text: str) -> None:
        imported = rulebooks.import_files(files={**FILES, path: text.encode()}, by=None, at=now)
        assert not imported.faults, imported.faults
        seen = rulebook_queries.current_version().id
        rulebooks.publish(version_id=imported.version.id, by=None, at=now, note="改", seen=seen)

    return publish


@pytest.fixture
def in_yi(publish_again: Callable[[str, str], None]) -> Callable[[], None]:
    """固定资产投资 is asked for in 亿元 from now on."""
    text = INDICATORS.replace(LINE, LINE.replace("万元", "亿元"))
    assert text != INDICATORS
    return lambda: publish_again("indicators/all.yaml", text)


def fresh(form: Form) -> Form:
    found = form_of(form.key)
    assert found is not None
    return found


def test_a_signature_that_is_no_longer_asked_is_refused_in_words(
    form: Form, submitted: Any, people: SimpleNamespace, now: datetime,
    publish_again: Callable[[str, str], None],
) -> None:  # fmt: skip
    sheet = actions.sign(
        form=form, places=frozenset({1}), seen=submitted.version, by=people.town_statistics, at=now
    )
    fewer = CALENDAR.replace("    - {title: 分管领导, role: vice}\n", "").replace(
        "    - {title: 主要领导, role: leader}\n", ""
    )
    publish_again("calendar/returns.yaml", fewer)
    with pytest.raises(Untimely, match="只要1道签字，已经签了1道，不用再签。请审核的人退回"):
        actions.sign(
            form=fresh(form), places=frozenset({2}), seen=sheet.version, by=people.town_vice, at=now
        )
    assert Signature.objects.count() == 1
    back = actions.send_back(
        form=fresh(form), reason="规则改了", until=None, by=people.statistics, at=now
    )
    again = actions.submit(form=fresh(form), seen=back.version, by=people.clerk, at=now)
    sheet = actions.sign(
        form=fresh(form), places=frozenset({1}), seen=again.version, by=people.town_statistics,
        at=now,
    )  # fmt: skip
    assert sheet.state == "review"


@pytest.mark.usefixtures("frozen_clock")
def test_the_page_says_so_too(
    form: Form, submitted: Any, people: SimpleNamespace, client_as: Callable[..., Any],
    publish_again: Callable[[str, str], None],
) -> None:  # fmt: skip
    none = CALENDAR.partition("  signatures:")[0] + CALENDAR[CALENDAR.index("- id: county") :]
    publish_again("calendar/returns.yaml", none)
    page = client_as(people.statistics).get("/intake/" + "/".join(form.key) + "/")
    assert "规则改过，不用再签字" in page.content.decode()


def test_a_figure_is_never_filed_under_another_unit_than_it_was_typed_in(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime, in_yi: Callable[[], None]
) -> None:
    in_yi()
    with pytest.raises(ValidationError) as refused:
        actions.accept(form=fresh(form), seen=signed.version, by=people.statistics, at=now)
    told = "\n".join(refused.value.messages)
    assert "固定资产投资：规则把计量单位由万元改成了亿元，“66300”是按万元填的，请按亿元重填" in told
    assert "请先退回" in told
    assert not figures.engine_observations(indicators={"investment"}, orgs={"qingshi"})


def test_a_draft_has_to_be_typed_again_in_the_new_unit(
    form: Form, typed: Any, people: SimpleNamespace, now: datetime, in_yi: Callable[[], None]
) -> None:
    saved = typed("6.63亿元", "41900", "13")
    in_yi()
    with pytest.raises(ValidationError, match="按万元填的"):
        actions.submit(form=fresh(form), seen=saved.sheet.version, by=people.clerk, at=now)
    entered = [actions.Entered(KEYS[0], "6.63亿元", saved.sheet.version)]
    again = actions.save_cells(form=fresh(form), entered=entered, seen=1, by=people.clerk, at=now)
    assert again.changed == (KEYS[0],) and not again.checked.faults
    cell = ReturnCell.objects.get(indicator="investment")
    assert (str(cell.value), cell.unit) == ("6.63", "亿元")


def test_undoing_does_not_bring_a_number_back_into_another_unit(
    form: Form, typed: Any, people: SimpleNamespace, now: datetime, in_yi: Callable[[], None]
) -> None:
    typed("66300")
    typed("66400", seen=1)
    in_yi()
    undone = actions.undo(form=fresh(form), by=people.clerk, at=now)
    assert ReturnCell.objects.get().given == "66300"
    assert "按万元填的" in undone.checked.faults[KEYS[0]]


def test_other_digits_since_it_was_handed_in_are_looked_at_again(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime,
    publish_again: Callable[[str, str], None],
) -> None:  # fmt: skip
    two = LINE.replace("decimals: 0", "decimals: 2")
    publish_again("indicators/all.yaml", INDICATORS.replace(LINE, two))
    form = fresh(form)
    with pytest.raises(ValidationError, match="小数位数由0位改成了2位"):
        actions.accept(form=form, seen=signed.version, by=people.statistics, at=now)
    sheet = actions.send_back(
        form=form, reason="小数位数改了", until=None, by=people.statistics, at=now
    )
    sheet = actions.submit(form=form, seen=sheet.version, by=people.clerk, at=now)
    for place, who in enumerate((people.town_statistics, people.town_vice, people.township_head)):
        sheet = actions.sign(
            form=form, places=frozenset({place + 1}), seen=sheet.version, by=who, at=now
        )
    assert actions.accept(form=form, seen=sheet.version, by=people.statistics, at=now).state == (
        "accepted"
    )


def test_a_change_after_acceptance_in_a_new_unit_is_filed_in_it(
    form: Form, accepted: Any, people: SimpleNamespace, now: datetime, in_yi: Callable[[], None]
) -> None:
    in_yi()
    form = fresh(form)
    sheet = actions.reopen(form=form, reason="换单位", until=None, by=people.clerk, at=now)
    entered = [
        actions.Entered(KEYS[0], "6.63", sheet.version),
        actions.Entered(KEYS[1], "41900", sheet.version),
    ]
    saved = actions.save_cells(
        form=form, entered=entered, seen=sheet.version, by=people.clerk, at=now
    )
    assert not saved.checked.faults
    cell = ReturnCell.objects.get(indicator="investment")
    assert (str(cell.value), cell.unit, cell.taken["unit"]) == ("6.63", "亿元", "万元")


# -- figures from before the desk kept units -------------------------------------------------------


def forget_units() -> None:
    for cell in ReturnCell.objects.all():
        taken = {key: told for key, told in (cell.taken or {}).items() if key != "unit"}
        cell.unit, cell.printed_decimals, cell.taken = "", None, taken or None
        cell.save()


def test_a_draft_without_units_is_asked_again(
    form: Form, typed: Any, people: SimpleNamespace, now: datetime
) -> None:
    saved = typed("66300", "41900", "13")
    forget_units()
    with pytest.raises(ValidationError) as refused:
        actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=now)
    told = "\n".join(refused.value.messages)
    assert "固定资产投资" in told
    assert "没有记下计量单位；请核对，再连单位重填，如“66300万元”" in told
    entered = [
        actions.Entered(key, text, saved.sheet.version)
        for key, text in zip(KEYS, ("66300万元", "41900", "13"), strict=True)
    ]
    again = actions.save_cells(form=form, entered=entered, seen=1, by=people.clerk, at=now)
    assert not again.checked.faults
    assert set(ReturnCell.objects.exclude(value=None).values_list("unit", flat=True)) > {"万元"}


def test_what_was_handed_in_without_units_is_not_accepted(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime
) -> None:
    forget_units()
    with pytest.raises(ValidationError, match="没有记下计量单位"):
        actions.accept(form=form, seen=signed.version, by=people.statistics, at=now)
    assert not figures.engine_observations(indicators={"investment"}, orgs={"qingshi"})


def test_what_was_accepted_without_units_is_left_alone(
    form: Form, accepted: Any, people: SimpleNamespace, now: datetime
) -> None:
    """It stands on file, with its unit."""
    forget_units()
    sheet = actions.reopen(form=form, reason="改一个数", until=None, by=people.clerk, at=now)
    entered = [actions.Entered(KEYS[1], "42000", sheet.version)]
    saved = actions.save_cells(
        form=form, entered=entered, seen=sheet.version, by=people.clerk, at=now
    )
    assert not saved.checked.faults
