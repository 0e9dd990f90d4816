"""What is told of a place beyond its number: how far the neighbours are, how far a group lies
apart, and in which part of the field an org's headline indicators stand.

Made only where a rule of `standings/` names group and indicator. As ranks are, distances and
ranges are decided on printed figures (docs/decisions/0005), so that who is tied is at no distance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from math import isqrt
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute.emit import BREAK, Row, counted, together
from diaodu.engine.compute.exact import ONE, Frame, Range
from diaodu.engine.compute.figures import table
from diaodu.engine.compute.plan import Plan
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import COUNT_WORDS, SCALE
from diaodu.engine.ground.records import Measure
from diaodu.engine.rules.models import Indicator, PlaceClass, Standing
from diaodu.engine.rules.rulebook import PeerGroup, Rulebook

_SORTS = ("level", "growth")
DISTRIBUTIONS = ("places_level", "places_growth")
_ALL = "*"


class _Entry(NamedTuple):
    """An org in a ranking. `score`: its printed figure in units of the last digit; `key`: the
    measure it is; `value` with bounds, scaled."""

    org: str
    score: int
    key: str
    value: int
    lo: int
    hi: int


class _Field(NamedTuple):
    """Who is ranked, best first."""

    indicator: Indicator
    period: str
    group: PeerGroup
    sort: str  # level or growth
    entries: Sequence[_Entry]

    @property
    def decimals(self) -> int:
        return self.indicator.decimals if self.sort == "level" else self.indicator.growth_decimals

    @property
    def unit(self) -> str:
        """Of a difference between two of its figures."""
        percent = self.sort == "growth" or self.indicator.unit == "%"
        return "百分点" if percent else self.indicator.unit

    @property
    def step(self) -> int:
        """One unit of the last printed digit, scaled."""
        return int(10 ** (SCALE - self.decimals))

    @property
    def slack(self) -> int:
        """What the rounding of two printed figures leaves open between them, scaled."""
        whole = self.decimals == 0 and self.sort == "level" and self.indicator.unit in COUNT_WORDS
        return 0 if whole else self.step


class _Row(NamedTuple):
    """One measure; numbers scaled."""

    indicator: str
    org: str
    period: str
    measure: str
    group: str
    value: int
    lo: int
    hi: int
    unit: str
    decimals: int
    formula: str
    keys: str


def measures(cells: Frame, rulebook: Rulebook, plan: Plan) -> Iterator[Frame]:
    """rank_…_gap_next, rank_…_gap_behind, range_… and variation_level."""
    if not rulebook.standings:
        return
    found: list[_Row] = []
    for field in _fields(cells, rulebook, plan):
        found += _gaps(field, rulebook)
        found += _dispersions(field, rulebook)
    if found:
        yield _frame(cells, found)


# -- who is ranked -----------------------------------------------------------------------------


def _fields(cells: Frame, rulebook: Rulebook, plan: Plan) -> Iterator[_Field]:
    """Every ranking that a rule names and that at least two orgs are in."""
    by_step = _figures(cells, rulebook)
    groups = cache(rulebook.peer_groups)
    for indicator, period_id in sorted(plan.asked):
        here = by_step.get((indicator, period_id), {})
        day = plan.steps[indicator, period_id].period.end
        one = rulebook.indicators[indicator]
        for group in groups(day) if here else ():
            for sort in _SORTS:
                if _rule(rulebook, group.id, indicator, sort, day) is None:
                    continue
                entries = _entries(here, group.members, one, sort, period_id)
                if len(entries) > 1:
                    yield _Field(one, period_id, group, sort, entries)


def _rule(rulebook: Rulebook, group: str, indicator: str, sort: str, day: date) -> Standing | None:
    """The rule in force for a group, an indicator and a sort of place."""
    for rule in rulebook.standings:
        if (
            rule.holds_on(day)
            and sort in rule.by
            and not {_ALL, group}.isdisjoint(rule.groups)
            and not {_ALL, indicator}.isdisjoint(rule.indicators)
        ):
            return rule
    return None


class _Figure(NamedTuple):
    """What the wide table holds of one org, scaled; None where there is none."""

    org: str
    last_year: str
    rate_only: bool
    v: int | None
    v_lo: int | None
    v_hi: int | None
    p: int | None
    p_lo: int | None
    p_hi: int | None
    g: int | None
    g_lo: int | None
    g_hi: int | None


def _figures(cells: Frame, rulebook: Rulebook) -> dict[tuple[str, str], dict[str, _Figure]]:
    """(indicator, period) → org → its figures, for the indicators that a rule names."""
    named = {name for rule in rulebook.standings for name in rule.indicators}
    asked = cells.filter(nw.col("asked"))
    if _ALL not in named:
        asked = asked.filter(nw.col("indicator").is_in(sorted(named)))
    found: dict[tuple[str, str], dict[str, _Figure]] = defaultdict(dict)
    for indicator, period, *rest in asked.select(
        "indicator", "period", *_Figure._fields
    ).iter_rows():
        one = _Figure(*rest)
        found[indicator, period][one.org] = one
    return found


def _entries(
    here: Mapping[str, _Figure], members: Iterable[str], one: Indicator, sort: str, period: str
) -> list[_Entry]:
    """Best first; those that are tied in the order of the group. Published growth where anybody
    has one, else computed growth."""
    figures = [here[org] for org in members if org in here]
    published = any(figure.p is not None for figure in figures)
    found: list[_Entry] = []
    for figure in figures:
        if sort == "level":
            told = None if figure.rate_only else (figure.v, figure.v_lo, figure.v_hi)
            measure, base, decimals = "value", "", one.decimals
        elif published:
            told = (figure.p, figure.p_lo, figure.p_hi)
            measure, base, decimals = "growth_published", "", one.growth_decimals
        else:
            told = (figure.g, figure.g_lo, figure.g_hi)
            measure, base, decimals = "growth", figure.last_year, one.growth_decimals
        if told is None or told[0] is None:
            continue
        value, lo, hi = told[0], told[1], told[2]
        key = Measure.make_key(one.id, figure.org, period, measure, base=base)
        score = _printed(value, decimals)
        low, high = (value if end is None else end for end in (lo, hi))
        found.append(_Entry(figure.org, score, key, value, low, high))
    better = -1 if one.direction == "high" else 1
    return sorted(found, key=lambda entry: better * entry.score)


def _printed(value: int, decimals: int) -> int:
    """四舍五入: how many units of the last printed digit."""
    step = int(10 ** (SCALE - decimals))
    size = (abs(value) + step // 2) // step
    return -size if value < 0 else size


# -- distances ---------------------------------------------------------------------------------

_WHAT = {"level": "本期值", "growth": "增速"}


def _gaps(field: _Field, rulebook: Rulebook) -> Iterator[_Row]:
    """To the neighbour before and behind; tied ones are at no distance from each other. The first
    has nobody before it, the last nobody behind."""
    for place, entry in enumerate(field.entries):
        before, behind = _neighbours(field.entries, place)
        for end, word, other in (("next", "前", before), ("behind", "后", behind)):
            if other is not None:
                yield _gap(field, entry, other, end, word, rulebook)


def _neighbours(entries: Sequence[_Entry], place: int) -> tuple[_Entry | None, _Entry | None]:
    before = entries[place - 1] if place else None
    behind = entries[place + 1] if place + 1 < len(entries) else None
    own = entries[place].score
    tied = next((one for one in (before, behind) if one and one.score == own), None)
    return (tied, tied) if tied else (before, behind)


def _gap(
    field: _Field, own: _Entry, other: _Entry, end: str, word: str, rulebook: Rulebook
) -> _Row:
    value = abs(own.score - other.score) * field.step
    name = rulebook.orgs[other.org].name
    place = "并列的" if own.score == other.score else f"{word}一位"
    return _Row(
        field.indicator.id, own.org, field.period, f"rank_{field.sort}_gap_{end}", field.group.id,
        value, max(0, value - field.slack), value + field.slack, field.unit, field.decimals,
        f"与{place}（{name}）的{_WHAT[field.sort]}相差（按印发位数）",
        f"{own.key}{BREAK}{other.key}",
    )  # fmt: skip


# -- dispersion --------------------------------------------------------------------------------


def _dispersions(field: _Field, rulebook: Rulebook) -> Iterator[_Row]:
    """Range of the group, and of additive levels the coefficient of variation."""
    org = above(field.group.members, rulebook)
    if org is None:
        return
    scores = [entry.score for entry in field.entries]
    most = max(field.entries, key=lambda entry: entry.score)
    least = min(field.entries, key=lambda entry: entry.score)
    value = (max(scores) - min(scores)) * field.step
    names = [rulebook.orgs[entry.org].name for entry in (most, least)]
    yield _Row(
        field.indicator.id, org, field.period, f"range_{field.sort}", field.group.id, value,
        max(0, value - field.slack), value + field.slack, field.unit, field.decimals,
        f"最大（{names[0]}）− 最小（{names[1]}）的{_WHAT[field.sort]}"
        f"（按印发位数，{len(scores)}个单位）",
        f"{most.key}{BREAK}{least.key}",
    )  # fmt: skip
    if field.sort == "level" and field.indicator.is_additive:
        yield from _variation(field, org)


def _variation(field: _Field, org: str) -> Iterator[_Row]:
    """√(n·Σx² − (Σx)²) ÷ Σx, by integer root. No member moves the deviation by more than it is
    moved itself: that bounds it, outward."""
    values = [entry.value for entry in field.entries]
    n, total = len(values), sum(values)
    lowest, highest = (sum(getattr(e, end) for e in field.entries) for end in ("lo", "hi"))
    if lowest <= 0:
        return
    spread = n * sum(value * value for value in values) - total * total
    root = isqrt(spread)
    over = root + (root * root < spread)
    moved = n * max(max(e.value - e.lo, e.hi - e.value) for e in field.entries)
    hundred = 100 * ONE
    yield _Row(
        field.indicator.id, org, field.period, "variation_level", field.group.id,
        isqrt(spread * hundred * hundred // (total * total)),
        max(0, root - moved) * hundred // highest,
        -(-(over + moved) * hundred // lowest), "%", field.indicator.growth_decimals,
        f"标准差 ÷ 平均数 × 100（{n}个单位）", BREAK.join(sorted(e.key for e in field.entries)),
    )  # fmt: skip


def above(members: Iterable[str], rulebook: Rulebook) -> str | None:
    """The nearest org that is above every one of them; None where there is none."""
    lines = [[one.id for one in rulebook.ancestors(org)] for org in members]
    return next((org for org in lines[0] if all(org in line for line in lines)), None)


# -- distribution ------------------------------------------------------------------------------


class _Place(NamedTuple):
    """A headline indicator's place of an org: `place` of `n`, and the measure that says so."""

    place: int
    n: int
    key: str


