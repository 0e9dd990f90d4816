"""The demo county's month with changed files among the untouched ones, read through the doors.

What must hold whatever a file is: nothing is raised; a file goes in or a finding names it; every
cell of a sheet that was opened has one fate; the untouched files are read as if nobody had sent
the others. Cells are counted a second time here, with other means than the house's.
"""

from __future__ import annotations

import csv
import functools
import io
import posixpath
import shutil
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
import pytest
import xlrd
from lxml import etree

from diaodu.adapters.demo_county import make_demo
from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.adapters.sheets_in import collect_returns, read_returns
from diaodu.engine.collect.names import Names, build_names
from diaodu.engine.collect.reading import BookReading
from diaodu.engine.ground.records import Finding
from diaodu.engine.ground.words import CELL_FATES

DAY = "2023-06-12"
MOST_SECONDS = 6  # of computing for one file; an honest one takes a hundredth
Parts = list[tuple[str, bytes]]  # of a package, in order; names may come twice
Fates = dict[str, int]


class Mutant(NamedTuple):
    """A changed return: what was done to it, the name it is sent under, its bytes."""

    what: str
    file: str
    data: bytes


def unzipped(data: bytes) -> Parts:
    with ZipFile(io.BytesIO(data)) as package:
        return [(name, package.read(name)) for name in package.namelist()]


def zipped(parts: Iterable[tuple[str, bytes]], method: int = ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), ZipFile(stream, "w", method) as package:
        warnings.simplefilter("ignore", UserWarning)  # a name that comes twice is meant to
        for name, content in parts:
            package.writestr(name, content)
    return stream.getvalue()


# -- the cells of a file, counted a second time ----------------------------------------------------


class Uncountable(Exception):
    """Too broken for the second count."""


def cells_of(data: bytes) -> dict[str, int] | None:
    """Sheet → filled cells; a sheet too broken to be counted is left out; None where the file is
    nothing that can be counted here."""
    try:
        if data.startswith(b"PK"):
            return _cells_of_package(dict(unzipped(data)))
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            return _cells_of_xls(data)
        return {"": _cells_of_csv(data)}
    except Exception:
        return None


def _cells_of_package(parts: dict[str, bytes]) -> dict[str, int] | None:
    if "word/document.xml" in parts:
        return _cells_of_docx(parts["word/document.xml"])
    strings = [
        "".join(text.text or "" for text in item.iter("{*}t"))
        for item in _xml(parts.get("xl/sharedStrings.xml", b"<sst/>"))
    ]
    links = {
        link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip(
            "/"
        )
        for link in _xml(parts["xl/_rels/workbook.xml.rels"])
        if link.get("Type", "").endswith("/worksheet")
    }
    found: dict[str, int] = {}
    for sheet in _xml(parts["xl/workbook.xml"]).iter("{*}sheet"):
        link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        if links.get(link) in parts:
            try:
                root = _xml(parts[links[link]])
                found[sheet.get("name", "")] = sum(
                    _is_filled(one, strings) for one in root.iterfind("{*}sheetData/{*}row/{*}c")
                )
            except (etree.XMLSyntaxError, Uncountable):
                continue
    return found


def _xml(content: bytes) -> Any:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))


def _is_filled(cell: Any, strings: list[str]) -> bool:
    value, kind = (cell.findtext("{*}v") or "").strip(), cell.get("t", "n")
    if kind == "s" and value:
        if not value.isdecimal() or int(value) >= len(strings):
            raise Uncountable
        return bool(strings[int(value)])
    if cell.find("{*}is") is not None:
        return any((text.text or "").strip() for text in cell.iter("{*}t"))
    return bool(value) or (cell.find("{*}f") is not None and kind != "str")


def _cells_of_xls(data: bytes) -> dict[str, int]:
    book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO())
    empty = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
    return {
        sheet.name: sum(
            one.ctype not in empty and one.value != ""
            for row in range(sheet.nrows)
            for one in sheet.row(row)
        )
        for sheet in book.sheets()
    }


def _cells_of_csv(data: bytes) -> int:
    if b'"' in data or b";" in data or b"\t" in data:
        raise Uncountable  # where a field ends there is a matter of taste
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return sum(bool(field) for row in csv.reader(io.StringIO(text, newline="")) for field in row)


def _cells_of_docx(content: bytes) -> dict[str, int]:
    root = docx.oxml.parse_xml(content)
    found: dict[str, int] = {}
    for number, table in enumerate(root.iter("{*}tbl"), start=1):
        if next(table.iter("{*}tbl", "{*}sdt", "{*}ins", "{*}del"), table) is not table:
            raise Uncountable
        found[f"表{number}"] = sum(
            bool("".join(text.text or "" for text in cell.iter("{*}t")).strip())
            for cell in table.iter("{*}tc")
        )
    return found


# -- through the doors -----------------------------------------------------------------------------


@dataclass
class Outcome:
    """What became of one changed file."""

    mutant: Mutant
    name: str
    reading: BookReading
    findings: tuple[Finding, ...] = field(default=())

    @property
    def codes(self) -> set[str]:
        return {one.code for one in self.findings}

    @property
    def fates(self) -> Fates:
        """Over all its sheets."""
        return {
            fate: sum(sheet.counts[fate] for sheet in self.reading.sheets) for fate in CELL_FATES
        }


