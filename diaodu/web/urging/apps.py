"""The room's entry in Django."""

from django.apps import AppConfig
from django.urls import reverse

from diaodu.engine.dispatch.ladder import RELIEF_NAMES
from diaodu.engine.ground.words import LADDER_STEP_NAMES
from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class UrgingConfig(AppConfig):
    name = "diaodu.web.urging"
    label = "urging"
    verbose_name = "催办"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py).
    acts = {
        "urging.take": "采取督办措施", "urging.put_off": "暂缓督办措施", "urging.void": "文书作废",
        "urging.relieve": "认定容错或不可抗力", "urging.send_again": "重发提醒",
    }  # fmt: skip
    things = {
        "urging.Step": "督办措施", "urging.Proposed": "待定的督办措施", "urging.Letter": "文书",
        "urging.Relief": "容错或不可抗力", "shared.Delivery": "提醒",
    }  # fmt: skip
    keys = {
        "step": "措施", "duty": "事项", "number": "字号", "matter": "关于", "until": "到哪天",
        "void": "作废", "relief": "认定为", "document": "依据", "delivery": "送达情况",
    }  # fmt: skip
    values = {"step": LADDER_STEP_NAMES, "relief": RELIEF_NAMES}

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        if thing != "urging.Letter":
            return {}
        return {id: Named(id, reverse("urging:letters")) for id in ids}
