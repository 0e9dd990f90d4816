"""When figures become public: as the calendar says, but what has been public stays so."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from diaodu.web.figures.models import Observation
from diaodu.web.rulebooks import queries as rulebooks


class Embargo:
    """Of the rules in force, or of what was computed under a version."""

    def __init__(self, version_id: int | None = None) -> None:
        self._rules = rulebooks.Embargo(version_id)

    def until(self, indicator: str, period: str) -> datetime | None:
        """None: no day is set, so never kept back."""
        return self.stays_open(indicator, period) or self._rules.until(indicator, period)

    def stays_open(self, indicator: str, period: str) -> datetime | None:
        """Since when a figure is public that these rules would keep back: the moment that earlier
        rules named had come, and there was one on file."""
        opened = self._rules.opened_before(indicator, period)
        if opened is None:
            return None
        filed = _first_filed(indicator, period)
        return opened.moment if filed is not None and filed <= opened.until else None


def _first_filed(indicator: str, period: str) -> datetime | None:
    """Asked for what was put off too late, and for nothing else."""
    rows = Observation.objects.filter(indicator=indicator, period=period)
    found: datetime | None = rows.aggregate(first=Min("entered_at"))["first"]
    return found
