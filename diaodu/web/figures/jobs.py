"""What the pages of figures do not wait for."""

from __future__ import annotations

from django_tasks import task

from diaodu.web.figures import actions
from diaodu.web.shared import clock


@task()
def read_import(batch_id: int) -> None:
    """Read an upload and put it on file."""
    actions.run_import(batch_id=batch_id, at=clock.now())


@task()
def make_export(export_id: int) -> None:
    """Write a large export for the one who asked."""
    actions.make_export(export_id=export_id, now=clock.now())


@task()
def refresh_release(version_id: int) -> None:
    """After a rulebook was published: the embargo follows its calendar."""
    actions.refresh_release(at=clock.now())
