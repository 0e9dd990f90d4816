"""Turns of phrase of fiscal and statistical bulletins: what holds, and what must stay quiet."""

from __future__ import annotations

import pytest

from diaodu.engine.proofread.check import proofread


def verdicts(text: str, kind: str) -> list[str]:
    return [claim.verdict for claim in proofread(text) if claim.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("本月支出9260万元，较上年同月多支2570万元，增长38.4%。", "growth"),
        ("本月支出971万元，较上年同月少支1237万元，下降56%。", "growth"),
        ("税务部门完成22804万元，短收2524万元，较上年同期增收1475万元，增长6.9%。", "growth"),
        ("收入完成24627万元，比上年减收1070万元，下降4.2%。", "growth"),
        ("生产总值增长15.2%，比2019年一季度增长19.3%，两年平均增长9.2%。", "average"),
        ("增加值增长8.3%，比2019年同期增长13.5%，两年平均增长6.5%。", "average"),
    ],
)
def test_changes_and_longer_bases_are_told_apart_from_levels(text: str, kind: str):
    assert verdicts(text, kind) == ["holds"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("本月支出9260万元，较上年同月多支2570万元，增长83.4%。", "growth"),
        ("本月支出971万元，较上年同月少支1237万元，下降65%。", "growth"),
        ("生产总值增长15.2%，比2019年一季度增长19.3%，两年平均增长17.2%。", "average"),
    ],
)
def test_and_so_are_those_that_do_not_agree(text: str, kind: str):
    assert verdicts(text, kind) == ["contradicts"]
