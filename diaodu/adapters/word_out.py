"""A Document as a .docx in 公文 layout (GB/T 9704-2012): A4, 版心 156 × 225 mm, 22 × 28 grid.

The XML names the fonts that offices have (方正小标宋简体, 仿宋_GB2312, 黑体, 楷体_GB2312, 宋体) as
East-Asian fonts on every style and run. Same document and day → same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from diaodu.engine.report.document import (
    Align,
    Cell,
    Document,
    Heading,
    Note,
    PageTurn,
    Paragraph,
    Span,
    Table,
    Title,
    unit_line,
)

TITLE_FONT, BODY_FONT, HEI, KAI, SONG = (
    "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
)  # fmt: skip
LATIN_FONT = "Times New Roman"

# 版心 over 22 lines, in twentieths of a point; over 28 characters, as the difference from the
# 16-point body size in 4096ths of a point.
_LINE_PITCH = 579
_CHAR_SPACE = -849
# The grid stands in the file; the styles reach the same 22 × 28 by themselves (28-point lines,
# characters a third of a point closer), because LibreOffice gives every character that is wider
# than its cell two cells. LibreOffice rounds: at -5 only 27 characters fit.
_CLOSER = -6  # twentieths of a point
_UPRIGHT = {"top": 37, "bottom": 35, "left": 28, "right": 26}
_TURNED = {"top": 28, "bottom": 26, "left": 35, "right": 37}
_TEXT_WIDTH = {False: 156, True: 225}  # mm, upright and turned
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class _Style:
    """Sizes in points; `indent` and `right` in characters of the style's own size."""

    name: str
    font: str
    size: float
    align: Any = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent: int = 0
    line: float = 28
    keep_next: bool = False
    space_after: float = 0
    right: int = 0


_BODY = _Style("Normal", BODY_FONT, 16, indent=2)
_STYLES = {
    "title": _Style(
        "Title", TITLE_FONT, 22, WD_ALIGN_PARAGRAPH.CENTER, line=35, keep_next=True, space_after=14
    ),
    "heading1": _Style("Heading 1", HEI, 16, indent=2, keep_next=True),
    "heading2": _Style("Heading 2", KAI, 16, indent=2, keep_next=True),
    "body": _Style("公文正文", BODY_FONT, 16, indent=2),
    "note": _Style("公文题注", KAI, 14, WD_ALIGN_PARAGRAPH.CENTER, line=28, space_after=6),
    "sign": _Style("公文落款", BODY_FONT, 16, WD_ALIGN_PARAGRAPH.RIGHT, right=4),
    "caption": _Style("表题", HEI, 14, WD_ALIGN_PARAGRAPH.CENTER, line=28, keep_next=True),
    "unit": _Style("表单位", BODY_FONT, 10.5, WD_ALIGN_PARAGRAPH.RIGHT, line=16, keep_next=True),
    "head": _Style("表头", HEI, 10.5, WD_ALIGN_PARAGRAPH.CENTER, line=16),
    "cell": _Style("表文", BODY_FONT, 12, WD_ALIGN_PARAGRAPH.LEFT, line=18),
    "small": _Style("表文小", BODY_FONT, 10.5, WD_ALIGN_PARAGRAPH.LEFT, line=16),
    "break": _Style("分节", BODY_FONT, 1, WD_ALIGN_PARAGRAPH.LEFT, line=1),
}  # fmt: skip
_ALIGN: dict[Align, Any] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def write_word(document: Document, path: Path, on: date) -> None:
    """Write the .docx. `on` stands as its day of creation: nothing in it comes from the clock."""
    path.write_bytes(word_bytes(document, on))


def word_bytes(document: Document, on: date) -> bytes:
    word = docx.Document()
    _set_defaults(word)
    _set_styles(word)
    _set_properties(word, document, on)
    _set_page(word.sections[0], wide=False)
    _set_page_numbers(word)
    wide = False
    for block in document.blocks:
        if isinstance(block, PageTurn):
            _turn(word, wide, block.wide)
            wide = block.wide
        else:
            _add(word, block, wide)
    return _without_times(word)


def _add(word: Any, block: Title | Note | Heading | Paragraph | Table, wide: bool) -> None:
    if isinstance(block, Table):
        _add_table(word, block, _TEXT_WIDTH[wide])
    elif isinstance(block, Title):
        _add_paragraph(word, block.spans, "title")
    elif isinstance(block, Note):
        _add_paragraph(word, block.spans, "note")
    elif isinstance(block, Heading):
        _add_paragraph(word, block.spans, f"heading{block.level}")
    else:
        _add_paragraph(word, block.spans, "sign" if block.align == "right" else "body")


