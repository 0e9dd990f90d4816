"""Tables in a text: rows that add up to their total, growth, completion and place columns.

A line with tabs is a row. A column is what its heading says; where most rows of a table do not
bear out what a heading seems to promise, it promises something else, and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from diaodu.engine.compute.grading import grade
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import Printed, read_number, show
from diaodu.engine.proofread.arithmetic import number_text
from diaodu.engine.proofread.claims import Claim, Grade, Kind
from diaodu.engine.proofread.reading.model import Reading
from diaodu.engine.verify.rounding import decimal_of

_ROW = re.compile(r"^[^\n\t]*\t[^\n]*", re.MULTILINE)
_TOTAL = re.compile(r"(?:合\s*计|总\s*计|共\s*计)")
_NESTED = re.compile(r"其中|小\s*计|[（(]?其余")
_PLACE = re.compile(r"位次|排名|名次|排序|序位")
_GROWTH = re.compile(r"增速|增长|同比|增幅|±")
_LAST = re.compile(r"上年|去年|同期")
_RATE = re.compile(
    r"占比|比重|率|%|％|增速|增幅|同比|增长|人均|平均|均|价格|单价|指数|位次|排名|名次|序号|编号|年份"
)
_DONE = re.compile(r"完成率|完成比例|完成%|完成％|完成进度|占(?:年度|全年)?(?:任务|计划|目标)")
_AIM = re.compile(r"任务|计划|目标")
_COUNTED = re.compile(r"[个户家人件项]数|数量|[（(][个户家项件人宗台][）)]")
_MOST_AGREE = Fraction(2, 3)


@dataclass(frozen=True, slots=True)
class _Cell:
    """`number` is None where a cell holds none."""

    start: int
    end: int
    text: str
    number: Printed | None


@dataclass(frozen=True, slots=True)
class _Table:
    """Headings by column, and the rows of numbers below them."""

    headings: tuple[str, ...]
    rows: tuple[tuple[_Cell, ...], ...]

    def columns(self, named: re.Pattern[str]) -> list[int]:
        return [place for place, text in enumerate(self.headings) if place and named.search(text)]

    def numbers(self, column: int) -> list[tuple[_Cell, ...]]:
        """The rows that have a number in a column, without totals."""
        return [
            row
            for row in self.rows
            if row[column].number is not None and not _TOTAL.search(row[0].text)
        ]


def checks(reading: Reading) -> Iterator[Claim]:
    """The columns of every table that can be checked by the table itself."""
    for table in _tables(reading.text):
        yield from _totals(reading.text, table)
        yield from _growths(reading.text, table)
        yield from _completions(reading.text, table)
        yield from _places(reading.text, table)


# -- reading ---------------------------------------------------------------------------------------


def _tables(text: str) -> Iterator[_Table]:
    """Rows of one width that follow each other, below a row of headings."""
    block: list[tuple[_Cell, ...]] = []
    end = -1
    for match in _ROW.finditer(text):
        row = _cells(match.group(), match.start())
        if block and (len(row) != len(block[-1]) or text[end : match.start()].strip()):
            yield from _table(block)
            block = []
        block.append(row)
        end = match.end()
    yield from _table(block)


def _cells(line: str, start: int) -> tuple[_Cell, ...]:
    cells: list[_Cell] = []
    for cell in line.rstrip("\r").split("\t"):
        lead = len(cell) - len(cell.lstrip())
        bare = cell.strip()
        cells.append(_Cell(start + lead, start + lead + len(bare), bare, _number(bare)))
        start += len(cell) + 1
    return tuple(cells)


def _number(text: str) -> Printed | None:
    """A year or a month in a heading is no number."""
    number = read_number(text)
    return None if number is None or number.unit.startswith(("年", "月", "季", "日")) else number


def _table(block: Sequence[tuple[_Cell, ...]]) -> Iterator[_Table]:
    first = next((i for i, row in enumerate(block) if any(c.number for c in row[1:])), 0)
    if first == 0 or len(block) - first < 2:
        return
    headings = tuple(
        "".join(row[column].text for row in block[:first]) for column in range(len(block[0]))
    )
    yield _Table(headings, tuple(block[first:]))


# -- totals ----------------------------------------------------------------------------------------


def _totals(text: str, table: _Table) -> Iterator[Claim]:
    totals = [row for row in table.rows if _TOTAL.search(row[0].text)]
    if len(totals) != 1 or any(_NESTED.search(row[0].text) for row in table.rows):
        return
    for column in range(1, len(table.headings)):
        total = totals[0][column]
        parts = [row[column] for row in table.numbers(column)]
        if total.number is None or len(parts) < 2 or _RATE.search(table.headings[column]):
            continue
        counted = _COUNTED.search(table.headings[column]) is not None
        found = _sum([_interval(part, counted=counted) for part in parts])
        yield _claim(text, "sum", total, found, f"{len(parts)}行相加", parts)


def _sum(parts: Sequence[Interval]) -> Interval:
    total = Interval.exact(0)
    for part in parts:
        total = total + part
    return total


def _interval(cell: _Cell, *, counted: bool = False) -> Interval:
    assert cell.number is not None, "only cells with a number are computed with"
    return Interval.exact(cell.number.value) if counted else Interval.printed(cell.number)


# -- columns computed from columns -----------------------------------------------------------------


def _growths(text: str, table: _Table) -> Iterator[Claim]:
    """增速 beside this year's and last year's level."""
    bases = table.columns(_LAST)
    growths = [one for one in table.columns(_GROWTH) if one not in bases]
    if len(bases) != 1 or len(growths) != 1 or "可比" in table.headings[growths[0]]:
        return
    nows = [one for one in range(1, len(table.headings)) if one not in (*bases, *growths)]
    nows = [one for one in nows if not _RATE.search(table.headings[one])]
    if len(nows) == 1:
        yield from _computed(text, table, "growth", (nows[0], bases[0], growths[0]), _growth)


def _growth(now: Interval, base: Interval) -> Interval:
    return (now / base - Interval.exact(1)).times(100)


def _completions(text: str, table: _Table) -> Iterator[Claim]:
    """完成率 beside what was wanted and what was done."""
    rates = table.columns(_DONE)
    aims = [one for one in table.columns(_AIM) if one not in rates]
    rest = [one for one in range(1, len(table.headings)) if one not in (*rates, *aims)]
    dones = [one for one in rest if re.search(r"完成|实现|累计", table.headings[one])]
    if len(rates) == len(aims) == len(dones) == 1:
        yield from _computed(text, table, "progress", (dones[0], aims[0], rates[0]), _share)


def _share(part: Interval, whole: Interval) -> Interval:
    return (part / whole).times(100)


def _computed(
    text: str, table: _Table, kind: Kind, columns: tuple[int, int, int],
    formula: Callable[[Interval, Interval], Interval],
) -> Iterator[Claim]:  # fmt: skip
    """Claims of a column that most of its rows bear out."""
    one, other, result = columns
    claims: list[Claim] = []
    for row in table.rows:
        if any(row[column].number is None for column in columns):
            continue
        try:
            found = formula(_interval(row[one]), _interval(row[other]))
        except ZeroDivisionError:
            continue
        told = f"按{row[one].text}和{row[other].text}计算"
        claims.append(_claim(text, kind, row[result], found, told, [row[one], row[other]]))
    yield from _borne_out(claims)


def _borne_out(claims: Sequence[Claim]) -> Sequence[Claim]:
    holding = sum(claim.verdict == "holds" for claim in claims)
    return claims if len(claims) > 1 and holding >= _MOST_AGREE * len(claims) else ()


# -- places ----------------------------------------------------------------------------------------


def _places(text: str, table: _Table) -> Iterator[Claim]:
    """A place column against the column of numbers before it, from the top or from the bottom."""
    for column in table.columns(_PLACE):
        values = column - 1
        rows = [row for row in table.numbers(column) if row[values].number is not None]
        if values < 1 or len(rows) < 3 or _PLACE.search(table.headings[values]):
            continue
        numbers = [_value(row[values]) for row in rows]
        ways = [
            [_place_claim(text, row, column, numbers, sign) for row in rows] for sign in (1, -1)
        ]
        best = max(ways, key=lambda claims: sum(one.verdict == "holds" for one in claims))
        yield from _borne_out(best)


def _value(cell: _Cell) -> Fraction:
    assert cell.number is not None, "only cells with a number are ranked"
    return Fraction(cell.number.value)


def _place_claim(
    text: str, row: Sequence[_Cell], column: int, numbers: Sequence[Fraction], sign: int
) -> Claim:
    """Equal prints may hide a difference: then any of their places fits."""
    cell, own = row[column], _value(row[column - 1]) * sign
    ahead = sum(number * sign > own for number in numbers)
    alike = sum(number * sign == own for number in numbers)
    place = _value(cell)
    holds = ahead + 1 <= place <= ahead + alike
    told = f"按{row[column - 1].text}在{len(numbers)}行中应排第{ahead + 1}"
    return Claim(
        cell.start, cell.end, text[cell.start : cell.end], "rank",
        "holds" if holds else "contradicts", cell.text,
        f"{told}，相符" if holds else f"{told}，不是{cell.text}；应核对数值和位次",
        None if holds else "wrong", cell.text if holds else str(ahead + 1),
        (Fraction(ahead + 1), Fraction(ahead + alike)), None if holds else str(ahead + 1),
        ((row[column - 1].start, row[column - 1].end),),
    )  # fmt: skip


# -- the claim -------------------------------------------------------------------------------------


def _claim(
    text: str, kind: Kind, cell: _Cell, found: Interval, told: str, operands: Sequence[_Cell]
) -> Claim:
    assert cell.number is not None, "only cells with a number are checked"
    graded = grade(cell.number, found)
    unit, decimals = cell.number.unit, cell.number.decimals
    right = f"{show(decimal_of(found.value), decimals)}{unit}"
    closer = f"{number_text(found.value, decimals)}{unit}"
    result: Grade | None = None if graded == "holds" else graded
    printed = f"与印的{cell.text}"
    words = {
        "holds": f"{printed}相符", "wrong": f"{printed}不符；应写{right}",
        "truncated": f"印的{cell.text}是只舍不入；应写{right}",
    }[graded]  # fmt: skip
    return Claim(
        cell.start, cell.end, text[cell.start : cell.end], kind,
        "holds" if result is None else "contradicts", cell.text,
        f"{told}得{closer}，{words}", result, right if result else cell.text,
        (found.lo, found.hi), right if result else None,
        tuple((one.start, one.end) for one in operands),
    )  # fmt: skip
