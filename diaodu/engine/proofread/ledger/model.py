"""What a text is held against: the figures of a run, as of that run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from diaodu.engine.compute.explain import Names
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.proofread.reading.folding import fold


class Facts(Protocol):
    """The look-ups in a run; what the reader may not see is not there. A finished run of
    `adapters.store` is one."""

    @property
    def names(self) -> Names: ...

    def measures_of(self, indicator: str, org: str) -> Sequence[Measure]: ...

    def targets(self, ids: Iterable[str]) -> Mapping[str, Target]: ...


@dataclass(frozen=True)
class Ledger:
    """A run and what it is about. `home`: the org meant where a text names none; `period`: the
    run's months, January to its month, meant where a text names none."""

    facts: Facts
    home: str
    period: Period

    @cached_property
    def indicators(self) -> dict[str, str]:
        """What an indicator may be called in a text → its id."""
        return _folded(self.facts.names.written.get("indicator", {}))

    @cached_property
    def orgs(self) -> dict[str, str]:
        """What an org may be called: 全县, 我县 and 本县 mean the ledger's own org, 全市 and 我市
        the one above it, unless the run itself says otherwise."""
        named = _folded(self.facts.names.written.get("org", {}))
        found: dict[str, str] = {}
        for org in (self.home, *self._above()):
            ending = self.facts.names.of(org)[-1:]
            if ending in _ENDINGS:
                for whole in "全我本":
                    found.setdefault(f"{whole}{ending}", named.get(f"全{ending}", org))
        return {**found, **named}

    def _above(self) -> list[str]:
        parents, found = self.facts.names.parents, [self.home]
        while (parent := parents.get(found[-1])) and parent not in found:
            found.append(parent)
        return found[1:]

    def measures(self, indicator: str, org: str) -> Sequence[Measure]:
        """Fetched once for each indicator and org."""
        key = (indicator, org)
        if key not in self._fetched:
            self._fetched[key] = self.facts.measures_of(indicator, org)
        return self._fetched[key]

    @cached_property
    def _fetched(self) -> dict[tuple[str, str], Sequence[Measure]]:
        return {}


_SHORTEST = 2
_ENDINGS = tuple("国省市县区州盟旗镇乡")


def _folded(written: Mapping[str, str]) -> dict[str, str]:
    """Names as they stand in a form: in one width, without spaces; ids written in letters and
    single signs are no names."""
    found = {}
    for name, identity in written.items():
        paragraphs, _ = fold(name)
        compact = "".join(one.compact for one in paragraphs)
        is_acronym = compact.isupper() and compact.isalpha()
        if len(compact) >= _SHORTEST and (is_acronym or not compact.isascii()):
            found[compact] = identity
    return found
