"""Everything that changes what is on file."""

from diaodu.web.figures.actions.correct import CORRECTION_WORDS, correct
from diaodu.web.figures.actions.importing import (
    give_up_import,
    import_folder,
    open_import,
    run_import,
)
from diaodu.web.figures.actions.recording import (
    Recorded,
    new_figure,
    record,
    refresh_release,
)

__all__ = [
    "CORRECTION_WORDS", "Recorded", "correct", "give_up_import", "import_folder", "new_figure",
    "open_import", "record", "refresh_release", "run_import",
]  # fmt: skip
