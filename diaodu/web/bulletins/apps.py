"""The room's entry in Django."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class BulletinsConfig(AppConfig):
    name = "diaodu.web.bulletins"
    label = "bulletins"
    verbose_name = "文稿"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py). What a draft says, and what it is
    # called, is nobody's business but its author's: an act tells how long it was.
    acts = {"bulletins.check": "校核文稿", "bulletins.delete": "删除文稿校核"}
    things = {"bulletins.Check": "文稿校核"}
    keys = {"length": "字数", "against": "与哪次运行核对"}
    open_keys = frozenset({"length", "against"})

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        return {id: Named(f"第{id}号文稿校核") for id in ids}

    def ready(self) -> None:
        from diaodu.web.shared.signals import work_given_up

        work_given_up.connect(_give_up, dispatch_uid="bulletins.give_up")


def _give_up(*, name: str, arguments: dict[str, Any], **_: Any) -> None:
    from diaodu.web.bulletins import actions

    if name.endswith("bulletins.jobs.carry_out"):
        actions.give_up(check_id=arguments["check_id"])
