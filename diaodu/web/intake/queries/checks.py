"""The engine's checks on what is typed, together with the figures on file. Nothing here judges:
it puts the draft beside the ledger, asks the engine, and keeps what concerns this form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache

from diaodu.adapters import frames
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import show
from diaodu.engine.ground.records import Finding, Observation, finding
from diaodu.engine.report.spans import grouped, minus
from diaodu.engine.rules.calendar import release_of
from diaodu.engine.verify.check import check
from diaodu.web.intake.models import Explanation, ReturnCell
from diaodu.web.intake.queries.forms import Form, Key, Row
from diaodu.web.intake.queries.ledger import ABSENT_WORDS, Ledger
from diaodu.web.intake.queries.reconciling import only_compared
from diaodu.web.intake.queries.typed import NIL, Typed

# What findings call the sheet on the screen; a place in it is its line.
HERE = "本表"
_KEPT_ANSWERS = 256


Place = tuple[str, str, str]  # org, indicator, period


@dataclass(frozen=True)
class Checked:
    """Everything left to do on a form, with the explanations given so far."""

    findings: tuple[Finding, ...]
    faults: Mapping[str, str]  # key of a cell → why it is no figure
    unfilled: tuple[str, ...]  # keys
    unreasoned: tuple[str, ...]  # keys of cells that say “无” without a reason
    explanations: Mapping[str, Explanation]  # by finding
    changed: Mapping[str, str]  # key → old and new, where it is not what was accepted before

    @cached_property
    def by_place(self) -> dict[Place, list[Finding]]:
        found: dict[Place, list[Finding]] = {}
        for one in self.findings:
            found.setdefault((one.org, one.indicator, one.period), []).append(one)
        return found

    @cached_property
    def waiting(self) -> frozenset[str]:
        """The cells without a figure."""
        return frozenset(self.unfilled)

    @cached_property
    def hard(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == "hard")

    @cached_property
    def soft(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == "soft")

    @cached_property
    def unexplained(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.soft if not self.is_explained(one))

    def is_explained(self, one: Finding) -> bool:
        """Explained for the very numbers it is about now."""
        given = self.explanations.get(one.id)
        return given is not None and bool(given.text) and given.about == about(one)

    @property
    def must(self) -> int:
        """How many places keep the form from being handed in whatever one explains."""
        return len(self.hard) + len(self.faults)

    @property
    def is_clean(self) -> bool:
        return not (self.must or self.unexplained or self.unfilled or self.unreasoned)


def about(one: Finding) -> str:
    """The numbers a finding names; an explanation is for these."""
    return f"{one.expected}|{one.found}"[:200]


def check_form(
    form: Form, cells: Mapping[str, ReturnCell], explanations: Iterable[Explanation],
    ledger: Ledger, at: datetime,
) -> Checked:  # fmt: skip
    faults = {key: told for key, one in cells.items() if (told := _fault(form, key, one))}
    filled = {key for key, one in cells.items() if one.given or one.word}
    return Checked(
        findings=tuple(findings_of(form, cells, ledger, at)),
        faults=faults,
        unfilled=tuple(key for key in form.cells if key not in filled),
        unreasoned=tuple(
            key
            for key, one in cells.items()
            if key in form.cells and one.word == NIL and not one.reason
        ),
        explanations={one.finding: one for one in explanations},
        changed={
            key: _change(form, key, one, one.taken)
            for key, one in cells.items()
            if key in form.cells and one.taken is not None and not is_as_taken(one)
        },
    )


NOTHING_TO_DO = Checked((), {}, (), (), {}, {})


def _change(form: Form, key: str, cell: ReturnCell, taken: Mapping[str, str]) -> str:
    """Of a figure accepted before: 原66,300万元，现66,500万元，多200万元. Its reason is the
    reopening's."""
    unit = unit_of(form, key)
    was_unit, was = taken.get("unit") or unit, taken["value"]
    old = _spoken(None if was is None else Decimal(was), was_unit) or taken["given"] or "空"
    if cell.value is None:
        return f"原{old}，现{'无' if cell.word else cell.given or '空'}"
    told = f"原{old}，现{_spoken(cell.value, cell.unit or unit)}"
    if was is None or was_unit != unit:
        return told
    more = cell.value - Decimal(was)
    return f"{told}，{'多' if more > 0 else '少'}{_spoken(abs(more), unit)}"


