"""What the figures of a month say to each target, of every tier and kind: beyond it, just at it,
short of it, or not to be told. Lights are given to targets of the tier they name; an outcome is
given to each.

A target of amount or 净增 for the year of a flow is held against its pace until the year is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal, NamedTuple, Protocol

from diaodu.engine.compute.against import Against, figure_names, printed
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import EXACT, round_half_up
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook

Result = Literal[
    "met", "edge", "missed", "undecidable", "no_figure", "not_comparable", "no_target", "by_hand",
]  # fmt: skip
RESULT_NAMES: dict[str, str] = {
    "met": "达到", "edge": "恰好", "missed": "未达到", "undecidable": "按印发精度不能判定",
    "no_figure": "没有数", "not_comparable": "无法比较", "no_target": "未下达",
    "by_hand": "由人评定",
}  # fmt: skip
TIMES = "倍"
YEAR = 12


class Figures(Protocol):
    """The measures of a month, as `MeasureBook` has them."""

    def get(
        self, indicator: str, org: str, measure: str, target_id: str = "",
        base: str | None = None, peer_group: str | None = None,
    ) -> Measure | None: ...  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """`is_met`: at the edge, only where reaching the target is enough. `short`: how far the figure
    lies on the wrong side of what is asked, in its unit, or in points of its pace where `by_pace`;
    below zero beyond the target. `lo`, `hi`: what its rounding leaves open of that. `within_slack`:
    off by no more than 左右 allows. `inputs`: keys of the measures it was decided on."""

    target: Target
    result: Result
    is_met: bool
    short: Decimal | None = None
    inputs: tuple[str, ...] = ()
    by_pace: bool = False
    lo: Decimal | None = None
    hi: Decimal | None = None
    within_slack: bool = False

    @property
    def word(self) -> str:
        return RESULT_NAMES[self.result]


class _Number(NamedTuple):
    """A figure as `Against` reads it."""

    value: Decimal | None
    decimals: int | None
    lo: Decimal | None
    hi: Decimal | None


class _Aim(NamedTuple):
    """The bound that a target comes to. Of kind “ceiling” it is one from above."""

    kind: str
    comparator: str
    value: Decimal
    tolerance: Decimal | None


class _Held(NamedTuple):
    """What is held against what; `result` where there is nothing to compare."""

    figure: _Number | Measure | None
    aim: _Aim | Target | None
    inputs: tuple[str, ...]
    result: Result | None = None


@dataclass(frozen=True)
class Asked:
    """One target in its month. `due`: what of the year's 净增 is due by then, 0 to 1; None where
    no pace is known."""

    target: Target
    indicator: Indicator
    period: Period
    rulebook: Rulebook
    figures: Figures
    due: Fraction | None = None

    def get(self, measure: str, **which: str) -> Measure | None:
        found = self.figures.get(self.indicator.id, self.target.org, measure, **which)
        return None if found is None or found.period != self.period.id else found


def outcome(asked: Asked) -> Outcome:
    """Decided on printed figures, as lights are (docs/decisions/0005)."""
    target = asked.target
    if target.kind == "qualitative":
        return Outcome(target, "by_hand", False)
    if target.value is None:
        return Outcome(target, "no_target", False)
    if target.kind == "level" and not asked.indicator.is_rate_only:
        return _of_level(asked)
    held = _KINDS[target.kind](asked)
    if held.result is not None:
        met = held.result == "met"
        return Outcome(target, held.result, met, None, held.inputs)
    if held.figure is None or held.figure.value is None or held.aim is None:
        return Outcome(target, "no_figure", False, None, held.inputs)
    against = Against(asked.indicator, held.aim, held.figure, None, year_end=True)
    return _told(target, against, held.inputs)


def _told(
    target: Target, against: Against, inputs: tuple[str, ...], *, by_pace: bool = False
) -> Outcome:
    """To be just at the pace is enough whatever the comparator: that asks for the year. Decided by
    the line, which has the slack of 左右 in it; told from what was asked."""
    over = against.short_pace if by_pace else against.short
    short = over if by_pace else against.off
    if over is None or short is None:
        return Outcome(target, "no_figure", False, None, inputs)
    within = not by_pace and against.within_slack
    bounds = (by_pace, *_bounds(against, short, by_pace=by_pace), within)
    if against.met == "undecidable":
        return Outcome(target, "undecidable", False, short, inputs, *bounds)
    if over == 0:
        is_met = by_pace or against.met == "是"
        return Outcome(target, "edge", is_met, short, inputs, *bounds)
    result: Result = "met" if over < 0 else "missed"
    return Outcome(target, result, over < 0, short, inputs, *bounds)


def _bounds(
    against: Against, short: Decimal, *, by_pace: bool
) -> tuple[Decimal | None, Decimal | None]:
    """Of `short`, as far as the figure's own are known. What is printed lies within them."""
    figure = against.pace_gap if by_pace else against.figure
    asked = Decimal(0) if by_pace else against.aim.value
    if figure is None or asked is None or figure.lo is None or figure.hi is None:
        return None, None
    with localcontext(EXACT):
        ends = (figure.lo - asked, figure.hi - asked)
        lo, hi = ends if against.upper else (-ends[1], -ends[0])
    return min(lo, short), max(hi, short)


