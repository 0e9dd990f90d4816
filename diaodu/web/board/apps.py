"""The room's entry in Django."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "diaodu.web.board"
    label = "board"
    verbose_name = "监测"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py).
    acts = {"board.save_map": "上传地图", "board.withdraw_map": "停用地图"}
    things = {"board.OrgMap": "地图"}
    keys = {
        "org": "单位", "number": "第几版", "file": "文件", "sha256": "文件指纹",
        "sketch": "示意图", "units": "图上的单位", "withdrawn_at": "停用时间",
    }  # fmt: skip
