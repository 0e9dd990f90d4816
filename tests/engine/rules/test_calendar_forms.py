"""The calendar as the forms of the desk: windows to the minute, signatures, nothing asked twice."""

from __future__ import annotations

import pytest

from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.build import build
from diaodu.engine.rules.calendar import closes_at, opens_at, release_of, released_at
from diaodu.engine.rules.models import CalendarEntry
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.rules.validate import Entry

MAY = Period.of_month(2023, 5)
ORGS = (
    {"id": "county", "name": "某县", "level": "county"},
    {"id": "east", "name": "东镇", "level": "township", "parent": "county"},
    {"id": "bureau", "name": "某局", "level": "department", "parent": "county"},
)
DUE = {"months_after": "1", "day": "8"}


def made(kind, data, line=1):
    lines = {(): line}
    for key in data:
        lines[(key,)] = len(lines) + line
    return Entry(kind, f"{kind}/a.yaml", data, lines)


def indicator(identity="tax", **more):
    data = {
        "id": identity, "name": f"指标{identity}", "unit": "亿元", "basis": "ytd",
        "facets": ["level", "growth"], "direction": "high", "decimals": "2",
        "cadence": "month", "january": "yes", "owner": "bureau", **more,
    }  # fmt: skip
    return made("indicators", {key: value for key, value in data.items() if value is not None})


def calendar(identity, **more):
    return made("calendar", {"id": identity, "indicators": ["tax"], "due": DUE, **more})


def faults(*entries, indicators=None):
    beside = [indicator()] if indicators is None else indicators
    orgs = [made("orgs", one) for one in ORGS]
    try:
        build([*orgs, *beside, *entries], {})
    except RulebookError as error:
        return list(error.faults)
    return []


# -- windows ---------------------------------------------------------------------------------


def test_without_times_a_window_runs_from_midnight_to_the_end_of_the_due_day():
    entry = CalendarEntry(
        id="a", opens={"months_after": 1, "day": 1}, due={"months_after": 1, "day": 8},
        released={"months_after": 1, "day": 18},
    )  # fmt: skip
    assert opens_at(entry, MAY).isoformat(" ", "minutes") == "2023-06-01 00:00"
    assert closes_at(entry, MAY).isoformat(" ", "minutes") == "2023-06-09 00:00"
    assert released_at(entry, MAY).isoformat(" ", "minutes") == "2023-06-18 00:00"


def test_times_are_taken_to_the_minute():
    entry = CalendarEntry(
        id="a", opens={"months_after": 1, "day": 1, "time": "08:30"},
        due={"months_after": 1, "day": 31, "time": "17:00"},
        released={"months_after": 2, "day": 1, "time": "09:05"},
    )  # fmt: skip
    assert opens_at(entry, MAY).isoformat(" ", "minutes") == "2023-06-01 08:30"
    assert closes_at(entry, MAY).isoformat(" ", "minutes") == "2023-06-30 17:00"
    assert released_at(entry, MAY).isoformat(" ", "minutes") == "2023-07-01 09:05"


def test_where_nothing_says_when_returns_open_it_is_the_day_after_the_period():
    assert (
        opens_at(CalendarEntry(id="a", due=DUE), Period.of_month(2024, 2)).isoformat(" ", "minutes")
        == "2024-03-01 00:00"
    )


def test_the_latest_release_of_an_indicator_counts():
    def entry(identity, day, **more):
        return CalendarEntry(
            id=identity, indicators=("tax",), due=DUE,
            released=None if day is None else {"months_after": 1, "day": day}, **more,
        )  # fmt: skip

    rules = Rulebook("v", {}, {}, calendar=(
        entry("a", 12), entry("b", 18), entry("c", None), entry("d", 25, **{"from": 2024}),
    ))  # fmt: skip
    assert release_of(rules, "tax", MAY).isoformat(" ", "minutes") == "2023-06-18 00:00"
    assert (
        release_of(rules, "tax", Period.of_month(2024, 5)).isoformat(" ", "minutes")
        == "2024-06-25 00:00"
    )
    assert release_of(rules, "output", MAY) is None


@pytest.mark.parametrize("written", ["24:00", "9:00", "17：00", "17点", "25:00", "09:60"])
def test_a_time_that_is_none_is_told(written):
    (fault,) = faults(calendar("a", orgs=["county"], due={**DUE, "time": written}))
    assert fault.key == "due.time"
    assert written in fault.message and "09:00" in fault.action


