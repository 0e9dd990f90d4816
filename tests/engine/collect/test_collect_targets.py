"""Target sheets: what is read, what is asked about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sheets_for_tests import DAY, book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook, settle

RULES = rulebook()
NAMES = build_names(RULES)
HEADER = [
    "指标", "单位", "年份", "层级", "类型", "比较", "目标值", "计量单位", "容差",
    "下达单位", "文号",
]  # fmt: skip
GOOD = [
    "固投",
    "示例县",
    2023,
    "上级下达",
    "总量",
    "达到",
    173873,
    "万元",
    "",
    "示例市",
    "示发〔2023〕1号",
]


def read(*lines, day=DAY):  # type: ignore[no-untyped-def]
    rows = [["2023年目标表"], HEADER, *lines]
    return read_workbook(book(sheet(rows), file="目标.xlsx", day=day), NAMES, RULES)


def changed(**cells: object) -> list[object]:
    return [cells.get(name, value) for name, value in zip(HEADER, GOOD, strict=True)]


def test_a_target_is_kept_in_the_indicators_unit() -> None:
    (one,) = read(GOOD).sheets
    (target,) = one.targets
    assert (target.indicator, target.org, target.year) == ("fai", "xian", 2023)
    assert (target.tier, target.kind, target.comparator) == ("assigned", "level", "reach")
    assert (target.value, target.unit, target.tolerance) == (Decimal("17.3873"), "亿元", None)
    assert (target.issuer, target.document, target.cell) == ("示例市", "示发〔2023〕1号", "G3")
    assert sum(one.counts.values()) == 22
    assert one.counts["kept"] == 1
    assert one.findings == ()


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"层级": "本级自定"}, ("own", "level", "reach")),
        ({"层级": "调度目标", "比较": "以上"}, ("working", "level", "at_least")),
        ({"层级": "底线", "类型": "上限", "比较": "以内"}, ("floor", "ceiling", "within")),
        ({"层级": "力争", "比较": "突破"}, ("stretch", "level", "exceed")),
        ({"比较": "左右", "容差": 100}, ("assigned", "level", "about")),
    ],
)
def test_the_words_of_targets(cells: dict[str, object], found: tuple[str, str, str]) -> None:
    (target,) = read(changed(**cells)).sheets[0].targets
    assert (target.tier, target.kind, target.comparator) == found
    if "容差" in cells:
        assert target.tolerance == Decimal("0.01")


def test_growth_targets_are_percent_and_not_issued_is_a_word() -> None:
    growth = changed(类型="增速", 目标值="8.5%", 计量单位="%")
    none = changed(层级="本级自定", 目标值="未下达")
    one, two = read(growth, none).sheets[0].targets
    assert (one.kind, one.value, one.unit) == ("growth", Decimal("8.5"), "%")
    assert (two.value, two.word) == (None, "no_target")


@pytest.mark.parametrize(
    ("cells", "code", "cell", "message"),
    [
        ({"指标": "固投资"}, "unknown_indicator", "A3", "“固投资”在规则库里找不到，"
                                                        "是不是“固定资产投资”"),
        ({"单位": "丙街区"}, "unknown_org", "B3", "“丙街区”在规则库里找不到，是不是“丙街道”"),
        ({"单位": "广县"}, "ambiguous_name", "B3", "“广县”可能是：guang、guang2，不能确定是哪一个"),
        ({"年份": "今年"}, "ambiguous_period", "C3", "年份“今年”看不懂"),
        ({"层级": "市级下达"}, "ambiguous_name", "D3",
         "层级“市级下达”不在上级下达、本级自定、调度目标、底线、力争之内，是不是“上级下达”"),
        ({"目标值": "较多"}, "not_a_number", "G3", "“较多”不是数"),
        ({"计量单位": "万户"}, "unknown_unit", "G3", "“万户”不能换算成“亿元”：不是同一种计量单位"),
        ({"目标值": Decimal("1E+308")}, "out_of_range", "G3", "目标值“1E+308”大得不可能"),
        ({"目标值": "9" * 90 + ".5"}, "out_of_range", "G3", f"目标值“{'9' * 40}”大得不可能"),
        ({"计量单位": ""}, "unknown_layout", "G3", "“计量单位”没有填"),
    ],
)  # fmt: skip
def test_bad_rows_are_held_with_their_cell(
    cells: dict[str, object], code: str, cell: str, message: str
) -> None:
    (one,) = read(changed(**cells), GOOD).sheets
    (found,) = one.findings
    assert (found.code, found.cell, found.message) == (code, cell, f"目标表第3行：{message}")
    assert len(one.targets) == 1
    assert (one.counts["held"], one.counts["kept"]) == (1, 1)


def test_a_later_target_stands_and_two_of_one_day_do_not() -> None:
    later = read(changed(目标值=200000), day=date(2023, 7, 1))
    settled = settle([read(GOOD), later], date(2023, 7, 1), NAMES)
    assert [t.value for t in settled.targets] == [Decimal(20)]
    assert [f.code for f in settled.findings] == ["revised"]
    clash = settle([read(GOOD, changed(目标值=1))], DAY, NAMES)
    assert clash.targets == ()
    (found,) = clash.findings
    assert (found.code, found.severity) == ("conflict", "hard")
    assert found.message == (
        "示例县2023年固定资产投资目标同一天收到不同的数：17.3873亿元（2023-06-12/目标.xlsx［Sheet1］G3）"
        "、0.0001亿元（2023-06-12/目标.xlsx［Sheet1］G4）"
    )
    counted = list(clash.counts.values())
    assert sum(fates["held"] for fates in counted) == 2
    assert sum(fates["kept"] for fates in counted) == 0
