"""What became of the duties handed out: a section of the bulletin, absent without them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from diaodu.engine.dispatch.duty import DutyList
from diaodu.engine.report.bulletin import bulletin
from diaodu.engine.report.document import Table, numerals, plain_text
from diaodu.engine.report.duties import duties
from diaodu.engine.report.workbook import tables
from diaodu.engine.rules.rulebook import Rulebook

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "bulletin_duties.txt"
DAY = date(2023, 6, 12)


def _duty(id: str, lead: str, **given: object) -> dict[str, object]:
    usual = {
        "id": id, "title": f"事项{id}", "state": "working", "source": "meeting", "lead": lead,
        "person": "王强", "issued": "2023-05-10", "latest": "2023-06-20",
    }  # fmt: skip
    return usual | given


DUTIES = [
    _duty("1", "t1", title="补报固定资产投资入库项目", number="示督交〔2023〕41号",
          state="returned", latest="2023-06-09", remains="还差0.46亿元，缺施工许可证"),
    _duty("2", "t1", state="closed", answered="2023-06-01", closed="2023-06-05"),
    _duty("3", "t2", state="closed", answered="2023-06-10", closed="2023-06-11",
          latest="2023-06-08"),
    _duty("4", "t2"),
    _duty("5", "t2", title="历史遗留用地手续补办（11宗）", state="long_term",
          latest="2023-03-31", issued="2023-01-05"),
    _duty("6", "t3", state="issued", latest="2023-05-31"),
    _duty("7", "t3", state="withdrawn"),
    _duty("8", "t3", state="draft", issued=None),
]  # fmt: skip


def _list(duties: list[dict[str, object]] = DUTIES, **given: object) -> DutyList:
    return DutyList.model_validate({"day": DAY, "duties": duties} | given)


def _told(case: ModuleType, handed: DutyList | None) -> str:
    text = plain_text(bulletin(case.material(duties=handed)))
    return text.partition("、上期交办事项落实情况\n")[2].partition("\n\n六、")[0]


def test_golden_section(case: ModuleType) -> None:
    text = _told(case, _list(run="第12次运行", since="2023-05-01")) + "\n"
    if os.environ.get("DIAODU_GOLDEN") == "1":
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_absent_without_a_list(case: ModuleType) -> None:
    without = plain_text(bulletin(case.material()))
    assert "交办事项" not in without
    assert duties(case.material()) == []
    rules = case.rulebook()
    named = rules.outlines[0].model_copy(update={"sections": ("headlines", "duties")})
    book = Rulebook("v", rules.orgs, rules.indicators, outlines=(named,))
    assert "交办事项" not in plain_text(bulletin(case.material(rulebook=book)))


@pytest.mark.parametrize(
    ("sections", "order"),
    [
        (("headlines", "findings"), ["一、主要", "二、上期交办", "三、审核"]),
        (("headlines",), ["一、主要", "二、上期交办"]),
        (("duties", "headlines", "findings"), ["一、上期交办", "二、主要", "三、审核"]),
    ],
)
def test_where_it_stands(case: ModuleType, sections: tuple[str, ...], order: list[str]) -> None:
    rules = case.rulebook()
    named = rules.outlines[0].model_copy(update={"sections": sections})
    book = Rulebook("v", rules.orgs, rules.indicators, outlines=(named,))
    text = plain_text(bulletin(case.material(rulebook=book, duties=_list())))
    places = [text.index(heading) for heading in order]
    assert places == sorted(places)


def test_counts_of_the_units_add_up(case: ModuleType) -> None:
    blocks = duties(case.material(duties=_list()))
    table = [block for block in blocks if isinstance(block, Table)][-1]
    rows = [[int(cell.number or "") for cell in row[1:]] for row in table.rows]
    *units, whole = rows
    assert whole == [sum(column) for column in zip(*units, strict=True)]
    assert all(row[0] == sum(row[1:]) for row in rows)
    assert whole == [6, 1, 1, 1, 2, 1]


def test_every_numeral_refers_to_a_count_or_a_duty(case: ModuleType) -> None:
    plain = numerals(bulletin(case.material()))
    mine = [n for n in numerals(bulletin(case.material(duties=_list()))) if "dut" in n.key]
    assert not any(n.key.startswith(("duties|", "duty|")) for n in plain)
    assert {n.key for n in mine if n.key.startswith("duty|")} == {"duty|1|late", "duty|6|late"}
    told = {n.key: n.text for n in mine}
    assert told["duty|1|late"] == "3"
    assert (told["duties|total"], told["duties|done_rate"]) == ("6", "33.3")
    assert told["duties|overdue|t3"] == "1"


@pytest.mark.parametrize(
    ("handed", "told"),
    [
        ([], "截至6月12日，上期交办事项一件也没有。"),
        ([DUTIES[6]], "截至6月12日，上期交办事项一件也没有。\n另有1件已撤销，不计在内。"),
    ],
)
def test_none(case: ModuleType, handed: list[dict[str, object]], told: str) -> None:
    assert _told(case, _list(handed)).strip() == told


def test_none_overdue_is_said(case: ModuleType) -> None:
    told = _told(case, _list(DUTIES[1:5]))
    assert "没有逾期未办结的事项。" in told
    assert "逾期未办结事项表" not in told
    assert "共4件：按期办结1件、逾期办结1件、在办未到期1件、长期整改1件；办结率50.0%。" in told


def test_many_overdue_are_cut_and_counted(case: ModuleType) -> None:
    many = [_duty(f"d{at}", "t1", latest="2023-06-01") for at in range(65)]
    told = _told(case, _list(many))
    assert told.count("办理中") == 60
    assert "另有5件逾期未办结，没有列入。" in told


def test_tables_do_not_change(case: ModuleType) -> None:
    assert tables(case.material(duties=_list())) == tables(case.material())
