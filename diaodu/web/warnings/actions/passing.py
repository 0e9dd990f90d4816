"""The pass: what every rule says of every run that stands, and what becomes of the warnings.

A pass may be run at any time and any number of times: a run that was judged as it stands, under
the rules that stand, is passed over, and what is said again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from diaodu.adapters.memory import all_kept
from diaodu.engine.ground.period import Period
from diaodu.engine.judge.warnings import Judged as JudgedRow
from diaodu.engine.judge.warnings_life import (
    Answer,
    Hysteresis,
    State,
    begins_anew,
    next_state,
)
from diaodu.engine.rules.models_warnings import WarningRule
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import Run
from diaodu.web.shared import audit, outbox, queue
from diaodu.web.warnings.actions.standing import STANDS, as_it_stands, settle, states_of
from diaodu.web.warnings.actions.telling import notes_on
from diaodu.web.warnings.models import SAID, Judged, Pass, Warning
from diaodu.web.warnings.models import Answer as Kept
from diaodu.web.warnings.queries.readings import Spoken, around_of, spoken

_YEARS = 2  # how far back a run is judged that nobody judged before
_AT_ONCE = 500
_LIVE, _PUBLISHED = Kept.Basis.LIVE, Kept.Basis.PUBLISHED
_Key = tuple[str, str, str]  # rule, indicator, org


def judge(*, at: datetime) -> int:
    """Bring every warning up to what the runs that stand say. Returns how many moved."""
    home = people.home()
    if home is None:
        return 0
    rulebook, version = rulebooks.current(), rulebooks.current_version()
    standing = runs.standing_runs(f"{at.year - _YEARS}-01")
    stamps = {run.pk: f"{version.digest}|{_results_of(run)}" for run in standing}
    stale = _stale(standing, stamps, at)
    if not stale and not _has_ended(rulebook, at.date()) and not _withdrawn().exists():
        return 0
    orgs = people.subtree(home.pk)
    known = set(Warning.objects.values_list("rule", "indicator", "org_id"))
    said: list[tuple[Run, list[Spoken]]] = []
    for run in stale:
        beside = [one for one in standing if one.is_live == run.is_live]
        around = around_of(run, beside, rulebook)
        with all_kept():
            answers = list(spoken(run, rulebook, orgs, around, _day_of(run, at), known))
        known |= {_key_of(one) for one in answers}
        said.append((run, answers))
    with all_kept():
        return _write(said, stamps, rulebook, at)


def _key_of(one: Spoken) -> _Key:
    return one.judged.rule.id, one.judged.reading.indicator.id, one.judged.reading.org.id


def _day_of(run: Run, at: datetime) -> date:
    """Live results are of today; a frozen run is of its own day."""
    return at.date() if run.is_live else run.as_of


def _results_of(run: Run) -> str:
    """Changes whenever the run's rows may have."""
    return f"{run.number}|{run.entry}|{run.as_of}|{run.version_id}|{run.finished_at}"


def _stale(standing: Sequence[Run], stamps: Mapping[int, str], at: datetime) -> list[Run]:
    """Runs to be judged: new ones, changed ones, those with a figure that has become public since;
    and those of the same sort after one of them, which go on from what it opens."""
    seen = {one.run_id: one for one in Judged.objects.filter(run__in=[run.pk for run in standing])}
    first: dict[bool, str] = {}
    for run in standing:
        known = seen.get(run.pk)
        due = known is None or known.stamp != stamps[run.pk]
        if due or (known is not None and known.again_at is not None and known.again_at <= at):
            first.setdefault(run.is_live, run.period)
    return [run for run in standing if run.period >= first.get(run.is_live, "~")]


# -- the courses -----------------------------------------------------------------------------------


@dataclass
class _Course:
    """A warning in hand with its two states, and which answers are new."""

    row: Warning
    live: State | None = None
    public: State | None = None
    by_live: set[str] = field(default_factory=set)
    known: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    fresh: dict[tuple[str, str], tuple[Answer, Run | None]] = field(default_factory=dict)
    was: tuple[Any, ...] = ()

    @property
    def rule(self) -> Hysteresis:
        return self.row

    def hear(self, answer: Answer, run: Run | None, at: datetime, *, live: bool) -> None:
        if not live:
            self.public = next_state(self.public, answer, self.rule, at)
        if live or answer.period not in self.by_live:
            self.live = next_state(self.live, answer, self.rule, at)
        if answer not in self._answers(live=live):
            return
        if live:
            self.by_live.add(answer.period)
        place = (answer.period, _LIVE if live else _PUBLISHED)
        if self.known.get(place) != (answer.says, answer.said[:SAID]):
            self.fresh[place] = (answer, run)

    def _answers(self, *, live: bool) -> Sequence[Answer]:
        state = self.live if live else self.public
        return () if state is None else state.answers

    def holds(self, period: str) -> bool:
        return any(
            one.period == period
            for state in (self.live, self.public)
            if state is not None
            for one in state.answers
        )


