"""Names of sheets that Excel opens."""

from __future__ import annotations

import pytest

from diaodu.adapters.sheet_names import sheet_name


@pytest.mark.parametrize(
    ("wanted", "mark", "name"),
    [
        ("各乡镇主要指标", "", "各乡镇主要指标"),
        ("1—5月[合计]/分项", "", "1—5月 合计  分项"),
        ("甲" * 40, "", "甲" * 31),
        ("甲" * 40, "（2）", "甲" * 28 + "（2）"),
        ("𠮷" * 20, "", "𠮷" * 15),
        ("/\\", "", ""),
    ],
)
def test_sheet_names(wanted: str, mark: str, name: str) -> None:
    assert sheet_name(wanted, mark) == name
