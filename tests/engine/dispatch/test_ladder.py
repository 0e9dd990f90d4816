"""Which step is due, with the clock just before, on and after; what stops it; what it counts."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.dispatch.duty import STATES, WITH_UNIT
from diaodu.engine.dispatch.ladder import (
    STANDARD,
    Relief,
    Taken,
    bars,
    consequences,
    escalate,
    ladder_for,
    last_deadline,
    reached,
)
from diaodu.engine.rules.models import Ladder
from diaodu.engine.rules.rulebook import Rulebook
from tests.engine.dispatch.conftest import day, duty

BOOK = Rulebook("v", {}, {})
LATEST = date(2023, 10, 20)


def _steps(on, *, taken=(), reliefs=(), book=BOOK, **given):
    found = escalate([duty(**given)], taken, reliefs, book, day(on))
    return [(one.step, one.late) for one in found]


def _taken(step, on, *, key="", latest=LATEST, number="", org="nanping", matter="d1", of="d1"):
    return Taken(of, org, matter, step, day(on), latest, key, number)


# -- one duty --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "steps"),
    [
        ("2023-10-16", []),
        ("2023-10-17", [("reminder", -3)]),
        ("2023-10-19", [("reminder", -1)]),
        ("2023-10-20", [("reminder", 0)]),
        ("2023-10-21", [("reminder", 1), ("urge", 1)]),
        ("2023-12-31", [("reminder", 72), ("urge", 72)]),  # nobody urged: first things first
    ],
)
def test_first_steps(on, steps):
    assert _steps(on) == steps


@pytest.mark.parametrize(
    ("before", "on", "step"),
    [
        ([("urge", "2023-10-21")], "2023-10-26", None),  # sixth day
        ([("urge", "2023-10-21")], "2023-10-27", "bulletin"),  # seventh
        ([("urge", "2023-10-26")], "2023-10-28", None),  # the seventh is over, three days are not
        ([("urge", "2023-10-26")], "2023-10-29", "bulletin"),
        ([("urge", "2023-10-21"), ("bulletin", "2023-10-27")], "2023-11-03", None),
        ([("urge", "2023-10-21"), ("bulletin", "2023-10-27")], "2023-11-04", "warning"),
        ([("urge", "2023-10-21"), ("warning", "2023-10-27")], "2023-11-18", None),
        ([("urge", "2023-10-21"), ("warning", "2023-10-27")], "2023-11-19", "talk"),
        ([("exposure", "2023-10-22")], "2023-12-18", None),  # not on this ladder, graver than 约谈
        ([("exposure", "2023-10-22")], "2023-12-19", "accountability"),
        ([("accountability", "2023-10-22")], "2024-12-31", None),
    ],
)  # fmt: skip
def test_next_step_waits_for_its_day_and_for_the_step_before(before, on, step):
    taken = [_taken(*one) for one in before]
    decided = [one for one, _ in _steps(on, taken=taken) if one != "reminder"]
    assert decided == ([step] if step else [])


def test_a_step_answers_its_proposal():
    (reminder, urge) = escalate([duty()], [], [], BOOK, day("2023-10-21"))
    assert reminder.key == "d1|nanping|2023-10-20|reminder|1"
    assert (reminder.automatic, urge.automatic) == (True, False)
    taken = [_taken("reminder", "2023-10-21", key=reminder.key)]
    assert _steps("2023-10-21", taken=taken) == [("urge", 1)]
    assert _steps("2023-10-21", taken=[*taken, _taken("urge", "2023-10-21")]) == []


def test_a_new_deadline_begins_anew():
    taken = [_taken("urge", "2023-10-21")]
    given = {"latest": "2023-10-31", "taken": taken}
    assert _steps("2023-10-24", **given) == []
    assert _steps("2023-11-01", **given) == [("reminder", 1), ("urge", 1)]


def test_another_unit_begins_anew():
    taken = [_taken("urge", "2023-10-21"), _taken("bulletin", "2023-10-27")]
    on = "2023-11-04"
    assert [step for step, _ in _steps(on, taken=taken)] == ["reminder", "warning"]
    assert [step for step, _ in _steps(on, taken=taken, lead="beitang")] == ["reminder", "urge"]


@pytest.mark.parametrize("state", STATES)
def test_only_what_lies_with_the_unit_is_urged(state):
    assert bool(_steps("2023-10-25", state=state)) == (state in WITH_UNIT)


@pytest.mark.parametrize(
    ("on", "until", "stopped"),
    [
        ("2023-10-26", None, False), ("2023-10-25", None, True),
        ("2023-10-01", "2023-10-24", False), ("2023-10-01", "2023-10-25", True),
    ],
)  # fmt: skip
def test_relief_stops_the_ladder_and_nothing_else(on, until, stopped):
    relief = Relief("d1", "force_majeure", day(on), "县政府常务会议纪要", until and day(until))
    assert (_steps("2023-10-25", reliefs=[relief]) == []) == stopped
    other = relief._replace(duty="d2")
    assert _steps("2023-10-25", reliefs=[other]) == [("reminder", 5), ("urge", 5)]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"state": "issued"}, "10月10日交办，至今没有签收"),
        ({"state": "working"}, "现在是“办理中”，没有反馈过"),
        ({"state": "returned", "answered": "2023-10-18"}, "反馈被退回后没有再报"),
        ({"state": "reopened", "answered": "2023-10-18"}, "现在是“回头看重办”，上次反馈10月18日"),
    ],
)
def test_evidence(given, told):
    taken = [_taken("urge", "2023-10-21", number="示督催〔2023〕5号")]
    made = duty(remains="还差0.46亿元", **given)
    (_, bulletin) = escalate([made], taken, [], BOOK, day("2023-10-31"))
    assert bulletin.step == "bulletin"
    assert bulletin.evidence == (
        "最晚期限10月20日，已逾期11天", told, "还差0.46亿元", "10月21日催办（示督催〔2023〕5号）",
    )  # fmt: skip


def test_evidence_before_and_on_the_day():
    (before,) = escalate([duty()], [], [], BOOK, day("2023-10-18"))
    (on,) = escalate([duty()], [], [], BOOK, day("2023-10-20"))
    assert before.evidence[0] == "最晚期限10月20日，还剩2天"
    assert on.evidence[0] == "最晚期限10月20日，今天到期"


# -- which ladder ----------------------------------------------------------------------------


def _ladder(**given):
    usual = {"id": "l", "rungs": [{"step": "urge", "after": 1}]}
    return Ladder.model_validate(usual | given)


def test_ladder_of_the_source_and_the_day():
    audit = _ladder(id="audit", sources=["audit"], **{"from": "2023-06"})
    general = _ladder(id="all", to="2023-12")
    book = Rulebook("v", {}, {}, ladders=(general, audit))
    assert ladder_for(book, "audit", day("2023-05-31")) is general
    assert ladder_for(book, "audit", day("2023-06-01")) is audit
    assert ladder_for(book, "letter", day("2023-12-31")) is general
    assert ladder_for(book, "letter", day("2024-01-01")) is STANDARD


@pytest.mark.parametrize(
    ("on", "late"),
    [("2023-10-06", None), ("2023-10-07", None), ("2023-10-08", 1), ("2023-10-09", 2)],
)
def test_working_days(on, late):
    """Due in the holiday: the deadline moves to the first day that is worked."""
    ladder = _ladder(
        days="working", holidays=[{"from": "2023-09-29", "to": "2023-10-06"}],
        workdays=["2023-10-07", "2023-10-08"],
    )  # fmt: skip
    book = Rulebook("v", {}, {}, ladders=(ladder,))
    found = escalate([duty(latest="2023-10-01")], [], [], book, day(on))
    assert [one.late for one in found] == ([] if late is None else [late])
    if late == 2:
        told = "最晚期限10月1日（遇放假顺延至10月7日），已逾期2个工作日"
        assert found[0].evidence[0] == told


# -- counters --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "reached"),
    [
        ("2022-10-24", "2023-10-25", False),
        ("2022-10-25", "2023-10-25", True),
        ("2022-10-26", "2023-10-25", True),
        ("2024-02-29", "2025-02-28", True),
        ("2024-02-29", "2025-03-01", False),
    ],
)
def test_twice_within_a_year_with_the_clock_around_it(first, second, reached):
    taken = [_taken("talk", first), _taken("talk", second)]
    assert bool(bars(taken, STANDARD, day("2026-01-01"))) == reached
    told = consequences("talk", "nanping", "d1", taken[:1], STANDARD, day(second))
    assert told == (("同一事项1年内第2次约谈：取消当年评优资格",) if reached else ())


def test_what_is_counted_is_the_matter_and_the_org():
    talk = _taken("talk", "2023-03-01")
    other_matter = talk._replace(matter="d2", on=day("2023-05-01"))
    other_org = talk._replace(org="beitang", on=day("2023-05-01"))
    urged = talk._replace(step="urge", on=day("2023-05-01"))
    assert bars([talk, other_matter, other_org, urged], STANDARD, day("2023-12-31")) == []
    by_org = _ladder(counters=[{"step": "talk", "times": 2, "of": "org", "then": "说明情况"}])
    (bar,) = bars([talk, other_matter, other_org, urged], by_org, day("2023-12-31"))
    assert (bar.org, bar.matter, bar.since) == ("nanping", "", day("2023-05-01"))
    assert bar.steps == (talk, other_matter)


def test_bars_are_known_from_the_day_of_the_step_that_reached_them():
    taken = [_taken("talk", one) for one in ("2023-01-10", "2023-06-10", "2023-07-10")]
    assert bars(taken, STANDARD, day("2023-06-09")) == []
    assert [bar.since for bar in bars(taken, STANDARD, day("2023-06-10"))] == [day("2023-06-10")]
    assert [bar.since for bar in bars(taken, STANDARD, day("2023-12-31"))] == [
        day("2023-06-10"), day("2023-07-10"),
    ]  # fmt: skip


def test_bars_of_all_ladders_each_once():
    talks = [_taken("talk", "2023-01-10"), _taken("talk", "2023-06-10")]
    counters = [{"step": "talk", "times": 2, "then": "取消当年评优资格"}]
    alike = [_ladder(id=id, counters=counters, sources=[id]) for id in ("audit", "letter")]
    other = _ladder(id="m", sources=["meeting"], counters=[counters[0] | {"then": "说明情况"}])
    past = _ladder(id="p", to="2022", counters=[counters[0] | {"then": "旧办法"}])
    book = Rulebook("v", {}, {}, ladders=(*alike, other, past))
    found = reached(talks, book, day("2023-12-31"))
    assert sorted(bar.then for bar in found) == ["取消当年评优资格", "说明情况"]
    assert reached(talks, BOOK, day("2023-12-31")) == bars(talks, STANDARD, day("2023-12-31"))


def test_a_counter_is_reached_by_a_step_on_its_own_ladder():
    """What is not of a ladder's own sources climbs the standard one beside it."""
    counters = [{"step": "talk", "times": 2, "then": "说明情况"}]
    book = Rulebook("v", {}, {}, ladders=(_ladder(sources=["meeting"], counters=counters),))
    first = _taken("talk", "2023-01-10")._replace(source="audit")
    for source, then in (("meeting", "说明情况"), ("audit", "取消当年评优资格")):
        second = _taken("talk", "2023-06-10")._replace(source=source)
        assert [one.then for one in reached([first, second], book, day("2023-12-31"))] == [then]


