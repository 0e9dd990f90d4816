"""Places in many rankings at once are those of each ranking by itself."""

from __future__ import annotations

import narwhals as nw
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.compute.placing import ONE_BY_ONE, placed

near = st.integers(-3, 3)
far = st.one_of(near, st.sampled_from([-(10**25), 10**25, 10**30]))  # more than 64 bits hold


@given(st.lists(st.tuples(st.sampled_from([0, 1, 7, 10**9]), st.one_of(near, far)), max_size=30))
def test_places_are_those_within_each_ranking(rows):
    frame = nw.from_native(
        pl.DataFrame(
            {"ranking": [one for one, _ in rows], "better": [other for _, other in rows]},
            schema={"ranking": pl.Int64, "better": pl.Int128},
        )
    )
    found = placed(frame)
    assert found.to_native().equals(frame.with_columns(ONE_BY_ONE).to_native())
    for (ranking, better), place, reverse, n in zip(
        rows, found["place"], found["reverse"], found["n"], strict=True
    ):
        others = [score for other, score in rows if other == ranking]
        assert place == 1 + sum(score < better for score in others)
        assert reverse == 1 + sum(score > better for score in others)
        assert n == len(others)
