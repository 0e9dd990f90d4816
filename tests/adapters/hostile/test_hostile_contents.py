"""Returns that open well and hold what no office's program writes: odd cells, odd sheets, odd
texts, odd Word tables."""

from __future__ import annotations

from typing import Any

import pytest

SHEET, BOOK, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
CELL = '<c r="B5" s="3"><v>1606</v></c>'
REFUSED, EMPTY, HELD, KEPT = "refused", "empty", "held", "kept"


def number(written: str) -> str:
    return f'<c r="B5" s="3"><v>{written}</v></c>'


def inline(text: str) -> str:
    return f'<c r="B5" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


CELLS: tuple[tuple[str, str], ...] = (
    *((number(one), HELD) for one in (
        "NaN", "INF", "-Infinity", "1e400", "-1e400", "1e308", "9" * 30, "0x10", "1_000", "--5",
        "1,5", "#", "一", "1/2",
    )),
    *((number(one), KEPT) for one in ("1e5", "+5", "5.", "-0", "00012", "1606.0000000000002")),
    (number(""), EMPTY),
    *((inline(one), HELD) for one in (
        "约三百", "=1+1", "\u202e12", "九" * 30_000, "增速" * 15_000, "1 " * 15_000, "1;2", "12①",
        "2023-05-01", "１２a", "&lt;script&gt;",
    )),
    *((inline(one), KEPT) for one in ("１２", "1,606", "（1,606）", "－5", "1606 ")),
    ('<c r="B5" t="str"><v>七百</v></c>', HELD),
    ('<c r="B5" t="s"><v>9999</v></c>', REFUSED),
    ('<c r="B5" t="s"><v>-1</v></c>', REFUSED),
    ('<c r="B5" t="s"><v>abc</v></c>', REFUSED),
    ('<c r="B5" t="e"><v>#REF!</v></c>', HELD),
    ('<c r="B5" t="e"><v>#WHAT</v></c>', REFUSED),
    ('<c r="B5" t="b"><v>1</v></c>', HELD),
    ('<c r="B5" t="b"><v>7</v></c>', REFUSED),
    ('<c r="B5" t="d"><v>2023-05-01</v></c>', HELD),
    ('<c r="B5" t="d"><v>99999-99-99</v></c>', HELD),
    ('<c r="B5" t="z"><v>1</v></c>', REFUSED),
    ('<c r="B5"><f>A1*2</f></c>', HELD),
    ('<c r="B5"><f>A1*2</f><v>7</v></c>', KEPT),
    ('<c r="B5"><v>1</v><v>2</v></c>', REFUSED),
    ('<c r="B5"><v>1&#51;</v></c>', REFUSED),
    ('<c r="B5"><v>1<!-- -->3</v></c>', REFUSED),
    ('<c r="B5" s="99"><v>1</v></c>', REFUSED),
    ('<c r="B5" s="x"><v>1</v></c>', REFUSED),
    ('<c r="XFE5"><v>1</v></c>', REFUSED),
    ('<c r="B99"><v>1</v></c>', REFUSED),
    ('<c r="A5"><v>1</v></c>', REFUSED),
)  # fmt: skip

