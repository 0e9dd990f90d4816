"""From what is owed to figures on file, by the actions alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from diaodu.engine.ground.period import Period
from diaodu.web.figures import queries as figures
from diaodu.web.intake import actions
from diaodu.web.intake.queries import Form, obligations
from diaodu.web.shared import audit


def test_a_form_goes_from_typing_to_the_ledger(
    history: None, form: Form, typed: Callable[..., Any], people: SimpleNamespace, now: datetime,
    access: Callable[..., Any],
) -> None:  # fmt: skip
    month = Period.from_id("2023-05")

    def state(user: Any) -> str:
        found = obligations(month=month, now=now, access=access(user))
        return next(one.state for one in found if one.form.key == form.key)

    assert state(people.clerk) == "untouched"
    saved = typed("66300", "41900", "13")
    assert state(people.clerk) == "draft"
    assert [one.code for one in saved.checked.findings] == []
    sheet = actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=now)
    assert state(people.statistics) == "submitted"
    for place, who in enumerate((people.town_statistics, people.town_vice, people.township_head)):
        sheet = actions.sign(
            form=form, places=frozenset({place + 1}), seen=sheet.version, by=who, at=now
        )
    assert state(people.statistics) == "review"
    actions.accept(form=form, seen=sheet.version, by=people.statistics, at=now)
    assert state(people.clerk) == "accepted"
    found = figures.engine_observations(
        indicators={"investment"}, orgs={"qingshi"}, periods={"2023-01/05"}
    )
    assert [(str(one.value), one.file, one.cell, one.value_given) for one in found] == [
        ("66300", "网页填报", "第1行", "66300")
    ]
    assert not list(audit.verify())
