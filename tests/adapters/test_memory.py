"""What is kept for good is looked through for garbage no more."""

from __future__ import annotations

import gc
import subprocess
import sys

_KEEPS = """
import gc
from diaodu.adapters.memory import all_kept, kept_for_good
class Thing: pass
thing = Thing()
def is_searched(): return any(one is thing for one in gc.get_objects())
assert is_searched()
kept_for_good()
assert not is_searched()
del thing
with all_kept():
    assert not gc.isenabled()
assert gc.isenabled()
"""


def test_what_lives_is_searched_no_more_and_the_search_goes_on_for_the_rest() -> None:
    """In a process of its own: keeping cannot be undone for one object."""
    done = subprocess.run([sys.executable, "-c", _KEEPS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert gc.isenabled()
