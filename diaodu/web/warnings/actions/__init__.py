"""Every change to warnings."""

from diaodu.web.warnings.actions.acts import Untimely, acknowledge, explain, mark_false, restore
from diaodu.web.warnings.actions.passing import judge

__all__ = ["Untimely", "acknowledge", "explain", "judge", "mark_false", "restore"]
