"""Targets taken apart: what does not add up or may not be is refused in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.compute.decomposition import (
    Part,
    Whole,
    held_against,
    may_be_split,
    milestones_before_gates,
    needs_base,
    profile_within,
    tiers_in_order,
)
from diaodu.engine.compute.spreading import spread
from diaodu.engine.rules.models import Gate, Indicator, Milestone

D = Decimal


def indicator(**more: Any) -> Indicator:
    given = {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", **more}
    return Indicator.model_validate(given)


def whole(value: str = "100", **more: Any) -> Whole:
    return Whole(**{"name": "全年目标", "value": D(value), "unit": "亿元", "year": 2023,
                    "by": "org", **more})  # fmt: skip


def parts(*values: str) -> list[Part]:
    return [Part(f"{name}镇", D(value)) for name, value in zip("甲乙丙", values, strict=False)]


def told(remarks: Any) -> list[tuple[str, str, bool]]:
    return [(one.message, one.action, one.refused) for one in remarks]


def test_parts_that_make_the_whole_are_taken():
    found = held_against(whole(), parts("60", "39.99", "0.01"))
    assert found == (found.__class__)(D(100), D(0), D(0), ())
    assert found.is_sound


def test_a_hundredth_is_told():
    found = held_against(whole(), parts("60", "39.99"))
    assert found.gap == D("0.01")
    assert told(found.remarks) == [
        ("按单位分解的合计99.99亿元，比全年目标100亿元少0.01亿元", "把0.01亿元分下去", True)
    ]


def test_a_surplus_is_a_margin_where_it_is_declared():
    given = parts("40", "26.19")
    bare = held_against(whole("47.2"), given)
    assert told(bare.remarks) == [
        ("按单位分解的合计66.19亿元，比全年目标47.2亿元多18.99亿元",
         "把多出的减下来；有意多分的，写明余量和理由", True)
    ]  # fmt: skip
    declared = held_against(whole("47.2", margin=D(20)), given)
    assert declared.is_sound and (declared.gap, declared.margin) == (D("-18.99"), D("18.99"))
    short = held_against(whole("47.2", margin=D(10)), given)
    assert [one.message for one in short.remarks] == [
        "按单位分解的合计66.19亿元，比全年目标47.2亿元多18.99亿元，超过写明的余量10亿元"
    ]


def test_a_ceiling_may_be_left_unused_and_not_passed():
    assert held_against(whole("3", upper=True), parts("1", "1")).is_sound
    over = held_against(whole("3", upper=True, margin=D(5)), parts("2", "2"))
    assert told(over.remarks) == [
        ("按单位分解的合计4亿元，比全年目标3亿元多1亿元", "这是上限，把多出的减下来", True)
    ]


def test_nothing_is_given_to_an_org_that_is_closed():
    given = [Part("甲镇", D(99)), Part("乙乡", D(1), closed=date(2023, 6, 30)), Part("丙镇", None)]
    found = held_against(whole(), given)
    assert [(one.where, one.message) for one in found.remarks] == [
        ("丙镇", "丙镇还没有填数"),
        ("乙乡", "乙乡已于2023-06-30撤销，2023年的1亿元没有人完成"),
    ]
    assert held_against(
        whole(), [Part("甲镇", D(100)), Part("乙乡", D(0), date(2023, 6, 30))]
    ).is_sound
    assert held_against(
        whole(), [Part("甲镇", D(100), closed=date(2023, 12, 31))]
    ).is_sound  # there until the last day


def test_an_org_that_is_not_there_yet():
    found = held_against(
        whole(), [Part("甲镇", D(99)), Part("新区", D(1), opened=date(2024, 1, 1))]
    )
    assert [one.message for one in found.remarks] == ["新区到2024-01-01才设立"]


@pytest.mark.parametrize(
    ("known", "kind", "by", "messages"),
    [
        (indicator(), "level", "org", []),
        (indicator(), "increment", "month", []),
        (indicator(), "growth", "org", ["税收的增速目标不能相加，各部分加不出总的"]),
        (indicator(unit="%", basis="rate"), "level", "org",
         ["税收的总量目标不能相加，各部分加不出总的"]),
        (indicator(basis="stock"), "level", "month", ["税收不是全年累计的数，不能按月分解"]),
        (indicator(basis="stock"), "level", "org", []),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_not_taken_apart(known, kind, by, messages):
    assert [one.message for one in may_be_split(known, kind, by)] == messages


@pytest.mark.parametrize(
    ("kind", "base", "found"),
    [
        ("growth", D(10), []),
        ("growth", None,
         [("示例县税收增速目标没有基数：2022年的数还没有", "先补上2022年的数", True)]),
        ("increment", None,
         [("示例县税收净增目标没有基数：2022年的数还没有", "先补上2022年的数", False)]),
        ("growth", D(-2), [("示例县税收增速目标的基数是-2亿元，不能算增速",
                           "改用总量目标或净增目标，或写“由负转正”", True)]),
        ("level", None, []),
    ],
)  # fmt: skip
def test_growth_needs_a_base(kind, base, found):
    assert told(needs_base(indicator(), "示例县", 2023, kind, base)) == found


def test_a_rate_only_growth_needs_none():
    known = indicator(facets=["growth"], basis="rate", unit="%")
    assert list(needs_base(known, "示例县", 2023, "growth", None)) == []


class Aimed(NamedTuple):
    value: D | None
    kind: str = "growth"
    comparator: str = "reach"
    tolerance: D | None = None


def test_a_stretch_below_its_floor_is_refused():
    found = tiers_in_order(
        indicator(), "示例县", {"floor": Aimed(D(8)), "stretch": Aimed(D("7.5"))}
    )
    assert told(found) == [
        ("示例县税收的力争7.5%还不如底线8%", "核对两个数，力争不能比底线要求低", True)
    ]
    assert not list(tiers_in_order(indicator(), "示例县", {"floor": Aimed(D(8))}))
    low = {"floor": Aimed(D(3), "ceiling"), "stretch": Aimed(D(2), "ceiling")}
    assert not list(tiers_in_order(indicator(), "示例县", low))
    turned = {"floor": Aimed(D(2), "ceiling"), "stretch": Aimed(D(3), "ceiling")}
    assert [one.where for one in tiers_in_order(indicator(), "示例县", turned)] == ["示例县"]
    below = {"floor": Aimed(D(8)), "assigned": Aimed(D(7))}
    assert [one.refused for one in tiers_in_order(indicator(), "示例县", below)] == [False]


def test_a_profile_never_passes_the_year():
    found = list(profile_within([(3, D(40)), (6, D(120)), (9, D(90))], whole(by="month")))
    assert [one.message for one in found] == [
        "到6月底要完成120亿元，超过全年目标100亿元（120.0%）",
        "到9月底要完成90亿元，比到6月底的120亿元少",
    ]


def test_milestones_stand_before_their_gates():
    half = Gate.model_validate(
        {"id": "half", "name": "双过半", "month": 6, "done": ">=", "share": "50"}
    )
    late = [Milestone(month=8, share=D(60), gate="half")]
    assert [one.message for one in milestones_before_gates(late, [half])] == [
        "为“双过半”定的节点在8月底，关口在6月底",
        "“双过半”要求到6月底完成50%，按节点只到45.0%",
    ]
    assert not list(milestones_before_gates([Milestone(month=6, share=D(50))], [half]))


@settings(max_examples=60)
@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any),
)
def test_what_is_spread_is_always_sound(units, weights):
    value = D(units).scaleb(-2)
    given = [Part(str(at), one) for at, one in enumerate(spread(value, weights, 2))]
    found = held_against(Whole("全年目标", value, "亿元", 2023, "org"), given)
    assert found.is_sound and found.gap == 0
