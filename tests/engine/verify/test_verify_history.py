"""jump: against the same months of earlier years, by median and spread, quiet on short history."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diaodu.engine.rules.models import Check
from diaodu.engine.verify.check import held_ids

# The months of a year, as parts: strongly seasonal, and the same shape every year.
SHAPE = {2: 20, 3: 12, 4: 9, 5: 10, 6: 15, 7: 8, 8: 8, 9: 11, 10: 9, 11: 10, 12: 18}
SLOW = settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def _history(county, indicator="retail", *, org="east", factor=Decimal("1.05"), first=2020):
    """Cumulatives of 2020 to May 2023, each year `factor` times the one before."""
    for year in range(first, 2024):
        total = Decimal(0)
        for month, part in SHAPE.items():
            total += Decimal(part) * factor ** (year - 2020)
            if (year, month) < (2023, 5):
                county.add(indicator, f"{total:.2f}", org=org, period=f"{year}-01/{month:02d}")
    return total


def _jumps(county):
    return county.findings("jump")


@pytest.fixture
def watched(county):
    county.checks = [Check(id="跳变", kind="jump")]
    _history(county)
    return county


def test_a_figure_that_goes_on_as_usual_is_left_alone(watched):
    # January to April of 2023: 41 × 1.05³ = 47.46; May of 2022 was 11.03.
    watched.add("retail", "59.04")
    assert _jumps(watched) == []


def test_a_jump_says_what_was_expected_and_from_which_history(watched):
    one = watched.add("retail", "75.00")
    [found] = _jumps(watched)
    assert found.severity == "soft"
    assert held_ids([found]) == set()
    assert found.cell == one.cell
    assert found.message == (
        "城东镇社零总额2023年1—5月为75.00亿元，其中本期新增部分比上年同期变动149.7%；"
        "2021年1—2月到2023年1—4月的25次变动，中位数5.0%，离散0.0个百分点，"
        "照此应在55.73至62.35亿元之间。位置：“2023-06-12/east.xlsx”“表”B37；比的是："
        "2023年1—4月47.46亿元（“2023-06-12/east.xlsx”“表”B36）、"
        "2022年1—5月56.23亿元（“2023-06-12/east.xlsx”“表”B26）、"
        "2022年1—4月45.20亿元（“2023-06-12/east.xlsx”“表”B25）。"
    )
    assert found.action == (
        "请核对该格的数值、计量单位和统计期；属实的写明原因（如大项目投产、企业退库），数照常使用；"
        "这个指标本来就起伏大的，请在规则 checks/“跳变”中放宽 band 或 times。"
    )
    assert (found.expected, found.found) == ("在55.73至62.35亿元之间", "75.00亿元")


def test_a_season_is_no_jump(watched):
    """June is half as large again as May every year."""
    watched.add("retail", "59.04")
    watched.add("retail", "76.40", period="2023-01/06")
    watched.period = watched.period.of_month(2023, 6)
    assert _jumps(watched) == []


def test_no_check_no_jump(county):
    _history(county)
    county.add("retail", "75.00")
    assert _jumps(county) == []


@pytest.mark.parametrize(("first", "is_told"), [(2020, True), (2021, True), (2022, False)])
def test_a_short_history_is_quiet(county, first, is_told):
    """Of 2022 alone there are only two past changes."""
    county.checks = [Check(id="跳变", kind="jump")]
    _history(county, first=first)
    county.add("retail", "90.00")
    assert bool(_jumps(county)) is is_told


@pytest.mark.parametrize(
    ("keys", "is_told"),
    [({}, True), ({"band": "200"}, False), ({"at_least": 26}, False), ({"at_least": 25}, True),
     ({"off": True, "reason": "起伏大"}, False), ({"facet": "growth"}, False),
     ({"indicators": ("output",)}, False)],
)  # fmt: skip
def test_bands_are_declared(county, keys, is_told):
    county.checks = [Check(id="跳变", kind="jump", **keys)]
    _history(county)
    county.add("retail", "75.00")
    assert bool(_jumps(county)) is is_told


def test_one_outlier_in_the_past_does_not_blind_the_check(watched):
    watched.observations = [
        one._replace(value=one.value * 3) if one.period == "2021-01/07" else one
        for one in watched.observations
    ]
    watched.add("retail", "75.00")
    assert len(_jumps(watched)) == 1


def test_a_restless_series_has_a_wide_band(county):
    county.checks = [Check(id="跳变", kind="jump")]
    for year in range(2019, 2024):
        total = Decimal(0)
        for month, part in SHAPE.items():
            total += part * (2 if (year + month) % 2 else 1)
            if (year, month) < (2023, 5):
                county.add("retail", f"{total}", period=f"{year}-01/{month:02d}")
    county.add("retail", "85.0")
    assert _jumps(county) == []


def test_january_and_february_are_one(county):
    """`output` has a January of its own, which moves with the Spring Festival."""
    county.checks = [Check(id="跳变", kind="jump")]
    for year in range(2019, 2024):
        january = Decimal(4 if year % 2 else 16)
        county.add("output", f"{january}.0", period=f"{year}-01")
        if year < 2023:
            for month in range(2, 13):
                county.add("output", f"{10 * month}.0", period=f"{year}-01/{month:02d}")
    county.period = county.period.of_month(2023, 1)
    assert _jumps(county) == []
    county.add("output", "20.0", period="2023-01/02")
    county.period = county.period.of_month(2023, 2)
    assert _jumps(county) == []
    county.observations[-1] = county.observations[-1]._replace(value=Decimal(40))
    [found] = _jumps(county)
    assert "比上年同期变动100.0%" in found.message


def test_a_rate_is_compared_with_the_period_before(county):
    county.checks = [Check(id="跳变", kind="jump")]
    for year in (2021, 2022, 2023):
        for month in range(3, 13):
            if (year, month) < (2023, 5):
                rate = f"5.{month % 3}"
                county.add("added", rate, facet="growth", period=f"{year}-01/{month:02d}")
    county.add("added", "15.0", facet="growth")
    [found] = _jumps(county)
    assert "比上期变动9.9个百分点" in found.message
    assert found.expected == "在0.2至10.2%之间"


def test_what_is_a_slip_is_not_a_jump_besides(watched):
    watched.add("retail", "590000")
    codes = {one.code for one in watched.findings()}
    assert "unit_slip" in codes and "jump" not in codes


def test_a_finding_of_an_older_month_is_not_told_again(watched):
    watched.add("retail", "75.00")
    watched.add("retail", "92.36", period="2023-01/06")
    watched.period = watched.period.of_month(2023, 6)
    assert _jumps(watched) == []


@SLOW
@given(growth=st.lists(st.integers(-40, 60), min_size=12, max_size=12), last=st.integers(-90, 300))
def test_told_exactly_where_the_median_and_the_spread_say(new_county, growth, last):
    """A stock, whose change is against the same month of the year before."""
    county = new_county()
    county.checks = [Check(id="跳变", kind="jump", times=Decimal(3), band=Decimal(10))]
    base = Decimal(1000)
    changes = []
    for at, points in enumerate(growth):
        month = at + 1
        county.add("loans", f"{base}.00", period=f"2021-{month:02d}")
        county.add("loans", f"{base * (100 + points) / 100:.2f}", period=f"2022-{month:02d}")
        changes.append(Fraction(points))
    now = Decimal(1000 + 10 * growth[0]) * (100 + last) / 100
    county.add("loans", f"{now:.4f}", period="2023-01")
    county.period = county.period.of_month(2023, 1)
    usual = median(changes)
    reach = max(3 * median(abs(one - usual) for one in changes), Fraction(10))
    away = abs(last - usual) - reach
    if abs(away) > Fraction(1, 100):
        assert bool(_jumps(county)) is (away > 0)
