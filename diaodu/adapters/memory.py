"""Memory, told what a run is like."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def all_kept() -> Iterator[None]:
    """While this holds, Python does not search for garbage in circles.

    A run, like a workbook of thousands of rows, makes records by the hundred thousand, keeps them
    and leaves no circles to speak of; searching them all again and again takes a third of the time
    of reading and settling them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def kept_for_good() -> None:
    """What lives now is looked through for garbage no more.

    Python searches everything that lives again and again while a page makes its rows. A rulebook
    with its models is most of what lives: a tenth of a second each time, on every third page.
    """
    gc.collect()
    gc.freeze()