class _Thing(NamedTuple):
    """Whose places are told: run, org, group, sort."""

    run: str
    org: str
    group: str
    sort: str


def distributions(
    finished: Sequence[Frame], rulebook: Rulebook,
    agenda: Mapping[str, Iterable[tuple[str, str]]],
) -> Iterator[Frame]:  # fmt: skip
    """places_level and places_growth of every org that has a place in a group whose rule has
    classes, from the ranks among finished rows. `agenda`: run → its indicators and periods."""
    if not any(rule.classes for rule in rulebook.standings):
        return
    places = _places([_ranks(frame, rulebook) for frame in finished])
    found: dict[_Thing, list[tuple[Standing, _Place]]] = defaultdict(list)
    for run, steps in agenda.items():
        for indicator, period_id in sorted(steps):
            day = Period.from_id(period_id).end
            for (org, group, sort), place in places.get((indicator, period_id), {}).items():
                rule = _rule(rulebook, group, indicator, sort, day)
                if rule is not None and rule.classes:
                    found[_Thing(run, org, group, sort)].append((rule, place))
    if found:
        yield together([_distribution_frame(finished[0], list(_distribution_rows(found)))])


def unclassed(rulebook: Rulebook) -> tuple[Standing, ...]:
    """The rules without their classes: for a run over some indicators, which are not all that
    are counted."""
    return tuple(rule.model_copy(update={"classes": ()}) for rule in rulebook.standings)


