"""The page of one form: its lines with what is typed, what is on file beside it, what follows from
it, and what is left to do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from diaodu.engine.ground.period import print_period
from diaodu.engine.ground.records import Finding
from diaodu.engine.ground.words import FACET_NAMES
from diaodu.engine.report.patterns import CODE_NAMES
from diaodu.engine.report.spans import grouped, is_numeric, minus
from diaodu.engine.rules.calendar import previous_filed
from diaodu.engine.rules.models import Indicator
from diaodu.web.intake.models import (
    ACCEPTED,
    DRAFT,
    RETURNED,
    REVIEW,
    STATES,
    SUBMITTED,
    Explanation,
    Reminder,
    Save,
    Step,
)
from diaodu.web.intake.queries.beside import computed, on_file
from diaodu.web.intake.queries.checks import (
    NOTHING_TO_DO,
    Checked,
    about,
    check_form,
    is_as_taken,
)
from diaodu.web.intake.queries.forms import Form, Row
from diaodu.web.intake.queries.ledger import Ledger, ledger_of
from diaodu.web.intake.queries.obligations import STATE_WORDS, duration
from diaodu.web.intake.queries.reconciling import Reconciled, reconciled
from diaodu.web.intake.queries.sheets import Loaded
from diaodu.web.intake.queries.windows import end_said

# Why a unit may have no figure, ready to be chosen; anything else is written.
NIL_REASONS = (
    "本期没有此项业务",
    "项目已完工或停工，本期没有发生",
    "企业停产或已退库",
    "按制度本期不报",
)
_MOST_ITEMS = 60  # in the side list; the rest stand in their lines
_MOST_EMPTY = 3
_URGENT_DAYS = 3
# What a clerk can do about a finding; the engine's advice is for those who keep the rules.
_TODO_HARD = "请核对数值和计量单位，改好再提交；属实的，请联系上级统计部门。"
_TODO_SOFT = "请核对；属实请写原因。"
_ACTS = {
    "open": "开始填报", "submit": "提交", "sign": "签字", "send_back": "退回", "accept": "接收入库",
    "reopen": "提出改数", "except": "准许补报", "take": "从文件取数",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One input. `look` is must, explain, empty or nothing; `taken` what was accepted before."""

    id: str
    key: str
    row: Row
    facet: str
    shown: str
    version: int
    look: str
    taken: str | None
    is_changed: bool
    on_file: str = ""  # the figure that came another way, where the whole form's did

    @property
    def label(self) -> str:
        facet = "" if self.facet == "level" else FACET_NAMES[self.facet]
        return self.row.org_name + self.row.indicator.name + facet

    @property
    def unit(self) -> str:
        return self.row.unit(self.facet)

    @property
    def head(self) -> str:
        """What stands over the column, with this line's own period: where there is no column."""
        span = print_period(self.row.period, with_year=False)
        if self.facet != "level":
            return f"{FACET_NAMES[self.facet]} {span}"
        return _level_head(self.row.indicator, span)


def _level_head(indicator: Indicator, span: str) -> str:
    """Months of a year are added up to a flow alone: a share of the year so far is none."""
    return f"本期累计 {span}" if indicator.is_flow else f"本期 {span}"


@dataclass(frozen=True)
class Said:
    """One thing about a line. kind: must, explain, explained, changed (since it was accepted), nil
    (no reason given), on_file or empty."""

    kind: str
    text: str


@dataclass(frozen=True)
class Line:
    """`cells`: one for each facet of the form, None where it is not asked here."""

    row: Row
    cells: tuple[Cell | None, ...]
    last_year: str
    previous: str
    month: str
    growth: str
    said: tuple[Said, ...]
    nil_reason: str
    begins_org: bool
    period_tag: str

    @property
    def is_filled(self) -> bool:
        return all(one is None or one.look != "empty" for one in self.cells)


