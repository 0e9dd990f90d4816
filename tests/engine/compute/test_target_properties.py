"""What holds of targets whatever their numbers: reached exactly, never worse for asking less, told
only where the printed digits tell."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

NOW, LAST, WHOLE = "2023-01/05", "2022-01/05", "2022-01/12"
FEW = settings(max_examples=15, deadline=None)
RESULTS = ("未达到", "按印发精度不能判定", "恰好，不算达到", "恰好，算达到", "达到")
hundredths = st.integers(1, 50_000).map(lambda one: Decimal(one).scaleb(-2))
tenths = st.integers(-200, 200).map(lambda one: Decimal(one).scaleb(-1))
goals = st.integers(-2000, 2000).map(lambda one: Decimal(one).scaleb(-2))


@FEW
@given(done=hundredths, base=hundredths, rest=hundredths, more=hundredths)
def test_growing_as_needed_reaches_exactly_the_target(make_county, done, base, rest, more):
    county = make_county()
    county.see("a", NOW, f"{done}")
    county.see("a", LAST, f"{base}")
    county.see("a", WHOLE, f"{base + rest}")
    target = done + more
    county.aim("a", f"{target}")
    found = county.compute().find("growth_needed", target_id=county.targets[0].target_id)
    reached = Fraction(done) + Fraction(rest) * (1 + Fraction(found.value) / 100)
    assert abs(reached - Fraction(target)) * 100 <= Fraction(rest) / 10**12
    assert found.lo is None or found.lo <= found.value <= found.hi


@FEW
@given(rate=tenths, base=hundredths, rest=hundredths, goal=tenths)
def test_growing_as_needed_reaches_exactly_the_target_growth(make_county, rate, base, rest, goal):
    county = make_county()
    county.see("a", NOW, "1.00")
    county.see("a", NOW, f"{rate}", facet="growth")
    county.see("a", LAST, f"{base}")
    county.see("a", WHOLE, f"{base + rest}")
    county.aim("a", f"{goal}", kind="growth")
    found = county.compute().find("growth_needed")
    rested = Fraction(found.value) * Fraction(rest)
    whole = (Fraction(rate) * Fraction(base) + rested) / Fraction(base + rest)
    assert abs(whole - Fraction(goal)) <= Fraction(1, 10**12)


def outcome(county, goal, comparator="reach", kind="growth"):
    county.targets.clear()
    target = county.aim("a", f"{goal}", kind=kind)
    county.targets[0] = county.targets[0]._replace(comparator=comparator)
    return county.compute().find("outcome", target_id=target)


@FEW
@given(rate=tenths, goal=goals, less=st.integers(0, 300))
def test_a_lower_target_never_comes_out_worse(make_county, rate, goal, less):
    county = make_county()
    county.see("a", NOW, f"{rate}", facet="growth")
    high, low = outcome(county, goal), outcome(county, goal - Decimal(less).scaleb(-2))
    place = [RESULTS.index(one.formula.partition("：")[0]) for one in (high, low)]
    assert place[0] <= place[1]
    if high.value is not None and low.value is not None:
        assert low.value - high.value == Decimal(less).scaleb(-2)


@FEW
@given(rate=tenths, goal=goals)
def test_it_is_undecidable_where_the_printed_digits_allow_both(make_county, rate, goal):
    county = make_county()
    county.see("a", NOW, f"{rate}", facet="growth")
    found = outcome(county, goal)
    lo, hi = rate - Decimal("0.05"), rate + Decimal("0.05")
    if found.word == "undecidable":
        assert lo < goal < hi and rate < goal
    elif found.value < 0:
        assert hi <= goal
        assert found.lo <= found.value <= found.hi <= 0
    else:
        assert rate >= goal


@FEW
@given(level=hundredths, base=hundredths, growth=tenths)
def test_a_target_of_amount_asks_exactly_its_growth(make_county, level, base, growth):
    assume(base > 0)
    county = make_county()
    county.see("a", NOW, "1.00")
    county.see("a", WHOLE, f"{base}")
    county.aim("a", f"{level}")
    county.aim("a", f"{growth}", kind="growth")
    found = county.compute().find("target_growth")
    exact = Fraction(level) / Fraction(base) * 100 - 100
    assert found.lo <= found.value <= found.hi
    assert abs(Fraction(found.value) - exact) < Fraction(1, 10**12)
    by_targets = Fraction(level) / (1 + Fraction(growth) / 100)
    half = Fraction(1, 200)
    fits = Fraction(base) - half <= by_targets <= Fraction(base) + half
    assert ("对得上" in found.formula) == fits