def _ranks(finished: Frame, rulebook: Rulebook) -> Frame:
    names = [f"rank_{sort}{end}" for sort in _SORTS for end in ("", "_n")]
    headlines = [one.id for one in rulebook.headlines]
    chosen = nw.col("measure").is_in(names) & nw.col("indicator").is_in(headlines)
    return finished.filter(chosen).select(
        "indicator", "period", "org", "peer_group", "measure", "value"
    )


def _places(
    ranked: Iterable[Frame],
) -> dict[tuple[str, str], dict[tuple[str, str, str], _Place]]:
    """(indicator, period) → (org, group, sort) → its place."""
    numbers: dict[tuple[str, ...], int] = {}
    for frame in ranked:
        for *names, value in frame.iter_rows():
            numbers[tuple(names)] = value // ONE
    found: dict[tuple[str, str], dict[tuple[str, str, str], _Place]] = defaultdict(dict)
    for (indicator, period, org, group, measure), place in numbers.items():
        if not measure.endswith("_n"):
            n = numbers[indicator, period, org, group, f"{measure}_n"]
            key = Measure.make_key(indicator, org, period, measure, peer_group=group)
            sort = measure.removeprefix("rank_")
            found[indicator, period][org, group, sort] = _Place(place, n, key)
    return found


class _Count(NamedTuple):
    indicator: str
    org: str
    period: str
    measure: str
    base: str
    group: str
    size: int
    formula: str
    keys: str


