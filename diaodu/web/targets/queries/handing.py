"""What a locked version hands on to the runs, and which version a run used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from diaodu.engine.compute.profiles import cumulative
from diaodu.engine.ground.records import Target
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.targets.models import LOCKED, SUPERSEDED, Line, Version
from diaodu.web.targets.queries.against import COMPARED
from diaodu.web.targets.queries.columns import Column, adds_up_by_month, month_columns
from diaodu.web.targets.queries.reading import NO_TARGET
from diaodu.web.targets.queries.received import received_for_all, wanted_of
from diaodu.web.targets.queries.sums import number_in


class Used(NamedTuple):
    """The version that a run's targets are from."""

    id: int
    year: int
    number: int
    effective: date
    document: str

    def __str__(self) -> str:
        return f"{self.year}年目标第{self.number}版"


def engine_targets(version: Version, lines: Iterable[Line]) -> list[Target]:
    """The engine's records of a version, received on the day from which it counts: of every line
    the year's target, and where its months are summed up what is due by the end of each."""
    before = _months_before(version)
    compared = _against_before(version)
    found: list[Target] = []
    for line in lines:
        found.append(_target(version, line))
        found += _phases(version, line, before.get(line.place, frozenset()))
        found += _no_longer(version, line, compared.get(line.place, frozenset()))
    return found


def _against_before(version: Version) -> dict[tuple[str, str, str, str], frozenset[str]]:
    """What places, means and relative targets were held against so far in the year, by file or in
    an earlier version: with another 对照 they are other targets to the engine."""
    earlier = Line.objects.filter(
        version__year=version.year, version__state__in=(LOCKED, SUPERSEDED), kind__in=COMPARED
    )
    places = [(one.place, one.against) for one in earlier]
    places += [
        ((one.indicator, one.kind, one.tier, one.org), one.against)
        for one in received_for_all(version.year) if one.kind in COMPARED
    ]  # fmt: skip
    found: dict[tuple[str, str, str, str], frozenset[str]] = {}
    for place, against in places:
        found[place] = found.get(place, frozenset()) | {against}
    return found


def _no_longer(version: Version, line: Line, before: frozenset[str]) -> Iterator[Target]:
    """Held against something else from now on: what was asked before is asked no more."""
    assert version.effective is not None
    for against in sorted(before - {line.against}):
        id = Target.make_id(
            line.indicator, str(line.org_id), version.year, line.tier, line.kind,
            version.effective, "", against,
        )  # fmt: skip
        yield _target(version, line)._replace(
            target_id=id, against=against, value=None, word=NO_TARGET
        )


def _months_before(version: Version) -> dict[tuple[str, str, str, str], frozenset[str]]:
    """The months that earlier versions of the year asked something of: what is not asked any more
    is said not to be."""
    earlier = Line.objects.filter(
        version__year=version.year, version__state__in=(LOCKED, SUPERSEDED)
    ).exclude(months={})
    found: dict[tuple[str, str, str, str], frozenset[str]] = {}
    for line in earlier:
        found[line.place] = found.get(line.place, frozenset()) | line.months.keys()
    return found


def _phases(version: Version, line: Line, before: frozenset[str]) -> Iterator[Target]:
    known = rulebooks.current().indicators.get(line.indicator)
    if known is None or not adds_up_by_month(known, line.kind):
        return
    columns = month_columns(known, version.year)[:-1]
    amounts = [number_in(line, one.key) for one in columns]
    complete = line.value is not None and all(one is not None for one in amounts)
    due = cumulative([one for one in amounts if one is not None]) if complete else []
    for at, column in enumerate(columns):
        if due or column.key in before:
            yield _phase(version, line, column, due[at] if due else None)


def _phase(version: Version, line: Line, column: Column, due: Decimal | None) -> Target:
    assert version.effective is not None
    period = column.period.ytd().id
    id = Target.make_id(
        line.indicator, str(line.org_id), version.year, line.tier, line.kind, version.effective,
        period,
    )  # fmt: skip
    word = NO_TARGET if due is None else None
    return _target(version, line)._replace(target_id=id, period=period, value=due, word=word)


def _target(version: Version, line: Line) -> Target:
    day = version.effective
    assert day is not None
    id = Target.make_id(
        line.indicator, str(line.org_id), version.year, line.tier, line.kind, day, "", line.against
    )
    return Target(
        id, line.indicator, str(line.org_id), version.year, line.tier, line.kind, line.comparator,
        wanted_of(line).number, line.tolerance, line.unit, line.word, line.issuer,
        line.document or version.document, day, str(version), "", line.org.name, "",
        "", line.against, line.text,
    )  # fmt: skip


def version_used(*, year: int, as_of: date, entry: int) -> Used | None:
    """The locked version that a run of what was known by `as_of` and recorded up to `entry` reads;
    None where its targets are as they were received."""
    found = (
        Version.objects.filter(
            year=year, state__in=(LOCKED, SUPERSEDED), effective__lte=as_of, entry__lte=entry
        )
        .order_by("-effective", "-number")
        .first()
    )
    if found is None or found.effective is None:
        return None
    return Used(found.pk, found.year, found.number, found.effective, found.document)
