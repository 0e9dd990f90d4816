"""The room's entry in Django."""

from typing import Any

from django.apps import AppConfig
from django.urls import reverse

from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class WarningsConfig(AppConfig):
    name = "diaodu.web.warnings"
    label = "warnings"
    verbose_name = "预警"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py).
    acts = {
        "warnings.judge": "判断预警", "warnings.acknowledge": "知悉预警",
        "warnings.explain": "填报预警原因", "warnings.false_alarm": "标为误报",
        "warnings.restore": "撤销误报",
    }  # fmt: skip
    things = {"warnings.Warning": "预警", "warnings.Pass": "判断预警"}
    keys = {
        "cause": "原因", "plan": "措施", "until": "预计恢复", "opened": "新出现",
        "closed": "解除", "moved": "有变化", "false_alarm": "误报",
    }  # fmt: skip

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        from diaodu.web.warnings import queries

        if thing != "warnings.Warning":
            return {}
        return {
            id: Named(title, reverse("warnings:warning", args=[id]))
            for id, title in queries.titles(access, ids).items()
        }

    def ready(self) -> None:
        from diaodu.web.shared import signals

        # Live results change with every edit: the pass every other minute is for them.
        for one in (signals.run_published, signals.rulebook_published):
            one.connect(_judge, dispatch_uid="warnings.judge")


def _judge(**_: Any) -> None:
    from diaodu.web.shared import queue

    queue.enqueue("warnings.judge")
