"""What is done about duties that are late, and about reminders. One transaction each."""

from diaodu.web.urging.actions.common import Untimely
from diaodu.web.urging.actions.passing import Passed, pass_day
from diaodu.web.urging.actions.relieving import relieve
from diaodu.web.urging.actions.taking import Details, put_off, take, void
from diaodu.web.urging.actions.telling import read, send_again

__all__ = [
    "Details", "Passed", "Untimely", "pass_day", "put_off", "read", "relieve",
    "send_again", "take", "void",
]  # fmt: skip
