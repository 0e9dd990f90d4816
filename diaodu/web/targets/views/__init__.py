"""The pages of targets."""

from diaodu.web.targets.views.grids import (
    add_line,
    as_excel,
    grid,
    paste,
    save,
    spread,
    undo_here,
    upload,
)
from diaodu.web.targets.views.lines import (
    decline,
    drop_part,
    drop_support,
    line,
    margin,
    part,
    path,
    propose,
    support,
    take,
)
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
    "add_line", "as_excel", "compare", "decline", "drop", "drop_part", "drop_support", "grid",
    "home", "line", "lock", "margin", "new", "part", "paste", "path", "propose", "rebase",
    "received", "save", "spread", "support", "take", "undo", "undo_here", "upload", "version",
]  # fmt: skip