@dataclass(frozen=True)
class Item:
    """One entry of the list of what is to be done."""

    kind: str
    id: str
    heading: str
    text: str
    todo: str
    line: int
    key: str = ""
    finding: Finding | None = None
    explanation: Explanation | None = None

    @property
    def is_stale(self) -> bool:
        """It was explained, but of other numbers."""
        given = self.explanation
        return (
            given is not None
            and self.finding is not None
            and bool(given.text)
            and given.about != about(self.finding)
        )


@dataclass(frozen=True)
class News:
    kind: str  # of the notice
    text: str


@dataclass(frozen=True)
class Page:
    loaded: Loaded
    checked: Checked
    ledger: Ledger
    now: datetime
    reminders: Sequence[Reminder] = ()
    steps: Sequence[Step] = ()
    reconciled: Sequence[Reconciled] = ()

    # -- what may be done ------------------------------------------------------------------------
    @cached_property
    def can_type(self) -> bool:
        return self.loaded.may_type(self.now)

    @property
    def may_submit(self) -> bool:
        return self.can_type and self.loaded.sheet is not None and self.checked.is_clean

    @property
    def may_reopen(self) -> bool:
        window = self.loaded.window
        return self.loaded.may_reopen and (
            window.is_open(self.now) or (self.loaded.may_let_in and window.is_over(self.now))
        )

    @property
    def may_let_in(self) -> bool:
        waiting = self.loaded.state in (DRAFT, RETURNED, ACCEPTED)
        return self.loaded.may_let_in and waiting and self.loaded.window.has_opened(self.now)

    # -- the bar ---------------------------------------------------------------------------------
    @property
    def form(self) -> Form:
        return self.loaded.form

    @property
    def state_word(self) -> str:
        sheet, window = self.loaded.sheet, self.loaded.window
        if self.loaded.state in (SUBMITTED, REVIEW, ACCEPTED):
            return STATES[self.loaded.state]
        if self.is_on_file:
            return STATE_WORDS["on_file"]
        if not window.has_opened(self.now):
            return "未到开网"
        if sheet is not None and sheet.round > 1:
            return f"改数中（第{sheet.round}次）"
        if window.is_over(self.now):
            return "逾期未报"
        return "未动" if sheet is None else STATES[sheet.state]

    @cached_property
    def is_on_file(self) -> bool:
        return is_on_file(self.loaded, self.ledger)

    @property
    def _waits(self) -> bool:
        return self.loaded.state in (DRAFT, RETURNED) and not self.is_on_file

    @property
    def is_late(self) -> bool:
        return self._waits and self.loaded.window.is_over(self.now)

    @property
    def is_urgent(self) -> bool:
        left = self.loaded.window.last - self.now
        return self._waits and left.days < _URGENT_DAYS

    @property
    def time_said(self) -> str:
        window = self.loaded.window
        if not self._waits:
            return ""
        if not window.has_opened(self.now):
            return f"{window.opens_said}开网"
        if self.is_late:
            return f"逾期{duration(self.now - window.last)}"
        return f"还剩{duration(window.last - self.now)}"

    @property
    def saved_said(self) -> str:
        """10:32, with the day where it was another."""
        sheet = self.loaded.sheet
        if sheet is None:
            return ""
        saved, today = timezone.localtime(sheet.saved_at), timezone.localtime(self.now)
        day = "" if saved.date() == today.date() else f"{saved.month}月{saved.day}日"
        return f"{day}{saved:%H:%M}"

    @property
    def asked(self) -> int:
        return len(self.form.cells)

    @property
    def filled(self) -> int:
        return self.asked - len(self.checked.unfilled)

    @property
    def filled_said(self) -> str:
        if self.is_on_file:
            return f"{self.asked}格都有在案数"
        return f"已填{self.filled}格，共{self.asked}格"

    @property
    def to_explain(self) -> int:
        return len(self.checked.soft)

    @property
    def explained(self) -> int:
        return len(self.checked.soft) - len(self.checked.unexplained)

    @property
    def why(self) -> str:
        """Why it cannot be handed in; or what happens next."""
        if not self.can_type:
            return self._why_closed
        checked = self.checked
        if checked.must:
            return "改完必须改的，才能提交"
        if checked.unexplained:
            return "说明以后才能提交"
        if checked.unfilled or checked.unreasoned:
            return f"还有{len(checked.unfilled) + len(checked.unreasoned)}格没有填完，填完才能提交"
        return "可以提交了"

    @property
    def _why_closed(self) -> str:
        loaded, window = self.loaded, self.loaded.window
        if loaded.state == SUBMITTED and loaded.next_place is not None:
            return f"等{self.form.signatures[loaded.next_place - 1].title}签字"
        if loaded.state == SUBMITTED:
            return "规则改过，不用再签字。请审核的人退回，填报人再提交一次"
        if loaded.state == REVIEW:
            return "等审核"
        if loaded.state == ACCEPTED:
            return "数已入库"
        if not loaded.fillable:
            return "您不填这张表"
        if self.is_on_file:
            return "数已经由别的途径入库，不用再填"
        if not window.has_opened(self.now):
            return f"{window.opens_said}开始填报"
        return "已过截止时间，要补报请联系审核单位准许"

    @property
    def chain(self) -> list[str]:
        """What happens after it is handed in: the signatures, then the review."""
        return [*(f"{one.title}签字" for one in self.form.signatures), "上级统计部门审核"]

    @cached_property
    def news(self) -> list[News]:
        return list(_news(self))

    # -- the table -------------------------------------------------------------------------------
    @property
    def heads(self) -> list[str]:
        """The input columns: 本期累计 1—9月 for the level, with the facet's name for others."""
        widest = self._widest
        span = print_period(widest.period, with_year=False)
        now = _level_head(widest.indicator, span)
        return [
            now if facet == "level" else f"{FACET_NAMES[facet]} {span}"
            for facet in self.form.facets
        ]

    @property
    def previous_name(self) -> str:
        widest = self._widest
        before = previous_filed(widest.indicator, widest.period)
        return f"上期 {print_period(before, with_year=before.year != widest.period.year)}"

    @cached_property
    def _widest(self) -> Row:
        return max(self.form.rows, key=lambda row: row.period.days)

    @property
    def shows_taken(self) -> bool:
        return any(one.taken is not None for one in self.loaded.cells.values())

    @property
    def width(self) -> int:
        return 8 + len(self.form.facets) * (2 if self.shows_taken else 1)

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(row) for row in self.form.rows]

    def _line(self, row: Row) -> Line:
        cells = tuple(
            self._cell(row, facet, place) if facet in row.facets else None
            for place, facet in enumerate(self.form.facets)
        )
        facet = "level" if "level" in row.facets else row.facets[0]
        held = self.loaded.cells.get(row.key(facet))
        month, growth = computed(row, facet, held, self.ledger)
        begins = len(self.form.orgs) > 1 and (
            row.number == 1 or self.form.rows[row.number - 2].org != row.org
        )
        tag = "" if row.period == self._widest.period else print_period(row.period, with_year=False)
        return Line(
            row, cells, on_file(row, facet, self.ledger.last_year(row, facet)),
            on_file(row, facet, self.ledger.previous(row, facet)), month, growth,
            tuple(_said(row, self.checked, self.is_on_file)), held.reason if held else "", begins,
            tag,
        )  # fmt: skip

    def _cell(self, row: Row, facet: str, place: int) -> Cell:
        key = row.key(facet)
        held, look = self.loaded.cells.get(key), _look(key, row, self.checked)
        id = f"{row.number}-{place}"
        if held is None:
            known = on_file(row, facet, self.ledger.this(row, facet)) if self.is_on_file else ""
            return Cell(id, key, row, facet, "", 0, look, None, False, _printed(known))
        taken = None if held.taken is None else _printed(held.taken["given"])
        changed = held.taken is not None and not is_as_taken(held)
        return Cell(id, key, row, facet, _printed(held.given), held.version, look, taken, changed)

    @property
    def states_json(self) -> str:
        """The inputs as they are on file, for the page to bring itself up to date."""
        cells = [one for line in self.lines for one in line.cells if one is not None]
        return json.dumps(
            {one.key: [one.shown, one.version, one.look] for one in cells}, ensure_ascii=False
        )

    def others_said(self, keys: Sequence[str]) -> str:
        """张勇10:41改了固定资产投资、民间投资, for what colleagues changed meanwhile."""
        cells = self.loaded.cells
        by: dict[str, list[str]] = {}
        for key in keys:
            if key in cells and key in self.form.cells:
                by.setdefault(str(cells[key].by), []).append(self.form.name_of(key))
        return "；".join(f"{who}改了{'、'.join(names)}，已并到本页" for who, names in by.items())

    # -- what is left ----------------------------------------------------------------------------
    @cached_property
    def items(self) -> list[Item]:
        sheet = self.loaded.sheet
        return list(_items(self.form, self.checked, sheet.reopened_because if sheet else ""))

    @property
    def to_do(self) -> int:
        return sum(one.kind not in ("explained", "changed") for one in self.items)

    @property
    def list_title(self) -> str:
        if self.can_type:
            return f"要处理的{self.to_do}处" if self.to_do else "没有要处理的"
        return f"核对意见{len(self.items)}处" if self.items else "核对没有意见"

    @cached_property
    def bulk_unfilled(self) -> list[Item]:
        """Empty cells told together, where they are too many to ask for each."""
        empty = [one for one in self.items if one.kind == "empty"]
        return empty if len(empty) > _MOST_EMPTY else []

    @cached_property
    def _listed(self) -> list[Item]:
        together = self.bulk_unfilled
        return [one for one in self.items if not together or one.kind != "empty"]

    @property
    def shown_items(self) -> list[Item]:
        return self._listed[:_MOST_ITEMS]

    @property
    def more_items(self) -> int:
        return max(len(self._listed) - _MOST_ITEMS, 0)


