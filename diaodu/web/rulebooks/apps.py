"""The room's entry in Django."""

from typing import Any

from django.apps import AppConfig


class RulebooksConfig(AppConfig):
    name = "diaodu.web.rulebooks"
    label = "rulebooks"
    verbose_name = "规则"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from diaodu.web.shared.signals import org_tree_changed

        org_tree_changed.connect(_follow_org_tree, dispatch_uid="rulebooks.follow_org_tree")


def _follow_org_tree(*, by: Any, at: Any, reason: str, **_: Any) -> None:
    from diaodu.web.rulebooks import actions

    actions.follow_org_tree(by=by, at=at, reason=reason)
