"""Typing and pasting into the grid. What can be read is kept as a number, what cannot is kept as it
was typed and listed; a cell that somebody else changed meanwhile is left alone and told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.engine.ground.words import COMPARATOR_NAMES, KIND_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Indicator
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.targets.actions.common import (
    Content,
    Place,
    Untimely,
    content_of,
    key_of,
    leave_trace,
    locked_draft,
    place_of,
    set_content,
    write_lines,
)
from diaodu.web.targets.models import Edit, Line, Version
from diaodu.web.targets.queries.against import COMPARED, AgainstError, read_against
from diaodu.web.targets.queries.columns import (
    AGAINST,
    HEADS,
    WHOLE,
    WORDLESS,
    Column,
    month_columns,
    unit_of,
)
from diaodu.web.targets.queries.grid import shown_in
from diaodu.web.targets.queries.reading import TIMES, Read, digits, listed, read_cell

MOST_CELLS = 20_000


class Entered(NamedTuple):
    """What was typed into one cell; column: `w` for the year, `a` for 对照, else the month."""

    tier: str
    org: str
    column: str
    text: str

    @property
    def key(self) -> str:
        return f"{self.tier}:{self.org}:{self.column}"

    @classmethod
    def at(cls, key: str, text: str) -> Entered:
        """Raises ValueError for a key that is none."""
        tier, org, column = key.split(":")
        return cls(tier, org, column, text)


class Conflict(NamedTuple):
    """A cell that somebody else changed while the page was open."""

    key: str
    place: str
    theirs: str
    yours: str
    by: str


class Saved(NamedTuple):
    """What came of it. `number`: the state of the draft that the page now shows."""

    changed: int
    conflicts: tuple[Conflict, ...]
    number: int


@transaction.atomic
def save_cells(
    *, version: Version, indicator: str, kind: str, entered: Sequence[Entered], seen: int, by: Any,
    at: datetime, what: str = "",
) -> Saved:  # fmt: skip
    """Keep what was typed. `seen`: the number of the change that the page shows; 0 where it was
    made anew. Raises ValidationError for units, tiers or columns that do not exist, Untimely where
    the version is no draft."""
    held = locked_draft(version, "修改")
    known = _indicator(indicator, kind)
    columns = month_columns(known, held.year)
    _refuse_unknown(entered, kind, columns)
    sheet = _Sheet(held, known, kind, columns)
    meanwhile = _meanwhile(held, seen, by)
    conflicts = [one for cell in entered if meanwhile and (one := sheet.conflict(cell, meanwhile))]
    barred = {one.key for one in conflicts}
    changed = sum(sheet.enter(cell) for cell in entered if cell.key not in barred)
    if changed:
        sheet.write(what or f"{known.name}：改{changed}格", by, at, cells=changed)
    return Saved(changed, tuple(conflicts), held.changes)


def _indicator(indicator: str, kind: str) -> Indicator:
    known = rulebooks.current().indicators.get(indicator)
    if known is None or kind not in KIND_NAMES:
        raise ValidationError("规则里没有这个指标或目标类型；请回到目标页重新选")
    return known


def _refuse_unknown(entered: Sequence[Entered], kind: str, columns: Iterable[Column]) -> None:
    if len(entered) > MOST_CELLS:
        raise ValidationError(f"一次最多改{MOST_CELLS}格；请分几次粘贴")
    keys = {WHOLE, *([AGAINST] if kind in COMPARED else []), *(one.key for one in columns)}
    if any(one.tier not in TIER_NAMES or one.column not in keys for one in entered):
        raise ValidationError("页面和现在的规则对不上（层级或月份不同）；请刷新页面再填")
    known = people.names()
    strange = sorted({one.org for one in entered} - known.keys())
    if strange:
        raise ValidationError(f"没有编号为“{listed(strange)}”的单位；请刷新页面再填")


def _meanwhile(version: Version, seen: int, by: Any) -> dict[tuple[str, str], str]:
    """(place, column) of what others changed after the page was made, with who it was."""
    if not seen or seen >= version.changes:
        return {}
    found: dict[tuple[str, str], str] = {}
    others = Edit.objects.filter(version=version, number__gt=seen, undone=False).exclude(by=by)
    for edit in others.select_related("by").order_by("number"):
        for key, after in edit.after.items():
            for column in _changed_columns(edit.before.get(key), after):
                found[key, column] = edit.by.name if edit.by else "系统"
    return found


def _changed_columns(before: Content | None, after: Content | None) -> set[str]:
    one, two = _cells(before), _cells(after)
    return {key for key in one.keys() | two.keys() if one.get(key) != two.get(key)}


def _cells(content: Content | None) -> dict[str, Any]:
    if content is None:
        return {}
    whole = content["word"] or content["value"]
    named = {WHOLE: whole, AGAINST: content["against"]}
    said = {column: text for column, text in named.items() if text}
    return {**content["months"], **said, **content["typed"]}


@dataclass
class _Sheet:
    """The lines of one indicator and kind, while they are changed."""

    version: Version
    indicator: Indicator
    kind: str
    columns: Sequence[Column]

    def __post_init__(self) -> None:
        held = Line.objects.filter(
            version=self.version, indicator=self.indicator.id, kind=self.kind
        )
        self.lines: dict[tuple[str, str], Line] = {(x.tier, str(x.org_id)): x for x in held}
        self.before: dict[Place, Content | None] = {}
        self.names = people.names()
        self._unit = unit_of(self.indicator, self.kind)
        self._empty = Line(months={}, typed={})

    def conflict(self, cell: Entered, meanwhile: Mapping[tuple[str, str], str]) -> Conflict | None:
        place = (self.indicator.id, self.kind, cell.tier, cell.org)
        who = meanwhile.get((key_of(place), cell.column))
        line = self.lines.get((cell.tier, cell.org))
        theirs = _text_in(line, cell.column)
        if who is None or _is_same(line or self._empty, cell, self._read(cell)):
            return None
        label = HEADS | {one.key: one.label for one in self.columns}
        told = f"{TIER_NAMES[cell.tier]}　{self.names[cell.org]}·{label[cell.column]}"
        return Conflict(cell.key, told, theirs or "空", cell.text, who)

    def enter(self, cell: Entered) -> bool:
        """Whether it says anything new."""
        line = self.lines.get((cell.tier, cell.org))
        if line is None and not cell.text.strip():
            return False
        read = self._read(cell)
        if line is not None and _is_same(line, cell, read):
            return False
        place = (self.indicator.id, self.kind, cell.tier, cell.org)
        if place not in self.before:
            self.before[place] = content_of(line) if line else None
        if line is None:
            line = self.lines[cell.tier, cell.org] = self.begin(cell.tier, cell.org)
        put(line, cell.column, cell.text, read)
        if cell.column == WHOLE and read.value is not None:
            line.unit = read.unit or self._unit
        return True

    def _read(self, cell: Entered) -> Read:
        if cell.column == AGAINST:
            try:
                return Read(against=read_against(
                    cell.text, kind=self.kind, indicator=self.indicator.id, org=cell.org
                ))  # fmt: skip
            except AgainstError as error:
                return Read(fault=str(error))
        return read_cell(cell.text, self._unit, self.kind, cell.column)

    def begin(self, tier: str, org: str) -> Line:
        """A new line, with the comparator of those of its tier."""
        like = next((one for (held, _), one in self.lines.items() if held == tier), None)
        low = self.indicator.direction == "low" or self.kind == "ceiling"
        return Line(
            version=self.version, indicator=self.indicator.id, kind=self.kind, tier=tier,
            org_id=org, unit=unit_of(self.indicator, self.kind),
            comparator=like.comparator if like else "within" if low else "reach",
            force=like.force if like else "", issuer=like.issuer if like else "",
            document=like.document if like else "",
        )  # fmt: skip

    def write(self, what: str, by: Any, at: datetime, *, cells: int) -> None:
        changed = [self.lines[place[2], place[3]] for place in self.before]
        write_lines(self.version, changed)
        after = {
            key_of(one.place): None if one.is_empty and not one.carried else content_of(one)
            for one in changed
        }
        leave_trace(
            self.version, act="edit", by=by, at=at, what=what,
            before={key_of(place): was for place, was in self.before.items()}, after=after,
            told={"indicator": self.indicator.id, "cells": cells, "lines": len(changed)},
        )  # fmt: skip


def put(line: Line, column: str, text: str, read: Read) -> None:
    """What a cell says from now on: a number, a word, nothing, or a text to be mended."""
    line.typed.pop(column, None)
    if column == WHOLE:
        line.value, line.word = read.value, read.word
    elif column == AGAINST:
        line.against = read.against
    else:
        line.months.pop(column, None)
        if read.value is not None:
            line.months[column] = digits(read.value)
    if read.fault:
        line.typed[column] = text.strip()[:100]


def _text_in(line: Line | None, column: str) -> str:
    if line is None:
        return ""
    return line.typed.get(column) or shown_in(line, column)


def _is_same(line: Line, cell: Entered, read: Read) -> bool:
    """Whether the cell says already what was typed: 1,200.0 is not 1200, its digits count."""
    if read.fault or cell.column in line.typed:
        return line.typed.get(cell.column) == cell.text.strip()
    if cell.column == AGAINST:
        return line.against == read.against
    said = None if read.value is None else digits(read.value)
    if cell.column != WHOLE:
        return line.months.get(cell.column) == said
    held = None if line.value is None else digits(line.value)
    unit = TIMES if held is not None and line.unit == TIMES else ""
    return (held, line.word, unit) == (said, read.word, read.unit)


@transaction.atomic
def undo(*, version: Version, by: Any, at: datetime) -> str:
    """Take back the newest change of the draft that was not taken back yet. Returns what it was.
    Raises ValidationError where there is none, or it is somebody else's."""
    held = locked_draft(version, "修改")
    edit = Edit.objects.filter(version=held, undone=False).select_related("by").first()
    if edit is None:
        raise ValidationError("这一稿没有可以撤销的修改")
    if edit.by_id != by.pk:
        who = edit.by.name if edit.by else "系统"
        raise ValidationError(f"最近一次是{who}改的（{edit.what}），您只能撤销自己的修改")
    places = [place_of(key) for key in edit.before]
    lines = _lines_at(held, places)
    for key, content in edit.before.items():
        _restore(held, lines, place_of(key), content)
    Edit.objects.filter(pk=edit.pk).update(undone=True)
    leave_trace(held, act="undo", by=by, at=at, what=edit.what)
    return edit.what


