"""Bytes nobody should send. Whatever comes, a Workbook comes back: read, or with a finding."""

import random
import struct
import zlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from time import monotonic
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import msoffcrypto
import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from diaodu.adapters.sheets_in import limits, read_workbook
from diaodu.engine.collect.sheet import Workbook

Raw = Callable[..., bytes]
FILE = "2023-06-12/a.xlsx"
CODES = {
    "unreadable", "encrypted", "truncated", "too_big", "empty_sheet", "unknown_unit",
}  # fmt: skip
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def new_file() -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("主要指标")
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.merge_range("A1:C1", "主要指标（单位：万元）")
        for row in range(1, 12):
            sheet.write_row(row, 0, [f"乡镇{row}", "合计"])
            sheet.write_number(row, 2, row * 1.25, money)
        book.add_worksheet("附表").write("A1", 1)
    return stream.getvalue()


def openpyxl_file() -> bytes:
    book = openpyxl.Workbook()
    for row in range(1, 12):
        book.active.append([f"乡镇{row}", row / 8, "=B1*2", None, True])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def old_file() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("主要指标")
    sheet.write_merge(0, 0, 0, 2, "主要指标（单位：万元）")
    for row in range(1, 40):
        sheet.write(row, 0, f"乡镇{row}")
        sheet.write(row, 1, row * 1.25)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


SEEDS = {"a.xlsx": new_file(), "b.xlsx": openpyxl_file(), "c.xls": old_file()}


def assert_told(workbook: Workbook) -> None:
    """Something was read, or a finding says why not; every finding can be acted on."""
    assert workbook.sheets or workbook.findings
    for found in workbook.findings:
        assert found.code in CODES
        assert found.file and found.message and found.action


# -- bytes changed at random -----------------------------------------------------------------


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 3, 20))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def holed(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randrange(1, 400) :]


def zeroed(data: bytes, rng: random.Random) -> bytes:
    at, length = rng.randrange(len(data)), rng.randrange(1, 600)
    return data[:at] + bytes(len(data[at : at + length])) + data[at + length :]


