"""What is on file: for the engine (all of it), and for readers (in their scope, after release)."""

from diaodu.web.figures.queries.batches import batch, batches, seen_files
from diaodu.web.figures.queries.engine import (
    engine_observations,
    frame,
    last_entry,
    recorded_since,
    standing,
    target_frame,
    targets,
)
from diaodu.web.figures.queries.gaps import GapRow, Gaps, Side, gaps
from diaodu.web.figures.queries.known import Known, known, last_known
from diaodu.web.figures.queries.scope import may_change
from diaodu.web.figures.queries.seen import (
    Point,
    is_early,
    one,
    periods,
    series,
    standing_on,
    vintages,
    visible,
)

__all__ = [
    "GapRow", "Gaps", "Known", "Point", "Side", "batch", "batches", "engine_observations",
    "frame", "gaps", "is_early", "known", "last_entry", "last_known", "may_change", "one",
    "periods", "recorded_since", "seen_files", "series", "standing", "standing_on",
    "target_frame", "targets", "vintages", "visible",
]  # fmt: skip
