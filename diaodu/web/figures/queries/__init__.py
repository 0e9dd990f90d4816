"""What is on file: for the engine (all of it), and for readers (in their scope, after release)."""

from diaodu.web.figures.queries.batches import (
    batch,
    batch_file,
    batches,
    found_by_imports,
    seen_files,
)
from diaodu.web.figures.queries.called import called
from diaodu.web.figures.queries.embargo import Embargo
from diaodu.web.figures.queries.engine import (
    engine_observations,
    frame,
    last_entry,
    recorded_since,
    standing,
    target_frame,
    target_years,
    targets,
)
from diaodu.web.figures.queries.exports import export_path, exports_of
from diaodu.web.figures.queries.on_file import Known, known, last_known
from diaodu.web.figures.queries.recognised import GapRow, Gaps, Side, gaps
from diaodu.web.figures.queries.scope import may_change
from diaodu.web.figures.queries.searching import (
    HEADER,
    CountedTo,
    Search,
    Teller,
    export_rows,
    indicators_named,
    newest_period,
    search,
)
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
    "HEADER", "CountedTo", "Embargo", "GapRow", "Gaps", "Known", "Point", "Search", "Side",
    "Teller", "batch", "batch_file", "batches", "called", "engine_observations", "export_path",
    "export_rows", "exports_of", "found_by_imports", "frame", "gaps", "indicators_named",
    "is_early", "known",
    "last_entry", "last_known", "may_change", "newest_period", "one", "periods",
    "recorded_since", "search", "seen_files", "series", "standing", "standing_on",
    "target_frame", "target_years", "targets", "vintages", "visible",
]  # fmt: skip
