"""Every change to a return: one transaction with its audit line.

What a user can mend is a ValidationError with Chinese messages, all at once. A return that is not
in the state for an act is Untimely: somebody else was faster, or the page is old.
"""

from diaodu.web.intake.actions.chasing import grant_exception, remind
from diaodu.web.intake.actions.common import Untimely
from diaodu.web.intake.actions.filling import (
    Conflict,
    Entered,
    Saved,
    declare_none,
    explain_finding,
    open_return,
    save_cells,
    undo,
)
from diaodu.web.intake.actions.moving import accept, reopen, send_back, sign, submit
from diaodu.web.intake.actions.workbooks import take, upload

__all__ = [
    "Conflict",
    "Entered",
    "Saved",
    "Untimely",
    "accept",
    "declare_none",
    "explain_finding",
    "grant_exception",
    "open_return",
    "remind",
    "reopen",
    "save_cells",
    "send_back",
    "sign",
    "submit",
    "take",
    "undo",
    "upload",
]
