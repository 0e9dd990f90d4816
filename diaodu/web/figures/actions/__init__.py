"""Everything that changes what is on file."""

from diaodu.web.figures.actions.correct import CORRECTION_WORDS, correct
from diaodu.web.figures.actions.exporting import (
    KINDS,
    ask_export,
    fail_export,
    give_up_export,
    make_export,
    note_export,
    write_export,
)
from diaodu.web.figures.actions.importing import (
    OPEN,
    fail_import,
    give_up_import,
    import_folder,
    open_import,
    run_import,
    stored,
)
from diaodu.web.figures.actions.recording import (
    Recorded,
    new_figure,
    record,
    refresh_release,
)

__all__ = [
    "CORRECTION_WORDS", "KINDS", "OPEN", "Recorded", "ask_export", "correct", "fail_export",
    "fail_import", "give_up_export", "give_up_import", "import_folder", "make_export",
    "new_figure", "note_export", "open_import", "record", "refresh_release", "run_import",
    "stored", "write_export",
]  # fmt: skip
