"""Vintages: what stood on file after each day of receipt.

One row per vintage. A figure received again unchanged makes no row; a later day wins; two values
of one day wait for a later day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from operator import itemgetter

from diaodu.engine.collect.names import Names
from diaodu.engine.collect.reading import BookReading
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.records import Finding, Observation, Target, finding
from diaodu.engine.ground.words import FACET_NAMES, OBS_WORD_NAMES, TRACK_NAMES

# Words that only say that there is no figure: they never stand in the way of one, whichever
# of the two came later.
_ABSENT = frozenset({"missing", "not_due", "late"})

_ORG, _PERIOD = itemgetter(2), itemgetter(3)
_PLACE, _WHAT = itemgetter(1, 2), itemgetter(3, 4, 5, 7)
_NAMED_CELLS = 6  # a conflict of more cells is a misread sheet; naming all would hide that

_Content = tuple[Decimal | None, str | None]
_Place = tuple[str, str]  # indicator, org
_What = tuple[str, str, str | None, str]  # period, facet, against, track
_Key = tuple[str, str, str, str, str, str]  # both
_Cell = tuple[str, str, str]  # file, sheet, cell
_Unit = tuple[date, str, str]  # day of receipt, org, period


@dataclass(frozen=True, slots=True)
class Settled:
    """All vintages up to a day. `observations` sorted by key and day; `targets` are those that
    stand (the latest of each). `counts` per (file, sheet): the six fates after conflicts moved
    cells from kept to held."""

    observations: tuple[Observation, ...]
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[tuple[str, str], Mapping[str, int]]


def settle(readings: Iterable[BookReading], as_of: date, names: Names | None = None) -> Settled:
    """Order the readings received up to `as_of` (included) into vintages.

    `names` only serves to print names instead of ids in messages.
    """
    books = sorted(
        (book for book in readings if book.received <= as_of),
        key=lambda book: (book.received, book.file),
    )
    teller = _Teller(names)
    whats = _Numbered()
    firsts, others, twice = _by_what(books, whats)
    ranks = _ranks(whats)
    rows: list[Observation] = []
    findings: list[Finding] = []
    moved: set[_Cell] = set()
    came: list[int] = []
    order: list[int] = []
    for place in sorted(firsts):
        first, more = firsts[place], others.get(place)
        if (whats_here := list(first)) != came:  # those of a neighbour most often came alike
            came, order = whats_here, sorted(first, key=ranks.__getitem__)
        if more is None:
            rows += map(first.__getitem__, order)
            continue
        for what in order:
            received = [first[what], *more.get(what, ())]
            if len(received) == 1:
                rows.append(received[0])
            else:
                rows.extend(_settle_key(received, teller, findings, moved))
    findings.extend(_duplicate_units(books, twice, teller))
    targets = _settle_targets(books, teller, findings, moved)
    return Settled(tuple(rows), tuple(targets), tuple(findings), _counts(books, moved))


class _Numbered(dict[_What, int]):
    """A number for each key's second half: there are few, and numbers are told apart faster."""

    def __missing__(self, what: _What) -> int:
        self[what] = number = len(self)
        return number


_Firsts = dict[_Place, dict[int, Observation]]
_Others = dict[_Place, dict[int, list[Observation]]]


def _by_what(books: Sequence[BookReading], whats: _Numbered) -> tuple[_Firsts, _Others, set[_Unit]]:
    """By what they measure: the first observation of each key, and those received after it, which
    few keys have. In two steps, and by position: there are very many. And, while they are at hand,
    the orgs and periods of which more than one file of a day may have figures."""
    firsts: _Firsts = defaultdict(dict)
    others: _Others = {}
    bringer: dict[_Unit, str] = {}
    twice: set[_Unit] = set()
    for book in books:
        for sheet in book.sheets:
            rows = sheet.observations
            numbers = map(whats.__getitem__, map(_WHAT, rows))
            for place, what, one in zip(map(_PLACE, rows), numbers, rows, strict=True):
                if firsts[place].setdefault(what, one) is not one:
                    others.setdefault(place, {}).setdefault(what, []).append(one)
            # Every org by every period of a sheet: more than it has, but told many times faster.
            for org, period in product(set(map(_ORG, rows)), set(map(_PERIOD, rows))):
                unit = (book.received, org, period)
                if bringer.setdefault(unit, book.file) != book.file:
                    twice.add(unit)
    return firsts, others, twice


