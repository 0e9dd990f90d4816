"""Courses, places and dates against what stands beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from diaodu.engine.proofread import dates, rank, trend
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.model import Reading
from diaodu.engine.proofread.reading.read import read

Check = Callable[[Reading], Iterator[Claim]]


def found(check: Check, text: str) -> list[Claim]:
    claims = list(check(read(text)))
    assert all(text[one.start : one.end] == one.quote for one in claims)
    return claims


HOLDS, FAILS = "holds", "contradicts"
CASES = [
    # -- courses
    (trend.checks, "1-3月增长5.1%、1-4月增长5.3%、1-5月增长5.6%，逐月提升。", HOLDS),
    (trend.checks, "1-3月增长5.1%、1-4月增长5.0%、1-5月增长5.6%，逐月提升。", FAILS),
    (trend.checks, "1-3月增长5.1%、1-4月增长5.1%、1-5月增长5.6%，逐月提升。", HOLDS),
    (trend.checks, "一季度、上半年、前三季度分别增长6.1%、5.8%、5.2%，呈逐季回落态势。", HOLDS),
    (trend.checks, "一季度、上半年、前三季度分别增长6.1%、6.8%、5.2%，呈逐季回落态势。", FAILS),
    (trend.checks, "7月下降5.1%、8月下降3.2%、9月下降1.1%，降幅逐月收窄。", HOLDS),
    (trend.checks, "7月下降5.1%、8月下降6.2%、9月下降1.1%，降幅逐月收窄。", FAILS),
    (trend.checks, "4月增长9.3%、5月增长9.5%、6月增长9.9%，都在9%-10%之间。", HOLDS),
    (trend.checks, "4月增长9.3%、5月增长8.5%、6月增长9.9%，都在9%-10%之间。", FAILS),
    (trend.checks, "工业投资由负转正，增长3.1%。", HOLDS),
    (trend.checks, "工业投资由负转正，下降3.1%。", FAILS),
    (trend.checks, "增长6.8%，连续8个季度稳定运行在6.7%-6.9%。", HOLDS),
    (trend.checks, "增长6.5%，连续8个季度稳定运行在6.7%-6.9%。", FAILS),
    # -- places
    (rank.checks, "新增9户，列全市第一位，第二是甲县、新增5户，第三是乙县、新增4户。", HOLDS),
    (rank.checks, "新增9户，列全市第一位，第二是甲县、新增4户，第三是乙县、新增5户。", FAILS),
    (rank.checks, "位次由去年的第7位上升到第3位。", HOLDS),
    (rank.checks, "位次由去年的第7位下降到第3位。", FAILS),
    (rank.checks, "由上月的第9位前移至第6位，前移3位。", HOLDS),
    (rank.checks, "由上月的第9位前移至第6位，前移4位。", FAILS),
    (rank.checks, "增速居全市第三位，仅次于甲县、乙区。", HOLDS),
    (rank.checks, "增速居全市第二位，仅次于甲县、乙区。", FAILS),
    (rank.checks, "甲市、乙市、丙市分别增长14.8%、12.8%、11.8%，增速列全省第1、2、3位。", HOLDS),
    (rank.checks, "甲市、乙市、丙市分别增长14.8%、10.8%、11.8%，增速列全省第1、2、3位。", FAILS),
    (rank.checks, "在全市12个县区中排第13位。", FAILS),
    (rank.checks, "第1名甲镇，第2名乙镇，第3名丙镇，第4名丁镇。", HOLDS),
    (rank.checks, "第1名甲镇，第2名乙镇，第4名丙镇，第5名丁镇。", FAILS),
    (rank.checks, "第1名甲镇，第2名乙镇，第2名丙镇，第4名丁镇。", HOLDS),
    (rank.checks, "由高到低依次为甲镇12.5%、乙镇11.3%、丙镇9.8%。", HOLDS),
    (rank.checks, "由高到低依次为甲镇12.5%、乙镇13.3%、丙镇9.8%。", FAILS),
    # -- dates
    (dates.checks, "2月30日前完成入库。", FAILS),
    (dates.checks, "2023年2月29日前完成入库。", FAILS),
    (dates.checks, "13月5日前完成入库。", FAILS),
    (dates.checks, "2024年5月6日（星期一）召开。", HOLDS),
    (dates.checks, "2024年5月6日（星期二）召开。", FAILS),
    (dates.checks, "3月1日至3月20日，为期20天。", HOLDS),
    (dates.checks, "3月1日至3月20日，为期19天。", HOLDS),
    (dates.checks, "3月1日至3月20日，为期30天。", FAILS),
    (dates.checks, "3月1日至5月31日，为期3个月。", HOLDS),
    (dates.checks, "2021年至2025年五年", HOLDS),
    (dates.checks, "2021年至2025年六年", FAILS),
    (dates.checks, "今天是12月1日，距离年底还有30天。", HOLDS),
    (dates.checks, "今天是12月1日，距离年底还有20天。", FAILS),
    (dates.checks, "当前已经是10月下旬，今年只剩下70天时间。", HOLDS),
    (dates.checks, "当前已经是10月下旬，今年只剩下80天时间。", FAILS),
    (dates.checks, "汇报了1—10月工作及后2个月打算。", HOLDS),
    (dates.checks, "汇报了1—10月工作及后3个月打算。", FAILS),
    (dates.checks, "现在是6月10日，上半年仅剩20天。", HOLDS),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "verdict"), CASES)
def test_each_turn_of_phrase_has_its_verdict(check: Check, text: str, verdict: str):
    (claim,) = found(check, text)
    assert claim.verdict == verdict
    assert (claim.grade == "wrong") is (verdict == "contradicts")


QUIET = [
    (trend.checks, "1-3月增长5.1%、1-4月增长5.0%、1-5月增长5.6%，其中工业投资逐月提升。"),
    (trend.checks, "增速逐月提升，1-5月增长5.6%。"),
    (trend.checks, "工业投资由负转正，比去年同期的-5.1%明显好转。"),
    (rank.checks, "甲组第1名张三，第2名李四，乙组第1名王五，第2名赵六。"),
    (trend.checks, "7月增长5.1%、8月增长3.2%，逐月提升。"),
    (rank.checks, "地区生产总值、工业增加值、投资分别增长5%、9%、7%，列全市第3、第8、第5位。"),
    (rank.checks, "增速居全市第三位，仅次于甲县等县区。"),
    (rank.checks, "由去年的倒数第7位上升到第3位。"),
    (rank.checks, "第一产业增长3%，第二产业增长5%，第三产业增长7%。"),
    (dates.checks, "2月29日前完成入库。"),
    (dates.checks, "汇报了1—9月工作，分析后2个月走势。"),
    (dates.checks, "5月6日（星期二）召开。"),
    (dates.checks, "距离年底还有20天。"),
    (dates.checks, "2021年至2025年五年级学生"),
    (dates.checks, "12月31日前完成，1—11月完成95%。"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text"), QUIET)
def test_what_cannot_be_told_is_left_alone(check: Check, text: str):
    assert found(check, text) == []


def test_what_is_said_of_a_course_a_place_and_a_day():
    (course,) = found(trend.checks, "7月增长5.1%、8月增长4.2%、9月增长4.9%，逐月加快。")
    assert course.explanation == "说“逐月加快”，但8月4.2%低于7月5.1%；应核对数据或改写走势"
    (place,) = found(rank.checks, "由上月的第9位前移至第6位，前移4位。")
    assert place.explanation == "第9位到第6位相差3位，不是4位；应写3位"
    assert (place.printed, place.computed) == ("4位", "3位")
    (day,) = found(dates.checks, "4月31日前报送。")
    assert day.explanation == "“4月31日”：4月最多30天；应核对日期"
