"""The rulebook's door: a folder of YAML and CSV → Rulebook, or every fault with file and line.

Read are orgs/ indicators/ sources/ checks/ lights/ calendar/ outlines/ uses/ paces/ bands/
shapes/ breakdowns/ standings/ breaks/ corrections/, any depth below: .yaml and .yml, in orgs/ also
.csv. cases/ targets/ schemes/ ladders/ may lie beside them and are not read. Only orgs/ and
indicators/ must be there.

A YAML file holds one entry, a list of entries, or nothing. Every scalar is handed on as the text
that stands there (an empty one as None): `january: yes`, `code: 062000` and `from: 2023-01-01`
mean what they say, and only the model decides what is a number or a day. Anchors (&, *) are
refused: a rule is read where it stands.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.rules.build import build
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.messages import unknown_key
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.rules.suggest import suggestion
from diaodu.engine.rules.validate import KINDS, Entry

KeyPath = tuple[str | int, ...]

_YAML = (".yaml", ".yml")
_NOT_READ = ("cases", "targets", "schemes")
_DATA = (*_YAML, ".csv", ".json", ".xls", ".xlsx", ".txt")  # what somebody may expect to be read
_NULLS = ("", "~", "null", "Null", "NULL")
_DEEPEST = 20


def read_rulebook(folder: Path) -> Rulebook:
    """Read a rulebook folder. Raises RulebookError with all its `Fault`s, in reading order."""
    if not folder.is_dir():
        raise RulebookError([Fault(str(folder), 0, "", "没有这个规则文件夹", "检查路径")])
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for name, path in _all_files(folder):
        if not _is_read(name):
            files[name] = b""
            continue
        try:
            files[name] = path.read_bytes()
        except OSError:
            faults.append(Fault(name, 0, "", "文件打不开", "检查文件的权限"))
    return _read(files, faults)


def read_rulebook_files(files: Mapping[str, bytes]) -> Rulebook:
    """The same for a folder in memory: path in it (parted by “/”) → content. Hidden files are
    passed over as on disk."""
    return _read({name: files[name] for name in sorted(files) if not _is_hidden(name)}, [])


def check_rulebook(folder: Path) -> list[Fault]:
    """Every fault of a rulebook folder; none if it can be used."""
    try:
        read_rulebook(folder)
    except RulebookError as error:
        return [fault for fault in error.faults if isinstance(fault, Fault)]
    return []


def _read(files: Mapping[str, bytes], faults: list[Fault]) -> Rulebook:
    entries: list[Entry] = []
    digests: dict[str, str] = {}
    faults.extend(_folder_faults(files))
    for name, content in files.items():
        if _is_read(name):
            digests[name] = hashlib.sha256(content).hexdigest()
            _File(name, name.partition("/")[0], entries, faults).all(content)
    return build(entries, digests, faults)


# -- the folder ------------------------------------------------------------------------------


def _all_files(folder: Path) -> list[tuple[str, Path]]:
    """Every file below the folder by its path in it, sorted; hidden and lock files left out."""
    found = (
        (path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file()
    )
    return sorted((name, path) for name, path in found if not _is_hidden(name))


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "~$")) for part in name.split("/"))


def _is_read(name: str) -> bool:
    kind, slash, _ = name.partition("/")
    suffix = PurePosixPath(name).suffix.lower()
    known = suffix in _YAML or (kind == "orgs" and suffix == ".csv")
    return bool(slash) and kind in KINDS and known


def _folder_faults(names: Iterable[str]) -> Iterator[Fault]:
    """What would be passed over though somebody meant it to be read."""
    passed: set[str] = set()
    for name in names:
        kind, slash, _ = name.partition("/")
        suffix = PurePosixPath(name).suffix
        if slash and kind in KINDS:
            if not _is_read(name) and suffix.lower() in _DATA:
                readable = ".yaml 或 .csv" if kind == "orgs" else ".yaml"
                yield Fault(
                    name, 0, "", f"{kind}/ 里不读“{suffix}”文件", f"改成 {readable} 文件，或移走"
                )
        elif suffix.lower() in _DATA and kind not in (*_NOT_READ, *passed):
            passed.add(kind)
            yield from _looks_like_a_kind(kind)


def _looks_like_a_kind(name: str) -> Iterator[Fault]:
    near = suggestion(name.partition(".")[0], KINDS)
    if near is not None:
        yield Fault(
            name, 0, "", f"“{name}”不会被读", f"内容若是规则，请放进文件夹 {near}/；否则请移走"
        )


# -- a file ----------------------------------------------------------------------------------


class _File(NamedTuple):
    """One file being read: where its entries and faults go."""

    name: str
    kind: str
    entries: list[Entry]
    faults: list[Fault]

    def fault(self, line: int, key: str, message: str, action: str) -> None:
        self.faults.append(Fault(self.name, line, key, message, action))

    def all(self, content: bytes) -> None:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.fault(line, "", "不是UTF-8编码", "另存为UTF-8编码")
            return
        if self.name.lower().endswith(".csv"):
            _read_csv(self, text)
        else:
            _read_yaml(self, text)


# -- YAML ------------------------------------------------------------------------------------


class _Refused(Exception):
    """A file that cannot be read on; the fault is already told."""


def _read_yaml(file: _File, text: str) -> None:
    try:
        for event in (events := _Events(file, text)):
            if isinstance(event, DocumentStartEvent):
                _document(file, events)
    except yaml.YAMLError as error:
        file.fault(min(_line_of(error), len(text.splitlines())), "", *_syntax(error))
    except _Refused:
        return


class _Events:
    """The parser's events, one at a time; what a rulebook may not hold is refused at once."""

    def __init__(self, file: _File, text: str) -> None:
        self.file = file
        self.parser = yaml.CSafeLoader(text)

    def __iter__(self) -> Iterator[Any]:
        while self.parser.check_event():
            yield self.next()

    def next(self) -> Any:
        event: Any = self.parser.get_event()
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            self.file.fault(_line(event), "", "不能用“&”和“*”引用别处", "把内容写全；文字要加引号")
            raise _Refused
        if (getattr(event, "tag", None) or "tag:yaml.org,2002:str") != "tag:yaml.org,2002:str":
            self.file.fault(_line(event), "", f"不能用标签“{event.tag}”", "删去“!”开头的标签")
            raise _Refused
        return event


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Value(NamedTuple):
    """A value with its lines; `lines` are relative to the value itself."""

    data: Any
    line: int
    lines: dict[KeyPath, int]


