"""The pages of targets."""

from diaodu.web.targets.views.grids import grid, save
from diaodu.web.targets.views.lines import decline, line, propose, take
from diaodu.web.targets.views.versions import (
    compare,
    drop,
    home,
    lock,
    new,
    rebase,
    received,
    undo,
    version,
)

__all__ = [
    "compare", "decline", "drop", "grid", "home", "line", "lock", "new", "propose", "rebase",
    "received", "save", "take", "undo", "version",
]  # fmt: skip
