"""What is done about a meeting. Each is one transaction with its audit line."""

from diaodu.web.meetings.actions.agenda import add_item, call_speakers, change_item, drop_item
from diaodu.web.meetings.actions.common import Untimely
from diaodu.web.meetings.actions.minutes import (
    Content,
    add_line,
    change_line,
    settle_promise,
    strike_line,
)
from diaodu.web.meetings.actions.papers import ask_papers, drop_paper, hand_in, send_back
from diaodu.web.meetings.actions.planning import call_off, change, close, open_meeting, plan

__all__ = [
    "Content", "Untimely", "add_item", "add_line", "ask_papers", "call_off", "call_speakers",
    "change", "change_item", "change_line", "close", "drop_item", "drop_paper", "hand_in",
    "open_meeting", "plan", "send_back", "settle_promise", "strike_line",
]  # fmt: skip
