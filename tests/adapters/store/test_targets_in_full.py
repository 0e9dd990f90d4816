"""Targets that the columns of targets.parquet cannot say lie beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from diaodu.adapters.frames import targets_of
from diaodu.adapters.store import read_targets, write_targets
from diaodu.engine.ground.records import Target


def target(kind: str = "level", **more: str) -> Target:
    day = date(2023, 1, 9)
    period, against = more.get("period", ""), more.get("against", "")
    return Target(
        Target.make_id("tax", "county", 2023, "own", kind, day, period, against), "tax", "county",
        2023, "own", kind, "reach", None if kind == "qualitative" else Decimal(13), None, "亿元",
        None, "", "", day, "t.xlsx", "0" * 64, "目标", "G2", period, against, more.get("text", ""),
    )  # fmt: skip


PLAIN = target()
FURTHER = [
    target(period="2023-01/03"), target("relative", against="gdp"),
    target("qualitative", text="基本建成"),
]  # fmt: skip


def test_what_has_no_column_lies_beside(tmp_path):
    write_targets(tmp_path, [PLAIN, *FURTHER])
    assert sorted(targets_of(read_targets(tmp_path))) == sorted([PLAIN, *FURTHER])
    assert (tmp_path / "targets_more.parquet").is_file()


def test_an_earlier_runs_further_targets_do_not_stay(tmp_path):
    write_targets(tmp_path, FURTHER)
    write_targets(tmp_path, [PLAIN])
    assert not (tmp_path / "targets_more.parquet").exists()
    assert targets_of(read_targets(tmp_path)) == [PLAIN]


def test_a_phase_is_another_target_with_another_id():
    ids = {one.target_id for one in (PLAIN, *FURTHER)}
    assert len(ids) == 4
    day = date(2023, 1, 9)
    assert PLAIN.target_id == Target.make_id("tax", "county", 2023, "own", "level", day)