def test_duties_about_one_figure_are_one_matter():
    goal = {"indicator": "tax", "org": "nanping"}
    early = _taken("talk", "2023-05-01", matter="tax|nanping", of="older")
    before = [_taken(*one) for one in (
        ("urge", "2023-10-21"), ("bulletin", "2023-10-27"), ("warning", "2023-11-05"),
    )]  # fmt: skip
    found = escalate([duty(goal=goal)], [early, *before], [], BOOK, day("2023-11-30"))
    talk = found[-1]
    assert (talk.step, talk.matter) == ("talk", "tax|nanping")
    assert talk.evidence[-1] == "同一事项1年内第2次约谈：取消当年评优资格"


# -- many ------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=30))
def test_whoever_takes_every_step_climbs_each_rung_once(pauses):
    """However irregular the days on which somebody looks, no step comes twice or out of order."""
    taken, on = [], LATEST - timedelta(days=5)
    for pause in pauses:
        on += timedelta(days=pause)
        for one in escalate([duty()], taken, [], BOOK, on):
            taken.append(Taken("d1", one.org, one.matter, one.step, on, one.latest, one.key))
        assert escalate([duty()], taken, [], BOOK, on) == []
    keys = [one.key for one in taken]
    assert len(keys) == len(set(keys))
    climbed = [one.step for one in taken if one.step != "reminder"]
    order = [rung.step for rung in STANDARD.rungs if not rung.automatic]
    assert climbed == order[: len(climbed)]


