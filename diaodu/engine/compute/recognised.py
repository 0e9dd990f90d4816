"""认定差: what an org reports of itself less what is recognised above, of the same key.

Here alone two tracks of one figure stand beside each other; every other measure reads one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import narwhals as nw

from diaodu.engine.compute.emit import Row, joined
from diaodu.engine.compute.exact import Frame, Range, Ratio
from diaodu.engine.compute.figures import KEY, facet, select
from diaodu.engine.compute.stated import kept, stated
from diaodu.engine.ground.words import OBS_WORD_NAMES, TRACK_NAMES, Track
from diaodu.engine.rules.models import Uses
from diaodu.engine.rules.rulebook import Rulebook

_DIGITS = 14  # a scaled percentage out of two scaled figures


def measures(observations: Frame, cells: Frame, rulebook: Rulebook, as_of: date) -> Iterator[Frame]:
    """recognition_gap and recognition_gap_pct of the asked cells of every indicator that has ever
    been recognised, as far as there is either figure; a word where one of the two is missing."""
    levels = observations.filter(
        (nw.col("facet") == "level") & nw.col("track").is_in(["self", "recognised"])
    )
    recognised = levels.filter(
        (nw.col("track") == "recognised") & (nw.col("received") <= as_of)
    )["indicator"].unique()  # fmt: skip
    if not len(recognised):
        return
    asked = cells.filter(
        nw.col("asked") & ~nw.col("rate_only") & nw.col("indicator").is_in(recognised.to_list())
    ).select(*KEY, "unit", "points", "decimals", "growth_decimals", "computes")
    own = _of_track(levels, asked, rulebook, as_of, "self", "s")
    above = _of_track(levels, asked, rulebook, as_of, "recognised", "r")
    frame = asked.join(own, on=KEY, how="left").join(above, on=KEY, how="left")
    yield from _gaps(frame.filter(~nw.col("s").is_null() | ~nw.col("r").is_null()))


def _of_track(
    levels: Frame, asked: Frame, rulebook: Rulebook, as_of: date, track: Track, prefix: str
) -> Frame:
    """The newest figures of one track, whatever the uses read."""
    alone = replace(rulebook, uses=(Uses.model_validate({"use": "board", "tracks": [track]}),))
    periods = sorted(asked["period"].unique().to_list())
    own = levels.filter(nw.col("track") == track)
    return facet(select(own, alone, periods, as_of, "board"), "level", prefix)


def _absent(prefix: str, track: str) -> nw.Expr:
    """上级认定未收到来数; 上级认定的来数为“未予认定”."""
    name = TRACK_NAMES[track]
    words = nw.col(f"{prefix}_word").replace_strict(
        list(OBS_WORD_NAMES), list(OBS_WORD_NAMES.values()), return_dtype=nw.String
    )
    noted = nw.col(f"{prefix}_formula")
    return (
        nw.when(~noted.is_null()).then(nw.concat_str([nw.lit(name), nw.lit("："), noted]))
        .when(words.is_null()).then(nw.lit(f"{name}轨未收到来数"))
        .otherwise(nw.concat_str([nw.lit(f"{name}轨来数为“"), words, nw.lit("”")]))
    )  # fmt: skip


_BOTH = ~nw.col("s").is_null() & ~nw.col("r").is_null()
_DIFFERENCE = Range.of("s") - Range.of("r")
_GAP = stated(both=_BOTH, d=_DIFFERENCE.value, d_lo=_DIFFERENCE.lo, d_hi=_DIFFERENCE.hi)
_INPUTS = joined(nw.col("s_ref"), nw.col("r_ref"))
_GAP_ROW = Row(
    "recognition_gap", number=Range.of("d"),
    word=nw.when(~nw.col("both")).then(nw.lit("not_published")), unit=nw.col("points"),
    decimals=nw.col("decimals"), inputs=_INPUTS,
    formula=nw.when(nw.col("both")).then(nw.lit("自报 − 上级认定"))
    .when(nw.col("r").is_null()).then(_absent("r", "recognised"))
    .otherwise(_absent("s", "self")),
)  # fmt: skip
_IS_SHARED = kept(nw.col("both") & nw.col("computes"))
_POSITIVE = Range(nw.when(nw.col("s") > 0).then(nw.col("s")), nw.col("s_lo"), nw.col("s_hi"))
_SHARE = Ratio("x", Range.of("d"), _POSITIVE, _DIGITS)
_SHARE_ROW = Row(
    "recognition_gap_pct", number=Range.of("x"),
    word=nw.when(nw.col("x").is_null()).then(nw.lit("not_comparable")), unit="%",
    decimals=nw.col("growth_decimals"), inputs=_INPUTS,
    formula=nw.when(nw.col("x").is_null())
    .then(nw.lit("自报数不大于零，不算比重"))
    .otherwise(nw.lit("（自报 − 上级认定）÷ 自报 × 100")),
)  # fmt: skip


def _gaps(frame: Frame) -> Iterator[Frame]:
    if not len(frame):
        return
    frame = frame.with_columns(_GAP)
    yield _GAP_ROW.of(frame)
    shared = frame.filter(_IS_SHARED)
    if len(shared):
        yield _SHARE_ROW.of(_SHARE.beside(shared))
