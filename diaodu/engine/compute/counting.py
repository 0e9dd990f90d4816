"""N高K平M低 against targets and N升K平M降 against the last period, over headline indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute.against import Against, Standing, figure_names, printed
from diaodu.engine.compute.emit import BREAK, Row, counted, finished, in_order, key_of, together
from diaodu.engine.compute.exact import Frame, from_scaled
from diaodu.engine.compute.figures import KEY, table
from diaodu.engine.compute.outcome_rows import MEASURE as OUTCOME
from diaodu.engine.compute.outcome_rows import Told
from diaodu.engine.compute.plan import Plan
from diaodu.engine.compute.stated import kept, stated
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure
from diaodu.engine.rules.rulebook import Rulebook

# The tiers that are judged where no light table says so, best first.
STANDARD_TIERS = ("assigned", "own", "working")

_TARGET_CLASSES = {
    "above_target": "高于目标", "at_target": "与目标持平", "below_target": "低于目标",
    "no_target": "未下达目标", "target_not_comparable": "有目标而无法比较",
}  # fmt: skip
_GROWTH_CLASSES = {
    "growth_up": "增速比上期上升", "growth_flat": "增速与上期持平",
    "growth_down": "增速比上期下降", "growth_not_comparable": "增速无法与上期比较",
}  # fmt: skip
_COUNT = "count_"
# The measures that tell how far off a target is: they stand as inputs of the counts.
_DECIDING = ("arrears_growth", "arrears_pace_pp", "shortfall_year", "allowance")
# What is held against a target.
_FIGURES = ("value", "growth", "growth_published", "pace_gap")

Thing = tuple[str, str, str]  # indicator, org, period
Place = tuple[Thing, str, str]  # thing, measure, target_id
Found = dict[tuple[str, str, str], list[list[str]]]  # run, org, class → keys of each counted


class _Number(NamedTuple):
    """A computed figure with its key; numbers None for a word."""

    value: Decimal | None
    decimals: int
    lo: Decimal | None
    hi: Decimal | None
    key: str


class _Aim(NamedTuple):
    """A target that has a number. `deciding`: the measure that tells how far off it is. `told`: of
    the further kinds, whose outcome is their standing."""

    target_id: str
    tier: str
    kind: str
    comparator: str
    value: Decimal
    tolerance: Decimal | None
    deciding: str
    told: Told | None = None


def measures(
    cells: Frame, targets: Frame, computed: Frame, rulebook: Rulebook, plan: Plan,
    further: Mapping[Thing, Sequence[Told]],
) -> Frame:  # fmt: skip
    """The counts of every org that has headline indicators, per run of `plan.agenda`.

    Each headline indicator is in exactly one class of each of the two lists, decided as its light
    is, on the printed decimals; of several targets of the judged tier the worst counts. `further`:
    the outcomes of targets that are no amount, growth or ceiling.
    """
    own = cells.filter(nw.col("asked") & _is_headline(rulebook))
    aims = _aims(own, targets)
    numbers = _numbers(computed, own, targets)
    found: Found = defaultdict(list)
    things = _by_step(own)
    for run, steps in plan.agenda.items():
        orgs: dict[str, None] = {}
        for step in steps:
            for thing, fallback in things.get(step, []):
                orgs[thing[1]] = None
                mine = [*aims.get(thing, []), *map(_told_aim, further.get(thing, ()))]
                for name, keys in _classes(thing, fallback, mine, numbers, rulebook):
                    found[run, thing[1], name].append(keys)
        for org in orgs:
            for name in (*_TARGET_CLASSES, *_GROWTH_CLASSES):
                found.setdefault((run, org, name), [])
    return _rows(cells, found)


def classes_of(counts: Iterable[Measure]) -> dict[tuple[str, str], list[str]]:
    """(indicator, org) → the class it was counted in of each of the two lists, from the counts."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in counts:
        name = one.measure.removeprefix(_COUNT)
        for key in one.inputs:
            classes = found.setdefault((_indicator_of(key), one.org), [])
            if name not in classes:
                classes.append(name)
    return found