def _lines_at(version: Version, places: Iterable[Place]) -> dict[Place, Line]:
    wanted = set(places)
    held = Line.objects.filter(version=version, indicator__in={place[0] for place in wanted})
    return {one.place: one for one in held if one.place in wanted}


def _restore(
    version: Version, lines: Mapping[Place, Line], place: Place, content: Content | None
) -> None:
    line = lines.get(place)
    if content is None:
        if line is not None:
            line.delete()
        return
    if line is None:
        indicator, kind, tier, org = place
        line = Line(version=version, indicator=indicator, kind=kind, tier=tier, org_id=org)
    set_content(line, content)
    line.save()


@transaction.atomic
def add_line(
    *, version: Version, indicator: str, kind: str, tier: str, org: str, text: str, by: Any,
    at: datetime,
) -> Line:  # fmt: skip
    """A line that asks for no number: what it asks stands in words."""
    held = locked_draft(version, "修改")
    known = _indicator(indicator, kind)
    if kind not in WORDLESS:
        raise ValidationError("这一类目标要有数，请在表格里填")
    if kind == "qualitative" and not text.strip():
        raise ValidationError({"text": "请写明要达到什么"})
    sheet = _Sheet(held, known, kind, month_columns(known, held.year))
    if tier not in TIER_NAMES or org not in sheet.names:
        raise ValidationError("没有这个层级或单位；请刷新页面再填")
    if (tier, org) in sheet.lines:
        raise ValidationError("这个层级已经有这一条；请打开它修改")
    line = sheet.lines[tier, org] = sheet.begin(tier, org)
    line.text = text.strip()
    sheet.before[line.place] = None
    sheet.write(f"{known.name}：加一条{KIND_NAMES[kind]}目标", by, at, cells=1)
    return line


