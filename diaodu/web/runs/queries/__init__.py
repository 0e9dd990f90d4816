"""What other rooms ask of runs. Whoever asks hands over what they may see (`access`) and when."""

from diaodu.web.runs.queries.choosing import (
    chosen,
    frozen_run,
    live_run,
    months,
    periods,
    runs_for,
)
from diaodu.web.runs.queries.findings import findings
from diaodu.web.runs.queries.row_view import (
    GROWTH_CLASSES,
    TARGET_CLASSES,
    Figure,
    Point,
    RankView,
    RowView,
    Tally,
    TargetView,
    tally,
)
from diaodu.web.runs.queries.rows import row, rows, rulebook_of
from diaodu.web.runs.queries.trace import Place, TraceNode, trace

__all__ = [
    "GROWTH_CLASSES",
    "TARGET_CLASSES",
    "Figure",
    "Place",
    "Point",
    "RankView",
    "RowView",
    "Tally",
    "TargetView",
    "TraceNode",
    "chosen",
    "findings",
    "frozen_run",
    "live_run",
    "months",
    "periods",
    "row",
    "rows",
    "rulebook_of",
    "runs_for",
    "tally",
    "trace",
]
