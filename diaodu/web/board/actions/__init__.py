"""What people do to what the board keeps."""

from diaodu.web.board.actions.maps import save_map, withdraw_map

__all__ = ["save_map", "withdraw_map"]
