"""What time it is at this desk. Nothing else on this floor asks the machine's clock."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """Aware, in the desk's time zone. `settings.CLOCK_OFFSET` lets a demo stand in its own year."""
    return timezone.localtime(timezone.now() + settings.CLOCK_OFFSET)


def local(moment: datetime) -> datetime:
    """The same moment, as clocks here show it."""
    return timezone.localtime(moment)


def today() -> date:
    return now().date()
