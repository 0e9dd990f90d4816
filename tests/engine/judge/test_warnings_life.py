"""The life of a warning: one phase at a time, the present is what its course gives, no flapping."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.ground.words import (
    WARNING_END_NAMES,
    WARNING_PHASE_NAMES,
    WARNING_SAYS_NAMES,
    WarningSays,
)
from diaodu.engine.judge.warnings_life import Answer, State, begins_anew, next_state, replay

CASES = Path(__file__).resolve().parents[3] / "rulebook" / "cases" / "warnings" / "life.yaml"
SAYS = {name: code for code, name in WARNING_SAYS_NAMES.items()} | {"停用": "ended"}
NOW = datetime(2023, 12, 31, tzinfo=UTC)


class Rule(NamedTuple):
    raise_after: int = 1
    clear_after: int = 1
    again_within: int = 0


def _cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return found


def test_cases_are_whole() -> None:
    cases = _cases()
    assert len({case["id"] for case in cases}) == len(cases) >= 20
    for case in cases:
        assert {"id", "sentence", "rule", "course"} <= set(case)
        assert case["sentence"].endswith("。")


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    rule = Rule(**case["rule"])
    state: State | None = None
    for line in case["course"]:
        period, says, expected = line.split()
        answer = Answer(period, SAYS[says])
        if state is not None and case.get("anew") and line == case["course"][-1]:
            assert begins_anew(state, answer, rule)
        elif state is not None:
            assert not begins_anew(state, answer, rule)
        state = next_state(state, answer, rule, NOW)
        assert ("无" if state is None else WARNING_PHASE_NAMES[state.phase]) == expected, line
    told = "" if state is None or state.end is None else WARNING_END_NAMES[state.end]
    assert told == case.get("end", "")


# -- the release calendar --------------------------------------------------------------------------

RELEASE = datetime(2023, 10, 18, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (RELEASE - timedelta(days=17), None),  # the 1st: nothing is due, nothing is said
        (RELEASE - timedelta(days=1), None),
        (RELEASE - timedelta(seconds=1), None),
        (RELEASE, "active"),
        (RELEASE + timedelta(days=1), "active"),
    ],
)
def test_no_answer_counts_before_its_release(now, phase):
    state = next_state(None, Answer("2023-01/09", "hit", release=RELEASE), Rule(), now)
    assert (state and state.phase) == phase


@pytest.mark.parametrize("now", [RELEASE - timedelta(seconds=1), RELEASE])
def test_what_is_known_stays_until_the_next_figure_is_public(now):
    rule = Rule(clear_after=1)
    before = next_state(None, Answer("2023-01/08", "hit"), rule, now)
    after = next_state(before, Answer("2023-01/09", "clear", release=RELEASE), rule, now)
    assert after is not None
    assert after.phase == ("closed" if now >= RELEASE else "active")
    if now < RELEASE:
        assert after is before


# -- properties ------------------------------------------------------------------------------------

PERIODS = [f"2022-01/{m:02}" for m in range(2, 13)]
PERIODS += [f"2023-01/{m:02}" for m in range(2, 13)]
RULES = st.builds(Rule, st.integers(1, 4), st.integers(1, 4), st.integers(0, 6))
_SAYS = st.sampled_from(["hit", "clear", "no_data", "apart"])
COURSES = st.lists(_SAYS, max_size=len(PERIODS)).map(
    lambda all: [Answer(PERIODS[at], one) for at, one in enumerate(all)]
)


def _play(course: list[Answer], rule: Rule) -> State | None:
    state: State | None = None
    for one in course:
        state = next_state(state, one, rule, NOW)
    return state


@given(COURSES, RULES)
def test_exactly_one_phase_and_what_belongs_to_it(course, rule):
    state = _play(course, rule)
    if state is None:
        return
    assert state.phase in WARNING_PHASE_NAMES
    assert (state.phase == "closed") == (state.end is not None) == bool(state.ended)
    assert (state.phase == "no_data") == (state.was is not None)
    assert state.phase not in ("active", "recovering") or state.raised
    assert state.phase != "pending" or not state.raised


@given(COURSES, RULES)
def test_replaying_the_course_gives_the_present(course, rule):
    state = _play(course, rule)
    if state is not None:
        assert replay(state.answers, rule) == state


@given(COURSES, RULES)
def test_each_answer_may_be_told_again(course, rule):
    """A pass that is run twice changes nothing."""
    state = _play(course, rule)
    for one in course:
        if state is not None:
            assert next_state(state, one, rule, NOW) == state


@given(COURSES, RULES, st.randoms(use_true_random=False))
def test_the_order_in_which_periods_come_to_be_known_makes_no_difference(course, rule, random):
    """From the first hit on: what came before is in no course."""
    told = [one for one in course if one.says != "apart"]
    first = next((at for at, one in enumerate(told) if one.says == "hit"), None)
    if first is None:
        return
    opened, rest = told[first], told[first + 1 :]
    in_order = _play([opened, *rest], rule)
    random.shuffle(rest)
    assert _play([opened, *rest], rule) == in_order


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=4),
       st.integers(1, 3))  # fmt: skip
def test_a_flapping_series_gives_one_warning(runs, raise_after):
    """However it flaps, as long as it is never good for so long as the rule wants to close."""
    rule = Rule(raise_after=raise_after, clear_after=4)
    says: list[WarningSays] = []
    for hits, clears in runs:
        says += ["hit"] * hits + ["clear"] * clears
    says = says[: len(PERIODS)]
    state: State | None = None
    for at, one in enumerate(says):
        answer = Answer(PERIODS[at], one)
        assert state is None or not begins_anew(state, answer, rule)
        state = next_state(state, answer, rule, NOW)
    assert state is not None
    assert state.is_open
    assert state.opened == PERIODS[0]


@given(COURSES, RULES)
def test_no_data_alone_opens_raises_and_closes_nothing(course, rule):
    """Take the periods without data out: the same phase, but for being blind at the end."""
    state = _play(course, rule)
    seen = _play([one for one in course if one.says != "no_data"], rule)
    assert (state is None) == (seen is None)
    if state is not None and seen is not None:
        assert (state.was or state.phase) == seen.phase
        assert (state.hits, state.clears, state.raised) == (seen.hits, seen.clears, seen.raised)
