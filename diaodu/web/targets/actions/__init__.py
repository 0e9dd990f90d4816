"""Everything that changes targets."""

from diaodu.web.targets.actions.cells import Conflict, Entered, Saved, save_cells, save_line, undo
from diaodu.web.targets.actions.common import Untimely
from diaodu.web.targets.actions.proposing import decline, propose, take
from diaodu.web.targets.actions.versions import (
    EMPTY,
    LAST_YEAR,
    RECEIVED,
    SOURCES,
    begin,
    drop,
    lock,
    rebase,
)

__all__ = [
    "EMPTY", "LAST_YEAR", "RECEIVED", "SOURCES", "Conflict", "Entered", "Saved", "Untimely",
    "begin", "decline", "drop", "lock", "propose", "rebase", "save_cells", "save_line", "take",
    "undo",
]  # fmt: skip