def _add_paragraph(word: Any, spans: Iterable[Span], style: str) -> None:
    _write(word.add_paragraph(style=_STYLES[style].name), spans, style)


def _write(paragraph: Any, spans: Iterable[Span], style: str) -> None:
    for span in spans:
        run = paragraph.add_run(span.text)
        _set_fonts(run._r.get_or_add_rPr(), _STYLES[style].font)
        if span.strong:
            run.bold = True


# -- tables ----------------------------------------------------------------------------------


def _add_table(word: Any, table: Table, width: int) -> None:
    _add_paragraph(word, table.caption, "caption")
    if table.unit:
        _add_paragraph(word, unit_line(table), "unit")
    grid = word.add_table(rows=0, cols=len(table.header), style="Table Grid")
    grid.autofit = False
    _set_cell_margins(grid)
    widths = [Mm(width * part / sum(table.widths)) for part in table.widths]
    for column, column_width in zip(grid.columns, widths, strict=True):
        column.width = column_width
    head = _add_row(grid, widths)
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for box, spans in zip(_boxes(head), table.header, strict=True):
        _fill(box, spans, "head", "center")
    style = "small" if table.wide else "cell"
    for row in table.rows:
        line = _add_row(grid, widths)
        for box, cell in zip(_boxes(line), row, strict=True):
            _fill(box, cell.spans, style, cell.align)
    _merge_continued(grid, table.rows)


def _add_row(grid: Any, widths: list[Any]) -> Any:
    row = grid.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for box, width in zip(_boxes(row), widths, strict=True):
        box.width = width
    return row


def _boxes(row: Any) -> list[Any]:
    """The cells of a row; `row.cells` would walk the whole grid for each."""
    return [docx.table._Cell(tc, row) for tc in row._tr.tc_lst]


def _fill(box: Any, spans: Iterable[Span], style: str, align: Align) -> None:
    paragraph = box.paragraphs[0]
    paragraph.style = _STYLES[style].name
    paragraph.alignment = _ALIGN[align]
    _write(paragraph, spans, style)
    _append(box._tc.get_or_add_tcPr(), "w:vAlign", val="center")


def _merge_continued(grid: Any, rows: tuple[tuple[Cell, ...], ...]) -> None:
    for index, row in enumerate(rows):
        below = rows[index + 1] if index + 1 < len(rows) else ()
        for column, cell in enumerate(row):
            starts = bool(below) and below[column].continues and not cell.continues
            if starts or cell.continues:
                tc = grid._tbl.tr_lst[index + 1].tc_lst[column]
                merge = OxmlElement("w:vMerge")
                merge.set(qn("w:val"), "restart" if starts else "continue")
                # The schema wants vMerge before vAlign.
                tc.tcPr.insert_element_before(merge, "w:vAlign")


