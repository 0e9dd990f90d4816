"""The room's entry in Django."""

from typing import Any

from django.apps import AppConfig
from django.urls import reverse

from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class RulebooksConfig(AppConfig):
    name = "diaodu.web.rulebooks"
    label = "rulebooks"
    verbose_name = "规则"
    default_auto_field = "django.db.models.BigAutoField"
    acts = {
        "rulebooks.import": "导入规则草稿", "rulebooks.publish": "发布规则",
        "rulebooks.discard": "作废规则草稿",
    }  # fmt: skip
    things = {"rulebooks.Version": "规则"}
    keys = {"digest": "校验码", "content": "全部文件的校验码", "files": "文件", "number": "版次"}

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        from diaodu.web.rulebooks import queries

        may = access.may("rulebook") or access.may("view")
        found = {str(one.pk): one for one in queries.versions().filter(pk__in=ids)}
        return {
            id: Named(str(one), reverse("rulebooks:version", args=[id]) if may else "")
            for id, one in found.items()
        }

    def ready(self) -> None:
        from diaodu.web.shared.signals import indicator_names_asked, org_tree_changed

        org_tree_changed.connect(_follow_org_tree, dispatch_uid="rulebooks.follow_org_tree")
        indicator_names_asked.connect(_indicator_names, dispatch_uid="rulebooks.indicator_names")


def _follow_org_tree(*, by: Any, at: Any, reason: str, **_: Any) -> None:
    from diaodu.web.rulebooks import actions

    actions.follow_org_tree(by=by, at=at, reason=reason)


def _indicator_names(**_: Any) -> dict[str, str]:
    """Those of the rules in force, in their order; none before there are rules."""
    from diaodu.web.rulebooks import queries

    try:
        return {one.id: one.name for one in queries.current().indicators.values()}
    except queries.NoRulebook:
        return {}
