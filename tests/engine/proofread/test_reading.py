"""What the reader takes for a figure, in what unit, how rough; and what it does not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.proofread.check import proofread
from diaodu.engine.proofread.reading.model import FIGURES, TIME, Figure, Reading
from diaodu.engine.proofread.reading.read import read


def told(text: str) -> list[tuple[str, str, str | None]]:
    """Value, unit and hedge of every figure."""
    return [(str(f.value), f.printed.unit, f.hedge) for f in read(text).figures]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("完成 14.64 亿元", [("14.64", "亿元", None)]),
        ("完成17,176万元", [("17176", "万元", None)]),
        ("完成１７，１７６．５万元。", [("17176.5", "万元", None)]),
        ("增长一46.6%", [("-46.6", "%", None)]),
        ("增长 -18.7 %", [("-18.7", "%", None)]),
        ("（-11.0％）", [("-11.0", "%", None)]),
        ("下降8.2%", [("-8.2", "%", None)]),
        ("降幅为8.2%", [("-8.2", "%", None)]),
        ("下降到8.2%", [("8.2", "%", None)]),
        ("负增长4.2%", [("-4.2", "%", None)]),
        ("占22. 2%", [("22.2", "%", None)]),
        ("完成投资1 3.5亿元", [("13.5", "亿元", None)]),
        ("完成投资9.53\n\n亿元、增长", [("9.53", "亿元", None)]),
        ("近10亿元", [("10", "亿元", "under")]),
        ("约58.93亿，", [("58.93", "亿", "about")]),
        ("30余家企业", [("30", "家", "over")]),
        ("2.3万余人", [("2.3", "万人", "over")]),
        ("超过300户", [("300", "户", "over")]),
        ("增长12%以上；", [("12", "%", "at_least")]),
        ("增长7.5%左右", [("7.5", "%", "about")]),
        ("控制在4%以内", [("4", "%", "at_most")]),
        ("15%-20%", [("20", "%", "range")]),
        ("5000至8000万元", [("8000", "万元", "range")]),
        ("由2%到3%", [("2", "%", None), ("3", "%", None)]),
        ("1.7、0.3和0.1个百分点", [("1.7", "个百分点", None), ("0.3", "个百分点", None),
                              ("0.1", "个百分点", None)]),
        ("4.2 个、2 个百分点", [("4.2", "个百分点", None), ("2", "个百分点", None)]),
        ("第 1、2、7 名", [("1", "位", None), ("2", "位", None), ("7", "位", None)]),
        ("居全市第一，", [("1", "位", None)]),
        ("占七成以上", [("70.00", "%", "about")]),
        ("不足五分之一", [("20.00", "%", "about")]),
        ("百分之三十", [("30", "%", None)]),
        ("增长2.9倍", [("2.9", "倍", None)]),
        ("8.2亿千瓦时", [("8.2", "亿千瓦时", None)]),
        ("23.2 : 13.8∶63.0", [("23.2", "", None), ("13.8", "", None), ("63.0", "", None)]),
    ],
)  # fmt: skip
def test_figures(text: str, figures: list[tuple[str, str, str | None]]):
    assert told(text) == figures


@pytest.mark.parametrize(
    "text",
    ["2023年1—5月", "截至4月20日", "元至7月", "一季度", "“14585”思路", "“十四五”时期", "10+5产业",
     "〔2022〕13号", "S105公路", "310国道", "世界500强", "5G基站", "第一产业", "第3批", "12345热线",
     "联系电话0791-8612345", "13912345678", "3亿元以上工业项目", "1、加快建设", "（2）完善制度",
     "PM2.5平均浓度", "于9：30开始", "20XX年", "2015-20XX年", "前3位"],
)  # fmt: skip
def test_no_figures(text: str):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "contexts"),
    [
        ("1—5月，全县规模以上工业增加值增长9.0%，居全市第3位。",
         [("规模以上工业增加值", "全县", "1—5月")] * 2),
        ("全县固定资产投资完成24.22亿元、增长16.5%；地方公共财政收入完成0.91亿元。",
         [("固定资产投资", "全县", "")] * 2 + [("地方公共财政收入", "全县", "")]),
        ("城镇居民收入、农村居民收入分别增长6%、7%。",
         [("城镇居民收入", "", ""), ("农村居民收入", "", "")]),
        ("上半年，用电量增长5%，比一季度提高1个百分点。",
         [("用电量", "", "上半年"), ("用电量", "", "上半年")]),
        ("全县生产总值，也就是GDP实现20.0亿元。", [("GDP", "全县", "")]),
        ("财政收入（全年任务5亿元）完成3亿元。", [("财政收入", "", ""), ("财政收入", "", "")]),
    ],
)  # fmt: skip
def test_what_a_figure_is_of(text: str, contexts: list[tuple[str, str, str]]):
    assert [(f.subject, f.org, f.period) for f in read(text).figures] == contexts


def test_rough_figures_are_wide_and_counts_exact():
    under, over, count, measured = read("近10亿元，30余家，12个，8.5%").figures
    assert (under.interval.lo, under.interval.hi) == (0, 10**9)
    assert (over.interval.lo, over.interval.hi) == (30, 40)
    assert count.is_count and not measured.is_count
    assert (measured.interval.lo * 100, measured.interval.hi * 100) == (845, 855)


_TEXTS = st.text(
    alphabet="一二三十百万亿元个家户位%％.。，、：（）第占比增长下降完成任务的年月日季度高于全市"
    " \n\t-—~至到约近余" + string.digits + "，。".join(("分别", "百分点")),
    max_size=80,
)


def _is_sound(reading: Reading, figure: Figure) -> bool:
    return (
        reading.text[figure.start : figure.end] == figure.quote
        and figure.interval.lo <= figure.interval.value <= figure.interval.hi
        and any(sign.isdigit() or sign in "一二三四五六七八九十百两" for sign in figure.quote)
    )


@given(_TEXTS)
@settings(max_examples=150)
def test_any_text_is_read_and_every_figure_is_where_it_says(text: str):
    reading = read(text)
    assert all(_is_sound(reading, figure) for figure in reading.figures)
    for sentence in reading.sentences:
        assert len(sentence.offsets) == len(sentence.form) + 1
        assert list(sentence.offsets) == sorted(sentence.offsets)
        assert {i for i, sign in enumerate(sentence.form) if sign in FIGURES} == set(sentence.at)
        assert {i for i, sign in enumerate(sentence.form) if sign == TIME} == set(sentence.moments)


@given(_TEXTS)
@settings(max_examples=100)
def test_any_text_is_proofread_and_every_claim_is_where_it_says(text: str):
    claims = proofread(text)
    assert list(claims) == sorted(claims, key=lambda one: (one.start, one.end, one.kind))
    for claim in claims:
        assert claim.quote == text[claim.start : claim.end] != ""
        assert claim.explanation
        assert all(0 <= start < end <= len(text) for start, end in claim.operands)


@given(st.integers(1, 999), st.integers(1, 999))
@settings(max_examples=60)
def test_a_share_printed_as_computed_holds_and_one_far_off_does_not(part: int, more: int):
    whole = part + more
    tenths = (2000 * part + whole) // (2 * whole)  # half up, in tenths of a percent
    shown = f"{tenths // 10}.{tenths % 10}"
    text = f"全县共有企业{whole}家，其中亏损{part}家，占{shown}%。"
    (claim,) = [one for one in proofread(text) if one.kind == "share"]
    assert (claim.verdict, claim.grade) == ("holds", None)
    wrong = f"{(tenths + 20) // 10}.{tenths % 10}"
    (claim,) = [one for one in proofread(text.replace(shown, wrong)) if one.kind == "share"]
    assert (claim.verdict, claim.grade) == ("contradicts", "wrong")
    assert claim.fix == f"{wrong}%改为{shown}%"


def test_a_sentence_in_a_cell_is_checked_as_any_other() -> None:
    text = "项目\t进度\n投资\t完成30亿元，占年度计划100亿元的35%。"
    (claim,) = proofread(text)
    assert (claim.verdict, claim.quote) == ("contradicts", "30亿元，占年度计划100亿元的35%")
