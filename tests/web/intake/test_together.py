"""Two people at one form at the same moment, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diaodu.web.figures import queries as figures
from diaodu.web.intake import actions
from diaodu.web.intake.actions import Entered, Saved
from diaodu.web.intake.models import Return, ReturnCell, Save, Step
from diaodu.web.intake.queries import Form
from diaodu.web.shared import audit

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run them together, each on a connection of its own; an exception is a result."""
    start, results = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_first_save_of_two_makes_one_return(
    form: Form, people: SimpleNamespace, now: datetime
) -> None:
    keys = list(form.cells)

    def save(key: str, text: str, by: Any) -> Callable[[], Saved]:
        return lambda: actions.save_cells(
            form=form, entered=[Entered(key, text, 0)], seen=0, by=by, at=now
        )

    results = at_once(
        save(keys[0], "66300", people.clerk), save(keys[2], "13", people.second_clerk)
    )
    assert all(isinstance(one, Saved) and not one.conflicts for one in results), results
    assert Return.objects.get().version == 2
    assert {one.given for one in ReturnCell.objects.all()} == {"66300", "13"}
    assert sorted(Save.objects.values_list("version", flat=True)) == [1, 2]


def test_of_two_who_save_one_cell_one_is_told(
    form: Form, people: SimpleNamespace, now: datetime
) -> None:
    key = next(iter(form.cells))

    def save(text: str, by: Any) -> Callable[[], Saved]:
        return lambda: actions.save_cells(
            form=form, entered=[Entered(key, text, 0)], seen=0, by=by, at=now
        )

    first, second = at_once(save("66300", people.clerk), save("66400", people.second_clerk))
    clashes = [*first.conflicts, *second.conflicts]
    (clash,) = clashes
    assert {clash.yours, clash.theirs} == {"66300", "66400"}
    assert ReturnCell.objects.get().given == clash.theirs


def test_a_double_click_submits_once(
    form: Form, typed: Any, people: SimpleNamespace, now: datetime
) -> None:
    seen = typed("66300", "41900", "13").sheet.version

    def submit() -> Return:
        return actions.submit(form=form, seen=seen, by=people.clerk, at=now)

    results = at_once(submit, submit)
    assert [one.state for one in results] == ["submitted", "submitted"]
    assert Return.objects.get().attempt == 1
    assert Step.objects.filter(act="submit").count() == 1
    assert not list(audit.verify())


def test_accepted_twice_at_once_is_one_vintage(
    form: Form, signed: Any, people: SimpleNamespace, now: datetime
) -> None:
    def accept() -> Return:
        return actions.accept(form=form, seen=signed.version, by=people.statistics, at=now)

    results = at_once(accept, accept)
    assert [one.state for one in results] == ["accepted", "accepted"]
    found = figures.engine_observations(indicators={"investment"}, orgs={"qingshi"})
    assert len(found) == 1 and Step.objects.filter(act="accept").count() == 1


def test_a_save_beside_a_submission_is_lost_by_neither(
    form: Form, typed: Any, people: SimpleNamespace, now: datetime
) -> None:
    """Either the change is in what was submitted, or it is refused and said so."""
    seen = typed("66300", "41900", "13").sheet.version
    key = next(iter(form.cells))
    submitted, saved = at_once(
        lambda: actions.submit(form=form, seen=seen, by=people.clerk, at=now),
        lambda: actions.save_cells(
            form=form, entered=[Entered(key, "66400", seen)], seen=seen, by=people.second_clerk,
            at=now,
        ),
    )  # fmt: skip
    sheet = Return.objects.get()
    if isinstance(submitted, Return):
        assert sheet.state == "submitted" and isinstance(saved, actions.Untimely)
    else:
        assert isinstance(submitted, actions.Untimely) and sheet.state == "draft"
        assert ReturnCell.objects.get(indicator="investment").given == "66400"


def test_who_chases_many_holds_no_clerk_up_for_ever(
    form: Form, county_form: Form, people: SimpleNamespace, now: datetime
) -> None:
    """A clerk's save locks its return, then the head of the chain; so must this, of many."""
    with CaptureQueriesContext(connection) as asked:
        actions.remind(forms=[form, county_form], text="", by=people.supervision, at=now)
    order = [
        table
        for one in asked
        for table in ("intake_return", "shared_head")
        if f'FROM "{table}"' in one["sql"]
    ]
    assert order[:3] == ["intake_return", "intake_return", "shared_head"]
