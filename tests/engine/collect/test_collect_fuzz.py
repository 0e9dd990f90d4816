"""No sheet breaks the reader, and every cell of every sheet is counted once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from sheets_for_tests import DAY, book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook, settle
from diaodu.engine.collect.sheet import Mark
from diaodu.engine.ground.words import CELL_FATES

RULES = rulebook()
NAMES = build_names(RULES)
PRINTED = """
固定资产投资 固投（万元） 社零 GDP 规上工业增加值 甲镇 丙街1 广县 全县 合计 四川省、甘肃省 5月
1-5月 2023年 2023年1-5月 2023-05 截至10月20日 2022 同比 同比±% 位次 累计 当月 上年同期
单位：万元 单位 指标 序号 代码 519921 — / 持平 未报 3.2% 7/22 （1,234） 一46.6% 1.2亿元
注：说明 其中：民间投资 备注 年份 月份 频度 全市位次 占比 完成% 年度目标 增减(百分点)
示例县甲镇主要指标 一、工业 #REF! ２０２３年５月 2023年2月30日 13月 第9周 层级 目标值 ( （） % ％
： ・ 𠀀 ² 99999999999999999999 1e400 -0 NaN
"""
WORDS = PRINTED.split()
values = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.text(max_size=8),
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    ),
    st.integers(1949, 2030),
    st.integers(1, 12),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
marks = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 6)),
    st.sampled_from([Mark.HIDDEN, Mark.ERROR, Mark.NO_CACHE, Mark.PERCENT, Mark.SCALED]),
    max_size=6,
)
merges = st.lists(
    st.tuples(*[st.integers(0, 6)] * 4).map(
        lambda m: (min(m[0], m[2]), min(m[1], m[3]), max(m[0], m[2]), max(m[1], m[3]))
    ),
    max_size=3,
)
grids = st.lists(st.lists(values, max_size=7), max_size=8)


@settings(max_examples=400, deadline=None)
@given(
    grids,
    merges,
    marks,
    st.booleans(),
    st.sampled_from(["报表.xlsx", "甲镇/2023年5月.xls", "_.csv"]),
)
def test_any_grid_is_read_and_counted(rows, merged, marked, hidden, file):  # type: ignore[no-untyped-def]
    one = sheet(rows, merges=merged, marks=marked, hidden=hidden)
    reading = read_workbook(book(one, file=file), NAMES, RULES)
    (read,) = reading.sheets
    assert set(read.counts) == set(CELL_FATES)
    assert sum(read.counts.values()) == len(one.cells)
    assert sum(read.ignored.values()) == read.counts["ignored"]
    kept = [one for one in read.observations if not one.held and one.word != "missing"]
    assert len(kept) + (read.counts["kept"] if read.targets else 0) >= read.counts["kept"]
    for seen in read.observations:
        assert seen.value is None or isinstance(seen.value, Decimal)
        assert seen.value is None or seen.word is None
    settled = settle([reading], DAY)
    assert {place[1] for place in settled.counts} == {one.name}
