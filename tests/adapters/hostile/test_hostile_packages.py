"""Workbooks and Word documents whose package was tampered with, each part sound in itself."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import msoffcrypto.format.ooxml
import pytest

MEGABYTE = 1024 * 1024
Parts = list[tuple[str, bytes]]
SHEET, BOOK, STRINGS, STYLES = (
    "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml",
)  # fmt: skip
TYPES, ROOT_LINKS, LINKS = "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"
OUTSIDE = (
    "../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/sheet1.xml",
    "\\\\server\\share\\sheet1.xml", "worksheets/../../xl/worksheets/sheet1.xml", "", "#", "%00",
    "worksheets/sheet1.xml?x=1", "WORKSHEETS/SHEET1.XML",
)  # fmt: skip


def renamed(parts: Parts, old: str, new: str) -> Parts:
    return [(new if name == old else name, content) for name, content in parts]


def without(parts: Parts, gone: str) -> Parts:
    return [(name, content) for name, content in parts if name != gone]


def replaced(parts: Parts, old: str, content: bytes) -> Parts:
    return [(name, content if name == old else before) for name, before in parts]


def edited(parts: Parts, part: str, old: str, new: str) -> Parts:
    before = dict(parts)[part].decode()
    assert old in before
    return replaced(parts, part, before.replace(old, new).encode())


@pytest.fixture(scope="module", params=["xlsx", "docx"])
def seed(request: pytest.FixtureRequest, doors: Any) -> tuple[str, bytes]:
    return doors.word if request.param == "docx" else doors.seed("示例县2023年1—5月主要经济指标")


@pytest.fixture(scope="module")
def workbook(doors: Any) -> tuple[str, bytes]:
    return doors.seed("示例县2023年1—5月主要经济指标")


# -- parts missing, renamed, swapped, twice --------------------------------------------------------


def test_parts_missing_renamed_emptied(doors: Any, seed: tuple[str, bytes]) -> None:
    name, data = seed
    parts = doors.unzipped(data)
    corpus = []
    for part, content in parts:
        for what, changed in (
            ("gone", without(parts, part)),
            ("renamed", renamed(parts, part, part + "x")),
            ("in capitals", renamed(parts, part, part.upper())),
            ("rooted", renamed(parts, part, "/" + part)),
            ("empty", replaced(parts, part, b"")),
            ("another root", replaced(parts, part, b"<?xml version='1.0'?><a/>")),
            ("twice", [*parts, (part, content)]),
            ("twice, otherwise", [*parts, (part, b"<a/>")]),
            ("half", replaced(parts, part, content[: len(content) // 2])),
        ):
            corpus.append(doors.mutant(f"{part} {what}", name, doors.zipped(changed)))
    outcomes = doors.read(corpus)
    assert len(outcomes) == 9 * len(parts)
    twice = [one for one in outcomes if "twice" in one.mutant.what]
    assert all(one.reading.sheets == () for one in twice)


def test_parts_exchanged(doors: Any, seed: tuple[str, bytes]) -> None:
    name, data = seed
    parts = doors.unzipped(data)
    rng = random.Random("exchanged")
    corpus = []
    for _ in range(40):
        (one, first), (other, second) = rng.sample(parts, 2)
        swapped = replaced(replaced(parts, one, second), other, first)
        corpus.append(doors.mutant(f"{one} for {other}", name, doors.zipped(swapped)))
    doors.read(corpus)


def test_parts_of_another_return(doors: Any) -> None:
    """A part that fits, from a workbook of the same maker: whatever comes is counted in full."""
    rng = random.Random("borrowed")
    corpus = []
    for _ in range(40):
        (name, data), (_, other) = rng.sample(doors.of(".xlsx"), 2)
        parts, lent = doors.unzipped(data), dict(doors.unzipped(other))
        part = rng.choice((SHEET, STRINGS, STYLES, BOOK, LINKS))
        corpus.append(
            doors.mutant(f"{part} lent", name, doors.zipped(replaced(parts, part, lent[part])))
        )
    doors.read(corpus)


# -- what the parts say of each other --------------------------------------------------------------


def test_wrong_content_types(doors: Any, workbook: tuple[str, bytes]) -> None:
    """Nobody needs them to find the sheets: the table is read as it stands, or refused."""
    name, data = workbook
    parts = doors.unzipped(data)
    corpus = [
        doors.mutant(f"{old} → {new}", name, doors.zipped(edited(parts, TYPES, old, new)))
        for old, new in (
            ("spreadsheetml.sheet.main", "wordprocessingml.document.main"),
            ("spreadsheetml.worksheet", "spreadsheetml.chartsheet"),
            ("spreadsheetml.sharedStrings", "spreadsheetml.styles"),
            ("application/xml", "text/html"),
            ("/xl/worksheets/sheet1.xml", "/xl/worksheets/sheet9.xml"),
            ("spreadsheetml.sheet.main+xml", "excel.sheet.macroEnabled.main+xml"),
        )
    ]
    whole = doors.read([doors.mutant("whole", name, data)])[0].fates
    for one in doors.read(corpus):
        assert not one.reading.sheets or one.fates == whole


def test_links_to_the_outside_are_not_followed(doors: Any, workbook: tuple[str, bytes]) -> None:
    name, data = workbook
    parts = doors.unzipped(data)
    corpus = [
        doors.mutant(f"{part}: {old} → {new}", name, doors.zipped(edited(parts, part, old, new)))
        for part, old in (
            (LINKS, 'Target="worksheets/sheet1.xml"'),
            (LINKS, 'Target="sharedStrings.xml"'),
            (ROOT_LINKS, 'Target="xl/workbook.xml"'),
        )
        for target in OUTSIDE
        for new in (f'Target="{target}"', f'Target="{target}" TargetMode="External"')
    ]
    outcomes = doors.read(corpus)
    assert len(outcomes) == 66
    kept = [one for one in outcomes if one.fates["kept"]]
    whole = doors.read([doors.mutant("whole", name, data)])[0].fates
    assert all(one.fates == whole for one in kept)


def test_names_that_lead_out_of_the_package(
    doors: Any, seed: tuple[str, bytes], tmp_path: Any
) -> None:
    name, data = seed
    parts = doors.unzipped(data)
    names = (
        "../../../../etc/owned", "/etc/owned", "..\\..\\owned", "C:\\owned", "a/" * 900, "CON",
        "\u202efdp.exe", "x" * 60000, "表.xlsx", " ", ".", "..", "./xl/workbook.xml",
    )  # fmt: skip
    corpus = [
        doors.mutant(f"with {extra[:30]}", name, doors.zipped([*parts, (extra, b"x")]))
        for extra in names
    ]
    whole = doors.read([doors.mutant("whole", name, data)])[0].fates
    assert all(one.fates == whole for one in doors.read(corpus) if one.reading.sheets)


# -- the directory ---------------------------------------------------------------------------------


def entry(data: bytes, part: str) -> int:
    """Where the directory tells of a part."""
    return data.rindex(b"PK\x01\x02", 0, data.rindex(part.encode()))


def patched(data: bytes, at: int, form: str, value: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(form, changed, at, value)
    return bytes(changed)


def test_a_directory_that_lies(doors: Any, workbook: tuple[str, bytes]) -> None:
    name, data = workbook
    end = data.rindex(b"PK\x05\x06")
    fields: tuple[tuple[str, int, str, tuple[int, ...]], ...] = (
        ("flags", 8, "<H", (1, 8, 0x41, 0x800, 0xFFFF)),
        ("method", 10, "<H", (0, 1, 9, 12, 14, 93, 99, 0xFFFF)),
        ("checksum", 16, "<I", (0, 0xFFFFFFFF)),
        ("packed size", 20, "<I", (0, 1, 300 * MEGABYTE, 0xFFFFFFFF)),
        ("size", 24, "<I", (0, 1, 300 * MEGABYTE, 0xFFFFFFFF)),
        ("name's length", 28, "<H", (0, 1, 0xFFFF)),
        ("extra's length", 30, "<H", (1, 0xFFFF)),
        ("place", 42, "<I", (0, 1, 0x7FFFFFFF, 0xFFFFFFFF)),
    )
    corpus = [
        doors.mutant(f"{what} of {part} {value}", name,
                     patched(data, entry(data, part) + at, form, value))
        for part in (SHEET, BOOK, STYLES)
        for what, at, form, values in fields
        for value in values
    ]  # fmt: skip
    corpus += [
        doors.mutant(f"end + {at}: {value}", name, patched(data, end + at, form, value))
        for at, form, values in (
            (4, "<H", (1, 0xFFFF)), (8, "<H", (0, 1, 0xFFFF)), (10, "<H", (0, 1, 0xFFFF)),
            (12, "<I", (0, 0xFFFFFFFF)), (16, "<I", (0, 5, 0xFFFFFFFF)), (20, "<H", (1, 0xFFFF)),
        )
        for value in values
    ]  # fmt: skip
    outcomes = doors.read(corpus)
    whole = doors.read([doors.mutant("whole", name, data)])[0].fates
    for one in outcomes:
        assert not one.reading.sheets or one.fates == whole, one.mutant.what
        if str(300 * MEGABYTE) in one.mutant.what:
            assert one.reading.sheets == ()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing(doors: Any, workbook: tuple[str, bytes], method: int) -> None:
    name, data = workbook
    (one,) = doors.read(
        [doors.mutant(f"method {method}", name, doors.zipped(doors.unzipped(data), method))]
    )
    if method == zipfile.ZIP_STORED:
        assert one.fates["kept"] > 100
    else:
        assert one.codes == {"unreadable"}


def test_packages_within_packages(doors: Any, workbook: tuple[str, bytes]) -> None:
    name, data = workbook
    nested = data
    for _ in range(5):
        nested = doors.zipped([("表.xlsx", nested)])
    corpus = [
        doors.mutant("nested", name, nested),
        doors.mutant("renamed zip", name, doors.zipped([("a.txt", b"x"), ("b/表.xlsx", data)])),
        doors.mutant("two in a row", name, data + data),
        doors.mutant("many parts", name, doors.zipped((f"a{n}", b"") for n in range(6000))),
        doors.mutant("a document inside", name,
                     doors.zipped([*doors.unzipped(data), ("word/document.xml", b"<a/>")])),
    ]  # fmt: skip
    nested_one, zipped_one, _, many, _ = doors.read(corpus)
    assert nested_one.codes == zipped_one.codes == {"unreadable"}
    assert "压缩包" in nested_one.findings[0].message
    assert many.codes == {"too_big"}


def test_locked(doors: Any) -> None:
    corpus = []
    for name, data in (doors.of(".xlsx")[0], doors.of(".xlsx")[-1], doors.word):
        stream = io.BytesIO()
        msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(data)).encrypt("密码", stream)
        corpus += [doors.mutant(f"{name}{to}", name + to, stream.getvalue())
                   for to in ("", ".xls", ".csv")]  # fmt: skip
    outcomes = doors.read(corpus)
    assert [one.codes for one in outcomes] == [{"encrypted"}] * 9


# -- bombs -----------------------------------------------------------------------------------------

GROWS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
OUTER = 'SYSTEM "file:///etc/passwd"'
MANY_ATTRIBUTES = " ".join(f'a{n}=""' for n in range(99_999))
BOMBS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("entities that double", lambda xml: _typed(xml, f'<!ENTITY l0 "ha">{GROWS}', "&l12;")),
    ("one entity, often", lambda xml: _typed(xml, f'<!ENTITY l0 "{"x" * 99999}">', "&l0;" * 9999)),
    ("an outer entity", lambda xml: _typed(xml, f"<!ENTITY l0 {OUTER}>", "&l0;")),
    ("an outer grammar", lambda xml: xml.replace("?>", f"?><!DOCTYPE a {OUTER}>", 1)),
    ("an outer parameter", lambda xml: _typed(xml, f"<!ENTITY % l {OUTER}> %l;", "")),
    ("100,000 levels", lambda xml: _inside(xml, "<a>" * 100_000 + "</a>" * 100_000)),
    ("100,000 attributes", lambda xml: _inside(xml, f"<a {MANY_ATTRIBUTES}/>")),
    ("an attribute of 9 MB", lambda xml: _inside(xml, f'<a b="{"x" * 9 * MEGABYTE}"/>')),
    ("a name of 1 MB", lambda xml: _inside(xml, f"<{'a' * MEGABYTE}/>")),
    ("a text of 9 MB", lambda xml: _inside(xml, "x" * 9 * MEGABYTE)),
    ("a comment of 9 MB", lambda xml: _inside(xml, f"<!--{'x' * 9 * MEGABYTE}-->")),
)  # fmt: skip


def _typed(xml: str, declared: str, used: str) -> str:
    return _inside(xml.replace("?>", f"?><!DOCTYPE a [{declared}]>", 1), used)


def _inside(xml: str, more: str) -> str:
    """Right before the last closing tag."""
    at = xml.rindex("</")
    return xml[:at] + more + xml[at:]


def test_bombs(doors: Any, seed: tuple[str, bytes]) -> None:
    """In every part that somebody reads, and in one that nobody should."""
    name, data = seed
    parts = doors.unzipped(data)
    inner = {part for part, _ in parts}
    aimed = [part for part in (SHEET, BOOK, STRINGS, STYLES, LINKS, TYPES, "word/document.xml",
                               "word/styles.xml", "docProps/app.xml") if part in inner]  # fmt: skip
    corpus = [
        doors.mutant(f"{what} in {part}", name,
                     doors.zipped(replaced(parts, part, blow(dict(parts)[part].decode()).encode())))
        for part in aimed
        for what, blow in BOMBS
    ]  # fmt: skip
    outcomes = doors.read(corpus)
    assert len(outcomes) == len(BOMBS) * len(aimed)
    for one in outcomes:
        assert "root:" not in "".join(told.message for told in one.findings)