def _set_cell_margins(grid: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for where in ("left", "right"):
        _append(margins, f"w:{where}", w="60", type="dxa")
    grid._tbl.tblPr.append(margins)


# -- pages -----------------------------------------------------------------------------------


def _set_page(section: Any, *, wide: bool) -> None:
    long_side, short_side = Mm(297), Mm(210)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width = long_side if wide else short_side
    section.page_height = short_side if wide else long_side
    for side, size in (_TURNED if wide else _UPRIGHT).items():
        setattr(section, f"{side}_margin", Mm(size))
    section.header_distance = Mm(15)
    # 一字线 and number stand 7 mm under the 版心.
    section.footer_distance = Mm((26 if wide else 35) - 7 - 5)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    _append(
        section._sectPr,
        "w:docGrid",
        type="linesAndChars",
        linePitch=str(_LINE_PITCH),
        charSpace=str(_CHAR_SPACE),
    )


def _turn(word: Any, was_wide: bool, wide: bool) -> None:
    """End the part so far. A section ends in its last paragraph; a table needs one after it."""
    body = word.element.body
    last = body[-2] if len(body) > 1 else None
    if last is None or last.tag != qn("w:p"):
        last = word.add_paragraph(style=_STYLES["break"].name)._p
    ending = body.sectPr.clone()
    last.get_or_add_pPr().append(ending)
    for reference in body.sectPr.findall(qn("w:footerReference")):
        body.sectPr.remove(reference)  # later sections inherit the footers of the first
    _set_page(word.sections[-1], wide=wide)


def _set_page_numbers(word: Any) -> None:
    word.settings.odd_and_even_pages_header_footer = True
    section = word.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = "Footer"
        paragraph.alignment = align
        _page_number(paragraph)


def _page_number(paragraph: Any) -> None:
    """— 1 — with one character of room at the outer edge."""
    for kind, words in (("", "\u3000— "), ("begin", ""), ("", " PAGE "), ("separate", ""),
                        ("", "1"), ("end", ""), ("", " —\u3000")):  # fmt: skip
        run = paragraph.add_run()
        _set_fonts(run._r.get_or_add_rPr(), SONG, latin=SONG)
        if kind:
            _append(run._r, "w:fldChar", fldCharType=kind)
        elif words == " PAGE ":
            instruction = _append(run._r, "w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = words
        else:
            run.text = words


# -- styles ----------------------------------------------------------------------------------


def _set_defaults(word: Any) -> None:
    """The template's defaults go by theme fonts and say ja-JP; offices need neither."""
    defaults = word.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _set_fonts(properties, BODY_FONT)
    language = properties.find(qn("w:lang"))
    if language is None:
        language = _append(properties, "w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    theme = word.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:eastAsia"), "zh-CN")


def _set_styles(word: Any) -> None:
    for style in word.styles:
        if style.type != WD_STYLE_TYPE.LIST:
            _set_fonts(style.element.get_or_add_rPr(), BODY_FONT)
            for part in style.element.iter(qn("w:tblStylePr")):
                for properties in part.iter(qn("w:rPr")):
                    _set_fonts(properties, BODY_FONT)
    word.styles["Normal"].font.size = Pt(_BODY.size)
    for wanted in _STYLES.values():
        _set_style(word, wanted)
    footer = word.styles["Footer"]
    footer.font.size = Pt(14)
    _set_fonts(footer.element.get_or_add_rPr(), SONG, latin=SONG)


def _set_style(word: Any, wanted: _Style) -> None:
    if wanted.name not in [style.name for style in word.styles]:
        word.styles.add_style(wanted.name, WD_STYLE_TYPE.PARAGRAPH).base_style = word.styles[
            "Normal"
        ]
    style = word.styles[wanted.name]
    properties = style.element.get_or_add_pPr()
    for ornament in properties.findall(qn("w:pBdr")):
        properties.remove(ornament)
    run = style.element.get_or_add_rPr()
    for ornament in ("w:color", "w:spacing", "w:kern", "w:b", "w:bCs"):
        for found in run.findall(qn(ornament)):
            run.remove(found)
    _set_fonts(run, wanted.font)
    style.font.size = Pt(wanted.size)
    if wanted.size == _BODY.size:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(_CLOSER))
        run.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    _set_paragraph_format(style.paragraph_format, wanted)
    properties.insert_element_before(_off("w:snapToGrid"), "w:spacing", "w:ind", "w:jc")
    if wanted.indent:
        indent = properties.get_or_add_ind()
        indent.set(qn("w:firstLineChars"), str(wanted.indent * 100))


def _set_paragraph_format(shape: Any, wanted: _Style) -> None:
    shape.alignment = wanted.align
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(wanted.line)
    shape.space_before = Pt(0)
    shape.space_after = Pt(wanted.space_after)
    shape.first_line_indent = Pt(wanted.indent * wanted.size)
    shape.right_indent = Pt(wanted.right * wanted.size)
    shape.keep_with_next = wanted.keep_next
    shape.widow_control = False


def _set_fonts(properties: Any, font: str, latin: str = LATIN_FONT) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = (
            properties.get_or_add_rFonts()
            if hasattr(properties, "get_or_add_rFonts")
            else (_append(properties, "w:rFonts"))
        )
    fonts.attrib.clear()
    for which in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{which}"), latin)
    fonts.set(qn("w:eastAsia"), font)


def _off(tag: str) -> Any:
    element = OxmlElement(tag)
    element.set(qn("w:val"), "0")
    return element


def _append(parent: Any, tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    parent.append(element)
    return element


# -- the file --------------------------------------------------------------------------------


def _set_properties(word: Any, document: Document, on: date) -> None:
    title = next((b for b in document.blocks if isinstance(b, Title)), None)
    core = word.core_properties
    core.title = "".join(span.text for span in title.spans) if title else ""
    core.author = core.last_modified_by = "调度"
    core.comments = ""
    core.language = "zh-CN"
    core.revision = 1
    core.created = core.modified = datetime(on.year, on.month, on.day)  # noqa: DTZ001


def _without_times(word: Any) -> bytes:
    """The package with one time for all its parts: zip writes the clock's otherwise."""
    saved, plain = io.BytesIO(), io.BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(plain, "w") as target:
        for item in source.infolist():
            info = zipfile.ZipInfo(item.filename, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(item))
    return plain.getvalue()