SHEETS: tuple[tuple[str, str], ...] = (
    ('<dimension ref="A1:C25"/>', '<dimension ref="A1:XFD1048576"/>'),
    ('<dimension ref="A1:C25"/>', '<dimension ref="Z9:A1"/>'),
    ('<dimension ref="A1:C25"/>', '<dimension ref="不"/>'),
    ('<dimension ref="A1:C25"/>', ""),
    ('max="1" width="26.7109375"', 'max="1" width="-3"'),
    ('max="1" width="26.7109375"', 'max="16384" width="0"'),
    ('max="1" width="26.7109375"', 'max="2000000000" width="0"'),
    ('min="1" max="1"', 'min="-5" max="1" hidden="1"'),
    ('min="1" max="1"', 'min="x" max="1" hidden="1"'),
    ('<row r="5"', '<row r="5" hidden="1"'),
    ('<row r="5"', '<row r="5" ht="-1"'),
    ('<row r="5"', '<row r="0"'),
    ('<row r="5"', '<row r="-5"'),
    ('<row r="5"', '<row r="1048577"'),
    ('<row r="5"', '<row r="4"'),
    ('<row r="5"', '<row r="五"'),
    ('<row r="5"', "<row"),
    ("<sheetData>", "<sheetData><!-- x -->"),
    ("<sheetData>", "<sheetData/><sheetData>"),
    ("</sheetData>", "</sheetData><sheetData/>"),
    ('encoding="UTF-8"', 'encoding="UTF-16"'),
    ('encoding="UTF-8"', 'encoding="GBK"'),
    ('encoding="UTF-8"', 'encoding="x-none"'),
    ('<?xml version="1.0"', '<?xml version="9.9"'),
    ("<worksheet ", "<worksheet\x00 "),
    ("<worksheet ", "<worksheet\x0b "),
    ("<sheetView ", '<sheetView showZeros="0" '),
    *(("</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>") for merges in (
        '<mergeCell ref="A1:C1"/>', '<mergeCell ref="A4:C25"/>', '<mergeCell ref="C25:A1"/>',
        '<mergeCell ref="A1:XFD1048576"/>', '<mergeCell ref="A0:B1"/>', '<mergeCell ref=""/>',
        "<mergeCell/>", '<mergeCell ref="A4:A5"/>' * 2,
    )),
)  # fmt: skip

BOOKS: tuple[tuple[str, str], ...] = (
    ('name="Sheet1"', 'name=""'),
    ('name="Sheet1"', 'name="[]:*?/\\"'),
    ('name="Sheet1"', f'name="{"长" * 5000}"'),
    ('name="Sheet1"', 'name="&#10;"'),
    ('name="Sheet1"', 'name="Sheet1" state="hidden"'),
    ('name="Sheet1"', 'name="Sheet1" state="veryHidden"'),
    ('r:id="rId1"', 'r:id="rId99"'),
    ('r:id="rId1"', 'r:id="rId2"'),
    ('r:id="rId1"', ""),
    ("<workbookPr ", '<workbookPr date1904="1" '),
    ("<sheets>", '<sheets><sheet name="Sheet1" sheetId="2" r:id="rId1"/>'),
    ("<sheets>", '<sheets><sheet name="另一张" sheetId="2" r:id="rId1"/>'),
    ("</sheets>", "".join(f'<sheet name="a{n}" sheetId="{n}" r:id="rId1"/>' for n in range(2, 60))
     + "</sheets>"),
    ("</sheets>", '</sheets><externalReferences><externalReference r:id="rId9"/>'
     "</externalReferences>"),
)  # fmt: skip


@pytest.fixture(scope="module")
def seed(doors: Any) -> tuple[str, bytes]:
    name, data = doors.seed("供电公司2023年1—4月")
    return name, data


def with_part(doors: Any, data: bytes, part: str, old: str, new: str) -> bytes:
    parts = dict(doors.unzipped(data))
    before = parts[part].decode()
    assert old in before, old
    return bytes(doors.zipped((parts | {part: before.replace(old, new, 1).encode()}).items()))


def figures(one: Any) -> dict[str, tuple[Any, ...]]:
    """By cell what was read, but for where it came from."""
    return {
        seen.cell: (seen.indicator, seen.org, seen.period, seen.facet, seen.value, seen.held)
        for sheet in one.reading.sheets
        for seen in sheet.observations
    }


