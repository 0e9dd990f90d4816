"""Remarks as comments: they stand exactly at their stretch, and the document's text stays."""

from __future__ import annotations

import random
from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.adapters.texts_in import TextError, text_of
from diaodu.adapters.word_marks import AUTHOR, Remark, mark_text, mark_word

DAY = date(2023, 6, 12)


def saved(document: Any) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def speech() -> bytes:
    """Runs that part words and figures, a table, a hyperlink, a formula, a text box."""
    document = docx.Document()
    first = document.add_paragraph("全县完成投资")
    first.add_run("12").bold = True
    first.add_run(".5亿元，同比增长").italic = True
    first.add_run("8.5%。\t其中\n工业4亿元。")
    made = document.add_table(2, 2)
    for place, text in enumerate(("乡镇", "增速", "甲镇", "8.5%")):
        made.cell(*divmod(place, 2)).text = text
    linked = document.add_paragraph("见")
    linked._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w")} w:anchor="a"><w:r><w:t>附表3</w:t></w:r></w:hyperlink>'
        )
    )
    linked._p.append(
        parse_xml(
            '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
            "<m:r><m:t>3+4=8</m:t></m:r></m:oMath>"
        )
    )
    linked.add_run("位")
    boxed = document.add_paragraph("框见右")
    boxed.add_run()._r.append(
        parse_xml(
            f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox>'
            "<w:txbxContent><w:p><w:r><w:t>框内9个</w:t></w:r></w:p></w:txbxContent>"
            "</v:textbox></v:shape></w:pict>"
        )
    )
    return saved(document)


def commented(data: bytes) -> dict[int, str]:
    """Number of a comment → the text between its marks, told apart from the code under test: every
    text between the start and the end in the order of the file."""
    body = docx.Document(BytesIO(data)).element.body
    open_, found = set(), dict[int, str]()
    for one in body.iter():
        if one.tag == qn("w:commentRangeStart"):
            open_.add(int(one.get(qn("w:id"))))
        elif one.tag == qn("w:commentRangeEnd"):
            open_.discard(int(one.get(qn("w:id"))))
        elif one.tag == qn("w:t") or str(one.tag).endswith("/math}t"):
            for number in open_:
                found[number] = found.get(number, "") + (one.text or "")
    return found


def remark_on(text: str, quote: str, said: str = "核对") -> Remark:
    start = text.index(quote)
    return Remark(start, start + len(quote), said)


@pytest.mark.parametrize(
    "quote",
    ["全县", "12.5亿元", "2.5亿元，同比增长8", "8.5%。", "甲镇\t8.5%", "附表3", "4亿元", "位"],
)
def test_a_comment_stands_at_its_stretch(quote: str) -> None:
    data = speech()
    text = text_of(data).text
    marked = mark_word(data, [remark_on(text, quote, "此数有误")])
    assert text_of(marked).text == text
    (comment,) = docx.Document(BytesIO(marked)).comments
    assert (comment.author, comment.text, comment.timestamp) == (AUTHOR, "此数有误", None)
    assert commented(marked) == {comment.comment_id: quote.replace("\t", "")}


def test_the_look_of_parted_runs_stays() -> None:
    data = speech()
    text = text_of(data).text
    marked = docx.Document(BytesIO(mark_word(data, [remark_on(text, "2.5亿元，同")])))
    looks = [(run.text, bool(run.bold), bool(run.italic)) for run in marked.paragraphs[0].runs]
    assert [one for one in looks if one[0]] == [
        ("全县完成投资", False, False), ("1", True, False), ("2", True, False),
        (".5亿元，同", False, True), ("比增长", False, True),
        ("8.5%。\t其中\n工业4亿元。", False, False),
    ]  # fmt: skip


def test_a_formula_is_marked_whole() -> None:
    data = speech()
    marked = mark_word(data, [remark_on(text_of(data).text, "+4=")])
    assert list(commented(marked).values()) == ["3+4=8"]


def test_a_text_box_is_marked_where_it_hangs() -> None:
    data = speech()
    marked = mark_word(data, [remark_on(text_of(data).text, "9个", "少一个")])
    (comment,) = docx.Document(BytesIO(marked)).comments
    assert comment.text == "文本框“9个”：少一个"
    assert commented(marked) == {comment.comment_id: "框内9个"}


def test_comments_that_were_there_stay() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("完成12亿元")
    document.add_comment(paragraph.runs, text="领导批注", author="张三")
    marked = mark_word(saved(document), [Remark(2, 6, "核对")])
    told = [(one.author, one.text) for one in docx.Document(BytesIO(marked)).comments]
    assert told == [("张三", "领导批注"), (AUTHOR, "核对")]


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_any_remarks_anywhere(random: random.Random, count: int) -> None:
    """Overlapping, nested and equal stretches: each comment holds its own, the text stays."""
    document = docx.Document()
    for _ in range(3):
        paragraph = document.add_paragraph()
        for _ in range(random.randint(1, 4)):
            paragraph.add_run("".join(random.choices("增长8.5%，占比\t", k=random.randint(1, 6))))
    data = saved(document)
    text = text_of(data).text
    spans = [sorted(random.choices(range(len(text) + 1), k=2)) for _ in range(count)]
    remarks = [Remark(a, b, f"{a}-{b}") for a, b in spans if text[a:b].strip("\n")]
    marked = mark_word(data, remarks)
    assert text_of(marked).text == text
    found = commented(marked)
    for comment in docx.Document(BytesIO(marked)).comments:
        start, end = map(int, comment.text.split("-"))
        wanted = text[start:end].replace("\t", "").replace("\n", "")
        assert found.get(comment.comment_id, "") == wanted


@given(st.text("增长8.5%，\t\r\n\f ", min_size=1, max_size=60), st.data())
@settings(max_examples=25, deadline=None)
def test_a_plain_text_becomes_a_document_of_its_lines(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    marked = mark_text(text, [Remark(start, end, "核对")], on=DAY)
    kept = text.replace("\r", "").replace("\f", "")
    if kept.strip():
        assert text_of(marked).text == kept
    inside = "".join(sign for sign in text[start:end] if sign not in "\r\n\f")
    if inside:
        assert list(commented(marked).values()) == [inside]


def test_what_python_docx_cannot_open_is_told() -> None:
    from zipfile import ZipFile

    stream = BytesIO()
    with ZipFile(stream, "w") as package:
        package.writestr(
            "word/document.xml",
            f"<w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>文</w:t></w:r></w:p></w:body>"
            "</w:document>",
        )
    with pytest.raises(TextError, match=r"^内部结构不寻常（.*），没有写成带批注的文件$"):
        mark_word(stream.getvalue(), [Remark(0, 1, "核对")])
