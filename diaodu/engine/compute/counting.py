"""N高K平M低 against targets and N升K平M降 against the last period, over headline indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import narwhals as nw

from diaodu.engine.compute.emit import BREAK, counted, key_of, rows
from diaodu.engine.compute.exact import Frame, rounded
from diaodu.engine.compute.figures import table
from diaodu.engine.compute.plan import Plan
from diaodu.engine.ground.period import Period
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
# What tells whether a target is met, and whether more of it is better.
_DECIDING = {"arrears_growth": -1, "arrears_pace_pp": -1, "shortfall_year": -1, "allowance": 1}

Thing = tuple[str, str, str]  # indicator, org, period
Found = dict[tuple[str, str, str], list[list[str]]]  # run, org, class → keys of each counted


def measures(
    cells: Frame, targets: Frame, computed: Frame, rulebook: Rulebook, plan: Plan
) -> Frame:
    """The counts of every org that has headline indicators, per run of `plan.agenda`.

    Each headline indicator is in exactly one class of each of the two lists, decided on the
    printed decimals; of several targets of the judged tier the worst counts.
    """
    own = cells.filter(nw.col("asked") & _is_headline(rulebook))
    signs = _signs(computed)
    aims = _aims(own, targets)
    found: Found = defaultdict(list)
    things = _by_step(own)
    for run, steps in plan.agenda.items():
        orgs: dict[str, None] = {}
        for step in steps:
            for thing, fallback in things.get(step, []):
                orgs[thing[1]] = None
                for name, keys in _classes(thing, fallback, aims.get(thing, []), signs, rulebook):
                    found[run, thing[1], name].append(keys)
        for org in orgs:
            for name in (*_TARGET_CLASSES, *_GROWTH_CLASSES):
                found.setdefault((run, org, name), [])
    return _rows(cells, found)


def _by_step(own: Frame) -> dict[tuple[str, str], list[tuple[Thing, str]]]:
    """(indicator, period) → the orgs' cells, each with the key that tells of its figure."""
    told = nw.when(nw.col("rate_only")).then(key_of("growth_published")).otherwise(key_of("value"))
    things: dict[tuple[str, str], list[tuple[Thing, str]]] = defaultdict(list)
    for indicator, org, period, key in own.select(
        "indicator", "org", "period", key=told
    ).iter_rows():
        things[indicator, period].append(((indicator, org, period), key))
    return things


def deciding(computed: Frame, rulebook: Rulebook) -> Frame:
    """The rows among computed ones that the counts are made from."""
    wanted = nw.col("measure").is_in([*_DECIDING, "growth_change_pp"])
    return computed.filter(wanted & _is_headline(rulebook))


def _is_headline(rulebook: Rulebook) -> nw.Expr:
    return nw.col("indicator").is_in([indicator.id for indicator in rulebook.headlines])


def _signs(computed: Frame) -> dict[tuple[Thing, str, str], tuple[int | None, str]]:
    """(thing, measure, target_id) → the sign on printed decimals (None for a word), and the key."""
    chosen = computed.with_columns(
        units=rounded(nw.col("value"), nw.col("decimals")),
        key=key_of(nw.col("measure"), target_id=nw.col("target_id"), base=nw.col("base")),
    )
    found: dict[tuple[Thing, str, str], tuple[int | None, str]] = {}
    for indicator, org, period, measure, target, units, key in chosen.select(
        "indicator", "org", "period", "measure", "target_id", "units", "key"
    ).iter_rows():
        sign = None if units is None else (units > 0) - (units < 0)
        found[(indicator, org, period), measure, target] = (sign, key)
    return found


def _aims(own: Frame, targets: Frame) -> dict[Thing, list[tuple[str, str, str]]]:
    """thing → (tier, measure that decides, target_id) of the targets that have a number."""
    aimed = own.join(targets, on=["indicator", "org", "year"]).filter(~nw.col("t").is_null())
    deciding = (
        nw.when(nw.col("kind") == "growth").then(nw.lit("arrears_growth"))
        .when(nw.col("kind") == "ceiling").then(nw.lit("allowance"))
        .when(nw.col("flow")).then(nw.lit("arrears_pace_pp"))
        .otherwise(nw.lit("shortfall_year"))
    )  # fmt: skip
    found: dict[Thing, list[tuple[str, str, str]]] = defaultdict(list)
    for indicator, org, period, tier, measure, target in (
        aimed.select("indicator", "org", "period", "tier", "target_id", deciding=deciding)
        .select("indicator", "org", "period", "tier", "deciding", "target_id")
        .iter_rows()
    ):
        found[indicator, org, period].append((tier, measure, target))
    return found


def _classes(
    thing: Thing, fallback: str, aims: Sequence[tuple[str, str, str]],
    signs: dict[tuple[Thing, str, str], tuple[int | None, str]], rulebook: Rulebook,
) -> Iterator[tuple[str, list[str]]]:  # fmt: skip
    tier = next((t for t in _tiers(rulebook, thing) if any(a[0] == t for a in aims)), None)
    judged = [
        (measure, signs.get((thing, measure, target)))
        for own_tier, measure, target in aims
        if own_tier == tier
    ]
    yield _against_target(judged, fallback)
    sign, key = signs.get((thing, "growth_change_pp", ""), (None, fallback))
    names = {1: "growth_up", 0: "growth_flat", -1: "growth_down", None: "growth_not_comparable"}
    yield names[sign], [key]


def _against_target(
    judged: Iterable[tuple[str, tuple[int | None, str] | None]], fallback: str
) -> tuple[str, list[str]]:
    found = list(judged)
    if not found:
        return "no_target", [fallback]
    keys = [fallback if told is None else told[1] for _, told in found]
    signs = [
        None if told is None or told[0] is None else told[0] * _DECIDING[measure]
        for measure, told in found
    ]
    known = [sign for sign in signs if sign is not None]
    if len(known) < len(signs):
        return "target_not_comparable", keys
    return {1: "above_target", 0: "at_target", -1: "below_target"}[min(known)], keys


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
        "measure": [f"count_{name}" for (_, _, name), _ in listed],
        "size": [len(counted_in) for _, counted_in in listed],
        "keys": [
            BREAK.join(key for keys in counted_in for key in keys) for _, counted_in in listed
        ],
        "formula": [
            f"重点指标中{words[name]}的个数（按印发位数比较）" for (_, _, name), _ in listed
        ],
    }
    types: dict[str, Any] = dict.fromkeys(columns, nw.String) | {"size": nw.Int64}
    frame = table(like, columns, types)
    return rows(
        frame, nw.col("measure"), number=counted("size"), unit="个", decimals=0,
        formula=nw.col("formula"), inputs=nw.col("keys"),
    )  # fmt: skip
