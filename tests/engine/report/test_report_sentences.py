"""The office's sentences, case by case."""

from __future__ import annotations

from types import ModuleType

import pytest

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.words import MEASURE_WORD_NAMES
from diaodu.engine.report import patterns
from diaodu.engine.report.document import text_of
from diaodu.engine.report.headlines import counting, headline

HEADLINES = {
    "gdp": "一季度（最新发布期），全县地区生产总值完成16.67亿元，同比增长9.0%。",
    "ind": "1—5月，全县规上工业增加值同比下降3.1%，降幅比1—4月收窄0.4个百分点；"
    "低于上级下达增速目标（8.5%）11.6个百分点。",
    "retail": "1—5月，全县社会消费品零售总额完成44.40亿元，同比增长18.6%，"
    "增速比1—4月提高0.3个百分点，低于全市0.1个百分点、高于全省0.2个百分点、与全国持平，"
    "居全市第1位（3个县区参与排名，丙区未发布），比1—4月上升2位；"
    "完成上级下达任务106.6亿元的41.7%，略低于序时进度；"
    "高于上级下达增速目标（9%以上）9.6个百分点；综合亮灯为关注。",
    "revenue": "1—5月，全县一般公共预算收入完成6.21亿元，同比下降5.3%（按总量推算），"
    "增速比1—4月由正转负、回落7.3个百分点，居全市并列第3位（4个县区参与排名），"
    "排名范围与1—4月不同，位次不作比较；"
    "完成本级自定目标17.3873亿元的35.7%，比序时进度低5.9个百分点。",
    "deposit": "5月末，全县金融机构各项存款余额为120.30亿元，与上年同期持平，增速与4月末持平。",
    "pm25": "1—5月，全县PM2.5浓度平均为33微克/立方米，同比下降8.3%；"
    "控制在上级下达上限35微克/立方米以内，余量2微克/立方米。",
    "start": "1—5月，全县新开工500万元以上项目累计41个；"
    "完成上级下达任务120个的34.2%，比序时进度低7.5个百分点。",
    "profit": "1—5月，全县规上工业利润总额完成3120万元，同比由负转正；上级尚未下达任务。",
    "power": "1—5月，全县全社会用电量来数暂扣，见审核意见。",
}


@pytest.mark.parametrize("indicator", HEADLINES)
def test_headline(case: ModuleType, indicator: str) -> None:
    material = case.material()
    known = material.rulebook.indicators[indicator]
    assert text_of(headline(material, known)) == HEADLINES[indicator]


def test_counts_name_the_bad_side(case: ModuleType) -> None:
    assert text_of(counting(case.material())) == (
        "对照年度目标，主要指标1高0平3低，低于目标的：社会消费品零售总额、一般公共预算收入、"
        "新开工500万元以上项目，未下达目标的：规上工业利润总额。"
        "增速与上期相比，2升1平1降，回落的：一般公共预算收入。"
    )


CHANGES = [
    # growth, change, sentence
    ("8.3", "0.3", "增速比1—4月提高0.3个百分点"),
    ("8.3", "-0.3", "增速比1—4月回落0.3个百分点"),
    ("8.3", "0", "增速与1—4月持平"),
    ("-7.3", "13.1", "降幅比1—4月收窄13.1个百分点"),
    ("-7.3", "-0.4", "降幅比1—4月扩大0.4个百分点"),
    ("-7.3", "0", "降幅与1—4月持平"),
    ("1.2", "3.0", "增速比1—4月由负转正、提高3.0个百分点"),
    ("-1.2", "-3.0", "增速比1—4月由正转负、回落3.0个百分点"),
    ("0", "2.0", "增速比1—4月提高2.0个百分点"),
    ("0", "-2.0", "增速比1—4月回落2.0个百分点"),
    ("2.0", "2.0", "增速比1—4月提高2.0个百分点"),
    ("-2.0", "-2.0", "增速比1—4月回落2.0个百分点"),
    (None, "-3.1", "增速比1—4月回落3.1个百分点"),
]


