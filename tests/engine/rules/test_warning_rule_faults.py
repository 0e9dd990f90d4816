"""What is wrong with a rule on warnings is told with file, line and what to do."""

from __future__ import annotations

import pytest

from diaodu.adapters.rulebook_in import read_rulebook_files
from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.rules.schema import json_schemas

ORGS = """
- {id: xian, name: 甲县, level: county}
- {id: a, name: 甲镇, level: township, parent: xian}
- {id: b, name: 乙镇, level: township, parent: xian}
- {id: c, name: 丙镇, level: township, parent: xian}
"""
INDICATORS = """
- {id: output, name: 产值, unit: 亿元, basis: ytd, facets: [level], direction: high, decimals: 2,
   cadence: month, january: merged}
- {id: npl, name: 不良率, unit: "%", basis: stock, facets: [level, growth], direction: low,
   decimals: 2, cadence: month, january: merged}
"""
SOUND = """
- id: pace
  name: 进度滞后
  reference: 办法第六条
  kind: pace_gap
  points: 5
  raise_after: 2
  tell: [owner]
"""
PLACE = SOUND.replace("kind: pace_gap", "kind: bottom").replace(
    "  points: 5\n", "  group: xian/township\n  bottom: 2\n  by: level\n"
)
CLASSES = SOUND.replace("kind: pace_gap", "kind: rank_class").replace(
    "  points: 5\n",
    "  group: xian/township\n  classes: [{name: 好, upto: 1/3}, {name: 差, upto: 1}]\n"
    "  alarm: [差]\n",
)
GROWTH = SOUND.replace("kind: pace_gap", "kind: growth").replace("points: 5", "below: 0")


def _read(rule: str):
    return read_rulebook_files(
        {
            "orgs/o.yaml": ORGS.encode(), "indicators/i.yaml": INDICATORS.encode(),
            "warnings/w.yaml": rule.encode(),
        }
    )  # fmt: skip


def _told(rule: str) -> list[str]:
    with pytest.raises(RulebookError) as error:
        _read(rule)
    return [str(fault) for fault in error.value.faults]


@pytest.mark.parametrize("sound", [SOUND, PLACE, CLASSES, GROWTH])
def test_sound(sound):
    (rule,) = _read(sound).warnings
    assert (rule.raise_after, rule.clear_after, rule.again_within) == (2, 1, 0)
    assert rule.light == "watch"


@pytest.mark.parametrize(
    ("sound", "old", "new", "told"),
    [
        (SOUND, "  points: 5\n", "", [
            "warnings/w.yaml:2 “进度差”的规则没有写‘points’。补上 points。",
        ]),
        (SOUND, "points: 5", "points: 5\n  bottom: 3", [
            "warnings/w.yaml:7 ‘bottom’对“进度差”的规则不起作用。删去它，或改 kind。",
        ]),
        (SOUND, "points: 5", "points: 0", ["warnings/w.yaml:6 ‘points’不能小于或等于0，写的是“0”。"
                                           "改正这个数。"]),
        (SOUND, "raise_after: 2", "raise_after: 0", [
            "warnings/w.yaml:7 ‘raise_after’不能小于1，写的是“0”。改正这个数。",
        ]),
        (SOUND, "tell: [owner]", "tell: [牵头部门]", [
            "warnings/w.yaml:8 ‘tell’不能是“牵头部门”，是不是“owner”？可以写的是："
            "unit、owner、vice、leader、dispatch、supervision、statistics。",
        ]),
        (SOUND, "- id: pace", "- id: pace\n  from: 2023-05\n  to: 2023-04", [
            "warnings/w.yaml:4 ‘from’（2023-05-01）晚于‘to’（2023-04-30）。对调或改正这两个日期。",
        ]),
        (SOUND, "tell: [owner]", "tell: [owner]\n  indicators: [outputs]", [
            "warnings/w.yaml:9 没有编号为“outputs”的指标，是不是“output”？"
            "改正编号，或在 indicators/ 里补上。",
        ]),
        (GROWTH, "below: 0", "below: 0\n  above: 3", [
            "warnings/w.yaml:2 “增速低”的规则要写 below 或 above 之一。只写其中一个。",
        ]),
        (GROWTH, "tell: [owner]", "tell: [owner]\n  indicators: [npl]", [
            "warnings/w.yaml:9 “不良率”越低越好，不能用‘below’。另写一条规则，用 above。",
        ]),
        (PLACE, "xian/township", "xian/townships", [
            "warnings/w.yaml:6 没有“xian/townships”这个分组，是不是“xian/township”？"
            "写单位 groups 里的分组，或“上级编号/层级”。",
        ]),
        (PLACE, "bottom: 2", "bottom: 3", [
            "warnings/w.yaml:7 “xian/township”只有3个单位，倒数3名是全部。改小 bottom。",
        ]),
        (PLACE, "by: level", "by: growth\n  indicators: [output]", [
            "warnings/w.yaml:9 “产值”不发布增速，不能按增速排。改 by，或删去这个指标。",
        ]),
        (CLASSES, "upto: 1}", "upto: 1/2}", [
            "warnings/w.yaml:7 最后一段没有到1，后面的位次无处可归。最后一段写 1。",
        ]),
        (CLASSES, "upto: 1}", "upto: 1/4}", [
            "warnings/w.yaml:7 “差”到“1/4”为止，不是比前一段大、不超过1的分数。"
            "由前到后写，如 1/3、2/3、1。",
        ]),
        (CLASSES, "alarm: [差]", "alarm: [很差]", [
            "warnings/w.yaml:8 classes 里没有“很差”这一段。写 好、差 之一。",
        ]),
    ],
)  # fmt: skip
def test_faults(sound, old, new, told):
    assert old in sound
    assert _told(sound.replace(old, new, 1)) == told


def test_schema_says_what_keys_mean():
    schema = json_schemas("warnings")
    entry = schema["$defs"]["entry"]
    assert entry["required"] == ["id", "name", "reference", "kind", "tell"]
    assert all("description" in one for one in entry["properties"].values())
