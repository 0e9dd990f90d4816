"""What other rooms and the pages ask of warnings. Whoever asks hands over what they may see."""

from diaodu.web.warnings.queries.listing import (
    LIGHTS,
    MINE,
    ORDER,
    Asked,
    Summary,
    choices,
    counts,
    found,
    of_figure,
    summary,
    waiting,
)
from diaodu.web.warnings.queries.page import Page, page, view_for
from diaodu.web.warnings.queries.rights import may_answer, may_dismiss, titles, warning_for
from diaodu.web.warnings.queries.views import WarningView, shown

__all__ = [
    "LIGHTS", "MINE", "ORDER", "Asked", "Page", "Summary", "WarningView", "choices", "counts",
    "found", "may_answer", "may_dismiss", "of_figure", "page", "shown", "summary", "titles",
    "view_for", "waiting", "warning_for",
]  # fmt: skip
