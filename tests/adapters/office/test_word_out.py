"""The Word file, read by an independent reader (lxml over the package's own XML)."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree

from diaodu.adapters.word_out import word_bytes, write_word
from diaodu.engine.report.bulletin import bulletin
from diaodu.engine.report.document import Numeral, numerals

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FONTS = {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"}


@pytest.fixture(scope="module")
def written(case: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "bulletin.docx"
    write_word(bulletin(case.material()), path, case.AS_OF)
    return path


def part(path: Path, name: str) -> etree._Element:
    with zipfile.ZipFile(path) as package:
        return etree.fromstring(package.read(f"word/{name}.xml"))


def body_paragraphs(path: Path) -> list[str]:
    """The text of every w:p of the body in document order."""
    body = part(path, "document").find(f"{W}body")
    assert body is not None
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in body.iter(f"{W}p")]


def listed(case: ModuleType) -> list[Numeral]:
    return numerals(bulletin(case.material()))


def test_every_listed_numeral_stands_at_its_place(case: ModuleType, written: Path) -> None:
    texts = body_paragraphs(written)
    for numeral in listed(case):
        assert texts[numeral.paragraph][numeral.start : numeral.end] == numeral.text


# What may hold a digit and refers to nothing: periods and dates, the document's number, names.
_EXCEPTED = re.compile(
    r"\d{4}年(\d+(—\d+)?月(\d+日)?)?|\d+—\d+月|\d+月末?|示调〔\d{4}〕\d+号"
    r"|PM2\.5浓度|新开工500万元以上项目|2023-06-12/县局月报5月\.xlsx 〔表1〕 [A-Z]\d+"
)


def test_every_other_digit_is_of_an_excepted_kind(case: ModuleType, written: Path) -> None:
    spans: dict[int, list[tuple[int, int]]] = {}
    for numeral in listed(case):
        spans.setdefault(numeral.paragraph, []).append((numeral.start, numeral.end))
    for index, text in enumerate(body_paragraphs(written)):
        covered = spans.get(index, []) + [m.span() for m in _EXCEPTED.finditer(text)]
        for digit in re.finditer(r"\d", text):
            inside = any(start <= digit.start() < end for start, end in covered)
            assert inside, f"{text!r}: {digit.group()} at {digit.start()}"


def test_page_is_a4_with_the_standard_type_area_and_grid(written: Path) -> None:
    sections = list(part(written, "document").iter(f"{W}sectPr"))
    sizes = [(s.find(f"{W}pgSz").get(f"{W}w"), s.find(f"{W}pgSz").get(f"{W}h")) for s in sections]
    assert sizes == [("11906", "16838"), ("16838", "11906"), ("11906", "16838")]
    margins = sections[0].find(f"{W}pgMar")
    found = {side: round(int(margins.get(f"{W}{side}")) / 56.6929) for side in
             ("top", "bottom", "left", "right")}  # fmt: skip
    assert found == {"top": 37, "bottom": 35, "left": 28, "right": 26}
    grid = sections[0].find(f"{W}docGrid")
    assert grid.get(f"{W}type") == "linesAndChars"
    height = 225 * 56.6929
    assert int(height // int(grid.get(f"{W}linePitch"))) == 22
    width = 156 * 56.6929 / 20
    assert int(width // (16 + int(grid.get(f"{W}charSpace")) / 4096)) == 28


def test_east_asian_fonts_stand_on_every_style_and_run(written: Path) -> None:
    styles = part(written, "styles")
    for style in styles.iter(f"{W}style"):
        if style.get(f"{W}type") != "numbering":
            assert style.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") in FONTS
    with zipfile.ZipFile(written) as package:
        parts = [n for n in package.namelist() if re.match(r"word/(document|footer\d*)\.xml", n)]
        runs = [r for n in parts for r in etree.fromstring(package.read(n)).iter(f"{W}r")]
        everything = b"".join(package.read(n) for n in [*parts, "word/styles.xml"])
    assert len(parts) == 3
    used = {run.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") for run in runs}
    assert used == FONTS
    assert b"Theme=" not in everything
    assert part(written, "settings").find(f"{W}themeFontLang").get(f"{W}eastAsia") == "zh-CN"
    assert b"ja-JP" not in everything


def test_page_numbers_stand_outside_on_odd_and_even_pages(written: Path) -> None:
    settings = part(written, "settings")
    assert settings.find(f"{W}evenAndOddHeaders") is not None
    with zipfile.ZipFile(written) as package:
        footers = [
            etree.fromstring(package.read(n))
            for n in package.namelist()
            if n.startswith("word/footer")
        ]
    sides = {f.find(f".//{W}jc").get(f"{W}val") for f in footers}
    assert sides == {"right", "left"}
    for footer in footers:
        words = "".join(t.text or "" for t in footer.iter(f"{W}t"))
        assert words.strip("\u3000") == "— 1 —"


def test_tables_repeat_their_header_and_keep_rows_together(written: Path) -> None:
    tables = list(part(written, "document").iter(f"{W}tbl"))
    assert len(tables) == 5
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_same_document_same_bytes(case: ModuleType, written: Path) -> None:
    again = word_bytes(bulletin(case.material()), case.AS_OF)
    assert written.read_bytes() == again


def test_words_of_people_are_never_markup(case: ModuleType, tmp_path: Path) -> None:
    rules = case.rulebook()
    rules.orgs["xian"] = rules.orgs["xian"].model_copy(update={"name": "<w:p>&县"})
    path = tmp_path / "odd.docx"
    write_word(bulletin(case.material(rulebook=rules)), path, case.AS_OF)
    assert body_paragraphs(path)[0] == "<w:p>&县2023年1—5月主要经济指标运行通报"


def test_signature_and_short_tables_are_kept_on_one_page(written: Path) -> None:
    body = part(written, "document").find(f"{W}body")
    assert body is not None
    kept = [p.find(f"{W}pPr/{W}keepNext") is not None for p in body.findall(f"{W}p")]
    assert kept[-4:] == [True, True, True, False]  # last line, empty line, issuer, day
    ranking = body.findall(f"{W}tbl")[1]  # three rows and a remark under them
    assert all(p.find(f"{W}pPr/{W}keepNext") is not None for p in ranking.iter(f"{W}p"))
