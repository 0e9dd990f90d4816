"""The pages of meetings."""

from diaodu.web.meetings.views.agenda import call_speakers, drop_item, item, item_new
from diaodu.web.meetings.views.meetings import (
    call_off,
    close,
    edit,
    excel_list,
    home,
    meeting,
    new,
    open_meeting,
    settle,
    word,
)
from diaodu.web.meetings.views.minutes import line, minutes, strike
from diaodu.web.meetings.views.papers import ask, drop_paper, hand_in, paper, send_back

__all__ = [
    "ask", "call_off", "call_speakers", "close", "drop_item", "drop_paper", "edit", "excel_list",
    "hand_in", "home", "item", "item_new", "line", "meeting", "minutes", "new", "open_meeting",
    "paper", "send_back", "settle", "strike", "word",
]  # fmt: skip
