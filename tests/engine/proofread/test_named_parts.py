"""Parts that make up their whole by their names, without 其中."""

from __future__ import annotations

import pytest

from diaodu.engine.proofread import named_parts
from diaodu.engine.proofread.reading.read import read


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("财政总收入完成10.0亿元，税收收入7.5亿元，非税收入2.5亿元。", "holds"),
        ("财政总收入完成10.0亿元，税收收入7.5亿元，非税收入2.8亿元。", "contradicts"),
        (
            "财政总收入突破10亿元，税收完成7.5亿元（其中工业税收1.5亿元以上），非税收入2.5亿元。",
            "holds",
        ),
        ("生产总值644.3亿元，增2.8%；一产88.3亿元，二产200.9亿元，三产355.1亿元。", "holds"),
        ("生产总值644.3亿元，增2.8%；一产88.3亿元，二产200.9亿元，三产335.1亿元。", "contradicts"),
        ("户籍总人口134.9万人，城镇人口25.0万人，乡村人口109.9万人。", "holds"),
    ],
)
def test_named_parts_make_up_their_whole(text: str, verdict: str):
    (claim,) = named_parts.checks(read(text))
    assert (claim.kind, claim.verdict) == ("sum", verdict)


@pytest.mark.parametrize(
    "text",
    [
        "零售总额57.7亿元；城镇居民人均收入31561元，农村居民人均收入14763元。",
        "城镇人口5.4万人，乡村人口5.7万人；男性5.8万人，女性5.5万人。",
        "财政总收入完成10.0亿元，税收收入7.5亿元。",
        "生产总值644.3亿元，一产增长3%，二产增长5%，三产增长7%。",
    ],
)
def test_other_amounts_are_no_parts(text: str):
    assert list(named_parts.checks(read(text))) == []
