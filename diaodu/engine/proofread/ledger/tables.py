"""Cells of a text's tables that are the ledger's: a column says what is told, the row and the
lines above the table say of which indicator, org and period."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period, find_periods, parse_period
from diaodu.engine.ground.quantity import Printed, find_unit, read_number
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import TIER_NAMES
from diaodu.engine.proofread.ledger.model import Ledger
from diaodu.engine.proofread.reading.model import AMOUNT, Figure

_MOST_ABOVE = 3  # lines above a table that tell what it is about
_LONGEST_ABOVE = 60
_UNIT_LINE = re.compile(r"单位\s*[:：]\s*([^\s，,；;（(、]+)\s*")
_UNIT_IN_HEAD = re.compile(r"[（(]([^（）()]*)[）)]")
_OWED = re.compile(r"(欠|超|升|降)([\d.,]+)")
_RANK = re.compile(r"(?:并列)?(\d+)(?:/\d+)?")
_TIERS = {name: tier for tier, name in TIER_NAMES.items()}
_AIM = re.compile(
    rf"(?P<tier>{'|'.join(TIER_NAMES.values())})?(?P<number>[\d.,]+)(?P<unit>[^\d\s以左]+)"
    r"(?:以上|左右|以内)?"
)
_PLAN = re.compile(r"目标|计划|任务")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a table and the rows, or targets, of the run that it may be."""

    figure: Figure
    sign: int
    rows: tuple[Measure, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column tells: its measures, the first there is; `unit` empty: the run's own."""

    measures: tuple[str, ...]
    unit: str = ""
    who: str = ""
    kind: str = "number"  # number, owed (欠0.2, 超1.3), rank (并列4, 3/7), moved (升2), aim


_GROWTH = ("growth_published", "growth")
# What stands in a head, without its unit and blanks → the column.
_HEADS: dict[str, tuple[str, ...]] = {
    "value": ("本期", "累计", "完成", "完成额", "总量", "绝对量", "累计完成", "本年累计", "总值"),
    "last_year": ("上年同期", "去年同期", "同期"),
    "growth": ("同比", "同比%", "增速", "增长%", "同比增长", "增幅", "增长", "同比增减", "同比±%"),
    "growth_change_pp": ("增速变动",),
    "completion": ("完成%", "完成率", "完成比例", "完成进度"),
    "pace_gap": ("序时差",),
    "arrears_growth": ("增速欠账",),
    "arrears_pace": ("进度欠账",),
    "shortfall_year": ("全年缺口",),
    "shortfall_reportable": ("入库缺口",),
    "mean_required": ("月均需完成",),
    "rank": ("位次", "排名", "名次", "排位"),
    "move": ("变动", "升降", "位次变动", "位次升降"),
    "aim": ("目标", "年度目标", "全年目标", "目标任务", "年度任务", "全年任务"),
}  # fmt: skip
_IS = {head: name for name, heads in _HEADS.items() for head in heads}
_INDICATOR_HEADS = ("指标", "指标名称", "项目", "主要指标")
_PERIOD_HEADS = ("统计期", "时间", "期间")
_POINTS = ("growth_change_pp", "pace_gap", "arrears_growth")


@dataclass(slots=True)
class _Table:
    """Lines with their cells as (start, text), and the lines above them."""

    rows: list[list[tuple[int, str]]] = field(default_factory=list)
    above: list[str] = field(default_factory=list)


def cells(text: str, ledger: Ledger) -> Iterator[Cell]:
    """Every cell of a text's tables that is a figure of the ledger."""
    for table in _tables(text):
        titles = [one for one in table.above if not one.startswith("单位")]
        if len(table.rows) > 1 and not any(_PLAN.search(one) for one in titles):
            yield from _Reader(table, ledger).read()


def _tables(text: str) -> Iterator[_Table]:
    table, above, start = _Table(), list[str](), 0
    for line in text.split("\n"):
        if "\t" in line:
            if not table.rows:
                table.above = above[-_MOST_ABOVE:]
            table.rows.append(_cells(line, start))
        else:
            if table.rows:
                yield table
                table, above = _Table(), []
            told = line.strip()
            if len(told) > _LONGEST_ABOVE or told.endswith("。"):
                above = []
            elif told:
                above.append(told)
        start += len(line) + 1
    if table.rows:
        yield table


def _cells(line: str, start: int) -> list[tuple[int, str]]:
    found = []
    for cell in line.split("\t"):
        found.append((start, cell))
        start += len(cell) + 1
    return found


class _Reader:
    """One table. What is open about a row keeps its cells from being held against the run."""

    def __init__(self, table: _Table, ledger: Ledger) -> None:
        self._table, self._ledger = table, ledger
        self._caption = "".join("".join(one.split()) for one in table.above)
        heads = ["".join(text.split()) for _, text in table.rows[0]]
        self._is_growth = "增速" in self._caption
        self._place = {head: at for at, head in reversed(list(enumerate(heads)))}
        self._columns = [self._column(head) for head in heads]
        self._indicator = _only(self._names(self._caption, ledger.indicators))
        self._org = _only(self._names(self._caption, ledger.orgs)) or ledger.home
        self._period = self._told_period()

    def _column(self, head: str) -> _Column | None:
        unit = _UNIT_IN_HEAD.search(head)
        bare = _UNIT_IN_HEAD.sub("", head)
        for beside in ("比", "高于", "较"):
            who = self._ledger.orgs.get(bare.removeprefix(beside))
            if who and bare.startswith(beside):
                return _Column(("gap_parent",), "百分点", who)
        name = _IS.get(bare)
        if name is None:
            return None
        if name == "aim":
            return _Column((), kind="aim")
        if name in ("rank", "move"):
            measure = "rank_growth" if self._is_growth else "rank_level"
            both = not self._is_growth and "总量" not in self._caption
            names = (measure, "rank_growth") if both else (measure,)
            end = "_move" if name == "move" else ""
            return _Column(tuple(f"{one}{end}" for one in names), "位", kind=_KINDS[name])
        if name == "arrears_pace" and unit and "百分点" in unit[1]:
            return _Column(("arrears_pace_pp",), "百分点", kind="owed")
        kind = "owed" if name.startswith(("arrears", "shortfall")) else "number"
        given = unit[1] if unit and find_unit(unit[1]) else ""
        if name in _POINTS:
            given = "百分点"
        elif name in ("growth", "completion"):
            given = "%"
        return _Column(_GROWTH if name == "growth" else (name,), given, kind=kind)

    def _told_period(self) -> Period | None:
        try:
            found = [one.period for one in find_periods(
                self._caption, year=self._ledger.period.year
            )]  # fmt: skip
        except PeriodError:
            return None
        return found[0] if len(found) == 1 else None

    def _names(self, text: str, names: dict[str, str]) -> list[str]:
        """The ids of the names in a text, longer names first, none inside another."""
        found, rest = [], text
        for name in sorted(names, key=len, reverse=True):
            if name in rest:
                found.append(names[name])
                rest = rest.replace(name, "\n")
        return list(dict.fromkeys(found))

    # -- rows ------------------------------------------------------------------------------------
    def read(self) -> Iterator[Cell]:
        for row in self._table.rows[1:]:
            about = self._about(row)
            if about is None:
                continue
            rows = self._rows(*about)
            for (start, text), column in zip(row, self._columns, strict=False):
                if column is not None and column.kind == "aim":
                    yield from self._aim(start, text, rows)
                elif column is not None:
                    yield from self._cell(start, text, column, rows, self._unit(row))

    def _about(self, row: Sequence[tuple[int, str]]) -> tuple[str, str, Period | None] | None:
        """Indicator, org and period of a row; None where one of the first two stays open."""
        texts = ["".join(text.split()) for _, text in row]
        indicator = self._indicator
        at = next((self._place[one] for one in _INDICATOR_HEADS if one in self._place), None)
        if at is not None and at < len(texts):
            indicator = self._ledger.indicators.get(_UNIT_IN_HEAD.sub("", texts[at]), "")
        orgs = [self._ledger.orgs[text] for text in texts[:2] if text in self._ledger.orgs]
        if at is None and not orgs:
            return None
        org = orgs[0] if orgs else self._org
        period = self._period_in(texts)
        return (indicator, org, period) if indicator and org else None

    def _period_in(self, texts: Sequence[str]) -> Period | None:
        at = next((self._place[one] for one in _PERIOD_HEADS if one in self._place), None)
        if at is None or at >= len(texts):
            return self._period
        try:
            return parse_period(texts[at], year=self._ledger.period.year)
        except PeriodError:
            return self._period

    def _unit(self, row: Sequence[tuple[int, str]]) -> str:
        """Of the row's own column of units, else of the line above the table."""
        at = next((self._place[one] for one in ("计量单位", "单位") if one in self._place), None)
        told = row[at][1].strip() if at is not None and at < len(row) else ""
        if find_unit(told):
            return told
        for line in self._table.above:
            found = _UNIT_LINE.fullmatch(line)
            if found and find_unit(found[1]):
                return found[1]
        return ""

    def _rows(self, indicator: str, org: str, period: Period | None) -> list[Measure]:
        rows = [one for one in self._ledger.measures(indicator, org) if one.value is not None]
        known = {one.period for one in rows}
        if period is not None:
            wanted = next((one for one in (period.id, period.last_month().id) if one in known), "")
        else:
            until = [Period.from_id(one) for one in known]
            until = [one for one in until if one.end <= self._ledger.period.end]
            newest = max(until, key=lambda one: (one.end, one.months), default=None)
            wanted = newest.id if newest else ""
        return [one for one in rows if one.period == wanted]

    def _cell(
        self, start: int, text: str, column: _Column, rows: Sequence[Measure], unit: str
    ) -> Iterator[Cell]:
        read = _READ[column.kind](text.strip())
        if read is None:
            return
        printed, sign = read
        found = next(
            (many for name in column.measures
             if (many := [one for one in rows if _fits(one, name, column)])), []
        )  # fmt: skip
        given = column.unit or (unit if column.measures[0] in ("value", "last_year") else "")
        if column.measures == ("value",) and not given:
            return
        given = given or (found[0].unit if found else "")
        if not found or printed.unit not in ("", given):
            return
        at = start + len(text) - len(text.lstrip())
        quote = text.strip()
        whole = Printed(printed.value, printed.decimals, given)
        figure = Figure(
            at, at + len(quote), quote, AMOUNT, whole, find_unit(given), Interval.printed(whole)
        )
        yield Cell(figure, sign, tuple(found))

    def _aim(self, start: int, text: str, rows: Sequence[Measure]) -> Iterator[Cell]:
        """上级下达7.5%以上: a target of the indicator, of that tier where one is named."""
        match = _AIM.fullmatch(text.strip())
        read = read_number(match["number"]) if match else None
        if match is None or read is None or find_unit(match["unit"]) is None:
            return
        tier = _TIERS.get(match["tier"] or "")
        known = self._ledger.facts.targets({one.target_id for one in rows} - {""})
        found = [
            one for one in known.values() if one.value is not None and tier in (None, one.tier)
        ]
        at = start + len(text) - len(text.lstrip()) + match.start("number")
        whole = Printed(read.value, read.decimals, match["unit"])
        figure = Figure(
            at, at + match.end("unit") - match.start("number"), match["number"] + match["unit"],
            AMOUNT, whole, find_unit(match["unit"]), Interval.printed(whole),
        )  # fmt: skip
        yield Cell(figure, 0, targets=tuple(found))


_KINDS = {"rank": "rank", "move": "moved"}


def _fits(row: Measure, name: str, column: _Column) -> bool:
    if row.measure != name:
        return False
    if name == "gap_parent":
        return row.base == column.who
    if name == "growth":
        return row.base in ("", Period.from_id(row.period).last_year().id)
    return True


def _number(text: str) -> tuple[Printed, int] | None:
    """A number whose own sign tells which way it goes."""
    found = read_number(text)
    return None if found is None else (found, 1)


def _owed(text: str) -> tuple[Printed, int] | None:
    """欠0.2 is owed, 超1.3 is not; a bare number is owed."""
    match = _OWED.fullmatch(text)
    found = read_number(match[2] if match else text)
    if found is None:
        return None
    return found, -1 if match and match[1] in "超降" else 1


def _rank(text: str) -> tuple[Printed, int] | None:
    match = _RANK.fullmatch(text)
    found = read_number(match[1]) if match else None
    return None if found is None else (found, 1)


_READ: dict[str, Callable[[str], tuple[Printed, int] | None]] = {
    "number": _number, "owed": _owed, "rank": _rank, "moved": _owed,
}  # fmt: skip


def _only(found: Sequence[str]) -> str:
    return found[0] if len(found) == 1 else ""