class Doors:
    """`read(mutants)`: the demo's last day with the changed files beside it, read and checked."""

    def __init__(self, demo: Path, rulebook: Any, names: Names, room: Callable[[], Path]) -> None:
        self.demo = demo
        self.rulebook = rulebook
        self.names = names
        self._room = room

    @functools.cached_property
    def seeds(self) -> dict[str, bytes]:
        """Name → bytes of the demo's returns from the spring on; the large histories are left."""
        return {
            path.relative_to(self.demo / "returns").as_posix(): path.read_bytes()
            for path in sorted((self.demo / "returns").rglob("*"))
            if path.is_file() and path.relative_to(self.demo / "returns").parts[0] > "2023-03"
        }

    def of(self, ending: str) -> list[tuple[str, bytes]]:
        return [(name, data) for name, data in self.seeds.items() if name.endswith(ending)]

    @functools.cached_property
    def word(self) -> tuple[str, bytes]:
        """The power company's return as a Word document: its title, its table."""
        name, data = self.seed("供电公司2023年1—4月")
        title, *rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
        document = docx.Document()
        document.add_paragraph(title[0])
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = "" if text is None else str(text)
        stream = io.BytesIO()
        document.save(stream)
        return name.replace(".xlsx", ".docx"), stream.getvalue()

    unzipped = staticmethod(unzipped)
    zipped = staticmethod(zipped)

    def mutant(self, what: str, file: str, data: bytes) -> Mutant:
        return Mutant(what, file, data)

    def seed(self, part_of_name: str) -> tuple[str, bytes]:
        """The last one whose name holds that."""
        return [(name, data) for name, data in self.seeds.items() if part_of_name in name][-1]

    @functools.cached_property
    def _alone(self) -> dict[str, BookReading]:
        """The untouched files of the last day, read with nothing beside them."""
        folder = self._room()
        shutil.copytree(self.demo / "returns" / DAY, folder / DAY)
        return {one.file: one for one in collect_returns(folder, self.names)[1]}

    def read(self, mutants: Iterable[Mutant]) -> list[Outcome]:
        folder = self._room()
        shutil.copytree(self.demo / "returns" / DAY, folder / DAY)
        sent: dict[str, Mutant] = {}
        for number, mutant in enumerate(mutants):
            name = f"{DAY}/变更/{number}/{posixpath.basename(mutant.file)}"
            sent[name] = mutant
            (folder / name).parent.mkdir(parents=True)
            (folder / name).write_bytes(mutant.data)
        took = _Clock()
        returns, readings = collect_returns(
            folder, self.names, on_file=lambda _done, _all, name: took.stop(name), processes=1
        )
        assert returns.findings == [] and returns.ignored == []
        by_file = {one.file: one for one in readings}
        assert by_file.keys() == self._alone.keys() | sent.keys()
        assert {name: by_file[name] for name in self._alone} == self._alone
        outcomes = [Outcome(mutant, name, by_file[name]) for name, mutant in sent.items()]
        for one in outcomes:
            assert took.of[one.name] < MOST_SECONDS, one.mutant.what
            _check(one)
        return outcomes

    def plain(self, data: bytes, file: str) -> Any:
        """The workbook of some bytes, as the door hands it to collect."""
        folder = self._room()
        (folder / DAY).mkdir()
        (folder / DAY / file).write_bytes(data)
        (book,) = read_returns(folder).workbooks
        return book


class _Clock:
    """Seconds of computing between one file and the next."""

    def __init__(self) -> None:
        self.of: dict[str, float] = {}
        self._last = time.process_time()

    def stop(self, name: str) -> None:
        now = time.process_time()
        self.of[name] = now - self._last
        self._last = now


def _check(one: Outcome) -> None:
    what, sheets = one.mutant.what, {sheet.sheet: sheet for sheet in one.reading.sheets}
    one.findings = (
        *one.reading.findings, *(told for sheet in sheets.values() for told in sheet.findings),
    )  # fmt: skip
    assert len(sheets) == len(one.reading.sheets), what
    assert sheets or one.reading.findings, what
    for told in one.findings:
        assert told.file == one.name, what
        assert told.message and told.action, what
    for told in one.reading.findings:
        assert one.name in told.message, what
    for sheet in sheets.values():
        for seen in sheet.observations:
            assert seen.value is None or seen.value.is_finite(), what
        if sheet.counts["held"]:
            assert sheet.findings, what
    _check_count(one, {name: sum(sheet.counts.values()) for name, sheet in sheets.items()})


def _check_count(one: Outcome, read: dict[str, int]) -> None:
    """Each sheet that is there was read with all its cells, or a finding tells of it."""
    counted = cells_of(one.mutant.data)
    if counted is None or any(not told.sheet for told in one.reading.findings if told.file):
        return
    told = {finding.sheet for finding in one.reading.findings}
    for name, cells in counted.items():
        if name in read:
            assert read[name] == cells, (one.mutant.what, name)
        else:
            assert name in told, (one.mutant.what, name)


@pytest.fixture(scope="session")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Doors:
    demo = tmp_path_factory.mktemp("hostile") / "示例"
    make_demo(demo)
    rulebook = read_rulebook(demo / "rulebook")
    return Doors(demo, rulebook, build_names(rulebook), lambda: tmp_path_factory.mktemp("returns"))