def doubled(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[rng.randrange(len(data)) :] + data[at:]


MUTATIONS = (cut, flipped, holed, zeroed, doubled)


@pytest.mark.parametrize("mutate", MUTATIONS)
@pytest.mark.parametrize("name", SEEDS)
def test_changed_bytes_are_read_or_told(name: str, mutate: Callable[..., bytes]) -> None:
    rng = random.Random(f"{name}{mutate.__name__}")
    for _ in range(40):
        data = mutate(SEEDS[name], rng)
        file = rng.choice((name, "x.xls", "x.xlsx", "x.csv", "x.docx"))
        assert_told(read(data, file))


def read(data: bytes, file: str = FILE) -> Workbook:
    return read_workbook(data, file=file, received=date(2023, 6, 12))


# -- parts of the package changed, the package itself sound ----------------------------------


def repacked(data: bytes, change: Callable[[str, bytes], dict[str, bytes]]) -> bytes:
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            for new, content in change(name, source.read(name)).items():
                target.writestr(new, content)
    return stream.getvalue()


PARTS = ZipFile(BytesIO(SEEDS["a.xlsx"])).namelist()


@pytest.mark.parametrize("part", PARTS)
def test_each_part_missing_empty_cut_or_garbled(part: str) -> None:
    rng = random.Random(part)
    changes: list[Callable[[bytes], dict[str, bytes]]] = [
        lambda _: {},
        lambda _: {part: b""},
        lambda old: {part: old[: len(old) // 2]},
        lambda old: {part: old[: len(old) - 3]},
        lambda old: {part: old.replace(b"1", b"99999999999999999999")},
        lambda old: {part: old.replace(b"A", b"\xc3\x28")},
        lambda old: {part: old.replace(b'r="', b'r="-')},
        lambda old: {part: old.replace(b"<", b"&lt;", 5)},
        lambda old: {part: old.decode().encode("utf-16")},
        lambda _: {part: rng.randbytes(300)},
        lambda old: {part + "x": old},
        lambda old: {part: b"<?xml version='1.0'?><a/>"},
    ]
    for change in changes:
        data = repacked(
            SEEDS["a.xlsx"],
            lambda name, old, change=change: change(old) if name == part else {name: old},
        )
        assert_told(read(data))


def test_parts_exchanged_with_each_other() -> None:
    contents = {name: ZipFile(BytesIO(SEEDS["a.xlsx"])).read(name) for name in PARTS}
    for one in PARTS:
        for other in PARTS:
            swapped = contents | {one: contents[other], other: contents[one]}
            assert_told(read(repacked(SEEDS["a.xlsx"], lambda n, _, s=swapped: {n: s[n]})))


@given(st.binary(max_size=400), st.sampled_from(["a.xlsx", "a.xls", "a.csv", "a.pdf", "a"]))
@example(b"PK\x05\x06" + bytes(18), "a.xlsx")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls")
@example(b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(60), "a.xls")
@settings(max_examples=300, deadline=None)
def test_any_bytes_at_all(data: bytes, file: str) -> None:
    assert_told(read(data, file))


# -- what each kind of trouble is called -----------------------------------------------------


def only(workbook: Workbook) -> tuple[str, str, str]:
    assert workbook.sheets == ()
    (found,) = workbook.findings
    assert found.severity == "hard"
    return found.code, found.message, found.action


RESAVE = "用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送"
AGAIN = "请报送单位重新发送完整的文件"
UNLOCK = "取消打开密码，另存为 .xlsx 后重新报送"
SHRINK = "只留要报的表，删去多余的行、列、图片，另存为 .xlsx 后重新报送"


def test_an_empty_file() -> None:
    assert only(read(b"")) == (
        "truncated",
        f"“{FILE}”不完整：是 0 字节的空文件，多半是拷贝或下载中断",
        AGAIN,
    )


def test_a_package_cut_short() -> None:
    assert only(read(SEEDS["a.xlsx"][:-40])) == (
        "truncated",
        f"“{FILE}”不完整：压缩包没有结尾，多半是拷贝或下载中断",
        AGAIN,
    )


def test_a_sheet_half_written_does_not_stop_the_other() -> None:
    part = "xl/worksheets/sheet1.xml"
    data = repacked(SEEDS["a.xlsx"], lambda n, old: {n: old[:700] if n == part else old})
    workbook = read(data)
    assert [sheet.name for sheet in workbook.sheets] == ["附表"]
    (found,) = workbook.findings
    assert (found.code, found.sheet) == ("truncated", "主要指标")
    assert found.message == (
        f"“{FILE}”的工作表“主要指标”不完整：内部部件 {part} 到第2行就断了，多半是拷贝或下载中断"
    )


def test_a_workbook_with_a_password() -> None:
    stream = BytesIO()
    OOXMLFile(BytesIO(SEEDS["a.xlsx"])).encrypt("secret", stream)
    assert msoffcrypto.OfficeFile(BytesIO(stream.getvalue())).is_encrypted()
    for file in (FILE, "2023-06-12/a.xls"):
        assert only(read(stream.getvalue(), file)) == (
            "encrypted", f"“{file}”设有打开密码，读不出内容", UNLOCK,
        )  # fmt: skip


def test_an_old_workbook_with_a_password() -> None:
    data = SEEDS["c.xls"]
    start = data.index(struct.pack("<HHH", 0x0809, 16, 0x0600)) + 20
    length = struct.unpack_from("<H", data, start + 2)[0]
    locked = data[:start] + struct.pack("<HH", 0x2F, length) + data[start + 4 :]
    assert only(read(locked, "a.xls"))[:2] == ("encrypted", "“a.xls”设有打开密码，读不出内容")


def test_a_part_without_a_name() -> None:
    data = bytearray(SEEDS["a.xlsx"])
    at = data.index(b"PK\x01\x02")
    data[at + 46] = 0  # zipfile ends a name at a zero byte
    assert_told(read(bytes(data)))


def test_a_package_with_a_locked_part() -> None:
    data = bytearray(SEEDS["a.xlsx"])
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert only(read(bytes(data)))[0] == "encrypted"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "网页（HTML）"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", "网页（HTML）"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页（HTML）"),
        (b'<?xml version="1.0"?><html xmlns="x"></html>', "网页（HTML）"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:s"></Workbook>', "XML 文件"),
    ],
)
def test_a_web_page_named_xls(data: bytes, kind: str) -> None:
    assert only(read(data, "a.xls")) == (
        "unreadable", f"“a.xls”的内容是{kind}，不是能直接读的表格", RESAVE,
    )  # fmt: skip


def test_names_do_not_matter_where_the_content_is_a_table() -> None:
    for data in (SEEDS["a.xlsx"], SEEDS["c.xls"], "甲,乙\n1,2\n".encode("gbk")):
        sheets = {read(data, f"a{extension}").sheets for extension in (".xlsx", ".xls", ".et")}
        assert len(sheets) == 1
        assert sheets != {()}


@pytest.mark.parametrize(
    ("file", "data", "kind"),
    [
        ("a.pdf", b"%PDF-1.7", "PDF 文件"),
        ("a.png", b"\x89PNG\r\n", "图片"),
        ("a.txt", "情况说明".encode(), "文字材料"),
        ("a.wps", b"\x00\x01\x02", "别的程序的文件"),
        ("a.rtf", b"{\\rtf1}", "Word 文稿"),
    ],
)
def test_documents_sent_along_are_told_softly(file: str, data: bytes, kind: str) -> None:
    workbook = read(data, file)
    (found,) = workbook.findings
    assert (found.code, found.severity) == ("unreadable", "soft")
    assert found.message == f"“{file}”的内容是{kind}，不是能直接读的表格"
    assert found.action == "请报送单位改用 .xlsx 表格报送"


def packed(parts: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def test_packages_that_are_no_workbook() -> None:
    assert only(read(packed({"a/表.xlsx": b"x"}), "a.zip")) == (
        "unreadable", "“a.zip”的内容是压缩包，不是能直接读的表格",
        "解开压缩包，把里面的表放进同一个日期文件夹",
    )  # fmt: skip
    (letter,) = read(packed({"word/document.xml": b"<a/>"}), "a.docx").findings
    assert (letter.severity, letter.message) == (
        "soft", "“a.docx”的内容是Word 文稿，不是能直接读的表格",
    )  # fmt: skip
    assert only(read(packed({"xl/workbook.bin": b"x"}), "a.xlsb"))[1:] == (
        "“a.xlsb”的内容是二进制的 .xlsb 工作簿，不是能直接读的表格", RESAVE,
    )  # fmt: skip


def test_a_document_type_is_refused_before_it_can_grow(raw_xlsx: Raw) -> None:
    laughs = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))
    doctype = f'<!DOCTYPE l [<!ENTITY l0 "ha">{laughs}]>'
    sheet = (
        f'<?xml version="1.0"?>{doctype}<worksheet xmlns="http://schemas.openxmlformats.org/'
        'spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t>'
        "</is></c></row></sheetData></worksheet>"
    ).encode()
    started = monotonic()
    (found,) = read(raw_xlsx(parts={"xl/worksheets/sheet1.xml": sheet})).findings
    assert monotonic() - started < 2
    assert (found.code, found.sheet) == ("unreadable", "表1")
    assert found.message.endswith(
        "内部部件 xl/worksheets/sheet1.xml 带有文档类型声明，正常的表格不会有"
    )
    for part in ("xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"):
        text = f'<?xml version="1.0"?>{doctype}<a>&l9;</a>'.encode()
        assert only(read(raw_xlsx(ROW, parts={part: text})))[0] == "unreadable"


