"""A table of a page, out of its HTML: the texts of its cells as they are read there.

Cells that span several columns or rows stand in each of them; the rows of a header become one, a
group's name before each of its columns. Columns without any text (drawings, buttons) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import html

from diaodu.engine.report.spans import is_numeric

Value = str | int | Decimal

_UNSEEN = ("only-screen-reader", "pop")  # classes of what is not read in a cell
_SILENT = ("script", "style", "svg", "button", "form", "template", "dialog")


@dataclass(frozen=True, slots=True)
class PageTable:
    """`heading`: of the page, and of the box the table stands in; `told`: what the page is of."""

    heading: str
    told: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def page_table(text: str, number: int) -> PageTable | None:
    """The table that stands at that place among those of the page (the first is 0); None where
    there is none."""
    page = html.fromstring(f"<div>{text}</div>" if "<html" not in text else text)
    tables = page.xpath("//table[contains(concat(' ', @class, ' '), ' dt ')]")
    if not 0 <= number < len(tables):
        return None
    table = tables[number]
    head = _grid(table.xpath("./thead/tr"))
    body = _grid(table.xpath("./tbody/tr|./tr"))
    header = [_named(column) for column in zip(*head, strict=True)] if head else []
    width = max([len(header), *(len(row) for row in body)])
    header += [""] * (width - len(header))
    rows = [row + [""] * (width - len(row)) for row in body]
    kept = [at for at in range(width) if any(row[at] for row in rows)]
    return PageTable(
        heading=_heading(page, table), told=_told(page),
        header=tuple(header[at] for at in kept),
        rows=tuple(tuple(_value(row[at]) for at in kept) for row in rows),
    )  # fmt: skip


def _grid(rows: list[Any]) -> list[list[str]]:
    """Every place of the rows with its text."""
    grid: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row.xpath("./td|./th"):
            while (y, x) in grid:
                x += 1
            text = _text(cell)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for dy in range(min(down, len(rows) - y)):
                for dx in range(across):
                    grid[y + dy, x + dx] = text
            x += across
    width = 1 + max((x for _, x in grid), default=-1)
    return [[grid.get((y, x), "") for x in range(width)] for y in range(len(rows))]


def _span(cell: Any, name: str) -> int:
    told = cell.get(name, "1")
    return min(int(told), 200) if told.isdigit() and int(told) else 1


def _text(cell: Any) -> str:
    return " ".join("".join(_read(cell)).split(" ")).strip(" \n\t")


def _read(element: Any) -> Iterator[str]:
    """The texts of an element, and what stands in its fields."""
    if element.tag == "input":
        yield element.get("value", "") if element.get("type") not in _HIDDEN else ""
    yield (element.text or "").replace("\n", " ")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT and not _is_unseen(child):
            yield from _read(child)
        yield (child.tail or "").replace("\n", " ")


_HIDDEN = ("hidden", "checkbox", "radio", "submit", "file")


def _is_unseen(element: Any) -> bool:
    return any(one in element.get("class", "").split() for one in _UNSEEN)


def _named(texts: tuple[str, ...]) -> str:
    """本期　累计: each row of the header once."""
    return "　".join(dict.fromkeys(one for one in texts if one))


def _heading(page: Any, table: Any) -> str:
    of_page = [_text(one) for one in page.xpath("//h1")][:1]
    over = table.xpath("(preceding::h2|ancestor::*/preceding-sibling::h2)[last()]")
    box = table.xpath("ancestor::*[self::section or self::details][1]//h2[1]")
    of_box = [_own_text(one) for one in (box or over)[:1]]
    return "　".join(dict.fromkeys(one for one in (*of_page, *of_box) if one))


def _own_text(element: Any) -> str:
    return (element.text or "").strip()


def _told(page: Any) -> str:
    parts = page.xpath("//*[contains(concat(' ', @class, ' '), ' meta ')]/*")
    return "　".join(text for one in parts if (text := _text(one)))


def _value(text: str) -> Value:
    """A number where it is written as one; codes with leading zeros stay texts."""
    plain = text.replace(",", "").replace("−", "-").removeprefix("+")
    digits = plain.removeprefix("-")
    if not is_numeric(plain) or (len(digits) > 1 and digits[0] == "0" and digits[1] != "."):
        return text
    if len(digits) > 15:  # more than Excel keeps
        return text
    return Decimal(plain) if "." in plain else int(plain)
