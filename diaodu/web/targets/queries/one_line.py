"""The page of one line."""

from __future__ import annotations

from typing import Any, NamedTuple

from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Indicator
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access
from diaodu.web.targets.models import Line, Proposal, Version
from diaodu.web.targets.queries.columns import month_columns
from diaodu.web.targets.queries.grid import Gap, month_gap, shown_in
from diaodu.web.targets.queries.received import wanted_of
from diaodu.web.targets.queries.rights import proposals_for
from diaodu.web.targets.queries.tree import said


class LinePage(NamedTuple):
    """`months`: (label, what it says) of each."""

    line: Line
    name: str
    tier: str
    kind: str
    told: str
    months: tuple[tuple[str, str], ...]
    by_month: Gap
    proposals: tuple[Proposal, ...]


class ProposalView(NamedTuple):
    """A proposal with the words for what it is about."""

    proposal: Proposal
    name: str
    tier: str
    kind: str


def proposals(version: Version, access: Access) -> list[ProposalView]:
    rules = rulebooks.current().indicators
    return [
        ProposalView(
            one, rules[one.indicator].name if one.indicator in rules else one.indicator,
            TIER_NAMES.get(one.tier, one.tier), KIND_NAMES.get(one.kind, one.kind),
        )
        for one in proposals_for(access, version)
    ]  # fmt: skip


def line_page(line: Line, access: Access) -> LinePage:
    known: Indicator | None = rulebooks.current().indicators.get(line.indicator)
    columns = month_columns(known, line.version.year) if known else ()
    months = tuple((one.label, shown_in(line, one.key)) for one in columns) if line.months else ()
    mine: Any = proposals_for(access, line.version).filter(
        indicator=line.indicator, org=line.org_id, tier=line.tier, kind=line.kind
    )
    return LinePage(
        line, known.name if known else line.indicator, TIER_NAMES.get(line.tier, line.tier),
        KIND_NAMES.get(line.kind, line.kind), said(wanted_of(line)), months,
        month_gap(line, known, columns) if known else Gap(None, None), tuple(mine),
    )  # fmt: skip
