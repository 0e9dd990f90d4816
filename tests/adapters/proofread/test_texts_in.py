"""Texts of files: encodings, the exact order of a Word document, and what cannot be read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
import pytest
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from diaodu.adapters.texts_in import Loaded, TextError, read_text, text_of

_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(
    body: str, footnotes: str = "", endnotes: str = "", main: str = "word/document.xml"
) -> bytes:
    """A document written tag by tag."""
    spaces = nsdecls("w") + (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    parts = {
        "_rels/.rels": f'<Relationships><Relationship Id="r1" Type="{_TYPES}/officeDocument" '
        f'Target="{main}"/></Relationships>',
        main: f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
    }
    related = ""
    for kind, notes in (("footnotes", footnotes), ("endnotes", endnotes)):
        if notes:
            parts[f"word/{kind}.xml"] = f"<w:{kind} {spaces}>{notes}</w:{kind}>"
            related += f'<Relationship Id="{kind}" Type="{_TYPES}/{kind}" Target="{kind}.xml"/>'
    name = main.rpartition("/")[2]
    parts[f"word/_rels/{name}.rels"] = f"<Relationships>{related}</Relationships>"
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return stream.getvalue()


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def line(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def cell(*blocks: str) -> str:
    return f"<w:tc>{''.join(blocks)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{one}</w:tr>' for one in rows)}</w:tbl>"


def note(kind: str, number: int, *blocks: str, sort: str = "") -> str:
    return f'<w:{kind} w:id="{number}"{sort}>{"".join(blocks)}</w:{kind}>'


BOX = f"<w:txbxContent>{line(run('框内9个'))}{line(run('次行'))}</w:txbxContent>"


@pytest.mark.parametrize(
    ("what", "body", "text"),
    [
        ("paragraphs", line(run("甲")) + line() + line(run("乙")), "甲\n\n乙"),
        ("a figure over runs", line(run("增长8."), run("5"), run("%")), "增长8.5%"),
        ("tab, break, no-break hyphen",
         line("<w:r><w:t>一</w:t><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t><w:cr/><w:t>1</w:t>"
              "<w:noBreakHyphen/><w:t>5</w:t></w:r>"), "一\t二\n三\n1-5"),
        ("a page break ends no line", line('<w:r><w:t>一</w:t><w:br w:type="page"/>'
                                           '<w:t>二</w:t></w:r>'), "一二"),
        ("table", line(run("表")) + table(cell(line(run("甲"))) + cell(line(run("1"))),
                                          cell(line(run("乙"))) + cell(line()))
         + line(run("后")), "表\n甲\t1\n乙\t\n后"),
        ("two paragraphs in a cell", table(cell(line(run("甲")), line(run("乙")))
                                           + cell(line(run("1")))), "甲\n乙\t1"),
        ("a table in a cell",
         table(cell(line(run("外")), table(cell(line(run("内"))) + cell(line(run("2")))), line())
               + cell(line(run("旁")))), "外\n内\t2\n\t旁"),
        ("hyperlink and simple field",
         line(f"<w:hyperlink>{run('链')}</w:hyperlink>",
              f'<w:fldSimple w:instr="PAGE">{run("3")}</w:fldSimple>'), "链3"),
        ("complex field: its result, not its code",
         line('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>SUM(A)</w:instrText>'
              '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>', run("12"),
              '<w:r><w:fldChar w:fldCharType="end"/></w:r>'), "12"),
        ("content controls of all sizes",
         f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{line(run('块'))}</w:sdtContent>"
         f"</w:sdt>{line('<w:sdt><w:sdtContent>', run('行'), '</w:sdtContent></w:sdt>')}"
         f"<w:tbl><w:tr><w:sdt><w:sdtContent>{cell(line(run('格')))}</w:sdtContent></w:sdt>"
         "</w:tr></w:tbl>", "块\n行\n格"),
        ("inserted counts, deleted does not",
         line(run("增长"), f"<w:ins>{run('8.5')}</w:ins>",
              "<w:del><w:r><w:delText>7.5</w:delText></w:r></w:del>",
              f"<w:moveFrom>{run('不')}</w:moveFrom><w:moveTo>{run('%')}</w:moveTo>"), "增长8.5%"),
        ("a deleted paragraph mark joins the lines",
         f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('上')}</w:p>{line(run('下'))}", "上下"),
        ("a deleted row", f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{cell(line(run('删')))}</w:tr>"
                          f"<w:tr>{cell(line(run('留')))}</w:tr></w:tbl>", "留"),
        ("a deleted cell keeps its place",
         table("<w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p><w:r><w:t>删</w:t></w:r></w:p></w:tc>"
               + cell(line(run("留")))), "\t留"),
        ("raised digits are no digits of the figure",
         line(run("完成12亿元"), run("1", '<w:vertAlign w:val="superscript"/>')), "完成12亿元¹"),
        ("the sounds over 汉字",
         line("<w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>音</w:t>"
              "</w:r></w:rubyBase></w:ruby></w:r>"), "音"),
        ("formula", line("<m:oMath><m:r><m:t>3+4</m:t></m:r></m:oMath>", run("项")), "3+4项"),
        ("symbol", line('<w:r><w:sym w:char="F0FE"/></w:r>', run("已办")), "□已办"),
        ("text boxes come last, written once for old and new programs",
         line(run("前"), f"<w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>"
                        f"<w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback>"
                        "</mc:AlternateContent></w:r>") + line(run("后")),
         "前\n后\n框内9个\n次行"),
        ("an old text box", line(f"<w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r>",
                                 run("文")), "文\n框内9个\n次行"),
        ("a deleted text box", line(f"<w:del><w:r><w:pict>{BOX}</w:pict></w:r></w:del>",
                                    run("文")), "文"),
    ],
)  # fmt: skip
def test_body(what: str, body: str, text: str) -> None:
    assert text_of(word(body)).text == text, what


def test_notes_come_behind_the_body_and_boxes_behind_the_notes() -> None:
    found = text_of(
        word(
            line(run("正文"), '<w:r><w:footnoteReference w:id="2"/></w:r>', f"<w:r>{BOX}</w:r>"),
            footnotes=note("footnote", 0, line(run("—")), sort=' w:type="separator"')
            + note("footnote", 2, line(run("脚注一")), line(run("第二段")))
            + note("footnote", 3, line(run("脚注二"))),
            endnotes=note("endnote", 1, line(run("尾注"))),
        )
    )
    assert found == Loaded(
        "正文\n脚注一\n第二段\n脚注二\n尾注\n框内9个\n次行", notes=(), is_word=True
    )


def test_the_main_part_may_have_any_name() -> None:
    assert text_of(word(line(run("文")), main="word/document2.xml")).text == "文"


def test_a_document_as_an_office_program_saves_it() -> None:
    document = docx.Document()
    document.add_paragraph("全县完成投资12.5亿元")
    made = document.add_table(2, 2)
    for place, text in enumerate(("乡镇", "增速", "甲镇", "8.5%")):
        made.cell(*divmod(place, 2)).text = text
    document.add_paragraph("以上为快报数")
    stream = BytesIO()
    document.save(stream)
    assert text_of(stream.getvalue()).text == (
        "全县完成投资12.5亿元\n乡镇\t增速\n甲镇\t8.5%\n以上为快报数"
    )


PLAIN = "一季度，完成12亿元\r\n增长８．５％\t\u3000\n\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("gb18030", b""), ("utf-16-le", b"\xff\xfe"),
     ("utf-16-be", b"\xfe\xff")],
)  # fmt: skip
def test_a_plain_text_stays_as_it_is(encoding: str, mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "讲话.txt"
    path.write_bytes(mark + PLAIN.encode(encoding))
    assert read_text(path) == Loaded(PLAIN)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_in_utf_8_is_its_own(text: str) -> None:
    if text.strip() and not text.startswith("\ufeff"):
        assert text_of(text.encode()).text == text


def _strange(name: str) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        package.writestr(name, b"0" * 5000)
    return stream.getvalue()


def _bomb() -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 20_000_000)
    return stream.getvalue()


SAVE = "用 Word 或 WPS 打开，另存为 .docx 后再校核"
UNKNOWN = "不是能认出的文字编码；请用记事本打开，另存为 UTF-8 编码的 .txt 后再校核"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
_PICTURE = "<w:r><w:drawing>" + "<pic:pic {}/>".format(nsdecls("pic")) + "</w:drawing></w:r>"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "是空文件，没有内容；请重新发送"),
        (b" \r\n ", "只有空白，没有文字；请重新发送"),
        (b"%PDF-1.7", "是 PDF 文件，读不出文字；请找到可以编辑的原稿，或把图片里的文字识别出来，"
                      "存为 .docx 或 .txt 后再校核"),
        (_OLE, "是旧版 Word 格式（.doc 或 .wps），读不出内容；" + SAVE),
        (_OLE + "EncryptedPackage".encode("utf-16-le"),
         "设有打开密码，读不出内容；请取消打开密码后再校核"),
        (_strange("xl/workbook.xml"),
         "是 Excel 表格，不是文稿；请把文字存为 .docx 或 .txt 后再校核"),
        (_strange("照片/1.dat"), "是压缩包，不是 Word 文件；请解开后校核里面的文件"),
        (word(line(_PICTURE) + line(_PICTURE)),
         "里只有图片（2张），没有文字；请找到可以编辑的原稿，或把图片里的文字识别出来，"
         "存为 .docx 或 .txt 后再校核"),
        (word(line()), "里没有文字；请核对是不是发错了文件"),
        (word(line(run("文")))[:-60],
         "不完整：压缩包没有结尾，多半是拷贝或下载中断；请重新发送完整的文件"),
        (_bomb(), "压缩比 1:1028，超过上限 1:300，疑似压缩炸弹，没有读；"
                  "请删去图片或分成几个文件后再校核"),
        ("全县经济运行情况".encode() * 3 + b"\n\xe5\x85",
         "第2行起不是 UTF-8 编码，多半是拷贝中断；请重新发送完整的文件"),
        (b"\x01\x02\x03", "不是文本文件（含有控制字符 0x01）；" + SAVE),
        (b"\xff\xfe\x00\xd8\x00\x00", UNKNOWN),
        (b"\x80" * 9, UNKNOWN),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_what_to_do(data: bytes, told: str) -> None:
    with pytest.raises(TextError) as caught:
        text_of(data)
    assert str(caught.value) == told


def test_a_workbook_as_an_office_program_saves_it_is_no_text() -> None:
    stream = BytesIO()
    openpyxl.Workbook().save(stream)
    with pytest.raises(TextError, match=r"^是 Excel 表格，不是文稿；"):
        text_of(stream.getvalue())


def test_pictures_beside_the_text_are_told() -> None:
    found = text_of(word(line(run("文"), _PICTURE) + line("<w:r><w:object/></w:r>")))
    assert found.text == "文\n"
    assert found.notes == (
        "有1张图片，图片里的文字和数没有校核",
        "有1个嵌入的对象（如插入的 Excel 表），其中的内容没有校核",
    )


def test_a_deep_document_is_told_not_crashed_on() -> None:
    deep = "<w:sdt><w:sdtContent>" * 3000 + line(run("底")) + "</w:sdtContent></w:sdt>" * 3000
    with pytest.raises(TextError, match="内部层次太深"):
        text_of(word(deep))


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(TextError, match=r"^没有这个文件；请检查路径和名称$"):
        read_text(tmp_path / "无.txt")
    with pytest.raises(TextError, match=r"^是文件夹；请写里面的文件$"):
        read_text(tmp_path)


def test_a_long_document_is_read_soon() -> None:
    body = "".join(line(run(f"第{i}段，"), run(f"完成{i}.5亿元。") * 8) for i in range(6000))
    found = text_of(word(body)).text
    assert found.count("\n") == 5999
    assert found.startswith("第0段，完成0.5亿元。完成0.5亿元。")


def test_a_text_in_big5_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "講話.txt"
    path.write_bytes(
        "全縣完成投資3.2億元，佔年度計劃4.0億元的80%，比上年增長12.6%。".encode("big5")
    )
    with pytest.raises(TextError, match="不是能认出的文字编码"):
        read_text(path)