def _ranks(whats: _Numbered) -> list[int]:
    """By number the place in the order of all; against none stands before against some."""
    order = sorted(whats, key=lambda what: (what[0], what[1], what[2] or "", what[3]))
    ranks = [0] * len(order)
    for rank, what in enumerate(order):
        ranks[whats[what]] = rank
    return ranks


def _key(one: Observation) -> _Key:
    """What is measured, in a form that can be sorted."""
    return (one[1], one[2], one[3], one[4], one[5] or "", one[7])


def _counts(
    books: Sequence[BookReading], moved: set[_Cell]
) -> dict[tuple[str, str], dict[str, int]]:
    counts: dict[tuple[str, str], dict[str, int]] = {}
    at: dict[tuple[str, str], set[str]] = {}
    for file, name, cell in moved:
        at.setdefault((file, name), set()).add(cell)
    for book in books:
        for sheet in book.sheets:
            place = (book.file, sheet.sheet)
            cells = at.get(place, set())
            if cells:  # of several figures in one cell another may have been held before
                cells -= {one.cell for one in sheet.observations if one.held}
            shift = len(cells)
            counts[place] = {
                **sheet.counts,
                "kept": sheet.counts["kept"] - shift,
                "held": sheet.counts["held"] + shift,
            }
    return counts


# -- observations ------------------------------------------------------------------------------


def _settle_key(
    received: list[Observation], teller: _Teller, findings: list[Finding],
    moved: set[_Cell],
) -> list[Observation]:  # fmt: skip
    """The vintages of one key. `received` is in order of day, file, sheet and cell."""
    rows: list[Observation] = []
    current: Observation | None = None
    waiting: list[Observation] = []  # a conflict that no later day has settled yet
    held_before: Observation | None = None
    for day in dict.fromkeys(one.received for one in received):
        today = [one for one in received if one.received == day]
        free = [one for one in today if not one.held]
        for one in _distinct([one for one in today if one.held]):
            if not _among(one, free) and not (
                held_before and _content(held_before) == _content(one)
            ):
                rows.append(one)
            held_before = one
        said = [one for one in free if one.word not in _ABSENT] or free
        distinct = _distinct(said)
        if len(distinct) > 1 and distinct[0].word not in _ABSENT:
            waiting = [one._replace(held=True) for one in distinct]
            rows.extend(waiting)
            moved.update((one.file, one.sheet, one.cell) for one in said)
            continue
        if not distinct:
            continue
        new = distinct[0]
        if new.word in _ABSENT and (current is not None or waiting):
            continue
        if current is not None and not waiting and _content(new) == _content(current):
            continue
        old = waiting or ([current] if current is not None and current.word not in _ABSENT else [])
        if old:
            findings.append(_revised(old, new, teller))
        waiting = []
        current = new
        rows.append(new)
    if waiting:
        findings.append(_conflict(waiting, teller))
    return rows


def _content(one: Observation) -> _Content:
    return (one.value, one.word)


def _among(one: Observation, others: Sequence[Observation]) -> bool:
    return any(_content(one) == _content(other) for other in others)


def _distinct(ones: Sequence[Observation]) -> list[Observation]:
    found: list[Observation] = []
    for one in ones:
        if not _among(one, found):
            found.append(one)
    return found


def _conflict(waiting: Sequence[Observation], teller: _Teller) -> Finding:
    first, *others = waiting
    cells = "；".join(f"{_origin(one)}为{_shown(one)}" for one in waiting[:_NAMED_CELLS])
    if len(waiting) > _NAMED_CELLS:
        cells += f"；等{len(waiting)}处"
    return finding(
        "conflict", "hard",
        f"{teller.about(first)}在{first.received.isoformat()}同一天收到不同的数：{cells}",
        "请核实哪一个对，由报送单位另日重报；在此之前都不采用",
        file=first.file, sheet=first.sheet, cell=first.cell, indicator=first.indicator,
        org=first.org, period=first.period, expected=_shown(first),
        found="、".join(_shown(one) for one in others),
        obs_ids=tuple({one.obs_id for one in waiting}),
        discriminator=_discriminator(first),
    )  # fmt: skip


