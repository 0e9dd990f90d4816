"""The pages a leader reads, a module each kind."""

from diaodu.web.board.views.calc import calc
from diaodu.web.board.views.figures import (
    export,
    indicator,
    indicator_export,
    indicator_trace,
    table,
    table_body,
)

__all__ = [
    "calc", "export", "indicator", "indicator_export", "indicator_trace", "table", "table_body",
]  # fmt: skip
