"""What is said where a figure, a rank or a movement is not there, and how arrears are printed."""

from __future__ import annotations

from types import ModuleType

import pytest

from diaodu.engine.ground.records import Measure, Verdict, finding
from diaodu.engine.report.absent import why
from diaodu.engine.report.behind import behind
from diaodu.engine.report.bulletin import bulletin
from diaodu.engine.report.comparison import comparison
from diaodu.engine.report.document import Paragraph, plain_text, text_of
from diaodu.engine.report.headlines import counting, headline
from diaodu.engine.report.material import Material
from diaodu.engine.report.rankings import rankings
from diaodu.engine.report.spans import grouped, owed_cell

REASONS = [
    # held, late, light, reason
    (True, True, "unknown", "暂扣"),
    (False, True, "unknown", "逾期未报"),
    (False, False, "not_due", "未到期"),
    (False, False, "unknown", "未发布"),
]


@pytest.mark.parametrize(("held", "late", "light", "reason"), REASONS)
def test_why_a_figure_is_absent(
    case: ModuleType, held: bool, late: bool, light: str, reason: str
) -> None:
    seen = [case.observation("power", case.MAY, "40321", held=True)] if held else []
    overdue = finding("late", "soft", "", "", indicator="power", org="xian", period=case.MAY)
    material = case.material(
        figures=type(case.material().figures)(seen),
        findings=[overdue] if late else [],
        verdicts=[Verdict("power", "xian", case.MAY, None, "", light, "", ())],
    )
    power = material.rulebook.indicators["power"]
    assert why(material, power, "xian", ("level",)) == reason


def test_a_held_figure_of_another_period_or_facet_is_not_the_reason(case: ModuleType) -> None:
    seen = [
        case.observation("power", case.APRIL, "40321", held=True),
        case.observation("power", case.MAY, "8.3", facet="growth", held=True),
    ]
    material = case.material(figures=type(case.material().figures)(seen), verdicts=[])
    power = material.rulebook.indicators["power"]
    assert why(material, power, "xian", ("level",)) == "未发布"


def only_one_ranked(case: ModuleType) -> Material:
    book = case.book()
    kept = [
        m for m in book.measures
        if not (m.indicator == "retail" and "rank" in m.measure and m.org != "xian")
    ]  # fmt: skip
    book.measures = kept
    material: Material = case.material(book=book)
    return material


def test_nobody_is_first_among_one(case: ModuleType) -> None:
    material = only_one_ranked(case)
    told = text_of(headline(material, material.rulebook.indicators["retail"]))
    assert "第1位" not in told
    assert "参与排名" not in told
    heads = [text_of(head) for head in comparison(material).header]
    retail = next(row for row in comparison(material).rows if row[0].text == "社会消费品零售总额")
    assert retail[heads.index("位次")].text == "—"
    assert [each.indicator.id for each in rankings(material)] == ["revenue"]


def test_the_number_ranked_refers_to_its_own_measure(case: ModuleType) -> None:
    material = case.material()
    spans = headline(material, material.rulebook.indicators["retail"])
    keys = [span.key for span in spans if span.key and "|rank_growth_n|" in span.key]
    assert keys == [f"retail|xian|{case.MAY}|rank_growth_n|||{case.PEERS}"]


def test_movements_that_nobody_has_are_told_once(case: ModuleType) -> None:
    book = case.book()
    book.measures = [
        m._replace(value=None, word="not_comparable", shown="无法比较")
        if m.measure == "rank_growth_move" else m
        for m in book.measures
    ]  # fmt: skip
    first = rankings(case.material(book=book))[0]
    assert "位次升降" not in [text_of(head) for head in first.table.header]
    assert text_of(first.remark) == (
        "3个县区参与排名。未参与排名：丙区未发布。排名范围与1—4月不同，位次升降无法比较。"
    )


def test_no_targets_are_not_counted_as_zero_high_zero_low(case: ModuleType) -> None:
    book = case.book()
    book.measures = [
        m._replace(value=m.value * 0, shown="0")
        if m.measure in ("count_above_target", "count_below_target") else m
        for m in book.measures
    ]  # fmt: skip
    assert text_of(counting(case.material(book=book))).startswith(
        "主要指标没有可对照的年度目标，未下达目标的：规上工业利润总额。"
    )


def test_a_ceiling_that_is_passed_says_by_how_much(case: ModuleType) -> None:
    book = case.Book()
    book.put("pm25", "value", "38", unit="微克/立方米", decimals=0)
    book.put("pm25", "allowance", "-3", target_id="aaaa000000000004", unit="微克/立方米",
             decimals=0)  # fmt: skip
    verdict = Verdict("pm25", "xian", case.MAY, "aaaa000000000004", "超过上限", "behind", "", ())
    first = behind(case.material(book=book, verdicts=[verdict]))[0]
    assert isinstance(first, Paragraph)
    assert text_of(first.spans) == (
        "PM2.5浓度（上级下达上限35微克/立方米）：已达38微克/立方米，超出3微克/立方米。"
    )


