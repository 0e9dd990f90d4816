"""Measures that rest on a figure put right: each says so, and which figure it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import narwhals as nw

from diaodu.engine.compute.emit import BREAK
from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.figures import table
from diaodu.engine.rules.cross_figures import period_of
from diaodu.engine.rules.models import Correction
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.own_tracks import act, corrections_of

Notes = Mapping[str, str]  # obs_id of a figure put right → what is said of it

_ITSELF = "更正："  # what the formula of the figure itself begins with: it tells reason and source


def notes(read: Frame, rulebook: Rulebook) -> Notes:
    """Of the figures that are read, those put right."""
    return {name: _note(one) for name, (_, one) in corrections_of(read, rulebook).items()}


def _note(one: Correction) -> str:
    """2022年1—5月数已更正：来数446.0改为44.60"""
    return f"{period_of(one) or one.period}数已更正：{act(one)}"


def told(rows: Frame, notes: Notes) -> Frame:
    """Rows of measures; the `formula` of those that rest on a figure put right names it."""
    if not notes or not len(rows):
        return rows
    rows = rows.with_row_index("row")
    known = dict(_marks(rows, notes))
    marks: dict[str, list[Any]] = {"row": list(known), "mark": list(known.values())}
    schema: dict[str, Any] = {"row": rows.schema["row"], "mark": nw.String}
    rows = rows.join(table(rows, marks, schema), on="row", how="left")
    both = nw.concat_str([nw.col("formula"), nw.col("mark")], ignore_nulls=True)
    return rows.with_columns(formula=both).drop("row", "mark")


def _marks(rows: Frame, notes: Notes) -> Iterator[tuple[int, str]]:
    any_of_them = nw.col("inputs").str.contains("|".join(sorted(notes)))
    itself = nw.col("formula").str.starts_with(_ITSELF)
    found = rows.filter(any_of_them & ~itself).select("row", "inputs")
    for row, inputs in found.iter_rows():
        named = dict.fromkeys(notes[name] for name in inputs.split(BREAK) if name in notes)
        if named:
            yield row, f"（{'；'.join(named)}）"
