"""Runs the month on untouched published files and hands back what it wrote."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from diaodu.cli import main

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / ".." / "shared" / "data"


@dataclass(frozen=True)
class Run:
    """The folder a run wrote to, read with other means than the house's own."""

    folder: Path

    @cached_property
    def observations(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "observations.parquet")

    @cached_property
    def measures(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "measures.parquet")

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.folder / "findings.json").read_text("utf-8"))
        return found

    @cached_property
    def counts(self) -> dict[tuple[str, str], dict[str, int]]:
        """(file name, sheet) → cells by fate."""
        told = json.loads((self.folder / "run.json").read_text("utf-8"))
        return {
            (one["file"].rpartition("/")[2], sheet["sheet"]): sheet["cells"]
            for one in told["inputs"]
            for sheet in one["sheets"]
        }

    def figures(self, indicator: str, facet: str = "level") -> dict[str, Decimal]:
        """Period → value, of what is not held; 核算 before 快报 where both are on file."""
        rows = self.observations.filter(
            (pl.col("indicator") == indicator) & (pl.col("facet") == facet) & ~pl.col("held")
        )
        assert not rows.select("period", "track").is_duplicated().any()
        rows = rows.sort("track", descending=True)  # flash, then accounted over it
        return dict(rows.select("period", "value").iter_rows())

    def measure(self, name: str, indicator: str, period: str) -> tuple[Decimal | None, str]:
        """Exact value and printed text of the one measure of that name (not the ranks)."""
        rows = self.measures.filter(
            (pl.col("measure") == name)
            & (pl.col("indicator") == indicator)
            & (pl.col("period") == period)
        )
        assert rows.height == 1, (name, indicator, period, rows.height)
        value, shown = rows.select("value", "shown").row(0)
        return value, shown

    def found(self, code: str, file: str = "", sheet: str = "") -> list[dict[str, Any]]:
        return [
            one
            for one in self.findings
            if one["code"] == code and file in one["file"] and sheet in one["sheet"]
        ]


RunMonth = Callable[..., Run]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published data beside the repository."""
    if not DATA.is_dir():
        pytest.skip("the shared data is not beside the repository")
    return DATA


@pytest.fixture(scope="session")
def run_month(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> RunMonth:
    """run_month(rulebook, period, day, *files, …): the files, untouched, received on one day.

    `written` are files that the test sets down itself: name → text.
    """

    def run(
        rulebook: str, period: str, day: str, *files: str, options: tuple[str, ...] = (),
        written: Mapping[str, str] | None = None,
    ) -> Run:  # fmt: skip
        folder = tmp_path_factory.mktemp(rulebook)
        receipt = folder / "returns" / day
        receipt.mkdir(parents=True)
        for file in files:
            shutil.copy(shared / file, receipt)
        for name, text in (written or {}).items():
            (receipt / name).write_text(text, encoding="utf-8")
        words = [
            "month", period, "--returns", str(folder / "returns"),
            "--rulebook", str(HERE / rulebook / "rulebook"), "--out", str(folder / "out"), *options,
        ]  # fmt: skip
        told, failed = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(failed):
            code = main(words)
        assert code == 0, failed.getvalue()
        return Run(folder / "out")

    return run