def test_an_arrears_of_an_older_period_names_it(case: ModuleType) -> None:
    target = case.target("bbbb000000000002", "gdp", "6.5", kind="growth", unit="%")
    book = case.Book()
    book.put("gdp", "arrears_growth", "1.2", target_id=target.target_id, unit="百分点",
             period="2023-01/03")  # fmt: skip
    verdict = Verdict("gdp", "xian", "2023-01/03", target.target_id, "", "behind", "", ())
    first = behind(case.material(book=book, targets=[target], verdicts=[verdict]))[0]
    assert isinstance(first, Paragraph)
    assert text_of(first.spans) == (
        "地区生产总值（上级下达增速目标6.5%）：一季度（最新发布期），增速欠账1.2个百分点。"
    )


def test_targets_without_a_figure_are_named_under_the_table(case: ModuleType) -> None:
    held = case.observation("revenue", case.MAY, "9", held=True)._replace(org="t2")
    late = finding("late", "soft", "", "", indicator="revenue", org="t1", period=case.MAY)
    verdicts = [
        Verdict("revenue", org, case.MAY, target_id, "到期无数据", "unknown", "", ())
        for org, target_id in (("t1", "aaaa000000000008"), ("t2", "aaaa000000000009"))
    ]
    blocks = behind(
        case.material(
            figures=type(case.material().figures)([held]), findings=[late], verdicts=verdicts
        )
    )
    last = blocks[-1]
    assert isinstance(last, Paragraph)
    assert (last.kind, text_of(last.spans)) == (
        "remark",
        "因没有数字未列入：城关镇的一般公共预算收入逾期未报；东河镇的一般公共预算收入暂扣。",
    )


@pytest.mark.parametrize(
    ("target", "owed", "told"),
    [
        ("13", "0.1", "；低于上级下达增速目标（13%左右）0.1个百分点，在容差以内。"),
        ("13", "0.6", "；低于上级下达增速目标（13%左右）0.6个百分点。"),
        ("13", "-0.1", "；高于上级下达增速目标（13%左右）0.1个百分点。"),
    ],
)
def test_short_of_about_within_its_tolerance(
    case: ModuleType, target: str, owed: str, told: str
) -> None:
    about = case.target("bbbb000000000003", "retail", target, kind="growth", unit="%",
                        comparator="about")  # fmt: skip
    about = about._replace(tolerance=case.Decimal("0.5"))
    book = case.Book()
    book.put("retail", "value", "44.4", unit="亿元", decimals=2)
    book.put("retail", "growth_published", "12.9")
    book.put("retail", "arrears_growth", owed, target_id=about.target_id, unit="百分点")
    material = case.material(book=book, targets=[about], verdicts=[])
    assert text_of(headline(material, material.rulebook.indicators["retail"])).endswith(told)


def arrears(case: ModuleType, value: str) -> Measure:
    book = case.Book()
    book.put("retail", "arrears_growth", value, unit="百分点")
    measure: Measure = book.measures[0]
    return measure


@pytest.mark.parametrize(
    ("value", "told", "number"),
    [("0.2", "欠0.2", "0.2"), ("-1.3", "超1.3", "-1.3"), ("0.04", "持平", "0.0"),
     ("-1234.5", "超1,234.5", "-1234.5")],
)  # fmt: skip
def test_an_arrears_says_which_side_it_is_on(
    case: ModuleType, value: str, told: str, number: str
) -> None:
    cell = owed_cell(arrears(case, value))
    assert (cell.text, cell.number, cell.signs) == (told, number, ("欠", "超", "持平"))
    assert owed_cell(None, "只定总量").text == "只定总量"


@pytest.mark.parametrize(
    ("shown", "printed"),
    [("999", "999"), ("1000", "1,000"), ("-50765.20", "-50,765.20"), ("0.5", "0.5"),
     ("-0.5", "-0.5"), ("1234567", "1,234,567")],
)  # fmt: skip
def test_commas_from_a_thousand(shown: str, printed: str) -> None:
    assert grouped(shown) == printed


def test_the_signature_keeps_the_last_line_with_it(case: ModuleType) -> None:
    *_, last, empty, issuer, day = bulletin(case.material()).blocks
    assert [(b.kind, b.keep) for b in (last, empty, issuer, day)] == [  # type: ignore[union-attr]
        ("body", True), ("body", True), ("sign", True), ("sign", False),
    ]  # fmt: skip


def test_an_older_period_is_printed_with_its_year(case: ModuleType) -> None:
    older = case.Period.from_id("2022-01/12")
    text = plain_text(bulletin(case.material(horizon={"gdp": older})))
    assert "地区生产总值｜亿元｜2022年全年｜" in text


@pytest.mark.parametrize(
    ("word", "told"), [("not_comparable", "无法比较"), ("no_base", "无同期数"), (None, "未发布")]
)
def test_who_has_no_place_is_named_with_the_word_for_its_growth(
    case: ModuleType, word: str | None, told: str
) -> None:
    book = case.book()
    if word:
        book.put("retail", "growth", None, org="bing", word=word)
    first = rankings(case.material(book=book))[0]
    assert first.indicator.id == "retail"
    assert text_of(first.remark).startswith(f"3个县区参与排名。未参与排名：丙区{told}。")