def page_of(
    loaded: Loaded, now: datetime, checked: Checked | None = None, *, whole: bool = True
) -> Page:
    """`whole`: with what only the full page shows (course, reminders)."""
    ledger = ledger_of(loaded.form)
    if checked is None and is_on_file(loaded, ledger):
        checked = NOTHING_TO_DO
    if checked is None:
        checked = check_form(loaded.form, loaded.cells, explanations_of(loaded), ledger, now)
    beside = reconciled(loaded.form, loaded.cells)
    if not whole:
        return Page(loaded, checked, ledger, now, reconciled=beside)
    return Page(loaded, checked, ledger, now, reminders_of(loaded), steps_of(loaded), beside)


def is_on_file(loaded: Loaded, ledger: Ledger) -> bool:
    """Nothing was filled here, and every figure came another way."""
    if loaded.sheet is not None:
        return False
    here = [ledger.this(row, facet) for row, facet in loaded.form.cells.values()]
    return all(one is not None and one.track == loaded.form.track for one in here)


def explanations_of(loaded: Loaded) -> list[Explanation]:
    if loaded.sheet is None:
        return []
    return list(loaded.sheet.explanations.select_related("by"))


def reminders_of(loaded: Loaded) -> list[Reminder]:
    key = loaded.form.key
    found = Reminder.objects.filter(form=key.form, period=key.period, reporter_id=key.reporter)
    return list(found.select_related("by").order_by("-id")[:3])


