"""Duty facts for the bulletin of the command line."""

from __future__ import annotations

import json
from datetime import date, datetime

from diaodu.engine.dispatch import closing
from diaodu.engine.dispatch.duty import DutyList
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
    tied = {str(one.pk): one for one in rows if one.goal and one.state not in _ENDED}
    facts = []
    for fact in of(rows):
        if fact.state not in _ENDED:
            row = tied.get(fact.id)
            answer = answers.found(row, now) if row else None
            told = closing.lacking(fact, (), answer.answer if answer else None)
            fact = fact.model_copy(update={"remains": "；".join(told) or None})
        facts.append(fact)
    whole = DutyList.model_construct(
        day=now.date(), run=run.name if run else None, since=since, duties=tuple(facts)
    )
    return json.dumps(
        whole.model_dump(mode="json", exclude_none=True), ensure_ascii=False, indent=1
    ).encode()


_ENDED = ("closed", "withdrawn")
