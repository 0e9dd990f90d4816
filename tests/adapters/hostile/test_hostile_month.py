"""A month whose folder holds files nobody should send: the figures are those without them, every
such file is told of, and a helper with little memory and time reads the worst of them."""

from __future__ import annotations

import contextlib
import io
import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diaodu.cli import main

pytestmark = pytest.mark.slow

GIGABYTE = 1 << 30
MOST_MEMORY = 2 * GIGABYTE
MOST_SECONDS = 60
READ = """
import sys
from pathlib import Path
from diaodu.adapters.sheets_in import read_returns
folder = read_returns(Path(sys.argv[1]))
print(len(folder.workbooks), sum(len(book.findings) > 0 for book in folder.workbooks))
"""


def month(demo: Path, returns: Path, out: Path) -> None:
    words = ["month", "2023年5月", "--returns", str(returns), "--rulebook", str(demo / "rulebook"),
             "--out", str(out)]  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert main(words) == 0


def refused(doors: Any) -> list[Any]:
    """Files of every sort that cannot be read."""
    name, data = doors.seed("示例县2023年1—5月主要经济指标")
    letter, document = doors.word
    parts = doors.unzipped(data)
    return [
        doors.mutant("cut", name, data[: len(data) // 2]),
        doors.mutant("empty", name, b""),
        doors.mutant("noise", "噪声.xlsx", b"PK\x03\x04" + bytes(range(256)) * 50),
        doors.mutant("old noise", "噪声.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 9000),
        doors.mutant("half a list", "清单.csv", "单位,数\n甲,1".encode() + b"\xff\xfe\x00"),
        doors.mutant("zip", "打包.zip", doors.zipped([("表.xlsx", data)])),
        doors.mutant("letter cut", letter, document[:-300]),
        doors.mutant("web page", "网页.xls", b"<html><table><tr><td>1</td></tr></table></html>"),
        doors.mutant("no workbook", name, doors.zipped(parts[:2])),
        doors.mutant("parts twice", name, doors.zipped([*parts, parts[-1]])),
    ]


def test_a_month_among_files_that_cannot_be_read(doors: Any, tmp_path: Path) -> None:
    plain, mixed = tmp_path / "plain", tmp_path / "mixed"
    shutil.copytree(doors.demo / "returns", plain)
    shutil.copytree(doors.demo / "returns", mixed)
    sent = []
    for number, mutant in enumerate(refused(doors)):
        path = mixed / "2023-06-12" / str(number) / Path(mutant.file).name
        path.parent.mkdir()
        path.write_bytes(mutant.data)
        sent.append(path.relative_to(mixed).as_posix())
    month(doors.demo, plain, tmp_path / "out-plain")
    month(doors.demo, mixed, tmp_path / "out-mixed")
    for name in ("observations", "targets", "measures", "peersets"):
        one, other = (tmp_path / out / f"{name}.parquet" for out in ("out-plain", "out-mixed"))
        assert one.read_bytes() == other.read_bytes()
    before, after = (
        json.loads((tmp_path / out / "findings.json").read_text("utf-8"))
        for out in ("out-plain", "out-mixed")
    )
    added = [one for one in after if one not in before]
    assert sorted({one["file"] for one in added}) == sorted(sent)
    assert [one for one in after if one in before] == before
    told = json.loads((tmp_path / "out-mixed" / "run.json").read_text("utf-8"))
    assert set(sent) <= {one["file"] for one in told["inputs"]}


def heavy(doors: Any) -> dict[str, bytes]:
    """What would fill the memory if it were believed."""
    _, data = doors.seed("示例县2023年1—5月主要经济指标")
    sheet, strings = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
    parts = dict(doors.unzipped(data))
    xml = parts[sheet].decode()
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    merges = '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    zeros = bytes(160 << 20)
    changed = {
        "corners": {sheet: xml.replace("</sheetData>", far).encode()},
        "merges": {sheet: xml.replace("</sheetData>", merges).encode()},
        "zeros": {sheet: zeros},
        "strings": {strings: zeros},
        "blanks": {sheet: xml.replace("<sheetData>", "<sheetData>" + " " * (140 << 20)).encode()},
        "deep": {sheet: xml.replace("</worksheet>", "<a>" * 9_000_000 + "</worksheet>").encode()},
    }
    return {f"{what}.xlsx": doors.zipped((parts | of).items()) for what, of in changed.items()} | {
        "many.csv": b"1,\n" * 1_000_000,
        "one line.csv": b"1," * 20_000_000,
    }


def test_the_heaviest_with_little_memory_and_time(doors: Any, tmp_path: Path) -> None:
    folder = tmp_path / "2023-06-12"
    folder.mkdir()
    files = heavy(doors)
    for name, data in files.items():
        (folder / name).write_bytes(data)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))

    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)],
        capture_output=True, text=True, preexec_fn=limited, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    books, told = map(int, done.stdout.split())
    assert books == len(files)
    assert told >= 6