def steps_of(loaded: Loaded) -> list[Step]:
    if loaded.sheet is None:
        return []
    found = list(loaded.sheet.steps.select_related("by"))
    for one in found:
        one.said = _ACTS.get(one.act, one.act)  # type: ignore[attr-defined]
    return found


def last_save(loaded: Loaded, user_id: int | None) -> Save | None:
    """The newest save of this user that may be undone."""
    if loaded.sheet is None:
        return None
    return loaded.sheet.saves.filter(by_id=user_id, undone=False).order_by("-version").first()


def _printed(given: str) -> str:
    """A plain number with commas and a real minus; anything else as typed."""
    return minus(grouped(given)) if is_numeric(given) else given


# -- what is said ---------------------------------------------------------------------------------


def _findings(checked: Checked, row: Row) -> Sequence[Finding]:
    return checked.by_place.get((row.org, row.indicator.id, row.period.id), ())


def _look(key: str, row: Row, checked: Checked) -> str:
    severities = {one.severity for one in _findings(checked, row)}
    if key in checked.faults or "hard" in severities:
        return "must"
    if key in checked.unreasoned or severities:
        return "explain"
    if key in checked.changed:
        return "changed"
    return "empty" if key in checked.waiting else ""


def _said(row: Row, checked: Checked, on_file: bool) -> Iterator[Said]:
    if on_file:
        yield Said("on_file", "在案（导入）")
    keys = [row.key(facet) for facet in row.facets]
    yield from (Said("must", checked.faults[key]) for key in keys if key in checked.faults)
    for one in _findings(checked, row):
        soft = "explained" if checked.is_explained(one) else "explain"
        yield Said("must" if one.severity == "hard" else soft, _short(one))
    yield from (Said("changed", checked.changed[key]) for key in keys if key in checked.changed)
    yield from (Said("nil", "没有数，请选原因") for key in keys if key in checked.unreasoned)
    yield from (Said("empty", "未填") for key in keys if key in checked.waiting)


