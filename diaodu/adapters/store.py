"""The Parquet files of a run: written with the same bytes for the same rows, and opened again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from diaodu.adapters import frames
from diaodu.engine.compute.book import to_measures
from diaodu.engine.compute.explain import Names
from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.records import Measure, Observation, Target

Frame = nw.DataFrame[Any]

# file name → column types and the columns its rows are sorted by
FILES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "observations.parquet": (
        frames.OBSERVATION_TYPES,
        ["indicator", "org", "period", "facet", "against", "track", "received", "file", "sheet",
         "cell", "obs_id", "value_given"],
    ),
    "targets.parquet": (
        frames.TARGET_TYPES,
        ["indicator", "org", "year", "tier", "kind", "received", "file", "sheet", "cell",
         "target_id"],
    ),
    "measures.parquet": (frames.MEASURE_TYPES, ["key"]),
    "peersets.parquet": (frames.PEERSET_TYPES, ["id", "obs_id"]),
}  # fmt: skip
# Targets that targets.parquet has no columns for; only where there are any.
_MORE_TARGETS = "targets_more.parquet"
_MORE = {
    _MORE_TARGETS: (
        frames.ALL_TARGET_TYPES, [*FILES["targets.parquet"][1], "period", "against"],
    ),
}  # fmt: skip

_PIECE = 1 << 16  # rows


class StoreError(DiaoduError):
    """A folder that is no run, or not a whole one."""


def write_observations(folder: Path, observations: Iterable[Observation] | Frame) -> None:
    _write(folder, "observations.parquet", _as_frame(observations, frames.observation_frame))


def write_targets(folder: Path, targets: Iterable[Target] | Frame) -> None:
    """Of targets.parquet and targets_more.parquet, the one that can say the target."""
    every: Frame = _as_frame(targets, frames.target_frame)
    is_plain = nw.all_horizontal(
        *(nw.col(name) == "" for name in frames.FURTHER_OF_TARGETS), ignore_nulls=False
    )
    _write(folder, "targets.parquet", every.filter(is_plain))
    more = every.filter(~is_plain)
    if len(more):
        _write(folder, _MORE_TARGETS, more)
    else:
        (folder / _MORE_TARGETS).unlink(missing_ok=True)


def write_measures(folder: Path, measures: Frame, peersets: Frame) -> None:
    """Both files that a computation hands back."""
    _write(folder, "measures.parquet", measures)
    _write(folder, "peersets.parquet", peersets)


def _as_frame(records: Any, make: Any) -> Frame:
    return records if isinstance(records, nw.DataFrame) else make(records)


def _write(folder: Path, name: str, frame: Frame) -> None:
    """Rows sorted; no metadata of polars, so the bytes depend on the rows alone. Pieces small
    enough, with the least and greatest of each column, that a look-up need not read them all."""
    types, order = (FILES | _MORE)[name]
    native = nw.to_native(frame)
    ordered = (
        native
        if len(order) == 1 and native[order[0]].is_sorted()
        else native.sort(order, nulls_last=False, maintain_order=True)
    )
    frames.to_stored(ordered, types).write_parquet(
        folder / name, compression="zstd", compression_level=3,
        statistics={"min": True, "max": True, "null_count": False, "distinct_count": False},
        row_group_size=_PIECE,
    )  # fmt: skip


def _read(folder: Path, name: str) -> Frame:
    path = _path(folder, name)
    stored = pl.read_parquet(path, hive_partitioning=False)
    return frames.from_stored(stored, (FILES | _MORE)[name][0])


def _path(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise StoreError(
            f"{folder} 里没有 {name}：不是 month 写出的结果目录，或没有写完；请重新计算"
        )
    return path


def read_observations(folder: Path) -> Frame:
    """Columns of Observation, numbers scaled. Raises StoreError where the file is not there."""
    return _read(folder, "observations.parquet")


def read_targets(folder: Path) -> Frame:
    """Columns of Target, numbers scaled, of both files."""
    return _whole_targets(folder, lambda name: _read(folder, name))


def _whole_targets(folder: Path, read: Callable[[str], Frame]) -> Frame:
    plain = read("targets.parquet").with_columns(
        **{name: nw.lit("") for name in frames.FURTHER_OF_TARGETS}
    )
    if not (folder / _MORE_TARGETS).is_file():
        return plain
    return nw.concat([plain, read(_MORE_TARGETS)])


def read_measures(folder: Path) -> Frame:
    return _read(folder, "measures.parquet")


def read_peersets(folder: Path) -> Frame:
    return _read(folder, "peersets.parquet")


def open_run(folder: Path, near: Iterable[str] = ()) -> StoredRun:
    """A run written by `month`. `near`: indicators whose figures are likely to be asked for.
    Raises StoreError where it is no run."""
    for name in FILES:
        _path(folder, name)
    return StoredRun(folder, near)


class StoredRun:
    """The look-ups that `engine.compute.explain` needs. Rows lie in the order of their
    indicators, so that a look-up reads the few pieces of a file that can hold them."""

    def __init__(self, folder: Path, near: Iterable[str] = ()) -> None:
        self.folder = folder
        self._near = set(near)

    @cached_property
    def names(self) -> Names:
        """From `names` of run.json; a run without them is known by its ids alone."""
        path = self.folder / "run.json"
        told = json.loads(path.read_text(encoding="utf-8")).get("names") if path.is_file() else None
        found: dict[str, dict[str, str]] = told or {}
        written = {
            kind: {**found.get(kind, {}), **self._ids(kind)} for kind in ("indicator", "org")
        }
        return Names(written, found.get("printed", {}), found.get("parents", {}))

    def _ids(self, kind: str) -> dict[str, str]:
        """The ids that the run has measures of, each standing for itself."""
        ids = pl.scan_parquet(self.folder / "measures.parquet").select(pl.col(kind).unique())
        return {identity: identity for identity in ids.collect()[kind] if identity}

    def measures_of(self, indicator: str, org: str) -> Sequence[Measure]:
        self._near.add(indicator)
        chosen = (pl.col("indicator") == indicator) & (pl.col("org") == org)
        return to_measures(self._rows("measures.parquet", chosen))

    def measures(self, keys: Iterable[str]) -> Mapping[str, Measure]:
        wanted = sorted(keys)
        if not wanted:
            return {}
        indicators = {key.partition("|")[0] for key in wanted}
        self._near |= indicators
        chosen = _among("indicator", indicators) & _among("key", wanted)
        return {one.key: one for one in to_measures(self._rows("measures.parquet", chosen))}

    def observations(self, ids: Iterable[str]) -> Mapping[str, Observation]:
        """Looked for near the measures met first; targets are not looked for at all."""
        wanted = set(ids) - self._target_ids
        found = self._observed(wanted, _among("indicator", self._near))
        if missing := wanted - found.keys():
            found |= self._observed(missing, pl.lit(True))
        return found

    def _observed(self, ids: set[str], where: pl.Expr) -> dict[str, Observation]:
        if not ids:
            return {}
        rows = self._rows("observations.parquet", where & _among("obs_id", ids))
        found = sorted(frames.observations_of(rows), key=lambda one: not one.held)
        return {one.obs_id: one for one in found}

    @cached_property
    def _target_ids(self) -> frozenset[str]:
        return frozenset(read_targets(self.folder)["target_id"].to_list())

    def targets(self, ids: Iterable[str]) -> Mapping[str, Target]:
        wanted = self._target_ids.intersection(ids)
        if not wanted:
            return {}
        chosen = _among("target_id", wanted)
        rows = _whole_targets(self.folder, lambda name: self._rows(name, chosen))
        return {one.target_id: one for one in frames.targets_of(rows)}

    def peer_sets(self, ids: Iterable[str]) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        wanted = sorted(ids)
        if wanted:
            rows = self._rows("peersets.parquet", _among("id", wanted))
            for name, obs_id in rows.iter_rows():
                found.setdefault(name, []).append(obs_id)
        return found

    def _rows(self, name: str, where: pl.Expr) -> Frame:
        lazy = pl.scan_parquet(_path(self.folder, name), hive_partitioning=False).filter(where)
        return frames.from_stored(lazy.collect(), (FILES | _MORE)[name][0])


def _among(column: str, wanted: Iterable[str]) -> pl.Expr:
    return pl.col(column).is_in(sorted(wanted))
