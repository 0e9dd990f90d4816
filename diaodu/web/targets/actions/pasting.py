"""A block copied from Excel, put into the grid from one cell on, or by the names it brings along.
Every cell of it has one fate: it is filled in, or told with its row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.engine.ground.quantity import read_number
from diaodu.web.people import queries as people
from diaodu.web.targets.actions.cells import Entered, Saved, save_cells
from diaodu.web.targets.models import Version
from diaodu.web.targets.queries.against import COMPARED
from diaodu.web.targets.queries.columns import AGAINST, AGAINST_NAME, WHOLE, Column
from diaodu.web.targets.queries.reading import Block, read_block

_MOST_LINES = 2000
_WHOLE_NAMES = ("全年", "全年目标", "年度目标", "目标", "目标值", "合计")


class Lost(NamedTuple):
    """A cell of the block that has no place in the grid. Rows and columns count from 1, as in
    what was copied."""

    row: int
    column: int
    text: str
    why: str


class Pasted(NamedTuple):
    saved: Saved
    lost: tuple[Lost, ...]
    by_name: bool


@transaction.atomic
def paste(
    *, version: Version, indicator: str, kind: str, tier: str, org: str, column: str, text: str,
    orgs: Sequence[str], columns: Sequence[Column], seen: int, by: Any, at: datetime,
) -> Pasted:  # fmt: skip
    """`orgs`: the rows of the page from above to below; `org` and `column`: the cell in which it
    was pasted. A first column of units' names, or a first row of months', decides where the rest
    goes; otherwise it goes in as it lies."""
    block = read_block(text)
    if not block.lines or len(block.lines) > _MOST_LINES:
        raise ValidationError(f"粘贴的内容是空的，或超过{_MOST_LINES}行；请分几次粘贴")
    keys = [WHOLE, *([AGAINST] if kind in COMPARED else []), *(one.key for one in columns)]
    if org not in orgs or column not in keys:
        raise ValidationError("没有这个格子；请刷新页面再粘贴")
    layout = _Layout.of(block, orgs, columns, keys, org, column)
    entered, lost = layout.place(tier)
    saved = save_cells(
        version=version, indicator=indicator, kind=kind, entered=entered, seen=seen, by=by, at=at,
        what=f"粘贴{len(entered)}格",
    )  # fmt: skip
    return Pasted(saved, tuple(lost), layout.by_name)


class _Layout(NamedTuple):
    """Which row of the block is of which unit, which column of which month; None: neither.
    `first_row` and `first_column`: where the figures begin."""

    block: Block
    rows: list[str | None]
    columns: list[str | None]
    first_row: int
    first_column: int
    by_name: bool

    @classmethod
    def of(
        cls, block: Block, orgs: Sequence[str], columns: Sequence[Column], keys: Sequence[str],
        org: str, column: str,
    ) -> _Layout:  # fmt: skip
        names = _unit_names(orgs)
        named = [names.get(_bare(line[0])) for line in block.lines]
        by_name = any(named) and not any(read_number(line[0]) for line in block.lines)
        heads = _heads(block.lines[0], columns) if by_name or len(block.lines) > 1 else []
        first_row = 1 if sum(one is not None for one in heads) > 1 else 0
        first_column = 1 if by_name else 0
        across: list[str | None] = list(heads[first_column:]) if first_row else []
        if not across:
            across = list(keys[0 if by_name else keys.index(column) :])
        down: list[str | None] = named[first_row:] if by_name else list(orgs[orgs.index(org) :])
        return cls(block, down, across, first_row, first_column, by_name)

    def place(self, tier: str) -> tuple[list[Entered], list[Lost]]:
        entered: list[Entered] = []
        lost: list[Lost] = []
        for row, line in enumerate(self.block.lines[self.first_row :]):
            org = self.rows[row] if row < len(self.rows) else None
            for at, text in enumerate(line[self.first_column :]):
                key = self.columns[at] if at < len(self.columns) else None
                if org is not None and key is not None:
                    entered.append(Entered(tier, org, key, text))
                elif text.strip():
                    place = (row + self.first_row + 1, at + self.first_column + 1)
                    lost.append(Lost(*place, text.strip(), self._why(line, org)))
        return entered, lost

    def _why(self, line: Sequence[str], org: str | None) -> str:
        if org is not None:
            return "右边没有这么多列"
        if self.by_name:
            return f"表格里没有“{line[0].strip()}”这个单位"
        return "下面没有这么多行"


def _unit_names(orgs: Sequence[str]) -> Mapping[str, str]:
    """Names and other names of the units on the page → their ids."""
    here = set(orgs)
    found: dict[str, str] = {}
    for one in people.in_tree_order():
        if one.pk in here:
            found |= {_bare(name): one.pk for name in (one.name, *one.aliases)}
    return found


def _bare(text: str) -> str:
    return "".join(text.split())


def _heads(line: Sequence[str], columns: Sequence[Column]) -> list[str | None]:
    names = {_bare(one.label): one.key for one in columns} | dict.fromkeys(_WHOLE_NAMES, WHOLE)
    names[AGAINST_NAME] = AGAINST
    names |= {one.label.replace("—", dash): one.key for one in columns for dash in "-－–~"}
    return [names.get(_bare(text)) for text in line]
