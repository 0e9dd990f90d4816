"""The room's entry in Django."""

from typing import Any

from django.apps import AppConfig
from django.urls import reverse

from diaodu.engine.ground.period import Period
from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class RunsConfig(AppConfig):
    name = "diaodu.web.runs"
    label = "runs"
    verbose_name = "运行"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py).
    acts = {
        "runs.freeze": "运行", "runs.publish": "发布运行结果", "runs.withdraw": "撤回运行结果",
        "runs.rebuild_live": "重算实时结果", "runs.follow_calendar": "随新日历推迟发布时间",
    }  # fmt: skip
    things = {"runs.Run": "运行"}
    keys = {
        "period": "统计期", "as_of": "数据截至", "version": "规则版本", "entry": "录入到第几号",
        "published": "已发布", "release_at": "最晚的发布时间",
    }  # fmt: skip

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        """第3次运行, with its page; live ones by their month, which are on no page of their own."""
        live = {one: Period.from_id(one.partition(":")[2]) for one in ids if ":" in one}
        may = any(map(access.may, ("view", "run", "publish")))
        return {
            **{id: Named(f"{month.ytd()}实时") for id, month in live.items()},
            **{
                id: Named(f"第{id}次运行", reverse("runs:run", args=[id]) if may else "")
                for id in ids - live.keys()
            },
        }

    def ready(self) -> None:
        from diaodu.web.shared import signals

        signals.figures_recorded.connect(_refresh, dispatch_uid="runs.refresh")
        signals.rulebook_published.connect(_follow_rules, dispatch_uid="runs.follow_rules")
        signals.work_given_up.connect(_give_up, dispatch_uid="runs.give_up")


def _refresh(**_: Any) -> None:
    from diaodu.web.shared import queue

    queue.enqueue("runs.refresh")


def _follow_rules(*, version_id: int, **_: Any) -> None:
    from diaodu.web.shared import queue

    queue.enqueue("runs.follow_calendar", version_id=version_id)
    queue.enqueue("runs.refresh")


def _give_up(*, name: str, arguments: dict[str, Any], **_: Any) -> None:
    from diaodu.web.runs import actions
    from diaodu.web.shared import clock

    if name.endswith("runs.jobs.freeze"):
        actions.give_up(run_id=arguments["run_id"], at=clock.now())
    if name.endswith("runs.jobs.rebuild"):
        actions.note_trouble(periods=arguments["periods"], message="计算多次中断，没有算成")
