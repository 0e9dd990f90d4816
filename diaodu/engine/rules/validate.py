"""Entries of a rulebook as they were read → models, and every fault found on the way.

The door hands over plain texts with their lines (`Entry`); nothing is read from disk here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from diaodu.engine.rules import models, models_warnings
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.messages import Error, Path, missing_key, say
from diaodu.engine.rules.patch import (
    STAND_IN,
    errors_of,
    inside,
    is_doubtful,
    model_in,
    patched,
)

KINDS: dict[str, type[models.Model]] = {
    "orgs": models.Org,
    "indicators": models.Indicator,
    "sources": models.Source,
    "checks": models.Check,
    "lights": models.LightTable,
    "calendar": models.CalendarEntry,
    "outlines": models.Outline,
    "uses": models.Uses,
    "breaks": models.Break,
    "corrections": models.Correction,
    "breakdowns": models.Breakdown,
    "standings": models.Standing,
    "paces": models.Pace,
    "bands": models.BandSet,
    "shapes": models.Shape,
    "ladders": models.Ladder,
    "warnings": models_warnings.WarningRule,
    "gates": models.Gate,
    "holidays": models.HolidayCalendar,
}
# Models have a usual value for these, so that they are easily made; a rulebook says them.
REQUIRED: dict[str, tuple[str, ...]] = {
    "indicators": ("facets", "direction", "decimals", "cadence", "january"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one file: texts, lists and mappings of texts, None for an empty value.

    `lines` maps the path of a key or list item (("codes", 0, "from")) to its line from 1;
    the empty path is the entry itself.
    """

    kind: str
    file: str
    data: Mapping[str, Any]
    lines: Mapping[Path, int]

    def line(self, path: Path = ()) -> int:
        """The line of a path, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def fault(self, path: Path, message: str, action: str) -> Fault:
        return Fault(self.file, self.line(path), dotted(path), message, action)


def dotted(path: Path) -> str:
    """match.title, rules.2.light: positions count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


M = TypeVar("M", bound=models.Model)


class Made(NamedTuple, Generic[M]):
    """A model and the entry it was made from; `patches` are the places that are not the
    entry's own."""

    model: M
    entry: Entry
    patches: frozenset[Path] = frozenset()

    def fault(self, path: Path, message: str, action: str) -> Iterator[Fault]:
        """The fault, or nothing where it may come from a patch: that has a fault of its own."""
        if STAND_IN not in message and not is_doubtful(path, self.patches):
            yield self.entry.fault(path, message, action)

    def is_patched(self, *path: str | int) -> bool:
        return any(path[: len(one)] == one for one in self.patches)

    def gives(self, key: str) -> bool:
        """Whether the file says something for a key, sound or not."""
        return self.entry.data.get(key) is not None


@dataclass
class Entries:
    """All entries by kind, in the order in which they were read; unsound ones patched.

    `declared` holds every id of a kind, also of entries beyond repair, so that one fault does not
    make others of everything that refers to it.
    """

    orgs: list[Made[models.Org]] = field(default_factory=list)
    indicators: list[Made[models.Indicator]] = field(default_factory=list)
    sources: list[Made[models.Source]] = field(default_factory=list)
    checks: list[Made[models.Check]] = field(default_factory=list)
    lights: list[Made[models.LightTable]] = field(default_factory=list)
    calendar: list[Made[models.CalendarEntry]] = field(default_factory=list)
    outlines: list[Made[models.Outline]] = field(default_factory=list)
    uses: list[Made[models.Uses]] = field(default_factory=list)
    breaks: list[Made[models.Break]] = field(default_factory=list)
    corrections: list[Made[models.Correction]] = field(default_factory=list)
    breakdowns: list[Made[models.Breakdown]] = field(default_factory=list)
    standings: list[Made[models.Standing]] = field(default_factory=list)
    paces: list[Made[models.Pace]] = field(default_factory=list)
    bands: list[Made[models.BandSet]] = field(default_factory=list)
    shapes: list[Made[models.Shape]] = field(default_factory=list)
    ladders: list[Made[models.Ladder]] = field(default_factory=list)
    warnings: list[Made[models_warnings.WarningRule]] = field(default_factory=list)
    gates: list[Made[models.Gate]] = field(default_factory=list)
    holidays: list[Made[models.HolidayCalendar]] = field(default_factory=list)
    declared: dict[str, dict[str, Entry]] = field(default_factory=dict)


def validate(entries: Iterable[Entry]) -> tuple[Entries, list[Fault]]:
    """Each entry against the model of its kind, and ids against each other."""
    found = Entries()
    faults: list[Fault] = []
    for entry in entries:
        faults.extend(_same_id(entry, found.declared.setdefault(entry.kind, {})))
        made, wrong = _made(entry)
        faults.extend(wrong)
        if made is not None:
            getattr(found, entry.kind).append(made)
    return found, faults


def _same_id(entry: Entry, declared: dict[str, Entry]) -> Iterator[Fault]:
    identity = entry.data.get("id")
    if not isinstance(identity, str):
        return
    first = declared.setdefault(identity, entry)
    if first is not entry:
        where = f"{first.file}:{first.line(('id',))}"
        yield entry.fault(
            ("id",), f"编号“{identity}”重复，{where} 已有", "改成不同的编号，或删去其中一个"
        )


def _made(entry: Entry) -> tuple[Made[Any] | None, list[Fault]]:
    kind = KINDS[entry.kind]
    faults = [
        entry.fault((key,), *missing_key(key, _keys(kind)[key]))
        for key in REQUIRED.get(entry.kind, ())
        if key not in entry.data
    ]
    try:
        model = kind.model_validate(entry.data, by_alias=True, by_name=False)
    except ValidationError as error:
        faults.extend(_said(entry, kind, error))
        repaired = patched(kind, entry.data)
        made = None if repaired.model is None else Made(repaired.model, entry, repaired.paths)
        return made, faults
    return Made(model, entry), faults


def _said(entry: Entry, kind: type[models.Model], error: ValidationError) -> Iterator[Fault]:
    seen: set[Path] = set()
    for path, one in errors_of(error, entry.data):
        if path in seen:
            continue  # the second branch of “a number or a text”
        seen.add(path)
        wrong = Error(one["type"], path, one.get("input"), one.get("ctx", {}))
        yield entry.fault(path, *say(wrong, _keys_at(kind, path)))


@cache
def _keys(model: type[BaseModel]) -> dict[str, str]:
    """Keys as written in a file → what they mean."""
    return {
        field.alias or name: field.description or "" for name, field in model.model_fields.items()
    }


def _keys_at(model: type[models.Model], path: Path) -> dict[str, str]:
    """The keys that may stand where the last step of a path stands."""
    annotation: Any = model
    for step in path[:-1]:
        annotation = inside(annotation, step)
    return _keys(model_in(annotation) or model)


def version_of(files: Mapping[str, str]) -> str:
    """A digest of paths and contents, the same wherever the folder lies."""
    text = "\n".join(f"{path} {content}" for path, content in sorted(files.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
