"""From the wide table to rows of measures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import narwhals as nw

from diaodu.engine.compute.exact import ONE, Frame, Range, whole, with_printed
from diaodu.engine.ground.words import MEASURE_WORD_NAMES, OBS_WORD_NAMES

Text = str | nw.Expr

# Inputs are joined while they are strings; ids and keys hold no line break.
BREAK = "\n"
_FLAT = OBS_WORD_NAMES["flat"]


def text(value: Text) -> nw.Expr:
    return nw.lit(value) if isinstance(value, str) else value


def joined(*inputs: nw.Expr) -> nw.Expr:
    """The inputs of a row, those that are null left out."""
    return nw.concat_str(list(inputs), separator=BREAK, ignore_nulls=True)


def key_of(
    measure: Text, *, indicator: Text | None = None, org: Text | None = None,
    period: Text | None = None, target_id: Text = "", base: Text = "", peer_group: Text = "",
) -> nw.Expr:  # fmt: skip
    """The key of another measure of the same row, or of the row named."""
    parts: list[Text] = [
        nw.col("indicator") if indicator is None else indicator,
        nw.col("org") if org is None else org,
        nw.col("period") if period is None else period,
        measure, target_id, base, peer_group,
    ]  # fmt: skip
    # Every expression has its price: neighbouring texts are put together here.
    merged: list[nw.Expr] = []
    for is_text, run in groupby(parts, key=lambda part: isinstance(part, str)):
        found = list(run)
        merged += [nw.lit("|".join(map(str, found)))] if is_text else map(text, found)
    return nw.concat_str(merged, separator="|")


def rows(
    frame: Frame, measure: Text, *, number: Range | None = None, word: nw.Expr | None = None,
    unit: Text, decimals: nw.Expr | int, formula: Text, inputs: nw.Expr, target_id: Text = "",
    base: Text = "", peer_group: Text = "", flat: nw.Expr | None = None,
) -> Frame:  # fmt: skip
    """Rows of one measure, still without key and print: see `together` and `finished`.

    `flat` marks numbers that are printed 持平.
    """
    nothing = nw.lit(None, dtype=nw.Int128)
    number = number or Range(nothing, nothing, nothing)
    said = nw.lit(None, dtype=nw.String) if word is None else word
    places = nw.lit(decimals, dtype=nw.Int64) if isinstance(decimals, int) else decimals
    return frame.select(
        "indicator", "org", "period",
        measure=text(measure), target_id=text(target_id), base=text(base),
        peer_group=text(peer_group), value=number.value, decimals=places, word=said,
        unit=text(unit), lo=number.lo, hi=number.hi, formula=text(formula), inputs=inputs,
        flat=nw.lit(False) if flat is None else flat.fill_null(False),
    )  # fmt: skip


def together(frames: Sequence[Frame]) -> Frame:
    """Many frames of `rows` as one. A row with a word has no number."""
    out = nw.concat(list(frames))
    bare = nw.col("word").is_null()
    return out.with_columns(
        **{name: nw.when(bare).then(nw.col(name)) for name in ("value", "lo", "hi")}
    )


def finished(out: Frame) -> Frame:
    """Rows of `rows` with their keys and prints; `inputs` still joined: see `in_order`."""
    out = with_printed(out, "digits", nw.col("value"), nw.col("decimals"))
    names = nw.col("word").replace_strict(
        list(MEASURE_WORD_NAMES), list(MEASURE_WORD_NAMES.values()), return_dtype=nw.String
    )
    shown = (
        nw.when(~nw.col("word").is_null())
        .then(names)
        .when(nw.col("flat"))
        .then(nw.lit(_FLAT))
        .otherwise(nw.col("digits"))
    )
    return out.select(
        key_of(
            nw.col("measure"), target_id=nw.col("target_id"), base=nw.col("base"),
            peer_group=nw.col("peer_group"),
        ).alias("key"),
        "indicator", "org", "period", "measure", "target_id", "base", "peer_group", "value",
        shown.alias("shown"),
        nw.when(nw.col("word").is_null()).then(nw.col("decimals")).alias("decimals"),
        "word", "unit", "lo", "hi", "formula", "inputs",
    )  # fmt: skip


def in_order(batches: Sequence[Frame]) -> Frame:
    """Finished rows sorted by key, in the columns of Measure (numbers scaled, inputs lists, null
    for none). Lists are made last: sorting them takes ten times as long as sorting texts."""
    some = nw.when(nw.col("inputs") != "").then(nw.col("inputs"))
    return nw.concat(list(batches)).sort("key").with_columns(inputs=some.str.split(BREAK))


def counted(name: str) -> Range:
    """A whole number (a place, a count) as an exact scaled value."""
    return Range.exact(nw.col(name).cast(nw.Int128) * whole(ONE))
