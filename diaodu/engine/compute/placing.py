"""Places in very many rankings at once.

Where groups are many and small, ranking each of them alone costs five times as much as sorting all
their rows once.
"""

from __future__ import annotations

import narwhals as nw

from diaodu.engine.compute.exact import Frame, whole
from diaodu.engine.compute.stated import stated

_MOST = 2**62  # rankings × spread of what is ranked, so that 64 bits hold both
_BETTER = nw.col("better")

# Each ranking by itself.
ONE_BY_ONE = stated(
    place=_BETTER.rank("min").over("ranking").cast(nw.Int64),
    reverse=_BETTER.rank("min", descending=True).over("ranking").cast(nw.Int64),
    n=nw.len().over("ranking").cast(nw.Int64),
)


def placed(frame: Frame) -> Frame:
    """Add place, reverse and n within `ranking` (whole numbers) by `better`, less being better:
    what ONE_BY_ONE gives."""
    if not len(frame):
        return frame.with_columns(ONE_BY_ONE)
    ranking, better = frame["ranking"], frame["better"]
    first, low = int(ranking.min()), int(better.min())
    spread = int(better.max()) - low + 1
    keys = (int(ranking.max()) - first + 1) * spread
    if keys >= _MOST:
        return frame.with_columns(ONE_BY_ONE)
    key = (nw.col("ranking") - first) * spread + (_BETTER - whole(low)).cast(nw.Int64)
    rows = _in_order(frame.select(key=key).with_row_index("row"), keys)
    row = rows["row"]
    rows = rows.with_row_index("at").with_columns(of=nw.col("key") // spread)
    at = row.scatter(row, rows["at"])
    rows = rows.select(_EDGES).select(_FILLED).select(_WITHIN)
    return nw.concat([frame, rows[at]], how="horizontal")


def _in_order(rows: Frame, keys: int) -> Frame:
    """`row` and `key` by key. Where one number holds both, numbers are all that is sorted, which
    takes half of the time."""
    size = len(rows)
    if keys * size >= _MOST:
        return rows.sort("key")
    both = rows.select(both=nw.col("key") * size + nw.col("row"))["both"].sort()
    number = nw.col("both")
    return both.to_frame().select(row=(number % size).cast(nw.UInt32), key=number // size)


def _edge(name: str, neighbour: int) -> nw.Expr:
    """Where it stands in the order of all, of rows whose neighbour is another one."""
    column = nw.col(name)
    return nw.when((column != column.shift(neighbour)).fill_null(True)).then(nw.col("at"))


# The first and the last of those alike, and of the ranking.
_EDGES = stated(
    alike=_edge("key", 1), worst=_edge("key", -1), ranked=_edge("of", 1), last=_edge("of", -1)
)
_FILLED = stated(
    **{name: nw.col(name).fill_null(strategy="forward") for name in ("alike", "ranked")},
    **{name: nw.col(name).fill_null(strategy="backward") for name in ("worst", "last")},
)
_WITHIN = stated(
    place=(nw.col("alike") - nw.col("ranked")).cast(nw.Int64) + 1,
    reverse=(nw.col("last") - nw.col("worst")).cast(nw.Int64) + 1,
    n=(nw.col("last") - nw.col("ranked")).cast(nw.Int64) + 1,
)