def _keys(*measures: Measure | None) -> tuple[str, ...]:
    return tuple(one.key for one in measures if one is not None)


def _first(asked: Asked, names: tuple[str, ...]) -> Measure | None:
    """The first of some measures that has a number, else the first there is."""
    found = [one for name in names if (one := asked.get(name)) is not None]
    return next((one for one in found if one.value is not None), next(iter(found), None))


# -- amounts, growths, ceilings ----------------------------------------------------------------


def _of_level(asked: Asked) -> Outcome:
    """Of a flow against its pace, at the year's end against the target itself."""
    target = asked.target
    value = asked.get("value")
    gap = asked.get("pace_gap", target_id=target.target_id)
    year_end = asked.period.month == YEAR
    against = Against(asked.indicator, target, value, gap, year_end)
    if value is None or value.value is None:
        return Outcome(target, "no_figure", False, None, _keys(value))
    if not against.has_pace or year_end:
        return _told(target, against, _keys(value))
    if against.short_pace is None:
        return Outcome(target, "not_comparable", False, None, _keys(value, gap))
    return _told(target, against, _keys(value, gap), by_pace=True)


def _of_figure(asked: Asked) -> _Held:
    figure = _first(asked, figure_names(asked.indicator, asked.target.kind))
    return _Held(figure, asked.target, _keys(figure))


# -- the further kinds -------------------------------------------------------------------------


def _aim(asked: Asked, value: Decimal, *, upper: bool = False, strict: bool = False) -> _Aim:
    target = asked.target
    comparator = "exceed" if strict else target.comparator
    return _Aim("ceiling" if upper else target.kind, comparator, value, target.tolerance)


def _value(asked: Asked) -> Decimal:
    assert asked.target.value is not None
    return asked.target.value


def _increment(asked: Asked) -> _Held:
    """净增: of a flow against last year's same period, of a stock since the year's beginning; what
    is due of it by now."""
    start = Period.of_month(asked.period.year - 1, YEAR).id
    stock = asked.indicator.basis == "stock"
    figure = asked.get("change", base=start) if stock else asked.get("change")
    if asked.due is None:
        return _Held(None, None, _keys(figure), "not_comparable")
    if figure is None or figure.value is None or figure.decimals is None:
        return _Held(figure, None, _keys(figure))
    # What is due is no printed figure: the printed one is held against it exactly.
    due = Fraction(_value(asked)) * asked.due
    with localcontext(EXACT):
        line = Decimal(due.numerator) / Decimal(due.denominator)
    return _Held(figure, _aim(asked, line), _keys(figure))


def sort_and_group(target: Target, indicator: Indicator, rulebook: Rulebook) -> tuple[str, str]:
    """Of a target of places: by growth or level, and in which group. `against` says one, the
    other or both as `level|group`; else growth where the indicator has one, among the org's
    siblings."""
    first, _, rest = target.against.partition("|")
    by, group = (first, rest) if first in ("level", "growth") else ("", first)
    if not by:
        by = "growth" if "growth" in indicator.facets else "level"
    org = rulebook.orgs[target.org]
    return by, group or f"{org.parent}/{org.level}"


def _rank(asked: Asked) -> _Held:
    by, group = sort_and_group(asked.target, asked.indicator, asked.rulebook)
    figure = asked.get(f"rank_{by}", peer_group=group)
    return _Held(figure, _aim(asked, _value(asked), upper=True), _keys(figure))


