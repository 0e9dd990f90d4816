"""The hidden keys of a form: what each cell asks for, written so that any change is noticed.

They lie on a sheet that no menu shows, one JSON text to a cell, the last one a digest of all.
In the table itself a hidden row names each column's role and a hidden column each row's key, so
that a key moves together with its row or column.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from diaodu.adapters.forms_excel.model import (
    FormColumn,
    FormIdentity,
    FormInput,
    FormRow,
    FormSheet,
    Shown,
    digest,
)

KEY_SHEET = "_填报标识"
MARKER = "diaodu.form:"  # begins the cell where the hidden row and the hidden column meet
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Keys:
    """What the hidden sheet of an upload tells. Its rows carry no draft, notes or reasons."""

    identity: FormIdentity
    title: str
    reporter_name: str
    period_label: str
    columns: tuple[FormColumn, ...]
    words: tuple[str, ...]
    reasons: tuple[str, ...]
    rows: tuple[FormRow, ...]


def row_key(row: FormRow) -> str:
    return f"{row.indicator}|{row.org}"


def write_keys(form: FormSheet) -> list[str]:
    """The hidden sheet's cells from above to below."""
    identity = form.identity
    records: list[list[Any]] = [
        ["form", _FORMAT, identity.form_id, identity.version, identity.period, identity.reporter,
         identity.return_id, identity.digest],
        ["names", form.title, form.reporter_name, form.period_label],
        ["words", form.words, form.reasons],
        *(["column", one.facet, one.title, one.unit] for one in form.columns),
        *(["row", row.indicator, row.org, row.name, row.depth, row.org_name, row.unit,
           [[facet, one.decimals, _written(one.last_year), _written(one.last)]
            for facet, one in row.inputs.items()]]
          for row in form.rows),
    ]  # fmt: skip
    lines = [json.dumps(record, separators=(",", ":")) for record in records]
    return [*lines, json.dumps(["end", digest(*lines)])]


def read_keys(lines: Sequence[str]) -> Keys | None:
    """The keys as they were written; None where a single character is another."""
    try:
        records = [json.loads(line) for line in lines]
        if records[-1] != ["end", digest(*lines[:-1])] or records[0][:2] != ["form", _FORMAT]:
            return None
        return _keys(records)
    except (ValueError, TypeError, IndexError, ArithmeticError, RecursionError):
        return None


def _keys(records: list[list[Any]]) -> Keys:
    (_, _, *identity), (_, title, reporter, period), (_, words, reasons), *rest = records[:-1]
    return Keys(
        FormIdentity(*identity), title, reporter, period,
        tuple(
            FormColumn(facet, head, unit)
            for kind, facet, head, unit in (one for one in rest if one[0] == "column")
        ),
        tuple(words), tuple(reasons),
        tuple(_row(*one[1:]) for one in rest if one[0] == "row"),
    )  # fmt: skip


def _row(
    indicator: str, org: str, name: str, depth: int, org_name: str, unit: str,
    inputs: list[list[Any]],
) -> FormRow:  # fmt: skip
    return FormRow(
        indicator, name, unit, org, org_name, depth,
        {
            facet: FormInput(decimals, _shown(last_year), _shown(last))
            for facet, decimals, last_year, last in inputs
        },
    )  # fmt: skip


def _written(shown: Shown) -> list[str]:
    return ["n", str(shown)] if isinstance(shown, Decimal) else ["t", shown]


def _shown(written: list[str]) -> Shown:
    kind, text = written
    return Decimal(text) if kind == "n" else text
