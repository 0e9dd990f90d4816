"""What a goal several years away starts from, and whether a target of amount and one of growth ask
the same."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from diaodu.engine.compute.reaching import implied_bases, said
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import Printed
from diaodu.engine.rules.models import Indicator
from diaodu.web.shared.access import Access
from diaodu.web.targets.models import Line
from diaodu.web.targets.queries.last_year import year_levels


def base_of(line: Line, access: Access, now: datetime) -> Decimal | None:
    """Last year's level, of the whole year; None as long as the reader may not see it."""
    seen = access.released_q(now)
    levels = year_levels(line.version.year - 1, {line.indicator}, seen)
    return levels.get((line.indicator, str(line.org_id)))


def bases_said(
    level: Line, growth: Line, indicator: Indicator, base: Decimal | None
) -> tuple[bool, str] | None:
    """Whether the two agree, and the sentence; None where nothing can be told."""
    if base is None or level.value is None or growth.value is None:
        return None
    on_file = Interval.printed(Printed(base, indicator.decimals, indicator.unit))
    found = implied_bases(level.value, growth.value, on_file)
    if found is None:
        return None
    told = said(
        found, f"{level.value.normalize():f}", f"{growth.value.normalize():f}", indicator.unit
    )
    return found.agree, told


def beside(
    line: Line, indicator: Indicator, access: Access, now: datetime
) -> tuple[bool, str] | None:  # fmt: skip
    """The line held together with the one of the other kind, of the same tier and unit."""
    other = {"level": "growth", "growth": "level"}.get(line.kind)
    if other is None or indicator.is_rate_only:
        return None
    found = Line.objects.filter(
        version=line.version_id, indicator=line.indicator, tier=line.tier, org=line.org_id,
        kind=other,
    ).first()  # fmt: skip
    if found is None:
        return None
    level, growth = (line, found) if line.kind == "level" else (found, line)
    return bases_said(level, growth, indicator, base_of(line, access, now))
