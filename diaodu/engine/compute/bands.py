"""completion_band: what a completion, or its distance to the pace, is called in the rulebook."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import narwhals as nw

from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.made import Made, counted, half_up
from diaodu.engine.compute.pace import Paces
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure
from diaodu.engine.rules.models import Band, BandSet

MEASURE = "completion_band"
_NAMES = {"completion": "完成率", "pace_gap": "完成率与序时进度之差"}


def measures(cells: Frame, targets: Frame, paces: Paces) -> Iterator[Made]:
    """Of every target of amount above zero, per set of bands in force for the indicator, decided
    on the printed decimals. The number is the place of the band from below, `formula` has its
    name; base is the set."""
    rulebook = paces.rulebook
    if not rulebook.bands:
        return
    aimed = cells.filter(nw.col("asked") & ~nw.col("rate_only") & ~nw.col("v").is_null()).join(
        targets, on=["indicator", "org", "year"]
    )
    aimed = aimed.filter((nw.col("kind") == "level") & (nw.col("t") > 0)).select(
        "indicator", "org", "period", "tier", "target_id", "v", "t", "flow", "growth_decimals"
    )
    for row in aimed.sort("indicator", "org", "period", "target_id").iter_rows(named=True):
        period = Period.from_id(row["period"])
        for bands in rulebook.band_sets(row["indicator"], period.end):
            if bands.of == "completion" or row["flow"]:
                told = _told(row, bands, paces, period)
                if told is not None:
                    yield _made(row, bands, told)


def _told(row: dict[str, Any], bands: BandSet, paces: Paces, period: Period) -> Decimal | None:
    """The completion or the gap as it is printed; None where there is no pace."""
    digits = 10 ** row["growth_decimals"]
    number, divisor = row["v"] * 100, row["t"]
    if bands.of == "pace_gap":
        now = paces.of(row["indicator"], row["org"], row["tier"], period, row["t"])
        if now is None:
            return None
        number, divisor = number * now.span - 100 * now.gone * row["t"], row["t"] * now.span
    return Decimal(half_up(number * digits, divisor)).scaleb(-row["growth_decimals"])


def _made(row: dict[str, Any], bands: BandSet, told: Decimal) -> Made:
    place, band = next(
        (place, band)
        for place, band in enumerate(bands.bands, 1)
        if (band.lo is None or band.lo <= told) and (band.hi is None or told < band.hi)
    )
    target = row["target_id"]
    key = Measure.make_key(row["indicator"], row["org"], row["period"], bands.of, target)
    return Made(
        row["indicator"], row["org"], row["period"], MEASURE, counted(place), None, "档", 0,
        f"{_NAMES[bands.of]}{_range(band)}的为“{band.name}”（按印发位数分档）", [key], target,
        bands.id,
    )  # fmt: skip


def _range(band: Band) -> str:
    ends = []
    if band.lo is not None:
        ends.append(f"{band.lo}及以上")
    if band.hi is not None:
        ends.append(f"不到{band.hi}")
    return "、".join(ends) or "不论多少"
