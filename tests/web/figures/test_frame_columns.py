"""The frame of figures is the frame of their records, whatever came in."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import narwhals as nw
import pytest

from diaodu.adapters import frames
from diaodu.web.figures import queries

WORDS = ("missing", "late", "nil")


@pytest.mark.parametrize("seed", range(5))
def test_the_frame_is_that_of_the_records(put: Any, figure: Any, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(12):
        made = {}
        for _ in range(chance.randint(1, 6)):
            value = chance.choice([None, "0.1", "-12.345678901234", "99999999999999", "7"])
            one = figure(
                value, date(2023, 6, 1) + timedelta(days=chance.randint(0, 3)),
                org=chance.choice(["qingshi", "liuhe"]), period=chance.choice(["2023-01/05",
                "2023-01/04"]), word=chance.choice(WORDS) if value is None else None,
                held=value is not None and chance.random() < 0.2,
                sheet=chance.choice(["表1", "表2"]), against=chance.choice([None, "shilishi"]),
                facet=chance.choice(["level", "gap"]),
            )  # fmt: skip
            made[one.obs_id] = one
        put(*made.values())
    for asked in ({}, {"as_of": date(2023, 6, 2)}, {"up_to_entry": 4}, {"orgs": ["liuhe"]},
                  {"indicators": ["nothing"]}, {"years": [2023]}):  # fmt: skip
        expected = frames.observation_frame(queries.engine_observations(**asked))
        found = queries.frame(**asked)
        assert nw.to_native(found).equals(nw.to_native(expected)), asked
        assert found.schema == expected.schema