def _short(one: Finding) -> str:
    """The kind of finding and what was expected; all of it stands in the list beside."""
    name = CODE_NAMES.get(one.code, "请核对")
    return f"{name}，应{one.expected}。" if one.expected else f"{name}。"


def _items(form: Form, checked: Checked, why: str) -> Iterator[Item]:
    for key, fault in checked.faults.items():
        row, facet = form.cells[key]
        yield Item("must", f"f{row.number}{facet}", form.name_of(key), fault, "", row.number, key)
    rows = {(row.org, row.indicator.id, row.period.id): row for row in form.rows}
    for one in checked.findings:
        row = rows[one.org, one.indicator, one.period]
        soft = "explained" if checked.is_explained(one) else "explain"
        org = row.org_name if len(form.orgs) > 1 else ""
        hard = one.severity == "hard"
        yield Item(
            "must" if hard else soft, one.id, org + row.indicator.name, one.message,
            _TODO_HARD if hard else _TODO_SOFT, row.number, "", one,
            checked.explanations.get(one.id),
        )  # fmt: skip
    for key, change in checked.changed.items():
        row, facet = form.cells[key]
        told = f"{change}。改数原因：{why}" if why else change
        yield Item("changed", f"r{row.number}{facet}", form.name_of(key), told, "", row.number, key)
    for kind, keys, text in (
        ("nil", checked.unreasoned, "填了“无”，请选原因："),
        ("empty", checked.unfilled, "有数请填；本期确实没有，选原因："),
    ):
        for key in keys:
            row, facet = form.cells[key]
            yield Item(
                kind, f"{kind}{row.number}{facet}", form.name_of(key), text, "", row.number, key
            )


def _news(page: Page) -> Iterator[News]:
    sheet, window = page.loaded.sheet, page.loaded.window
    if sheet is not None and sheet.state == RETURNED:
        yield News("bad", f"{sheet.decided_by}退回了这张表：{sheet.returned_because}")
    if sheet is not None and sheet.round > 1 and sheet.state != ACCEPTED:
        yield News(
            "watch", f"正在改已接收的数：{sheet.reopened_because}。接收以前，原来的数仍然有效。"
        )
    for one in page.reminders if page.is_late or page._waits else ():
        text = f"：{one.text}" if one.text else ""
        yield News("watch", f"{one.by}{end_said(one.at)}催报{text}")
    if window.by_exception(page.now) and page._waits:
        yield News(
            "", f"已过原来的截止时间（{end_said(window.closes)}），准许补报到{window.last_said}。"
        )
