"""Expressions that are stated once and used in every run.

Over the few rows of one changed cell the price of a step is not the data but the statement: each
expression is turned into the backend's own form anew, wherever it is used. One that is `stated`
keeps that form. What depends on the rulebook or on a period is not stated here, but where it is
known.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw


class Stated(nw.Expr):
    """A narwhals expression that keeps its form for each backend.

    This leans on how narwhals asks an expression for that form (`_to_compliant_expr`), which is
    not part of what it promises; were it to change, the expression would work as any other and
    tests/engine/compute/test_stated.py would tell.
    """

    def __init__(self, *nodes: Any) -> None:
        super().__init__(*nodes)
        self._forms: dict[type, Any] = {}

    def _to_compliant_expr(self, ns: Any) -> Any:
        kind = type(ns)
        if kind not in self._forms:
            self._forms[kind] = super()._to_compliant_expr(ns)
        return self._forms[kind]


def kept(one: nw.Expr) -> nw.Expr:
    """An expression that nothing is appended to: a condition, or a column under its own name."""
    return Stated(*one._nodes)


def stated(*own: str, **named: nw.Expr | str) -> list[nw.Expr]:
    """Columns for `select` or `with_columns`: those that keep their name, and those that get one.
    A text is the name of a column."""
    columns = {**dict.fromkeys(own), **named}
    return [
        kept(nw.col(name) if one is None else _column(one).alias(name))
        for name, one in columns.items()
    ]


def _column(one: nw.Expr | str) -> nw.Expr:
    return nw.col(one) if isinstance(one, str) else one