def _spoken(value: Decimal | None, unit: str) -> str:
    return "" if value is None else minus(grouped(f"{value:f}")) + unit


def _fault(form: Form, key: str, cell: ReturnCell) -> str:
    """Why it is no figure of this form. A number is never read in another unit than its own."""
    if key not in form.cells:
        return ""
    unit = unit_of(form, key)
    if is_of_other_unit(form, key, cell):
        return (
            f"规则把计量单位由{cell.unit}改成了{unit}，“{cell.given}”是按{cell.unit}填的，"
            f"请按{unit}重填"
        )
    if is_of_unknown_unit(cell):
        return (
            f"“{cell.given}”是旧版系统里填的，当时没有记下计量单位；请核对，再连单位重填，"
            f"如“{cell.value:f}{unit}”"
        )
    return cell.fault


def says_the_same(form: Form, key: str, held: ReturnCell | None, read: Typed | ReturnCell) -> bool:
    """The same figure, however it is written: 66,300 and 66300, 1.5 and 1.50. Texts that are no
    figure say the same only letter for letter."""
    if held is None or is_of_other_unit(form, key, held):
        return False
    return _meaning(held) == _meaning(read)


def _meaning(one: Typed | ReturnCell) -> Decimal | str:
    return one.value if one.value is not None and not one.fault else one.word or one.given


def is_as_taken(cell: ReturnCell) -> bool:
    """The figure that was accepted before."""
    taken = cell.taken
    if taken is None or taken.get("unit", cell.unit) != cell.unit:
        return False
    was = None if taken["value"] is None else Decimal(taken["value"])
    return (was, taken["word"]) == (cell.value, cell.word)


def is_of_other_unit(form: Form, key: str, cell: ReturnCell) -> bool:
    return bool(cell.unit) and cell.unit != unit_of(form, key)


def is_of_unknown_unit(cell: ReturnCell) -> bool:
    """Typed before units were kept, and not on file since: there the unit stands beside it."""
    return cell.value is not None and not cell.unit and not is_as_taken(cell)


def unit_of(form: Form, key: str) -> str:
    row, facet = form.cells[key]
    return row.unit(facet)


def findings_of(
    form: Form, cells: Mapping[str, ReturnCell], ledger: Ledger, at: datetime
) -> list[Finding]:
    """Hard before soft, then by line. Who owes what is told by the form itself."""
    today = at.date()
    draft = dict(_draft(form, cells, today))
    if not draft:
        return []
    replaced = {one.key for one in draft.values()}
    others = [one for one in (*_public(ledger, at), *ledger.kin) if one.key not in replaced]
    typed = {one.obs_id for one in draft.values()}
    lines = {(row.org, row.indicator.id, row.period.id): row.number for row in form.rows}
    asked = _Asked((*others, *draft.values()), form.key, today, id(form.book), form, ledger)
    found = [
        one
        for one in _at_what_is_typed(_answered(asked), draft, lines)
        if (one.org, one.indicator, one.period) in lines
        and typed.intersection(one.obs_ids)  # figures on file have their own findings
    ]
    new = {
        key: one
        for key, one in draft.items()
        if cells[key].taken is None and not only_compared(form, form.cells[key][0])
    }
    found += _revised(form, new, ledger.own)
    return sorted(
        found,
        key=lambda one: (one.severity, lines[one.org, one.indicator, one.period], one.code),
    )


@dataclass(frozen=True)
class _Asked:
    """What the engine's answer rests on. `rules` tells one version of the rules from another, as
    long as `form` keeps it in use."""

    observations: tuple[Observation, ...]
    key: Key
    today: date
    rules: int
    form: Form = field(compare=False)
    ledger: Ledger = field(compare=False)


