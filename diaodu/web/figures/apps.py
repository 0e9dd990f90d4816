"""The room's entry in Django."""

from typing import Any

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "diaodu.web.figures"
    label = "figures"
    verbose_name = "数据"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from diaodu.web.shared.signals import rulebook_published, work_given_up

        rulebook_published.connect(_refresh, dispatch_uid="figures.refresh_release")
        work_given_up.connect(_give_up, dispatch_uid="figures.give_up")


def _refresh(*, version_id: int, **_: Any) -> None:
    from diaodu.web.shared.queue import enqueue

    enqueue("figures.refresh_release", version_id=version_id)


def _give_up(*, name: str, arguments: dict[str, Any], **_: Any) -> None:
    from diaodu.web.figures import actions
    from diaodu.web.shared import clock

    if name.endswith("figures.jobs.read_import"):
        actions.give_up_import(batch_id=arguments["batch_id"], at=clock.now())
