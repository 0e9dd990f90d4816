"""The room's entry in Django."""

from typing import Any

from django.apps import AppConfig

from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class FiguresConfig(AppConfig):
    name = "diaodu.web.figures"
    label = "figures"
    verbose_name = "数据"
    default_auto_field = "django.db.models.BigAutoField"
    open_keys = frozenset(
        {"added", "repeated", "passed", "targets", "digest", "files", "state", "indicator", "org",
         "period", "facet", "track", "received", "changed", "rows", "indicators", "ends", "as_of",
         "all_vintages", "stays_public"}
    )  # fmt: skip
    compound = ("indicator", "org", "period", "facet", "org", "track", "day")
    acts = {
        "figures.record": "录入数据", "figures.correct": "更正数据", "figures.upload": "上传报表",
        "figures.import_refused": "没有导入", "figures.export": "导出数据",
        "figures.refresh_release": "更新发布时刻",
    }  # fmt: skip
    things = {
        "figures.Entry": "录入", "figures.Observation": "数据", "figures.ImportBatch": "导入",
        "figures.Export": "导出",
    }  # fmt: skip
    keys = {
        "figures": "数据", "added": "新增", "repeated": "重复", "passed": "略过", "targets": "目标",
        "digest": "各行的校验码", "files": "文件", "state": "状态",
        "message": "说明", "indicator": "指标", "org": "单位", "period": "统计期", "facet": "面",
        "track": "轨", "value": "数值", "word": "词", "received": "收到日期",
        "document": "依据文件", "changed": "改动行数", "rows": "行数", "indicators": "指标",
        "ends": "统计期末日", "as_of": "截至", "all_vintages": "全部版次",
        "stays_public": "改期前已经发布、仍然公开",
    }  # fmt: skip

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        from diaodu.web.figures import queries

        if thing == "figures.Observation":
            return queries.called(ids, linked=access.may("view"))
        words = {"figures.Entry": "第{}批", "figures.ImportBatch": "第{}次导入"}
        pattern = words.get(thing, "{}")
        return {id: Named(pattern.format(id)) for id in ids}

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
    elif name.endswith("figures.jobs.make_export"):
        actions.give_up_export(export_id=arguments["export_id"])
