"""Breaks in a series: the findings of one act are one, and comparisons across it are marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.book import to_measures
from diaodu.engine.compute.month import compute_month, compute_series
from diaodu.engine.ground.records import finding
from diaodu.engine.rules.models import Break, Check
from diaodu.engine.verify.breaks import revisions

FIRST, LATER = date(2023, 3, 12), date(2023, 6, 12)


def _break(**keys):
    given = {
        "id": "划出电力", "indicators": ["output"], "from": "2023-01", "kind": "scope",
        "comparable": "false", "reason": "电力企业划出", "document": "统函〔2023〕5号", **keys,
    }  # fmt: skip
    return Break.model_validate(given)


MARK = "（自2023年1月起统计范围变动：电力企业划出，统函〔2023〕5号；与以前不可比）"
REVISED = "（自2023年1月起统计范围变动：电力企业划出，统函〔2023〕5号；基数已按新口径修订）"


# -- measures ----------------------------------------------------------------------------------


def _measures(county, *breaks):
    book = replace(county.rulebook, breaks=breaks)
    frame = observation_frame(county.observations)
    computed = compute_month(frame, target_frame([]), book, county.period, county.as_of)
    return {one.key: one for one in to_measures(computed.measures)}


@pytest.fixture
def two_years(county):
    for org, last, before, now in (
        ("east", "40.00", "30.00", "44.00"), ("west", "50.00", "45.00", "52.00"),
        ("north", "60.00", "40.00", "63.00"),
    ):  # fmt: skip
        county.add("output", last, org=org, period="2022-01/05")
        county.add("output", before, org=org, period="2023-01/04")
        county.add("output", now, org=org)
    return county


def _of(measures, name, org="east"):
    return next(one for key, one in measures.items() if f"|{org}|" in key and f"|{name}|" in key)


def test_nothing_is_compared_across_it(two_years):
    measures = _measures(two_years, _break())
    growth = _of(measures, "growth")
    assert (growth.value, growth.word, growth.shown) == (None, "not_comparable", "无法比较")
    assert growth.formula == f"（本期 ÷ 上年同期 − 1）× 100{MARK}"
    change = _of(measures, "change")
    assert (change.word, change.formula) == ("not_comparable", f"本期 − 上年同期{MARK}")
    last_year = _of(measures, "last_year")
    assert (last_year.shown, last_year.formula) == ("40.00", f"上年同期来数{MARK}")
    assert _of(measures, "value").shown == "44.00"
    assert not any("|rank_growth|" in key or "|gap_peers_mean|" in key for key in measures)
    assert _of(measures, "rank_level").shown == "3"


def test_a_revised_base_is_compared_and_marked(two_years):
    measures = _measures(two_years, _break(comparable="revised_base"))
    plain = _measures(two_years)
    for name in ("growth", "change", "last_year"):
        assert _of(measures, name).value == _of(plain, name).value
        assert _of(measures, name).formula == _of(plain, name).formula + REVISED
    assert _of(measures, "rank_growth") == _of(plain, "rank_growth")


@pytest.mark.parametrize(
    ("keys", "crossed"),
    [
        ({"from": "2022-01"}, set()),
        ({"from": "2022-03"}, {"growth", "change", "last_year"}),
        ({"from": "2023-05"},
         {"growth", "change", "last_year", "month_value", "month_growth", "rank_level_move"}),
        # Both cumulative figures reach past it: May is what came after.
        ({"from": "2023-03"}, {"growth", "change", "last_year", "month_growth"}),
        ({"from": "2023-06"}, set()),
        ({"indicators": ["retail"]}, set()),
        ({"indicators": ["*"]}, {"growth", "change", "last_year", "month_growth"}),
        ({"orgs": ["west"]}, set()),
        ({"orgs": ["east"]}, {"growth", "change", "last_year", "month_growth"}),
    ],
)  # fmt: skip
def test_what_crosses_it(two_years, keys, crossed):
    measures = _measures(two_years, _break(**keys))
    told = {
        one.measure for one in measures.values() if one.org == "east" and "不可比" in one.formula
    }
    assert told == crossed
    for name in crossed - {"last_year", "month_growth"}:  # a month without base says no_base
        assert _of(measures, name).word == "not_comparable"


def test_the_mean_of_peers_leaves_out_who_is_apart(two_years):
    measures = _measures(two_years, _break(orgs=["north"]))
    # 44 + 52 over 40 + 50: 6.666…; east has 10.
    assert _of(measures, "gap_peers_mean").shown == "3.3"


def test_a_base_that_is_none_keeps_its_own_word(county):
    county.add("output", "0.00", period="2022-01/05")
    county.add("output", "44.00")
    assert _of(_measures(county), "growth").word == "zero_base"
    assert _of(_measures(county, _break()), "growth").word == "not_comparable"
    county.observations = county.observations[1:]
    assert _of(_measures(county, _break()), "growth").word == "no_base"


def test_a_line_through_time_shows_the_same(two_years):
    book = replace(two_years.rulebook, breaks=(_break(),))
    frame = observation_frame(two_years.observations)
    rows = to_measures(compute_series(frame, book, [two_years.period], two_years.as_of))
    assert {one.word for one in rows if one.measure == "growth"} == {"not_comparable"}


# -- findings ----------------------------------------------------------------------------------


def _revised(county, *, org="east", period="2023-01/05", indicator="output", day=LATER):
    old = county.add(indicator, "40.00", org=org, period=period, received=FIRST)
    new = county.add(indicator, "44.00", org=org, period=period, received=day)
    return finding(
        "revised", "soft", "改了数", "请核实", file=new.file, sheet=new.sheet, cell=new.cell,
        indicator=indicator, org=org, period=period, expected="40.00亿元", found="44.00亿元",
        obs_ids=(old.obs_id, new.obs_id),
    )  # fmt: skip


def _told(county, findings, *breaks):
    book = replace(county.rulebook, breaks=breaks)
    return revisions(findings, observation_frame(county.observations), book)


def test_one_act_is_one_finding(county):
    other = finding("late", "soft", "未报", "请催报", indicator="output")
    findings = [other, *(_revised(county, org=org) for org in ("east", "west", "north", "county"))]
    told = _told(county, findings, _break())
    assert told[0] == other
    [act] = told[1:]
    assert (act.code, act.severity, act.indicator, act.period) == (
        "revised", "soft", "output", "2023-01/05",
    )  # fmt: skip
    assert act.message == (
        "2023-06-12收到4处修订，涉及1项指标、4个单位，属于已声明的口径变动“划出电力”"
        "（自2023年1月起统计范围变动：电力企业划出，统函〔2023〕5号）。如："
        "城东镇规上工业总产值2023年1—5月原为40.00亿元，现为44.00亿元、"
        "城西镇规上工业总产值2023年1—5月原为40.00亿元，现为44.00亿元、"
        "城北镇规上工业总产值2023年1—5月原为40.00亿元，现为44.00亿元等4处。"
    )
    assert act.action == "不用逐处核实；以后收到的为准，跨越这次变动的比较都已注明。"
    assert set(act.obs_ids) == {one for f in findings for one in f.obs_ids}


@pytest.mark.parametrize(
    ("keys", "explained"),
    [
        ({}, True),
        ({"indicators": ["retail"]}, False),
        ({"orgs": ["west"]}, False),
        ({"from": "2023-06"}, False),
        ({"from": "2023-06", "comparable": "revised_base"}, True),
        ({"from": "2023-06", "received": "2023-06-12"}, True),
        ({"received": "2023-06-11"}, False),
    ],
)
def test_what_it_explains(county, keys, explained):
    findings = [_revised(county, period=f"2023-01/0{month}") for month in (3, 4, 5)]
    told = _told(county, findings, _break(**keys))
    assert (told == findings) is not explained
    assert len(told) == (1 if explained else 3)


def test_each_day_is_an_act_of_its_own_and_one_alone_stays(county):
    findings = [_revised(county, org=org) for org in ("east", "west")]
    findings.append(_revised(county, org="north", day=date(2023, 6, 15)))
    told = _told(county, findings, _break())
    assert [one.message[:13] for one in told] == ["改了数", "2023-06-12收到2"]


def test_a_target_that_changed_is_no_revision_of_a_series(county):
    target = finding("revised", "soft", "目标改了", "请核实", indicator="output", org="east")
    assert _told(county, [target, target], _break()) == [target, target]


@pytest.fixture
def mass(county):
    """All four orgs of 2023 revise on one day; a fifth org would be needed by default."""
    return [_revised(county, org=org) for org in ("east", "west", "north", "county")]


def test_an_undeclared_mass_asks_for_a_break(county, mass):
    county.checks = [Check(id="成批", kind="revised", at_least=4)]
    told = _told(county, mass)
    assert told[:4] == mass
    [asked] = told[4:]
    assert asked.message.startswith(
        "2023-06-12收到的报表改了4个单位的规上工业总产值（在册4个单位），共4处，像是成批修订，"
        "规则 breaks/ 里没有声明。如："
    )
    assert asked.action == (
        "请问明修订的原因和文件，在规则 breaks/ 里写一条：{id: …, indicators: [output], from: …, "
        "kind: revision, comparable: revised_base, reason: …, document: …, received: 2023-06-12}；"
        "不是成批修订的，请逐个单位核实。"
    )
    assert asked.severity == "soft"


@pytest.mark.parametrize(
    "keys", [{}, {"at_least": 5}, {"at_least": 4, "off": True, "reason": "每月都改"}]
)
def test_a_few_orgs_are_no_mass(county, mass, keys):
    county.checks = [Check(id="成批", kind="revised", **keys)]
    assert _told(county, mass) == mass


def test_a_small_share_is_no_mass(county):
    county.checks = [Check(id="成批", kind="revised", at_least=2, share=60)]
    mass = [_revised(county, org=org) for org in ("east", "west")]
    for org in ("north", "county"):
        county.add("output", "40.00", org=org)
    assert _told(county, mass) == mass
