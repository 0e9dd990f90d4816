"""The room's entry in Django."""

from typing import Any

from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "diaodu.web.runs"
    label = "runs"
    verbose_name = "运行"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from diaodu.web.shared import signals

        signals.figures_recorded.connect(_refresh, dispatch_uid="runs.refresh")
        signals.rulebook_published.connect(_refresh, dispatch_uid="runs.refresh_rules")
        signals.work_given_up.connect(_give_up, dispatch_uid="runs.give_up")


def _refresh(**_: Any) -> None:
    from diaodu.web.shared import queue

    queue.enqueue("runs.refresh")


def _give_up(*, name: str, arguments: dict[str, Any], **_: Any) -> None:
    from diaodu.web.runs import actions
    from diaodu.web.shared import clock

    if name.endswith("runs.jobs.freeze"):
        actions.give_up(run_id=arguments["run_id"], at=clock.now())
    if name.endswith("runs.jobs.rebuild"):
        actions.note_trouble(periods=arguments["periods"], message="计算多次中断，没有算成")
