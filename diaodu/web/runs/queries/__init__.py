"""What other rooms ask of runs. Whoever asks hands over what they may see (`access`) and when."""

from diaodu.web.runs.models import Run
from diaodu.web.runs.queries.choosing import (
    chosen,
    first_stood,
    frozen_run,
    live_run,
    live_runs,
    may_here,
    months,
    periods,
    published,
    runs_for,
    stood,
)
from diaodu.web.runs.queries.files import FILES, file_of, why_no_files
from diaodu.web.runs.queries.findings import findings
from diaodu.web.runs.queries.ledger import ledger
from diaodu.web.runs.queries.row_view import (
    GROWTH_CLASSES,
    HELD,
    TARGET_CLASSES,
    Figure,
    Point,
    RankView,
    RowView,
    Tally,
    TargetView,
    tally,
)
from diaodu.web.runs.queries.rows import indicators_of, lights_of, row, rows, rulebook_of
from diaodu.web.runs.queries.trace import Place, TraceNode, trace
from diaodu.web.runs.queries.unread import (
    BareRow,
    bare_rows,
    found_of,
    lights,
    published_ids,
    standing_runs,
)

__all__ = [
    "FILES", "GROWTH_CLASSES", "HELD", "TARGET_CLASSES", "BareRow", "Figure", "Place", "Point",
    "RankView", "RowView", "Run", "Tally", "TargetView", "TraceNode", "bare_rows", "chosen",
    "file_of", "findings", "first_stood", "found_of", "frozen_run", "indicators_of", "ledger",
    "lights", "lights_of", "live_run", "live_runs", "may_here", "months", "periods", "published",
    "published_ids", "row", "rows", "rulebook_of", "runs_for", "standing_runs", "stood", "tally",
    "trace", "why_no_files",
]  # fmt: skip
