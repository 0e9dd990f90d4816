"""From the wide table to rows of measures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from itertools import groupby
from typing import Any

import narwhals as nw

from diaodu.engine.compute.exact import ONE, Frame, Printed, Range, whole
from diaodu.engine.compute.figures import KEY, chosen, is_numbers, table
from diaodu.engine.compute.stated import stated
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


class Row:
    """What is stated of one measure; `of` a frame it gives the rows, still without key and print:
    see `together` and `finished`.

    `flat` marks numbers that are printed 持平. A column that is the same for nearly all measures
    is left out where it says nothing. Kept by the module whose measure it is: see `stated`.
    """

    def __init__(
        self, measure: Text, *, number: Range | None = None, word: nw.Expr | None = None,
        unit: Text, decimals: nw.Expr | int, formula: Text, inputs: nw.Expr, target_id: Text = "",
        base: Text = "", peer_group: Text = "", flat: nw.Expr | None = None,
    ) -> None:  # fmt: skip
        told: dict[str, nw.Expr | str] = {
            name: text(value)
            for name, value in (
                ("target_id", target_id), ("base", base), ("peer_group", peer_group),
            )
            if not isinstance(value, str) or value
        }  # fmt: skip
        if number is not None:
            told |= {"value": number.value, "lo": number.lo, "hi": number.hi}
        if word is not None:
            told["word"] = word
        if flat is not None:
            told["flat"] = flat
        places = nw.lit(decimals, dtype=nw.Int64) if isinstance(decimals, int) else decimals
        self._named = stated(
            indicator="indicator", org="org", period="period", measure=text(measure),
            decimals=places, unit=text(unit), formula=text(formula), inputs=inputs, **told,
        )  # fmt: skip
        self._of_numbers = measure, number, word, peer_group

    @cached_property
    def _numbers(self) -> list[nw.Expr]:
        return _numbers(*self._of_numbers)

    def of(self, frame: Frame, where: nw.Expr | None = None) -> Frame:
        """Of every row, or of those where a condition holds."""
        if is_numbers(frame):
            return _number_or_word(chosen(frame, where, self._numbers))
        frame = frame if where is None else frame.filter(where)
        if not len(frame):
            return frame.select(*KEY)  # nothing is stated of no rows: see `together`
        return frame.select(self._named)


def _numbers(
    measure: Text, number: Range | None, word: nw.Expr | None, peer_group: Text
) -> list[nw.Expr]:
    """place, measure, peer_group where it applies, the number or word, and the number's bounds
    where it is not exact; of a place or count the whole number, not scaled."""
    told: dict[str, nw.Expr | str] = {}
    if isinstance(peer_group, nw.Expr):
        told["peer_group"] = peer_group
    if word is not None:
        told["word"] = word
    if number is not None:
        ends = {"value": number.value, "lo": number.lo, "hi": number.hi}
        if number.is_exact:
            ends = {"value": number.value if number.count is None else number.count}
        told |= ends
    return stated(place="period", measure=text(measure), **told)


def _number_or_word(rows: Frame) -> Frame:
    """A row with a word has no number."""
    if "word" not in rows.columns or rows["word"].null_count() == len(rows):
        return rows
    return rows.with_columns(**{name: _BARE[name] for name in _BARE.keys() & rows.columns})


_BARE = {
    name: nw.when(nw.col("word").is_null()).then(nw.col(name)) for name in ("value", "lo", "hi")
}
_TYPES: dict[str, Any] = {
    "indicator": nw.String, "org": nw.String, "period": nw.String, "measure": nw.String,
    "target_id": nw.String, "base": nw.String, "peer_group": nw.String, "value": nw.Int128,
    "lo": nw.Int128, "hi": nw.Int128, "decimals": nw.Int64, "word": nw.String, "unit": nw.String,
    "formula": nw.String, "inputs": nw.String, "flat": nw.Boolean,
}  # fmt: skip


def together(frames: Sequence[Frame]) -> Frame:
    """Many frames of `Row` as one, with all columns. A row with a word has no number."""
    every = table(frames[0], {name: [] for name in _TYPES}, _TYPES)
    out = nw.concat([*(one for one in frames if len(one)), every], how="diagonal")
    return out.select(_together())


@cache
def _together() -> list[nw.Expr]:
    # In one order, whichever frame came first: batches are put together again.
    told: dict[str, nw.Expr | str] = {name: name for name in _TYPES}
    told |= {name: nw.col(name).fill_null("") for name in ("target_id", "base", "peer_group")}
    told |= _BARE
    told["flat"] = nw.col("flat").fill_null(False)
    return stated(**told)


def finished(out: Frame) -> Frame:
    """Rows of `Row` with their keys and prints; `inputs` still joined: see `in_order`."""
    return _DIGITS.beside(out).select(_finished())


_DIGITS = Printed("digits", nw.col("value"), nw.col("decimals"))


@cache
def _finished() -> list[nw.Expr]:
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
    key = key_of(
        nw.col("measure"), target_id=nw.col("target_id"), base=nw.col("base"),
        peer_group=nw.col("peer_group"),
    )  # fmt: skip
    decimals = nw.when(nw.col("word").is_null()).then(nw.col("decimals"))
    told: dict[str, nw.Expr | str] = {
        name: name
        for name in ("indicator", "org", "period", "measure", "target_id", "base", "peer_group",
                     "value", "shown", "decimals", "word", "unit", "lo", "hi", "formula", "inputs")
    }  # fmt: skip
    return stated(**{"key": key} | told | {"shown": shown, "decimals": decimals})


def in_order(batches: Sequence[Frame]) -> Frame:
    """Finished rows sorted by key, in the columns of Measure (numbers scaled, inputs lists, null
    for none). Lists are made last: sorting them takes ten times as long as sorting texts."""
    some = nw.when(nw.col("inputs") != "").then(nw.col("inputs"))
    return nw.concat(list(batches)).sort("key").with_columns(inputs=some.str.split(BREAK))


def counted(name: str) -> Range:
    """A whole number (a place, a count) as an exact scaled value."""
    scaled = nw.col(name).cast(nw.Int128) * whole(ONE)
    return Range(scaled, scaled, scaled, nw.col(name))
