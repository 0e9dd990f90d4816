"""An amount whose unit is a slip: it fits only in the unit of those around it."""

from __future__ import annotations

import pytest

from diaodu.engine.proofread import slips
from diaodu.engine.proofread.reading.read import read

WHOLE = "收入完成56033万元。其中：税务部门22891万元，海关28659万元，财政部门4483万元。"


@pytest.mark.parametrize(
    ("text", "printed", "computed"),
    [
        (WHOLE.replace("28659万", "28659亿"), "28659亿元", "28659万元"),
        (WHOLE.replace("56033万", "56033亿"), "56033亿元", "56033万元"),
        (
            "产值22.3亿元，其中农业11.4万元、占51.1%；林业10.9亿元、占48.9%。",
            "11.4万元",
            "11.4亿元",
        ),
    ],
)
def test_a_unit_that_fits_nothing_is_a_slip(text: str, printed: str, computed: str):
    (claim,) = slips.checks(read(text))
    assert (claim.kind, claim.verdict, claim.grade) == ("unit", "contradicts", "wrong")
    assert (claim.printed, claim.computed) == (printed, computed)
    assert text[claim.start : claim.end] == printed


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        "投资完成12.5亿元，其中补助3500万元、自筹6500万元。",
        "投资58亿元，争取资金35亿元，奖励企业62万元。",
        "完成投资14.6亿元，任务173873万元。",
    ],
)
def test_units_may_differ_for_good_reason(text: str):
    assert list(slips.checks(read(text))) == []


def test_what_is_said_of_a_slip():
    (claim,) = slips.checks(read(WHOLE.replace("28659万", "28659亿")))
    assert claim.explanation == (
        "“28659亿元”的单位应核对：写成28659万元，"
        "合计 = 22891万元 + 28659万元 + 4483万元 = 56033万元，与印的56033万元相符"
    )
