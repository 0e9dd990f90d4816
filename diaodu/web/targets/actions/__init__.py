"""Everything that changes targets."""

from diaodu.web.targets.actions.beside import (
    add_part,
    add_support,
    drop_part,
    drop_support,
    set_margin,
)
from diaodu.web.targets.actions.cells import (
    Conflict,
    Entered,
    Saved,
    add_line,
    save_cells,
    save_line,
    undo,
)
from diaodu.web.targets.actions.common import Untimely
from diaodu.web.targets.actions.pasting import Lost, Pasted, paste
from diaodu.web.targets.actions.proposing import decline, propose, take
from diaodu.web.targets.actions.spreading import (
    MONTH_WAYS,
    ORG_WAYS,
    copy_tier,
    spread_months,
    spread_orgs,
)
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
    "EMPTY", "LAST_YEAR", "MONTH_WAYS", "ORG_WAYS", "RECEIVED", "SOURCES", "Conflict", "Entered",
    "Lost", "Pasted", "Saved", "Untimely", "add_line", "add_part", "add_support", "begin",
    "copy_tier", "decline", "drop", "drop_part", "drop_support", "lock", "paste", "propose",
    "rebase", "save_cells", "save_line", "set_margin", "spread_months", "spread_orgs", "take",
    "undo",
]  # fmt: skip
