"""The returns folder read and collected at once, by all processors where it is worth it.

Reading is Python's own work cell by cell, so threads would wait for each other. Helper processes
are forked: they start at once with the rulebook's names in memory, where a fresh process would
take longer to import the program than most months take to read. A helper uses no dataframe
engine, prints nothing and only hands back what it read; whatever it does not bring, for whatever
reason, the parent reads itself.

Who is free takes the next ticket, the heaviest files first. What a helper has read it lays on a
shelf (a file without a name) and tells where; a pipe that is full would stop it.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import repeat
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from diaodu.adapters.sheets_in.returns_in import (
    OnFile,
    ReceivedFile,
    ReturnsFolder,
    choose_files,
    read_file,
)
from diaodu.engine.collect.names import Names
from diaodu.engine.collect.reading import BookReading, read_workbook
from diaodu.engine.collect.sheet import Workbook
from diaodu.engine.ground.records import Finding, Observation

# Below either a helper brings less than it costs (some 0.05 s for each).
FEWEST_FILES = 20
FEWEST_BYTES = 1024 * 1024

_TICKET = 4  # bytes of a ticket
_MOST_TICKETS = 1000  # a pipe takes them at once, however small the system has made it

_VALUE = Observation._fields.index("value")
_VARIED = {Observation._fields.index(name) for name in ("obs_id", "value", "value_given", "cell")}
_new_tuple = tuple.__new__  # what Observation(…) comes to, for half the price


def collect_returns(
    root: Path, names: Names, *, as_of: date | None = None, on_file: OnFile | None = None,
    processes: int | None = None,
) -> tuple[ReturnsFolder, list[BookReading]]:  # fmt: skip
    """`read_returns` and, for each of its workbooks in the same order, what collect makes of it.

    The folder's workbooks come without their sheets, which nobody needs after that.
    processes: how many to use; left open, one for each processor. The result is the same.

    Raises DiaoduError where `root` is no folder. What is wrong with a file becomes a finding.
    """
    folder, chosen = choose_files(root, as_of)
    wanted = _processes(chosen) if processes is None else processes
    readings: list[BookReading] = []
    for brought in _Reading(chosen, names, on_file).run(wanted):
        if isinstance(brought, Finding):
            folder.findings.append(brought)
        else:
            readings.append(brought)
            folder.workbooks.append(_without_sheets(brought))
    return folder, readings


def _processes(chosen: list[ReceivedFile]) -> int:
    """One for each processor, where the files are many and heavy and the system can fork."""
    heavy = sum(one.size for one in chosen) >= FEWEST_BYTES
    if len(chosen) < FEWEST_FILES or not heavy or "fork" not in get_all_start_methods():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _without_sheets(reading: BookReading) -> Workbook:
    return Workbook(reading.file, reading.sha256, reading.received, (), reading.findings)


@dataclass(slots=True)
class _Helper:
    """A forked process, where it tells of its readings, where they lie, and whether more are to
    come."""

    process: Any
    receiver: Connection
    shelf: IO[bytes]
    is_open: bool = True


class _Reading:
    """Reads files by place; `brought` holds what is ready, whoever read it."""

    def __init__(self, chosen: list[ReceivedFile], names: Names, on_file: OnFile | None) -> None:
        self.chosen = chosen
        self.names = names
        self.on_file = on_file
        self.brought: dict[int, BookReading | Finding] = {}

    def run(self, processes: int) -> list[BookReading | Finding]:
        """Everything in the order of the files."""
        tickets = _Tickets([one.size for one in self.chosen])
        started = [self._start(tickets) for _ in range(1, min(processes, len(self.chosen)))]
        helpers = [helper for helper in started if helper is not None]
        for place in tickets.places():
            self._bring(place, self._read(place))
            for helper in helpers:
                self._take(helper, wait=False)
        for helper in helpers:
            self._take(helper, wait=True)
            helper.process.join()
        for place in range(len(self.chosen)):
            if place not in self.brought:
                self._bring(place, self._read(place))
        return [self.brought[place] for place in range(len(self.chosen))]

    def _read(self, place: int) -> BookReading | Finding:
        workbook = read_file(self.chosen[place])
        if isinstance(workbook, Finding):
            return workbook
        return read_workbook(workbook, self.names, self.names.rulebook)

    def _bring(self, place: int, what: BookReading | Finding) -> None:
        self.brought[place] = what
        if self.on_file is not None:
            self.on_file(len(self.brought), len(self.chosen), self.chosen[place].name)

    # -- helpers -----------------------------------------------------------------------------------
    def _start(self, tickets: _Tickets) -> _Helper | None:
        """None where the system has no room for a shelf: then there is one helper less."""
        fork = get_context("fork")
        try:
            shelf = TemporaryFile()  # noqa: SIM115 - closed with the helper's last word
        except OSError:
            return None
        receiver, sender = fork.Pipe(duplex=False)
        process = fork.Process(target=self._help, args=(tickets, shelf, sender), daemon=True)
        process.start()
        sender.close()
        return _Helper(process, receiver, shelf)

    def _help(self, tickets: _Tickets, shelf: IO[bytes], sender: Connection) -> None:
        """What a helper does. It has nothing to say: an error comes up again in the parent."""
        sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
        for place in tickets.places():
            packed = _packed(self._read(place))
            start = shelf.tell()
            shelf.write(packed)
            shelf.flush()
            sender.send((place, start, len(packed)))
        sender.close()

    def _take(self, helper: _Helper, *, wait: bool) -> None:
        """Take over what a helper has ready; waiting, until it has nothing more to bring."""
        while helper.is_open and (wait or helper.receiver.poll()):
            try:
                place, start, length = helper.receiver.recv()
            except (EOFError, OSError):
                helper.is_open = False
                helper.receiver.close()
                helper.shelf.close()
                return
            self._bring(place, _unpacked(os.pread(helper.shelf.fileno(), length, start)))


class _Tickets:
    """Places of files, each given out once, to whichever process asks next.

    They lie in a pipe: a process that dies takes no more with it than the ticket it held.
    """

    def __init__(self, sizes: list[int]) -> None:
        self._heaviest = sorted(range(len(sizes)), key=lambda place: -sizes[place])
        self._count = min(len(sizes), _MOST_TICKETS)
        self._source, sink = os.pipe()
        tickets = (ticket.to_bytes(_TICKET, "big") for ticket in range(self._count))
        os.write(sink, b"".join(tickets))
        os.close(sink)

    def places(self) -> Iterator[int]:
        try:
            while ticket := os.read(self._source, _TICKET):
                yield from self._heaviest[int.from_bytes(ticket, "big") :: self._count]
        finally:
            os.close(self._source)


# Records go from process to process by columns, those of one value once, numbers as text, texts
# that differ from cell to cell as one: a sixth of the time of one by one.


def _packed(what: BookReading | Finding) -> bytes:
    if isinstance(what, Finding):
        return pickle.dumps((what, []))
    columns = [_columns(sheet.observations) for sheet in what.sheets]
    bare = tuple(replace(sheet, observations=()) for sheet in what.sheets)
    return pickle.dumps((replace(what, sheets=bare), columns), pickle.HIGHEST_PROTOCOL)


def _columns(observations: tuple[Observation, ...]) -> list[Any]:
    """A list for a column of several values, the value itself for one of a single value."""
    columns: list[Any] = [list(column) for column in zip(*observations, strict=True)]
    if columns:
        columns[_VALUE] = [None if value is None else str(value) for value in columns[_VALUE]]
    return [
        _joined(column)
        if place in _VARIED
        else column
        if column.count(column[0]) < len(column)
        else column[0]
        for place, column in enumerate(columns)
    ]


def _joined(column: list[Any]) -> Any:
    """The texts as one of as many lines; the column itself where some are none or of lines."""
    if None in column:
        return column
    text = "\n".join(column)
    return (text,) if text.count("\n") == len(column) - 1 else column


def _unpacked(packed: bytes) -> BookReading | Finding:
    what, columns = pickle.loads(packed)
    if isinstance(what, Finding):
        return what
    assert isinstance(what, BookReading)
    sheets = tuple(
        replace(sheet, observations=tuple(_observations(each)))
        for sheet, each in zip(what.sheets, columns, strict=True)
    )
    return replace(what, sheets=sheets)


def _observations(columns: list[Any]) -> Iterator[Observation]:
    if not columns:
        return
    size = len(_spread(columns[0], 0))
    full = [_spread(column, size) for column in columns]
    full[_VALUE] = [None if text is None else Decimal(text) for text in full[_VALUE]]
    yield from map(_new_tuple, repeat(Observation), zip(*full, strict=True))


def _spread(column: Any, size: int) -> Any:
    """A column of `_columns` as it was."""
    if type(column) is list:
        return column
    return column[0].split("\n") if type(column) is tuple else repeat(column, size)