def _document(file: _File, events: _Events) -> None:
    """One entry, a list of entries, or the same under the folder's name as its only key."""
    first = events.next()
    if isinstance(first, SequenceStartEvent):
        _list(file, events)
    elif isinstance(first, MappingStartEvent):
        value = _value(file, events, first, 0)
        if list(value.data) == [file.kind] and isinstance(value.data[file.kind], list):
            for at, data in enumerate(value.data[file.kind]):
                _entry(file, _below(value, (file.kind, at), data))
        else:
            _entry(file, value)
    elif not _is_null(first):
        _not_an_entry(file, _value(file, events, first, 0))


def _list(file: _File, events: _Events) -> None:
    while not isinstance(event := events.next(), SequenceEndEvent):
        _entry(file, _value(file, events, event, 0))


def _below(value: _Value, path: KeyPath, data: Any) -> _Value:
    depth = len(path)
    lines = {at[depth:]: line for at, line in value.lines.items() if at[:depth] == path}
    return _Value(data, lines[()], lines)


def _entry(file: _File, value: _Value) -> None:
    if not isinstance(value.data, dict):
        _not_an_entry(file, value)
        return
    file.entries.append(Entry(file.kind, file.name, value.data, {**value.lines, (): value.line}))


def _not_an_entry(file: _File, value: _Value) -> None:
    hint = "冒号要用半角，后面空一格" if "：" in str(value.data) else "按“键: 值”分行写"
    file.fault(value.line, "", "这里应是一组“键: 值”", hint)


def _value(file: _File, events: _Events, event: Any, depth: int) -> _Value:
    if depth > _DEEPEST:
        file.fault(_line(event), "", f"层次太深（超过{_DEEPEST}层）", "检查缩进和括号")
        raise _Refused
    line = _line(event)
    if isinstance(event, MappingStartEvent):
        return _Value(*_mapping(file, events, line, depth))
    if isinstance(event, SequenceStartEvent):
        return _Value(*_sequence(file, events, line, depth))
    return _Value(None if _is_null(event) else event.value, line, {})


def _is_null(event: Any) -> bool:
    return isinstance(event, ScalarEvent) and event.implicit[0] and event.value in _NULLS


def _mapping(
    file: _File, events: _Events, line: int, depth: int
) -> tuple[dict[str, Any], int, dict[KeyPath, int]]:
    data: dict[str, Any] = {}
    lines: dict[KeyPath, int] = {}
    while not isinstance(event := events.next(), MappingEndEvent):
        key_line = _line(event)
        if not isinstance(event, ScalarEvent):
            file.fault(key_line, "", "键应是一个词", "检查“?”、“[”、“{”；文字要加引号")
            raise _Refused
        key = event.value
        if (key,) in lines:
            file.fault(key_line, key, f"键‘{key}’写了两次，第{lines[(key,)]}行已有", "删去其中一个")
        inner = _value(file, events, events.next(), depth + 1)
        data[key] = inner.data
        lines[(key,)] = key_line
        lines.update(((key, *path), at) for path, at in inner.lines.items())
    return data, line, lines


def _sequence(
    file: _File, events: _Events, line: int, depth: int
) -> tuple[list[Any], int, dict[KeyPath, int]]:
    data: list[Any] = []
    lines: dict[KeyPath, int] = {}
    while not isinstance(event := events.next(), SequenceEndEvent):
        inner = _value(file, events, event, depth + 1)
        at = len(data)
        data.append(inner.data)
        lines[(at,)] = inner.line
        lines.update(((at, *path), number) for path, number in inner.lines.items())
    return data, line, lines


