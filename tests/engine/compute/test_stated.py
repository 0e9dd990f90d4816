"""Expressions that are stated once."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from diaodu.engine.compute.stated import kept, stated

FRAME = nw.from_native(pl.DataFrame({"a": [1, -2, None], "b": ["x", "y", "z"]}), eager_only=True)


def test_columns_are_those_of_the_plain_expressions() -> None:
    positive = nw.when(nw.col("a") > 0).then(nw.col("b"))
    plain = FRAME.select("b", c="a", d=positive, e=nw.lit(1))
    assert FRAME.select(stated("b", c="a", d=positive, e=nw.lit(1))).rows() == plain.rows()
    assert FRAME.with_columns(stated(a=nw.col("a") * 2))["a"].to_list() == [2, -4, None]


def test_a_condition_filters_as_the_plain_one() -> None:
    assert FRAME.filter(kept(~nw.col("a").is_null()))["b"].to_list() == ["x", "y"]


def test_a_statement_serves_frames_of_other_columns_and_types() -> None:
    doubled = stated(c=nw.col("a") + nw.col("a"))
    texts = nw.from_native(pl.DataFrame({"a": ["x"], "z": [1]}), eager_only=True)
    assert FRAME.select(doubled)["c"].to_list() == [2, -4, None]
    assert texts.select(doubled)["c"].to_list() == ["xx"]


def test_what_is_made_of_a_stated_expression_is_its_own() -> None:
    once = kept(nw.col("a"))
    FRAME.select(once)
    assert FRAME.select(once + 1)["a"].to_list() == [2, -1, None]
    assert FRAME.select(once)["a"].to_list() == [1, -2, None]


def test_the_form_is_made_once() -> None:
    (once,) = stated(c=nw.col("a") + 1)
    space = FRAME.__narwhals_namespace__()
    assert once._to_compliant_expr(space) is once._to_compliant_expr(space)
    plain = nw.col("a") + 1
    assert plain._to_compliant_expr(space) is not plain._to_compliant_expr(space)
