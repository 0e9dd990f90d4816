"""Where a number of a run comes from, as far as the reader may follow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from diaodu.adapters import frames
from diaodu.adapters.run_out import names_told
from diaodu.adapters.store import open_run
from diaodu.engine import flow
from diaodu.engine.compute.book import to_measures
from diaodu.engine.compute.explain import ExplainError, Names, Node, Other, explain
from diaodu.engine.compute.explain import Run as Lookups
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure, Observation, Target
from diaodu.engine.ground.words import CORRECTED
from diaodu.engine.rules.cross_figures import period_of
from diaodu.engine.rules.models import Correction
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.own_tracks import act
from diaodu.web.figures import queries as figures
from diaodu.web.intake import queries as intake
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs.models import Run
from diaodu.web.runs.queries.computing import Basis, computed_near
from diaodu.web.runs.queries.rows import row, rulebook_of
from diaodu.web.shared.access import Access

_KEPT = 8  # computations a process holds
OUT_OF_SCOPE = "不在您的查看范围"
NOT_RELEASED = "未发布"


@dataclass(frozen=True)
class Place:
    """The cell a figure stands in, who reported it (of an import: who brought it in) and when it
    was on file. `signed`: (what as, who) of a return, `reviewer`: who accepted it. `figure`: its id
    in 数据, where the reader may open it."""

    file: str
    sheet: str
    cell: str
    value_given: str
    unit_given: str
    received: date
    figure: int | None = None
    person: str = ""
    entered_at: datetime | None = None
    document: str = ""
    reason: str = ""
    signed: tuple[tuple[str, str], ...] = ()
    reviewer: str = ""


@dataclass(frozen=True)
class TraceNode:
    """One number and what it was made of. `hidden`: the reader may not see it; `shown` says
    why."""

    key: str
    kind: str
    title: str
    shown: str
    unit: str
    word: str | None
    formula: str
    hidden: bool
    place: Place | None
    inputs: tuple[TraceNode, ...]
    others: tuple[Other, ...] = ()


def trace(
    run: Run, access: Access, now: datetime, *, indicator: str, org: str,
    measure: str | None = None,
) -> TraceNode | None:  # fmt: skip
    """The tree under a measure (an id, a key or its end); None where there is no such row or
    measure, or the reader may not see it (yet)."""
    view = row(run, access, now, indicator=indicator, org=org)
    if view is None or view.embargoed:
        return None
    rulebook = rulebook_of(run)
    inner = (
        _stored(run, rulebook, indicator)
        if run.number
        else _live(run, view.seq, indicator, "" if indicator else org)
    )
    seen = _Seen(inner, run, rulebook, access, now)
    try:
        node = explain(seen, indicator or "-", org, Period.from_id(view.period), measure)
    except ExplainError:
        return None
    if node.key.partition("|")[0] != indicator:  # the org's counts: a row of their own
        return None
    leaves = list(_leaves(node))
    entered = _entered(run, access, now, leaves) | _put_right(run, rulebook, leaves)
    return _told(node, entered)


def folder_of(run: Run) -> Path:
    """Where a frozen run's files lie."""
    return Path(settings.DIAODU_HOME) / "runs" / str(run.number)


def _stored(run: Run, rulebook: Rulebook, indicator: str) -> Lookups:
    near = flow.read_for(rulebook, [indicator]) if indicator else frozenset()
    return open_run(folder_of(run), near)


# -- a live run has no files: what the tree needs is computed again ----------------------------


def _live(run: Run, seq: int, indicator: str, org: str) -> Lookups:
    return live_lookups(
        run.version_id, run.period, run.as_of, run.every_period, seq, indicator, org
    )


@lru_cache(maxsize=_KEPT)
def live_lookups(
    version_id: int, period: str, as_of: date, every_period: bool, seq: int, indicator: str,
    org: str,
) -> Lookups:  # fmt: skip
    """Kept for the reader who asks about one figure of a page after another. `seq`: the act of
    recording up to which the row's figures are in; while it stays, nothing it rests on changed."""
    basis = Basis(version_id, rulebooks.rulebook_of(version_id), seq, as_of, every_period)
    return _Computed(*computed_near(basis, Period.from_id(period), indicator, org))


