"""The room's entry in Django."""

from django.apps import AppConfig
from django.urls import reverse

from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class BoardConfig(AppConfig):
    name = "diaodu.web.board"
    label = "board"
    verbose_name = "监测"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py). What a note says is told to those
    # it was written to, and to nobody else: an act tells how long it was.
    acts = {
        "board.note_pin": "写批注", "board.note_reply": "回复批注", "board.note_edit": "改批注",
        "board.note_delete": "删去批注", "board.note_close": "办结批注",
        "board.note_reopen": "重开批注",
        "board.save_map": "上传地图", "board.withdraw_map": "停用地图",
    }  # fmt: skip
    things = {"board.OrgMap": "地图", "board.Note": "批注"}
    keys = {
        "indicator": "指标", "org": "单位", "period": "统计期", "facet": "针对",
        "audience": "给谁看", "readers": "指定几人", "length": "字数", "closed": "办结",
        "number": "第几版", "file": "文件", "sha256": "文件指纹", "sketch": "示意图",
        "units": "图上的单位", "withdrawn_at": "停用时间",
    }  # fmt: skip

    @property
    def values(self) -> dict[str, dict[str, str]]:
        from diaodu.web.board.models import AUDIENCES, FACETS

        return {"facet": FACETS, "audience": AUDIENCES}

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        from diaodu.web.board import queries
        from diaodu.web.shared import clock

        if thing != "board.Note":
            return {}
        found = queries.notes.by_ids(access, clock.now(), ids)
        return {
            str(one.pk): Named(
                f"第{one.pk}号批注", reverse("board:note", args=[one.to_id or one.pk])
            )
            for one in found
        } | {id: Named(f"第{id}号批注") for id in ids - {str(one.pk) for one in found}}
