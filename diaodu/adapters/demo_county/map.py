"""Invented areas for the invented county: each unit gets what lies nearest to its seeded point.

Whole numbers and fractions alone, so that neighbours share every corner of their border.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from random import Random

from diaodu.engine.rules.models import Org

Spot = tuple[Fraction, Fraction]
Seed = tuple[int, int]

# A plane of whole units: a thousandth of a degree each; no place on earth is meant.
_WIDE, _HIGH = 900, 700
_WEST, _SOUTH = Fraction(1000, 10), Fraction(300, 10)
_UNIT = 1000
_SCATTERED = 110
_EVENED = 6
_BENT = 3  # how often a border is halved and its middle moved
_DIGITS = 4


def draw_map(units: Sequence[Org], seed: str) -> str:
    """GeoJSON of areas side by side, the first unit in the middle. The same seed gives the same."""
    rng = Random(seed)
    corners = _edge(rng)
    edge = [(Fraction(x), Fraction(y)) for x, y in corners]
    seeds = _evened(_seeds(len(units), corners, rng), edge)
    cells = [_cell(one, seeds, edge) for one in seeds]
    features = [
        {
            "type": "Feature",
            "properties": {"name": org.name, "id": org.id, "cp": _degrees(_middle(cell))},
            "geometry": {"type": "Polygon", "coordinates": [_border(cell, seed)]},
        }
        for org, cell in zip(units, cells, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _edge(rng: Random) -> list[Seed]:
    """The county's own border: a convex round of corners, a little irregular."""
    points: set[Seed] = set()
    while len(points) < _SCATTERED:
        one = rng.randrange(_WIDE), rng.randrange(_HIGH)
        if _is_round(one):
            points.add(one)
    return _hull(sorted(points))


def _is_round(one: Seed) -> bool:
    """Inside the ellipse that fills the plane."""
    x, y = (2 * one[0] - _WIDE) * _HIGH, (2 * one[1] - _HIGH) * _WIDE
    return x**2 + y**2 <= (_WIDE * _HIGH) ** 2


def _hull(points: Sequence[Seed]) -> list[Seed]:
    """Counter-clockwise."""
    return _half(points)[:-1] + _half(points[::-1])[:-1]


def _half(points: Sequence[Seed]) -> list[Seed]:
    kept: list[Seed] = []
    for one in points:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], one) <= 0:
            kept.pop()
        kept.append(one)
    return kept


def _turn(a: Seed, b: Seed, c: Seed) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _seeds(number: int, edge: Sequence[Seed], rng: Random) -> list[Seed]:
    """The first in the middle, the others anywhere inside the border."""
    found = {(_WIDE // 2, _HIGH // 2): None}
    while len(found) < number:
        one = rng.randrange(_WIDE), rng.randrange(_HIGH)
        if all(_turn(a, b, one) > 0 for a, b in pairwise([*edge, edge[0]])):
            found[one] = None
    return list(found)


def _evened(seeds: list[Seed], edge: Sequence[Spot]) -> list[Seed]:
    """Each moved to the middle of its area, some times: areas become alike in size."""
    for _ in range(_EVENED):
        middles = [_middle(_cell(one, seeds, edge)) for one in seeds]
        seeds = [(round(x), round(y)) for x, y in middles]
    return seeds


def _cell(own: Seed, seeds: Sequence[Seed], edge: Sequence[Spot]) -> list[Spot]:
    """What lies nearer to `own` than to any other, inside the border."""
    cell = list(edge)
    for other in seeds:
        if other != own and cell:
            cell = _clipped(cell, own, other)
    return cell


def _clipped(cell: Sequence[Spot], own: Seed, other: Seed) -> list[Spot]:
    dx, dy = other[0] - own[0], other[1] - own[1]
    half = Fraction(other[0] ** 2 + other[1] ** 2 - own[0] ** 2 - own[1] ** 2, 2)
    kept: list[Spot] = []
    for at, here in enumerate(cell):
        there = cell[(at + 1) % len(cell)]
        a, b = (here[0] * dx + here[1] * dy - half), (there[0] * dx + there[1] * dy - half)
        if a <= 0:
            kept.append(here)
        if (a < 0 < b) or (b < 0 < a):
            share = a / (a - b)
            kept.append(
                (here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share)
            )
    return kept


def _middle(cell: Sequence[Spot]) -> Spot:
    """The centroid."""
    area, x, y = Fraction(0), Fraction(0), Fraction(0)
    for at, (ax, ay) in enumerate(cell):
        bx, by = cell[(at + 1) % len(cell)]
        cross = ax * by - bx * ay
        area, x, y = area + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    return x / (3 * area), y / (3 * area)


def _border(cell: Sequence[Spot], seed: str) -> list[list[float]]:
    """Closed, each side bent as its neighbour's is."""
    points: list[list[float]] = []
    for at, here in enumerate(cell):
        points += [_degrees(one) for one in _bent(here, cell[(at + 1) % len(cell)], seed)[:-1]]
    return [*points, points[0]]


def _bent(a: Spot, b: Spot, seed: str) -> list[Spot]:
    """From a to b; from b to a the same the other way round."""
    if a > b:
        return _bent(b, a, seed)[::-1]
    line, rng = [a, b], Random(f"{seed}/{a}/{b}")
    for _ in range(_BENT):
        line = [one for pair in pairwise(line) for one in _halved(*pair, rng)]
        line.append(b)
    return line


def _halved(a: Spot, b: Spot, rng: Random) -> tuple[Spot, Spot]:
    """The start and a middle moved sideways by up to a tenth of the length."""
    off = Fraction(rng.randrange(-100, 101), 1000)
    dx, dy = b[0] - a[0], b[1] - a[1]
    return a, ((a[0] + b[0]) / 2 - dy * off, (a[1] + b[1]) / 2 + dx * off)


def _degrees(one: Spot) -> list[float]:
    x, y = _WEST + one[0] / _UNIT, _SOUTH + one[1] / _UNIT
    return [round(float(x), _DIGITS), round(float(y), _DIGITS)]
