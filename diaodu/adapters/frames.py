"""Records ↔ frames. Frames are polars, handed to the engine as narwhals frames.

In a frame of the engine every number is an Int128: the figure times 10^12, so nothing is ever a
binary float. In a file it is decimal(38,12). Both hold the same digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import narwhals as nw
import polars as pl

from diaodu.engine.compute.exact import from_scaled, to_scaled
from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.quantity import SCALE
from diaodu.engine.ground.records import Observation, Target

Frame = nw.DataFrame[Any]
Record = TypeVar("Record", bound=NamedTuple)

STORED = pl.Decimal(38, SCALE)
_FITS = rf"^-?[0-9]{{1,{38 - SCALE}}}(\.[0-9]{{1,{SCALE}}})?$"  # decimal(38,12) holds it
_NEARBY = 500
_FIRST_DAY = date(1970, 1, 1)  # polars counts days from here
_TINY = Decimal(1).scaleb(-SCALE)

OBSERVATION_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "obs_id": pl.String, "indicator": pl.String, "org": pl.String, "period": pl.String,
    "facet": pl.String, "against": pl.String, "n": pl.Int64, "track": pl.String,
    "received": pl.Date, "value": pl.Int128, "decimals": pl.Int64, "word": pl.String,
    "unit": pl.String, "unit_given": pl.String, "value_given": pl.String, "file": pl.String,
    "sha256": pl.String, "sheet": pl.String, "cell": pl.String, "held": pl.Boolean,
}  # fmt: skip
TARGET_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "target_id": pl.String, "indicator": pl.String, "org": pl.String, "year": pl.Int64,
    "tier": pl.String, "kind": pl.String, "comparator": pl.String, "value": pl.Int128,
    "tolerance": pl.Int128, "unit": pl.String, "word": pl.String, "issuer": pl.String,
    "document": pl.String, "received": pl.Date, "file": pl.String, "sha256": pl.String,
    "sheet": pl.String, "cell": pl.String,
}  # fmt: skip
# With what the columns of targets.parquet cannot say.
FURTHER_OF_TARGETS = ("period", "against", "text")
ALL_TARGET_TYPES = TARGET_TYPES | dict.fromkeys(FURTHER_OF_TARGETS, pl.String)
MEASURE_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String, "indicator": pl.String, "org": pl.String, "period": pl.String,
    "measure": pl.String, "target_id": pl.String, "base": pl.String, "peer_group": pl.String,
    "value": pl.Int128, "shown": pl.String, "decimals": pl.Int64, "word": pl.String,
    "unit": pl.String, "lo": pl.Int128, "hi": pl.Int128, "formula": pl.String,
    "inputs": pl.List(pl.String),
}  # fmt: skip
PEERSET_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {"id": pl.String, "obs_id": pl.String}


def observation_frame(observations: Iterable[Observation]) -> Frame:
    """Columns of Observation; `value` scaled.

    Raises QuantityError for a value of more than twelve decimals or from 10^26 up: it could not
    be kept exactly, and is not cut here.
    """
    return _frame(observations, OBSERVATION_TYPES, Observation._fields)


def frame_of_columns(columns: Mapping[str, Sequence[Any]]) -> Frame:
    """Columns of Observation and others as a database gives them: `value` the text of its digits,
    `received` the text of its day, what is not a column of Observation whole numbers. No record is
    made of any row: a tenth of the time, where rows are millions."""
    series: dict[str, pl.Series] = {}
    for name, values in columns.items():
        kind = OBSERVATION_TYPES.get(name, pl.Int64)
        if kind == pl.Int128:
            series[name] = pl.Series(name, values, dtype=pl.String).cast(STORED).to_physical()
        elif kind == pl.Date:
            series[name] = pl.Series(name, values, dtype=pl.String).str.to_date("%Y-%m-%d")
        else:
            series[name] = pl.Series(name, values, dtype=kind)
    return nw.from_native(pl.DataFrame(series), eager_only=True)


def target_frame(targets: Iterable[Target]) -> Frame:
    """Columns of Target; `value` and `tolerance` scaled. Raises as `observation_frame` does."""
    return _frame(targets, ALL_TARGET_TYPES, Target._fields)


def _frame(records: Iterable[Any], types: dict[str, Any], fields: Sequence[str]) -> Frame:
    rows = list(records)
    columns: dict[str, pl.Series] = {}
    for name, values in zip(fields, _turned(rows, len(fields)), strict=True):
        if types[name] == pl.Int128:
            columns[name] = _scaled_series(name, rows, values)
        elif types[name] == pl.Date:
            columns[name] = _day_series(name, values)
        else:
            columns[name] = pl.Series(name, values, dtype=types[name])
    return nw.from_native(pl.DataFrame(columns), eager_only=True)


def _turned(rows: list[Any], width: int) -> list[list[Any]]:
    """Rows → columns. Some hundred rows at a time stay near the processor while they are turned:
    column by column over all of them takes three times as long."""
    columns: list[list[Any]] = [[] for _ in range(width)]
    for first in range(0, len(rows), _NEARBY):
        nearby = zip(*rows[first : first + _NEARBY], strict=True)
        for column, values in zip(columns, nearby, strict=True):
            column.extend(values)
    return columns


def _scaled_series(name: str, rows: list[Any], values: list[Decimal | None]) -> pl.Series:
    """polars scales by their digits what fits; one number that does not, or is written with an
    exponent, and Python scales them all or tells which it is."""
    written = pl.Series(name, [None if v is None else str(v) for v in values], dtype=pl.String)
    if written.str.contains(_FITS).all():
        return written.cast(STORED).to_physical()
    scaled = [_scaled(row, value) for row, value in zip(rows, values, strict=True)]
    return pl.Series(name, scaled, dtype=pl.Int128)


def _day_series(name: str, values: list[date | None]) -> pl.Series:
    """A run has few days of receipt: each is turned into a number once."""
    numbers = {day: None if day is None else (day - _FIRST_DAY).days for day in set(values)}
    return pl.Series(name, [numbers[day] for day in values], dtype=pl.Int32).cast(pl.Date)


def _scaled(row: Any, value: Decimal | None) -> int | None:
    if value is None:
        return None
    try:
        return to_scaled(value)
    except ValueError:
        place = " ".join(str(getattr(row, part, "")) for part in ("file", "sheet", "cell")).strip()
        raise QuantityError(
            f"{place or row[0]} 的数值{value}存不下：最多十二位小数、二十六位整数；"
            "请核对数值和计量单位"
        ) from None


def observations_of(frame: Frame) -> list[Observation]:
    return _records(frame, Observation._make, Observation._fields, {"value"})


def targets_of(frame: Frame) -> list[Target]:
    return _records(frame, Target._make, Target._fields, {"value", "tolerance"})


def _records(
    frame: Frame,
    make: Callable[[Iterable[Any]], Record],
    fields: Sequence[str],
    numbers: set[str],
) -> list[Record]:
    columns: list[list[Any]] = []
    for name in fields:
        values = frame[name].to_list()
        if name in numbers:
            values = [None if value is None else from_scaled(value) for value in values]
        columns.append(values)
    return [make(row) for row in zip(*columns, strict=True)]


def to_stored(frame: pl.DataFrame, types: dict[str, Any]) -> pl.DataFrame:
    """Int128 → decimal(38,12), the same digits; columns in the order and types of `types`."""
    chosen = []
    for name, kind in types.items():
        column = pl.col(name)
        if kind == pl.Int128:
            digits = column.cast(pl.Decimal(38, 0)) * pl.lit(_TINY, dtype=STORED)
            chosen.append(digits.cast(STORED).alias(name))
        elif kind == pl.List(pl.String):
            chosen.append(column.cast(kind).fill_null([]))
        else:
            chosen.append(column.cast(kind))
    return frame.select(chosen)


def from_stored(frame: pl.DataFrame, types: dict[str, Any]) -> Frame:
    """decimal(38,12) → Int128. Raises QuantityError where the file lacks a column."""
    missing = [name for name in types if name not in frame.columns]
    if missing:
        raise QuantityError(f"结果文件缺列：{'、'.join(missing)}；请用本版程序重新计算")
    chosen = [
        pl.col(name).to_physical().cast(pl.Int128) if kind == pl.Int128 else pl.col(name).cast(kind)
        for name, kind in types.items()
    ]
    return nw.from_native(frame.select(chosen), eager_only=True)