class _Computed:
    """The look-ups of `explain` over results in memory."""

    names = Names({}, {}, {})

    def __init__(self, filed: flow.OnFile, results: flow.Results) -> None:
        self._filed = filed
        self._results = results
        self._measures = {one.key: one for one in to_measures(results.measures)}

    def measures_of(self, indicator: str, org: str) -> Sequence[Measure]:
        return [
            one for one in self._measures.values() if one.indicator == indicator and one.org == org
        ]

    def measures(self, keys: Iterable[str]) -> Mapping[str, Measure]:
        return {key: self._measures[key] for key in keys if key in self._measures}

    def observations(self, ids: Iterable[str]) -> Mapping[str, Observation]:
        wanted = set(ids)
        frame = self._filed.observations
        rows = frame.filter(frame["obs_id"].is_in(sorted(wanted)))
        found = sorted(frames.observations_of(rows), key=lambda one: not one.held)
        return {one.obs_id: one for one in found}

    def targets(self, ids: Iterable[str]) -> Mapping[str, Target]:
        wanted = set(ids)
        return {one.target_id: one for one in self._filed.targets if one.target_id in wanted}

    def peer_sets(self, ids: Iterable[str]) -> Mapping[str, Sequence[str]]:
        frame = self._results.peersets
        found: dict[str, list[str]] = {}
        for name, obs_id in frame.filter(frame["id"].is_in(sorted(set(ids)))).iter_rows():
            found.setdefault(name, []).append(obs_id)
        return found


# -- what the reader may see of it -------------------------------------------------------------


class _Seen:
    """Look-ups that hand out nothing beyond scope and embargo: the place in the tree stays, its
    number and origin do not."""

    def __init__(
        self, inner: Lookups, run: Run, rulebook: Rulebook, access: Access, now: datetime
    ) -> None:
        self._inner = inner
        self._run = run
        self._access = access
        self._now = now
        self._embargo = figures.Embargo(run.version_id)
        told = names_told(rulebook, Period.from_id(run.period).end)
        written = {
            "indicator": {one: one for one in rulebook.indicators},
            "org": {one: one for one in rulebook.orgs},
        }
        self.names = Names(written, told["printed"], told["parents"])

    def measures_of(self, indicator: str, org: str) -> Sequence[Measure]:
        return [self._measure(one) for one in self._inner.measures_of(indicator, org)]

    def measures(self, keys: Iterable[str]) -> Mapping[str, Measure]:
        return {key: self._measure(one) for key, one in self._inner.measures(keys).items()}

    def observations(self, ids: Iterable[str]) -> Mapping[str, Observation]:
        found = self._inner.observations(ids)
        return {id: self._observation(one) for id, one in found.items()}

    def targets(self, ids: Iterable[str]) -> Mapping[str, Target]:
        return {id: self._target(one) for id, one in self._inner.targets(ids).items()}

    def peer_sets(self, ids: Iterable[str]) -> Mapping[str, Sequence[str]]:
        return self._inner.peer_sets(ids)

    def _measure(self, one: Measure) -> Measure:
        why = self._why_not(one.indicator, one.org, one.period)
        if why is None:
            return one
        return one._replace(
            value=None, shown=why, word=why, formula="", inputs=(), lo=None, hi=None
        )

    def _observation(self, one: Observation) -> Observation:
        why = self._why_not(one.indicator, one.org, one.period)
        if why is None:
            return one
        return one._replace(
            value=None, decimals=None, word=why, value_given="", file="", sha256="", sheet="",
            cell="",
        )  # fmt: skip

    def _target(self, one: Target) -> Target:
        """A target is public when it is issued, within one's scope."""
        if self._is_in_scope(one.indicator, one.org):
            return one
        return one._replace(value=None, word=OUT_OF_SCOPE, file="", sha256="", sheet="", cell="")

    def _why_not(self, indicator: str, org: str, period: str) -> str | None:
        if not self._is_in_scope(indicator, org):
            return OUT_OF_SCOPE
        if not indicator or self._access.reads_early(org=org, indicator=indicator):
            return None
        until = self._embargo.until(indicator, period)
        return NOT_RELEASED if until is not None and until > self._now else None

    def _is_in_scope(self, indicator: str, org: str) -> bool:
        named = indicator or None
        if self._run.is_live:
            return org in self._access.public or self._access.may("live", org=org, indicator=named)
        return self._access.may("view", org=org, indicator=named)


