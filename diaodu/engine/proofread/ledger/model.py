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
        """What an org may be called; where 全县 is one, so are 我县 and 本县."""
        found = _folded(self.facts.names.written.get("org", {}))
        whole = {name: org for name, org in found.items() if name[0] == "全" and len(name) == 2}
        near = {f"{own}{name[1:]}": org for name, org in whole.items() for own in "我本"}
        return {**near, **found}

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
