"""What must hold for every figure: bounds that bound, and definitions that undo themselves."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from diaodu.engine.compute.calculator import Result, calculate
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import show

amounts = st.decimals("0.01", "100000", places=6)
rates = st.decimals("-60", "200", places=6)
places = st.integers(0, 4)


def numbers(result: Result) -> Interval:
    assert result.value is not None and result.lo is not None and result.hi is not None
    return Interval(result.value, result.lo, result.hi)


def holds(result: Result, truth: Fraction) -> bool:
    computed = numbers(result)
    return computed.lo <= truth <= computed.hi


def printed(value: Decimal, decimals: int) -> str:
    """As an office prints it; a figure that rounds to nothing is no base and is left out."""
    text = show(value, decimals)
    assume(Decimal(text) != 0)
    return text


@given(amounts, amounts, places, places)
def test_bounds_hold_what_was_rounded_away(
    one: Decimal, other: Decimal, dec1: int, dec2: int
) -> None:
    a, b = printed(one, dec1), printed(other, dec2)
    x, y = Fraction(one), Fraction(other)
    assert holds(calculate("completion", {"actual": a, "target": b}), x / y * 100)
    assert holds(calculate("growth", {"actual": a, "base": b}), (x / y - 1) * 100)
    assert holds(calculate("share", {"part": a, "whole": b}), x / y * 100)
    assert holds(calculate("difference", {"a": a, "b": b}), x - y)
    assert holds(calculate("sum", {"values": f"{a},{b}"}), x + y)
    assert holds(
        calculate("mean_required", {"target": a, "actual": b, "periods_left": "3"}), (x - y) / 3
    )
    assert holds(calculate("gap_to_close", {"target": a, "done": b, "reportable": b}), x - y - y)


@given(rates, rates, amounts, places, places)
def test_bounds_hold_for_rates(
    one: Decimal, other: Decimal, amount: Decimal, dec1: int, dec2: int
) -> None:
    g, h, a = show(one, dec1), show(other, dec2), printed(amount, 2)
    x, y = Fraction(one), Fraction(other)
    assert holds(calculate("pp_diff", {"a": g, "b": h}), x - y)
    assert holds(calculate("pace_gap", {"completion": g, "months": "7"}), x - Fraction(700, 12))
    base = calculate("implied_base", {"actual": a, "growth": g})
    assert holds(base, Fraction(amount) / (1 + x / 100))
    needed = calculate("growth_needed", {"goal": g, "so_far": h, "weights": "2,1"})
    assert holds(needed, x * 3 - y * 2)
    average = numbers(calculate("two_year_average", {"growth": g, "last_growth": h}))
    product = (1 + x / 100) * (1 + y / 100)
    assert (average.lo / 100 + 1) ** 2 <= product <= (average.hi / 100 + 1) ** 2


@given(rates, rates, st.integers(1, 99), st.integers(1, 99))
def test_the_growth_needed_when_reached_gives_the_goal(
    goal: Decimal, so_far: Decimal, done: int, left: int
) -> None:
    needed = calculate(
        "growth_needed", {"goal": f"{goal}", "so_far": f"{so_far}", "weights": f"{done},{left}"}
    ).value
    assert needed is not None
    assert (Fraction(so_far) * done + needed * left) / (done + left) == Fraction(goal)


@given(amounts, st.integers(0, 4), st.integers(-50, 300))
def test_the_implied_base_grown_is_the_level(amount: Decimal, decimals: int, growth: int) -> None:
    level = printed(amount, decimals)
    base = calculate("implied_base", {"actual": level, "growth": f"{growth}%"}).value
    assert base is not None
    assert base * (1 + Fraction(growth, 100)) == Fraction(level)


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_completion_does_not_depend_on_the_unit(actual: int, target: int) -> None:
    """The half unit goes with the printed unit: 12亿元 in 万元 has four more digits to be the
    same figure, so only the unit's name is changed here."""
    plain = calculate("completion", {"actual": f"{actual}", "target": f"{target}"})
    billions = calculate("completion", {"actual": f"{actual}亿元", "target": f"{target}亿元"})
    tens = calculate("completion", {"actual": f"{actual}万元", "target": f"{target}万元"})
    assert numbers(plain) == numbers(billions) == numbers(tens)
    wan = Decimal(target) / 10**4
    mixed = calculate("completion", {"actual": f"{actual}万元", "target": f"{wan:.4f}亿元"})
    assert numbers(mixed) == numbers(plain)


whole = st.integers(1, 10**6)


def value(name: str, **arguments: object) -> Fraction:
    found = calculate(name, {key: f"{given}" for key, given in arguments.items()}).value
    assert found is not None
    return found


@given(whole, whole)
def test_what_is_left_and_what_is_done_give_one_completion(target: int, left: int) -> None:
    assume(left <= target)
    done = value("completion", actual=target - left, target=target)
    assert value("completion", left=left, target=target) == done


@given(st.lists(st.tuples(whole, whole), min_size=2, max_size=5))
def test_the_parts_make_the_growth_of_the_whole(parts: list[tuple[int, int]]) -> None:
    """Pulls add up to it, contributions to 100 % (what runs the other way is refused one)."""
    now, base = sum(one for one, _ in parts), sum(last for _, last in parts)
    growth = value("growth", actual=now, base=base)
    pulls = [value("pull", part_change=one - last, parent_base=base) for one, last in parts]
    assert sum(pulls) == growth
    assume(abs(now - base) > 1)  # 1 as printed may be nearly nothing
    shares = [
        calculate(
            "contribution", {"part_change": f"{one - last}", "parent_change": f"{now - base}"}
        )
        for one, last in parts
    ]
    given_a_number = [share.value for share in shares if share.value is not None]
    refused = [one - last for (one, last), share in zip(parts, shares, strict=True) if share.word]
    rest = Fraction(sum(refused) * 100, now - base)
    assert sum(given_a_number) + rest == 100


