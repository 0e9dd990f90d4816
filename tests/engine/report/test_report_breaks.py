"""Comparisons across a declared break: said once, of the growth that is there or is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.book import MeasureBook
from diaodu.engine.compute.month import compute_month
from diaodu.engine.ground.period import parse_period
from diaodu.engine.ground.records import Observation
from diaodu.engine.report.bulletin import bulletin
from diaodu.engine.report.document import numerals, plain_text, text_of
from diaodu.engine.report.headlines import headline
from diaodu.engine.report.material import Material
from diaodu.engine.report.rankings import rankings
from diaodu.engine.rules.models import Break

DAY = date(2023, 6, 12)
LEVEL = "1—5月，全县社会消费品零售总额完成44.40亿元"


def act(**keys: Any) -> Break:
    told = {
        "id": "new", "indicators": ["retail"], "from": "2023-01", "kind": "method",
        "comparable": "false", "reason": "改用新办法", "document": "统函〔2023〕5号",
    }  # fmt: skip
    return Break.model_validate({**told, **keys})


def material(case: ModuleType, book: Any, *breaks: Break) -> Material:
    rules = replace(case.rulebook(), breaks=breaks)
    found = case.material(book=book, rulebook=rules, targets=[], verdicts=[])
    assert isinstance(found, Material)
    return found


def told(case: ModuleType, book: Any, *breaks: Break, indicator: str = "retail") -> str:
    found = material(case, book, *breaks)
    return text_of(headline(found, found.rulebook.indicators[indicator]))


def level_and_growth(
    case: ModuleType, growth: str | None, word: str | None = None, *, published: bool = False
) -> Any:
    book = case.Book()
    book.put("retail", "value", "44.4", unit="亿元", decimals=2)
    measure = "growth_published" if published else "growth"
    base = "" if published else "2022-01/05"
    book.put("retail", measure, growth, word=word, base=base)
    return book


SENTENCES = [
    # what is declared, published or computed, growth or word, sentence behind the level
    ({}, False, None, "not_comparable", "因统计方法变动（2023年1月起），与上年同期不可比"),
    (
        {"kind": "scope", "from": "2023-04"}, False, None, "not_comparable",
        "因统计范围变动（2023年4月起），与上年同期不可比",
    ),
    (
        {}, True, "18.6", None,
        "同比增长18.6%，因统计方法变动（2023年1月起），与上年同期数不可比，增速以发布数为准",
    ),
    (
        {"kind": "revision", "comparable": "revised_base"}, True, "18.6", None,
        "同比增长18.6%，因数据修订（2023年1月起），上年同期数已按新口径修订",
    ),
    ({}, False, None, "no_base", "无上年同期数"),
    ({}, True, None, "not_published", "增速未发布"),
    ({"from": "2023-06"}, True, "18.6", None, "同比增长18.6%"),
    ({"from": "2021-06"}, True, "18.6", None, "同比增长18.6%"),
    ({"indicators": ["gdp"]}, True, "18.6", None, "同比增长18.6%"),
    ({"orgs": ["jia"]}, True, "18.6", None, "同比增长18.6%"),
    ({"indicators": ["*"], "orgs": ["xian"]}, False, None, "not_comparable",
     "因统计方法变动（2023年1月起），与上年同期不可比"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "published", "growth", "word", "sentence"), SENTENCES)
def test_a_headline_says_it_once(
    case: ModuleType, keys: dict[str, Any], published: bool, growth: str | None,
    word: str | None, sentence: str,
) -> None:  # fmt: skip
    book = level_and_growth(case, growth, word, published=published)
    assert told(case, book, act(**keys)) == f"{LEVEL}，{sentence}。"


def test_several_acts_are_named_together_the_worse_ones_alone(case: ModuleType) -> None:
    book = level_and_growth(case, None, "not_comparable")
    scope = act(id="b", kind="scope", **{"from": "2023-03"})
    assert told(case, book, act(), scope) == (
        f"{LEVEL}，因统计方法变动（2023年1月起）、统计范围变动（2023年3月起），与上年同期不可比。"
    )
    revised = act(id="c", kind="revision", comparable="revised_base", **{"from": "2023-02"})
    assert told(case, book, revised, act()) == (
        f"{LEVEL}，因统计方法变动（2023年1月起），与上年同期不可比。"
    )


def test_a_rate_without_level_too(case: ModuleType) -> None:
    book = case.Book()
    book.put("ind", "growth_published", "-3.1")
    assert told(case, book, act(indicators=["ind"]), indicator="ind") == (
        "1—5月，全县规上工业增加值同比下降3.1%，"
        "因统计方法变动（2023年1月起），与上年同期数不可比，增速以发布数为准。"
    )


@pytest.mark.parametrize(
    ("since", "sentence", "remark"),
    [
        ("2023-05", "位次不与1—4月比较", "1—4月以后口径有变动，位次升降无法比较。"),
        ("2023-01", "排名范围与1—4月不同，位次不作比较", "排名范围与1—4月不同，位次升降无法比较。"),
    ],
)
def test_a_movement_is_not_put_down_to_others(
    case: ModuleType, since: str, sentence: str, remark: str
) -> None:
    book = level_and_growth(case, None, "not_comparable")
    for org, place in (("xian", "1"), ("jia", "2")):
        key = {"org": org, "peer_group": case.PEERS, "decimals": 0}
        book.put("retail", "rank_growth", place, unit="位", **key)
        book.put("retail", "rank_growth_n", "2", unit="个", **key)
        book.put("retail", "rank_growth_move", None, word="not_comparable", base=case.APRIL, **key)
    found = material(case, book, act(**{"from": since}))
    assert sentence in text_of(headline(found, found.rulebook.indicators["retail"]))
    ranked = next(one for one in rankings(found) if one.indicator.id == "retail")
    assert text_of(ranked.remark).endswith(remark)


# -- computed --------------------------------------------------------------------------------


def _seen(case: ModuleType, period: str, value: str, facet: str = "level") -> Observation:
    unit = "%" if facet == "growth" else "亿元"
    one = case.observation("retail", period, value, facet=facet, unit=unit, received=DAY)
    assert isinstance(one, Observation)
    decimals = -int(Decimal(value).as_tuple().exponent)
    return one._replace(
        value=Decimal(value), decimals=decimals, unit=unit, unit_given=unit,
        obs_id=Observation.make_id(*one.key, DAY),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("comparable", "published", "sentence"),
    [
        ("false", None, "，因统计方法变动（2023年1月起），与上年同期不可比。"),
        (
            "false", "4.1",
            "，同比增长4.1%，因统计方法变动（2023年1月起），与上年同期数不可比，增速以发布数为准。",
        ),
        (
            "revised_base", None,
            "，同比增长11.0%（按总量推算），"
            "因统计方法变动（2023年1月起），上年同期数已按新口径修订。",
        ),
    ],
)  # fmt: skip
def test_as_computed_every_numeral_has_its_key(
    case: ModuleType, comparable: str, published: str | None, sentence: str
) -> None:
    seen = [_seen(case, "2022-01/05", "40.00"), _seen(case, "2023-01/05", "44.40")]
    if published:
        seen.append(_seen(case, "2023-01/05", published, "growth"))
    rules = replace(case.rulebook(), breaks=(act(comparable=comparable),))
    period = parse_period("2023-05")
    computed = compute_month(observation_frame(seen), target_frame([]), rules, period, DAY)
    found = case.material(
        book=MeasureBook(computed.measures), rulebook=rules, targets=[], verdicts=[],
        horizon=computed.horizon,
    )  # fmt: skip
    spans = headline(found, rules.indicators["retail"])
    assert text_of(spans) == f"{LEVEL}{sentence}"
    assert all(span.key for span in spans if span.kind == "figure")
    whole = bulletin(found)
    assert plain_text(whole).count("因统计方法变动") == 1
    known = {*computed.measures["key"].to_list()}
    assert {numeral.key for numeral in numerals(whole)} <= known | {
        one.obs_id for one in case.OBSERVATIONS
    }
