"""outcome: what the figures of a period say to every target of the year, of each tier and kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute.against import Standing
from diaodu.engine.compute.book import is_usual
from diaodu.engine.compute.exact import Frame, from_scaled
from diaodu.engine.compute.made import Made, Number, number_of
from diaodu.engine.compute.outcomes import Asked, Outcome, outcome, reference
from diaodu.engine.compute.pace import Paces
from diaodu.engine.compute.plan import Plan
from diaodu.engine.compute.stated import kept
from diaodu.engine.compute.wanted import wanted
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import FIGURE_KINDS, MEASURE_NAMES, MEASURE_WORD_NAMES
from diaodu.engine.rules.rulebook import Rulebook

MEASURE = "outcome"
# All that any kind of target is held against.
READ = (
    "value", "growth", "growth_published", "pace_gap", "change", "rank_level", "rank_growth",
    "rank_level_reverse", "rank_growth_reverse", "gap_parent", "gap_peers_mean",
)  # fmt: skip
_WORDS = {"no_target": "no_target", "not_comparable": "not_comparable",
          "undecidable": "undecidable"}  # fmt: skip

Thing = tuple[str, str, str]  # indicator, org, period id


class Told(NamedTuple):
    """The outcome of one target in one period."""

    thing: Thing
    outcome: Outcome
    asked: Asked

    @property
    def key(self) -> str:
        return Measure.make_key(*self.thing, MEASURE, self.outcome.target.target_id)

    @property
    def standing(self) -> Standing | None:
        """As the counts take it: within what 左右 allows is 平; None where it cannot be told."""
        if self.outcome.result == "met" and self.outcome.within_slack:
            return "at"
        return _STANDINGS.get(self.outcome.result)

    def measures(self) -> Iterator[Measure]:
        """Those it was decided on, in their order."""
        for key in self.outcome.inputs:
            indicator, org, _, name, target, base, group = key.split("|")
            found = self.asked.figures.get(
                indicator, org, name, target_id=target, base=base, peer_group=group
            )
            if found is not None:
                yield found

    def said(self) -> list[str]:
        """增速（公布）7.1%, 目标增速8.5%以上"""
        goal = wanted(self.outcome.target, self.asked.indicator, self.asked.rulebook)
        told = [f"{MEASURE_NAMES[one.measure]}{_shown(one)}" for one in self.measures()]
        return [*told, f"目标{goal}"]


_STANDINGS: Mapping[str, Standing] = {
    "met": "above", "edge": "at", "missed": "below", "undecidable": "undecidable",
}  # fmt: skip


def told(
    finished: Iterable[Frame], targets: Frame, paces: Paces, plan: Plan, as_of: date
) -> list[Told]:
    """Of every target of the year as a whole, for the periods asked; none of qualitative ones,
    which somebody decides. `finished`: the rows computed so far; `targets`: every vintage."""
    rulebook = paces.rulebook
    aims = list(_newest(targets, rulebook, as_of))
    if not aims:
        return []
    by_year: dict[tuple[str, int], list[Target]] = defaultdict(list)
    for one in aims:
        by_year[one.indicator, one.year].append(one)
    rows = Rows(_rows(finished, aims))
    found: list[Told] = []
    for name, period_id in sorted(plan.asked):
        period = plan.steps[name, period_id].period
        for target in by_year.get((name, period.year), ()):
            if rulebook.orgs[target.org].exists_on(period.end):
                found.append(told_of(target, period, rows, paces))
    return found


def told_of(target: Target, period: Period, rows: Rows, paces: Paces) -> Told:
    asked = Asked(
        target, paces.rulebook.indicators[target.indicator], period, paces.rulebook,
        rows.at(period.id), _due(target, period, paces),
    )  # fmt: skip
    return Told((target.indicator, target.org, period.id), outcome(asked), asked)


def _due(target: Target, period: Period, paces: Paces) -> Fraction | None:
    if target.kind != "increment" or target.value is None:
        return None
    wanted = number_of(Fraction(target.value)).value
    now = paces.of(target.indicator, target.org, target.tier, period, wanted, target.kind)
    return None if now is None else Fraction(now.gone, now.span)


def further(found: Iterable[Told]) -> dict[Thing, list[Told]]:
    """Those that have a number and are of the further kinds, which no other measure decides."""
    kinds: dict[Thing, list[Told]] = defaultdict(list)
    for one in found:
        target = one.outcome.target
        if target.kind not in FIGURE_KINDS and target.value is not None:
            kinds[one.thing].append(one)
    return dict(kinds)


# -- what is read ------------------------------------------------------------------------------


class _At(NamedTuple):
    """The measures of one period, see `outcomes.Figures`."""

    rows: Rows
    period: str

    def get(
        self, indicator: str, org: str, measure: str, target_id: str = "",
        base: str | None = None, peer_group: str | None = None,
    ) -> Measure | None:  # fmt: skip
        for one in self.rows.of(indicator, org, self.period, measure):
            if (
                one.target_id == target_id
                and (base == one.base or (base is None and is_usual(measure, one.period, one.base)))
                and peer_group in (None, one.peer_group)
            ):
                return one
        return None


class Rows:
    """Measures of many rows. Of an indicator that has none at a period, its newest ones stand
    for it: they say of which period they are."""

    def __init__(self, rows: Mapping[Thing, Mapping[str, Sequence[Measure]]]) -> None:
        self._rows = rows
        self._newest: dict[tuple[str, str], str] = {}
        for indicator, org, period in rows:
            known = self._newest.get((indicator, org))
            if known is None or Period.from_id(known).end < Period.from_id(period).end:
                self._newest[indicator, org] = period

    def at(self, period: str) -> _At:
        return _At(self, period)

    def of(self, indicator: str, org: str, period: str, measure: str) -> Sequence[Measure]:
        found = self._rows.get((indicator, org, period))
        if found is None:
            newest = self._newest.get((indicator, org), "")
            found = self._rows.get((indicator, org, newest), {})
        return found.get(measure, ())


_IS_READ = kept(nw.col("measure").is_in(READ))
_NAMES = (
    "key", "indicator", "org", "period", "measure", "target_id", "base", "peer_group", "value",
    "shown", "decimals", "word", "unit", "lo", "hi",
)  # fmt: skip


def _rows(
    finished: Iterable[Frame], aims: Iterable[Target]
) -> dict[Thing, dict[str, list[Measure]]]:
    """Of the orgs and indicators that targets are for or held against."""
    aimed = {(one.indicator, one.org) for one in aims}
    aimed |= {reference(one) for one in aims if one.kind == "relative"}
    names = sorted({name for name, _ in aimed})
    found: dict[Thing, dict[str, list[Measure]]] = {}
    for frame in finished:
        rows = frame.filter(_IS_READ, nw.col("indicator").is_in(names)).select(*_NAMES)
        for row in rows.iter_rows():
            if (row[1], row[2]) in aimed:
                of_thing = found.setdefault(row[1:4], {})
                of_thing.setdefault(row[4], []).append(_measure(row))
    return found


def _measure(row: tuple[Any, ...]) -> Measure:
    *place, value, shown, decimals, word, unit, lo, hi = row
    told = (_exact(value), shown, decimals, word, unit, _exact(lo), _exact(hi), "", ())
    return Measure._make((*place, *told))


def _exact(scaled: int | None) -> Decimal | None:
    return None if scaled is None else from_scaled(scaled)


_OF_YEAR = kept((nw.col("period") == "") & (nw.col("kind") != "qualitative"))


def _newest(targets: Frame, rulebook: Rulebook, as_of: date) -> Iterator[Target]:
    """The targets that stand, without their origins."""
    if not len(targets):
        return
    held = targets.filter(_OF_YEAR, nw.col("received") <= as_of).sort("received", "target_id")
    newest: dict[tuple[str, str, int, str, str, str, str], Target] = {}
    for row in held.select(*Target._fields).iter_rows():
        one = Target._make(row)
        if one.indicator in rulebook.indicators and one.org in rulebook.orgs:
            newest[one.place] = one
    for one in newest.values():
        yield one._replace(value=_exact(one.value), tolerance=_exact(one.tolerance))  # type: ignore[arg-type]


# -- rows --------------------------------------------------------------------------------------


def made(found: Iterable[Told]) -> Iterator[Made]:
    """The number is how far the printed figure lies beyond what is asked, in its unit or, before
    the year is over, in points of the pace; below zero short of it. `formula` begins with what that
    comes to."""
    for one in found:
        number, word = _number_or_word(one)
        unit, decimals = _print(one)
        target = one.outcome.target
        yield Made(
            *one.thing, MEASURE, number, word, unit, decimals, _formula(one),
            (*one.outcome.inputs, target.target_id), target.target_id,
        )  # fmt: skip


def _number_or_word(one: Told) -> tuple[Number | None, str | None]:
    found = one.outcome
    if found.result in _WORDS:
        return None, _WORDS[found.result]
    if found.short is not None:
        lo, hi = (None if end is None else -Fraction(end) for end in (found.hi, found.lo))
        return number_of(-Fraction(found.short), lo, hi), None
    figure = _deciding(one)
    if figure is not None and figure.word is not None:
        return None, figure.word
    if found.result in ("met", "missed"):
        done = 0 if found.result == "met" else -1
        return number_of(Fraction(done)), None
    return None, "not_published"


def _deciding(one: Told) -> Measure | None:
    """The last named: of a level and its pace, the pace."""
    return next(reversed(list(one.measures())), None)


def _print(one: Told) -> tuple[str, int]:
    """Unit and digits: as many as figure and target are given with."""
    figure = _deciding(one)
    unit = one.asked.indicator.unit if figure is None else figure.unit
    decimals = 0 if figure is None else figure.decimals or 0
    if not one.outcome.by_pace and one.outcome.short is not None:
        exponent = one.outcome.short.normalize().as_tuple().exponent
        decimals = max(decimals, -exponent if isinstance(exponent, int) else 0)
    return ("百分点" if unit == "%" else unit), min(decimals, _MOST_DIGITS)


_MOST_DIGITS = 4


def _formula(one: Told) -> str:
    """未达到：增速（公布）7.1%，目标增速8.5%以上"""
    found = one.outcome
    if found.result == "no_target":
        return found.word
    word = found.word
    if found.result == "edge":
        word = f"{word}，{'算' if found.is_met else '不算'}达到"
    if found.by_pace:
        word = f"按序时{word}"
    return f"{word}：{'，'.join(one.said())}"


def _shown(one: Measure) -> str:
    if one.word is not None or one.value is None:
        return MEASURE_WORD_NAMES.get(one.word or "", one.shown)
    return f"{one.shown}{'个百分点' if one.unit == '百分点' else one.unit}"
