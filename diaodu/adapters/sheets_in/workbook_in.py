"""One file to one Workbook: what it is, told by its content and not by its name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath

from diaodu.adapters.sheets_in import limits
from diaodu.adapters.sheets_in.csv_in import decode, read_csv
from diaodu.adapters.sheets_in.docx_in import DOCUMENT, read_docx
from diaodu.adapters.sheets_in.trouble import Trouble, encrypted, too_big, truncated, unreadable
from diaodu.adapters.sheets_in.xls_in import OLE, read_xls
from diaodu.adapters.sheets_in.xlsx_in import WORKBOOK, read_xlsx
from diaodu.adapters.sheets_in.zip_parts import Package
from diaodu.engine.collect.sheet import Sheet, Workbook
from diaodu.engine.ground.records import Finding
from diaodu.engine.ground.words import Severity

# Under these names a table is expected; anything else was sent along as a document.
TABLE_NAMES = frozenset(
    {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".et", ".ett", ".csv", ".tsv", ".xlsb",
     ".ods"}
)  # fmt: skip
_TEXT_TABLES = frozenset({".csv", ".tsv", ".xls", ".xlsx", ".et"})

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_SIGNATURES = {
    b"%PDF": "PDF 文件", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片", b"GIF8": "图片",
    b"Rar!": "压缩包", b"7z\xbc\xaf": "压缩包", b"\x1f\x8b": "压缩包", b"{\\rtf": "Word 文稿",
}  # fmt: skip
_PACKAGES = {
    DOCUMENT: "Word 文稿", "ppt/presentation.xml": "演示文稿",
    "xl/workbook.bin": "二进制的 .xlsb 工作簿", "content.xml": "OpenDocument 文件",
}  # fmt: skip
_WEB_STARTS = ("<!doctype html", "<html", "<head", "<meta", "<table", "<div", "<style", "<script")

_REPORT_AS_TABLE = "请报送单位改用 .xlsx 表格报送"
_UNPACK = "解开压缩包，把里面的表放进同一个日期文件夹"

OnSheet = Callable[[Sheet], None]
OnTrouble = Callable[[Trouble, str], None]


def read_workbook(data: bytes, *, file: str, received: date) -> Workbook:
    """Read one file. Never raises for what is in it: what cannot be read becomes a finding.

    `file` is the path under the returns folder, with “/”.
    """
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    try:
        _read(
            data, PurePosixPath(file).suffix.lower(), sheets.append,
            lambda trouble, sheet: findings.append(trouble.finding(file, sheet)),
        )  # fmt: skip
    except Trouble as trouble:
        findings.append(trouble.finding(file))
    digest = hashlib.sha256(data).hexdigest()
    return Workbook(file, digest, received, tuple(sheets), tuple(findings))


def too_large(size: int) -> Trouble:
    """The trouble with a file of this many bytes."""
    most = limits.MAX_FILE_BYTES // limits.MEGABYTE
    return too_big(f"有 {size / limits.MEGABYTE:.0f} MB，超过上限 {most} MB")


def _read(data: bytes, extension: str, on_sheet: OnSheet, on_trouble: OnTrouble) -> None:
    if len(data) > limits.MAX_FILE_BYTES:
        raise too_large(len(data))
    if not data:
        raise truncated("是 0 字节的空文件")
    if data.startswith(_ZIP):
        _read_package(data, extension, on_sheet, on_trouble)
    elif data.startswith(OLE):
        _read_compound(data, extension, on_sheet, on_trouble)
    elif data.startswith(_OLD_BIFF):
        read_xls(data, on_sheet, on_trouble)
    else:
        _read_text(data, extension, on_sheet)


def _not_a_table(kind: str, extension: str) -> Trouble:
    severity: Severity = "hard" if extension in TABLE_NAMES else "soft"
    why = f"的内容是{kind}，不是能直接读的表格"
    if kind == "压缩包":
        return unreadable(why, _UNPACK, "hard")
    if kind in ("Word 文稿", "演示文稿", "PDF 文件", "图片", "文字材料", "别的程序的文件"):
        return unreadable(why, _REPORT_AS_TABLE, severity)
    return unreadable(why, severity=severity)


def _read_package(data: bytes, extension: str, on_sheet: OnSheet, on_trouble: OnTrouble) -> None:
    package = Package(data)
    if WORKBOOK in package:
        read_xlsx(package, on_sheet, on_trouble)
        return
    if DOCUMENT in package and read_docx(package, on_sheet, on_trouble):
        return
    kind = next((kind for part, kind in _PACKAGES.items() if part in package), "压缩包")
    if "_rels/.rels" in package and kind == "压缩包":
        raise unreadable(f"缺少内部部件 {WORKBOOK}")
    raise _not_a_table(kind, extension)


def _read_compound(data: bytes, extension: str, on_sheet: OnSheet, on_trouble: OnTrouble) -> None:
    """.xls, but also .doc, .ppt and every .xlsx with a password live in this container."""
    if _has_stream(data, "EncryptedPackage"):
        raise encrypted()
    kind = next((kind for name, kind in _STREAMS.items() if _has_stream(data, name)), None)
    if _has_stream(data, "Workbook") or _has_stream(data, "Book") or kind is None:
        try:
            read_xls(data, on_sheet, on_trouble)
        except Trouble as trouble:
            if kind is None or trouble.code != "unreadable":
                raise
        else:
            return
    raise _not_a_table(kind, extension)


_STREAMS = {"WordDocument": "Word 文稿", "PowerPoint Document": "演示文稿"}


def _has_stream(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in data


def _read_text(data: bytes, extension: str, on_sheet: OnSheet) -> None:
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise _not_a_table(kind, extension)
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").decode("ascii", "replace").lower()
    if start.startswith(_WEB_STARTS) or start.startswith("mime-version:"):
        raise _not_a_table("网页（HTML）", extension)
    if start.startswith("<?xml"):
        raise _not_a_table("网页（HTML）" if "<html" in start else "XML 文件", extension)
    if extension not in _TEXT_TABLES:
        raise _not_a_table(_other_kind(data), extension)
    on_sheet(read_csv(data))


def _other_kind(data: bytes) -> str:
    try:
        decode(data)
    except Trouble:
        return "别的程序的文件"
    return "文字材料"
