"""A marked document opened by an office program: footnotes, tracked changes, a table, a text box;
the comments are still there, at their places."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from diaodu.adapters.texts_in import text_of
from diaodu.adapters.word_marks import Remark, mark_word

_NOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def speech() -> bytes:
    """With a footnote, an inserted and a deleted figure, a table and a text box."""
    document = docx.Document()
    paragraph = document.add_paragraph("全县完成投资12.5亿元")
    for element in (
        "<w:r><w:footnoteReference w:id='2'/></w:r>",
        "<w:r><w:t>，同比增长</w:t></w:r>",
        "<w:ins w:id='91' w:author='甲'><w:r><w:t>8.5%</w:t></w:r></w:ins>",
        "<w:del w:id='92' w:author='甲'><w:r><w:delText>7.5%</w:delText></w:r></w:del>",
    ):
        paragraph._p.append(parse_xml(element.replace(">", f" {nsdecls('w')}>", 1)))
    made = document.add_table(1, 2)
    made.cell(0, 0).text, made.cell(0, 1).text = "甲镇", "3.2亿元"
    stream, whole = BytesIO(), BytesIO()
    document.save(stream)
    with ZipFile(stream) as old, ZipFile(whole, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, _with_notes(name, old.read(name).decode("utf-8", "surrogateescape")))
        new.writestr(
            "word/footnotes.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>'
            '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
            '<w:footnote w:id="2"><w:p><w:r><w:t>含房地产投资4.1亿元</w:t></w:r></w:p></w:footnote>'
            "</w:footnotes>",
        )
    return whole.getvalue()


def _with_notes(name: str, content: str) -> bytes:
    if name == "[Content_Types].xml":
        part = f'<Override PartName="/word/footnotes.xml" ContentType="{_TYPE}"/></Types>'
        content = content.replace("</Types>", part)
    if name == "word/_rels/document.xml.rels":
        related = f'<Relationship Id="rIdN" Type="{_NOTES}" Target="footnotes.xml"/>'
        content = content.replace("</Relationships>", f"{related}</Relationships>")
    return content.encode("utf-8", "surrogateescape")


def marked() -> bytes:
    data = speech()
    text = text_of(data).text
    assert text == "全县完成投资12.5亿元，同比增长8.5%\n甲镇\t3.2亿元\n含房地产投资4.1亿元"
    places = ("12.5亿元", "8.5%", "3.2亿元", "4.1亿元")
    remarks = [Remark(text.index(one), text.index(one) + len(one), f"核对{one}") for one in places]
    return mark_word(data, remarks)


def test_a_remark_on_a_footnote_hangs_on_its_sign_in_the_body() -> None:
    data = marked()
    document = docx.Document(BytesIO(data))
    assert text_of(data).text == text_of(speech()).text
    assert [one.text for one in document.comments] == [
        "核对12.5亿元", "核对8.5%", "核对3.2亿元", "脚注“4.1亿元”：核对4.1亿元",
    ]  # fmt: skip
    (sign,) = document.element.body.iter(qn("w:footnoteReference"))
    start = sign.getparent().getprevious()
    assert start.tag == qn("w:commentRangeStart")
    number = int(start.get(qn("w:id")))
    comment = document.comments.get(number)
    assert comment is not None
    assert comment.text.startswith("脚注")
    footnotes = ZipFile(BytesIO(data)).read("word/footnotes.xml").decode()
    assert "commentRange" not in footnotes  # Word keeps comments in the body alone


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_an_office_program_opens_it_and_keeps_the_comments(tmp_path: Path) -> None:
    (tmp_path / "讲话.docx").write_bytes(marked())
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", "docx", "--outdir", str(tmp_path / "再存"), str(tmp_path / "讲话.docx"),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    again = docx.Document(str(tmp_path / "再存" / "讲话.docx"))
    told = {(one.author, one.text) for one in again.comments}
    assert told == {
        ("文稿校核", one)
        for one in ("核对12.5亿元", "核对8.5%", "核对3.2亿元", "脚注“4.1亿元”：核对4.1亿元")
    }
    body = again.element.body
    assert len(list(body.iter(qn("w:commentRangeStart")))) == 4
    assert "增长8.5%" in "".join(one.text or "" for one in body.iter(qn("w:t")))