@pytest.mark.parametrize(("growth", "change", "told"), CHANGES)
def test_change_of_growth(case: ModuleType, growth: str | None, change: str, told: str) -> None:
    book = case.Book()
    book.put("retail", "value", "44.4", unit="亿元", decimals=2)
    if growth is not None:
        book.put("retail", "growth_published", growth)
    book.put("retail", "growth_change_pp", change, base=case.APRIL, unit="百分点")
    material = case.material(book=book, targets=[])
    sentence = text_of(headline(material, material.rulebook.indicators["retail"]))
    assert sentence.endswith(f"，{told}。")


GROWTHS = [
    ("8.3", None, "同比增长8.3%"),
    ("-3.1", None, "同比下降3.1%"),
    ("0", None, "与上年同期持平"),
    ("0.04", None, "与上年同期基本持平"),
    ("-0.04", None, "与上年同期基本持平"),
    ("0.05", None, "同比增长0.1%"),
    (None, "turned_positive", "同比由负转正"),
    (None, "turned_negative", "同比由正转负"),
    (None, "loss_narrowed", "亏损同比收窄"),
    (None, "loss_widened", "亏损同比扩大"),
    (None, "no_base", "无上年同期数"),
    (None, "zero_base", "上年同期为零，不计增速"),
    (None, "negative_base", "上年同期为负，不计增速"),
    (None, "not_published", "增速未发布"),
]


@pytest.mark.parametrize(("value", "word", "told"), GROWTHS)
def test_growth(case: ModuleType, value: str | None, word: str | None, told: str) -> None:
    book = case.Book()
    book.put("retail", "value", "44.4", unit="亿元", decimals=2)
    book.put("retail", "growth_published", value, word=word)
    material = case.material(book=book, targets=[])
    sentence = text_of(headline(material, material.rulebook.indicators["retail"]))
    assert sentence == f"1—5月，全县社会消费品零售总额完成44.40亿元，{told}。"


def test_every_word_of_a_measure_has_a_growth_sentence() -> None:
    assert set(MEASURE_WORD_NAMES) <= set(patterns.GROWTH)


@pytest.mark.parametrize(
    ("direction", "owed", "told"),
    [
        ("high", "0.5", "低于上级下达增速目标（9%以上）0.5个百分点"),
        ("high", "-0.5", "高于上级下达增速目标（9%以上）0.5个百分点"),
        ("high", "0", "与上级下达增速目标（9%以上）持平"),
        ("low", "0.5", "高于上级下达增速目标（9%以上）0.5个百分点"),
        ("low", "-0.5", "低于上级下达增速目标（9%以上）0.5个百分点"),
    ],
)
def test_growth_target_by_direction(case: ModuleType, direction: str, owed: str, told: str) -> None:
    book = case.Book()
    book.put("retail", "growth_published", "8.5")
    book.put("retail", "arrears_growth", owed, target_id="aaaa000000000002", unit="百分点")
    material = case.material(book=book, targets=case.TARGETS[1:2])
    known = material.rulebook.indicators["retail"].model_copy(update={"direction": direction})
    assert text_of(headline(material, known)).endswith(f"；{told}。")


@pytest.mark.parametrize(
    ("left", "told"),
    [
        ("2", "控制在上级下达上限35微克/立方米以内，余量2微克/立方米"),
        ("0", "达到上级下达上限35微克/立方米，没有余量"),
        ("-3", "超出上级下达上限35微克/立方米，超出3微克/立方米"),
    ],
)
def test_ceiling(case: ModuleType, left: str, told: str) -> None:
    book = case.Book()
    book.put("pm25", "value", "33", unit="微克/立方米", decimals=0)
    book.put("pm25", "allowance", left, target_id="aaaa000000000004", unit="微克/立方米",
             decimals=0)  # fmt: skip
    material = case.material(book=book)
    assert told in text_of(headline(material, material.rulebook.indicators["pm25"]))


def test_a_target_without_its_figure_says_so(case: ModuleType) -> None:
    book = case.Book()
    book.put("retail", "value", None, word="not_published", unit="亿元")
    material = case.material(book=book, targets=case.TARGETS[:1], verdicts=[])
    assert text_of(headline(material, material.rulebook.indicators["retail"])) == (
        "1—5月，全县社会消费品零售总额未发布；上级下达目标（106.6亿元）因缺数不能对照。"
    )


