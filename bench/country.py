"""The month over a whole country: 2,844 counties × 100 indicators, 36 months on file.

Baseline: the same growth and the same two ranks in plain pandas on whole numbers, nothing else of
what a run holds (bounds, origins, words, peers, other measures).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import narwhals as nw
import pandas as pd
import polars as pl

from bench.__main__ import hand_on
from bench.made_country import GROUP, LAST, RECEIVED, rulebook, tenths, write_observations
from bench.measuring import NotEqualError, peak_memory, row, seconds_of
from diaodu.adapters.frames import OBSERVATION_TYPES, from_stored, target_frame
from diaodu.engine.compute.month import Computed, compute_month
from diaodu.engine.verify.check import check

PLACES = ["org", "indicator"]
FIGURES = ["growth", "rank_growth", "rank_level"]


def main() -> None:
    if sys.argv[1:]:
        write_observations(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "observations.parquet"
        # In a process of its own, so that making the figures is not counted in our memory.
        subprocess.run([sys.executable, "-m", "bench.country", str(file)], check=True)
        reading, observations = seconds_of(
            lambda: from_stored(pl.read_parquet(file), OBSERVATION_TYPES)
        )
    print(f"{len(observations)} 条观测值，读入 {reading:.2f} s")
    checking, findings = seconds_of(lambda: check(observations, rulebook(), LAST, RECEIVED))
    print(f"{len(findings)} 条审核意见，审核 {checking:.2f} s")
    computing, computed = seconds_of(lambda: run(observations))
    print(f"{len(computed.measures)} 条算得的数，计算 {computing:.2f} s")
    memory = peak_memory()
    given = for_pandas()
    baseline, expected = seconds_of(lambda: by_pandas(given))
    check_equal(computed, expected)
    name = "2844 县 × 100 指标，36 个月在库，最新一期"
    hand_on(
        [
            row(f"{name}：读入、审核、计算", reading + checking + computing, None, memory),
            row(f"{name}：计算（对照只算增速和两个位次）", computing, baseline, None),
        ]
    )


def run(observations: nw.DataFrame[pl.DataFrame]) -> Computed:
    return compute_month(observations, target_frame([]), rulebook(), LAST, RECEIVED)


def for_pandas() -> pd.DataFrame:
    """The same figures as whole numbers of tenths."""
    made = tenths()
    return pd.DataFrame({name: made[name].to_numpy() for name in made.columns})


def by_pandas(given: pd.DataFrame) -> pd.DataFrame:
    """Growth in tenths of a percent, rounded half away from zero, and ranks, newest period."""
    december = given[given["month"] == LAST.month]
    now = december[december["year"] == LAST.year]
    before = december[december["year"] == LAST.year - 1]
    both = now.merge(before, on=["county", "figure"], suffixes=("", "_before"))
    change, base = both["tenths"] - both["tenths_before"], both["tenths_before"]
    size = (2 * change.abs() * 1000 + base) // (2 * base)
    both["growth"] = size.where(change >= 0, -size)
    for rank, by in (("rank_growth", "growth"), ("rank_level", "tenths")):
        both[rank] = both.groupby("figure")[by].rank(method="min", ascending=False).astype(int)
    return both


def check_equal(computed: Computed, expected: pd.DataFrame) -> None:
    """Raises NotEqualError for the first figure of ours that pandas has otherwise."""
    measures = nw.to_native(computed.measures)
    alone = pl.col("measure") == "growth"
    ranked = pl.col("measure").is_in(["rank_growth", "rank_level"]) & (
        pl.col("peer_group") == GROUP
    )
    number = pl.col("shown").str.replace(".", "", literal=True).cast(pl.Int64)
    ours = (
        measures.filter(alone | ranked)
        .select(*PLACES, "measure", number.alias("number"))
        .pivot(on="measure", index=PLACES, values="number")
        .select(*PLACES, *FIGURES)
        .sort(PLACES)
    )
    theirs = pl.DataFrame(
        {
            "org": [f"county{place:04d}" for place in expected["county"]],
            "indicator": [f"figure{place:03d}" for place in expected["figure"]],
            **{name: expected[name].to_numpy() for name in FIGURES},
        }
    ).sort(PLACES)
    if not ours.equals(theirs):
        differing = ours.join(theirs, on=[*PLACES, *FIGURES], how="anti")
        raise NotEqualError(f"{len(ours)} of ours, {len(theirs)} of theirs\n{differing.head()}")


if __name__ == "__main__":
    main()
