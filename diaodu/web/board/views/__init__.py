"""The pages a leader reads, a module each kind."""

from diaodu.web.board.views.calc import calc
from diaodu.web.board.views.figures import (
    below,
    export,
    indicator,
    indicator_export,
    indicator_trace,
    table,
    table_body,
)
from diaodu.web.board.views.notes import (
    note,
    note_close,
    note_delete,
    note_edit,
    note_new,
    note_reopen,
    note_reply,
    notes,
)

__all__ = [
    "below", "calc", "export", "indicator", "indicator_export", "indicator_trace", "note",
    "note_close", "note_delete", "note_edit", "note_new", "note_reopen", "note_reply", "notes",
    "table", "table_body",
]  # fmt: skip