def test_a_window_that_closes_as_it_opens_is_told():
    opens = {**DUE, "time": "17:00"}
    assert not faults(calendar("a", orgs=["county"], opens=opens, due=DUE))
    (fault,) = faults(calendar("a", orgs=["county"], opens=opens, due={**DUE, "time": "17:00"}))
    assert fault.key == "due" and "截止日早于开网日" in fault.message


# -- the form --------------------------------------------------------------------------------


def test_signatures_have_a_title_and_a_role_that_may_sign():
    signs = [{"title": "统计员", "role": "statistics"}, {"title": "主要领导", "role": "领导"}]
    (fault,) = faults(calendar("a", orgs=["county"], signatures=signs))
    assert fault.key == "signatures.2.role"
    assert "leader" in fault.message and "statistics、vice、leader" in fault.action


def test_a_fourth_signature_is_one_too_many():
    signs = [{"title": f"第{at}人", "role": "vice"} for at in range(4)]
    (fault,) = faults(calendar("a", orgs=["county"], signatures=signs))
    assert fault.message == "‘signatures’最多3项，写了4项"


def test_a_form_filled_by_the_owner_needs_one():
    entry = calendar("a", orgs=["county"], filled_by="owner")
    assert not faults(entry)
    (fault,) = faults(entry, indicators=[indicator(owner=None)])
    assert (fault.file, fault.key) == ("calendar/a.yaml", "filled_by")
    assert "指标tax" in fault.message


# -- nothing asked twice -----------------------------------------------------------------------


def test_a_figure_asked_twice_is_told_with_file_line_and_what_to_do():
    (fault,) = faults(calendar("a", orgs=["east"]), calendar("b", levels=["township"]))
    assert (fault.file, fault.line, fault.key) == ("calendar/a.yaml", 3, "indicators")
    assert "东镇的“指标tax”已由“a”（calendar/a.yaml:1）要过" in fault.message
    assert "reconciles: [{indicator: tax, with: a, reason: ……}]" in fault.action


@pytest.mark.parametrize(
    "other",
    [
        {"orgs": ["county"]},  # another org
        {},  # obliges nobody
        {"orgs": ["east"], "facets": ["growth"]},
        {"orgs": ["east"], "track": "estimate"},
        {"orgs": ["east"], "from": "2024"},
        {"orgs": ["east"], "indicators": ["output"]},
    ],
)
def test_what_differs_in_one_respect_is_not_asked_twice(other):
    beside = [indicator(), indicator("output")]
    entries = calendar("a", orgs=["east"], to="2023"), calendar("b", **other)
    assert not faults(*entries, indicators=beside)


def test_an_entry_for_all_indicators_overlaps_with_one_for_some():
    entries = calendar("a", orgs=["east"]), calendar("b", orgs=["east"], indicators=["*"])
    (fault,) = faults(*entries, indicators=[indicator(), indicator("output")])
    assert "指标tax" in fault.message and "指标output" not in fault.message


def test_growth_is_what_a_rate_only_indicator_owes():
    rate = indicator(facets=["growth"])
    entries = calendar("a", orgs=["east"]), calendar("b", orgs=["east"], facets=["growth"])
    assert len(faults(*entries, indicators=[rate])) == 1


@pytest.mark.parametrize("declares", ["a", "b"])
def test_either_entry_may_declare_that_it_reconciles(declares):
    told = {"a": {}, "b": {}}
    partner = "b" if declares == "a" else "a"
    told[declares] = {
        "reconciles": [{"indicator": "tax", "with": partner, "reason": "与入库数对账"}]
    }
    entries = [calendar(name, orgs=["east"], **told[name]) for name in ("a", "b")]
    assert not faults(*entries)


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ({"indicator": "tax", "with": "nothing"}, "reconciles.1.with"),
        ({"indicator": "tax", "with": "a"}, "reconciles.1.with"),
        ({"indicator": "output", "with": "b"}, "reconciles.1.indicator"),
        ({"indicator": "nothing", "with": "b"}, "reconciles.1.indicator"),
    ],
)
def test_what_is_reconciled_must_be_there(told, key):
    entries = (
        calendar("a", orgs=["east"], reconciles=[{**told, "reason": "对账"}]),
        calendar("b", orgs=["county"]),
    )
    found = faults(*entries, indicators=[indicator(), indicator("output")])
    assert key in {fault.key for fault in found}