def _revised(old: Sequence[Observation], new: Observation, teller: _Teller) -> Finding:
    before = "、".join(f"{_shown(one)}（{one.received.isoformat()} {_origin(one)}）" for one in old)
    return finding(
        "revised", "soft",
        f"{teller.about(new)}改了数：原为{before}，{new.received.isoformat()}报为{_shown(new)}",
        "以后收到的为准；如不是有意修订，请报送单位核实",
        file=new.file, sheet=new.sheet, cell=new.cell, indicator=new.indicator, org=new.org,
        period=new.period, expected="、".join(_shown(one) for one in old), found=_shown(new),
        obs_ids=tuple({one.obs_id for one in (*old, new)}),
        discriminator=_discriminator(new),
    )  # fmt: skip


def _discriminator(one: Observation) -> str:
    return "|".join((one.facet, one.against or "", one.track))


def _origin(one: Observation) -> str:
    sheet = f"［{one.sheet}］" if one.sheet else ""
    return f"{one.file}{sheet}{one.cell}"


def _shown(one: Observation) -> str:
    if one.value is None:
        return OBS_WORD_NAMES.get(one.word or "", "空")
    return f"{one.value:f}{one.unit}"


class _Teller:
    """Prints keys with names where they are known."""

    def __init__(self, names: Names | None) -> None:
        self.rulebook = names.rulebook if names else None

    def org(self, org: str) -> str:
        return self.rulebook.names_of([org])[0] if self.rulebook else org

    def indicator(self, indicator: str) -> str:
        return self.rulebook.names_of([indicator])[0] if self.rulebook else indicator

    def about(self, one: Observation) -> str:
        period = print_period(Period.from_id(one.period))
        facet = FACET_NAMES.get(one.facet, one.facet)
        track = "" if one.track == "flash" else f"（{TRACK_NAMES.get(one.track, one.track)}）"
        return f"{self.org(one.org)}{period}{self.indicator(one.indicator)}{facet}{track}"


# -- two files for one unit ----------------------------------------------------------------------


def _duplicate_units(
    books: Sequence[BookReading], twice: set[_Unit], teller: _Teller
) -> list[Finding]:
    """Files of one day that bring at least half of the same figures of an org and period, of those
    that more than one file may have."""
    groups = _contents_by_file(books, twice)
    pairs: dict[_Unit, list[tuple[str, str, int, int]]] = defaultdict(list)
    for (day, org, period), files in groups.items():
        listed = sorted(files)
        for at, first in enumerate(listed):
            for second in listed[at + 1 :]:
                shared = files[first].keys() & files[second].keys()
                if len(shared) * 2 >= len(files[first].keys() | files[second].keys()):
                    unequal = sum(files[first][k] != files[second][k] for k in shared)
                    pairs[day, first, second].append((org, period, len(shared), unequal))
    return [_duplicate(key, pairs[key], teller) for key in sorted(pairs)]


def _contents_by_file(
    books: Sequence[BookReading], units: set[_Unit]
) -> dict[_Unit, dict[str, dict[_Key, _Content]]]:
    groups: dict[_Unit, dict[str, dict[_Key, _Content]]] = {}
    if not units:
        return groups
    for book in books:
        for sheet in book.sheets:
            for one in sheet.observations:
                unit = (one.received, one.org, one.period)
                if unit in units:
                    files = groups.setdefault(unit, {})
                    files.setdefault(book.file, {})[_key(one)] = _content(one)
    return groups