def merged(before: Frame, now: Frame, renewed: Collection[str], rulebook: Rulebook) -> Frame:
    """The counts among the measures `before`, counted again with what those `now` say of the
    indicators `renewed`; finished rows."""
    place = {name: number for number, name in enumerate(rulebook.indicators)}
    found: Found = defaultdict(list)
    for frame, is_new in ((before, False), (now, True)):
        counts = frame.filter(nw.col("indicator") == "", nw.col("measure").str.starts_with(_COUNT))
        for run, org, measure, keys in counts.select(
            "period", "org", "measure", "inputs"
        ).iter_rows():
            for indicator, told in groupby(keys or (), key=_indicator_of):
                if (indicator in renewed) == is_new:
                    found[run, org, measure.removeprefix(_COUNT)].append(list(told))
    for run, org in {(run, org) for run, org, _ in found}:
        for name in (*_TARGET_CLASSES, *_GROWTH_CLASSES):
            found[run, org, name].sort(key=lambda keys: place[_indicator_of(keys[0])])
    return in_order([finished(_rows(before, found))])


def _indicator_of(key: str) -> str:
    return key.partition("|")[0]


_FALLBACK = stated(
    "indicator", "org", "period",
    key=nw.when(nw.col("rate_only")).then(key_of("growth_published")).otherwise(key_of("value")),
)  # fmt: skip


def _by_step(own: Frame) -> dict[tuple[str, str], list[tuple[Thing, str]]]:
    """(indicator, period) → the orgs' cells, each with the key that tells of its figure."""
    things: dict[tuple[str, str], list[tuple[Thing, str]]] = defaultdict(list)
    for indicator, org, period, key in own.select(_FALLBACK).iter_rows():
        things[indicator, period].append(((indicator, org, period), key))
    return things


def deciding(computed: Frame, rulebook: Rulebook) -> Frame:
    """The rows among computed ones that the counts are made from."""
    wanted = nw.col("measure").is_in([*_DECIDING, *_FIGURES, "growth_change_pp"])
    return computed.filter(wanted & _is_headline(rulebook))


def _is_headline(rulebook: Rulebook) -> nw.Expr:
    return nw.col("indicator").is_in([indicator.id for indicator in rulebook.headlines])


_HELD_AGAINST = kept(nw.col("measure").is_in(_FIGURES))
_HELD_ALONE = kept(~nw.col("measure").is_in(_FIGURES))
_KEY = stated(key=key_of(nw.col("measure"), target_id=nw.col("target_id"), base=nw.col("base")))


def _numbers(computed: Frame, own: Frame, targets: Frame) -> dict[Place, _Number]:
    """Every figure that decides; those held against targets only where there is a target."""
    aimed = own.join(targets, on=["indicator", "org", "year"], how="semi").select(*KEY)
    chosen = nw.concat(
        [computed.filter(_HELD_ALONE), computed.filter(_HELD_AGAINST).join(aimed, on=KEY)]
    ).with_columns(_KEY)
    names = ("value", "decimals", "lo", "hi", "key")
    found: dict[Place, _Number] = {}
    for indicator, org, period, measure, target, value, decimals, lo, hi, key in chosen.select(
        *KEY, "measure", "target_id", *names
    ).iter_rows():
        place = ((indicator, org, period), measure, target)
        found[place] = _Number(_exact(value), decimals, _exact(lo), _exact(hi), key)
    return found


def _exact(scaled: int | None) -> Decimal | None:
    return None if scaled is None else from_scaled(scaled)


_HAS_NUMBER = kept(~nw.col("t").is_null())
_DECIDED_BY = stated(
    deciding=nw.when(nw.col("kind") == "growth").then(nw.lit("arrears_growth"))
    .when(nw.col("kind") == "ceiling").then(nw.lit("allowance"))
    .when(nw.col("flow")).then(nw.lit("arrears_pace_pp"))
    .otherwise(nw.lit("shortfall_year")),
)  # fmt: skip


def _aims(own: Frame, targets: Frame) -> dict[Thing, list[_Aim]]:
    """thing → its targets that have a number."""
    aimed = own.join(targets, on=["indicator", "org", "year"]).filter(_HAS_NUMBER)
    found: dict[Thing, list[_Aim]] = defaultdict(list)
    aimed = aimed.with_columns(_DECIDED_BY)
    names = ("target_id", "tier", "kind", "comparator", "t", "tolerance", "deciding")
    for row in aimed.select(*KEY, *names).iter_rows():
        indicator, org, period, target, tier, kind, comparator, value, tolerance, told = row
        aim = _Aim(target, tier, kind, comparator, from_scaled(value), _exact(tolerance), told)
        found[indicator, org, period].append(aim)
    return found


