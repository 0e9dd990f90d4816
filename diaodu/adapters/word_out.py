"""A Document as a .docx in 公文 layout (GB/T 9704-2012): A4, 版心 156 × 225 mm, 22 × 28 grid.

The XML names the fonts that offices have (方正小标宋简体, 仿宋_GB2312, 黑体, 楷体_GB2312, 宋体) as
East-Asian fonts on every style and run. Same document and day → same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
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
from docx.shared import Mm, Pt, RGBColor

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
_TWIPS_PER_MM = 1440 / 25.4
_TEXT_WIDTH = {False: 156, True: 225}  # mm, upright and turned
_SMALL_FROM, _TIGHT_FROM = 6, 8  # columns from which a table is set small, very small
_CELL_MARGIN = {"cell": 60, "small": 60, "tight": 40}  # twips at each side
_RED = "FF0000"
_KEPT_ROWS = 12  # so short a table stands on one page
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
    space_before: float = 0
    color: str = ""
    rules: tuple[str, ...] = ()  # at which edges a line stands, in the colour of `rule_color`
    rule_color: str = "000000"

    @property
    def id(self) -> str:
        """The template's own styles have ids without the blank; ours are ids as they stand."""
        return self.name.replace(" ", "")


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
    "caption": _Style(
        "表题", HEI, 14, WD_ALIGN_PARAGRAPH.CENTER, line=24, keep_next=True, space_before=8,
        space_after=2,
    ),
    "unit": _Style("表单位", BODY_FONT, 10.5, WD_ALIGN_PARAGRAPH.RIGHT, line=16, keep_next=True),
    "head": _Style("表头", HEI, 10.5, WD_ALIGN_PARAGRAPH.CENTER, line=16),
    "cell": _Style("表文", BODY_FONT, 12, WD_ALIGN_PARAGRAPH.LEFT, line=18),
    "small": _Style("表文小", BODY_FONT, 10, WD_ALIGN_PARAGRAPH.LEFT, line=16),
    "tight": _Style("表文密", BODY_FONT, 9, WD_ALIGN_PARAGRAPH.LEFT, line=18),
    "tighthead": _Style("表头密", HEI, 9, WD_ALIGN_PARAGRAPH.CENTER, line=13),
    "remark": _Style("表注", BODY_FONT, 10.5, WD_ALIGN_PARAGRAPH.LEFT, line=18, space_after=6),
    "break": _Style("分节", BODY_FONT, 1, WD_ALIGN_PARAGRAPH.LEFT, line=1),
    "issuer": _Style(
        "发文机关标志", TITLE_FONT, 36, WD_ALIGN_PARAGRAPH.CENTER, line=56, keep_next=True,
        space_before=6, space_after=14, color=_RED,
    ),
    "number": _Style(
        "发文字号", BODY_FONT, 16, WD_ALIGN_PARAGRAPH.CENTER, line=28, keep_next=True,
        space_after=14, rules=("bottom",), rule_color=_RED,
    ),
    "to": _Style("主送机关", BODY_FONT, 16, WD_ALIGN_PARAGRAPH.LEFT),
    "copy": _Style(
        "版记", BODY_FONT, 14, WD_ALIGN_PARAGRAPH.LEFT, line=24, space_before=12,
        rules=("top", "bottom"),
    ),
}  # fmt: skip


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
    for block, following in zip(document.blocks, (*document.blocks[1:], None), strict=True):
        if isinstance(block, PageTurn):
            _turn(word, wide=block.wide)
            wide = block.wide
        else:
            has_remark = isinstance(following, Paragraph) and following.kind == "remark"
            for element in _elements(block, _TEXT_WIDTH[wide], has_remark=has_remark):
                word.element.body.sectPr.addprevious(element)
    return _without_times(word)