def test_the_first_months_name_the_year_they_are_compared_with(case: ModuleType) -> None:
    book = case.Book()
    period = "2023-01/02"
    book.put("retail", "value", "17.1", unit="亿元", decimals=2, period=period)
    book.put("retail", "growth_published", "17.9", period=period)
    book.put("retail", "growth_change_pp", "1.2", period=period, base="2022-01/12")
    material = case.material(book=book, targets=[], period=Period.from_id("2023-02"), horizon={})
    assert text_of(headline(material, material.rulebook.indicators["retail"])) == (
        "1—2月，全县社会消费品零售总额完成17.10亿元，同比增长17.9%，"
        "增速比2022年全年提高1.2个百分点。"
    )


def test_a_published_rank_stands_for_the_computed_one_and_names_its_n(case: ModuleType) -> None:
    book = case.book()
    source = case.observation("retail", case.MAY, "2", facet="rank_growth", unit="位")._replace(
        against="city", n=7
    )
    book.put("retail", "rank_growth_published", "2", peer_group="city", unit="位", decimals=0,
             inputs=(source.obs_id,))  # fmt: skip
    figures = type(case.material().figures)([source])
    material = case.material(book=book, figures=figures, targets=[])
    spans = headline(material, material.rulebook.indicators["retail"])
    assert text_of(spans).endswith("，居全市第2位（7个单位参与排名）。")
    assert next(span.key for span in spans if span.text == "7") == source.obs_id


def test_a_published_rank_without_peers_is_told_alone(case: ModuleType) -> None:
    book = case.Book()
    book.put("retail", "growth_published", "8.3")
    book.put("retail", "rank_level_published", "5", unit="位", decimals=0)
    material = case.material(book=book, targets=[])
    assert text_of(headline(material, material.rulebook.indicators["retail"])).endswith(
        "总量未发布，同比增长8.3%，总量居第5位。"
    )


def test_flat_growth_and_change_are_words(case: ModuleType) -> None:
    book = case.Book()
    for measure in ("growth_published", "growth_change_pp"):
        book.put("retail", measure, "0", base=case.APRIL)
        book.measures[-1] = book.measures[-1]._replace(shown="持平")
    material = case.material(book=book, targets=[])
    assert text_of(headline(material, material.rulebook.indicators["retail"])) == (
        "1—5月，全县社会消费品零售总额总量未发布，与上年同期持平，增速与1—4月持平。"
    )


def test_targets_are_those_of_the_figures_own_year(case: ModuleType) -> None:
    """In January the newest figure is last year's, and so is its target."""
    book = case.Book()
    old = case.target("bbbb000000000001", "retail", "100")._replace(year=2022)
    book.put("retail", "value", "98", unit="亿元", decimals=0, period="2022-01/12")
    book.put("retail", "completion", "98", target_id=old.target_id, period="2022-01/12")
    material = case.material(
        book=book,
        targets=[old, case.TARGETS[0]],
        verdicts=[],
        period=Period.from_id("2023-01"),
        horizon={"retail": Period.from_id("2022-01/12")},
    )
    assert text_of(headline(material, material.rulebook.indicators["retail"])) == (
        "2022年全年（最新发布期），全县社会消费品零售总额完成98亿元；"
        "完成上级下达任务100亿元的98.0%。"
    )


CODES = """unreadable, encrypted, truncated, empty_sheet, unknown_layout, too_big, not_a_number,
formula_error, no_cached_value, hidden, unknown_indicator, unknown_org, ambiguous_name,
unknown_unit, ambiguous_period, wrong_period, no_receipt_day, duplicate_unit, conflict, revised,
out_of_range, cumulative_fell, month_vs_ytd, parts_vs_parent, implied_base,
published_vs_computed, jump, contradiction, unit_slip, heaped, missing, late,
corrected, correction_unfit"""


def test_every_finding_code_has_a_chinese_name() -> None:
    assert set(patterns.CODE_NAMES) == {code.strip() for code in CODES.split(",")}
