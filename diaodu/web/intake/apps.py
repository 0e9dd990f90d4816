"""The room's entry in Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "diaodu.web.intake"
    label = "intake"
    verbose_name = "报送"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py).
    acts_hold_figures = True
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