def _elements(
    block: Title | Note | Heading | Paragraph | Table, width: int, *, has_remark: bool
) -> Iterator[Any]:
    """The body's elements for a block. They are built directly: python-docx looks every style up
    anew for each paragraph, which takes seconds over a few tables."""
    if isinstance(block, Table):
        yield from _table(block, width, has_remark=has_remark)
    elif isinstance(block, Title):
        yield _paragraph(block.spans, "title")
    elif isinstance(block, Note):
        yield _paragraph(block.spans, "note")
    elif isinstance(block, Heading):
        yield _paragraph(block.spans, f"heading{block.level}")
    else:
        yield _paragraph(block.spans, block.kind, keep=block.keep)


def _paragraph(
    spans: Iterable[Span], style: str, align: Align | None = None, *, keep: bool = False
) -> Any:
    """`keep`: on the page of what follows."""
    paragraph = OxmlElement("w:p")
    properties = _append(paragraph, "w:pPr")
    _append(properties, "w:pStyle", val=_STYLES[style].id)
    if keep:
        _append(properties, "w:keepNext")
    if align is not None:
        _append(properties, "w:jc", val=align)
    for span in spans:
        run = _append(paragraph, "w:r")
        look = _append(run, "w:rPr")
        _append(look, "w:rFonts", **_fonts(_STYLES[style].font))
        if span.strong:
            _append(look, "w:b")
        words = _append(run, "w:t")
        words.text = span.text
        words.set(qn("xml:space"), "preserve")
    return paragraph


# -- tables ----------------------------------------------------------------------------------


def _table(table: Table, width: int, *, has_remark: bool) -> Iterator[Any]:
    """Caption, unit, grid. A short table is kept on one page, and with the remark under it."""
    yield _paragraph(table.caption, "caption")
    if table.unit:
        yield _paragraph(unit_line(table), "unit")
    style = _table_style(table)
    grid = OxmlElement("w:tbl")
    _set_table_properties(grid, _CELL_MARGIN[style])
    twips = [round(width * _TWIPS_PER_MM * part / sum(table.widths)) for part in table.widths]
    columns = _append(grid, "w:tblGrid")
    for size in twips:
        _append(columns, "w:gridCol", w=str(size))
    head = tuple(Cell(spans, "center") for spans in table.header)
    short = len(table.rows) <= _KEPT_ROWS
    head_style = "head" if style == "cell" else "tighthead"
    grid.append(_row(head, ["" for _ in head], twips, head_style, keep=True))
    for row, below in zip(table.rows, (*table.rows[1:], ()), strict=True):
        keep = short if below else has_remark
        grid.append(_row(row, list(_merges(row, below)), twips, style, keep=keep))
    yield grid


def _table_style(table: Table) -> str:
    if len(table.header) >= _TIGHT_FROM:
        return "tight"
    return "small" if table.dense or len(table.header) >= _SMALL_FROM else "cell"


def _set_table_properties(grid: Any, margin: int) -> None:
    properties = _append(grid, "w:tblPr")
    _append(properties, "w:tblStyle", val="TableGrid")
    _append(properties, "w:tblW", w="0", type="auto")
    _append(properties, "w:tblLayout", type="fixed")
    margins = _append(properties, "w:tblCellMar")
    for side in ("left", "right"):
        _append(margins, f"w:{side}", w=str(margin), type="dxa")


def _row(
    row: Sequence[Cell], merges: list[str], twips: list[int], style: str, *, keep: bool
) -> Any:
    """A row that no page break splits; the header is repeated on every page."""
    line = OxmlElement("w:tr")
    properties = _append(line, "w:trPr")
    _append(properties, "w:cantSplit")
    if style in ("head", "tighthead"):
        _append(properties, "w:tblHeader")
    for cell, merge, size in zip(row, merges, twips, strict=True):
        box = _append(line, "w:tc")
        look = _append(box, "w:tcPr")
        _append(look, "w:tcW", w=str(size), type="dxa")
        if merge:
            _append(look, "w:vMerge", val=merge)
        _append(look, "w:vAlign", val="center")
        box.append(_paragraph(cell.spans, style, cell.align, keep=keep))
    return line


