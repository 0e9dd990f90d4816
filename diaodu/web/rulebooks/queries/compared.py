"""What differs between two versions, entry by entry and key by key."""

from __future__ import annotations

from typing import NamedTuple

from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.rulebooks.models import File, Version
from diaodu.web.rulebooks.queries import described, stored
from diaodu.web.rulebooks.queries.described import PARTS, Shown


class KeyChange(NamedTuple):
    """One key of an entry; empty where it is left open."""

    label: str
    before: str
    after: str


class EntryChange(NamedTuple):
    shown: Shown
    keys: tuple[KeyChange, ...]


class PartChanges(NamedTuple):
    kind: str
    title: str
    added: tuple[Shown, ...]
    removed: tuple[Shown, ...]
    changed: tuple[EntryChange, ...]
    moved: bool  # the same entries in another order

    @property
    def number(self) -> int:
        return len(self.added) + len(self.removed) + len(self.changed)


class Step(NamedTuple):
    """What a published version did to an entry: added, changed or removed it."""

    version: Version
    what: str
    keys: tuple[KeyChange, ...]


def changes(old: Rulebook | None, new: Rulebook) -> list[PartChanges]:
    """The parts in which anything differs."""
    found = [_part(kind, title, old, new) for kind, title in PARTS.items()]
    return [one for one in found if one.number or one.moved]


def _part(kind: str, title: str, old: Rulebook | None, new: Rulebook) -> PartChanges:
    before = {one.id: one for one in described.entries(old, kind)} if old else {}
    after = {one.id: one for one in described.entries(new, kind)}
    changed = [
        EntryChange(one, _keys(old, before[id], new, one))
        for id, one in after.items()
        if old is not None and id in before and before[id].model != one.model
    ]
    both = [id for id in after if id in before]
    return PartChanges(
        kind, title,
        tuple(one for id, one in after.items() if id not in before),
        tuple(one for id, one in before.items() if id not in after),
        tuple(changed),
        both != [id for id in before if id in after],
    )  # fmt: skip


def _keys(old: Rulebook, before: Shown, new: Rulebook, after: Shown) -> tuple[KeyChange, ...]:
    was = {line.key: line for line in described.lines(old, before.model)}
    now = {line.key: line for line in described.lines(new, after.model)}
    return tuple(
        KeyChange(
            (now.get(key) or was[key]).label,
            was[key].text if key in was else "",
            now[key].text if key in now else "",
        )
        for key in dict.fromkeys((*was, *now))
        if (was[key].text if key in was else None) != (now[key].text if key in now else None)
    )


def history(kind: str, id: str) -> list[Step]:
    """What the published versions did to one entry, newest first.

    A version whose files of that part are those of the one before is not opened for it.
    """
    found: list[Step] = []
    before: tuple[Rulebook, Shown | None] | None = None
    known: set[tuple[str, str]] | None = None
    for one in stored.published().select_related("published_by").reverse():
        texts = set(
            File.objects.filter(version=one, path__startswith=f"{kind}/").values_list(
                "path", "sha256"
            )
        )
        if texts == known:
            continue
        known = texts
        rulebook = stored.rulebook_of(one.id)
        now = described.entry(rulebook, kind, id)
        step = _step(one, before, rulebook, now)
        if step is not None:
            found.append(step)
        before = (rulebook, now)
    return found[::-1]


def _step(
    version: Version, before: tuple[Rulebook, Shown | None] | None, rulebook: Rulebook,
    now: Shown | None,
) -> Step | None:  # fmt: skip
    was = before[1] if before else None
    if was is None and now is None:
        return None
    if was is None:
        return Step(version, "新增", ())
    if now is None:
        return Step(version, "删去", ())
    if was.model == now.model:
        return None
    assert before is not None
    return Step(version, "改动", _keys(before[0], was, rulebook, now))
