"""Support lists, as a run's targets know them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import cast

from diaodu.engine.compute.support import Certainty, SupportKind
from diaodu.engine.compute.support import Line as SupportLine
from diaodu.engine.ground.quantity import convert
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.targets.models import Support
from diaodu.web.targets.queries.handing import version_used

Supported = tuple[str, str, str]  # indicator, org, tier


def support_lists(*, year: int, as_of: date, entry: int) -> dict[Supported, list[SupportLine]]:
    """What the year's level targets are to be reached with, in the version that a run of what was
    known by `as_of` and recorded up to `entry` reads. Amounts in the indicator's unit. Not by the
    target's id: a version that asks the same again makes no new target."""
    used = version_used(year=year, as_of=as_of, entry=entry)
    found: dict[Supported, list[SupportLine]] = defaultdict(list)
    known = rulebooks.current().indicators
    lists = Support.objects.filter(line__version=used.id) if used else Support.objects.none()
    for one in lists.filter(line__kind="level").select_related("line"):
        line = one.line
        if line.indicator not in known:
            continue
        amount = convert(one.amount, line.unit, known[line.indicator].unit)
        kind, certainty = cast(SupportKind, one.kind), cast(Certainty, one.certainty)
        found[line.indicator, str(line.org_id), line.tier].append(
            SupportLine(kind, one.name, amount, one.month, one.owner, certainty)
        )
    return found
