"""The page of one line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, localcontext
from typing import Any, NamedTuple

from diaodu.engine.ground.quantity import EXACT
from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Indicator
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access
from diaodu.web.targets.models import (
    AMOUNTLESS,
    CERTAINTIES,
    LOCKED,
    NAMED_SPLITS,
    SPLITS,
    SUPERSEDED,
    Line,
    Part,
    Proposal,
    Support,
    Version,
)
from diaodu.web.targets.queries.columns import month_columns
from diaodu.web.targets.queries.grid import shown_in
from diaodu.web.targets.queries.received import wanted_of
from diaodu.web.targets.queries.rights import proposals_for
from diaodu.web.targets.queries.sums import NO_GAP, Gap, gap_of, margin_of, month_gap
from diaodu.web.targets.queries.tree import said
from diaodu.web.targets.queries.years import beside


class LinePage(NamedTuple):
    """`months`: (label, what it says) of each. `has_amount`: whether parts of it and what it is to
    be reached with can be listed."""

    line: Line
    name: str
    tier: str
    kind: str
    told: str
    months: tuple[tuple[str, str], ...]
    by_month: Gap
    proposals: tuple[Proposal, ...]
    margins: tuple[tuple[str, Decimal, str], ...]
    splits: tuple[tuple[str, tuple[Part, ...], Gap], ...]
    support: tuple[Support, ...]
    covered: Decimal | None
    certain: tuple[tuple[str, Decimal], ...]
    steps: tuple[tuple[str, str], ...]
    bases: tuple[bool, str] | None
    has_amount: bool


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


def line_page(line: Line, access: Access, now: datetime) -> LinePage:
    known: Indicator | None = rulebooks.current().indicators.get(line.indicator)
    columns = month_columns(known, line.version.year) if known else ()
    mine: Any = proposals_for(access, line.version).filter(
        indicator=line.indicator, org=line.org_id, tier=line.tier, kind=line.kind
    )
    support = tuple(line.support.all())
    with localcontext(EXACT):
        covered = sum((one.amount for one in support), Decimal(0)) if support else None
    return LinePage(
        line, known.name if known else line.indicator, TIER_NAMES.get(line.tier, line.tier),
        KIND_NAMES.get(line.kind, line.kind), said(wanted_of(line), line.unit),
        tuple((one.label, shown_in(line, one.key)) for one in columns) if line.months else (),
        month_gap(line, known, columns) if known else NO_GAP, tuple(mine),
        tuple(
            (SPLITS[split], Decimal(told["value"]), told["reason"])
            for split, told in line.margins.items()
        ),
        _splits(line), support, covered, _by_certainty(support), _steps(line),
        beside(line, known, access, now) if known else None, line.kind not in AMOUNTLESS,
    )  # fmt: skip


def _by_certainty(support: Sequence[Support]) -> tuple[tuple[str, Decimal], ...]:
    """What stands behind the list, the surest first."""
    found: list[tuple[str, Decimal]] = []
    with localcontext(EXACT):
        for certainty, name in CERTAINTIES.items():
            amounts = [one.amount for one in support if one.certainty == certainty]
            if amounts:
                found.append((name, sum(amounts, Decimal(0))))
    return tuple(found)


def _splits(line: Line) -> tuple[tuple[str, tuple[Part, ...], Gap], ...]:
    held = list(line.parts.all())
    found = []
    for by, name in NAMED_SPLITS.items():
        parts = tuple(one for one in held if one.by == by)
        if parts:
            gap = gap_of([one.value for one in parts], line.value, margin_of(line, by))
            found.append((name, parts, gap))
    return tuple(found)


def _steps(line: Line) -> tuple[tuple[str, str], ...]:
    """The same line in the year's other locked versions, oldest first: what became of it."""
    others = Line.objects.filter(
        version__year=line.version.year, version__state__in=(LOCKED, SUPERSEDED),
        indicator=line.indicator, kind=line.kind, tier=line.tier, org=line.org_id,
    ).select_related("version").order_by("version__number")  # fmt: skip
    return tuple(
        (
            f"第{one.version.number}版（{one.version.effective:%Y年%-m月%-d日}起）",
            said(wanted_of(one)),
        )
        for one in others
    )
