"""The one door in: figures become vintages, and the newest of each stands."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import SCALE
from diaodu.engine.ground.records import Observation as EngineObservation
from diaodu.engine.ground.records import Target
from diaodu.web.figures.models import Door, Entry, Observation, Repeat, Sheet, TargetRecord
from diaodu.web.figures.queries.counting import ABSENT, counting, same, stands
from diaodu.web.figures.queries.embargo import Embargo
from diaodu.web.shared import audit
from diaodu.web.shared.signals import figures_recorded

_AT_ONCE = 500  # ids or periods in one statement
_MOST_TOLD = 100  # figures of one act that the audit line spells out
_WHOLE_DIGITS = 38 - SCALE
_NOW = 10**15  # the entry that is being made comes after all others

Key = tuple[str, str, str, str, str, str]


class Recorded(NamedTuple):
    """What came of it. `entry` is 0 where nothing new came in. repeated: the same content again;
    passed: words of absence where there is a figure."""

    entry: int
    added: int
    repeated: int
    passed: int


def new_figure(
    *, indicator: str, org: str, period: str, facet: str, track: str, received: date, unit: str,
    value: Decimal | None = None, word: str | None = None, decimals: int | None = None,
    value_given: str = "", unit_given: str = "", against: str | None = None,
    n: int | None = None, file: str = "", sha256: str = "", sheet: str = "", cell: str = "",
    held: bool = False,
) -> EngineObservation:  # fmt: skip
    """A figure for `record`, its id and its digits filled in."""
    if decimals is None and value is not None and value.is_finite():
        decimals = max(0, -int(value.as_tuple().exponent))
    obs_id = EngineObservation.make_id(indicator, org, period, facet, against, track, received)
    return EngineObservation(
        obs_id, indicator, org, period, facet, against, n, track, received, value, decimals, word,
        unit, unit_given or unit, value_given or ("" if value is None else f"{value:f}"), file,
        sha256, sheet, cell, held,
    )  # fmt: skip


@transaction.atomic
def record(
    *, observations: Sequence[EngineObservation], by: Any, at: datetime, origin: str,
    origin_id: str = "", reason: str = "", document: str = "", targets: Sequence[Target] = (),
) -> Recorded:  # fmt: skip
    """Put figures on file. Content that is there already makes no new row; what came in earlier
    stays. Sends figures_recorded on commit where anything is new.

    Raises ValidationError for a number the engine could not keep exactly, and NoRulebook.
    """
    filed = file_figures(
        observations, by=by, at=at, origin=origin, origin_id=origin_id, reason=reason,
        document=document, targets=targets,
    )  # fmt: skip
    told = Recorded(filed.entry_id, len(filed.fresh), filed.repeated, filed.passed)
    if filed.entry is not None:
        audit.record(
            by=by, at=at, action="figures.record", thing="figures.Entry", id=told.entry,
            before=filed.before(), after=filed.after(told), reason=reason,
        )  # fmt: skip
    return told


def file_figures(
    observations: Sequence[EngineObservation], *, by: Any, at: datetime, origin: str,
    origin_id: str, reason: str, document: str, targets: Sequence[Target] = (),
) -> Filing:  # fmt: skip
    """`record` without its audit line, for acts that tell more in theirs."""
    wait_turn()
    filing = Filing()
    for indicator, ones in _by_indicator(observations):
        _file_indicator(filing, indicator, ones)
    filing.targets = _new_targets(targets)
    if filing.is_new:
        filing.entry = Entry.objects.create(
            entered_at=at, by=by, origin=origin, origin_id=origin_id, reason=reason,
            document=document,
        )  # fmt: skip
        _write(filing)
        _tell(filing, at)
    return filing


def wait_turn() -> None:
    """Whoever records waits here for the one before: two of the same figure would both stand. An
    act that locks figures as well waits here first, else two acts can wait for each other."""
    Door.objects.get_or_create(pk=1)
    Door.objects.select_for_update().get(pk=1)


# -- deciding what is new ----------------------------------------------------------------------


class _Row(NamedTuple):
    """A row of one key, on file or about to be: what decides whether it counts."""

    received: date
    order: tuple[int, int]
    held: bool
    value: Decimal | None
    word: str | None
    id: int | None
    standing: bool
    figure: EngineObservation | None
    repeat: Repeat | None


@dataclass
class Filing:
    """What is to be written, and what came of it."""

    entry: Entry | None = None
    fresh: list[tuple[EngineObservation, bool]] = field(default_factory=list)  # and if it stands
    woken: list[tuple[Repeat, bool]] = field(default_factory=list)
    quiet: list[EngineObservation] = field(default_factory=list)
    fallen: list[int] = field(default_factory=list)
    risen: list[int] = field(default_factory=list)
    replaced: dict[Key, str] = field(default_factory=dict)
    repeated: int = 0
    passed: int = 0
    targets: list[Target] = field(default_factory=list)
    rows: list[Observation] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return bool(self.fresh or self.quiet or self.targets)

    @property
    def entry_id(self) -> int:
        return self.entry.pk if self.entry else 0

    def before(self) -> dict[str, Any] | None:
        """What stood before, of few figures."""
        if len(self.fresh) > _MOST_TOLD or not self.replaced:
            return None
        names = {_key(one): self._name(one) for one, stays in self.fresh if stays}
        told = {names.get(key, "|".join(key)): was for key, was in self.replaced.items()}
        return {"figures": told}

    def after(self, told: Recorded) -> dict[str, Any]:
        """Counts and a digest of the rows; few figures are spelled out."""
        lines = sorted(f"{_dated(one)}={_shown(one.value, one.word)}" for one, _ in self.fresh)
        said: dict[str, Any] = {
            "added": told.added, "repeated": told.repeated, "passed": told.passed,
            "targets": len(self.targets),
            "digest": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        }  # fmt: skip
        if len(lines) <= _MOST_TOLD:
            said["received"] = sorted({one.received for one, _ in self.fresh})
            said["figures"] = self._spelled_out()
        return said

    def _spelled_out(self) -> dict[str, list[str]]:
        """Two held figures of one key and day contradict each other: both are told."""
        told: dict[str, list[str]] = {}
        for one, _ in self.fresh:
            told.setdefault(self._name(one), []).append(_shown(one.value, one.word))
        return told

    def _name(self, one: EngineObservation) -> str:
        """As the figure that it replaces is named; with the day where several of one key come."""
        return "|".join(_key(one)) if self._times[_key(one)] == 1 else _dated(one)

    @cached_property
    def _times(self) -> Counter[Key]:
        return Counter(_key(one) for one, _ in self.fresh)


def _dated(one: EngineObservation) -> str:
    return "|".join((*_key(one), one.received.isoformat()))


def _shown(value: Decimal | None, word: str | None) -> str:
    return f"{value:f}" if value is not None else word or ""


def _key(one: EngineObservation) -> Key:
    return (one.indicator, one.org, one.period, one.facet, one.against or "", one.track)


def _by_indicator(
    observations: Iterable[EngineObservation],
) -> Iterator[tuple[str, list[EngineObservation]]]:
    found: dict[str, list[EngineObservation]] = {}
    for one in observations:
        _refuse_unfit(one)
        found.setdefault(one.indicator, []).append(one)
    yield from sorted(found.items())


def _refuse_unfit(one: EngineObservation) -> None:
    if one.value is None:
        return
    fits = one.value.is_finite() and one.value.adjusted() < _WHOLE_DIGITS
    if not fits or int(one.value.as_tuple().exponent) < -SCALE:
        place = " ".join(part for part in (one.file, one.sheet, one.cell) if part)
        raise ValidationError(
            f"{place or one.indicator}的数{one.value}存不下：最多{SCALE}位小数、"
            f"{_WHOLE_DIGITS}位整数；请核对数值和计量单位"
        )


def _file_indicator(filing: Filing, indicator: str, ones: Sequence[EngineObservation]) -> None:
    groups: dict[Key, list[EngineObservation]] = {}
    for one in ones:
        groups.setdefault(_key(one), []).append(one)
    held = _on_file(indicator, {key[2] for key in groups}, {key[1] for key in groups})
    repeats = _repeats(indicator, {key[2] for key in groups}, {key[1] for key in groups})
    for key, group in groups.items():
        if key not in held and len(group) == 1:
            filing.fresh.append((group[0], not group[0].held))
        else:
            _file_key(filing, key, group, held.get(key, []), repeats.get(key, []))


def _file_key(
    filing: Filing, key: Key, group: list[EngineObservation], held: list[_Row],
    repeats: list[_Row],
) -> None:  # fmt: skip
    """What is new becomes a row where it counts, or shares its day with a row. What only repeats
    an earlier day waits aside: a day between, received later, may make it count."""
    everything = [*held, *repeats]
    for at, one in enumerate(sorted(group, key=lambda one: one.received)):
        new = _Row(one.received, (_NOW, at), one.held, one.value, one.word, None, False, one, None)
        if _is_there(new, everything):
            filing.repeated += 1
        else:
            everything.append(new)
    counted = counting(everything)
    taken = {id(row) for row in counted}
    days = {row.received for row in (*held, *counted)}
    rows = list(held)
    for row in everything[len(held) :]:
        if id(row) not in taken and row.word in ABSENT and not row.held:
            filing.passed += 1
        elif row.received in days:
            rows.append(row)
        elif row.figure is not None:
            filing.repeated += 1
            filing.quiet.append(row.figure)
    _settle(filing, key, rows)


def _settle(filing: Filing, key: Key, rows: list[_Row]) -> None:
    """Note what is to be written of a key's rows, and which of them stands."""
    top = stands(counting(rows))
    for row in rows:
        stays = row is top
        if row.figure is not None:
            filing.fresh.append((row.figure, stays))
        elif row.repeat is not None:
            filing.woken.append((row.repeat, stays))
        elif row.standing and not stays:
            assert row.id is not None
            filing.fallen.append(row.id)
            filing.replaced[key] = _shown(row.value, row.word)
        elif stays and not row.standing:
            assert row.id is not None
            filing.risen.append(row.id)


