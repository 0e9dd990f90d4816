"""The room's entry in Django."""

from django.apps import AppConfig
from django.urls import reverse

from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class MeetingsConfig(AppConfig):
    name = "diaodu.web.meetings"
    label = "meetings"
    verbose_name = "会议"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py).
    acts = {
        "meetings.plan": "筹备会议", "meetings.change": "修改会议", "meetings.open": "开会",
        "meetings.close": "散会并交办", "meetings.call_off": "取消会议",
        "meetings.add_item": "加议程", "meetings.change_item": "改议程",
        "meetings.drop_item": "删议程", "meetings.call_speakers": "按规则列出要表态的单位",
        "meetings.ask_papers": "要材料", "meetings.hand_in": "交材料",
        "meetings.send_back": "退回材料", "meetings.drop_paper": "撤回材料要求",
        "meetings.add_line": "记会议记录", "meetings.change_line": "改会议记录",
        "meetings.strike_line": "划去会议记录", "meetings.settle_promise": "记表态的结果",
    }  # fmt: skip
    things = {"meetings.Meeting": "会议"}
    keys = {
        "kind": "类型", "title": "名称", "at": "开会时间", "place": "地点", "host": "主持人",
        "run_id": "运行", "duties": "交办件数", "lines": "记录条数", "item_kind": "议程类型",
        "item": "议程", "speaker": "发言人", "minutes": "分钟", "place_in_order": "第几项",
        "paper": "材料", "due": "最晚交", "file": "文件", "line_kind": "记录类型", "line": "记录",
        "supporting": "协办单位", "person": "承办人", "latest": "最晚期限", "best": "力争期限",
        "proof": "凭证", "outcome": "结果", "reason": "依据",
    }  # fmt: skip

    @property
    def values(self) -> dict[str, dict[str, str]]:
        from diaodu.web.meetings.models import ITEM_KINDS, KINDS, LINE_KINDS, OUTCOMES

        return {
            "kind": KINDS, "item_kind": ITEM_KINDS, "line_kind": LINE_KINDS, "outcome": OUTCOMES,
        }  # fmt: skip

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        from diaodu.web.meetings import queries

        found = queries.meetings_for(access).filter(pk__in=[int(one) for one in ids])
        return {
            str(one.pk): Named(one.title, reverse("meetings:meeting", args=[one.pk]))
            for one in found
        }