class _Courses:
    """Every warning that may still move, by what it is about; the newest last."""

    def __init__(self, rulebook: Rulebook, at: datetime) -> None:
        self.rulebook = rulebook
        self.at = at
        self.by_key: dict[_Key, list[_Course]] = defaultdict(list)
        answers = _kept()
        for row in Warning.objects.select_for_update().order_by("serial"):
            course = _restored(row, answers.get(row.pk, ()))
            self.by_key[row.rule, row.indicator, row.org_id].append(course)

    def hear(self, run: Run, one: Spoken) -> None:
        """An answer goes to the warning whose course it belongs to, opens a new one, or is of no
        matter to any."""
        answer = one.answer
        if answer.release is not None and self.at < answer.release:
            return
        rule, key = one.judged.rule, _key_of(one)
        known = self.by_key.get(key)
        if not known:
            if answer.says == "hit":
                self._open(key, one.judged).hear(answer, run, self.at, live=run.is_live)
            return
        course = self._of(known, answer)
        if course is None:
            course = self._open(key, one.judged)
        elif not course.holds(answer.period) and (
            course is not known[-1] or _is_over(course, answer)
        ):
            return
        _rule_into(course.row, rule)
        course.hear(answer, run, self.at, live=run.is_live)

    def _of(self, known: Sequence[_Course], answer: Answer) -> _Course | None:
        """The one that holds its period, else the last one; None: a new one begins."""
        for course in known:
            if course.holds(answer.period):
                return course
        last = known[-1]
        if last.live is not None and begins_anew(last.live, answer, last.rule):
            return None
        return last

    def _open(self, key: _Key, judged: JudgedRow) -> _Course:
        rule, indicator, org = judged.rule, judged.reading.indicator, judged.reading.org
        row = Warning(
            rule=key[0], indicator=key[1], org_id=key[2], serial=len(self.by_key[key]) + 1,
            title=f"{org.name}{indicator.name}：{rule.name}", field=indicator.field or "",
            lead_id=_answering(judged), phase="pending", at=self.at, moved_at=self.at,
        )  # fmt: skip
        _rule_into(row, rule)
        course = _Course(row)
        self.by_key[key].append(course)
        return course

    def end(self, key: _Key) -> None:
        """The rule, the indicator or the org is no more: what is open is over."""
        day = Period.of_day(self.at.date()).id
        answer = Answer(day, "ended", "规则、指标或单位已停用")
        for course in self.by_key[key]:
            if course.live is not None and course.live.is_open:
                course.hear(answer, None, self.at, live=True)
            if course.public is not None and course.public.is_open:
                course.hear(answer, None, self.at, live=False)

    def all(self) -> Iterator[_Course]:
        for courses in self.by_key.values():
            yield from courses


def _is_over(course: _Course, answer: Answer) -> bool:
    """A warning that is closed hears no more of what is well."""
    return course.live is not None and not course.live.is_open and answer.says != "hit"


def _rule_into(row: Warning, rule: WarningRule) -> None:
    row.name, row.kind, row.light, row.tell = rule.name, rule.kind, rule.light, list(rule.tell)
    row.raise_after, row.clear_after = rule.raise_after, rule.clear_after
    row.again_within = rule.again_within


def _answering(judged: JudgedRow) -> str:
    """Units that report for themselves answer for themselves; else the indicator's owner does."""
    org, owner = judged.reading.org, judged.reading.indicator.owner
    return org.id if org.level in ("township", "department", "park") else owner or org.id


def _kept() -> dict[int, list[Kept]]:
    found: dict[int, list[Kept]] = defaultdict(list)
    for one in Kept.objects.order_by("pk").iterator(chunk_size=2000):
        found[one.warning_id].append(one)
    return found


