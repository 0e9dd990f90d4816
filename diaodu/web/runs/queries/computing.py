"""From what is on file to results: the engine's flow over the desk's figures.

Nothing here looks at who asks: scope and embargo are decided where results are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import narwhals as nw

from diaodu.adapters import frames
from diaodu.engine import flow
from diaodu.engine.compute.changed import rests_on
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Target
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.check import CODES, EVERY_PERIOD_UP_TO
from diaodu.web.figures import queries as figures
from diaodu.web.rulebooks import queries as rulebooks

# Points of a row's history.
HISTORY = 36
# Years that the history, its last years and the checks of its newest months look back to.
_LOOK_BACK = 5
# Indicators read at a time: records are large, frames are not.
_AT_ONCE = 20


@dataclass(frozen=True)
class Basis:
    """What a computation rests on: rules, figures up to an act of recording, and the day."""

    version_id: int
    rulebook: Rulebook
    entry: int
    as_of: date
    every_period: bool


def basis_now(as_of: date) -> Basis:
    """Everything recorded so far under the rules in force. Raises NoRulebook."""
    version = rulebooks.current_version()
    few = figures.standing().count() <= EVERY_PERIOD_UP_TO
    rulebook = rulebooks.rulebook_of(version.id)
    return Basis(version.id, rulebook, figures.last_entry(), as_of, few)


def on_file(
    basis: Basis, *, indicators: Collection[str] | None = None, since: int | None = None,
    orgs: Collection[str] | None = None,
) -> flow.OnFile:  # fmt: skip
    """The figures (of some indicators and orgs; of periods ending in a year from `since` on) and
    the targets."""
    chosen = list(basis.rulebook.indicators if indicators is None else indicators)
    years = None if since is None else range(since, basis.as_of.year + 1)
    parts = [
        figures.frame(
            indicators=some, years=years, as_of=basis.as_of, up_to_entry=basis.entry, orgs=orgs
        )
        for some in _parts(chosen)
    ]  # fmt: skip
    observations = nw.concat(parts) if parts else frames.observation_frame([])
    observations = observations.filter(nw.col("org").is_in(list(basis.rulebook.orgs)))
    return flow.OnFile(observations, _targets(basis, chosen), _still_held(basis, observations))


def whole_file(basis: Basis) -> flow.OnFile:
    """Everything on file, with all that was found while it came in."""
    filed = on_file(basis)
    held = {one.id for one in filed.findings}
    found = [
        one for one in told(basis) if one.severity == "soft" or not one.obs_ids or one.id in held
    ]
    return replace(filed, findings=found)


def _still_held(basis: Basis, observations: frames.Frame) -> list[Finding]:
    """What imports found about figures that are held to this day."""
    held = _held_ids(observations)
    if not held:
        return []
    return [
        one for one in told(basis) if one.severity == "hard" and not held.isdisjoint(one.obs_ids)
    ]


def _held_ids(observations: frames.Frame) -> set[str]:
    """Held, and no later figure of the same key is not."""
    key = ["indicator", "org", "period", "facet", "against", "track"]
    rows = observations.with_columns(against=nw.col("against").fill_null(""))
    held = rows.filter(nw.col("held")).select(*key, "obs_id", "received")
    if not len(held):
        return set()
    free = rows.filter(~nw.col("held")).select(*key, later="received")
    settled = held.join(free, on=key).filter(nw.col("later") >= nw.col("received"))
    return set(held["obs_id"].to_list()) - set(settled["obs_id"].to_list())


def told(basis: Basis) -> list[Finding]:
    """What was found while the figures came in. What checks said then is not repeated: the run
    checks all that is on file."""
    rows = figures.found_by_imports(basis.entry)
    found = (Finding._make((*row[:-1], tuple(row[-1]))) for row in rows)
    return [one for one in found if one.code not in CODES]


def _targets(basis: Basis, indicators: Collection[str]) -> list[Target]:
    found = figures.targets(indicators=indicators, as_of=basis.as_of, up_to_entry=basis.entry)
    return [one for one in found if one.org in basis.rulebook.orgs]


def _parts(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]


def live_results(
    basis: Basis, months: Collection[Period], changed: Collection[str] | None = None, *,
    of_targets: bool = False,
) -> tuple[Sequence[Target], list[flow.Results]]:  # fmt: skip
    """The results of some months, and the targets they were held against; with `changed`, as far
    as a change of these reaches, with `of_targets` a change of their targets alone."""
    wanted = None if changed is None else flow.read_for(basis.rulebook, changed)
    filed = on_file(basis, indicators=wanted, since=_since(basis, months))
    results = flow.run_months(
        filed, basis.rulebook, sorted(months), basis.as_of, frames,
        all_periods=basis.every_period, history=HISTORY, changed=changed, of_targets=of_targets,
    )  # fmt: skip
    return filed.targets, results


def computed_near(
    basis: Basis, month: Period, indicator: str, org: str
) -> tuple[flow.OnFile, flow.Results]:
    """What a trace from one row walks over. An org's counts (no indicator) walk over its own
    headline figures alone."""
    rulebook = basis.rulebook
    orgs = None
    if indicator:
        changed = flow.read_for(rulebook, [indicator])
    else:
        changed = frozenset(one.id for one in rulebook.headlines)
        orgs = [org, *(one.id for one in rulebook.children(org, month.end))]
    wanted = flow.read_for(rulebook, changed)
    filed = on_file(basis, indicators=wanted, since=_since(basis, [month]), orgs=orgs)
    [results] = flow.run_months(
        filed, rulebook, [month], basis.as_of, frames, all_periods=basis.every_period,
        history=0, changed=changed,
    )  # fmt: skip
    return flow.corrected(filed, rulebook, basis.as_of, is_all=False), results


def _since(basis: Basis, months: Collection[Period]) -> int | None:
    """Checks that look at every period need every period."""
    return None if basis.every_period else min(months).year - _LOOK_BACK


class Releases:
    """When what a row gives away is public: its own figures and those it rests on."""

    def __init__(self, version_id: int, rulebook: Rulebook) -> None:
        self._embargo = figures.Embargo(version_id)
        self._rests_on = rests_on(rulebook)

    def of(
        self, periods: Mapping[str, str], horizon: Mapping[str, str]
    ) -> dict[str, datetime | None]:
        """indicator → moment, each at its period; what it rests on, at that of the `horizon`."""
        keys = {
            name: {(name, period)}
            | {(one, horizon[one]) for one in self._rests_on.get(name, ()) if one in horizon}
            for name, period in periods.items()
        }  # fmt: skip
        return {name: latest(self._embargo.until(*key) for key in keys[name]) for name in keys}


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((one for one in moments if one is not None), default=None)
