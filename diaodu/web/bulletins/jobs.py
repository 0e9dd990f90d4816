"""What runs in the background. Each may be begun again after a worker died."""

from __future__ import annotations

from django_tasks import task

from diaodu.web.bulletins import actions
from diaodu.web.shared import clock


@task()
def carry_out(check_id: int) -> None:
    """Proofread a long text."""
    try:
        actions.carry_out(check_id=check_id, at=clock.now())
    except Exception as error:
        actions.note_trouble(check_id=check_id, why=f"程序出错（{type(error).__name__}）")
        raise


@task()
def expire() -> None:
    """Take away what is past its day."""
    actions.expire(at=clock.now())
