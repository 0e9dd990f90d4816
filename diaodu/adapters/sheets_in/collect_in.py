"""The returns folder read and collected at once, by all processors where it is worth it.

Reading is Python's own work cell by cell, so threads would wait for each other. Helper processes
are forked: they start at once with the rulebook's names in memory, where a fresh process would
take longer to import the program than most months take to read. A helper uses no dataframe
engine, prints nothing and only hands back what it read; whatever it does not bring, for whatever
reason, the parent reads itself.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

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

_Columns = tuple[tuple[Any, ...], ...]
_Packed = tuple[BookReading | Finding, list[_Columns]]


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
    """A forked process, where its readings come from, and whether more are to come."""

    process: Any
    receiver: Connection
    is_open: bool = True


class _Reading:
    """Reads files by place; `brought` holds what is ready, whoever read it."""

    def __init__(self, chosen: list[ReceivedFile], names: Names, on_file: OnFile | None) -> None:
        self.chosen = chosen
        self.names = names
        self.on_file = on_file
        self.brought: dict[int, BookReading | Finding] = {}
        self.told: set[int] = set()

    def run(self, processes: int) -> list[BookReading | Finding]:
        """Everything in the order of the files."""
        heaviest = sorted(range(len(self.chosen)), key=lambda at: -self.chosen[at].size)
        own, *others = [heaviest[first::processes] for first in range(max(processes, 1))]
        helpers = [self._start(share) for share in others if share]
        for place in own:
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
        self._tell(place)

    def _tell(self, place: int) -> None:
        if place not in self.told:
            self.told.add(place)
            if self.on_file is not None:
                self.on_file(len(self.told), len(self.chosen), self.chosen[place].name)

    # -- helpers -----------------------------------------------------------------------------------
    def _start(self, share: list[int]) -> _Helper:
        fork = get_context("fork")
        receiver, sender = fork.Pipe(duplex=False)
        process = fork.Process(target=self._help, args=(share, sender), daemon=True)
        process.start()
        sender.close()
        return _Helper(process, receiver)

    def _help(self, share: list[int], sender: Connection) -> None:
        """What a helper does. It has nothing to say: an error comes up again in the parent.

        After each file it tells the place, a few bytes; all it read goes at the end. A pipe that
        is full stops the one until the other is given a processor, file after file.
        """
        sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
        packed: list[tuple[int, _Packed]] = []
        for place in share:
            packed.append((place, _packed(self._read(place))))
            sender.send(place)
        sender.send(packed)
        sender.close()

    def _take(self, helper: _Helper, *, wait: bool) -> None:
        """Take over what a helper has ready; waiting, until it has nothing more to bring."""
        while helper.is_open and (wait or helper.receiver.poll()):
            try:
                message: int | list[tuple[int, _Packed]] = helper.receiver.recv()
            except (EOFError, OSError):
                helper.is_open = False
                helper.receiver.close()
                return
            if isinstance(message, int):
                self._tell(message)
            else:
                for place, packed in message:
                    self._bring(place, _unpacked(packed))


# Records go from process to process by columns: a third of the time of one by one.


def _packed(what: BookReading | Finding) -> _Packed:
    if isinstance(what, Finding):
        return what, []
    columns = [tuple(zip(*sheet.observations, strict=True)) for sheet in what.sheets]
    bare = tuple(replace(sheet, observations=()) for sheet in what.sheets)
    return replace(what, sheets=bare), columns


def _unpacked(packed: _Packed) -> BookReading | Finding:
    what, columns = packed
    if isinstance(what, Finding):
        return what
    sheets = tuple(
        replace(sheet, observations=tuple(map(Observation._make, zip(*each, strict=True))))
        for sheet, each in zip(what.sheets, columns, strict=True)
    )
    return replace(what, sheets=sheets)
