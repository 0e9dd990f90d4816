"""The form as a workbook, and what a workbook that came in says to this form."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from diaodu.adapters.forms_excel import (
    CellNote,
    FilledCell,
    FilledForm,
    FormColumn,
    FormInput,
    FormRow,
    FormSheet,
    NotAForm,
    notes_of,
    read_form,
)
from diaodu.engine.collect import read_workbook
from diaodu.engine.collect.sheet import Workbook
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.ground.words import FACET_NAMES, OBS_WORD_NAMES, TRACK_NAMES
from diaodu.engine.rules.calendar import previous_filed
from diaodu.web.intake.models import ReturnCell, Upload
from diaodu.web.intake.queries.beside import computes_growth, computes_month
from diaodu.web.intake.queries.checks import Checked, check_form, says_the_same
from diaodu.web.intake.queries.forms import Form, Row
from diaodu.web.intake.queries.ledger import Ledger
from diaodu.web.intake.queries.page import NIL_REASONS
from diaodu.web.intake.queries.plain import in_our_words, plain_advice, plain_message
from diaodu.web.intake.queries.sheets import Loaded
from diaodu.web.intake.queries.typed import NIL, read_typed
from diaodu.web.rulebooks import queries as rulebooks

_NIL_TEXT = OBS_WORD_NAMES[NIL]
_MOST_CHARACTERS = 400
_BLANK_WORDS = (None, "missing")


# -- out ------------------------------------------------------------------------------------------


def form_sheet(loaded: Loaded, ledger: Ledger | None) -> FormSheet:
    """Pre-filled: last year and last period beside each cell, and what the draft holds. Without
    ledger what is asked alone: enough to know a form again, and thousands of figures less."""
    form = loaded.form
    widest = max(form.rows, key=lambda row: row.period.days)
    before = previous_filed(widest.indicator, widest.period)
    return FormSheet(
        form_id=form.key.form, version=_version(form), period=form.key.period,
        reporter=form.key.reporter, return_id="/".join(form.key), title=form.title,
        reporter_name=form.reporter.name, period_label=form.span,
        last_year_label=_label(widest.period.last_year(), widest.period),
        last_label=_label(before, widest.period),
        deadline=f"{form.month.year}年" * (loaded.window.last.year != form.month.year)
        + loaded.window.last_said,
        rows=tuple(_row(loaded, ledger, row) for row in form.rows),
        columns=tuple(_column(facet) for facet in form.facets), reasons=NIL_REASONS,
        signatures=tuple(one.title for one in form.signatures),
    )  # fmt: skip


def _version(form: Form) -> str:
    """Changes when the form asks something else, not with every change of the rules."""
    asked = "\n".join(f"{key} {row.unit(facet)}" for key, (row, facet) in form.cells.items())
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def _label(period: Period, now: Period) -> str:
    return print_period(period, with_year=period.year not in (now.year, now.year - 1))


def _column(facet: str) -> FormColumn:
    if facet == "level":
        return FormColumn("level", "本期")
    unit = "位" if facet.startswith("rank") else "百分点" if facet in ("change_pp", "gap") else "%"
    return FormColumn(facet, FACET_NAMES[facet], unit, month=False, growth=False)


def _row(loaded: Loaded, ledger: Ledger | None, row: Row) -> FormRow:
    held = {facet: loaded.cells.get(row.key(facet)) for facet in row.facets}
    reasons = [one.reason for one in held.values() if one is not None and one.reason]
    return FormRow(
        row.indicator.id, row.indicator.name, row.indicator.unit, row.org, row.org_name, row.depth,
        {facet: _input(ledger, row, facet, held[facet]) for facet in row.facets},
        month=ledger is not None and computes_month(row), growth=computes_growth(row),
        reason=reasons[0] if reasons and reasons[0] in NIL_REASONS else "",
    )  # fmt: skip


def _input(ledger: Ledger | None, row: Row, facet: str, held: ReturnCell | None) -> FormInput:
    if ledger is None:
        return FormInput(row.decimals(facet))
    current = held.value if held is not None and not held.word else None
    return FormInput(
        row.decimals(facet), _shown(ledger.last_year(row, facet)),
        _shown(ledger.previous(row, facet)), current,
    )  # fmt: skip


def _shown(one: Observation | None):  # type: ignore[no-untyped-def]
    if one is None:
        return OBS_WORD_NAMES["missing"]
    return one.value if one.value is not None else OBS_WORD_NAMES.get(one.word or "", "无数据")


# -- in -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """A figure of the workbook for a cell of the form."""

    key: str
    text: str
    reason: str
    tab: str
    place: str


@dataclass(frozen=True)
class Left:
    """Something of the workbook that this form does not take, and why."""

    tab: str
    place: str
    what: str
    why: str


@dataclass(frozen=True)
class Reading:
    """What a workbook says to this form. Nothing of it is in the draft before it is confirmed.

    `remarks` are (severity, what, action, sheet, cell, row): what is wrong with the file itself.
    `notes`: explanations written in the form, by org and indicator.
    """

    is_ours: bool
    cells: tuple[Taken, ...]
    left: tuple[Left, ...]
    remarks: tuple[CellNote, ...]
    notes: tuple[tuple[str, str, str], ...]
    sha256: str


def read_upload(loaded: Loaded, name: str, content: bytes, today: date) -> Reading | list[str]:
    """The reading; a list of messages where the file cannot be read at all, or is another form."""
    read = read_form(content, received=today, name=name, expect=form_sheet(loaded, None))
    if isinstance(read, list):
        return [in_our_words(one.message) for one in read]
    if isinstance(read, NotAForm):
        return _from_their_table(loaded.form, read.workbook, name)
    if not read.is_usable:
        return [in_our_words(one.message) for one in read.faults]
    return _from_our_form(loaded.form, read)


def _from_our_form(form: Form, read: FilledForm) -> Reading:
    taken = [_of_ours(form, one) for one in read.cells]
    return Reading(
        True, tuple(one for one in taken if one is not None), (), tuple(notes_of(read.faults)),
        tuple((one.org, one.indicator, one.text) for one in read.notes), read.sha256,
    )  # fmt: skip


def _of_ours(form: Form, one: FilledCell) -> Taken | None:
    """A blank cell without a reason leaves the draft as it is."""
    key = f"{one.key.org}|{one.key.indicator}|{one.key.facet}"
    if key not in form.cells:
        return None
    if one.value is None and one.word in _BLANK_WORDS:
        return Taken(key, _NIL_TEXT, one.reason, one.sheet, one.cell) if one.reason else None
    text = _as_typed(form, key, one)
    return Taken(key, text, one.reason if one.word == NIL else "", one.sheet, one.cell)


def _as_typed(form: Form, key: str, one: FilledCell) -> str:
    """As given, where that reads as the same figure; else the figure itself."""
    read = read_typed(*form.cells[key], one.value_given)
    if (read.value, read.word or None) == (one.value, one.word) and not read.fault:
        return one.value_given
    if one.value is None:
        return OBS_WORD_NAMES.get(one.word or "", one.value_given)
    return f"{one.value:.{max(one.decimals or 0, 0)}f}"


def _from_their_table(form: Form, book: Workbook, name: str) -> Reading:
    """A table of the unit's own, read as the collector reads any. The unit's name stands before
    the file's: a table that names no org is its own."""
    named = Workbook(f"{form.reporter.name}/{name}", book.sha256, book.received, book.sheets, [])
    reading = read_workbook(named, rulebooks.names(), form.book)
    found = [one for sheet in reading.sheets for one in sheet.observations]
    by_key: dict[str, list[Observation]] = defaultdict(list)
    left: list[Left] = []
    for one in found:
        key = f"{one.org}|{one.indicator}|{one.facet}"
        why = _why_not(form, key, one)
        if why:
            left.append(Left(one.sheet, one.cell, _named(form, one), why))
        else:
            by_key[key].append(one)
    taken, unsettled = _settled(form, by_key)
    findings = [*book.findings, *(one for sheet in reading.sheets for one in sheet.findings)]
    told = [
        CellNote(one.severity, plain_message(one), plain_advice(form, one), one.sheet, one.cell)
        for one in findings
    ]
    targets = [
        Left(one.sheet, one.cell, f"{one.year}年目标", "这里只收完成数，目标在目标表里报")
        for sheet in reading.sheets
        for one in sheet.targets
    ]
    return Reading(False, tuple(taken), (*unsettled, *left, *targets), tuple(told), (), book.sha256)


