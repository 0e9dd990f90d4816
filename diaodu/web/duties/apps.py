"""The room's entry in Django."""

from typing import Any

from django.apps import AppConfig
from django.urls import reverse

from diaodu.engine.ground.words import DUTY_ACT_NAMES, DUTY_SOURCE_NAMES, DUTY_STATE_NAMES
from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class DutiesConfig(AppConfig):
    name = "diaodu.web.duties"
    label = "duties"
    verbose_name = "督办"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py).
    acts = {
        **{f"duties.{act}": name for act, name in DUTY_ACT_NAMES.items()},
        "duties.draft": "拟交办事项", "duties.prove": "交凭证", "duties.take_back": "撤回凭证",
        "duties.set_quota": "定期任务", "duties.end_quota": "停止定期任务",
        "duties.do_once": "记定期任务完成",
    }  # fmt: skip
    things = {"duties.Duty": "交办事项", "duties.Quota": "定期任务"}
    keys = {
        "state": "状态", "title": "事项", "lead": "主办单位", "person": "承办人",
        "latest": "最晚期限", "source": "来源", "origin": "来源的名称或文号", "number": "字号",
        "proof": "凭证", "proves": "证明哪一项", "sha256": "文件校验码", "times": "每期几次",
        "every": "周期", "until": "到哪天", "on": "哪天做的", "text": "做了什么",
    }  # fmt: skip
    values = {
        "state": DUTY_STATE_NAMES, "source": DUTY_SOURCE_NAMES,
        "every": {"week": "每周", "month": "每月", "quarter": "每季度"},
    }  # fmt: skip

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        from diaodu.web.duties import queries

        if thing == "duties.Quota":
            found = queries.seen_quotas(access).filter(pk__in=ids)
            return {str(one.pk): Named(one.title, reverse("duties:quotas")) for one in found}
        rows = queries.seen(access).filter(pk__in=ids)
        return {
            str(one.pk): Named(one.title, reverse("duties:duty", args=[one.pk])) for one in rows
        }

    def ready(self) -> None:
        from diaodu.web.shared import signals

        signals.figures_recorded.connect(_look_back, dispatch_uid="duties.look_back")


def _look_back(*, indicators: frozenset[str], **_: Any) -> None:
    from diaodu.web.duties import queries
    from diaodu.web.shared import queue

    closed = queries.closed_by(indicators)
    if closed:
        queue.enqueue("duties.look_back", indicators=sorted(closed))
