"""A figure two forms ask for on purpose: both units see the difference, one of them files it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from diaodu.web.figures import queries as figures
from diaodu.web.intake import actions
from diaodu.web.intake.actions import Entered
from diaodu.web.intake.queries import Form, form_of
from diaodu.web.intake.queries.forms import Key

pytestmark = pytest.mark.usefixtures("frozen_clock")


def report(form: Form, texts: dict[str, str], people: SimpleNamespace, now: datetime) -> None:
    """Fill the whole form as its unit does and hand it in."""
    by = people.owner if form.key.reporter == "gongxinju" else people.clerk
    entered = [Entered(key, texts.get(key, "10"), 0) for key in form.cells]
    saved = actions.save_cells(form=form, entered=entered, seen=0, by=by, at=now)
    actions.submit(form=form, seen=saved.sheet.version, by=by, at=now)


def page(client: Client, form: Form) -> str:
    return client.get(reverse("intake:form", args=form.key)).content.decode()


def test_both_see_the_difference_once_it_is_handed_in(
    bureau_form: Form, people: SimpleNamespace, now: datetime, client_as: Callable[..., Client]
) -> None:
    township = form_of(Key("2023-05", "township", "qingshi"))
    assert township is not None
    figure = {"qingshi|investment|level": "66300"}
    bureau, clerk = client_as(people.owner), client_as(people.clerk)
    actions.save_cells(
        form=township, entered=[Entered("qingshi|investment|level", "66300", 0)], seen=0,
        by=people.clerk, at=now,
    )  # fmt: skip
    assert "还没有报" in page(bureau, bureau_form) and "66300" not in page(bureau, bureau_form)
    report(bureau_form, {"qingshi|investment|level": "66500"}, people, now)
    assert "少200" in page(clerk, township) and "与乡镇对账" in page(clerk, township)
    report(township, {**figure, "qingshi|private_investment|level": "41900"}, people, now)
    assert "多200" in page(bureau, bureau_form)


def test_the_one_to_compare_with_is_not_filed_over_the_other(
    bureau_form: Form, people: SimpleNamespace, now: datetime
) -> None:
    report(bureau_form, {"qingshi|investment|level": "66500"}, people, now)
    sheet = actions.accept(form=bureau_form, seen=2, by=people.statistics, at=now)
    assert sheet.state == "accepted"
    assert figures.engine_observations(indicators={"investment"}) == []
