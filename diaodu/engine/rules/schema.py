"""The JSON Schema of each kind of rulebook file, as `diaodu rulebook schema` prints it."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.rules.validate import KINDS, REQUIRED

_TITLES = {
    "orgs": "单位", "indicators": "指标", "sources": "读表办法", "checks": "审核",
    "lights": "亮灯规则", "calendar": "报送日历", "outlines": "通报提纲", "uses": "取数次序",
    "breaks": "口径变动", "corrections": "更正",
    "breakdowns": "总量的分解", "standings": "位次分析",
    "paces": "序时办法", "bands": "完成档次", "shapes": "上年结构",
    "ladders": "督办阶梯", "warnings": "预警规则", "gates": "关口", "holidays": "放假安排",
}  # fmt: skip


# What each group of keys inside an entry is called.
_GROUPS = {
    "Code": "代码及其使用时段", "Place": "写在哪里", "Match": "哪些表", "Ignore": "有意不读的栏目",
    "Condition": "条件", "LightRule": "一条亮灯规则", "DayAfter": "统计期之后的日子",
    "Band": "一档", "Ranking": "一张排名表", "Signature": "一道签字", "Reconciled": "一处对账",
    "PlaceClass": "一段位次", "DaysOff": "一段假期", "Rung": "一步", "Counter": "次数和后果",
    "BottomRule": "倒数几名怎么办", "Milestone": "一个节点",
}  # fmt: skip


class _Untitled(GenerateJsonSchema):
    """Without the titles pydantic makes of field names: the descriptions say what a key means."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def json_schemas(kind: str | None = None) -> dict[str, Any]:
    """The schema of one kind, or (kind None) a mapping of every kind to its schema.

    Raises DiaoduError for a kind that is none.
    """
    if kind is None:
        return {one: _schema(one) for one in KINDS}
    if kind not in KINDS:
        raise DiaoduError(f"没有“{kind}”这一类规则。可以写的是：{'、'.join(KINDS)}。")
    return _schema(kind)


def _schema(kind: str) -> dict[str, Any]:
    """A file holds one entry or a list of them, or nothing."""
    entry = KINDS[kind].model_json_schema(by_alias=True, schema_generator=_Untitled)
    definitions = entry.pop("$defs", {})
    _entitle(entry, f"一条{_TITLES[kind]}")
    for name, definition in definitions.items():
        _entitle(definition, _GROUPS[name])
    required = [*entry.get("required", []), *REQUIRED.get(kind, ())]
    entry["required"] = [key for key in entry["properties"] if key in required]
    for key in entry["required"]:
        entry["properties"][key].pop("default", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{kind}/（{_TITLES[kind]}）",
        "anyOf": [
            {"$ref": "#/$defs/entry"},
            {"type": "array", "items": {"$ref": "#/$defs/entry"}},
            {"type": "null"},
        ],
        "$defs": {**definitions, "entry": entry},
    }


def _entitle(definition: dict[str, Any], title: str) -> None:
    """A Chinese title in place of the class name and the docstring."""
    definition["title"] = title
    definition.pop("description", None)