def _merges(row: Sequence[Cell], below: Sequence[Cell]) -> Iterator[str]:
    """What each cell says of merging: it continues the one above, starts a block, or nothing."""
    for column, cell in enumerate(row):
        if cell.continues:
            yield "continue"
        else:
            yield "restart" if below and below[column].continues else ""


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


def _turn(word: Any, *, wide: bool) -> None:
    """End the part so far. A section ends in its last paragraph; a table needs one after it."""
    body = word.element.body
    last = body[-2] if len(body) > 1 else None
    if last is None or last.tag != qn("w:p"):
        last = _paragraph((), "break")
        body.sectPr.addprevious(last)
    last.get_or_add_pPr().append(body.sectPr.clone())
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
        set_fonts(run._r.get_or_add_rPr(), SONG, latin=SONG)
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
    set_fonts(properties, BODY_FONT)
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
            set_fonts(style.element.get_or_add_rPr(), BODY_FONT)
            for part in style.element.iter(qn("w:tblStylePr")):
                for properties in part.iter(qn("w:rPr")):
                    set_fonts(properties, BODY_FONT)
    word.styles["Normal"].font.size = Pt(_BODY.size)
    known = {style.name for style in word.styles}
    for wanted in _STYLES.values():
        if wanted.name not in known:
            new = word.styles.add_style(wanted.name, WD_STYLE_TYPE.PARAGRAPH)
            new.base_style = word.styles["Normal"]
        _set_style(word, wanted)
    footer = word.styles["Footer"]
    footer.font.size = Pt(14)
    set_fonts(footer.element.get_or_add_rPr(), SONG, latin=SONG)


def _set_style(word: Any, wanted: _Style) -> None:
    style = word.styles[wanted.name]
    properties = style.element.get_or_add_pPr()
    for ornament in properties.findall(qn("w:pBdr")):
        properties.remove(ornament)
    run = style.element.get_or_add_rPr()
    for ornament in ("w:color", "w:spacing", "w:kern", "w:b", "w:bCs"):
        for found in run.findall(qn(ornament)):
            run.remove(found)
    set_fonts(run, wanted.font)
    style.font.size = Pt(wanted.size)
    if wanted.color:
        style.font.color.rgb = RGBColor.from_string(wanted.color)
    if wanted.size == _BODY.size:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(_CLOSER))
        run.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    _set_paragraph_format(style.paragraph_format, wanted)
    if wanted.rules:
        _set_rules(properties, wanted)
    properties.insert_element_before(_off("w:snapToGrid"), "w:spacing", "w:ind", "w:jc")
    if wanted.indent:
        indent = properties.get_or_add_ind()
        indent.set(qn("w:firstLineChars"), str(wanted.indent * 100))


def _set_rules(properties: Any, wanted: _Style) -> None:
    borders = OxmlElement("w:pBdr")
    for side in wanted.rules:
        _append(borders, f"w:{side}", val="single", sz="12", space="6", color=wanted.rule_color)
    properties.insert_element_before(borders, "w:snapToGrid", "w:spacing", "w:ind", "w:jc")


def _set_paragraph_format(shape: Any, wanted: _Style) -> None:
    shape.alignment = wanted.align
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(wanted.line)
    shape.space_before = Pt(wanted.space_before)
    shape.space_after = Pt(wanted.space_after)
    shape.first_line_indent = Pt(wanted.indent * wanted.size)
    shape.right_indent = Pt(wanted.right * wanted.size)
    shape.keep_with_next = wanted.keep_next
    shape.widow_control = False


def set_fonts(properties: Any, font: str, latin: str = LATIN_FONT) -> None:
    """The fonts of a style or run; theme fonts, which would win, go."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = OxmlElement("w:rFonts")
    for which, name in _fonts(font, latin).items():
        fonts.set(qn(f"w:{which}"), name)
    properties.insert(1 if properties.find(qn("w:rStyle")) is not None else 0, fonts)


def _fonts(font: str, latin: str = LATIN_FONT) -> dict[str, str]:
    return {"ascii": latin, "hAnsi": latin, "cs": latin, "eastAsia": font}


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
