"""The figures that are checked, as frames: the newest unheld one of each key, with its rounding
and the periods it is compared with.

Numbers are Int128, scaled by 10^12, so comparisons are exact; they hold for |value| < 10^16.
The frames only pick candidates, generously; what is a finding is decided on the Observations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import narwhals as nw

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import EXACT, SCALE
from diaodu.engine.ground.records import Observation
from diaodu.engine.rules.calendar import latest_filed, previous_filed
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.own_tracks import on_own_tracks
from diaodu.engine.verify.rounding import half_of

Frame = nw.DataFrame[Any]

KEY = ["indicator", "org", "period", "facet", "against", "track"]
_READ = [*KEY, "obs_id", "n", "value", "decimals", "unit"]
SERIES = ["indicator", "org", "track"]
_LANE = [*SERIES, "facet", "against_text"]  # KEY but for the period
PLACE = [*SERIES, "period"]
# Words that tell of an absence; they never replace a number received earlier.
ABSENT_WORDS = ("missing", "not_due", "late")


@dataclass(frozen=True)
class Figures:
    """What the checks read.

    frame: one row per key; its columns, obs_id, n, value, decimals, unit, and `half`, `last_year`,
    `upto`, `before`, `year`, `ytd_month`, `against_text` (empty for null), `series` (a number for
    indicator, org, track), `slot` (one for the series and the period), `slot_last_year` and
    `of_all` (one for the indicator and the period).
    numbers: of the periods on file; the slots of a series differ as they do.
    usable: every unheld row that tells something, with all columns of Observation.
    received: every row received, held ones and words included.
    """

    frame: Frame
    usable: Frame
    received: Frame
    rulebook: Rulebook
    period: Period
    as_of: date
    numbers: Mapping[str, int] = field(default_factory=dict)

    def facet(self, name: str) -> Frame:
        return self.frame.filter(nw.col("facet") == name)

    def table(self, columns: dict[str, list[Any]], schema: dict[str, Any]) -> Frame:
        """A small frame on the same engine; Int128 and String columns as in `schema`."""
        return nw.from_dict(columns, schema, backend=nw.get_native_namespace(self.frame))

    def without(self, ids: Collection[str]) -> Figures:
        """The same, some obs_ids held out; they count as received all the same."""
        if not ids:
            return self
        return replace(self, frame=self.frame.filter(~nw.col("obs_id").is_in(sorted(ids))))

    def near(self, month: Period) -> Figures:
        """The same, of the newest periods by a month and what they are compared with alone."""
        wanted = needed_periods(self.rulebook, month)
        numbers = [number for period, number in self.numbers.items() if period in wanted]
        close = self.frame.filter((nw.col("slot") % len(self.numbers)).is_in(numbers))
        return replace(
            self, frame=close, usable=self.usable.filter(nw.col("period").is_in(sorted(wanted)))
        )

    def load(self, ids: Iterable[str]) -> dict[str, Observation]:
        """The Observations of some obs_ids."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        rows = self.usable.filter(nw.col("obs_id").is_in(wanted)).iter_rows(named=True)
        return {row["obs_id"]: observation_of(row) for row in rows}


def rows_of(frame: Frame, *columns: str) -> Iterator[tuple[Any, ...]]:
    yield from frame.select(*columns).iter_rows()


def build(
    observations: Frame, rulebook: Rulebook, period: Period, as_of: date, *, all_periods: bool
) -> Figures:
    """Take the rows received by `as_of`, of every period or of the newest and its bases only."""
    received = on_own_tracks(rows_where(observations, nw.col("received") <= as_of), rulebook)
    chosen = received
    if not all_periods:
        chosen = received.filter(nw.col("period").is_in(sorted(needed_periods(rulebook, period))))
    told = ~nw.col("word").fill_null("").is_in(ABSENT_WORDS)
    usable = rows_where(chosen, ~nw.col("held") & told)
    read = usable.select(*_READ, "received", against_text=nw.col("against").fill_null(""))
    periods = read.get_column("period").unique().to_list()
    numbers = {period: number for number, period in enumerate(periods)}
    bare = Figures(read, usable, received, rulebook, period, as_of, numbers)
    frame = _with_slots(bare, _with_periods(bare, read))
    if not frame["received"].is_sorted():
        frame = frame.sort("received")
    newest = frame.filter(nw.col("key").is_last_distinct()).filter(~nw.col("value").is_null())
    return replace(bare, frame=_with_half(bare, newest.drop("key")))


def rows_where(frame: Frame, condition: nw.Expr | str) -> Frame:
    """`filter`, for very many rows and what most often holds of them all: then none is copied."""
    holds = frame.select(_=condition)["_"]
    return frame if holds.sum() == len(frame) else frame.filter(holds)


def needed_periods(rulebook: Rulebook, period: Period) -> set[str]:
    """The newest period of each indicator, its own month, and what they are compared with."""
    found: set[Period] = set()
    for indicator in rulebook.indicators.values():
        newest = latest_filed(indicator, period)
        before = previous_filed(indicator, newest)
        for one in {newest, newest.last_month(), newest.ytd(), before, before.ytd()}:
            found |= {one, one.last_year()}
    return {one.id for one in found}


