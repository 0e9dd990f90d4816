"""What a form holds, what came back in it, and what is wrong with it. No Office format here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from diaodu.engine.collect.sheet import Workbook

# 必须改 · 要说明 · 告知: the last needs nothing to be done.
Severity = Literal["hard", "soft", "note"]
SEVERITY_NAMES: dict[Severity, str] = {"hard": "必须改", "soft": "要说明", "note": "告知"}

# A figure shown beside the input: a number, or the word why there is none (逾期未报, 未到期 …).
Shown = Decimal | str
NO_DATA = "无数据"
OPINION_SHEET = "审核意见"  # of the annotated copy

MEGABYTE = 1024 * 1024


class CellKey(NamedTuple):
    """What an input cell asks for. `facet` is the column's: level, growth or what the form calls
    it; the form gives it no meaning."""

    indicator: str
    org: str
    facet: str


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A facet asked for: 去年同期 and 上期 (where wanted) and the input under one head.

    `unit` stands where the facet has another unit than the indicator (% for growth). With `month`
    and `growth`, live formulas for 当月 (本期 − 上期) and 同比 stand beside the input, in the rows
    that want them.
    """

    facet: str
    title: str = "累计"
    unit: str = ""
    last_year: bool = True
    last: bool = True
    month: bool = True
    growth: bool = True


@dataclass(frozen=True, slots=True)
class FormInput:
    """One cell to fill, with what is on file. `current` is what the draft holds already."""

    decimals: int = 2
    last_year: Shown = NO_DATA
    last: Shown = NO_DATA
    current: Shown | None = None

    @property
    def most_decimals(self) -> int:
        """How many may be typed: what the figures on file have is not refused."""
        known = (self.last_year, self.last, self.current)
        return max(self.decimals, *(places(one) for one in known if isinstance(one, Decimal)), 0)


@dataclass(frozen=True, slots=True)
class FormRow:
    """One indicator of one org. A facet without an input is closed in this row.

    `depth` > 0 is a child: indented and named 其中：. `month` and `growth` say whether the live
    当月 and 同比 make sense here (not for a rate, not for a stock, no month in 1–2月).
    """

    indicator: str
    name: str
    unit: str
    org: str
    org_name: str = ""
    depth: int = 0
    inputs: Mapping[str, FormInput] = field(default_factory=dict)
    month: bool = True
    growth: bool = True
    note: str = ""
    reason: str = ""

    @property
    def label(self) -> str:
        return f"其中：{self.name}" if self.depth else self.name


@dataclass(frozen=True)
class FormSheet:
    """A form of one reporter for one period, with what is on file beside each cell.

    form_id, version, period, reporter, return_id come back with the upload; `version` is any text
    that changes when the rulebook's form does. `words` may be typed instead of a number.
    """

    form_id: str
    version: str
    period: str
    reporter: str
    return_id: str
    title: str
    reporter_name: str
    period_label: str  # 2023年1—9月
    last_year_label: str  # 1—9月
    last_label: str  # 1—8月
    deadline: str  # 2023年10月9日18:00
    rows: tuple[FormRow, ...]
    columns: tuple[FormColumn, ...] = (FormColumn("level"),)
    reasons: tuple[str, ...] = ()
    words: tuple[str, ...] = ("持平", "无")
    contact: str = ""  # 填报有疑问请联系县统计局综合股，电话……
    how_to: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()  # 统计员, 分管领导, 主要领导: places to sign on paper

    @property
    def identity(self) -> FormIdentity:
        return FormIdentity(
            self.form_id, self.version, self.period, self.reporter, self.return_id, self.digest
        )

    @cached_property
    def digest(self) -> str:
        """Of what is asked, in order: not of the figures on file, which may be revised."""
        asked = [
            (row.indicator, row.org, row.label, row.unit, row.org_name,
             sorted((facet, one.decimals) for facet, one in row.inputs.items()))
            for row in self.rows
        ]  # fmt: skip
        columns = [(column.facet, column.title, column.unit) for column in self.columns]
        return digest(
            self.form_id, self.version, self.period, self.reporter, self.return_id, columns, asked,
            self.reasons, self.words,
        )  # fmt: skip

    @property
    def has_orgs(self) -> bool:
        """Whether rows are about several orgs, so that each must name its own."""
        return len({row.org for row in self.rows}) > 1