def _distribution_rows(
    found: Mapping[_Thing, Sequence[tuple[Standing, _Place]]],
) -> Iterator[_Count]:
    for thing, placed in found.items():
        for rule in dict.fromkeys(rule for rule, _ in placed):
            own = [place for one, place in placed if one is rule]
            for name, words, low, high in _spans(rule.classes):
                here = [one for one in own if low < Fraction(one.place, one.n) <= high]
                yield _Count(
                    "", thing.org, thing.run, f"places_{thing.sort}", name, thing.group,
                    len(here), f"位次 ÷ 参加个数{words}的重点指标个数（有位次的共{len(own)}个）",
                    BREAK.join(one.key for one in here),
                )  # fmt: skip


def _spans(classes: Sequence[PlaceClass]) -> Iterator[tuple[str, str, Fraction, Fraction]]:
    """Name, words and bounds of each class; the lower bound is not in it."""
    low, told = Fraction(0), ""
    for one in classes:
        high = one.limit or low  # a rulebook whose limits are no fractions is not built
        yield one.name, f"{told}不超过{one.upto}", low, high
        low, told = high, f"大于{one.upto}、"


def _distribution_frame(like: Frame, found: Sequence[_Count]) -> Frame:
    columns: dict[str, list[Any]] = {
        name: [getattr(row, name) for row in found] for name in _Count._fields
    }
    types: dict[str, Any] = dict.fromkeys(columns, nw.String) | {"size": nw.Int64}
    return _COUNTS.of(table(like, columns, types))


_COUNTS = Row(
    nw.col("measure"), number=counted("size"), unit="个", decimals=0, formula=nw.col("formula"),
    inputs=nw.col("keys"), base=nw.col("base"), peer_group=nw.col("group"),
)  # fmt: skip


def _frame(like: Frame, found: Sequence[_Row]) -> Frame:
    columns: dict[str, list[Any]] = {
        name: [getattr(row, name) for row in found] for name in _Row._fields
    }
    types: dict[str, Any] = dict.fromkeys(columns, nw.String)
    types |= {"decimals": nw.Int64, **dict.fromkeys(("value", "lo", "hi"), nw.Int128)}
    return _DISTANCES.of(table(like, columns, types))


_DISTANCES = Row(
    nw.col("measure"), number=Range(nw.col("value"), nw.col("lo"), nw.col("hi")),
    unit=nw.col("unit"), decimals=nw.col("decimals"), formula=nw.col("formula"),
    inputs=nw.col("keys"), peer_group=nw.col("group"),
)  # fmt: skip
