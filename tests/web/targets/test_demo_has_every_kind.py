"""The demo county shows every kind and every tier of target, last year as this year."""

from __future__ import annotations

import pytest

from diaodu.adapters.demo_county import plan
from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES
from diaodu.web.site.demo import targets as demo


@pytest.mark.parametrize("given", [demo._LAST, demo._THIS], ids=["last", "this"])
def test_every_kind_and_tier(given: tuple[demo._Given, ...]) -> None:
    by_file = {(row[2], row[1]) for row in plan.COUNTY_TARGETS}  # in words
    kinds = {kind for kind, _ in by_file} | {KIND_NAMES[one.kind] for one in given}
    tiers = {tier for _, tier in by_file} | {TIER_NAMES[one.tier] for one in given}
    assert kinds == set(KIND_NAMES.values())
    assert tiers == set(TIER_NAMES.values())
    assert any(one.text == "未下达" for one in given)
    assert {one.kind for one in given if one.against} == {"rank", "mean", "relative"}
