"""The pages of duties."""

from diaodu.web.duties.views.lists import (
    boards,
    chain,
    export,
    facts,
    home,
    of_figure,
    summary,
)
from diaodu.web.duties.views.making import (
    end_quota,
    many,
    new,
    new_quota,
    persons,
    quota,
    quotas,
    template,
    upload,
)
from diaodu.web.duties.views.one import amend, do, duty, hand_in, preview, proof, take_back

__all__ = [
    "amend", "boards", "chain", "do", "duty", "end_quota", "export", "facts", "hand_in", "home",
    "many", "new", "new_quota", "of_figure", "persons", "preview", "proof", "quota", "quotas",
    "summary", "take_back", "template", "upload",
]  # fmt: skip