@pytest.mark.parametrize("on", ["2023-09-27", "2023-10-20", "2023-02-28"])
@pytest.mark.parametrize("days", ["calendar", "working"])
def test_of_later_deadlines_none_needs_to_be_looked_at(on, days):
    """Counted in working days seven of them may reach over the holidays of October."""
    rungs = [{"step": "reminder", "after": -7}, {"step": "urge", "after": 1}]
    holidays = [{"from": "2023-09-29", "to": "2023-10-06"}] if days == "working" else []
    ladder = _ladder(days=days, rungs=rungs, holidays=holidays)
    book = Rulebook("v", {}, {}, ladders=(ladder,))
    last = last_deadline(book, day(on))
    due = {
        one.latest
        for number in range(60)
        for one in escalate([duty(latest=day(on) + timedelta(days=number))], [], [], book, day(on))
    }
    assert max(due) == last


def test_a_month_of_fifty_thousand_duties():
    duties = [
        duty(id=f"d{number}", lead=f"t{number % 30}", source=("meeting", "audit")[number % 2],
             latest=LATEST + timedelta(days=number % 60 - 30))
        for number in range(50_000)
    ]  # fmt: skip
    taken = [
        _taken("urge", "2023-10-21", of=one.id, latest=one.latest, org=one.lead, matter=one.id)
        for one in duties[::3]
    ]
    began = time.process_time()
    found = escalate(duties, taken, [], BOOK, day("2023-11-10"))
    assert time.process_time() - began < 2
    assert len(found) > 50_000
    assert len({one.key for one in found}) == len(found)