def _told_aim(told: Told) -> _Aim:
    one = told.outcome.target
    assert one.value is not None
    return _Aim(
        one.target_id, one.tier, one.kind, one.comparator, one.value, one.tolerance, OUTCOME, told
    )


def _classes(
    thing: Thing, fallback: str, aims: Sequence[_Aim], numbers: dict[Place, _Number],
    rulebook: Rulebook,
) -> Iterator[tuple[str, list[str]]]:  # fmt: skip
    tier = next((t for t in _tiers(rulebook, thing) if any(a.tier == t for a in aims)), None)
    judged = [aim for aim in aims if aim.tier == tier]
    yield _against_targets(thing, fallback, judged, numbers, rulebook)
    change = numbers.get((thing, "growth_change_pp", ""))
    moved = printed(change)
    key = fallback if change is None else change.key
    if moved is None:
        yield "growth_not_comparable", [key]
    else:
        yield ("growth_up" if moved > 0 else "growth_down" if moved < 0 else "growth_flat"), [key]


def _against_targets(
    thing: Thing, fallback: str, aims: Sequence[_Aim], numbers: dict[Place, _Number],
    rulebook: Rulebook,
) -> tuple[str, list[str]]:  # fmt: skip
    if not aims:
        return "no_target", [fallback]
    keys = [_key_of(thing, aim, numbers) or fallback for aim in aims]
    standings = {_standing(thing, aim, numbers, rulebook) for aim in aims}
    if standings & {None, "undecidable"}:
        return "target_not_comparable", keys
    worst = next(one for one in ("below", "at", "above") if one in standings)
    return f"{worst}_target", keys


def _key_of(thing: Thing, aim: _Aim, numbers: dict[Place, _Number]) -> str | None:
    if aim.told is not None:
        return aim.told.key
    one = numbers.get((thing, aim.deciding, aim.target_id))
    return None if one is None else one.key


def _standing(
    thing: Thing, aim: _Aim, numbers: dict[Place, _Number], rulebook: Rulebook
) -> Standing | None:
    if aim.told is not None:
        return aim.told.standing
    indicator = rulebook.indicators[thing[0]]
    figures = (numbers.get((thing, name, "")) for name in figure_names(indicator, aim.kind))
    figure = next((one for one in figures if one is not None and one.value is not None), None)
    gap = numbers.get((thing, "pace_gap", aim.target_id))
    year_end = Period.from_id(thing[2]).month == 12
    return Against(indicator, aim, figure, gap, year_end).standing


def _tiers(rulebook: Rulebook, thing: Thing) -> Sequence[str]:
    """The tiers that the light table in force judges; one that names the indicator goes first."""
    indicator, _, period = thing
    day = Period.from_id(period).end
    tables = [one for one in rulebook.lights if one.holds_on(day)]
    for wanted in (indicator, "*"):
        for one in tables:
            if wanted in one.indicators:
                return one.tiers
    return STANDARD_TIERS


def _rows(like: Frame, found: Found) -> Frame:
    words = _TARGET_CLASSES | _GROWTH_CLASSES
    listed = list(found.items())
    columns: dict[str, list[Any]] = {
        "indicator": [""] * len(listed),
        "org": [org for (_, org, _), _ in listed],
        "period": [run for (run, _, _), _ in listed],
        "measure": [f"{_COUNT}{name}" for (_, _, name), _ in listed],
        "size": [len(counted_in) for _, counted_in in listed],
        "keys": [
            BREAK.join(key for keys in counted_in for key in keys) for _, counted_in in listed
        ],
        "formula": [
            f"重点指标中{words[name]}的个数（按印发位数比较）" for (_, _, name), _ in listed
        ],
    }
    types: dict[str, Any] = dict.fromkeys(columns, nw.String) | {"size": nw.Int64}
    return together([_COUNTS.of(table(like, columns, types))])


_COUNTS = Row(
    nw.col("measure"), number=counted("size"), unit="个", decimals=0, formula=nw.col("formula"),
    inputs=nw.col("keys"),
)  # fmt: skip
