"""Corrections of the rulebook: beside what came in, told, and gone once they are not needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diaodu.adapters.frames import observation_frame, observations_of, target_frame
from diaodu.engine import flow
from diaodu.engine.compute.book import to_measures
from diaodu.engine.compute.explain import Names, explain
from diaodu.engine.compute.month import compute_all, compute_month
from diaodu.engine.ground.words import CORRECTED
from diaodu.engine.rules.models import Correction
from diaodu.engine.verify.check import check
from diaodu.engine.verify.corrections import correct

SLOW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _correction(**keys):
    given = {
        "id": "错位", "indicator": "output", "org": "east", "period": "2023-01/05",
        "from": "446.0", "to": "44.60", "reason": "小数点错位", "source": "城东镇更正函", **keys,
    }  # fmt: skip
    return Correction.model_validate({key: one for key, one in given.items() if one is not None})


def _corrected(county, *corrections, is_all=True):
    book = replace(
        county.rulebook,
        corrections=corrections,
        places={"corrections/错位": "corrections/a.yaml:3"},
    )
    done = correct(observation_frame(county.observations), book, county.as_of, is_all=is_all)
    return book, done


def _measures(county, book, done):
    computed = compute_month(done.observations, target_frame([]), book, county.period, county.as_of)
    return {one.key: one for one in to_measures(computed.measures)}


def test_a_row_beside_what_came_in(county):
    came = county.add("output", "446.0")
    _, done = _corrected(county, _correction())
    kept, right = observations_of(done.observations)
    assert kept == came._replace(held=True)
    assert right == came._replace(
        obs_id=came.make_id("output", "east", "2023-01/05", "level", None, "corrected",
                            came.received),
        track="corrected", value=Decimal("44.60"), decimals=2,
    )  # fmt: skip
    [told] = done.findings
    assert (told.code, told.severity) == ("corrected", "soft")
    assert told.message == (
        "城东镇规上工业总产值2023年1—5月来数446.0亿元，按更正“错位”改为44.60亿元"
        "（小数点错位；依据：城东镇更正函）。来数仍在册。位置：“2023-06-12/east.xlsx”“表”B1。"
    )
    assert told.action == ("不用处理；报送单位重报后，请删去规则 corrections/a.yaml:3 的这一条。")
    assert set(told.obs_ids) == {kept.obs_id, right.obs_id}


def test_measures_rest_on_both_and_say_so(county):
    county.add("output", "40.00", period="2022-01/05")
    county.add("output", "446.0")
    book, done = _corrected(county, _correction())
    kept, right = observations_of(done.observations)[1:]
    measures = _measures(county, book, done)
    value = measures["output|east|2023-01/05|value|||"]
    assert value.shown == "44.60"
    assert value.formula == "更正：来数446.0改为44.60（小数点错位；依据：城东镇更正函）"
    assert value.inputs == (right.obs_id, kept.obs_id)
    growth = measures["output|east|2023-01/05|growth||2022-01/05|"]
    assert growth.shown == "11.5"
    assert {right.obs_id, kept.obs_id} < set(growth.inputs)
    assert growth.formula == (
        "（本期 ÷ 上年同期 − 1）× 100（2023年1—5月数已更正：来数446.0改为44.60）"
    )


BASE = {"period": "2022年1—5月", "from": "400.0", "to": "40.00"}
MENDED = "（2022年1—5月数已更正：来数400.0改为40.00）"


@pytest.mark.parametrize(
    ("measure", "shown", "formula"),
    [
        ("value", "44.60", "来数"),
        ("last_year", "40.00", f"上年同期来数{MENDED}"),
        ("change", "4.60", f"本期 − 上年同期{MENDED}"),
        ("growth", "11.5", f"（本期 ÷ 上年同期 − 1）× 100{MENDED}"),
    ],
)
def test_a_base_put_right_is_named_in_what_rests_on_it(county, measure, shown, formula):
    county.add("output", "400.0", period="2022-01/05")
    county.add("output", "44.60")
    book, done = _corrected(county, _correction(**BASE))
    [found] = [one for one in _measures(county, book, done).values() if one.measure == measure]
    assert (found.shown, found.formula) == (shown, formula)


def test_both_put_right_are_both_named(county):
    county.add("output", "400.0", period="2022-01/05")
    county.add("output", "446.0")
    book, done = _corrected(county, _correction(), _correction(**BASE, id="基数"))
    growth = _measures(county, book, done)["output|east|2023-01/05|growth||2022-01/05|"]
    assert growth.formula == (
        "（本期 ÷ 上年同期 − 1）× 100（2023年1—5月数已更正：来数446.0改为44.60；"
        "2022年1—5月数已更正：来数400.0改为40.00）"
    )


def test_a_months_value_and_all_months_together_say_so_too(county):
    county.add("output", "400.0", period="2023-01/04")
    county.add("output", "44.60")
    book, done = _corrected(county, _correction(**{**BASE, "period": "2023-01/04"}))
    month = _measures(county, book, done)["output|east|2023-01/05|month_value||2023-01/04|"]
    assert month.shown == "4.60"
    told = "本期累计 − 上期累计（2023年1—4月数已更正：来数400.0改为40.00）"
    assert month.formula == told
    computed = compute_all(done.observations, target_frame([]), book, county.as_of)
    assert told in {one.formula for one in to_measures(computed.measures)}


def test_explained_down_to_both_with_file_sheet_and_cell(county):
    county.add("output", "400.0", period="2022-01/05")
    came = county.add("output", "44.60")
    book, done = _corrected(county, _correction(**BASE))
    now, kept, right = _by_what_they_are(done.observations)
    assert now == came
    run = _Run(_measures(county, book, done), {one.obs_id: one for one in (now, kept, right)})
    node = explain(run, "output", "east", "2023-01/05", "growth")
    leaves = [one for one in node.inputs if one.key in (right.obs_id, kept.obs_id)]
    assert [(one.title, one.shown, one.formula) for one in leaves] == [
        ("2022年1—5月 更正后的数", "40.00", "更正后：总量；原文是更正前的"),
        ("2022年1—5月 来数", "400.0", "快报来数：总量"),
    ]
    for one in leaves:
        assert one.leaf is not None
        assert (one.leaf.file, one.leaf.sheet, one.leaf.cell, one.leaf.value_given) == (
            kept.file, kept.sheet, kept.cell, kept.value_given,
        )  # fmt: skip


def _by_what_they_are(observations):
    """The figure of now, the one that came, the one put right."""
    seen = observations_of(observations)
    return sorted(seen, key=lambda one: (one.period < "2023", one.track == CORRECTED))


class _Run:
    """A run held in memory."""

    def __init__(self, measures, seen):
        self.rows, self.seen = measures, seen
        written = {"indicator": {"output": "output"}, "org": {"east": "east"}}
        self.names = Names(written, {}, {})

    def measures_of(self, indicator, org):
        return [row for row in self.rows.values() if (row.indicator, row.org) == (indicator, org)]

    def measures(self, keys):
        return {key: self.rows[key] for key in keys if key in self.rows}

    def observations(self, ids):
        return {name: self.seen[name] for name in ids if name in self.seen}

    def targets(self, ids):
        return {}

    def peer_sets(self, ids):
        return {}


def test_checks_see_it_on_the_track_of_the_one_it_stands_for(county):
    county.add("output", "40.00", period="2023-01/04")
    county.add("output", "446.0")
    book, done = _corrected(county, _correction(to="39.00"))
    found = check(done.observations, book, county.period, county.as_of)
    [fell] = [one for one in found if one.code == "cumulative_fell"]
    assert "累计39.00亿元，比2023年1—4月累计40.00亿元少1.00亿元" in fell.message


@pytest.mark.parametrize(
    ("keys", "value", "decimals"),
    [
        ({"to": "446000", "unit": "万元", "from": "4460000"}, "44.6000", 4),
        ({"to": None, "unit_factor": "0.1"}, "44.60", 2),
        ({"to": None, "unit_factor": "0.0001"}, "0.04460", 5),
        ({"to": None, "unit_factor": "10"}, "4460.0", 0),
    ],
)
def test_in_the_unit_it_is_given_in(county, keys, value, decimals):
    county.add("output", "446.0")
    _, done = _corrected(county, _correction(**keys))
    right = observations_of(done.observations)[-1]
    assert (right.value, right.decimals) == (Decimal(value), decimals)


def test_a_figure_that_is_not_used(county):
    came = county.add("output", "446.0")
    book, done = _corrected(county, _correction(to=None, ignore="true"))
    assert observations_of(done.observations) == [came._replace(held=True)]
    assert done.ignored == {came.obs_id}
    assert "按更正“错位”不采用" in done.findings[0].message
    measures = _measures(county, book, done)
    assert measures["output|east|2023-01/05|value|||"].shown == "未发布"


def test_a_later_day_wins_and_the_guard_says_so(county):
    county.add("output", "446.0")
    county.add("output", "44.80", received=date(2023, 6, 15))
    _, done = _corrected(county, _correction())
    assert len(done.observations) == 2
    assert not any(one.held for one in observations_of(done.observations))
    [told] = done.findings
    assert (told.code, told.severity, told.obs_ids) == ("correction_unfit", "hard", ())
    assert told.message == (
        "规则 corrections/a.yaml:3 的更正“错位”没有用上：城东镇规上工业总产值2023年1—5月"
        "应为来数446.0，而来数已改为44.80亿元（“2023-06-15/east.xlsx”“表”B2）。"
    )
    assert told.action == (
        "来数已对的，请删去这一条；还要更正的，请改 from 和更正后的数；"
        "对象写错的，请改正编号和统计期。"
    )


def test_before_that_day_it_holds(county):
    county.add("output", "446.0")
    county.add("output", "44.80", received=date(2023, 6, 25))
    _, done = _corrected(county, _correction())
    assert [one.code for one in done.findings] == ["corrected"]


def test_mended_as_corrected(county):
    county.add("output", "44.60")
    _, done = _corrected(county, _correction())
    assert done.findings[0].found.endswith("与更正后的数相同")


@pytest.mark.parametrize("keys", [{"org": "west"}, {"period": "2023-01/04"}, {"track": "self"},
                                  {"facet": "growth"}])  # fmt: skip
def test_nothing_came_under_that_key(county, keys):
    county.add("output", "446.0")
    _, done = _corrected(county, _correction(**keys))
    assert [one.found for one in done.findings] == ["没有收到过这个数"]
    assert len(done.observations) == 1
    _, part = _corrected(county, _correction(**keys), is_all=False)
    assert part.findings == ()


def test_a_held_figure_is_told(county):
    county.add("output", "446.0", held=True)
    _, done = _corrected(county, _correction())
    assert [one.found for one in done.findings] == ["来数被暂扣或是空格"]


def test_a_ranked_peer_rests_on_both(county):
    for org, value in (("east", "446.0"), ("west", "50.00"), ("north", "30.00")):
        county.add("output", value, org=org)
    book, done = _corrected(county, _correction())
    measures = _measures(county, book, done)
    place = next(one for key, one in measures.items() if "|east|" in key and "rank_level|" in key)
    assert place.shown == "2"


@SLOW
@given(came=st.integers(1, 10**6), wanted=st.integers(1, 10**6), guard=st.integers(0, 1))
def test_what_came_in_is_always_there_untouched(new_county, came, wanted, guard):
    county = new_county()
    first = county.add("output", f"{Decimal(came).scaleb(-2):f}")
    county.add("output", "33.00", org="west")
    guarded = first.value + guard
    correction = _correction(**{"from": str(guarded), "to": f"{Decimal(wanted).scaleb(-2):f}"})
    _, done = _corrected(county, correction)
    rows = observations_of(done.observations)
    assert [one._replace(held=False) for one in rows[:2]] == county.observations
    assert len(rows) == (2 if guard else 3)
    used = rows[2].value if not guard else rows[0].value
    east = done.observations.filter((nw.col("org") == "east") & ~nw.col("held"))
    assert observations_of(east)[0].value == used


def test_a_run_counts_the_cell_that_is_not_used_as_held(county):
    county.add("output", "446.0")
    county.add("retail", "30.0")
    place = ("2023-06-12/east.xlsx", "表")
    filed = flow.OnFile(observation_frame(county.observations), (), counts={place: COUNTS})
    for keys, held in (({"to": None, "ignore": "true"}, 1), ({}, 0)):
        book = replace(county.rulebook, corrections=(_correction(**keys),))
        done = flow.corrected(filed, book, county.as_of)
        assert done.counts == {place: {**COUNTS, "kept": 2 - held, "held": held}}
        assert [one.code for one in done.findings] == ["corrected"]


COUNTS = {"label": 3, "note": 0, "marker": 0, "kept": 2, "held": 0, "ignored": 0}
