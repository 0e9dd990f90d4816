"""The invented areas: each unit has one, side by side, the same for the same seed."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise

from diaodu.adapters.demo_county.map import draw_map
from diaodu.adapters.geo_in import read_geojson
from diaodu.engine.rules.models import Org

UNITS = [Org(id=f"u{at}", name=f"第{at}镇", level="township", parent="x") for at in range(22)]


def test_every_unit_has_an_area_that_an_administrator_could_put_up() -> None:
    read = read_geojson(draw_map(UNITS, "7").encode())
    assert read.faults == ()
    assert [(one.id, one.name) for one in read.shapes] == [(one.id, one.name) for one in UNITS]
    assert all(one.label is not None for one in read.shapes)


def test_the_same_seed_gives_the_same_map() -> None:
    assert draw_map(UNITS, "7") == draw_map(UNITS, "7") != draw_map(UNITS, "8")


def test_neighbours_share_every_step_of_their_border() -> None:
    steps: Counter[frozenset[tuple[float, ...]]] = Counter()
    for one in json.loads(draw_map(UNITS, "7"))["features"]:
        [ring] = one["geometry"]["coordinates"]
        steps.update(frozenset((tuple(a), tuple(b))) for a, b in pairwise(ring))
    assert set(steps.values()) == {1, 2}
    assert sum(number == 2 for number in steps.values()) > len(steps) / 2
