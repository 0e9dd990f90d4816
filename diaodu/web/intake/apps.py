"""The room's entry in Django."""

from django.apps import AppConfig
from django.urls import reverse

from diaodu.engine.ground.period import Period, print_period
from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class IntakeConfig(AppConfig):
    name = "diaodu.web.intake"
    label = "intake"
    verbose_name = "报送"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py).
    open_keys = frozenset({"state", "until", "finding", "file", "sha256", "place", "round"})
    compound = ("org", "indicator", "facet")
    acts = {
        "intake.open": "开始填报", "intake.save": "保存", "intake.undo": "撤销一次保存",
        "intake.upload": "上传报表文件", "intake.take": "采用文件里的数",
        "intake.explain": "说明审核意见", "intake.submit": "提交", "intake.sign": "签字",
        "intake.send_back": "退回", "intake.accept": "接收入库", "intake.reopen": "改已接收的数",
        "intake.except": "准许补报", "intake.remind": "催报",
    }  # fmt: skip
    things = {"intake.Return": "报表"}
    keys = {
        "state": "状态", "until": "截止", "text": "说明", "finding": "意见编号",
        "message": "意见", "file": "文件", "sha256": "文件校验码", "cells": "数", "place": "第几签",
        "round": "第几轮",
    }  # fmt: skip

    @property
    def values(self) -> dict[str, dict[str, str]]:
        from diaodu.web.intake.models import STATES

        return {"state": STATES}

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        """2023年5月 乡镇月报表 城东街道, by the rules in force."""
        from diaodu.web.people import queries as people
        from diaodu.web.rulebooks import queries as rulebooks

        orgs = people.names()
        entries = rulebooks.current().calendar if rulebooks.has_rulebook() else ()
        titles = {one.id: one.title for one in entries}
        may = access.may("view") or access.may("review")
        found: dict[str, Named] = {}
        for id in ids:
            form, period, reporter = id.split("/", 2)
            month, title = Period.from_id(period), titles.get(form) or form
            found[id] = Named(
                f"{print_period(month, with_year=True)} {title} {orgs.get(reporter, reporter)}",
                reverse("intake:form", args=[period, form, reporter]) if may else "",
            )
        return found
