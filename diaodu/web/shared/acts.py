"""Reading the chain of acts: search, and what an act changed, in words.

Each room tells its words in its AppConfig: `acts` (action → what was done), `things` (thing →
what it was done to) and, for its own acts, `keys` (key of before and after → what it is called),
`values` (key → its codes → what they are called) and `compound` (of which kinds the parts of a
key like qingshi|tax|level are). `name_things` names things of its own and says where they are.
A room whose acts carry figures says which keys of them do not (`open_keys`): of all others those
who may not read every figure before its release are told that there was one, and no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.words import FACET_NAMES, OBS_TRACK_NAMES
from diaodu.web.shared.access import Access
from diaodu.web.shared.models import Act
from diaodu.web.shared.named import Named

NOTHING = "（无）"
KEPT_BACK = "数值可能还没有发布，不在这里显示"
EVERY = "*"  # the id of a thing that is all of its kind

# What the value of a key is, in the acts of every room.
_KINDS = {
    "org": "org", "orgs": "org", "parent_id": "org", "indicator": "indicator",
    "indicators": "indicator", "period": "period", "facet": "facet", "track": "track",
}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")


class Change(NamedTuple):
    """One key of an act, as it was and as it became; `before` empty: `after` says all there is to
    say."""

    key: str
    before: str
    after: str


class Names(NamedTuple):
    """What ids of orgs and indicators are called; an id that is not there is told as it is."""

    orgs: Mapping[str, str] = {}
    indicators: Mapping[str, str] = {}


NO_NAMES = Names()


class Told(NamedTuple):
    """An act in words. `more`: how many changes were left out."""

    act: Act
    action: str
    thing: str
    changes: list[Change]
    more: int
    name: str
    url: str


def search(
    *, person: str = "", thing: str = "", action: str = "", since: date | None = None,
    until: date | None = None,
) -> QuerySet[Act]:  # fmt: skip
    """Newest first. `person`: part of a name or user name; `thing`: an id, or part of it, or what
    things of that kind are called; days are included."""
    found = Act.objects.order_by("-number")
    if person:
        found = found.filter(Q(by_name__icontains=person) | Q(by__username__icontains=person))
    if thing:
        kinds = [code for code, word in things().items() if thing in word]
        found = found.filter(Q(thing_id__icontains=thing) | Q(thing__in=kinds))
    if action:
        found = found.filter(action=action)
    if since:
        found = found.filter(at__gte=_start(since))
    if until:
        found = found.filter(at__lt=_start(until + timedelta(days=1)))
    return found


def of(thing: str, id: object) -> QuerySet[Act]:
    return Act.objects.filter(thing=thing, thing_id=str(id)).order_by("-number")


def begun_by(user_id: int | None, action: str) -> list[str]:
    """Ids of the things that this user made, not merely changed, by that kind of act."""
    found = Act.objects.filter(by_id=user_id, action=action, before__isnull=True)
    return list(found.values_list("thing_id", flat=True))


def get(number: int) -> Act | None:
    return Act.objects.filter(number=number).first()


def told(
    acts: Iterable[Act], access: Access, names: Names = NO_NAMES, most: int | None = None
) -> list[Told]:
    """Acts as this reader is told of them, each with at most so many changes."""
    listed = list(acts)
    called = _called(listed, access)
    return [_told(one, called[one.thing, one.thing_id], access, names, most) for one in listed]


def _told(act: Act, called: Named, access: Access, names: Names, most: int | None) -> Told:
    found = changes(act, names, figures=access.reads_everything_early)
    kept = found if most is None else found[:most]
    return Told(
        act, actions().get(act.action, act.action), things().get(act.thing, act.thing), kept,
        len(found) - len(kept), *called,
    )  # fmt: skip


def _called(acts: Iterable[Act], access: Access) -> dict[tuple[str, str], Named]:
    """The names of the things of these acts: one look-up for each kind."""
    ids: dict[str, set[str]] = {}
    for act in acts:
        ids.setdefault(act.thing, set()).add(act.thing_id)
    found: dict[tuple[str, str], Named] = {}
    for thing, wanted in ids.items():
        told = _name_things(thing)(thing, wanted - {EVERY}, access)
        told[EVERY] = Named("全部")
        found |= {(thing, id): told.get(id) or Named(id) for id in wanted}
    return found


_NameThings = Callable[[str, set[str], Access], dict[str, Named]]


def _name_things(thing: str) -> _NameThings:
    room = next(
        (one for one in apps.get_app_configs() if thing in getattr(one, "things", ())), None
    )
    found: _NameThings = getattr(room, "name_things", lambda *_: {})
    return found


def changes(act: Act, names: Names = NO_NAMES, *, figures: bool = False) -> list[Change]:
    """What differs between before and after; keys inside keys joined by “·”. `figures`: whether
    the reader may see every figure, released or not."""
    say = _Saying(act.action.partition(".")[0], names)
    before, after = say.flat(act.before), say.flat(act.after)
    found = []
    for path in sorted({*before, *after}, key=say.place):
        was, became = before.get(path, NOTHING), after.get(path, NOTHING)
        if was == became:
            continue
        told = (was, became) if figures or say.is_open(path) else ("", KEPT_BACK)
        found.append(Change("·".join(map(say.step, path)), *told))
    return found


class _Saying:
    """The words of one room's acts."""

    def __init__(self, room: str, names: Names) -> None:
        self._keys, self._values = _words("keys", room), _words("values", room)
        self._order = {key: at for at, key in enumerate(self._keys)}
        config = apps.get_app_config(room)
        self._compound: tuple[str, ...] = getattr(config, "compound", ())
        self._open: frozenset[str] | None = getattr(config, "open_keys", None)
        self._kinds: dict[str, Mapping[str, str]] = {
            "org": names.orgs, "indicator": names.indicators, "facet": FACET_NAMES,
            "track": OBS_TRACK_NAMES,
        }  # fmt: skip

    def is_open(self, path: tuple[str, ...]) -> bool:
        return self._open is None or path[0] in self._open

    def place(self, path: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
        """Where a key is told: as the room lists its keys. A database keeps no order of its own."""
        return tuple((self._order.get(step, len(self._order)), step) for step in path)

    def step(self, step: str) -> str:
        """One key: its word, or what the parts of it name."""
        if step in self._keys:
            return str(self._keys[step])
        parts = step.split("|")
        if len(parts) > len(self._compound):
            return step
        told = (self._one(part, kind) for part, kind in zip(parts, self._compound, strict=False))
        return " ".join(one for one in told if one)

    def flat(self, content: Any) -> dict[tuple[str, ...], str]:
        return dict(self._leaves(content, ())) if content and isinstance(content, Mapping) else {}

    def _leaves(self, content: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
        if isinstance(content, Mapping) and content:
            for key, value in content.items():
                yield from self._leaves(value, (*path, str(key)))
        else:
            yield path, self._text(content, path[-1])

    def _text(self, value: Any, key: str) -> str:
        if value is None or value in ("", [], {}):
            return NOTHING
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return "、".join(self._text(one, key) for one in value)
        if isinstance(value, Mapping):
            return "　".join(f"{name} {self._text(one, name)}" for name, one in value.items())
        words = self._values.get(key, {})
        return str(words.get(value, self._one(str(value), _KINDS.get(key, ""))))

    def _one(self, text: str, kind: str) -> str:
        if kind == "period":
            return _period(text)
        if kind in self._kinds:
            return self._kinds[kind].get(text, text)
        return _when(text)


def _period(text: str) -> str:
    try:
        return print_period(Period.from_id(text), with_year=True)
    except DiaoduError:
        return text


def _when(text: str) -> str:
    """2023年6月6日, with its time where it has one; other texts as they are."""
    if _DAY.fullmatch(text):
        day = date.fromisoformat(text)
        return f"{day.year}年{day.month}月{day.day}日"
    if _MOMENT.fullmatch(text):
        at = timezone.localtime(datetime.fromisoformat(text))
        return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
    return text


def actions() -> dict[str, str]:
    return _words("acts")


def things() -> dict[str, str]:
    return _words("things")


def _words(kind: str, room: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for config in apps.get_app_configs():
        if room in (None, config.label):
            found.update(getattr(config, kind, {}))
    return found


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