@transaction.atomic
def save_line(
    *, line: Line, comparator: str, force: str, tolerance: Any, text: str, against: str,
    issuer: str, document: str, decision: str, seen: int, by: Any, at: datetime,
) -> Line:  # fmt: skip
    """What a line says beside its numbers."""
    held = locked_draft(line.version, "修改")
    if seen and seen != held.changes and _touched(held, seen, line, by):
        raise Untimely("这一条刚才有人改过，请刷新页面，看过再改")
    found = Line.objects.get(pk=line.pk)
    if comparator not in COMPARATOR_NAMES:
        raise ValidationError({"comparator": "没有这种比较方式"})
    if comparator == "about" and tolerance is None:
        raise ValidationError({"tolerance": "“左右”要写明容差：相差多少算到"})
    before = content_of(found)
    found.comparator, found.force, found.tolerance = comparator, force, tolerance
    found.text, found.against, found.issuer = text, against, issuer
    found.typed.pop(AGAINST, None)
    found.document, found.decision = document, decision
    after = content_of(found)
    if after == before:
        return found
    found.save()
    key = key_of(found.place)
    leave_trace(
        held, act="edit", by=by, at=at, what=f"改{_name(found.indicator)}的要求",
        before={key: before}, after={key: after},
        told={"indicator": found.indicator, "org": str(found.org_id), "tier": found.tier},
    )  # fmt: skip
    return found


def _touched(version: Version, seen: int, line: Line, by: Any) -> bool:
    later = Edit.objects.filter(version=version, number__gt=seen).exclude(by=by)
    return any(key_of(line.place) in one.after for one in later)


def _name(indicator: str) -> str:
    known = rulebooks.current().indicators.get(indicator)
    return known.name if known else indicator
