"""Reading the chain of acts: search, and what an act changed, in words.

Each room tells its words in its AppConfig: `acts` (action → what was done), `things` (thing →
what it was done to) and, for its own acts, `keys` (key of before and after → what it is called)
and `values` (key → its codes → what they are called). A room whose acts carry figures says
`acts_hold_figures = True`: to those who may not read every figure before its release they tell
who did what and to which, and no number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from diaodu.web.shared.models import Act

NOTHING = "（无）"
KEPT_BACK = "（有数，不在这里显示）"


class Change(NamedTuple):
    """One key of an act, as it was and as it became."""

    key: str
    before: str
    after: str


class Told(NamedTuple):
    """An act in words. `more`: how many changes were left out."""

    act: Act
    action: str
    thing: str
    changes: list[Change]
    more: int


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


def get(number: int) -> Act | None:
    return Act.objects.filter(number=number).first()


def told(act: Act, most: int | None = None, *, figures: bool = False) -> Told:
    """`figures`: whether the reader may see every figure, released or not."""
    found = changes(act, figures=figures)
    kept = found if most is None else found[:most]
    return Told(
        act, actions().get(act.action, act.action), things().get(act.thing, act.thing), kept,
        len(found) - len(kept),
    )  # fmt: skip


def changes(act: Act, *, figures: bool = False) -> list[Change]:
    """What differs between before and after; keys inside keys joined by “·”."""
    room = act.action.partition(".")[0]
    keys, values = _words("keys", room), _words("values", room)
    before, after = _flat(act.before, values), _flat(act.after, values)
    changed = [
        path
        for path in dict.fromkeys((*before, *after))
        if before.get(path, NOTHING) != after.get(path, NOTHING)
    ]
    if not figures and getattr(apps.get_app_config(room), "acts_hold_figures", False):
        before, after = _kept_back(before, values), _kept_back(after, values)
    return [
        Change(
            "·".join(keys.get(step, step) for step in path),
            before.get(path, NOTHING), after.get(path, NOTHING),
        )
        for path in changed
    ]  # fmt: skip


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


def _flat(content: Any, values: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, ...], str]:
    return dict(_leaves(content, (), values)) if content and isinstance(content, Mapping) else {}


def _kept_back(
    told: Mapping[tuple[str, ...], str], values: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, ...], str]:
    """Words of a closed list stay; whatever else may hold a figure is only said to be there."""
    return {
        path: text if text == NOTHING or path[-1] in values else KEPT_BACK
        for path, text in told.items()
    }


def _leaves(
    content: Any, path: tuple[str, ...], values: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(content, Mapping) and content:
        for key, value in content.items():
            yield from _leaves(value, (*path, str(key)), values)
    else:
        words = values.get(path[-1], {}) if path else {}
        yield (
            path,
            words[content] if isinstance(content, str) and content in words else _text(content),
        )


def _text(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_text(one) for one in value)
    if isinstance(value, Mapping):
        return "　".join(f"{key} {_text(one)}" for key, one in value.items())
    return str(value)