def _is_there(new: _Row, rows: list[_Row]) -> bool:
    """Whether the last thing said that day is the same; of held figures, any."""
    today = [row for row in rows if (row.received, row.held) == (new.received, new.held)]
    if not new.held:
        today = sorted(today, key=lambda row: row.order)[-1:]
    return any(same(row, new) for row in today)


def _on_file(indicator: str, periods: set[str], orgs: set[str]) -> dict[Key, list[_Row]]:
    found: dict[Key, list[_Row]] = {}
    for chunk in _chunks(sorted(periods)):
        rows = Observation.objects.filter(indicator=indicator, period__in=chunk)
        if len(orgs) <= _AT_ONCE:
            rows = rows.filter(org_id__in=orgs)
        for row in rows.values_list(
            "indicator", "org_id", "period", "facet", "against", "track", "received", "entry_id",
            "id", "held", "value", "word", "standing",
        ).iterator():  # fmt: skip
            found.setdefault(row[:6], []).append(
                _Row(
                    row[6], (row[7], row[8]), row[9], row[10], row[11], row[8], row[12], None, None
                )
            )
    return found


def _repeats(indicator: str, periods: set[str], orgs: set[str]) -> dict[Key, list[_Row]]:
    found: dict[Key, list[_Row]] = {}
    for chunk in _chunks(sorted(periods)):
        rows = Repeat.objects.filter(indicator=indicator, period__in=chunk, taken=False)
        if len(orgs) <= _AT_ONCE:
            rows = rows.filter(org_id__in=orgs)
        for one in rows:
            figure = one.figure
            found.setdefault(_key(figure), []).append(
                _Row(one.received, (one.entry_id, one.pk), figure.held, figure.value, figure.word,
                     None, False, None, one)
            )  # fmt: skip
    return found


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(values), _AT_ONCE):
        yield values[first : first + _AT_ONCE]


