"""What the pages of figures do not wait for."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django_tasks import task

from diaodu.engine.ground.errors import DiaoduError
from diaodu.web.figures import actions
from diaodu.web.shared import clock


@task()
def read_import(batch_id: int) -> None:
    """Read an upload and put it on file."""
    try:
        actions.run_import(batch_id=batch_id, at=clock.now())
    except Exception as error:
        actions.fail_import(batch_id=batch_id, at=clock.now(), why=_told(error))
        raise


@task()
def make_export(export_id: int) -> None:
    """Write a large export for the one who asked."""
    try:
        actions.make_export(export_id=export_id, now=clock.now())
    except Exception as error:
        actions.fail_export(export_id=export_id, why=_told(error))
        raise


@task()
def refresh_release(version_id: int) -> None:
    """After a rulebook was published: the embargo follows its calendar."""
    actions.refresh_release(at=clock.now())


def _told(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "；".join(error.messages)
    if isinstance(error, DiaoduError):
        return str(error)
    return f"程序出错（{type(error).__name__}），请告诉管理员"
