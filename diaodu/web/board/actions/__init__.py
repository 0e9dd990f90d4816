"""What people do to what the board keeps."""

from diaodu.web.board.actions.maps import save_map, withdraw_map
from diaodu.web.board.actions.notes import Untimely, close, delete, edit, pin, reopen, reply

__all__ = [
    "Untimely", "close", "delete", "edit", "pin", "reopen", "reply", "save_map", "withdraw_map",
]  # fmt: skip