@dataclass(frozen=True, slots=True)
class FormIdentity:
    """Which form a file is: `digest` tells whether it asks what the form now asks."""

    form_id: str
    version: str
    period: str
    reporter: str
    return_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class FilledCell:
    """What stands in one input cell, as given and in the form's unit.

    Blank: neither value nor word. `word` is one of the engine's (flat, nil, missing …).
    `decimals` are the digits given, in `unit`. `reason` is the row's reason for having no figure.
    """

    key: CellKey
    sheet: str
    cell: str
    value: Decimal | None
    decimals: int | None
    word: str | None
    value_given: str
    unit_given: str
    unit: str
    reason: str = ""

    @property
    def is_blank(self) -> bool:
        return self.value is None and self.word is None


@dataclass(frozen=True, slots=True)
class RowNote:
    """What stands in 说明 of a row."""

    indicator: str
    org: str
    text: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class FormFault:
    """What is wrong, where, why, and what to do. sheet and cell are empty for a whole file."""

    code: str
    severity: Severity
    what: str
    why: str
    action: str
    sheet: str = ""
    cell: str = ""
    row_label: str = ""
    key: CellKey | None = None
    found: str = ""

    @property
    def place(self) -> str:
        """“月报”表 G8（民间投资）, as far as it is known."""
        sheet = f"“{self.sheet}”表" if self.sheet else ""
        label = f"（{self.row_label}）" if self.row_label else ""
        return " ".join(filter(None, (sheet, self.cell))) + label

    @property
    def message(self) -> str:
        """Everything in one sentence or two: where, what, why, what to do."""
        where = f"{self.place}：" if self.place else ""
        said = "。".join(text for text in (self.what, self.why, self.action) if text)
        return f"{where}{said}。"


@dataclass(frozen=True, slots=True)
class FilledForm:
    """Our form read back. Good cells and notes stand beside the faults.

    Where form, period or reporter are others than asked for, or the hidden keys were changed,
    there are no cells (`is_usable` is false): their figures belong somewhere else.
    """

    identity: FormIdentity | None
    cells: tuple[FilledCell, ...]
    notes: tuple[RowNote, ...]
    faults: tuple[FormFault, ...]
    sha256: str
    is_usable: bool = True

    @property
    def must_mend(self) -> bool:
        return any(fault.severity == "hard" for fault in self.faults)


@dataclass(frozen=True, slots=True)
class NotAForm:
    """A readable file that is none of our forms: `workbook` is for the general collector."""

    workbook: Workbook


@dataclass(frozen=True, slots=True)
class CellNote:
    """A remark for the annotated copy. `sheet` and `cell` (G8) empty: about the whole file."""

    severity: Severity
    what: str
    action: str
    sheet: str = ""
    cell: str = ""
    row_label: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an upload may weigh."""

    max_bytes: int = 10 * MEGABYTE


DEFAULT_LIMITS = Limits()


def places(number: Decimal) -> int:
    """Digits after the point that the number needs: one for 1.50."""
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def digest(*parts: object) -> str:
    """First 32 hex digits of the SHA-256 of the parts as JSON."""
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def notes_of(faults: Iterable[FormFault]) -> list[CellNote]:
    """The faults of a reading as remarks for the annotated copy."""
    return [
        CellNote(
            fault.severity,
            "。".join(text for text in (fault.what, fault.why) if text),
            fault.action,
            fault.sheet,
            fault.cell,
            fault.row_label,
        )
        for fault in faults
    ]
