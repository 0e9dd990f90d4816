"""Who must speak at a meeting: by rule, from the run, the duties and the promises."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from diaodu.engine.dispatch import speaking
from diaodu.web.duties import queries as duties
from diaodu.web.meetings.models import BROKEN, HELD, KEPT, PROMISE, Line, Meeting
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access
from diaodu.web.urging.queries import places

_OUTCOME = {KEPT: True, BROKEN: False, "": None}


class Speaker(NamedTuple):
    org: str
    name: str
    reasons: tuple[str, ...]


def speakers(meeting: Meeting, access: Access, now: datetime) -> list[Speaker]:
    """Those with most reasons first. Without a run nobody is named for a last place."""
    book = rulebooks.current()
    headline = [id for id, one in book.indicators.items() if one.headline]
    ranked = places(meeting.run, access, now, headline) if meeting.run is not None else []
    names = people.names()
    home = access.home or ""
    found = speaking.speakers(
        ranked, duties.overdue(now.date()), _promises(), book, home, now.date()
    )
    return [Speaker(one.org, names.get(one.org, one.org), one.reasons) for one in found]


def _promises() -> list[speaking.Promise]:
    """Of all meetings held."""
    lines = Line.objects.filter(
        kind=PROMISE, struck=False, meeting__state=HELD, org__isnull=False, latest__isnull=False
    ).order_by("latest")
    return [
        speaking.Promise(str(one.org_id), one.text, one.latest, _OUTCOME[one.outcome])
        for one in lines
        if one.latest is not None
    ]
