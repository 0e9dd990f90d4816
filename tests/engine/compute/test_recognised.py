"""认定差: what is reported less what is recognised."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = "2023-01/05"


def both(county, org, own, recognised, **more):
    county.see(org, NOW, own, **more)
    county.see(org, NOW, recognised, track="recognised", **more)
    return county


def test_a_tenth_is_recognised(county):
    """8000万 done, 800万 counted."""
    results = both(county, "a", "0.80", "0.08").compute()
    gap, share = results.find("recognition_gap"), results.find("recognition_gap_pct")
    assert (gap.shown, gap.unit, gap.lo, gap.hi) == (
        "0.72", "亿元", Decimal("0.71"), Decimal("0.73"),
    )  # fmt: skip
    assert gap.formula == "自报 − 上级认定"
    assert (share.shown, share.unit) == ("90.0", "%")
    assert share.formula == "（自报 − 上级认定）÷ 自报 × 100"
    assert set(gap.inputs) == {one.obs_id for one in county.observations}


@pytest.mark.parametrize(
    ("own", "recognised", "formula"),
    [
        ({"value": "8.0"}, None, "上级认定轨未收到来数"),
        ({"value": "8.0"}, {"word": "refused"}, "上级认定轨来数为“未予认定”"),
        ({"value": "8.0"}, {"value": "1.0", "held": True}, "上级认定：来数被暂扣，见审核意见"),
        (None, {"value": "1.0"}, "自报轨未收到来数"),
        ({"word": "late"}, {"value": "1.0"}, "自报轨来数为“逾期未报”"),
    ],
)
def test_where_one_is_no_number_it_is_said(county, own, recognised, formula):
    county.see("b", NOW, "2.0", track="recognised")
    for track, told in (("self", own), ("recognised", recognised)):
        if told is not None:
            county.see("a", NOW, **told, track=track)
    results = county.compute()
    gap = results.find("recognition_gap")
    assert (gap.word, gap.shown, gap.formula) == ("not_published", "未发布", formula)
    assert results.find("recognition_gap_pct") is None


def test_what_nobody_recognises_has_no_gap(county):
    county.see("a", NOW, "8.0")
    county.see("a", NOW, "7.0", track="flash")
    assert county.compute().find("recognition_gap") is None


def test_the_newest_vintage_of_each_track_counts(county):
    both(county, "a", "8.0", "1.0")
    county.see("a", NOW, "6.0", track="recognised", day=date(2023, 6, 20))
    assert county.compute(as_of=date(2023, 6, 19)).shown("recognition_gap") == "7.00"
    assert county.compute().shown("recognition_gap") == "2.00"


def test_the_uses_have_no_say(county):
    """The assessment reads no self-reported figure, and still asks what is not recognised."""
    both(county, "a", "8.0", "1.0")
    assert county.compute(use="assessment").shown("recognition_gap") == "7.00"


def test_no_share_of_nothing(county):
    share = both(county, "a", "0.0", "1.0").compute().find("recognition_gap_pct")
    assert (share.word, share.formula) == ("not_comparable", "自报数不大于零，不算比重")


tenths = st.integers(0, 500).map(lambda n: Decimal(n) / 10)


@settings(max_examples=20, deadline=None)
@given(own=tenths, recognised=tenths)
def test_the_gap_is_the_difference(make_county, own, recognised):
    gap = both(make_county(), "a", f"{own}", f"{recognised}").compute().find("recognition_gap")
    assert gap.value == own - recognised
    assert gap.lo <= gap.value <= gap.hi
