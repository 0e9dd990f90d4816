"""The bulletin as a whole: sections, tables, golden text, every figure keyed."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

from diaodu.engine.report.bulletin import bulletin
from diaodu.engine.report.comparison import comparison
from diaodu.engine.report.document import Paragraph, Table, numerals, plain_text, text_of
from diaodu.engine.report.rankings import on_paper, rankings
from diaodu.engine.report.workbook import FindingRow, Point, finding_rows, tables
from diaodu.engine.rules.models import Outline
from diaodu.engine.rules.rulebook import Rulebook

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "bulletin.txt"


def test_golden_bulletin(case: ModuleType) -> None:
    text = plain_text(bulletin(case.material()))
    if os.environ.get("DIAODU_GOLDEN") == "1":
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_every_key_is_a_measure_an_observation_or_a_target(case: ModuleType) -> None:
    known = {m.key for m in case.book().measures}
    known |= {o.obs_id for o in case.OBSERVATIONS} | {t.target_id for t in case.TARGETS}
    found = numerals(bulletin(case.material()))
    assert len(found) > 100
    assert {numeral.key for numeral in found} <= known


def test_figures_are_printed_as_shown(case: ModuleType) -> None:
    """A measure's numeral is its shown text: sign in the words or as U+2212, commas in tables."""
    shown = {m.key: m.shown for m in case.book().measures}
    for numeral in numerals(bulletin(case.material())):
        if numeral.key in shown:
            printed = numeral.text.removeprefix("−").replace(",", "")
            assert printed == shown[numeral.key].removeprefix("-")


def test_sections_follow_the_outline(case: ModuleType) -> None:
    rules = case.rulebook()
    outline = rules.outlines[0].model_copy(update={"sections": ("findings", "headlines")})
    changed = Rulebook("v", rules.orgs, rules.indicators, outlines=(outline,))
    text = plain_text(bulletin(case.material(rulebook=changed)))
    assert "一、审核意见" in text
    assert "二、主要指标完成情况" in text
    assert "三、" not in text


def test_without_an_outline_the_org_with_most_reporting_children_is_reported(
    case: ModuleType,
) -> None:
    material = case.material(rulebook=case.rulebook(outline=False))
    # three counties of the city have figures, three towns of the county as well: first named
    assert isinstance(material.outline, Outline)
    assert material.org.id == "city"


def test_comparison_merges_the_row_over_two_targets(case: ModuleType) -> None:
    table = comparison(case.material())
    at = [text_of(head) for head in table.header]
    rows = [[cell.text for cell in row] for row in table.rows]
    retail = next(i for i, row in enumerate(rows) if row[0] == "社会消费品零售总额")
    assert dict(zip(at, rows[retail], strict=True)) == {
        "指标": "社会消费品零售总额", "单位": "亿元", "统计期": "1—5月", "本期": "44.40",
        "同比%": "18.6", "增速变动": "0.3", "目标": "上级下达106.6亿元", "完成%": "41.7",
        "增速欠账": "只定总量", "序时差": "0.0", "比全市": "−0.1", "比全省": "0.2", "比全国": "0.0",
        "位次": "1/3", "亮灯": "▲关注",
    }  # fmt: skip
    assert [cell.continues for cell in table.rows[retail + 1]] == (
        [True] * 6 + [False] * 4 + [True] * 4 + [False]
    )
    assert rows[retail + 1][-1] == "●良好"


def test_rankings_show_ties_moves_and_who_is_left_out(case: ModuleType) -> None:
    first, second = rankings(case.material())
    assert [[cell.text for cell in row] for row in first.table.rows] == [
        ["1", "示例县", "44.40", "18.6", "升2"],
        ["并列2", "甲县", "未发布", "12.0", "平"],
        ["并列2", "乙县", "未发布", "12.0", "降1"],
    ]
    assert text_of(first.remark) == "3个县区参与排名。未参与排名：丙区未发布。"
    assert on_paper(first)[1] == Paragraph(first.remark, "remark")
    assert text_of(second.table.caption) == "全县1—5月一般公共预算收入总量位次表"


def test_a_long_ranking_is_cut_on_paper_but_whole_in_the_workbook(case: ModuleType) -> None:
    material = case.material()
    ranking = rankings(material)[0]
    long = Table(ranking.table.caption, ranking.table.header, ranking.table.rows * 20, (1,) * 5)
    object.__setattr__(ranking, "table", long)
    cut, closing = on_paper(ranking)
    assert isinstance(cut, Table)
    assert len(cut.rows) == 36
    assert text_of(closing.spans).endswith("中间名次见附表。")  # type: ignore[union-attr]


def test_series_hold_one_shape_of_period_and_only_unheld_figures(case: ModuleType) -> None:
    month = case.observation("retail", "2023-05", "9.1")
    figures = type(case.material().figures)([*case.OBSERVATIONS, month])
    retail, power = (
        next(s for s in tables(case.material(figures=figures)).series if s.name == name)
        for name in ("社会消费品零售总额", "全社会用电量")
    )
    assert retail.points == (
        Point("2023年1—2月", 2023, 2, "17.10", "17.9"),
        Point("2023年一季度", 2023, 3, "26.20", "18.1"),
        Point("2023年1—4月", 2023, 4, "35.30", "18.3"),
        Point("2023年1—5月", 2023, 5, "44.40", "18.6"),
    )
    assert power.points == ()


def test_findings_for_people_come_hard_first_and_in_words(case: ModuleType) -> None:
    rows = finding_rows(case.findings(), case.rulebook())
    assert [row.severity for row in rows] == ["暂扣", "提示"]
    assert rows[0] == FindingRow(
        "暂扣", "疑似单位错", "2023-06-12/县局月报5月.xlsx", "表1", "C7", "示例县", "全社会用电量",
        "2023年1—5月", "=与同期相比大10000倍，疑似单位写错", "请报送单位核对计量单位", "4.03",
        "40321",
    )  # fmt: skip
