"""Judge: the light of every target and row under the rules of that date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from diaodu.engine.compute.book import MeasureBook, is_usual
from diaodu.engine.compute.pace import Paces
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Measure, Target, Verdict
from diaodu.engine.ground.words import (
    FIGURE_KINDS,
    KIND_NAMES,
    LIGHT_NAMES,
    MEASURE_WORD_NAMES,
    Light,
)
from diaodu.engine.judge.facts import FACTS, Facts, names_of
from diaodu.engine.judge.further import FurtherLights, read_for
from diaodu.engine.judge.gates import Points, paces_of
from diaodu.engine.judge.say import describe, fill
from diaodu.engine.judge.standard import STANDARD
from diaodu.engine.rules.calendar import day_after, latest_filed, owed_entries
from diaodu.engine.rules.models import Condition, LightRule, LightTable
from diaodu.engine.rules.rulebook import Rulebook

_Row = tuple[str, str, str]  # indicator, org, period id

# The worst of a row's targets is the row's light; the last two only where nothing else is.
_WORST_FIRST: tuple[Light, ...] = ("behind", "watch", "unknown", "good", "not_due", "no_target")
_ALWAYS_READ = frozenset(
    {"value", "growth", "growth_published", "completion", "pace_gap", "arrears_pace"}
)
# What is solved from rounded growths is no ground for a light.
_NEVER_READ = frozenset({"month_growth_solved"})
_NO_PACE = "序时进度没有算出"


def measures_read(rulebook: Rulebook, targets: Iterable[Target] = ()) -> frozenset[str]:
    """The names of the measures that any light of these targets may read: all that need be handed
    over."""
    named = read_for(targets)
    for table in rulebook.lights:
        for rule in table.rules:
            named |= {condition.measure for condition in rule.when}
            named |= set(_fields(rule.reason or ""))
    return (_ALWAYS_READ | named) - (FACTS - {"growth"})


def judge_month(
    book: MeasureBook, targets: Iterable[Target], rulebook: Rulebook, period: Period,
    as_of: date, findings: Sequence[Finding] = (), paces: Paces | None = None,
) -> list[Verdict]:  # fmt: skip
    """The verdicts of a run's month: `judge` over the measures of a book.

    A book of the measures that `measures_read` names is enough.
    """
    names = book.indicators()
    measures = (one for name in names for org in book.orgs(name) for one in book.of(name, org))
    return judge(measures, targets, rulebook, period, as_of, findings, paces)


def judge(
    measures: Iterable[Measure], targets: Iterable[Target], rulebook: Rulebook, period: Period,
    as_of: date, findings: Sequence[Finding] = (), paces: Paces | None = None,
) -> list[Verdict]:  # fmt: skip
    """One Verdict per target of the tier that the lights name, and one per row with target_id
    None, the worst of them. Rows: indicator × org that has a measure, or a target for the year;
    sorted by indicator, org, period.

    targets: all vintages; the newest received by `as_of` of each tier and kind counts.
    findings: hard ones tell why a figure is not there.
    paces: those of the run; without them none that go by last year's figures are known.
    """
    book = _by_row(measures, rulebook)
    targets = list(targets)
    aimed = _newest(targets, as_of)
    rows = {*book, *_rows_without_measures(book, aimed, rulebook, period)}
    held = {(f.indicator, f.org, f.period) for f in findings if f.severity == "hard"}
    further = FurtherLights(book, paces or paces_of(targets, rulebook, Points({}, {}), as_of))
    verdicts: list[Verdict] = []
    for row in sorted(rows):
        verdicts.extend(
            _judge_row(row, book.get(row, []), aimed, rulebook, as_of, row in held, further)
        )
    return verdicts


def _fields(template: str) -> Iterator[str]:
    for part in template.split("{")[1:]:
        yield part.partition("}")[0]


# -- what is judged --------------------------------------------------------------------------


def _by_row(measures: Iterable[Measure], rulebook: Rulebook) -> dict[_Row, list[Measure]]:
    """Measures by row; those without indicator (the counts) belong to no row."""
    found: dict[_Row, list[Measure]] = defaultdict(list)
    for one in measures:
        if one.indicator in rulebook.indicators and one.org in rulebook.orgs:
            found[one.indicator, one.org, one.period].append(one)
    return found


def _newest(targets: Iterable[Target], as_of: date) -> dict[tuple[str, str, int], list[Target]]:
    """Of the year as a whole, and such as figures can decide."""
    newest: dict[tuple[object, ...], Target] = {}
    for one in sorted(targets, key=lambda t: (t.received, t.target_id)):
        if one.received <= as_of and not one.period and one.kind != "qualitative":
            newest[one.place] = one
    found: dict[tuple[str, str, int], list[Target]] = defaultdict(list)
    for one in sorted(newest.values(), key=lambda t: (t.kind, t.target_id)):
        found[one.indicator, one.org, one.year].append(one)
    return found


def _rows_without_measures(
    book: Iterable[_Row], aimed: Iterable[tuple[str, str, int]], rulebook: Rulebook, period: Period
) -> Iterator[_Row]:
    judged = {(indicator, org, Period.from_id(text).year) for indicator, org, text in book}
    for indicator, org, year in aimed:
        if indicator not in rulebook.indicators or org not in rulebook.orgs:
            continue
        newest = latest_filed(rulebook.indicators[indicator], period)
        known = (indicator, org, year) in judged
        if newest.year == year and not known and rulebook.orgs[org].exists_on(newest.end):
            yield indicator, org, newest.id


def _table(rulebook: Rulebook, indicator: str, day: date) -> LightTable:
    """The table that names the indicator, else the one for all, else the standard."""
    general: LightTable | None = None
    for table in rulebook.lights:
        if not table.holds_on(day):
            continue
        if indicator in table.indicators:
            return table
        if "*" in table.indicators and general is None:
            general = table
    return general or STANDARD


def _of_tier(table: LightTable, targets: Sequence[Target]) -> list[Target]:
    """The targets of the first tier that has any with a value; else those not issued (未下达)."""
    for given in (True, False):
        for tier in table.tiers:
            found = [t for t in targets if t.tier == tier and (t.value is not None) is given]
            if found:
                return found
    return []


# -- one row ---------------------------------------------------------------------------------


def _judge_row(
    row: _Row, measures: Sequence[Measure], aimed: dict[tuple[str, str, int], list[Target]],
    rulebook: Rulebook, as_of: date, held: bool, further: FurtherLights,
) -> list[Verdict]:  # fmt: skip
    indicator, org, period_id = row
    period = Period.from_id(period_id)
    table = _table(rulebook, indicator, period.end)
    chosen = _of_tier(table, aimed.get((indicator, org, period.year), []))
    due, owed = _due(rulebook, indicator, org, period, as_of)
    verdicts: list[Verdict] = []
    judged: list[Target | None] = [*chosen] or [None]
    for target in judged:
        if target is not None and target.kind not in FIGURE_KINDS:
            verdicts.append(further.judge(target, period, is_due=due))
            continue
        facts = Facts(
            rulebook.indicators[indicator], org, period, target,
            _of_target(measures, target, rulebook), due, owed, held,
        )  # fmt: skip
        verdicts.append(_judge(facts, table))
    worst = min(verdicts, key=lambda v: _WORST_FIRST.index(_light(v)))
    named = chosen and len(chosen) > 1
    reasons = ((_which(worst, chosen), *worst.reasons)) if named else worst.reasons
    whole = worst._replace(target_id=None, reasons=reasons)
    return [*verdicts, whole] if chosen else [whole]


def _light(verdict: Verdict) -> Light:
    return next(light for light in _WORST_FIRST if light == verdict.light)


def _which(worst: Verdict, targets: Sequence[Target]) -> str:
    target = next(t for t in targets if t.target_id == worst.target_id)
    return f"共{len(targets)}项目标，按最差的{KIND_NAMES[target.kind]}目标判定"


def _due(
    rulebook: Rulebook, indicator: str, org: str, period: Period, as_of: date
) -> tuple[bool, bool]:
    """Whether the figure is due, and whether a calendar says so."""
    entries = list(owed_entries(rulebook, indicator, org, period))
    if not entries:
        entries = [
            entry
            for entry in rulebook.calendar_for(indicator, period)
            if not entry.orgs and not entry.levels
        ]
    if not entries:
        return as_of > period.end, False
    return any(as_of > day_after(entry.due, period) for entry in entries), True


def _of_target(
    measures: Iterable[Measure], target: Target | None, rulebook: Rulebook
) -> dict[str, Measure]:
    """By name: the row's own and the target's. Of several (gaps to each ancestor, places in each
    group) the nearest is taken: the parent, the siblings."""
    mine = target.target_id if target is not None else ""
    found: dict[str, Measure] = {}
    for one in measures:
        if one.target_id not in ("", mine) or one.measure in _NEVER_READ:
            continue
        if not is_usual(one.measure, one.period, one.base):
            continue
        known = found.get(one.measure)
        if known is None or _nearness(one, rulebook) < _nearness(known, rulebook):
            found[one.measure] = one
    return found


def _nearness(one: Measure, rulebook: Rulebook) -> tuple[bool, bool, str]:
    org = rulebook.orgs[one.org]
    return (one.base != (org.parent or ""), one.peer_group != f"{org.parent}/{org.level}", one.key)


# -- one target ------------------------------------------------------------------------------


def _judge(facts: Facts, table: LightTable) -> Verdict:
    if facts.lacks_pace:
        # No rule of a table may take a target for kept whose pace is not known.
        return Verdict(
            facts.indicator.id, facts.org, facts.period.id, _id_of(facts), _NO_PACE, "unknown",
            LIGHT_NAMES["unknown"], describe(facts),
        )  # fmt: skip
    rule = next((r for r in table.rules if all(_holds(c, facts) for c in r.when)), None)
    light: Light = "unknown" if rule is None else rule.light
    return Verdict(
        facts.indicator.id, facts.org, facts.period.id,
        _id_of(facts),
        rule.name if rule is not None else "",
        light, _word(light, facts), _reasons(rule, table, facts),
    )  # fmt: skip


def _id_of(facts: Facts) -> str | None:
    return facts.target.target_id if facts.target is not None else None


def _word(light: Light, facts: Facts) -> str:
    if light == "unknown" and facts.met == "undecidable":
        return MEASURE_WORD_NAMES["undecidable"]
    return LIGHT_NAMES[light]


def _reasons(rule: LightRule | None, table: LightTable, facts: Facts) -> tuple[str, ...]:
    plain = describe(facts)
    if rule is None:
        return (f"亮灯规则“{table.id}”没有一条适用", *plain)
    if rule.reason is None:
        return plain
    said = fill(rule.reason, facts)
    return (said, *[one for one in plain if one not in said])


def _holds(condition: Condition, facts: Facts) -> bool:
    """A number that is not there satisfies no comparison."""
    answer = facts.answer(condition.measure)
    if condition.op == "missing":
        return not isinstance(answer, Decimal)
    if condition.op == "present":
        return isinstance(answer, Decimal)
    if condition.op == "is" or isinstance(condition.value, str):
        same = answer is not None and str(condition.value) in names_of(str(answer))
        return same and condition.op in ("is", "==")
    if not isinstance(answer, Decimal) or not isinstance(condition.value, Decimal):
        return False
    return _compare(answer, condition.op, condition.value)


def _compare(one: Decimal, op: str, other: Decimal) -> bool:
    if op == "<":
        return one < other
    if op == "<=":
        return one <= other
    if op == "==":
        return one == other
    if op == ">=":
        return one >= other
    return one > other
