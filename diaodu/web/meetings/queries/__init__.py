"""Reading meetings."""

from diaodu.web.meetings.queries.page import (
    Came,
    LineView,
    Page,
    PaperView,
    came,
    lines,
    owed_papers,
    page,
)
from diaodu.web.meetings.queries.reading import Choices, Read, choices, read
from diaodu.web.meetings.queries.rights import (
    belongs_here,
    item_to_change,
    late,
    line_to_change,
    may_hand_in,
    may_meet,
    meeting_for,
    meeting_to_run,
    meeting_with_minutes,
    meetings_for,
    paper_for,
)
from diaodu.web.meetings.queries.speakers import Speaker, speakers

__all__ = [
    "Came", "Choices", "LineView", "Page", "PaperView", "Read", "Speaker", "belongs_here", "came",
    "choices", "item_to_change", "late", "line_to_change", "lines", "may_hand_in", "may_meet",
    "meeting_for", "meeting_to_run", "meeting_with_minutes", "meetings_for", "owed_papers", "page",
    "paper_for", "read", "speakers",
]  # fmt: skip
