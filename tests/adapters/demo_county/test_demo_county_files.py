"""What make_demo puts on disk, and that the answer key points at what it says."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlrd

from diaodu.adapters.demo_county import make_demo
from diaodu.adapters.rulebook_in import check_rulebook


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("demo") / "示例"
    make_demo(target)
    return target


@pytest.fixture(scope="module")
def key(demo: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((demo / "answer-key.json").read_text(encoding="utf-8"))
    return loaded


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_anywhere(demo: Path, tmp_path: Path) -> None:
    make_demo(tmp_path / "again")
    assert _files(tmp_path / "again") == _files(demo)


def test_another_seed_gives_other_figures(demo: Path, tmp_path: Path) -> None:
    make_demo(tmp_path / "other", seed=5)
    assert _files(tmp_path / "other").keys() == _files(demo).keys()
    assert _files(tmp_path / "other") != _files(demo)


def test_it_never_mixes_two_demos(demo: Path) -> None:
    with pytest.raises(FileExistsError, match="已经存在；请换一个空文件夹，或先移走旧的"):
        make_demo(demo)


def test_it_says_that_all_is_invented(demo: Path) -> None:
    assert "虚构" in (demo / "README").read_text(encoding="utf-8")
    for path in (demo / "rulebook").rglob("*.yaml"):
        assert "虚构" in path.read_text(encoding="utf-8"), path.name


def test_the_rulebook_is_a_copy_not_a_link(demo: Path) -> None:
    assert not (demo / "rulebook").is_symlink()
    assert (demo / "rulebook" / "orgs" / "departments.csv").is_file()


def test_the_rulebook_has_no_fault(demo: Path) -> None:
    assert check_rulebook(demo / "rulebook") == []


def test_there_are_days_layouts_and_few_enough_cells(demo: Path) -> None:
    returns = demo / "returns"
    days = sorted(path.name for path in returns.iterdir())
    assert (days[0], days[-1]) == ("2023-01-20", "2023-06-12")
    suffixes = {path.suffix for path in returns.rglob("*") if path.is_file()}
    assert suffixes == {".xlsx", ".xls", ".csv"}
    assert 5_000 < sum(_cells(path) for path in returns.rglob("*.*")) < 40_000


def _cells(path: Path) -> int:
    if path.suffix == ".csv":
        with path.open(encoding="gbk", newline="") as file:
            return sum(len(row) for row in csv.reader(file))
    if path.suffix == ".xls":
        return sum(
            sheet.cell_type(row, col) not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
            for sheet in xlrd.open_workbook(str(path)).sheets()
            for row in range(sheet.nrows)
            for col in range(sheet.ncols)
        )
    return sum(
        cell.value is not None
        for sheet in openpyxl.load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
    )


def test_the_key_names_every_story(key: dict[str, Any]) -> None:
    assert (key["period"], key["seed"]) == ("2023-05", 20230612)
    assert {entry["code"] for entry in key["planted"]} == {
        "unit_slip", "late", "revised", "wrong_period", "not_a_number", "formula_error",
        "hidden", "unknown_org", "parts_vs_parent", "heaped", "jump", "corrected", "",
    }  # fmt: skip
    assert {entry["story"] for entry in key["planted"] if not entry["code"]} == {
        "增速相同，位次并列", "利润由负转正", "多个单位填同一个数", "多印的分项", "新行业无同期数",
        "自报数只认定一部分", "有的县区未发布，位次少算两家", "目标未下达",
        "统计方法变了，与以前年度不可比",
    }  # fmt: skip


def _planted(demo: Path, key: dict[str, Any], story: str) -> list[tuple[Any, Any]]:
    """Sheet and cell of every entry of a story, with stored results of formulas."""
    found: list[tuple[Any, Any]] = []
    for entry in key["planted"]:
        if entry["story"] == story:
            book = openpyxl.load_workbook(demo / "returns" / entry["file"], data_only=True)
            found.append((book[entry["sheet"]], book[entry["sheet"]][entry["cell"]]))
    return found


@pytest.mark.parametrize(
    ("story", "value"),
    [("数字格里填了文字", "约320"), ("公式出错", "#REF!"), ("利润由负转正", 9640)],
)
def test_planted_cells_hold_what_was_planted(
    demo: Path, key: dict[str, Any], story: str, value: object
) -> None:
    assert [cell.value for _, cell in _planted(demo, key, story)] == [value]


def test_the_slipped_figure_is_ten_thousand_times_too_large(
    demo: Path, key: dict[str, Any]
) -> None:
    ((sheet, cell),) = _planted(demo, key, "单位填错：万元栏按元填")
    assert (sheet.cell(cell.row, 2).value, cell.value % 10000) == ("云 岭 镇", 0)
    others = [sheet.cell(row, cell.column).value for row in range(5, 26) if row != cell.row]
    assert cell.value > 100 * max(others)


def test_the_late_township_is_in_no_sheet_of_the_month(demo: Path, key: dict[str, Any]) -> None:
    late = [entry for entry in key["planted"] if entry["code"] == "late"]
    assert {(entry["org"], entry["file"], entry["cell"]) for entry in late} == {("yuewan", "", "")}
    assert len(late) == 8
    (path,) = (demo / "returns" / "2023-06-08" / "乡镇报表").iterdir()
    names = {row[1].value for row in openpyxl.load_workbook(path).active.iter_rows()}
    assert "月湾乡" not in {str(name).replace(" ", "") for name in names}
    assert "竹山乡" in {str(name).replace(" ", "") for name in names}


def test_the_hidden_row_is_hidden(demo: Path, key: dict[str, Any]) -> None:
    ((sheet, cell),) = _planted(demo, key, "隐藏的行")
    assert sheet.row_dimensions[cell.row].hidden
    assert sheet.cell(cell.row, 1).value == "梅岭乡"


def test_the_tied_townships_print_one_growth(demo: Path, key: dict[str, Any]) -> None:
    (_, one), (_, other) = _planted(demo, key, "增速相同，位次并列")
    assert one.row != other.row
    assert one.value == other.value


def test_the_revision_came_on_a_later_day_with_another_value(
    demo: Path, key: dict[str, Any]
) -> None:
    (_, level), _ = _planted(demo, key, "去年同期数修订")
    history = openpyxl.load_workbook(
        demo / "returns/2023-01-20/历史数据/示例县主要指标历史数据.xlsx"
    )["总量"]
    row = next(r for r in history.iter_rows(values_only=True) if r[0] == "社会消费品零售总额")
    assert level.value not in row
    assert round(level.value + 0.46, 2) in row


def test_january_stands_alone_in_one_file(demo: Path, key: dict[str, Any]) -> None:
    (entry,) = [entry for entry in key["planted"] if entry["code"] == "wrong_period"]
    assert entry["period"] == "2023-01"
    ((sheet, _),) = _planted(demo, key, entry["story"])
    assert sheet["A1"].value == "2023年1月限额以上消费品零售额情况表"
