"""What is wrong with a ladder is told with file, line and what to do."""

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
"""
SOUND = """
- id: ladder
  rungs:
    - {step: reminder, after: -1}
    - {step: reminder, after: 1}
    - {step: urge, after: 1}
    - {step: talk, after: 30, wait: 10}
  counters: [{step: talk, times: 2, then: 取消当年评优资格}]
  bottoms:
    - {name: 产值, indicators: [output], by: level, group: xian/township, bottom: 2}
"""


def _read(ladder: str):
    files = {
        "orgs/o.yaml": ORGS.encode(), "indicators/i.yaml": INDICATORS.encode(),
        "ladders/l.yaml": ladder.encode(),
    }  # fmt: skip
    return read_rulebook_files(files)


def _told(ladder: str) -> list[str]:
    with pytest.raises(RulebookError) as error:
        _read(ladder)
    return [str(fault) for fault in error.value.faults]


def test_sound_ladder():
    (ladder,) = _read(SOUND).ladders
    assert (ladder.soon, ladder.sign_within, ladder.days) == (7, 1, "calendar")
    assert [rung.step for rung in ladder.rungs] == ["reminder", "reminder", "urge", "talk"]
    assert ladder.counters[0].of == "matter"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{step: reminder, after: 1}", "{step: reminder, after: -1}", [
            "ladders/l.yaml:5 “提醒”（期限前1天）写了两次。删去其中一个。",
        ]),
        ("{step: urge, after: 1}",
         "{step: urge, after: 1}\n    - {step: reminder, after: 1}", [
            "ladders/l.yaml:7 “提醒”（期限后1天）写了两次。删去其中一个。",
        ]),
        ("{step: urge, after: 1}", "{step: urge, after: 0}", [
            "ladders/l.yaml:6 “催办”（到期当天）排在“提醒”（期限后1天）之后，天数却更少。"
            "各步由轻到重写，天数由少到多。",
        ]),
        ("{step: urge, after: 1}", "{step: exposure, after: 1}", [
            "ladders/l.yaml:7 “约谈”（期限后30天）比前一步“走在后说清楚”（期限后1天）轻。"
            "各步由轻到重写：提醒、催办、通报、预警函、约谈、走在后说清楚、问责提请。",
        ]),
        ("{step: talk, after: 30, wait: 10}", "{step: reminder, after: 30}", [
            "ladders/l.yaml:8 阶梯里没有“约谈”这一步，次数永远是零。"
            "在 rungs 或 bottoms 里补上这一步，或改 step。",
        ]),
        ("{step: talk, after: 30, wait: 10}", "{step: urge, after: 30, wait: 10}", [
            "ladders/l.yaml:7 “催办”写了两次，只有提醒可以写几次。"
            "只留一个，或改成 step: reminder。",
            "ladders/l.yaml:8 阶梯里没有“约谈”这一步，次数永远是零。"
            "在 rungs 或 bottoms 里补上这一步，或改 step。",
        ]),
        ("{step: urge, after: 1}", "{step: 催办, after: 1}", [
            "ladders/l.yaml:6 ‘step’不能是“催办”，是不是“urge”？可以写的是："
            "reminder、urge、bulletin、warning、talk、exposure、accountability。",
        ]),
        ("group: xian/township, bottom: 2", "group: xian/townships, bottom: 2", [
            "ladders/l.yaml:10 没有“xian/townships”这个分组，是不是“xian/township”？"
            "写单位 groups 里的分组，或“上级编号/层级”。",
        ]),
        ("bottom: 2}", "bottom: 2}\n"
         "    - {name: 产值, indicators: [output], by: level, group: xian/township, bottom: 1}", [
            "ladders/l.yaml:11 规则名称“产值”重复。改成不同的名称。",
        ]),
        ("{name: 产值", "{name: " + "产" * 61, [
            "ladders/l.yaml:10 ‘name’最多60个字，写了61个。写短一些。",
        ]),
        ("bottom: 2", "bottom: 3", [
            "ladders/l.yaml:10 “xian/township”只有3个单位，倒数3名是全部。改小 bottom。",
        ]),
        ("by: level", "by: growth", [
            "ladders/l.yaml:10 “产值”不发布增速，不能按增速排。改 by，或删去这个指标。",
        ]),
        ("[output]", "[outputs]", [
            "ladders/l.yaml:10 没有编号为“outputs”的指标，是不是“output”？"
            "改正编号，或在 indicators/ 里补上。",
        ]),
        ("- id: ladder", "- id: ladder\n  holidays: [{from: 2023-10-01, to: 2023-10-06}]", [
            "ladders/l.yaml:3 按日历天数计，‘holidays’不起作用。写 days: working，或删去它。",
        ]),
        ("- id: ladder", "- id: ladder\n  days: working\n  workdays: [2023-10-07, 2023-10-09]\n"
         "  holidays: [{from: 2023-10-06, to: 2023-10-01}]", [
            "ladders/l.yaml:4 2023-10-09不是周末也不在假期里，本来就上班。改正日期，或删去它。",
            "ladders/l.yaml:5 假期的末日2023-10-01早于首日2023-10-06。对调或改正这两个日期。",
        ]),
        ("times: 2", "times: 0", [
            "ladders/l.yaml:8 ‘times’不能小于1，写的是“0”。改正这个数。",
        ]),
    ],
)  # fmt: skip
def test_faults(old, new, told):
    assert old in SOUND
    assert _told(SOUND.replace(old, new)) == told


def test_two_ladders_at_one_time():
    other = SOUND.replace("id: ladder", "id: other")
    assert _told(SOUND + other) == [
        "ladders/l.yaml:12 与“ladder”在同一时段都管"
        "“会议决定、亮灯预警、上级文件、督查发现、审计、来信来函”的事项。"
        "用 from、to 分开时段，或用 sources 分开来源。"
    ]
    apart = other.replace("id: other", "id: other\n  sources: [audit]")
    assert len(_read(SOUND + apart).ladders) == 2
    later = other.replace("id: other", "id: other\n  from: 2024")
    assert len(_read(SOUND.replace("id: ladder", "id: ladder\n  to: 2023") + later).ladders) == 2


def test_schema_is_chinese():
    schema = json_schemas("ladders")
    assert schema["title"] == "ladders/（督办阶梯）"
    assert schema["$defs"]["Rung"]["title"] == "一步"
    assert schema["$defs"]["entry"]["required"] == ["id", "rungs"]
