"""Every change to runs."""

from diaodu.web.runs.actions.calendar import follow_calendar
from diaodu.web.runs.actions.frozen import carry_out, fail, freeze, give_up, publish, withdraw
from diaodu.web.runs.actions.live import (
    ask_again,
    ask_live,
    note_trouble,
    rebuild_live,
    refresh_live,
)

__all__ = [
    "ask_again", "ask_live", "carry_out", "fail", "follow_calendar", "freeze", "give_up",
    "note_trouble", "publish", "rebuild_live", "refresh_live", "withdraw",
]  # fmt: skip
