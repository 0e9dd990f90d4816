"""为什么是这个数: down to the cell and the person, as far as the reader may go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diaodu.web.runs import actions, queries
from diaodu.web.runs.models import Run
from diaodu.web.runs.queries import TraceNode
from tests.web.runs.conftest import level

RELEASE = datetime(2023, 6, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MAY = "2023-01/05"


def walk(node: TraceNode) -> Iterator[TraceNode]:
    yield node
    for one in node.inputs:
        yield from walk(one)


def leaves(node: TraceNode) -> list[TraceNode]:
    return [one for one in walk(node) if one.kind == "observation"]


@pytest.fixture(params=["live", "frozen"])
def run(request: pytest.FixtureRequest) -> Run:
    found = request.getfixturevalue(request.param)
    return found["2023-05"] if request.param == "live" else found


def test_a_growth_goes_down_to_two_cells_and_their_person(
    run: Run, access: Any, users: Any, now: datetime
) -> None:
    node = queries.trace(
        run, access(users.statistics), now, indicator="tax", org="qingshi", measure="growth"
    )
    assert node is not None
    assert (node.shown, node.unit) == ("10.5", "%")
    found = leaves(node)
    assert [one.shown for one in found] == ["2210", "2000"]
    place = found[0].place
    assert place is not None
    assert (place.file, place.sheet, place.cell) == ("2023.xlsx", "表1", "C5")
    assert place.entered_at is not None and place.figure is not None


def test_who_entered_it(filed: Any, live: Any, access: Any, users: Any, now: datetime) -> None:
    filed(
        [level("tax", "qingshi", MAY, 2500, received=now.date())], by=users.clerk, origin="return"
    )
    actions.refresh_live(at=now)
    run = Run.objects.get(kind="live", period="2023-05")
    node = queries.trace(
        run, access(users.statistics), now, indicator="tax", org="qingshi", measure="value"
    )
    assert node is not None
    [leaf] = leaves(node)
    assert leaf.place is not None and leaf.place.person == "clerk某"


def test_a_part_is_traced_into_its_whole(run: Run, access: Any, users: Any, now: datetime) -> None:
    node = queries.trace(
        run, access(users.statistics), now, indicator="tax", org="qingshi",
        measure="share||revenue|",
    )  # fmt: skip
    assert node is not None
    assert {one.shown for one in leaves(node)} == {"2210", "4425"}


def test_counts_are_traced_to_their_rows(run: Run, access: Any, users: Any, now: datetime) -> None:
    view = queries.row(run, access(users.statistics), now, indicator="", org="qingshi")
    assert view is not None
    for figure in view.figures:
        node = queries.trace(
            run, access(users.statistics), now, indicator="", org="qingshi",
            measure=figure.measure,
        )  # fmt: skip
        assert node is not None and node.shown == figure.shown
        things = {one.key.split("|")[0] for one in node.inputs}
        assert len(things) == int(figure.shown)


def test_peers_out_of_scope_stand_in_the_tree_without_their_figures(
    frozen: Run, access: Any, users: Any, now: datetime
) -> None:
    run = actions.publish(run=frozen, note="会", by=users.dispatch, at=now)
    node = queries.trace(
        run, access(users.township_head), RELEASE, indicator="tax", org="qingshi",
        measure="rank_level",
    )  # fmt: skip
    assert node is not None
    own = [one for one in leaves(node) if not one.hidden]
    hidden = [one for one in leaves(node) if one.hidden]
    assert [one.shown for one in own] == ["2210"]
    assert len(hidden) == 2
    assert {(one.shown, one.place, one.unit) for one in hidden} == {("不在您的查看范围", None, "")}


def test_nothing_is_traced_before_its_release_or_out_of_scope(
    frozen: Run, access: Any, users: Any, now: datetime
) -> None:
    run = actions.publish(run=frozen, note="会", by=users.dispatch, at=now)

    def traced(user: Any, org: str, moment: datetime) -> bool:
        found = queries.trace(run, access(user), moment, indicator="tax", org=org, measure="value")
        return found is not None

    assert not traced(users.leader, "qingshi", now)
    assert traced(users.leader, "qingshi", RELEASE)
    assert not traced(users.clerk, "liuhe", RELEASE)
    assert not traced(users.stranger, "qingshi", RELEASE)


def test_a_measure_that_is_not_there_has_no_trace(
    run: Run, access: Any, users: Any, now: datetime
) -> None:
    for measure in ("allowance", "nonsense", "a|b"):
        assert (
            queries.trace(
                run, access(users.statistics), now, indicator="tax", org="qingshi", measure=measure
            )
            is None
        )
