"""The light table that holds where a rulebook gives none for an indicator.

Read top down, the first rule that applies wins. Growth targets: at or above is good, up to one
point below is watch. Level targets of flows: at or ahead of pace is good, up to three points
behind is watch; ahead of pace with a falling growth is watch at best, for pace alone misleads.
Level targets of stocks, rates and means: met is good, up to three percent short is watch.
Ceilings: within is good, over is behind.
"""

from __future__ import annotations

from decimal import Decimal

from diaodu.engine.ground.words import Light
from diaodu.engine.rules.models import LightRule, LightTable

GROWTH_WATCH = Decimal(1)  # points below the target growth
PACE_WATCH = Decimal(3)  # points behind pace
SHORT_WATCH = Decimal(3)  # percent short of a level that has no pace


def _rule(name: str, light: Light, *conditions: tuple[str, str, Decimal | str]) -> LightRule:
    when = [{"measure": fact, "op": op, "value": value} for fact, op, value in conditions]
    return LightRule.model_validate({"name": name, "when": when, "light": light})


_LEVEL = ("kind", "is", "level")
_GROWTH = ("kind", "is", "growth")
_CEILING = ("kind", "is", "ceiling")
_FLOW = ("has_pace", "is", "是")
_NO_PACE = ("has_pace", "is", "否")
_MET = ("met", "is", "是")
_NOT_MET = ("met", "is", "否")

_UNDECIDABLE = ("met", "is", "undecidable")
_FALLING = ("falling", "is", "是")

_RULES = (
    _rule("未下达任务", "no_target", ("has_target", "is", "否")),
    _rule("未到期", "not_due", ("is_due", "is", "否")),
    _rule("无数据", "unknown", ("has_value", "is", "否")),
    # Judged before precision: a lower target must not come out worse.
    _rule("进度快而增速为负", "watch", _LEVEL, _FLOW, _FALLING, _UNDECIDABLE),
    _rule("按印发精度不能判定", "unknown", _UNDECIDABLE),
    _rule("上限以内", "good", _CEILING, _MET),
    _rule("超过上限", "behind", _CEILING),
    _rule("增速达到目标", "good", _GROWTH, _MET),
    _rule("增速略低于目标", "watch", _GROWTH, ("short_growth", "<=", GROWTH_WATCH)),
    _rule("增速低于目标", "behind", _GROWTH),
    _rule("达到目标", "good", _LEVEL, _NO_PACE, _MET),
    _rule("略低于目标", "watch", _LEVEL, _NO_PACE, ("short_pct", "<=", SHORT_WATCH)),
    _rule("低于目标", "behind", _LEVEL, _NO_PACE),
    _rule("低于序时进度", "behind", _LEVEL, _FLOW, ("short_pace", ">=", PACE_WATCH)),
    _rule("略低于序时进度", "watch", _LEVEL, _FLOW, ("short_pace", ">", Decimal(0))),
    _rule("进度快而增速为负", "watch", _LEVEL, _FLOW, _FALLING, ("short_pace", "<=", Decimal(0))),
    _rule("年末仅持平目标", "watch", _LEVEL, _FLOW, _NOT_MET, ("year_end", "is", "是")),
    _rule("达到序时进度", "good", _LEVEL, _FLOW, ("short_pace", "<=", Decimal(0))),
    _rule("无法判断", "unknown"),
)

STANDARD = LightTable.model_validate({"id": "standard", "rules": _RULES})