def test_an_outer_entity_is_never_fetched(raw_xlsx: Raw) -> None:
    strings = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]><sst><si><t>&x;</t></si></sst>'
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    workbook = read(raw_xlsx(rows, parts={"xl/sharedStrings.xml": strings}))
    texts = [cell.text for sheet in workbook.sheets for cell in sheet.cells]
    assert_told(workbook)
    assert all(text in ("", "&x;") for text in texts)


def test_a_bomb_is_judged_by_the_directory_alone() -> None:
    started = monotonic()
    data = packed({"xl/workbook.xml": bytes(limits.RATIO_FREE_BYTES + 1)})
    assert only(read(data)) == (
        "too_big",
        f"“{FILE}”压缩比 1:{ratio_of(data):.0f}，超过上限 1:300，疑似压缩炸弹，没有读",
        SHRINK,
    )
    assert monotonic() - started < 5


def ratio_of(data: bytes) -> float:
    (info,) = ZipFile(BytesIO(data)).infolist()
    return info.file_size / info.compress_size


def test_a_directory_that_promises_too_much() -> None:
    data = bytearray(SEEDS["a.xlsx"])
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 300 * limits.MEGABYTE)
    code, message, _ = only(read(bytes(data)))
    assert (code, message) == ("too_big", f"“{FILE}”解压后有 300 MB，超过上限 150 MB，没有读")


def test_a_directory_that_promises_too_little() -> None:
    """Unpacking stops at the promised size even where the checksum of that much is right."""
    body = b"<a>" + bytes(100_000)
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", body)
    data = bytearray(stream.getvalue())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<II", data, at + 16, zlib.crc32(body[:50]), at)
    struct.pack_into("<I", data, at + 24, 50)
    struct.pack_into("<I", data, at + 20, struct.unpack_from("<I", stream.getvalue(), at + 20)[0])
    assert only(read(bytes(data)))[:2] == (
        "too_big",
        f"“{FILE}”内部部件 xl/workbook.xml 比目录里写的大，疑似压缩炸弹，没有读",
    )


