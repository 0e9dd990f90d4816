"""Gates: asked of whom, judged on what was reached then, counted down on two clocks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.compute.pace import Paces
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import half_unit
from diaodu.engine.ground.records import Target
from diaodu.engine.judge import gates
from diaodu.engine.judge.gates import GateVerdict, Point, Points
from diaodu.engine.rules.models import Gate, Indicator, Org, Pace
from diaodu.engine.rules.rulebook import Rulebook

D = Decimal
DAY = date(2023, 7, 20)


class Printed(NamedTuple):
    value: D
    decimals: int
    lo: D
    hi: D


def point(text: str, *refs: str) -> Point:
    value = D(text)
    decimals = len(text.partition(".")[2])
    half = half_unit(decimals)
    return Point(Printed(value, decimals, value - half, value + half), refs)


def indicator(**more: Any) -> Indicator:
    given = {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", "decimals": 2, **more}
    return Indicator.model_validate(given)


def gate(**more: Any) -> Gate:
    given = {"id": "half", "name": "双过半", "month": 6, "done": ">=", "growth": ">=", **more}
    return Gate.model_validate(given)


def book(*asked: Gate, known: Indicator | None = None, paces: tuple[Pace, ...] = ()) -> Rulebook:
    one = known or indicator()
    org = Org.model_validate({"id": "county", "name": "示例县", "level": "county"})
    return Rulebook("v", {"county": org}, {one.id: one}, gates=asked, paces=paces)


def target(value: str, kind: str = "level", **more: Any) -> Target:
    tier, comparator = more.get("tier", "own"), more.get("comparator", "reach")
    period = more.get("period", "")
    day = date(2023, 1, 9)
    tolerance = more.get("tolerance")
    unit = "亿元" if kind == "level" else "%"
    return Target(
        Target.make_id("tax", "county", 2023, tier, kind, day, period), "tax", "county", 2023, tier,
        kind, comparator, D(value), tolerance, unit, None, "", "", day, "t.xlsx", "", "",
        "G2", period,
    )  # fmt: skip


def judged(
    rulebook: Rulebook, *targets: Target, level: str = "", growth: str = "", month: int = 6,
    day: date = DAY, last: dict[str, str] | None = None,
) -> list[GateVerdict]:  # fmt: skip
    place = ("tax", "county", f"2023-01/{month:02d}")
    levels = {place: point(level, "obs1")} if level else {}
    levels |= {
        ("tax", "county", period): point(v, f"o{period}") for period, v in (last or {}).items()
    }
    points = Points(levels, {place: point(growth, "obs2")} if growth else {})
    asked = gates.asked(targets, rulebook, 2023, day)
    paces = gates.paces_of(targets, rulebook, points, day)
    horizon = {"tax": Period.of_months(2023, 1, month)}
    return gates.judge_gates(asked, rulebook, points, paces, horizon, day)


def only(found: list[GateVerdict]) -> GateVerdict:
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("done", "op", "result", "word"),
    [
        ("62.51", ">=", "passed", "过"),
        ("62.50", ">=", "edge", "过"),
        ("62.50", ">", "missed", "未过"),
        ("62.49", ">=", "missed", "未过"),
    ],
)
def test_half_the_time_half_the_task(done, op, result, word):
    found = only(judged(book(gate(done=op)), target("125"), level=done))
    assert (found.result, found.word) == (result, word)
    assert found.rule == f"双过半：总量{'不低于' if op == '>=' else '高于'}序时进度"
    wanted = "应不低于62.50亿元" if op == ">=" else "应高于62.50亿元"
    assert found.reasons == (f"完成{done}亿元", wanted)
    assert found.inputs == (target("125").target_id, "obs1")
    assert (found.period, found.day) == ("2023-01/06", date(2023, 6, 30))
    assert (found.months_left, found.days_left) == (0, 0)


def test_a_rounded_figure_may_not_tell():
    """A target of 125.01 asks for 62.505; 62.50 may be 62.5049 or 62.496."""
    low = only(judged(book(gate()), target("125.006"), level="62.50"))
    assert (low.result, low.word) == ("undecidable", "按印发精度不能判定")
    assert low.reasons[1] == "应不低于62.503亿元"


@pytest.mark.parametrize(
    ("growth", "result"), [("8.1", "passed"), ("8.0", "edge"), ("7.9", "missed")]
)
def test_growth_at_or_above_the_annual_target(growth, result):
    found = only(judged(book(gate()), target("8", "growth"), growth=growth))
    assert found.result == result
    assert found.rule == "双过半：增速不低于全年目标增速"
    strict = only(judged(book(gate(growth=">")), target("8", "growth"), growth=growth))
    assert strict.result == ("missed" if result == "edge" else result)


def test_a_target_finer_than_the_growth_may_not_tell():
    found = only(judged(book(gate()), target("8.02", "growth"), growth="8.0"))
    assert found.result == "undecidable"


def test_no_figure_is_neither_passed_nor_missed():
    found = only(judged(book(gate()), target("125")))
    assert (found.result, found.word) == ("no_figure", "无数据")
    assert found.reasons == ("2023年1—6月没有数", "应不低于62.50亿元")


def test_a_gate_ahead_is_counted_down_on_two_clocks():
    found = only(judged(book(gate()), target("125"), level="40", month=4, day=date(2023, 5, 25)))
    assert (found.result, found.word) == ("pending", "待定")
    assert (found.months_left, found.days_left) == (2, 36)
    # July's figures are not there yet in October's meeting: months by the data, days by the day.
    year = gate(id="year", name="全年红", month=12)
    late = only(judged(book(year), target("125"), month=9, day=date(2023, 10, 22)))
    assert (late.months_left, late.days_left) == (3, 70)


def test_a_share_of_its_own_beats_the_pace():
    rule = gate(share="60")
    found = only(judged(book(rule), target("100"), level="59.99"))
    assert (found.result, found.rule) == ("missed", "双过半：总量不低于全年目标的60%")
    assert only(judged(book(rule), target("100"), level="60.00")).result == "edge"


def test_a_phase_target_beats_the_derived_pace():
    phase = target("70", period="2023-01/06")
    found = only(judged(book(gate()), target("125"), phase, level="65.00"))
    assert found.result == "missed" and found.reasons[1] == "应不低于70.00亿元"
    assert found.inputs == (target("125").target_id, phase.target_id, "obs1")


def test_the_pace_by_last_years_shape_wants_its_figures():
    rule = Pace.model_validate({"id": "p", "pace_basis": "last_year"})
    given = {"2022-01/06": "40.00", "2022-01/12": "100.00"}
    found = only(judged(book(gate(), paces=(rule,)), target("125"), level="50.00", last=given))
    assert found.result == "edge"
    assert found.inputs[1:3] == ("o2022-01/06", "o2022-01/12")
    without = only(judged(book(gate(), paces=(rule,)), target("125"), level="50.00"))
    assert (without.result, without.word) == ("no_pace", "没有序时依据")


def test_who_is_asked():
    every = book(gate())
    assert not judged(every, target("125", tier="floor"), level="1")
    assert not judged(every, target("3", "ceiling"), level="1")
    assert not judged(book(gate(growth=None)), target("8", "growth"), growth="1")
    assert not judged(book(gate(), known=indicator(direction="low")), target("125"), level="1")
    stock = book(gate(), known=indicator(basis="stock"))
    assert not judged(stock, target("125"), level="1")
    assert not judged(book(gate(to="2022")), target("125"), level="1")
    own = gate(id="own", indicators=["tax"], share="55")
    assert [one.gate for one in judged(book(gate(), own), target("125"), level="1")] == ["own"]


def test_a_tolerance_is_in_the_orgs_favour():
    about = target("8", "growth", comparator="about", tolerance=D("0.5"))
    assert only(judged(book(gate()), about, growth="7.5")).result == "edge"
    assert only(judged(book(gate()), about, growth="7.4")).result == "missed"


def test_of_several_the_worst():
    assert gates.together(["passed", "missed", "no_figure"]) == "missed"
    assert gates.together(["passed", "edge"]) == "edge"
    assert gates.together([]) is None


_ORDER = ["missed", "undecidable", "edge", "passed"]


@settings(max_examples=80)
@given(
    st.decimals(0, 200, places=2), st.decimals("0.01", 400, places=3),
    st.decimals(0, 100, places=3), st.sampled_from([">=", ">"]),
)  # fmt: skip
def test_a_lower_target_never_fares_worse(done, wanted, less, op):
    rulebook = book(gate(done=op))
    lower = max(wanted - less, D("0.001"))
    results = [
        only(judged(rulebook, target(str(one)), level=f"{done:.2f}")).result
        for one in (wanted, lower)
    ]
    assert _ORDER.index(results[1]) >= _ORDER.index(results[0])


def test_paces_without_anything_of_their_own_ask_the_rulebook():
    assert not Paces(book()).has_own
