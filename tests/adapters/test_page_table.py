"""A table of a page, as it is read there."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import openpyxl

from diaodu.adapters.page_table import page_table
from diaodu.adapters.table_xlsx import table_xlsx

PAGE = """<html><body><h1>一张表</h1><div class="meta"><span>示例县</span><b>2023年1—5月</b></div>
<table class="other"><tr><td>不是</td></tr></table>
<section class="box"><h2>主要指标 <small>两行</small></h2>
<table class="dt"><thead>
<tr><th rowspan="2">指标</th><th colspan="2">本期</th><th rowspan="2">走势</th>
<th rowspan="2"><span class="only-screen-reader">操作</span></th></tr>
<tr><th>累计</th><th>增速 %</th></tr></thead>
<tbody><tr><th><a href="/x">社零</a> <span class="unit">亿元</span></th><td>1,234.50</td>
<td><b>−1.3</b></td><td><svg><text>9</text></svg></td><td><button>删</button></td></tr>
<tr><th>=2+5</th><td colspan="2">逾期未报<span class="pop">为什么</span></td><td></td><td></td></tr>
<tr><th>代码</th><td>0571</td><td>12</td><td></td><td></td></tr>
</tbody></table></section></body></html>"""


def test_cells_as_they_are_read() -> None:
    table = page_table(PAGE, 0)
    assert table is not None
    assert table.heading == "一张表　主要指标"
    assert table.told == "示例县　2023年1—5月"
    assert table.header == ("指标", "本期　累计", "本期　增速 %")
    assert table.rows == (
        ("社零 亿元", Decimal("1234.50"), Decimal("-1.3")),
        ("=2+5", "逾期未报", "逾期未报"),
        ("代码", "0571", 12),
    )


def test_there_is_no_such_table() -> None:
    assert page_table(PAGE, 1) is None
    assert page_table("", 0) is None
    assert page_table('<table class="dt"><tbody></tbody></table>', 0) is not None


def test_numbers_keep_their_decimals() -> None:
    table = page_table(PAGE, 0)
    assert table is not None
    book = openpyxl.load_workbook(BytesIO(table_xlsx("表", table.header, table.rows, "说明")))
    sheet = book.active
    assert sheet["B3"].value == 1234.5 and sheet["B3"].number_format == "#,##0.00"
    assert sheet["C3"].value == -1.3 and sheet["C3"].number_format == "#,##0.0"
    assert sheet["A4"].value == "=2+5" and sheet["A4"].data_type == "s"
    assert sheet["C5"].value == 12
