"""Many targets planned at once by last year's shape: one shape for all tiers of an org's indicator,
months of each target that sum to it exactly. Numbers are scaled to the last printed decimal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diaodu.engine.compute.spreading import parts_of

Place = tuple[str, str]  # indicator, org


class Planned(NamedTuple):
    """A year's target in units of its last decimal."""

    indicator: str
    org: str
    tier: str
    units: int


def replan(
    targets: Sequence[Planned], amounts: Mapping[Place, Sequence[int]]
) -> tuple[dict[tuple[str, str, str], list[int]], list[Planned]]:
    """(indicator, org, tier) → its months, by `amounts`, last year's own periods of that indicator
    and org as whole numbers; and the targets that have no such shape: nothing on file, an amount
    below zero, or a year of nothing."""
    shaped: dict[tuple[str, str, str], list[int]] = {}
    without: list[Planned] = []
    usable = {place: weights for place, weights in amounts.items() if _is_shape(weights)}
    for one in targets:
        weights = usable.get((one.indicator, one.org))
        if weights is None:
            without.append(one)
        else:
            shaped[one.indicator, one.org, one.tier] = parts_of(one.units, weights)
    return shaped, without


def _is_shape(weights: Sequence[int]) -> bool:
    return bool(weights) and min(weights) >= 0 and any(weights)
