"""Which figure is read: unheld, received in time, newest vintage, best track."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute.exact import LIMIT, Frame, half_step, whole
from diaodu.engine.compute.stated import kept, stated
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import COUNT_WORDS
from diaodu.engine.ground.words import TRACK_NAMES
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.figures import rows_where
from diaodu.engine.verify.own_tracks import corrections_of, on_own_tracks, why

_HELD = "来数被暂扣，见审核意见"

# Words that tell of an absence; they never replace a number received earlier.
ABSENT_WORDS = ("missing", "not_due", "late")

KEY = ["indicator", "org", "period"]
_VINTAGES = [*KEY, "facet", "against", "track"]


def is_numbers(frame: Frame) -> bool:
    """Whether a frame holds places in place of names: `period` is the place of indicator, org and
    period together, and so are the periods it is compared with. See `numbers`."""
    return bool(frame["period"].dtype == nw.Int64)


def only(frame: Frame, condition: nw.Expr | str) -> Frame:
    """The rows for which it holds. Where numbers are many, most often it holds for all, and then
    nothing is copied."""
    return rows_where(frame, condition) if is_numbers(frame) else frame.filter(condition)


def chosen(frame: Frame, where: nw.Expr | None, columns: list[nw.Expr]) -> Frame:
    """Columns of the rows for which it holds. Of wide rows by the hundred thousand only the columns
    are brought together, and none where it holds for all."""
    if where is None:
        return frame.select(columns)
    if not is_numbers(frame):
        return frame.filter(where).select(columns)
    holds = frame.select(_=where)["_"]
    count = holds.sum()
    if count == len(frame):
        return frame.select(columns)
    return frame.select(columns).filter(holds) if count else frame.head(0).select(columns)


def table(like: Frame, columns: Mapping[str, list[Any]], types: Mapping[str, Any]) -> Frame:
    """A small frame on the engine of another one."""
    return nw.from_dict(dict(columns), dict(types), backend=nw.get_native_namespace(like))


def usable(observations: Frame, as_of: date) -> Frame:
    """What a run may read: not held and received by `as_of`."""
    return observations.filter(~nw.col("held") & (nw.col("received") <= as_of))


def is_figure() -> nw.Expr:
    """A number, or 持平, which is one for growth and change."""
    flat = (nw.col("word").fill_null("") == "flat") & (nw.col("facet") != "level")
    return ~nw.col("value").is_null() | flat


def on_file(observations: Frame, as_of: date, periods: Iterable[str]) -> set[tuple[str, str]]:
    """(indicator, period id) that anybody has a figure for, of some periods."""
    rows = observations.filter(nw.col("period").is_in(sorted(periods)))
    found = usable(rows, as_of).filter(is_figure()).select("indicator", "period").unique()
    return set(found.iter_rows())


def months_on_file(observations: Frame, as_of: date) -> list[Period]:
    """The months in which the periods on file end, oldest first."""
    found = usable(observations, as_of).filter(is_figure()).select("period").unique()
    periods = [Period.from_id(period) for (period,) in found.iter_rows()]
    return sorted({period.last_month() for period in periods if period.is_whole_months})


def select(
    observations: Frame, rulebook: Rulebook, needed: Iterable[str], as_of: date, use: str
) -> Frame:
    """One row per indicator, org, period, facet and against: the newest vintage of the first
    track (of those the use reads at the period's end) that has a figure, else a word.

    Adds `ref` (what the figure rests on: its obs_id), `lo`, `hi`, `first_ref` and `first_value`
    (the oldest vintage of the same track), and `said`, `formula`, `inputs`: word, computation
    and inputs of a level that is not simply as received. Where only held figures came, a row
    without number says so in `formula`.
    """
    periods = list(needed)
    on_file = observations.filter(nw.col("period").is_in(periods))
    rows = usable(on_file, as_of).select(
        "obs_id", "indicator", "org", "period", "facet", "n", "track", "received", "value",
        "decimals", "word", "unit",
        nw.col("against").fill_null(""),
        figure=is_figure(),
    )  # fmt: skip
    rows = on_own_tracks(rows, rulebook)
    rows = rows.join(_track_order(rows, rulebook, periods, use), on=["period", "track"])
    rows = _without_giants(_best_track(_newest(rows)))
    rows = _with_bounds(_with_flat(rows, rulebook)).with_columns(ref=nw.col("obs_id"))
    return _with_held(_with_corrections(rows, rulebook), on_file, as_of)


class Wanted(NamedTuple):
    """Ids of periods, and of the indicators whose figures of these are read; None for all."""

    periods: frozenset[str]
    indicators: frozenset[str] | None = None

    def rows(self) -> nw.Expr:
        of_period = nw.col("period").is_in(sorted(self.periods))
        if self.indicators is None:
            return of_period
        return of_period & nw.col("indicator").is_in(sorted(self.indicators))


class Selected:
    """The figures as they are read (see `select`), for all who want some: selecting them at once
    costs little more than selecting those of one."""

    def __init__(
        self, observations: Frame, rulebook: Rulebook, as_of: date, use: str,
        wanted: Sequence[Wanted],
    ) -> None:  # fmt: skip
        periods = sorted(frozenset().union(*(one.periods for one in wanted)))
        if any(one.indicators is not None for one in wanted):
            observations = observations.filter(nw.any_horizontal(
                *(one.rows() for one in wanted), ignore_nulls=True
            ))  # fmt: skip
        self._frame = select(observations, rulebook, periods, as_of, use)
        self._is_one = len(wanted) == 1

    def of(self, one: Wanted) -> Frame:
        return self._frame if self._is_one else self._frame.filter(one.rows())


def _with_corrections(rows: Frame, rulebook: Rulebook) -> Frame:
    """A figure put right says so in `formula`; it rests on what came in as well."""
    told = corrections_of(rows, rulebook)
    if not told:
        return rows
    known = table(
        rows,
        {"obs_id": list(told), "_own": [f"{one}\n{came}" for one, (came, _) in told.items()],
         "_why": [why(one) for _, one in told.values()]},
        {"obs_id": nw.String, "_own": nw.String, "_why": nw.String},
    )  # fmt: skip
    rows = rows.join(known, on="obs_id", how="left")
    is_right = ~nw.col("_own").is_null()
    return rows.with_columns(
        ref=nw.when(is_right).then(nw.col("_own")).otherwise(nw.col("ref")),
        formula=nw.when(is_right).then(nw.col("_why")).otherwise(nw.col("formula")),
    ).drop("_own", "_why")


def _with_held(rows: Frame, on_file: Frame, as_of: date) -> Frame:
    """Say of a figure that is not there that one came and is held: by a row of its own, or in
    place of the word that stands there."""
    place = [*KEY, "facet", "against"]
    held = on_file.filter(nw.col("held") & (nw.col("received") <= as_of) & is_figure())
    if not len(held):
        return rows
    held = held.select(*KEY, "facet", against=nw.col("against").fill_null("")).unique()
    absent = nw.col("word").is_null() | nw.col("word").is_in(ABSENT_WORDS)
    told = rows.filter(nw.col("figure") | ~absent).select(*place)
    held = held.join(told, on=place, how="anti")
    columns = {name: [None] * len(held) for name in rows.columns} | {
        name: held[name].to_list() for name in place
    }
    columns |= {"figure": [False] * len(held), "flat": [False] * len(held)}
    columns["formula"] = [_HELD] * len(held)
    return nw.concat([rows.join(held, on=place, how="anti"), table(rows, columns, rows.schema)])


def _track_order(like: Frame, rulebook: Rulebook, periods: list[str], use: str) -> Frame:
    rows = [
        (period, track, place)
        for period in periods
        for place, track in enumerate(rulebook.tracks(use, Period.from_id(period).end))
    ]
    return table(
        like,
        {
            "period": [row[0] for row in rows],
            "track": [row[1] for row in rows],
            "track_order": [row[2] for row in rows],
            "track_name": [TRACK_NAMES[row[1]] for row in rows],
        },
        {"period": nw.String, "track": nw.String, "track_order": nw.Int64,
         "track_name": nw.String},
    )  # fmt: skip


def _newest(rows: Frame) -> Frame:
    """The newest vintage; a word of absence only where there has never been a number.

    Most figures came once: only the others are sorted.
    """
    rows = rows.with_columns(vintages=nw.len().over(*_VINTAGES))
    once = rows.filter(nw.col("vintages") == 1).with_columns(
        first_ref=nw.col("obs_id"), first_value=nw.col("value")
    )
    if len(once) == len(rows):
        return once.drop("vintages")
    told = ~nw.col("word").fill_null("").is_in(ABSENT_WORDS)
    again = rows.filter(nw.col("vintages") > 1).with_columns(told=told).sort("told", "received")
    first = again.filter(nw.col("told")).unique(
        subset=_VINTAGES, keep="first", maintain_order=True
    ).select(*_VINTAGES, first_ref="obs_id", first_value="value")  # fmt: skip
    newest = again.unique(subset=_VINTAGES, keep="last", maintain_order=True)
    newest = newest.join(first, on=_VINTAGES, how="left").drop("told")
    return nw.concat([once, newest]).drop("vintages")


def _best_track(rows: Frame) -> Frame:
    """The first track that has a figure; where none has, the word of the first."""
    place = [*KEY, "facet", "against"]
    rows = rows.with_columns(tracks=nw.len().over(*place))
    alone = rows.filter(nw.col("tracks") == 1)
    if len(alone) == len(rows):
        return alone.drop("tracks")
    many = rows.filter(nw.col("tracks") > 1).sort("figure", "track_order", descending=[True, False])
    best = many.unique(subset=place, keep="first", maintain_order=True)
    return nw.concat([alone, best]).drop("tracks")


def _with_flat(rows: Frame, rulebook: Rulebook) -> Frame:
    """持平 is zero at the indicator's growth decimals, and stays printed as a word."""
    indicators = rulebook.indicators.values()
    known = table(
        rows,
        {"indicator": [i.id for i in indicators],
         "growth_decimals": [i.growth_decimals for i in indicators]},
        {"indicator": nw.String, "growth_decimals": nw.Int64},
    )  # fmt: skip
    rows = rows.join(known, on="indicator").with_columns(_FLAT)
    return rows.with_columns(_AS_ZERO).drop("growth_decimals")


_FLAT = stated(flat=nw.col("figure") & nw.col("value").is_null())
_AS_ZERO = stated(
    value=nw.when(nw.col("flat")).then(whole(0)).otherwise(nw.col("value")),
    decimals=nw.when(nw.col("flat")).then(nw.col("growth_decimals")).otherwise(nw.col("decimals")),
)


def _without_giants(rows: Frame) -> Frame:
    """A number too large to compute with is told as such (`said`, `formula`), never wrapped."""
    return rows.with_columns(_SMALL)


_GIANT = (nw.col("value").abs() > LIMIT).fill_null(False)
_SMALL = stated(
    value=nw.when(~_GIANT).then(nw.col("value")),
    first_value=nw.when(nw.col("first_value").abs() <= LIMIT).then(nw.col("first_value")),
    said=nw.when(_GIANT).then(nw.lit("not_comparable")),
    formula=nw.when(_GIANT).then(nw.lit("来数的绝对值超过10的14次方，不参加计算")),
    inputs=nw.lit(None, dtype=nw.String),
    figure=nw.col("figure") & ~_GIANT,
)


def _with_bounds(rows: Frame) -> Frame:
    """`lo`, `hi`: half a unit of the last digit given on each side; whole counts are exact."""
    return rows.with_columns(_HALF).with_columns(_BOUNDS).drop("_half")


_COUNTED = (nw.col("decimals") == 0) & nw.col("unit").is_in(sorted(COUNT_WORDS))
_HALF = stated(_half=nw.when(_COUNTED).then(whole(0)).otherwise(half_step(nw.col("decimals"))))
_BOUNDS = stated(lo=nw.col("value") - nw.col("_half"), hi=nw.col("value") + nw.col("_half"))


def facet(figures: Frame, name: str, prefix: str) -> Frame:
    """The figures of one facet that are against nobody, their columns renamed: `v`, `v_lo`,
    `v_hi`, `v_ref`, `v_track` … for prefix “v”."""
    return renamed(figures.filter(_of_facet(name)), prefix)


@cache
def _of_facet(name: str) -> nw.Expr:
    return kept((nw.col("facet") == name) & (nw.col("against") == ""))


def filter_numbers(facet_rows: Frame) -> Frame:
    """Those of `facet` that are numbers, not words."""
    return facet_rows.filter(_is_number(facet_rows.columns[len(KEY)]))


@cache
def _is_number(name: str) -> nw.Expr:
    return kept(~nw.col(name).is_null())


def renamed(chosen: Frame, prefix: str) -> Frame:
    names = ("lo", "hi", "ref", "word", "flat", "track", "track_name", "first_ref", "first_value",
             "formula", "inputs", "said")  # fmt: skip
    return chosen.select(*KEY, "value", *names).rename(
        {"value": prefix, **{name: f"{prefix}_{name}" for name in names}}
    )