@given(rates, rates, st.integers(1, 99), st.integers(1, 99))
def test_growths_of_parts_lie_around_that_of_the_whole(
    one: Decimal, other: Decimal, done: int, left: int
) -> None:
    arguments = {"parts": f"{one}%,{other}%", "weights": f"{done},{left}"}
    growth = numbers(calculate("growth", arguments))
    low, high = sorted((Fraction(one), Fraction(other)))
    assert low <= growth.value <= high
    assert growth.value == (Fraction(one) * done + Fraction(other) * left) / (done + left)


@given(rates, rates, st.integers(1, 99), st.sampled_from([1, 2, 5, 8, 10, 40]))
def test_growing_as_needed_gives_the_goal_as_the_growth_of_parts(
    goal: Decimal, so_far: Decimal, done: int, left: int
) -> None:
    weights = f"{done},{left}"
    needed = value("growth_needed", goal=goal, so_far=so_far, weights=weights)
    printed_need = Decimal(needed.numerator) / needed.denominator  # finite for such weights
    assert value("growth", parts=f"{so_far},{printed_need:f}", weights=weights) == Fraction(goal)


@given(rates, rates)
def test_a_pull_can_be_had_from_the_share_and_from_the_contribution(
    share: Decimal, growth: Decimal
) -> None:
    pull = value("pull", share=share, growth=growth)
    assert pull == Fraction(share) * Fraction(growth) / 100
    assert value("pull", contribution=share, parent_growth=growth) == pull


@given(st.integers(-90, 300), st.integers(-90, 300))
def test_two_years_at_once_give_the_average_of_two_years_apart(one: int, other: int) -> None:
    over_two = Decimal((100 + one) * (100 + other)) / 100 - 100
    apart = value("two_year_average", growth=one, last_growth=other)
    assert value("two_year_average", two_year_growth=f"{over_two:.2f}") == apart


@given(whole, st.integers(1, 400))
def test_the_implied_whole_has_the_share(part: int, share: int) -> None:
    implied = value("implied_whole", part=part, share=share)
    assert implied * share / 100 == part
    assert value("part_of", whole=part, share=share) == Fraction(part * share, 100)


@given(whole, whole)
def test_a_place_turned_twice_is_the_place(one: int, other: int) -> None:
    place, n = sorted((one, other))
    turned = value("rank", place=place, n=n)
    assert 1 <= turned <= n
    assert value("rank", place=turned, n=n) == place


@given(amounts, amounts, places, places)
def test_bounds_hold_for_the_other_ways(one: Decimal, other: Decimal, dec1: int, dec2: int) -> None:
    a, b = printed(one, dec1), printed(other, dec2)
    x, y = Fraction(one), Fraction(other)
    assert holds(calculate("ratio", {"a": a, "b": b}), x / y)
    assert holds(calculate("implied_whole", {"part": a, "share": b}), x / y * 100)
    assert holds(calculate("part_of", {"whole": a, "share": b}), x * y / 100)
    assert holds(calculate("completion", {"left": a, "target": b}), 100 - x / y * 100)
    assert holds(calculate("contribution", {"part_change": a, "parent_change": b}), x / y * 100)
    assert holds(calculate("mean_required", {"gap": a, "periods_left": "7"}), x / 7)
    pace = calculate("pace_gap", {"completion": a, "elapsed": "2周", "span": "7周"})
    assert holds(pace, x - Fraction(200, 7))


@given(
    st.lists(st.decimals("-5", "5", places=1), min_size=1, max_size=12),
    st.sampled_from(["high", "low"]),
)
def test_ranks_are_a_permutation_up_to_ties(values: list[Decimal], direction: str) -> None:
    texts = ",".join(f"单位{i}:{value}" for i, value in enumerate(values))
    results = [
        calculate("rank", {"values": texts, "who": f"单位{i}", "direction": direction})
        for i in range(len(values))
    ]
    ordered = sorted(values, reverse=direction == "high")
    assert [result.value for result in results] == [ordered.index(v) + 1 for v in values]
    assert [result.word for result in results] == [
        "并列" if values.count(v) > 1 else None for v in values
    ]


@given(st.decimals("1", "1000", places=2), st.decimals("0.1", "5", places=2), st.integers(1, 6))
def test_the_path_reaches_the_factor_at_its_end(base: Decimal, factor: Decimal, years: int) -> None:
    keys = {"base": f"{base}", "factor": f"{factor}", "years": f"{years}"}
    end = calculate("multi_year_path", {**keys, "n": f"{years}"}).value
    assert end is not None
    assert abs(end - Fraction(base) * Fraction(factor)) < Fraction(1, 10**20)
    first = calculate("multi_year_path", {**keys, "n": "1"}).value
    assert first is not None
    assert abs((first / Fraction(base)) ** years - Fraction(factor)) < Fraction(1, 10**20)


@given(
    st.fractions(-10, 10), st.fractions(0, 1), st.fractions(1, 10), st.fractions(0, Fraction(1, 2))
)
def test_interval_corners(x: Fraction, dx: Fraction, y: Fraction, dy: Fraction) -> None:
    one, other = Interval(x, x - dx, x + dx), Interval(y, y - dy, y + dy)
    for result, operation in (
        (one + other, Fraction.__add__), (one - other, Fraction.__sub__),
        (one * other, Fraction.__mul__), (one / other, Fraction.__truediv__),
    ):  # fmt: skip
        corners = [operation(p, q) for p in (one.lo, one.hi) for q in (other.lo, other.hi)]
        assert (result.lo, result.hi) == (min(corners), max(corners))
        assert result.value == operation(x, y)
