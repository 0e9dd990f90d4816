"""Who may do what: the whole truth, as a table.

A membership gives a user one of these roles over one org and everything below it, for all
indicators or some.
"""

from __future__ import annotations

from typing import Final

ROLES: Final[dict[str, str]] = {
    "leader": "领导",
    "vice": "分管领导",
    "dispatch": "发改/调度",
    "statistics": "统计",
    "owner": "牵头部门",
    "clerk": "乡镇填报",
    "supervision": "督查",
    "assessment": "考核",
    "admin": "管理员",
    "reader": "只读",
}

CAPABILITIES: Final[dict[str, str]] = {
    "view": "看数",
    "fill": "填报",
    "sign": "签字",
    "review": "审核报表",
    "correct": "更正数据",
    "import": "导入数据",
    "live": "看实时结果",
    "run": "运行",
    "publish": "发布结果",
    "chase": "催报",
    "except": "准许补报",
    "urge": "催办问责",
    "meet": "办会",
    "target": "定目标",
    "propose": "提目标建议",
    "assign": "交办",
    "answer": "办理交办",
    "verify": "核实交办",
    "rulebook": "管规则",
    "people": "管单位和人员",
    "audit": "看操作记录",
    "note": "写批注",
}

# A unit's return is its own people's: these hold at the membership's org itself, not below it.
OWN_ORG_ONLY: Final = frozenset({"fill", "sign", "answer"})

# About the desk as a whole: these count only where the membership covers the home org.
DESK_WIDE: Final = frozenset(
    {"correct", "import", "run", "publish", "urge", "meet", "target", "assign", "verify",
     "rulebook", "audit"}
)  # fmt: skip

# Only these may see a figure before its release, and only where the membership says so.
MAY_READ_EARLY: Final = frozenset({"statistics", "owner", "dispatch"})

ALLOWED: Final[dict[str, frozenset[str]]] = {
    "leader": frozenset({"view", "note", "sign", "urge", "assign", "answer"}),
    "vice": frozenset({"view", "note", "sign", "urge", "assign", "answer"}),
    "dispatch": frozenset(
        {"view", "note", "live", "run", "publish", "chase", "except", "urge", "meet", "assign",
         "target"}
    ),
    "statistics": frozenset(
        {"view", "note", "live", "sign", "review", "correct", "import", "run", "publish", "chase",
         "except", "rulebook", "answer"}
    ),
    "owner": frozenset({"view", "note", "live", "fill", "answer", "propose"}),
    "clerk": frozenset({"view", "note", "fill", "answer"}),
    "supervision": frozenset({"view", "note", "chase", "urge", "meet", "assign", "verify"}),
    "assessment": frozenset({"view", "note"}),
    # An administrator keeps the house and touches no figure.
    "admin": frozenset({"people", "rulebook", "audit"}),
    "reader": frozenset({"view"}),
}  # fmt: skip
