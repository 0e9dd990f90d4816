"""What runs in the background. May be begun again after a worker died."""

from __future__ import annotations

from django_tasks import task

from diaodu.web.duties import actions
from diaodu.web.runs import actions as runs
from diaodu.web.shared import clock


@task()
def look_back(indicators: list[str]) -> None:
    """Figures were recorded: what they had closed is looked at again, on live runs brought up."""
    at = clock.now()
    runs.refresh_live(at=at)
    actions.look_back(indicators=frozenset(indicators), at=at)