def _why_not(form: Form, key: str, one: Observation) -> str:
    if one.org not in form.orgs:
        return "是别的单位的数，本表不收"
    if key not in form.cells:
        return "本表不要这项数"
    row, _ = form.cells[key]
    if one.period != row.period.id:
        return f"是{print_period(Period.from_id(one.period))}的数，本表要{print_period(row.period)}"
    if one.track not in (form.track, "flash"):
        return f"是{TRACK_NAMES[one.track]}数，本表要{TRACK_NAMES[form.track]}数"
    if one.held:
        return "有疑问，没有取，见“文件里的问题”"
    return "没有数" if one.value is None and one.word != NIL else ""


def _settled(
    form: Form, by_key: Mapping[str, Sequence[Observation]]
) -> tuple[list[Taken], list[Left]]:
    """One figure a cell; two that differ are told and neither is taken."""
    taken: list[Taken] = []
    left: list[Left] = []
    for key, ones in by_key.items():
        if len({(one.value, one.word) for one in ones}) > 1:
            left += [
                Left(one.sheet, one.cell, _named(form, one), "同一个数在文件里有两种，请只留一种")
                for one in ones
            ]
            continue
        one = ones[0]
        text = _NIL_TEXT if one.value is None else f"{one.value:.{max(one.decimals or 0, 0)}f}"
        taken.append(Taken(key, text, "", one.sheet, one.cell))
    return taken, left


