"""Comparisons across a declared break in a series: marked, or not made.

A comparison crosses a break where its base begins before the break and it ends on or after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals as nw

from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.figures import table
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.models import Break
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.breaks import named

# A base that is no longer comparable is a fact all the same; what is made of it is none.
_FACTS = ("last_year",)
_COMPARISONS = (
    *_FACTS, "change", "growth", "month_value", "month_growth", "rank_level_move",
    "rank_growth_move", "two_year_average", "growth_needed", "growth_needed_next", "pull_other",
    "like_for_like", "coverage_effect", "coverage_effect_pp",
)  # fmt: skip
# Who publishes a growth has made both ends of it alike.
_PUBLISHED = "|growth_published|"
_GROWTH = ("g", "g_lo", "g_hi", "g_floor", "g_rem", "g_den")
_COMPARED = ("indicator", "org", "period", "base")


def without_growth(cells: Frame, rulebook: Rulebook) -> Frame:
    """`apart`: last year's figure cannot be compared with this one's. Such a cell has no growth
    (`g`, `g_word`), so that nothing is ranked or judged by one."""
    apart = [one for one in rulebook.breaks if one.comparable == "false"]
    crossing = _crossings(cells.rename({"last_year": "base"}), apart) if apart else None
    if crossing is None:
        return cells.with_columns(apart=nw.lit(False))
    crossing = crossing.rename({"base": "last_year"}).drop("mark")
    cells = cells.join(crossing, on=["indicator", "org", "period", "last_year"], how="left")
    cells = cells.with_columns(apart=nw.col("apart").fill_null(False))
    both = nw.col("apart") & ~nw.col("v").is_null() & ~nw.col("b").is_null() & nw.col("computes")
    return cells.with_columns(
        *[nw.when(~nw.col("apart")).then(nw.col(name)).alias(name) for name in _GROWTH],
        g_word=nw.when(both).then(nw.lit("not_comparable")).otherwise(nw.col("g_word")),
    )


def keeps_apart(rulebook: Rulebook, indicator: str, org: str, base: Period, period: Period) -> bool:
    """Whether a figure cannot be compared with that of `base`, for a break between them."""
    return any(
        one.comparable == "false" and one.covers(indicator, org) and one.is_crossed(base, period)
        for one in rulebook.breaks
    )


def marked(rows: Frame, rulebook: Rulebook) -> Frame:
    """Rows of measures; those that compare across a break say so in `formula`, and are
    not_comparable where the rulebook says that they cannot be compared, unless they rest on
    published growth."""
    if not rulebook.breaks:
        return rows
    compares = nw.col("measure").is_in(list(_COMPARISONS)) & (nw.col("base") != "")
    crossing = _crossings(rows.filter(compares), rulebook.breaks)
    if crossing is None:
        return rows
    rows = rows.join(crossing, on=list(_COMPARED), how="left")
    here = compares & ~nw.col("mark").is_null()
    told = nw.col("inputs").str.contains(_PUBLISHED, literal=True).fill_null(False)
    fact = nw.col("measure").is_in(list(_FACTS)) | told
    apart = here & nw.col("apart").fill_null(False) & ~fact
    # A word that stands for another reason (no base) says more.
    said = nw.when(apart & nw.col("word").is_null()).then(nw.lit("not_comparable"))
    return rows.with_columns(
        *[nw.when(~apart).then(nw.col(name)).alias(name) for name in ("value", "lo", "hi")],
        word=nw.when(~nw.col("word").is_null()).then(nw.col("word")).otherwise(said),
        formula=nw.when(here)
        .then(nw.concat_str([nw.col("formula"), nw.col("mark")]))
        .otherwise(nw.col("formula")),
    ).drop("mark", "apart")


def _crossings(rows: Frame, breaks: Iterable[Break]) -> Frame | None:
    """indicator, org, period, base, mark, apart of the comparisons that cross one of the breaks;
    None where none does."""
    names = {name for one in breaks for name in one.indicators}
    if "*" not in names:
        rows = rows.filter(nw.col("indicator").is_in(sorted(names)))
    columns: dict[str, list[Any]] = {name: [] for name in (*_COMPARED, "mark", "apart")}
    periods: dict[str, Period] = {}
    for indicator, org, period, base in rows.select(*_COMPARED).unique().iter_rows():
        for text in (period, base):
            if text and text not in periods:
                periods[text] = Period.from_id(text)
        crossed = [
            one
            for one in breaks
            if base
            and one.covers(indicator, org)
            and one.is_crossed(periods[base], periods[period])
        ]
        if crossed:
            told = (indicator, org, period, base, "".join(map(mark, crossed)))
            apart = any(one.comparable == "false" for one in crossed)
            for column, value in zip(columns.values(), (*told, apart), strict=True):
                column.append(value)
    if not columns["mark"]:
        return None
    schema: dict[str, Any] = dict.fromkeys(columns, nw.String)
    return table(rows, columns, schema | {"apart": nw.Boolean})


def mark(one: Break) -> str:
    how = "与以前不可比" if one.comparable == "false" else "基数已按新口径修订"
    return f"（{named(one)}；{how}）"