def before_in_year(indicator: Indicator, period: Period) -> Period | None:
    """The filed period before this one; None for a cumulative figure where a year lies between."""
    before = previous_filed(indicator, period)
    if indicator.basis in ("ytd", "count", "mean") and before.year != period.year:
        return None
    return before


def earlier_periods(
    figures: Figures, rows: Frame, before: Callable[[Indicator, Period], Period | None]
) -> Frame:
    """Rows of_all, back: how far the slot of the period that `before` names lies from that of each
    of the rows' periods; only where it names one that is on file."""
    columns: dict[str, list[Any]] = {"of_all": [], "back": []}
    known: dict[tuple[str, ...], int | None] = {}
    asked = rows.select("of_all", "indicator", "period").unique(subset=["of_all"])
    for of_all, name, text in asked.iter_rows():
        indicator = figures.rulebook.indicators[name]
        alike = (indicator.basis, indicator.cadence, indicator.january, text)
        if alike not in known:
            period = Period.from_id(text)
            found = before(indicator, period) if period.is_whole_months else None
            number = None if found is None else figures.numbers.get(found.id)
            known[alike] = None if number is None else number - figures.numbers[text]
        if known[alike] is not None:
            columns["of_all"].append(of_all)
            columns["back"].append(known[alike])
    return figures.table(columns, {"of_all": nw.Int64, "back": nw.Int64})


def _with_half(figures: Figures, frame: Frame) -> Frame:
    """`half`: half a unit of the last digit, scaled. Finer than the scale counts as exact, which
    lets more candidates through, never fewer."""
    units = list(frame.select("unit", "decimals").unique().iter_rows())
    halves = [int(half_of(decimals, unit).scaleb(SCALE)) for unit, decimals in units]
    table = figures.table(
        {"unit": [u for u, _ in units], "decimals": [d for _, d in units], "half": halves},
        {"unit": nw.String, "decimals": frame.schema["decimals"], "half": nw.Int128},
    )
    joined = frame.join(table, on=["unit", "decimals"], how="left")
    return joined.with_columns(nw.col("half").fill_null(0))


def _with_periods(figures: Figures, frame: Frame) -> Frame:
    """`last_year`, and for a span that does not begin in January `upto` (January to its end) and
    `before` (January to its eve); `ytd_month` is the last month of a cumulative period."""
    columns: dict[str, list[Any]] = {
        "period": [], "last_year": [], "upto": [], "before": [], "year": [], "ytd_month": [],
        "number": [], "back": [],
    }  # fmt: skip
    for text, number in figures.numbers.items():
        period = Period.from_id(text)
        inner = period.is_whole_months and period.start.month > 1
        first = period.start.month
        columns["period"].append(text)
        columns["last_year"].append(period.last_year().id)
        columns["upto"].append(period.ytd().id if inner else None)
        columns["before"].append(Period.of_months(period.year, 1, first - 1).id if inner else None)
        columns["year"].append(period.year)
        cumulative = period.is_whole_months and period.is_cumulative
        columns["ytd_month"].append(period.month if cumulative else None)
        base = figures.numbers.get(period.last_year().id)
        columns["number"].append(number)
        columns["back"].append(None if base is None else base - number)
    schema = {
        "period": nw.String, "last_year": nw.String, "upto": nw.String, "before": nw.String,
        "year": nw.Int64, "ytd_month": nw.Int64, "number": nw.Int64,
        "back": nw.Int64,
    }  # fmt: skip
    return frame.join(figures.table(columns, schema), on="period", how="left")


def _with_slots(figures: Figures, frame: Frame) -> Frame:
    """`series`, `slot`, `of_all`, and `key`, one for all of KEY: a number is joined and sorted by
    many times faster than texts."""
    lanes = frame.select(*_LANE).unique().with_row_index("lane")
    for name, alike in (("series", SERIES), ("line", ["indicator"])):
        lanes = lanes.join(lanes.select(*alike).unique().with_row_index(name), on=alike)
    frame = frame.join(lanes, on=_LANE, how="left")
    key, slot, of_all = (
        nw.col(name).cast(nw.Int64) * len(figures.numbers) + nw.col("number")
        for name in ("lane", "series", "line")
    )
    frame = frame.with_columns(
        key=key, slot=slot, slot_last_year=slot + nw.col("back"), of_all=of_all
    )
    return frame.drop("number", "back", "lane", "line")


_COLUMNS = Observation._fields


def observation_of(row: dict[str, Any]) -> Observation:
    """The record of a row of a frame of observations."""
    values = {name: row[name] for name in _COLUMNS}
    values["value"] = unscaled(row["value"])
    return Observation(**values)


def unscaled(number: int) -> Decimal:
    """An exact Decimal from a scaled integer."""
    with localcontext(EXACT):
        return Decimal(number).scaleb(-SCALE)


def scaled_up(number: Decimal) -> int:
    """A scaled integer from a Decimal, cut off after twelve decimals."""
    with localcontext(EXACT):
        return int(number.scaleb(SCALE))