# -- as it is told -----------------------------------------------------------------------------


def _leaves(node: Node) -> Iterator[Node]:
    if node.kind == "observation" and node.word not in (OUT_OF_SCOPE, NOT_RELEASED):
        yield node
    for one in node.inputs:
        yield from _leaves(one)


_Cell = tuple[str, str, str, str]  # obs_id, file, sheet, cell


def _entered(
    run: Run, access: Access, now: datetime, leaves: Iterable[Node]
) -> dict[_Cell, dict[str, object]]:
    """Who brought each figure and when; of one entered again the last."""
    ids = {one.key for one in leaves}
    rows = figures.visible(access, now).filter(obs_id__in=ids, entry_id__lte=run.entry)
    rows = rows.select_related("place", "entry__by").order_by("entry_id", "id")
    found = list(rows)
    returns = {
        (one.entry.origin_id, one.entry.entered_at) for one in found if one.entry.origin == "return"
    }
    hands = intake.hands_of(returns)
    return {
        (one.obs_id, one.place.file, one.place.sheet, one.cell): {
            "figure": one.id, "entered_at": one.entered_at, "document": one.entry.document,
            "reason": one.entry.reason,
            **_people(one.entry, hands.get((one.entry.origin_id, one.entry.entered_at))),
        }
        for one in found
    }  # fmt: skip


def _put_right(
    run: Run, rulebook: Rulebook, leaves: Sequence[Node]
) -> dict[_Cell, dict[str, object]]:
    """Of figures that the rulebook corrects: why, by which document, and who put that version of
    the rulebook in force."""
    days = {leaf.leaf.received for leaf in leaves if leaf.leaf is not None}
    known = {_right_id(one, day): one for one in rulebook.corrections for day in days}
    found = [(known[leaf.key], leaf) for leaf in leaves if leaf.key in known]
    if not found:
        return {}
    version = rulebooks.version(run.version_id)
    person = {"person": str(version.published_by or ""), "entered_at": version.published_at}
    return {
        _cell(leaf): {"document": one.source, "reason": f"{act(one)}：{one.reason}", **person}
        for one, leaf in found
    }


def _right_id(one: Correction, received: date) -> str:
    """The obs_id of the figure that the correction makes of one received on that day."""
    period = period_of(one)
    return Observation.make_id(
        one.indicator, one.org, period.id if period else "", one.facet, one.against, CORRECTED,
        received,
    )  # fmt: skip


def _cell(node: Node) -> _Cell:
    assert node.leaf is not None
    return (node.key, node.leaf.file, node.leaf.sheet, node.leaf.cell)


def _people(entry: Any, hands: intake.Hands | None) -> dict[str, object]:
    if hands is None:
        return {"person": str(entry.by or "")}
    return {"person": hands.reporter, "signed": hands.signed, "reviewer": hands.reviewer}


def _told(node: Node, entered: Mapping[_Cell, Mapping[str, object]]) -> TraceNode:
    hidden = node.word in (OUT_OF_SCOPE, NOT_RELEASED)
    place = None
    if node.leaf is not None and not hidden:
        leaf = node.leaf
        more = entered.get(_cell(node), {})
        place = Place(
            leaf.file, leaf.sheet, leaf.cell, leaf.value_given, leaf.unit_given, leaf.received,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip
    return TraceNode(
        node.key, node.kind, node.title, node.shown, "" if node.word else node.unit, node.word,
        node.formula, hidden, place, tuple(_told(one, entered) for one in node.inputs),
        node.others,
    )  # fmt: skip