def _restored(row: Warning, kept: Sequence[Kept]) -> _Course:
    live = [one.period for one in kept if one.basis == _LIVE]
    course = _Course(row, by_live=set(live), was=as_it_stands(row))
    course.known = {(one.period, one.basis): (one.says, one.said) for one in kept}
    course.live, course.public = states_of(row, kept)
    return course


# -- writing ---------------------------------------------------------------------------------------


@transaction.atomic
def _write(
    said: Sequence[tuple[Run, Sequence[Spoken]]], stamps: Mapping[int, str], rulebook: Rulebook,
    at: datetime,
) -> int:  # fmt: skip
    Pass.objects.get_or_create(pk=1)
    last = Pass.objects.select_for_update().get(pk=1)
    _withdrawn().delete()
    courses = _Courses(rulebook, at)
    for run, answers in said:
        for one in answers:
            courses.hear(run, one)
        _remember(run, answers, stamps, at)
    for key in [key for key in courses.by_key if not _holds(key, rulebook, at.date())]:
        courses.end(key)
    moved = _save(courses, at)
    last.at, last.looked_at = at, sum(len(answers) for _, answers in said)
    last.save(update_fields=["at", "looked_at"])
    if moved:
        _tell(moved, at)
    return len(moved)


def _remember(run: Run, answers: Iterable[Spoken], stamps: Mapping[int, str], at: datetime) -> None:
    later = [one.answer.release for one in answers if one.answer.release is not None]
    again = min((moment for moment in later if moment > at), default=None)
    Judged.objects.update_or_create(
        run_id=run.pk, defaults={"stamp": stamps[run.pk], "again_at": again}
    )


def _save(courses: _Courses, at: datetime) -> list[_Course]:
    """Rows first, then their answers; those that moved."""
    moved: list[_Course] = []
    for course in courses.all():
        settle(course.row, course.live, course.public)
        if course.row.pk is None or as_it_stands(course.row) != course.was:
            moved.append(course)
    new = [one.row for one in moved if one.row.pk is None]
    for one in moved:
        one.row.moved_at = at
    Warning.objects.bulk_create(new, batch_size=_AT_ONCE)
    Warning.objects.bulk_update(
        [one.row for one in moved if one.was],
        [*STANDS, "raise_after", "clear_after", "again_within", "tell", "moved_at"],
        batch_size=_AT_ONCE,
    )
    fresh = [
        Kept(
            warning=course.row, period=period, basis=basis, says=answer.says,
            said=answer.said[:SAID], run=run, run_name=str(run) if run else "", at=at,
        )
        for course in courses.all()
        for (period, basis), (answer, run) in course.fresh.items()
    ]  # fmt: skip
    Kept.objects.bulk_create(
        fresh, batch_size=_AT_ONCE, update_conflicts=True,
        unique_fields=["warning", "period", "basis"],
        update_fields=["says", "said", "run", "run_name", "at"],
    )  # fmt: skip
    return moved


def _tell(moved: Sequence[_Course], at: datetime) -> None:
    raised = [
        one.row
        for one in moved
        if one.row.public_phase == "active" and _public_before(one) != "active"
    ]
    if outbox.post(notes_on(raised, at), at=at):
        queue.enqueue("urging.deliver")
    audit.record(
        by=None, at=at, action="warnings.judge", thing="warnings.Pass", id=1,
        after={
            "opened": sum(not one.was for one in moved), "moved": len(moved),
            "closed": sum(one.row.phase == "closed" for one in moved),
        },
    )  # fmt: skip


def _public_before(course: _Course) -> str:
    return str(course.was[STANDS.index("public_phase")]) if course.was else ""


# -- what is no more -------------------------------------------------------------------------------


def _withdrawn() -> Any:
    """Answers of runs that were published and are no more."""
    spoken_by = Kept.objects.filter(basis=_PUBLISHED, run__isnull=False)
    return spoken_by.exclude(run__in=runs.published_ids())


def _holds(key: _Key, rulebook: Rulebook, day: date) -> bool:
    rule, indicator, org = key
    return (
        any(one.id == rule and one.holds_on(day) for one in rulebook.warnings)
        and indicator in rulebook.indicators
        and org in rulebook.orgs
        and rulebook.orgs[org].exists_on(day)
    )


def _has_ended(rulebook: Rulebook, day: date) -> bool:
    open_ = Warning.objects.exclude(phase="closed").values_list("rule", "indicator", "org_id")
    return any(not _holds(key, rulebook, day) for key in open_.distinct())