_SYNTAX = (
    ("tab character", "缩进用了制表符", "改用空格缩进"),
    ("'\\t' that cannot start", "缩进用了制表符", "改用空格缩进"),
    ("mapping values are not allowed", "冒号用得不对", "检查缩进；值里有冒号的要加引号"),
    ("unexpected end of stream", "引号没有配对", "补上后一个引号"),
    ("expected ':'", "这一行缺冒号", "写成“键: 值”，冒号用半角，后面空一格"),
    ("',' or ']'", "方括号没有配对，或缺逗号", "补上“]”或半角逗号"),
    ("',' or '}'", "花括号没有配对，或缺逗号", "补上“}”或半角逗号"),
    ("expected '-' indicator", "一列之中有一行不以“- ”开头", "检查缩进和“- ”"),
    ("did not find expected key", "缩进不齐，或键写得不对", "同一组的键要对齐"),
    ("cannot start any token", "有不能作开头的字符", "给这段文字加引号"),
    ("undefined alias", "以“*”开头的文字会被当作引用", "给这段文字加引号"),
    ("alphabetic or numeric character", "以“*”或“&”开头的文字会被当作引用", "给这段文字加引号"),
    ("node content", "括号里的内容不完整", "检查“[”、“{”和逗号"),
    ("escape character", "双引号里的“\\”写法不对", "改用单引号"),
    ("control characters", "有看不见的控制字符", "删去后重打这一行"),
)  # fmt: skip


def _syntax(error: yaml.YAMLError) -> tuple[str, str]:
    said = f"{getattr(error, 'problem', '')} {getattr(error, 'reason', '')} {error}"
    for english, message, action in _SYNTAX:
        if english in said:
            return f"YAML写法有错：{message}", action
    return "YAML写法有错", "检查这一行和上一行的缩进、冒号、引号和括号"


def _line_of(error: yaml.YAMLError) -> int:
    """The line of the trouble; for what was left open, the line where it began."""
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    opened = any(
        word in str(getattr(error, "context", "")) for word in ("quoted", "flow", "simple key")
    )
    chosen = context if opened and context is not None else mark
    return int(chosen.line) + 1 if chosen is not None else 0


# -- CSV -------------------------------------------------------------------------------------

_CSV_KEYS = ("id", "name", "level", "parent", "aliases", "codes", "groups", "opened", "closed",
             "order")  # fmt: skip
_CSV_LISTS = ("aliases", "codes", "groups")


def _read_csv(file: _File, text: str) -> None:
    """Orgs, one a row. Lists are parted by ; ； or 、, a code is `code` or `code@from..to`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                if header is None:
                    header = [cell.strip() for cell in row]
                    if not _is_header(file, header, line):
                        return
                else:
                    _row(file, header, row, line)
            line = reader.line_num + 1
    except csv.Error:
        file.fault(line, "", "CSV写法有错：引号没有配对", "检查这一行的引号")


def _is_header(file: _File, header: list[str], line: int) -> bool:
    meanings = dict.fromkeys(_CSV_KEYS, "")
    before = len(file.faults)
    for at, key in enumerate(header):
        if key not in meanings:
            file.fault(line, key, *unknown_key(key, meanings))
        elif key in header[:at]:
            file.fault(line, key, f"列‘{key}’写了两次", "删去其中一列")
    return len(file.faults) == before


def _row(file: _File, header: list[str], row: list[str], line: int) -> None:
    if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
        file.fault(
            line, "", f"这一行有{len(row)}格，表头只有{len(header)}列", "值里有逗号的要加引号"
        )
        return
    data: dict[str, Any] = {}
    for key, cell in zip(header, row, strict=False):
        written = cell.strip()
        if written:
            data[key] = _cell(key, written)
            if key == "codes":
                _check_spans(file, written, line)
    file.entries.append(Entry(file.kind, file.name, data, {(): line}))


def _cell(key: str, written: str) -> Any:
    if key not in _CSV_LISTS:
        return written
    items = _items(written)
    return [_code(item) for item in items] if key == "codes" else items


def _items(written: str) -> list[str]:
    parts = written.replace("；", ";").replace("、", ";").split(";")
    return [part.strip() for part in parts if part.strip()]


def _check_spans(file: _File, written: str, line: int) -> None:
    for item in _items(written):
        code, at, dates = item.partition("@")
        if not code.strip() or (at and dates.count("..") != 1):
            file.fault(
                line, "codes", f"代码“{item}”写得不对", "写成 620000 或 620000@2010..2019，两端可空"
            )


def _code(written: str) -> dict[str, str]:
    """620000 · 620000@2010..2019 · 620000@..2019 · 620000@2010.."""
    code, _, dates = written.partition("@")
    first, _, last = dates.partition("..")
    found = {"code": code.strip(), "from": first.strip(), "to": last.strip()}
    return {key: value for key, value in found.items() if value or key == "code"}