def _not_bottom(asked: Asked) -> _Held:
    by, group = sort_and_group(asked.target, asked.indicator, asked.rulebook)
    figure = asked.get(f"rank_{by}_reverse", peer_group=group)
    return _Held(figure, _aim(asked, _value(asked), strict=True), _keys(figure))


def _mean(asked: Asked) -> _Held:
    """Against the growth of an org above (its mean), or of a peer group taken together."""
    whom = asked.target.against or asked.rulebook.orgs[asked.target.org].parent or ""
    if whom in asked.rulebook.orgs:
        figure = asked.get("gap_parent", base=whom)
    else:
        figure = asked.get("gap_peers_mean", peer_group=whom)
    if figure is not None and figure.word == "not_comparable":
        return _Held(None, None, _keys(figure), "not_comparable")
    return _Held(figure, _aim(asked, _value(asked)), _keys(figure))


# What a growth that is a word says to 由负转正.
_SIGNS: Mapping[str, Result] = {
    "turned_positive": "met", "turned_negative": "missed", "negative_base": "missed",
    "loss_narrowed": "missed", "loss_widened": "missed",
}  # fmt: skip


def _sign(asked: Asked) -> _Held:
    """By a number; where none is published or computed, by the word that a computed growth is."""
    names = ("growth_published", "growth")
    figure = _first(asked, names)
    if figure is None or figure.value is None:
        for one in filter(None, map(asked.get, names)):
            if one.word is not None and one.word in _SIGNS:
                return _Held(None, None, _keys(one), _SIGNS[one.word])
    return _Held(figure, _aim(asked, Decimal(0), strict=True), _keys(figure))


def reference(target: Target) -> tuple[str, str]:
    """Indicator and org that a relative target is held against: `indicator`, `indicator|org` or
    `|org`; its own where one is left out."""
    return held_against(target.indicator, target.org, target.against)


def held_against(indicator: str, org: str, against: str) -> tuple[str, str]:
    """`reference`, of the three texts that decide it."""
    other, _, whose = against.partition("|")
    return other or indicator, whose or org


def _relative(asked: Asked) -> _Held:
    """Own growth − the other's, in points; or own growth − so many times the other's. Rounding of
    both counts."""
    own = _first(asked, ("growth_published", "growth"))
    indicator, org = reference(asked.target)
    names = ("growth_published", "growth")
    found = [one for name in names if (one := asked.figures.get(indicator, org, name)) is not None]
    other = next((one for one in found if one.value is not None), None)
    keys = _keys(own, other)
    if own is None or own.value is None or other is None or other.value is None:
        return _Held(None, None, keys)
    if other.period != asked.period.id:
        return _Held(None, None, keys, "not_comparable")
    times = asked.target.unit == TIMES
    if times and other.value <= 0:
        return _Held(None, None, keys, "not_comparable")
    factor = _value(asked) if times else Decimal(1)
    line = Decimal(0) if times else _value(asked)
    return _Held(_difference(own, other, factor), _aim(asked, line), keys)


def _difference(own: Measure, other: Measure, factor: Decimal) -> _Number:
    """own − factor × other, of the printed figures, with the bounds of both."""
    mine, theirs = printed(own), printed(other)
    assert mine is not None and theirs is not None
    with localcontext(EXACT):
        value = mine - factor * theirs
        bounded = own.lo is not None and own.hi is not None
        lo = hi = None
        if bounded and other.lo is not None and other.hi is not None:
            ends = (factor * other.lo, factor * other.hi)
            assert own.lo is not None and own.hi is not None
            lo, hi = own.lo - max(ends), own.hi - min(ends)
    exponent = factor.normalize().as_tuple().exponent
    more = max(-exponent, 0) if isinstance(exponent, int) else 0
    decimals = max(own.decimals or 0, (other.decimals or 0) + more)
    return _Number(round_half_up(value, decimals), decimals, lo, hi)


def _yes_no(asked: Asked) -> _Held:
    """The value is 1 where it is done, 0 where it is not."""
    figure = asked.get("value")
    told = printed(figure)
    if told is None:
        return _Held(figure, None, _keys(figure))
    return _Held(None, None, _keys(figure), "met" if told >= 1 else "missed")


_KINDS: Mapping[str, Callable[[Asked], _Held]] = {
    "level": _of_figure, "growth": _of_figure, "ceiling": _of_figure, "increment": _increment,
    "rank": _rank, "not_bottom": _not_bottom, "mean": _mean, "sign": _sign,
    "relative": _relative, "yes_no": _yes_no,
}  # fmt: skip