def test_one_odd_cell_is_judged_alone(doors: Any, seed: tuple[str, bytes]) -> None:
    """All others keep their figures; the odd one is kept, held with a question about it, or the
    sheet is refused."""
    name, data = seed
    corpus = [doors.mutant("whole", name, data)] + [
        doors.mutant(cell[:90], name, with_part(doors, data, SHEET, CELL, cell))
        for cell, _ in CELLS
    ]
    whole, *outcomes = doors.read(corpus)
    rest = {cell: read for cell, read in figures(whole).items() if cell != "B5"}
    for one, (_, fate) in zip(outcomes, CELLS, strict=True):
        what = one.mutant.what
        if fate == REFUSED:
            assert one.reading.sheets == () and one.codes == {"unreadable"}, what
            continue
        assert {cell: read for cell, read in figures(one).items() if cell != "B5"} == rest, what
        assert one.fates["held"] == (fate == HELD), what
        assert one.fates["kept"] == len(rest) + (fate == KEPT), what
        assert [told.cell for told in one.findings] == ["B5"] * (fate == HELD), what


def test_odd_sheets(doors: Any, seed: tuple[str, bytes]) -> None:
    name, data = seed
    doors.read(
        doors.mutant(f"{old} → {new}"[:90], name, with_part(doors, data, SHEET, old, new))
        for old, new in SHEETS
    )


def test_odd_workbooks(doors: Any, seed: tuple[str, bytes]) -> None:
    name, data = seed
    doors.read(
        doors.mutant(f"{old} → {new}"[:90], name, with_part(doors, data, BOOK, old, new))
        for old, new in BOOKS
    )


def test_lists_in_odd_encodings(doors: Any) -> None:
    """What is read is read as it was meant; what is damaged is refused."""
    name, data = doors.of(".csv")[-1]
    text = data.decode("gb18030")
    same = [text.encode(one) for one in ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16")]
    same += [text.replace("\r\n", "\n").encode(), text.replace("\r\n", "\r").encode()]
    odd = [
        text.encode("utf-16-le"), text.encode("utf-32"), text.encode("utf-7"), text.encode()[:-2],
        text.encode() + b"\xff\xfe", text.encode() + text.encode("gbk"), text.encode() + b"\x00",
        text.replace(",", "，").encode(), text.replace(",", "\t").encode(), b'"' + text.encode(),
        text.replace(",", '","').encode(), b"," * 100_000, b"\n".join([b"a,b"] * 20_000),
        b'"' * 50_001, ("甲," * 16_384).encode(), text.encode().replace(b"\n", b"\n\n"),
    ]  # fmt: skip
    corpus = [doors.mutant(f"csv {at}", name, one) for at, one in enumerate([*same, *odd])]
    outcomes = doors.read(corpus)
    first = figures(outcomes[0])
    assert len(first) > 5
    for one in outcomes[: len(same)]:
        assert figures(one) == first, one.mutant.what


WORD: tuple[tuple[str, str], ...] = (
    ("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="20000"/>'),
    ("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="-1"/>'),
    ("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="x"/>'),
    ("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="0"/>'),
    ("<w:tcPr>", "<w:tcPr><w:vMerge/>"),
    ("<w:tcPr>", '<w:tcPr><w:vMerge w:val="restart"/>'),
    ("<w:tr>", '<w:tr><w:trPr><w:gridBefore w:val="30000"/></w:trPr>'),
    ("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>"),
    ("<w:tr>", "<w:tr><w:del/>"),
    ("<w:tr>", "<w:tr/><w:tr>"),
    ("<w:tbl>", "<w:tbl><w:tbl/>"),
    ("<w:tbl>", "<w:tbl/><w:tbl>"),
    ("<w:body>", "<w:body><w:object/>"),
    ("<w:body>", '<w:body><w:altChunk r:id="rId1"/>'),
    ("<w:body>", "<w:body>" + "<w:tbl><w:tr><w:tc>" * 200 + "</w:tc></w:tr></w:tbl>" * 200),
    ("<w:body>", "<w:body>" + "<w:p/>" * 20_000),
    ("<w:body>", "<w:body>" + "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>" * 500),
    ("<w:document ", '<w:document x="'),
)


def test_odd_word_tables(doors: Any) -> None:
    name, data = doors.word
    doors.read(
        doors.mutant(
            f"{old} → {new}"[:90], name, with_part(doors, data, "word/document.xml", old, new)
        )
        for old, new in WORD
    )
