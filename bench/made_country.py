"""A country in frames: 2,844 counties × 100 indicators × 36 months, made without a loop.

`value` is what the offices print: cumulative, one decimal, rising through the year.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from diaodu.adapters.frames import OBSERVATION_TYPES, to_stored
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import SCALE
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook

COUNTIES = 2844
INDICATORS = 100
CITIES = 333
LAST = Period.of_months(2023, 1, 12)
FIRST_YEAR = 2021
GROUP = "全国县区"
RECEIVED = date(2024, 1, 20)
DECIMALS = 1


def county_id(place: int) -> str:
    return f"county{place:04d}"


def indicator_id(place: int) -> str:
    return f"figure{place:03d}"


def rulebook() -> Rulebook:
    """Every county under its city, and all of them in one peer group."""
    orgs = [Org(id="nation", name="全国", level="nation")]
    orgs += [
        Org(id=f"city{place:03d}", name=f"城市{place:03d}", level="city", parent="nation")
        for place in range(CITIES)
    ]
    orgs += [
        Org(
            id=county_id(place), name=f"县区{place:04d}", level="county",
            parent=f"city{place % CITIES:03d}", groups=(GROUP,),
        )
        for place in range(COUNTIES)
    ]  # fmt: skip
    indicators = [
        Indicator(
            id=indicator_id(place), name=f"指标{place:03d}", unit="万元", basis="ytd",
            facets=("level",), direction="high", decimals=DECIMALS, cadence="month",
            january="yes", headline=place < 10, order=place,
        )
        for place in range(INDICATORS)
    ]  # fmt: skip
    return Rulebook("bench", {org.id: org for org in orgs}, {each.id: each for each in indicators})


def tenths(years: range = range(FIRST_YEAR, LAST.year + 1)) -> pl.DataFrame:
    """county, figure, year, month (numbers) and `tenths`, the printed value times ten."""
    frame = pl.DataFrame({"county": pl.int_range(COUNTIES, eager=True)})
    for name, numbers in (
        ("figure", range(INDICATORS)), ("year", years), ("month", range(1, 13)),
    ):  # fmt: skip
        frame = frame.join(pl.DataFrame({name: list(numbers)}), how="cross")
    base = 20_000 + (pl.col("county") * 7919 + pl.col("figure") * 104_729) % 900_000
    rise = 1_000 + (pl.col("county") * 31 + pl.col("figure") * 17 + pl.col("year") * 13) % 257
    return frame.with_columns(tenths=base * pl.col("month") * rise // 1_000)


def observations() -> pl.DataFrame:
    """The columns of Observation, 10.2 million rows; `value` scaled as the engine wants it."""
    made = tenths()
    month = pl.col("month").cast(pl.String).str.zfill(2)
    year = pl.col("year").cast(pl.String)
    single = pl.col("month") == 1
    period = pl.when(single).then(year + "-01").otherwise(year + "-01/" + month)
    constants = {
        "facet": "level", "against": None, "n": None, "track": "flash", "received": RECEIVED,
        "decimals": DECIMALS, "word": None, "unit": "万元", "unit_given": "万元",
        "file": "2024-01-20/全国.xlsx", "sha256": "0" * 64, "sheet": "汇总", "held": False,
    }  # fmt: skip
    number = pl.int_range(pl.len())
    columns = {
        "obs_id": number.cast(pl.String).str.zfill(16),
        "indicator": "figure" + pl.col("figure").cast(pl.String).str.zfill(3),
        "org": "county" + pl.col("county").cast(pl.String).str.zfill(4),
        "period": period,
        "value": pl.col("tenths").cast(pl.Int128) * 10 ** (SCALE - DECIMALS),
        "value_given": (pl.col("tenths") // 10).cast(pl.String)
        + "."
        + (pl.col("tenths") % 10).cast(pl.String),
        "cell": "A" + (number + 1).cast(pl.String),
    }
    chosen = [
        (columns[name] if name in columns else pl.lit(constants[name])).cast(kind).alias(name)
        for name, kind in OBSERVATION_TYPES.items()
    ]
    return made.select(chosen)


def write_observations(file: Path) -> None:
    """As observations.parquet of a run."""
    to_stored(observations(), OBSERVATION_TYPES).write_parquet(file)
