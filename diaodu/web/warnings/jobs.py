"""Work that pages do not wait for."""

from __future__ import annotations

from django_tasks import task

from diaodu.web.rulebooks.queries import has_rulebook
from diaodu.web.shared import clock
from diaodu.web.warnings import actions


@task
def judge() -> None:
    """Hold every run that stands against the rules, as far as that was not done already."""
    if has_rulebook():
        actions.judge(at=clock.now())
