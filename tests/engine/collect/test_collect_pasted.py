"""Text tables pasted into one column: parted where there is one way to, else held."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sheets_for_tests import book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.collect.settle import settle
from diaodu.engine.collect.sheet import PARTS, cell_name

RULES = rulebook()
NAMES = build_names(RULES)
TITLE = "2023年1-5月各乡镇固定资产投资（单位：万元）"
D = Decimal


def read(lines, *, right=0):  # type: ignore[no-untyped-def]
    rows = [[line] if isinstance(line, str) else line for line in lines]
    (one,) = read_workbook(book(sheet(rows, right=right)), NAMES, RULES).sheets
    return one


def figures(reading):  # type: ignore[no-untyped-def]
    return [(o.cell, o.org, o.facet, o.value) for o in reading.observations if not o.held]


PLAIN = [
    ("A3", "jia", "level", D("0.0100")),
    ("A3", "jia", "growth", D("8.0")),
    ("A4", "yi", "level", D("0.1100")),
    ("A4", "yi", "growth", D("-8.0")),
]


@pytest.mark.parametrize(
    "lines",
    [
        ["乡镇  完成  增速%", "甲镇  100  8.0", "乙镇  1,100  -8.0"],
        ["乡镇 完成 增速%", "甲镇 100 8.0", "乙镇 1,100 -8.0"],
        ["乡镇　完成　增速%", "甲镇　100　8.0", "乙　镇　1 100　-8.0"],
        ["乡镇\t完成\t增速%", "甲镇\t100\t8.0", "乙镇\t1,100\t-8.0"],
        ["  乡镇    完成   增速% ", "甲镇     100   8.0", "乙 镇    1100  －8.0"],
    ],
)
def test_lines_are_parted(lines: list[str]) -> None:
    one = read([TITLE, *lines, "注：快报数"])
    assert figures(one) == PLAIN
    assert one.findings == ()
    assert one.counts == {"label": 2, "note": 1, "marker": 0, "kept": 2, "held": 0, "ignored": 0}
    first = one.observations[1]
    assert (first.value_given, first.unit_given) == ("8.0", "%")


def test_serials_empty_fields_between_tabs_and_markers() -> None:
    serial = read([TITLE, "序号  乡镇  完成  增速%", "1  甲镇  100  8.0", "2  乙镇  1100  -8.0"])
    assert figures(serial) == PLAIN
    tabs = read([TITLE, "乡镇\t完成\t增速%", "甲镇\t\t8.0", "乙镇\t1100\t"])
    assert [row[1:3] for row in figures(tabs)] == [("jia", "growth"), ("yi", "level")]
    dashes = read([TITLE, "乡镇  完成  增速%", "甲镇  —  8.0"])
    assert [(o.facet, o.word) for o in dashes.observations] == [
        ("level", "missing"), ("growth", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "line", "why"),
    [
        # A figure left out leaves no trace.
        ("乡镇  完成  增速%", "乙镇        -8.0", "分出2段，表头有3段"),
        ("乡镇  完成  增速%", "乙　镇　1 100", "分出2段，表头有3段"),
        ("乡镇  完成  增速%", "乙镇  1  100  -8.0", "分出4段，表头有3段"),
        ("乡镇  完成  增速%", "乙  镇  待核  -8.0", "分出2段，表头有3段"),
        ("乡镇  完成  增速%", "乙镇\t1100\t", "这一行有空着的段，表头不是用制表符隔开的"),
        ("乡镇  完成  增速%", "1  乙镇  100", "有序号，表头没有"),
        ("序号  乡镇  完成", "乙镇  100  -8.0", "没有序号，表头有"),
        ("乡镇  完成  增速%", "某  某  8.0  待核", "分出4段，表头有3段"),
        ("乡镇  完成  增速%  位次", "某  某  8.0  待核", "名称写到哪一段为止看不出来"),
    ],
)
def test_a_line_that_does_not_fit_is_held(header: str, line: str, why: str) -> None:
    good = ["1", "甲镇", "100", "8.0", "2"]
    first = good[not header.startswith("序号") :][: len(header.split())]
    one = read([TITLE, header, "  ".join(first), line])
    assert {row[0] for row in figures(one)} == {"A3"}
    (found,) = [each for each in one.findings if each.cell == "A4"]
    assert (found.code, found.severity) == ("unknown_layout", "hard")
    assert found.message == f"A4 一格里写了一整行，{why}，不能确定哪个数在哪一列"
    assert found.action == "请用“数据→分列”把这一列分到各列，没有数的格写“—”，重新报送"
    assert (one.counts["kept"], one.counts["held"]) == (1, 1)


@pytest.mark.parametrize("line", ["乙镇  1100  -8.0", "乙镇\t1100\t-8.0"])
@pytest.mark.parametrize("header", ["乡镇  完成  增速%", "乡镇\t完成\t增速%"])
def test_a_full_line_fits_whatever_parts_it(header: str, line: str) -> None:
    one = read([TITLE, header, "甲镇  100  8.0", line])
    assert (figures(one), one.findings) == (PLAIN, ())


@pytest.mark.parametrize(
    ("line", "facets", "more"),
    [
        ("乙镇  待核  -8.0", ["growth"], ""),
        ("乙镇  1100  待核", ["level"], ""),
        ("乙镇  待核  待核", [], "（涉及2个数据格，暂不采用）"),
    ],
)
def test_a_word_where_a_figure_belongs_is_asked_about(
    line: str, facets: list[str], more: str
) -> None:
    one = read([TITLE, "乡镇  完成  增速%", "甲镇  100  8.0", line])
    assert [row[2] for row in figures(one) if row[1] == "yi"] == facets
    (found,) = one.findings
    assert (found.code, found.cell) == ("not_a_number", "A4")
    assert found.message == f"A4：“待核”不是数{more}"
    assert (one.counts["kept"], one.counts["held"]) == (1, 1)


def test_lines_without_a_header_are_held_and_prose_is_a_note() -> None:
    one = read([TITLE, "甲镇  100  8.0", "乙镇  1100  -8.0"])
    assert one.counts["held"] == 2
    assert one.findings[0].message == (
        "A2 一格里写了一整行，分出3段，上面没有表头，不能确定哪个数在哪一列"
    )
    prose = read(["填报说明", "一、 请按时 填报 3 份", "甲镇 和 乙镇 分开 报"])
    assert (prose.findings, prose.counts["note"]) == ((), 3)


def test_what_is_wrong_in_a_part_is_told_with_its_cell() -> None:
    one = read([TITLE, "乡镇  完成  增速%", "丁镇  100  8.0"], right=2)
    (found,) = one.findings
    assert (found.code, found.cell) == ("unknown_org", "C3")
    assert one.counts["held"] == 1


def test_a_conflict_within_one_cell_moves_the_cell_once() -> None:
    lines = [TITLE, "乡镇  完成  增速%", "甲镇  100  8.0"]
    rows = [[line] for line in lines]
    other = [[line] for line in [*lines[:2], "甲镇  200  9.0"]]
    books = [book(sheet(rows), file="甲.xlsx"), book(sheet(other), file="乙.xlsx")]
    settled = settle([read_workbook(one, NAMES, RULES) for one in books], books[0].received)
    assert {f.code for f in settled.findings} >= {"conflict"}
    for counts in settled.counts.values():
        assert (counts["kept"], counts["held"]) == (0, 1)


def test_the_name_of_a_part_is_that_of_its_cell() -> None:
    assert cell_name(3, 2) == cell_name(3, 2 + PARTS) == cell_name(3, 2 + 5 * PARTS) == "C4"
