"""No numeral reaches paper without saying what it refers to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.report.document import (
    Cell,
    Document,
    Numeral,
    PageTurn,
    Paragraph,
    Span,
    Table,
    numerals,
    paragraphs,
    text_of,
)


@pytest.mark.parametrize("words", ["增长8.3%", "第１位", "5月"])
def test_plain_text_with_a_numeral_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="refers to nothing"):
        Span(words)


def test_a_figure_needs_a_key_and_a_name_has_none() -> None:
    with pytest.raises(ValueError, match="has a key"):
        Span("8.3", "figure")
    with pytest.raises(ValueError, match="has a key"):
        Span("甲县", "name", "k")


@pytest.mark.parametrize("words", ["8.3%", "约8", "8.3和9", ""])
def test_a_figure_is_one_numeral(words: str) -> None:
    with pytest.raises(ValueError, match="one numeral"):
        Span(words, "figure", "k")


def test_numerals_count_paragraphs_in_cells_and_after_tables() -> None:
    eight = Span("8", "figure", "k8")
    row = (Cell((eight,)), Cell())
    header = ((Span("甲"),), (Span("乙"),))
    table = Table((Span("表"),), header, (row,), (1, 1), unit="%")
    document = Document(
        (
            Paragraph((Span("增长"), eight, Span("，"), Span("−9.50", "figure", "k9"))),
            PageTurn(True), table, PageTurn(False), Paragraph((eight,)),
        )
    )  # fmt: skip
    # 0 sentence; 1 caption; 2 unit; 3, 4 header; 5, 6 cells; 7 the end of the wide part; 8
    assert numerals(document) == [
        Numeral(0, 2, 3, "8", "k8"), Numeral(0, 4, 9, "−9.50", "k9"),
        Numeral(5, 0, 1, "8", "k8"), Numeral(8, 0, 1, "8", "k8"),
    ]  # fmt: skip


_SPANS = st.one_of(
    st.text("增长下降，。%", max_size=5).map(Span),
    st.decimals(0, 99999, places=2).map(lambda d: Span(str(d), "figure", "k")),
    st.text("甲1乙2", min_size=1, max_size=4).map(lambda t: Span(t, "name")),
)


@given(st.lists(st.lists(_SPANS, max_size=8), max_size=8))
def test_every_numeral_stands_where_it_is_said_to(rows: list[list[Span]]) -> None:
    document = Document(tuple(Paragraph(tuple(row)) for row in rows))
    texts = [text_of(spans) for spans in paragraphs(document)]
    found = numerals(document)
    assert [texts[n.paragraph][n.start : n.end] for n in found] == [n.text for n in found]
    assert len(found) == sum(span.kind == "figure" for row in rows for span in row)
