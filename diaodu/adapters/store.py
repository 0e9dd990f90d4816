"""The Parquet files of a run: written with the same bytes for the same rows, and opened again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
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


class StoreError(DiaoduError):
    """A folder that is no run, or not a whole one."""


def write_observations(folder: Path, observations: Iterable[Observation] | Frame) -> None:
    _write(folder, "observations.parquet", _as_frame(observations, frames.observation_frame))


def write_targets(folder: Path, targets: Iterable[Target] | Frame) -> None:
    _write(folder, "targets.parquet", _as_frame(targets, frames.target_frame))


def write_measures(folder: Path, measures: Frame, peersets: Frame) -> None:
    """Both files that a computation hands back."""
    _write(folder, "measures.parquet", measures)
    _write(folder, "peersets.parquet", peersets)


def _as_frame(records: Any, make: Any) -> Frame:
    return records if isinstance(records, nw.DataFrame) else make(records)


def _write(folder: Path, name: str, frame: Frame) -> None:
    """Rows sorted; no statistics, no metadata of polars, so the bytes depend on the rows alone."""
    types, order = FILES[name]
    native = nw.to_native(frame)
    ordered = (
        native
        if len(order) == 1 and native[order[0]].is_sorted()
        else native.sort(order, nulls_last=False, maintain_order=True)
    )
    frames.to_stored(ordered, types).write_parquet(
        folder / name, compression="zstd", compression_level=3, statistics=False,
        row_group_size=1 << 20,
    )  # fmt: skip


def _read(folder: Path, name: str) -> Frame:
    path = _path(folder, name)
    return frames.from_stored(pl.read_parquet(path, hive_partitioning=False), FILES[name][0])


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
    return _read(folder, "targets.parquet")


def read_measures(folder: Path) -> Frame:
    return _read(folder, "measures.parquet")


def read_peersets(folder: Path) -> Frame:
    return _read(folder, "peersets.parquet")


def open_run(folder: Path) -> StoredRun:
    """A run written by `month`. Raises StoreError where it is not one."""
    for name in FILES:
        _path(folder, name)
    return StoredRun(folder)


class StoredRun:
    """The look-ups that `engine.compute.explain` needs, each file read when first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def _measures(self) -> Frame:
        return read_measures(self.folder)

    @cached_property
    def _observations(self) -> Frame:
        return read_observations(self.folder)

    @cached_property
    def _targets(self) -> Frame:
        return read_targets(self.folder)

    @cached_property
    def _peersets(self) -> Frame:
        return read_peersets(self.folder)

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
        return {identity: identity for identity in self._measures[kind].unique() if identity}

    def measures_of(self, indicator: str, org: str) -> Sequence[Measure]:
        chosen = (nw.col("indicator") == indicator) & (nw.col("org") == org)
        return to_measures(self._measures.filter(chosen))

    def measures(self, keys: Iterable[str]) -> Mapping[str, Measure]:
        return {one.key: one for one in to_measures(_among(self._measures, "key", keys))}

    def observations(self, ids: Iterable[str]) -> Mapping[str, Observation]:
        found = frames.observations_of(_among(self._observations, "obs_id", ids))
        return {one.obs_id: one for one in sorted(found, key=lambda one: not one.held)}

    def targets(self, ids: Iterable[str]) -> Mapping[str, Target]:
        return {
            one.target_id: one for one in frames.targets_of(_among(self._targets, "target_id", ids))
        }

    def peer_sets(self, ids: Iterable[str]) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for name, obs_id in _among(self._peersets, "id", ids).iter_rows():
            found.setdefault(name, []).append(obs_id)
        return found


def _among(frame: Frame, column: str, wanted: Iterable[str]) -> Frame:
    return frame.filter(nw.col(column).is_in(sorted(wanted)))
