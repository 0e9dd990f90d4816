"""What is done with duties. One transaction each."""

from diaodu.web.duties.actions.common import Untimely
from diaodu.web.duties.actions.doing import Given, do, look_back, note_step, relieve
from diaodu.web.duties.actions.handing import (
    Wanted,
    amend,
    faults_of,
    hand_out,
    issue,
    take_list,
    write,
)
from diaodu.web.duties.actions.proofs import hand_in_file, hand_in_words, take_back
from diaodu.web.duties.actions.quotas import do_once, end_quota, set_quota

__all__ = [
    "Given", "Untimely", "Wanted", "amend", "do", "do_once", "end_quota", "faults_of",
    "hand_in_file", "hand_in_words", "hand_out", "issue", "look_back", "note_step", "relieve",
    "set_quota", "take_back", "take_list", "write",
]  # fmt: skip
