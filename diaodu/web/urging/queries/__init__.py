"""Reading what was done about duties that are late."""

from diaodu.web.urging.queries.handed import Handed, handed_letter
from diaodu.web.urging.queries.letters import document_of, letter_for, letters_for
from diaodu.web.urging.queries.matters import Matter, matter_of, matters
from diaodu.web.urging.queries.of_org import OfOrg, for_org
from diaodu.web.urging.queries.places import everybody, places
from diaodu.web.urging.queries.rights import (
    deliveries,
    delivery_for,
    listed,
    proposed_for,
    waiting,
)
from diaodu.web.urging.queries.rungs import due_steps, reached
from diaodu.web.urging.queries.under import Under, last_pass, under

__all__ = [
    "Handed", "Matter", "OfOrg", "Under", "deliveries", "delivery_for", "document_of", "due_steps",
    "everybody", "for_org", "handed_letter", "last_pass", "letter_for", "letters_for", "listed",
    "matter_of", "matters", "places", "proposed_for", "reached", "under", "waiting",
]  # fmt: skip