def _new_targets(targets: Sequence[Target]) -> list[Target]:
    """Those that are not on file, word for word, from the same day."""
    years = {one.year for one in targets}
    names = {one.indicator for one in targets}
    rows = TargetRecord.objects.filter(year__in=years, indicator__in=names).select_related("place")
    held = {_told(one.as_engine()) for one in rows}
    fresh: dict[tuple[Any, ...], Target] = {}
    for one in targets:
        if _told(one) not in held:
            fresh.setdefault(_told(one), one)
    return list(fresh.values())


def _told(one: Target) -> tuple[Any, ...]:
    return (one.target_id, one.comparator, one.value, one.tolerance, one.word, one.text)


# -- writing -----------------------------------------------------------------------------------


def _write(filing: Filing) -> None:
    entry = filing.entry
    assert entry is not None
    for chunk in _chunks(filing.fallen):
        Observation.objects.filter(pk__in=chunk).update(standing=False)
    for chunk in _chunks(filing.risen):
        Observation.objects.filter(pk__in=chunk).update(standing=True)
    figures = [one for one, _ in filing.fresh]
    woken = [repeat.figure for repeat, _ in filing.woken]
    embargo = Embargo()
    keys = {(one.indicator, one.period) for one in (*figures, *woken)}
    releases = {key: embargo.until(*key) for key in keys}
    places = _places([*figures, *woken, *filing.targets])
    maker = _Maker(releases, places)
    rows = [maker.row(one, stays, entry) for one, stays in filing.fresh]
    rows += [maker.row(repeat.figure, stays, repeat.entry) for repeat, stays in filing.woken]
    filing.rows = Observation.objects.bulk_create(rows, batch_size=_AT_ONCE)
    for chunk in _chunks([repeat.pk for repeat, _ in filing.woken]):
        Repeat.objects.filter(pk__in=chunk).update(taken=True)
    Repeat.objects.bulk_create([Repeat.of(one, entry) for one in filing.quiet], batch_size=_AT_ONCE)
    TargetRecord.objects.bulk_create(
        [maker.target(one, entry) for one in filing.targets], batch_size=_AT_ONCE
    )