def _named(form: Form, one: Observation) -> str:
    org, indicator = form.book.names_of([one.org, one.indicator])
    facet = "" if one.facet == "level" else FACET_NAMES[one.facet]
    value = OBS_WORD_NAMES.get(one.word or "", "") if one.value is None else f"{one.value:f}"
    return f"{org}{indicator}{facet}{value}{one.unit if one.value is not None else ''}"


# -- the difference page --------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A cell as it is and as it would be."""

    key: str
    line: int
    name: str
    old: str
    new: str
    place: str
    reason: str
    fault: str
    findings: tuple[Finding, ...]
    is_same: bool


@dataclass(frozen=True)
class Difference:
    """What taking an upload over would change, and what it would leave to do."""

    upload: Upload
    changes: tuple[Change, ...]
    left: tuple[Left, ...]
    remarks: tuple[CellNote, ...]
    checked: Checked

    @cached_property
    def changed(self) -> list[Change]:
        return [one for one in self.changes if not one.is_same]

    @cached_property
    def wrong(self) -> list[Change]:
        """Those to be mended or explained: all of them are listed at once."""
        return [one for one in self.changes if one.fault or one.findings]

    @cached_property
    def passed(self) -> list[Change]:
        return [one for one in self.changes if not one.fault and not one.findings]

    @property
    def same(self) -> int:
        return sum(one.is_same for one in self.changes)


def difference(loaded: Loaded, ledger: Ledger, upload: Upload, at: datetime) -> Difference:
    taken = [Taken(**one) for one in upload.cells if one["key"] in loaded.form.cells]
    merged = {**loaded.cells, **_as_cells(loaded, taken)}
    checked = check_form(loaded.form, merged, [], ledger, at)
    said: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for one in checked.findings:
        said[one.org, one.indicator].append(one)
    changes = [_change(loaded, one, merged[one.key], checked, said) for one in taken]
    return Difference(
        upload, tuple(changes), tuple(Left(**one) for one in upload.left),
        tuple(CellNote(**one) for one in upload.remarks), checked,
    )  # fmt: skip


def _as_cells(loaded: Loaded, taken: Iterable[Taken]) -> dict[str, ReturnCell]:
    """As they would stand in the draft; not saved."""
    found: dict[str, ReturnCell] = {}
    for one in taken:
        row, facet = loaded.form.cells[one.key]
        held = loaded.cells.get(one.key)
        read = read_typed(row, facet, one.text)
        found[one.key] = ReturnCell(
            org_id=row.org, indicator=row.indicator.id, period=row.period.id, facet=facet,
            given=read.given, value=read.value, decimals=read.decimals, word=read.word,
            unit="" if read.value is None else row.unit(facet), fault=read.fault, reason=one.reason,
            taken=None if held is None else held.taken,
        )  # fmt: skip
    return found


def _change(
    loaded: Loaded, one: Taken, cell: ReturnCell, checked: Checked,
    said: Mapping[tuple[str, str], Sequence[Finding]],
) -> Change:  # fmt: skip
    row, _ = loaded.form.cells[one.key]
    held = loaded.cells.get(one.key)
    is_same = says_the_same(loaded.form, one.key, held, cell)
    place = f"“{one.tab}”{one.place}" if one.tab else one.place
    return Change(
        one.key, row.number, loaded.form.name_of(one.key), "" if held is None else held.given,
        cell.given, place, one.reason, checked.faults.get(one.key, ""),
        tuple(said.get((row.org, row.indicator.id), ())), is_same and _reason(held) == one.reason,
    )  # fmt: skip


def _reason(held: ReturnCell | None) -> str:
    return "" if held is None else held.reason


def remarks_for(form: Form, found: Difference) -> list[CellNote]:
    """For the annotated copy: what is wrong with the file, then the findings at their cells."""
    places = {one["key"]: (one["tab"], one["place"]) for one in found.upload.cells}
    return [*found.remarks, *_finding_notes(form, found.checked, places), *_left_notes(found.left)]


def _finding_notes(
    form: Form, checked: Checked, places: Mapping[str, tuple[str, str]]
) -> Iterator[CellNote]:
    keys = {(row.org, row.indicator.id): key for key, (row, _) in reversed(form.cells.items())}
    for key, fault in checked.faults.items():
        tab, place = places.get(key, ("", ""))
        yield CellNote("hard", fault, "请改正", tab, place, form.name_of(key))
    for one in checked.findings:
        key = keys[one.org, one.indicator]
        tab, place = places.get(key, ("", ""))
        yield CellNote(
            one.severity, one.message[:_MOST_CHARACTERS], one.action, tab, place, form.name_of(key)
        )
    for key in checked.unfilled:
        yield CellNote("hard", f"{form.name_of(key)}没有填", "请填数；确无数据的选原因")


def _left_notes(left: Iterable[Left]) -> Iterator[CellNote]:
    for one in left:
        yield CellNote("note", f"{one.what}：{one.why}", "不用改", one.tab, one.place)
