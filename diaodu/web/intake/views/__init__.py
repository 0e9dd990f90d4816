"""A view: load the object and decide access in one step, read the form, make one call, answer."""

from diaodu.web.intake.views.home import export, home, remind
from diaodu.web.intake.views.moves import accept, let_in, reopen, send_back, sign, submit
from diaodu.web.intake.views.sheet import explain, none, save, sheet, undo
from diaodu.web.intake.views.workbooks import annotated, download, reading, take, upload

__all__ = [
    "accept", "annotated", "download", "explain", "export", "home", "let_in", "none", "reading",
    "remind", "reopen", "save", "send_back", "sheet", "sign", "submit", "take", "undo", "upload",
]  # fmt: skip