def test_a_part_stored_with_a_wrong_checksum() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
    assert only(read(stream.getvalue().replace(b"<workbook/>", b"<workbooc/>")))[:2] == (
        "truncated",
        f"“{FILE}”不完整：内部部件 xl/workbook.xml 与校验码不符，多半是拷贝或下载中断",
    )


def test_more_bytes_than_a_return_can_have() -> None:
    data = b"PK\x03\x04" + bytes(limits.MAX_FILE_BYTES)
    assert only(read(data)) == ("too_big", f"“{FILE}”有 50 MB，超过上限 50 MB，没有读", SHRINK)


def test_two_cells_at_the_far_corners(raw_xlsx: Raw) -> None:
    rows = ROW + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert only(read(raw_xlsx(rows)))[:2] == (
        "too_big",
        f"“{FILE}”的工作表“表1”内容一直散布到 XFD1048576，只有 2 个单元格有内容，没有读",
    )


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
         "第1行的单元格次序颠倒或重复"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
         "第1行的单元格次序颠倒或重复"),
        (ROW + ROW, "第1行的次序颠倒、重复或超出了表格的最大行"),
        ('<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
         "第1048577行的次序颠倒、重复或超出了表格的最大行"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "单元格地址“XFE”超出了表格的最大列"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "单元格地址“A2”与所在的第1行不符"),
        ('<row r="1"><c r="$A$1"><v>1</v></c></row>', "单元格地址“$A$”写法有误"),
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
         "读不出内容（Cell string index not found in shared strings table）"),
    ],
)  # fmt: skip
def test_addresses_that_cannot_be(raw_xlsx: Raw, rows: str, why: str) -> None:
    assert only(read(raw_xlsx(rows))) == (
        "unreadable", f"“{FILE}”的工作表“表1”{why}", RESAVE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ('<c r="A1" t="s"><v>abc</v></c>', "里 A1 指向的文字编号“abc”写法有误"),
        ('<c r="A1" t="s"><v>-1</v></c>', "里 A1 指向的文字编号“-1”写法有误"),
        (f'<c r="A1" t="s"><v>{"9" * 30}</v></c>',
         f"里 A1 指向的文字编号“{'9' * 30}”写法有误"),
        ('<c r="A1"><v>1&#51;</v></c>', "里有单元格的数不是直接写出来的"),
        ('<c r="A1"><v>1<!-- -->3</v></c>', "里有单元格的数不是直接写出来的"),
        ('<c r="A1"><v>1<![CDATA[3]]></v></c>', "里有单元格的数不是直接写出来的"),
        ('<c r="A1" t="s"><v>0<?a?>0</v></c>', "里有单元格的数不是直接写出来的"),
        ('<c r="A1"><v>1</v><v>2</v></c>', "第1行有单元格写着两个值"),
        ('<c r="A1" t="inlineStr"><is><t>1</t></is><v>2</v></c>', "第1行有单元格写着两个值"),
        ('<c r="A1" t="inlineStr"><is><t>1</t></is><is><t>2</t></is></c>',
         "第1行有单元格写着两个值"),
        ('<c r="A1" s="9"><v>0.083</v></c>',
         "里 A1 用了文件里没有的数字格式（编号 9），看不出是不是百分数"),
        ('<c r="A1" s="-1"><v>0.083</v></c>',
         "里 A1 用了文件里没有的数字格式（编号 -1），看不出是不是百分数"),
    ],
)  # fmt: skip
def test_values_that_two_readers_would_read_otherwise(raw_xlsx: Raw, cell: str, why: str) -> None:
    data = raw_xlsx(f'<row r="1">{cell}</row>', strings=("<si><t>12</t></si>",))
    assert only(read(data)) == ("unreadable", f"“{FILE}”的工作表“表1”{why}", RESAVE)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="str"><f>B1</f><v>甲&amp;乙</v></c>', "甲&乙"),
        ('<c r="A1" t="inlineStr"><is><t>1&#51;</t></is></c>', "13"),
        ('<c r="A1"><v>1_000</v></c>', "1_000"),
    ],
)
def test_texts_may_hold_signs_of_their_own(raw_xlsx: Raw, cell: str, value: str) -> None:
    (sheet,) = read(raw_xlsx(f'<row r="1">{cell}</row>')).sheets
    assert [one.value for one in sheet.cells] == [value]


def test_merged_blocks_piled_on_each_other_end_soon(raw_xlsx: Raw) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 2001))
    piles = '<mergeCell ref="A1:XFD1048576"/>' * 20000
    started = monotonic()
    workbook = read(raw_xlsx(rows, after=f"<mergeCells>{piles}</mergeCells>"))
    assert monotonic() - started < 20
    assert only(workbook)[1].endswith("的工作表“表1”合并单元格互相重叠")
