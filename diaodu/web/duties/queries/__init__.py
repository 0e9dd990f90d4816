"""Reading duties: what they are, how they stand, whose they are."""

from diaodu.web.duties.queries.answers import closed_by
from diaodu.web.duties.queries.boards import BY, Board, board
from diaodu.web.duties.queries.choices import (
    head_of,
    leader_choices,
    orgs,
    person_choices,
    persons,
    works_at,
)
from diaodu.web.duties.queries.drafts import Chain, Drafted, chain, drafted, for_figure
from diaodu.web.duties.queries.due import LIGHTS, TERMS, Standing, standing
from diaodu.web.duties.queries.facts import (
    Told,
    facts,
    facts_to_urge,
    number_to_urge,
    overdue,
    whom_to_tell,
)
from diaodu.web.duties.queries.handed import handed
from diaodu.web.duties.queries.listing import (
    AGES,
    NOBODY,
    Asked,
    desk,
    found,
    groups,
    leaders,
    page_of,
    waiting,
)
from diaodu.web.duties.queries.page import BUTTONS, Page, page
from diaodu.web.duties.queries.quotas import (
    ToRemind,
    own_quotas,
    quota_for,
    quota_view,
    quotas,
    quotas_to_remind,
    seen_quotas,
)
from diaodu.web.duties.queries.reports import reports_to_urge
from diaodu.web.duties.queries.rights import acts_for, duty_for, hats, is_own, seen
from diaodu.web.duties.queries.views import DutyView, shown, views

__all__ = [
    "AGES",
    "BUTTONS",
    "BY",
    "LIGHTS",
    "NOBODY",
    "TERMS",
    "Asked",
    "Board",
    "Chain",
    "Drafted",
    "DutyView",
    "Page",
    "Standing",
    "ToRemind",
    "Told",
    "acts_for",
    "board",
    "chain",
    "closed_by",
    "desk",
    "drafted",
    "duty_for",
    "facts",
    "facts_to_urge",
    "for_figure",
    "found",
    "groups",
    "handed",
    "hats",
    "head_of",
    "is_own",
    "leader_choices",
    "leaders",
    "number_to_urge",
    "orgs",
    "overdue",
    "own_quotas",
    "page",
    "page_of",
    "person_choices",
    "persons",
    "quota_for",
    "quota_view",
    "quotas",
    "quotas_to_remind",
    "reports_to_urge",
    "seen",
    "seen_quotas",
    "shown",
    "standing",
    "views",
    "waiting",
    "whom_to_tell",
    "works_at",
]  # fmt: skip
