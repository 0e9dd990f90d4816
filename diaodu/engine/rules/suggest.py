"""“是不是……？”: the nearest known word for one that is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from diaodu.engine.ground.period import normal
from diaodu.engine.rules.models import Indicator


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """The nearest of the known words, or None where none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return near[0] if near else None


def indicator_names(indicators: Mapping[str, Indicator]) -> dict[str, tuple[str, ...]]:
    """What may be written for an indicator → its ids. An id wins over a name, a name over an
    alias: only what is equal in kind is ambiguous. Names are also found without their spaces."""
    found: dict[str, tuple[str, ...]] = {identity: (identity,) for identity in indicators}
    for names in (_names, _aliases):
        same: dict[str, dict[str, None]] = {}
        for indicator in indicators.values():
            for name in names(indicator):
                for written in (name, normal(name)):
                    same.setdefault(written, {})[indicator.id] = None
        for written, ids in same.items():
            found.setdefault(written, tuple(ids))
    return found


def ids_of(names: Mapping[str, tuple[str, ...]], written: str) -> tuple[str, ...]:
    """The ids that `indicator_names` has for a text, with or without its spaces."""
    return names.get(written) or names.get(normal(written), ())


def _names(indicator: Indicator) -> tuple[str, ...]:
    return (indicator.name,)


def _aliases(indicator: Indicator) -> tuple[str, ...]:
    return indicator.aliases
