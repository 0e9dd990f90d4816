"""Through whose hands a figure went: told beside it where it is traced."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from diaodu.web.figures.models import Entry
from diaodu.web.intake import actions, queries
from diaodu.web.intake.queries import Form
from diaodu.web.runs import actions as runs
from diaodu.web.runs import queries as runs_queries
from diaodu.web.runs.queries import TraceNode


def hands() -> list[queries.Hands]:
    entries = Entry.objects.filter(origin="return").order_by("id")
    keys = [(one.origin_id, one.entered_at) for one in entries]
    found = queries.hands_of(keys)
    return [found[key] for key in keys]


def places(node: TraceNode) -> list[Any]:
    own = [node.place] if node.place else []
    return own + [place for one in node.inputs for place in places(one)]


def test_who_handed_in_who_signed_and_who_accepted(accepted: Any, people: SimpleNamespace) -> None:
    [told] = hands()
    assert (told.reporter, told.reviewer) == (str(people.clerk), str(people.statistics))
    assert [name for _, name in told.signed] == [
        str(people.town_statistics), str(people.town_vice), str(people.township_head)
    ]  # fmt: skip
    assert all(title for title, _ in told.signed)


def test_a_change_after_acceptance_has_hands_of_its_own(
    accepted: Any, form: Form, typed: Any, people: SimpleNamespace, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    sheet = actions.reopen(form=form, reason="抄错一行", until=None, by=people.clerk, at=later)
    saved = typed("66301", "41900", "13", by=people.second_clerk, at=later, seen=sheet.version)
    sheet = actions.submit(form=form, seen=saved.sheet.version, by=people.second_clerk, at=later)
    for place, who in enumerate((people.town_statistics, people.town_vice, people.township_head)):
        sheet = actions.sign(
            form=form, places=frozenset({place + 1}), seen=sheet.version, by=who, at=later
        )
    actions.accept(form=form, seen=sheet.version, by=people.statistics, at=later)
    first, second = hands()
    assert (first.reporter, second.reporter) == (str(people.clerk), str(people.second_clerk))


def test_what_came_by_no_return_has_no_hands(db: None, now: datetime) -> None:
    assert queries.hands_of([("", now), ("2023-06-05", now), ("7", now)]) == {}


def test_the_trace_names_the_reporter_before_the_reviewer(
    accepted: Any, access: Any, people: SimpleNamespace, now: datetime
) -> None:
    runs.rebuild_live(periods=["2023-05"], at=now)
    reader = access(people.statistics)
    run = runs_queries.live_run(reader, "2023-05")
    assert run is not None
    row = next(
        one for one in runs_queries.rows(run, reader, now, org="qingshi") if one.level is not None
    )
    node = runs_queries.trace(
        run, reader, now, indicator=row.indicator_id, org="qingshi", measure="value"
    )
    assert node is not None
    [place] = places(node)
    assert place.person == str(people.clerk)
    assert place.reviewer == str(people.statistics)
    assert len(place.signed) == 3
