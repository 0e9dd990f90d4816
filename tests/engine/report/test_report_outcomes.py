"""Targets of the tiers and kinds that no light reads, in the bulletin's sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import ModuleType

import pytest

from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.report.document import text_of
from diaodu.engine.report.headlines import headline
from diaodu.engine.report.material import Material

DAY, MAY = date(2023, 1, 9), "2023-01/05"


def _target(tier: str, kind: str, value: str, unit: str, comparator: str = "reach") -> Target:
    return Target(
        Target.make_id("retail", "xian", 2023, tier, kind, DAY), "retail", "xian", 2023, tier,
        kind, comparator, Decimal(value), None, unit, None, "", "", DAY, "t.xlsx", "", "", "A1",
    )  # fmt: skip


def _said(
    case: ModuleType, target: Target, shown: str, unit: str, result: str,
    material: Material | None = None,
) -> str:  # fmt: skip
    material = material or case.material()
    key = Measure.make_key("retail", "xian", MAY, "outcome", target.target_id)
    numeric = shown[-1].isdigit()
    material.book.measures.append(
        Measure(
            key,
            "retail",
            "xian",
            MAY,
            "outcome",
            target.target_id,
            "",
            "",
            Decimal(shown) if numeric else None,
            shown,
            1,
            None if numeric else "undecidable",
            unit,
            None,
            None,
            f"{result}：……",
            (),
        )
    )
    told = replace(material, targets=[*material.targets, target])
    spans = headline(told, told.rulebook.indicators["retail"])
    keys = {one.key for one in spans if one.key}
    assert target.target_id in keys or not any(c.isdigit() for c in text_of(spans).split("；")[-1])
    return text_of(spans).partition("综合亮灯为关注")[2]


@pytest.mark.parametrize(
    ("target", "shown", "unit", "result", "sentence"),
    [
        (_target("floor", "level", "100", "亿元", "at_least"), "3.0", "百分点", "按序时达到",
         "；按序时达到底线目标（100亿元以上）。"),
        (_target("stretch", "level", "110", "亿元"), "-1.3", "百分点", "按序时未达到",
         "；按序时未达到力争目标（110亿元），差1.3个百分点。"),
        (_target("stretch", "rank", "3", "位"), "2", "位", "达到",
         "；达到力争目标（增速进前3位）。"),
        (_target("stretch", "growth", "18.62", "%"), "按印发精度不能判定", "百分点",
         "按印发精度不能判定", "；是否达到力争目标（增速18.62%），按印发精度不能判定。"),
        (_target("own", "sign", "0", ""), "18.6", "%", "达到",
         "；达到本级自定目标（增速由负转正）。"),
        (_target("own", "growth", "18.6", "%", "exceed"), "0.0", "百分点", "恰好，不算达到",
         "；未达到本级自定目标（增速突破18.6%）。"),
        (_target("own", "growth", "19", "%"), "未发布", "百分点", "没有数", "。"),
    ],
)  # fmt: skip
def test_what_came_of_the_other_targets(
    case: ModuleType, target: Target, shown: str, unit: str, result: str, sentence: str
) -> None:
    assert _said(case, target, shown, unit, result) == sentence


def test_a_growth_below_a_target_is_told_as_that_of_the_judged_tier(case: ModuleType) -> None:
    """So that the bulletin's own figures can be held against the run."""
    target = _target("own", "growth", "19", "%")
    material = case.material()
    owed = Measure(
        Measure.make_key("retail", "xian", MAY, "arrears_growth", target.target_id), "retail",
        "xian", MAY, "arrears_growth", target.target_id, "", "", Decimal("0.4"), "0.4", 1, None,
        "百分点", None, None, "", (),
    )  # fmt: skip
    material.book.measures.append(owed)
    said = _said(case, target, "-0.4", "百分点", "未达到", material)
    assert said == "；低于本级自定增速目标（19%）0.4个百分点。"