@lru_cache(maxsize=_KEPT_ANSWERS)
def _answered(asked: _Asked) -> tuple[Finding, ...]:
    """A form is shown, signed and accepted with the same figures: asked once, not each time."""
    frame = frames.observation_frame(asked.observations)
    found = check(
        frame, asked.ledger.book, asked.form.month, asked.today,
        all_periods=asked.ledger.has_past, absences=False,
    )  # fmt: skip
    return tuple(found)


def _public(ledger: Ledger, at: datetime) -> Iterator[Observation]:
    """The figures on file, but of indicators that the form is only held against those alone that
    are released: a clerk is told no figure of another office before everybody is."""
    moment = at.replace(tzinfo=None)
    releases: dict[tuple[str, str], datetime | None] = {}
    for one in ledger.own:
        thing = (one.indicator, one.period)
        if one.indicator in ledger.partners and thing not in releases:
            period = Period.from_id(one.period)
            releases[thing] = release_of(ledger.form.book, one.indicator, period)
        release = releases.get(thing)
        if release is None or release <= moment:
            yield one


def _at_what_is_typed(
    found: Iterable[Finding], draft: Mapping[str, Observation], lines: Mapping[Place, int]
) -> Iterator[Finding]:
    """A contradiction told of a figure elsewhere stands beside the one typed here."""
    typed = {one.obs_id: one for one in draft.values()}
    for one in found:
        here = next((typed[id] for id in one.obs_ids if id in typed), None)
        is_elsewhere = (one.org, one.indicator, one.period) not in lines
        if one.code == "contradiction" and is_elsewhere and here is not None:
            yield one._replace(
                indicator=here.indicator, file=here.file, sheet=here.sheet, cell=here.cell
            )
        else:
            yield one


def _draft(
    form: Form, cells: Mapping[str, ReturnCell], today: date
) -> Iterator[tuple[str, Observation]]:
    for key, (row, facet) in form.cells.items():
        cell = cells.get(key)
        if cell is None or _fault(form, key, cell):
            continue
        if cell.value is not None or cell.word:
            yield key, observation_of(form, row, facet, cell, today)


def observation_of(
    form: Form, row: Row, facet: str, cell: ReturnCell, today: date, *, file: str = HERE,
    sha256: str = "", sheet: str = "", place: str = "",
) -> Observation:  # fmt: skip
    unit = row.unit(facet)
    return Observation(
        Observation.make_id(
            row.indicator.id, row.org, row.period.id, facet, None, form.track, today
        ),
        row.indicator.id, row.org, row.period.id, facet, None, None, form.track, today,
        cell.value, cell.decimals, cell.word or None, unit, unit, cell.given, file, sha256,
        sheet, place or line_name(row), False,
    )  # fmt: skip


def line_name(row: Row) -> str:
    return f"第{row.number}行"


def _revised(
    form: Form, draft: Mapping[str, Observation], on_file: Sequence[Observation]
) -> Iterator[Finding]:
    """A figure on file that this form would change: allowed, with a reason. A return reopened has
    its reason already."""
    newest: dict[tuple, Observation] = {}
    for one in sorted(on_file, key=lambda one: one.received):
        if not one.held and one.word not in ABSENT_WORDS:
            newest[one.key] = one
    for key, one in draft.items():
        before = newest.get(one.key)
        if before is None or (before.value, before.word) == (one.value, one.word):
            continue
        was, now = _printed(before), _printed(one)
        yield finding(
            "revised", "soft",
            f"{form.name_of(key)}在案数为{was}（{_day(before.received)}收到），本表填{now}。",
            "请核对；确属改数的，写明原因。",
            file=HERE, cell=one.cell, indicator=one.indicator, org=one.org, period=one.period,
            expected=was, found=now, obs_ids=(one.obs_id,), discriminator=one.facet,
        )  # fmt: skip


def _printed(one: Observation) -> str:
    if one.value is None:
        return "无"
    return show(one.value, one.decimals or 0) + one.unit


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
