"""A run as what texts are held against, as far as one reader may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from diaodu.adapters.run_out import names_told
from diaodu.engine.compute.explain import Names
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.proofread.ledger.model import Ledger
from diaodu.web.runs.models import Run
from diaodu.web.runs.queries.row_view import Figure, RowView, TargetView
from diaodu.web.runs.queries.rows import rows, rulebook_of
from diaodu.web.shared.access import Access


def ledger(run: Run, access: Access, now: datetime) -> Ledger:
    """The rows in scope; those not released yet are as if there were none."""
    views = rows(run, access, now)
    told = names_told(rulebook_of(run), run.months.end)
    names = Names(
        {"indicator": told["indicator"], "org": told["org"]}, told["printed"], told["parents"]
    )
    return Ledger(_Seen(names, views), access.home or "", run.months)


class _Seen:
    """Facts of the rows a reader may see."""

    def __init__(self, names: Names, views: Iterable[RowView]) -> None:
        self.names = names
        self._views = {(one.indicator_id, one.org_id): one for one in views}
        self._targets = {
            told.id: _target(view, told) for view in self._views.values() for told in view.targets
        }

    def measures_of(self, indicator: str, org: str) -> Sequence[Measure]:
        view = self._views.get((indicator, org))
        return [_measure(view, one) for one in view.figures] if view is not None else []

    def targets(self, ids: Iterable[str]) -> Mapping[str, Target]:
        return {one: self._targets[one] for one in ids if one in self._targets}


def _measure(view: RowView, one: Figure) -> Measure:
    """As far as a row tells it: no bounds, no inputs."""
    key = Measure.make_key(
        view.indicator_id, view.org_id, view.period, one.measure, one.target_id, one.base,
        one.peer_group,
    )  # fmt: skip
    return Measure(
        key, view.indicator_id, view.org_id, view.period, one.measure, one.target_id, one.base,
        one.peer_group, one.number, one.shown, None, one.word, one.unit, None, None, "", (),
    )  # fmt: skip


def _target(view: RowView, told: TargetView) -> Target:
    """As far as a row tells it: not where it came from."""
    return Target(
        told.id, view.indicator_id, view.org_id, int(view.period[:4]), told.tier, told.kind,
        told.comparator, None if told.value is None else Decimal(told.value), None, told.unit,
        told.word, "", told.document, date.min, "", "", "", "",
    )  # fmt: skip