def _places(things: Iterable[EngineObservation | Target]) -> dict[tuple[str, str, str], int]:
    """The sheets that figures were read from, as rows; ids by file, SHA-256 and sheet."""
    found = dict.fromkeys((one.file, one.sha256, one.sheet) for one in things)
    sheets = [Sheet(file=file, sha256=sha256, sheet=sheet) for file, sha256, sheet in found]
    made = Sheet.objects.bulk_create(sheets, batch_size=_AT_ONCE)
    return {place: sheet.pk for place, sheet in zip(found, made, strict=True)}


class _Maker:
    """Rows of the tables from the engine's records."""

    def __init__(
        self, releases: dict[tuple[str, str], datetime | None],
        places: dict[tuple[str, str, str], int],
    ) -> None:  # fmt: skip
        self.releases = releases
        self.places = places
        self.ends: dict[str, date] = {}

    def row(self, one: EngineObservation, stays: bool, entry: Entry) -> Observation:
        return Observation(
            obs_id=one.obs_id, indicator=one.indicator, org_id=one.org, period=one.period,
            ends=self._ends(one.period), facet=one.facet, against=one.against or "", n=one.n,
            track=one.track, received=one.received, value=one.value, decimals=one.decimals,
            word=one.word, unit=one.unit, unit_given=one.unit_given, value_given=one.value_given,
            place_id=self.places[one.file, one.sha256, one.sheet], cell=one.cell, held=one.held,
            entry_id=entry.pk, entered_at=entry.entered_at,
            release_at=self.releases[one.indicator, one.period], standing=stays,
        )  # fmt: skip

    def target(self, one: Target, entry: Entry) -> TargetRecord:
        return TargetRecord(
            target_id=one.target_id, indicator=one.indicator, org_id=one.org, year=one.year,
            tier=one.tier, kind=one.kind, comparator=one.comparator, value=one.value,
            tolerance=one.tolerance, unit=one.unit, word=one.word, issuer=one.issuer,
            document=one.document, received=one.received,
            place_id=self.places[one.file, one.sha256, one.sheet], cell=one.cell,
            period=one.period, against=one.against, text=one.text, entry=entry,
            entered_at=entry.entered_at,
        )  # fmt: skip

    def _ends(self, period: str) -> date:
        if period not in self.ends:
            self.ends[period] = Period.from_id(period).end
        return self.ends[period]


def _tell(filing: Filing, at: datetime) -> None:
    """Once it is committed: which indicators and periods have something new."""
    rows = filing.rows
    indicators = {row.indicator for row in rows} | {one.indicator for one in filing.targets}
    periods = {row.period for row in rows}
    for year in {one.year for one in filing.targets}:
        periods |= set(
            Observation.objects.filter(
                indicator__in={one.indicator for one in filing.targets}, ends__year=year
            ).values_list("period", flat=True).distinct()
        )  # fmt: skip
    if indicators:
        transaction.on_commit(
            lambda: figures_recorded.send(
                sender=Observation, indicators=frozenset(indicators), periods=frozenset(periods),
                at=at,
            ),
            robust=True,
        )  # fmt: skip


# -- the release calendar changed --------------------------------------------------------------


def refresh_release(*, at: datetime) -> int:
    """Bring `release_at` in line with the rules in force. Returns how many rows changed. What was
    public before they were published stays public, and the chain says of which figures.

    Looked up before the transaction begins: on SQLite nobody else can write while it lasts. What
    is recorded meanwhile follows the rules in force already.
    """
    held = set(
        Observation.objects.order_by().values_list("indicator", "period", "release_at").distinct()
    )
    keys = {(indicator, period) for indicator, period, _ in held}
    embargo = Embargo()
    wanted = {key: embargo.until(*key) for key in keys}
    stale = {(name, period) for name, period, moment in held if moment != wanted[name, period]}
    opened = {key: embargo.stays_open(*key) for key in keys}
    kept = {key: since for key, since in opened.items() if since is not None}
    return _move_releases({key: wanted[key] for key in stale}, kept, at)


@transaction.atomic
def _move_releases(
    wanted: Mapping[tuple[str, str], datetime | None], kept: Mapping[tuple[str, str], datetime],
    at: datetime,
) -> int:  # fmt: skip
    wait_turn()
    changed = 0
    for (indicator, period), moment in sorted(wanted.items(), key=itemgetter(0)):
        rows = Observation.objects.filter(indicator=indicator, period=period)
        stale = rows.exclude(release_at=moment) if moment else rows.filter(release_at__isnull=False)
        changed += stale.update(release_at=moment)
    if changed or kept:
        audit.record(
            by=None, at=at, action="figures.refresh_release", thing="figures.Observation", id="*",
            after={
                "changed": changed,
                "stays_public": {"||".join(key): since for key, since in sorted(kept.items())},
            },
        )  # fmt: skip
    return changed
