"""The returns folder: one folder per day of receipt, files at any depth below it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from diaodu.adapters.sheets_in import limits
from diaodu.adapters.sheets_in.trouble import unreadable
from diaodu.adapters.sheets_in.workbook_in import read_workbook, too_large
from diaodu.engine.collect.sheet import Workbook
from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.records import Finding, finding

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file to read: `name` is its path under the returns folder, `size` in bytes."""

    path: Path
    name: str
    received: date
    size: int


OnFile = Callable[[int, int, str], None]  # files done, files in all, the file just read


@dataclass(slots=True)
class ReturnsFolder:
    """All returns received up to a day, in order of path.

    `findings` are those of the folder alone; each workbook carries its own beside them.
    `ignored` lists (path, reason); `later` counts the files received after the day asked for.
    """

    workbooks: list[Workbook] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)
    received_days: list[date] = field(default_factory=list)
    later: int = 0


def read_returns(
    root: Path, *, as_of: date | None = None, on_file: OnFile | None = None
) -> ReturnsFolder:
    """Read every file under `root/YYYY-MM-DD/`; a later folder than `as_of` is passed over.

    Raises DiaoduError where `root` is no folder. What is wrong with a file becomes a finding.
    """
    folder, chosen = choose_files(root, as_of)
    for done, one in enumerate(chosen, start=1):
        read = read_file(one)
        if isinstance(read, Workbook):
            folder.workbooks.append(read)
        else:
            folder.findings.append(read)
        if on_file is not None:
            on_file(done, len(chosen), one.name)
    return folder


def choose_files(root: Path, as_of: date | None) -> tuple[ReturnsFolder, list[ReceivedFile]]:
    """The files to read, in order of path, and the folder that waits for what is in them.

    Raises DiaoduError where `root` is no folder.
    """
    if not root.is_dir():
        raise DiaoduError(f"没有找到报表文件夹“{root}”；请检查 --returns 后面的路径")
    folder = ReturnsFolder()
    chosen = list(_choose(root, as_of, folder))
    folder.received_days = sorted({one.received for one in chosen})
    return folder, chosen


def _choose(root: Path, as_of: date | None, folder: ReturnsFolder) -> Iterator[ReceivedFile]:
    for path in _files(root, root, folder):
        name = _name(path, root)
        received = _day(path.relative_to(root).parts)
        if received is None:
            folder.findings.append(_no_receipt_day(name))
        elif as_of is not None and received > as_of:
            folder.later += 1
        else:
            yield ReceivedFile(path, name, received, _size(path))


def _size(path: Path) -> int:
    """In bytes; 0 for a file that is gone again, which reading it then tells."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _files(root: Path, at: Path, folder: ReturnsFolder) -> Iterator[Path]:
    """Regular files below a folder by name; what is passed over is listed with its reason."""
    for path in sorted(at.iterdir(), key=lambda path: os.fsencode(path.name)):
        reason = _reason_to_ignore(path)
        if reason:
            folder.ignored.append((_name(path, root), reason))
        elif path.is_dir():
            yield from _files(root, path, folder)
        else:
            yield path


def _reason_to_ignore(path: Path) -> str:
    if path.name.startswith("~$"):
        return "名称以“~$”开头，是打开表格时留下的临时文件"
    if path.name.startswith("."):
        return "名称以“.”开头，是系统的隐藏文件"
    if path.is_symlink() and path.is_dir():
        return "是指向别处的链接，不是文件夹本身"
    if not path.is_dir() and not path.is_file():
        return "不是普通文件"
    return ""


def _name(path: Path, root: Path) -> str:
    """The path under the folder. Names that an old system wrote in GBK are shown as meant."""
    raw = os.fsencode(path.relative_to(root).as_posix())
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def _day(parts: tuple[str, ...]) -> date | None:
    if len(parts) < 2 or not _DAY.fullmatch(parts[0]):
        return None
    try:
        return date.fromisoformat(parts[0])
    except ValueError:
        return None


def _no_receipt_day(name: str) -> Finding:
    return finding(
        "no_receipt_day", "hard",
        f"“{name}”不在以收到日期命名的文件夹里，不知道是哪天收到的，没有读",
        "把它移到以收到那天命名的文件夹，写法如 2023-06-12",
        file=name,
    )  # fmt: skip


def read_file(one: ReceivedFile) -> Workbook | Finding:
    """A file's workbook, or the finding that tells why it cannot be opened."""
    try:
        if one.size > limits.MAX_FILE_BYTES:
            with one.path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            told = too_large(one.size).finding(one.name)
            return Workbook(one.name, digest, one.received, (), (told,))
        data = one.path.read_bytes()
    except OSError as error:
        trouble = unreadable(f"打不开（{error.strerror}）", "检查文件是否还在、是否允许读取")
        return trouble.finding(one.name)
    return read_workbook(data, file=one.name, received=one.received)
