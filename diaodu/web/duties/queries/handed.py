"""Duty facts for the bulletin of the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import QuerySet

from diaodu.engine.dispatch import closing
from diaodu.engine.dispatch.duty import Duty as Fact
from diaodu.engine.dispatch.duty import DutyList
from diaodu.web.duties.models import Duty
from diaodu.web.duties.queries import answers
from diaodu.web.duties.queries.facts import of
from diaodu.web.duties.queries.rights import seen
from diaodu.web.runs import queries as runs
from diaodu.web.shared.access import Access


def handed(access: Access, now: datetime, *, since: date | None = None) -> bytes:
    """The list that `diaodu month … --duties FILE.json` reads: of what one sees, what is open, and
    what was issued since a day. Drafts are nobody's business yet."""
    rows = seen(access).exclude(state="draft").select_related("lead")
    if since is not None:
        rows = rows.filter(issued__gte=since) | rows.exclude(state__in=("closed", "withdrawn"))
    rows = rows.order_by("issued", "pk")
    run = runs.published(runs.runs_for(access)).order_by("-period", "-number").first()
    whole = DutyList.model_construct(
        day=now.date(), run=run.name if run else None, since=since, duties=tuple(_facts(rows, now))
    )
    return json.dumps(
        whole.model_dump(mode="json", exclude_none=True), ensure_ascii=False, indent=1
    ).encode()


_ENDED = ("closed", "withdrawn")


def _facts(rows: QuerySet[Duty], now: datetime) -> Iterator[Fact]:
    """Those that are open with what they still need to be closed."""
    tied = {str(one.pk): one for one in rows if one.goal and one.state not in _ENDED}
    reading = answers.Reading(tied.values(), now)
    listed = of(rows)
    children: dict[str, list[Fact]] = {}
    for one in listed:
        children.setdefault(one.parent or "", []).append(one)
    for fact in listed:
        if fact.state in _ENDED:
            yield fact
            continue
        answer = reading.found(tied[fact.id]) if fact.id in tied else None
        below = children.get(fact.id, ())
        told = closing.lacking(fact, below, answer.answer if answer else None)
        yield fact.model_copy(update={"remains": "；".join(told) or None})
