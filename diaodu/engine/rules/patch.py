"""An unsound entry patched up, so that its sound parts can still be held against other entries.

What is at fault is taken out, or where the model needs it, replaced by a stand-in. A patched
entry never becomes part of a rulebook: it has faults, and a rulebook with faults is not built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from diaodu.engine.rules.messages import Path

# Stands for a text that is not known; no file can hold this character.
STAND_IN = "\x00"
# Each round mends what the last one brought to light (a key of a group that was missing).
_MOST_ROUNDS = 5


class Patched(NamedTuple):
    """`model` is None where the entry is beyond repair; `paths` were taken out or stood in for."""

    model: Any
    paths: frozenset[Path]


def patched(kind: type[BaseModel], data: Mapping[str, Any]) -> Patched:
    """The entry as a model, its faulty parts patched."""
    content: Any = _copy(data)
    paths: set[Path] = set()
    for _ in range(_MOST_ROUNDS):
        try:
            model = kind.model_validate(content, by_alias=True, by_name=False)
        except ValidationError as error:
            found = {place for place, _ in errors_of(error, content)}
            paths |= found
            for path in sorted(found, key=len, reverse=True):
                content = _mended(kind, content, path)
        else:
            return Patched(model, frozenset(paths))
    return Patched(None, frozenset(paths))


def _copy(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _copy(value) for key, value in data.items()}
    return [_copy(value) for value in data] if isinstance(data, list) else data


def errors_of(error: ValidationError, data: Any) -> Iterator[tuple[Path, ErrorDetails]]:
    """Each error with the path of what was written. Left out is a list that is too short only
    because each of its items has an error of its own."""
    for one in error.errors(include_url=False):
        if one["type"] != "too_short" or not one["input"]:
            yield one["loc"] if one["type"] == "missing" else _written(data, one["loc"]), one


def _written(data: Any, path: Path) -> Path:
    """pydantic's location without the steps that are only pydantic's (the branch of a union)."""
    for depth, step in enumerate(path):
        held = dict(enumerate(data)) if isinstance(data, list) else data
        if not isinstance(held, Mapping) or step not in held:
            return path[:depth]
        data = held[step]
    return path


def _mended(kind: type[BaseModel], content: Any, path: Path) -> Any:
    """The content with the part at `path` taken out or replaced."""
    if not path:
        return _stand_in(kind)
    annotation: Any = kind
    holder = content
    for step in path[:-1]:
        annotation = inside(annotation, step)
        holder = holder[step]
    last = path[-1]
    model = model_in(annotation)
    field = None if model is None else _field(model, last)
    if model is not None and (field is None or not field.is_required()):
        holder.pop(last, None)
    else:
        holder[last] = _stand_in(inside(annotation, last))
    return content


def _field(model: type[BaseModel], key: str | int) -> FieldInfo | None:
    return next((f for name, f in model.model_fields.items() if (f.alias or name) == key), None)


def inside(annotation: Any, step: str | int) -> Any:
    """What a key's value or a list's item is declared as."""
    model = model_in(annotation)
    if model is not None and isinstance(step, str):
        field = _field(model, step)
        return None if field is None else field.annotation
    arguments = get_args(_bare(annotation))
    return arguments[0 if isinstance(step, int) else -1] if arguments else None


def _bare(annotation: Any) -> Any:
    """Without Annotated and None: Annotated[X, …] | None is X."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _bare(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a value is made of, None where it is a list, a mapping or plain."""
    bare = _bare(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _stand_in(annotation: Any) -> Any:
    """Something that validates; numbers are 1, which every bound of a required one allows."""
    bare = _bare(annotation)
    model = model_in(bare)
    if model is not None:
        required = ((f.alias or n, f) for n, f in model.model_fields.items() if f.is_required())
        return {key: _stand_in(field.annotation) for key, field in required}
    origin = get_origin(bare)
    if origin is Literal:
        return get_args(bare)[0]
    if origin is tuple:
        return [_stand_in(get_args(bare)[0])]
    return 1 if bare is int else STAND_IN


def is_doubtful(path: Path, paths: Iterable[Path]) -> bool:
    """Whether a fault at `path` may come from a patch: at it, below it, or one step above it."""
    return any(path[: len(one)] == one or one[:-1] == path for one in paths)
