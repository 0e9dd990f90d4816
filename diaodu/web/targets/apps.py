"""The room's entry in Django."""

from django.apps import AppConfig
from django.urls import reverse

from diaodu.web.shared.access import Access
from diaodu.web.shared.named import Named


class TargetsConfig(AppConfig):
    name = "diaodu.web.targets"
    label = "targets"
    verbose_name = "目标"
    default_auto_field = "django.db.models.BigAutoField"

    # The words of this room in the audit chain (shared/acts.py).
    acts = {
        "targets.begin": "拟定目标", "targets.rebase": "调整目标", "targets.drop": "不用这一稿",
        "targets.lock": "锁定目标", "targets.edit": "修改目标", "targets.undo": "撤销修改",
        "targets.propose": "提目标建议", "targets.take": "采用目标建议",
        "targets.decline": "不采用目标建议",
    }  # fmt: skip
    things = {"targets.Version": "目标"}
    keys = {
        "year": "年份", "number": "第几版", "origin": "从哪里来", "what": "做了什么",
        "cells": "改动格数", "lines": "目标条数", "effective": "从哪天起", "document": "文号",
        "reason": "原因", "indicator": "指标", "org": "单位", "tier": "层级", "kind": "类型",
        "value": "目标值", "proposal": "建议",
    }  # fmt: skip
    open_keys = frozenset(
        {"year", "number", "origin", "what", "cells", "lines", "effective", "document", "tier",
         "kind", "proposal"}
    )  # fmt: skip

    @property
    def values(self) -> dict[str, dict[str, str]]:
        from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES

        return {"tier": TIER_NAMES, "kind": KIND_NAMES}

    def name_things(self, thing: str, ids: set[str], access: Access) -> dict[str, Named]:
        from diaodu.web.targets import queries

        found = queries.versions_for(access).filter(pk__in=[int(one) for one in ids])
        return {
            str(one.pk): Named(str(one), reverse("targets:version", args=[one.pk])) for one in found
        }