def _duplicate(
    key: tuple[date, str, str], shared: list[tuple[str, str, int, int]], teller: _Teller
) -> Finding:
    day, first, second = key
    orgs = sorted({org for org, _, _, _ in shared})
    periods = sorted({period for _, period, _, _ in shared})
    total = sum(count for _, _, count, _ in shared)
    unequal = sum(count for _, _, _, count in shared)
    who = teller.org(orgs[0]) if len(orgs) == 1 else f"{len(orgs)}个单位"
    state = f"其中{unequal}个不相同（见 conflict）" if unequal else "数都相同"
    return finding(
        "duplicate_unit", "soft",
        f"{day.isoformat()}收到两份{who}的报表：{first}与{second}，有{total}个相同的指标项，{state}",
        "请核实是不是重复报送，只留一份",
        file=second, org=orgs[0] if len(orgs) == 1 else "",
        period=periods[0] if len(periods) == 1 else "", expected=first, found=second,
        discriminator=first,
    )  # fmt: skip


# -- targets -------------------------------------------------------------------------------------


def _settle_targets(
    books: Sequence[BookReading], teller: _Teller, findings: list[Finding],
    moved: set[_Cell],
) -> list[Target]:  # fmt: skip
    by_key: dict[tuple[object, ...], list[Target]] = defaultdict(list)
    for book in books:
        for sheet in book.sheets:
            for one in sheet.targets:
                by_key[one.place].append(one)
    standing: list[Target] = []
    for key in sorted(by_key, key=str):
        target = _standing(by_key[key], teller, findings)
        if target is not None:
            standing.append(target)
        else:
            moved.update(_cells_of_last_day(by_key[key]))
    return standing


def _cells_of_last_day(received: list[Target]) -> Iterator[_Cell]:
    """The cells of targets that contradict each other: the value's, and beside it that of the
    tolerance, whose place a target does not keep."""
    last = max(one.received for one in received)
    for one in received:
        if one.received == last:
            yield one.file, one.sheet, one.cell
            if one.tolerance is not None:
                yield one.file, one.sheet, f"{one.cell} 容差"


def _standing(received: list[Target], teller: _Teller, findings: list[Finding]) -> Target | None:
    """The target that stands after the last day; None while two of one day contradict."""
    current: Target | None = None
    waiting: list[Target] = []
    for day in dict.fromkeys(one.received for one in received):
        distinct: list[Target] = []
        for one in received:
            if one.received == day and not any(_wants(one) == _wants(o) for o in distinct):
                distinct.append(one)
        if len(distinct) > 1:
            waiting = distinct
            continue
        new = distinct[0]
        if current is not None and _wants(new) == _wants(current) and not waiting:
            continue
        old = waiting or ([current] if current else [])
        if old:
            findings.append(_target_finding("revised", old, new, teller))
        current, waiting = new, []
    if waiting:
        findings.append(_target_finding("conflict", waiting[:-1], waiting[-1], teller))
        return None
    return current


def _wants(one: Target) -> tuple[object, ...]:
    return (one.comparator, one.value, one.tolerance, one.word, one.text)


def _target_finding(code: str, old: Sequence[Target], new: Target, teller: _Teller) -> Finding:
    about = f"{teller.org(new.org)}{new.year}年{teller.indicator(new.indicator)}目标"
    before = "、".join(f"{_target_shown(one)}（{_target_origin(one)}）" for one in old)
    after = f"{_target_shown(new)}（{_target_origin(new)}）"
    if code == "conflict":
        message = f"{about}同一天收到不同的数：{before}、{after}"
        action = "请核实哪一个对，另日重报目标表；在此之前都不采用"
    else:
        message = f"{about}改了：原为{before}，现为{after}"
        action = "以后收到的为准；如不是有意调整，请核实目标表"
    named = ("target", new.tier, new.kind, new.period, new.against)
    return finding(
        code, "hard" if code == "conflict" else "soft", message, action, file=new.file,
        sheet=new.sheet, cell=new.cell, indicator=new.indicator, org=new.org,
        period=f"{new.year}-01/12", expected="、".join(_target_shown(one) for one in old),
        found=_target_shown(new), discriminator="|".join(filter(None, named)),
    )  # fmt: skip


def _target_shown(one: Target) -> str:
    if one.text:
        return f"“{one.text}”"
    return "未下达" if one.value is None else f"{one.value:f}{one.unit}"


def _target_origin(one: Target) -> str:
    sheet = f"［{one.sheet}］" if one.sheet else ""
    return f"{one.file}{sheet}{one.cell}"
