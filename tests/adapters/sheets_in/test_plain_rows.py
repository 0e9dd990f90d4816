"""A sheet whose rows are plain is read by a pattern: with the same outcome as by expat."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.adapters.sheets_in.plain_rows import plain_sheet
from diaodu.adapters.sheets_in.sheet_pass import SheetPass, pass_over
from diaodu.adapters.sheets_in.trouble import Trouble

HEAD = '<?xml version="1.0"?><worksheet><cols><col min="2" max="2" hidden="1"/></cols>'
TAIL = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>'


def part(rows: str, *, opens: str = "<sheetData>", head: str = HEAD, tail: str = TAIL) -> bytes:
    return f"{head}{opens}{rows}</sheetData>{tail}".encode()


def outcome(content: bytes) -> SheetPass | tuple[str, str]:
    try:
        return pass_over(content, "表.xml")
    except Trouble as trouble:
        return trouble.code, trouble.why


def both_ways(rows: str) -> tuple[object, object]:
    """As it stands, and with a blank in <sheetData >, which sends all rows to expat."""
    slow = part(rows, opens="<sheetData >")
    assert plain_sheet(slow) is None
    return outcome(part(rows)), outcome(slow)


PLAIN = [
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="3"><v>-12.5</v></c></row>',
    '<row r="2" spans="1:9" x14ac:dyDescent="0.25"><c r="AB2"><v>1E+16</v></c></row>',
    '<row r="3"/><row r="7" hidden="1"><c r="A7" s="2" t="b"><v>1</v></c></row>',
    '<row r="4" ht="0"><c r="A4" t="e"><v>#REF!</v></c><c r="C4"/><c r="D4" s="1"></c></row>',
]
NOT_PLAIN = [
    '<row r="1"><c r="A1"><f>B1</f><v>2</v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>',
    '<row r="1"><!-- 注 --><c r="A1"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>a&amp;b</v></c></row>',
    '<row r="1"><c r="A1"><v> 2 </v></c></row>',
    '<row r="1"><c r="A1"><v></v></c></row>',
    '<row r="1"><c><v>2</v></c></row>',
    '<row r="1">\n<c r="A1"><v>2</v></c></row>',
    "<row r='1'><c r='A1'><v>2</v></c></row>",
    '<row r="1"><c r="A2"><v>2</v></c></row>',
    '<row r="1" r="1"><c r="A1"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>2</v></c>',
    '<row r="1"><c r="A1"><v>甲</v></c></row>',
]
# What is wrong with these only shows when the rows are counted and their columns compared.
WRONG = [
    '<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
    '<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>2</v></c><c r="A1"><v>2</v></c></row>',
    '<row r="1"><c r="XFE1"><v>2</v></c></row>',
    '<row r="1048577"><c r="A1048577"><v>2</v></c></row>',
]


@pytest.mark.parametrize("rows", PLAIN)
def test_a_plain_row_is_read_as_expat_reads_it(rows: str) -> None:
    assert plain_sheet(part(rows)) is not None
    fast, slow = both_ways(rows)
    assert fast == slow
    assert isinstance(fast, SheetPass)
    assert len(fast.merges) == 1


@pytest.mark.parametrize("rows", NOT_PLAIN)
def test_what_is_not_plain_goes_to_expat(rows: str) -> None:
    assert plain_sheet(part(rows)) is None
    fast, slow = both_ways(rows)
    assert fast == slow


@pytest.mark.parametrize("rows", WRONG)
def test_a_wrong_address_is_told_alike(rows: str) -> None:
    assert plain_sheet(part(rows)) is not None
    fast, slow = both_ways(rows)
    assert fast == slow
    assert isinstance(fast, tuple)
    assert fast[0] == "unreadable"


def test_hidden_rows_and_columns_are_marked() -> None:
    found = pass_over(part("".join(PLAIN[:1]) + PLAIN[2].replace('r="3"', 'r="5"')), "表.xml")
    places = [((one.row, col), one.hidden) for one in found.stretches for col in one.cols]
    assert places == [
        ((0, 0), False), ((0, 1), True), ((6, 0), True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        HEAD + "<!-- ", HEAD + "<![CDATA[", HEAD + "<?x ",
        "<!DOCTYPE worksheet><worksheet>",
    ],
)  # fmt: skip
def test_nothing_before_the_rows_may_hide_them(head: str) -> None:
    assert plain_sheet(part(PLAIN[0], head=head)) is None


def test_a_broken_end_is_told_though_the_rows_are_plain() -> None:
    assert outcome(part(PLAIN[0], tail="<mergeCells>")) == (
        "truncated", "不完整：内部部件 表.xml 到第1行就断了，多半是拷贝或下载中断"
    )  # fmt: skip


VALUES = st.sampled_from(["1", "-2.5", "0.30000000000000004", "1E-7", "#DIV/0!", "", " 3", "a&lt;"])


@st.composite
def some_rows(draw: st.DrawFn) -> str:
    rows: list[str] = []
    for row in draw(st.lists(st.integers(1, 12), max_size=5)):
        cells = "".join(
            f'<c r="{col}{row}"{style}{kind}>' + (f"<v>{value}</v></c>" if valued else "</c>")
            for col, style, kind, value, valued in draw(
                st.lists(
                    st.tuples(
                        st.sampled_from("ABCD"), st.sampled_from(["", ' s="1"', ' s="12"']),
                        st.sampled_from(["", ' t="n"', ' t="s"']), VALUES, st.booleans(),
                    ),
                    max_size=4,
                )
            )
        )  # fmt: skip
        hidden = draw(st.sampled_from(["", ' hidden="1"', ' ht="0"']))
        rows.append(f'<row r="{row}"{hidden}>{cells}</row>')
    return "".join(rows)


@given(some_rows())
def test_any_rows_come_out_alike(rows: str) -> None:
    fast, slow = both_ways(rows)
    assert fast == slow
