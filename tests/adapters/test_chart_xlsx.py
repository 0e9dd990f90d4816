"""A chart of a page as Excel: the numbers shown, as numbers, and a native chart of them."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import openpyxl

from diaodu.adapters.chart_xlsx import Drawn, Shape, chart_xlsx

NOTE = "示例县　社零　2023年1—5月　数据截至2023年6月6日　第1次运行"


def _drawn(shape: Shape = "bar") -> Drawn:
    return Drawn(
        "社零增速", "%", NOTE, shape, ("单位", "增速（%）", "亮灯"),
        (("城东街道", "−1.30", "落后"), ("=2+5", "1,234.5", "良好"),
         ("柳荷镇", "逾期未报", "无数据")),
        (1,),
    )  # fmt: skip


def test_numbers_are_numbers_and_words_stay_words() -> None:
    sheet = openpyxl.load_workbook(BytesIO(chart_xlsx(_drawn(), on=date(2023, 6, 6)))).active
    assert sheet["A1"].value == "社零增速（%）"
    assert sheet["A2"].value == NOTE
    assert [cell.value for cell in sheet[3]][:3] == ["单位", "增速（%）", "亮灯"]
    assert sheet["B4"].value == -1.3 and sheet["B4"].number_format == "#,##0.00"
    assert sheet["B5"].value == 1234.5 and sheet["B5"].number_format == "#,##0.0"
    assert sheet["B6"].value == "逾期未报"
    assert sheet["A5"].value == "=2+5" and sheet["A5"].data_type == "s"


def test_the_chart_reads_the_cells() -> None:
    for shape, element in (("bar", "barChart"), ("column", "barChart"), ("line", "lineChart")):
        content = chart_xlsx(_drawn(shape), on=date(2023, 6, 6))  # type: ignore[arg-type]
        with ZipFile(BytesIO(content)) as file:
            chart = file.read("xl/charts/chart1.xml").decode()
        assert f"<c:{element}>" in chart
        assert "社零增速!$B$4:$B$6" in chart
        assert "社零增速!$A$4:$A$6" in chart


def test_the_same_chart_is_the_same_file() -> None:
    first, second = (chart_xlsx(_drawn(), on=date(2023, 6, 6)) for _ in range(2))
    assert first == second
