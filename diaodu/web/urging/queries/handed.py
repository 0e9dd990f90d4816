"""The 交办单 of a duty: made from the duty as it stands, under the number it was issued with."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from diaodu.engine.ground.words import DUTY_SOURCE_NAMES
from diaodu.engine.report.document import Document
from diaodu.engine.report.letters import Letter, letter
from diaodu.web.duties import queries as duties
from diaodu.web.people import queries as people
from diaodu.web.urging.queries.letters import issuer
from diaodu.web.urging.queries.matters import rows_of


class Handed(NamedTuple):
    number: str
    day: date
    document: Document


def handed_letter(duty_id: int) -> Handed | None:
    """None as long as it was not issued."""
    [fact] = duties.facts([duty_id])
    if fact.number is None or fact.issued is None:
        return None
    names = people.names()
    paper = Letter(
        kind="assign", issuer=issuer().name, number=fact.number,
        to=names.get(fact.lead, fact.lead), day=fact.issued, matter=fact.title,
        basis=fact.origin or DUTY_SOURCE_NAMES[fact.source], rows=rows_of(fact, names),
        copies=tuple(names.get(one, one) for one in fact.supporting),
    )  # fmt: skip
    return Handed(fact.number, fact.issued, letter(paper))
