"""Round trip: what the report says of a run is read back to the same figures, and agrees with it.

The hand-written month of the golden files lends its orgs and indicators; every measure that the
report has a sentence for is stated at random.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.compute.explain import Names
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.ledger import held
from diaodu.engine.proofread.ledger.model import Ledger
from diaodu.engine.proofread.reading.read import read
from diaodu.engine.report.behind import behind
from diaodu.engine.report.document import Paragraph, text_of
from diaodu.engine.report.headlines import headline
from diaodu.engine.report.material import Material
from diaodu.engine.report.structure import structure
from diaodu.engine.rules.models import Breakdown

CASE = Path(__file__).resolve().parents[2] / "golden" / "bulletin_case.py"
MAY, APRIL, QUARTER, STOCK = "2023-01/05", "2023-01/04", "2023-01/03", "2023-05"
PEERS, TOWNS = "city/county", "xian/township"
BREAKDOWNS = (
    Breakdown.model_validate(
        {"from": "2020-01", "id": "parts", "name": "三个部分", "of": "indicators",
         "indicators": ["retail"], "parts": ["revenue", "profit"]}
    ),
    Breakdown.model_validate(
        {"from": "2020-01", "id": "towns", "name": "各乡镇", "of": "orgs", "parent": "xian"}
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def case() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bulletin_case_read_back", CASE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Stated:
    """The facts of a book."""

    def __init__(self, book: Any, targets: Sequence[Target], names: Names) -> None:
        self._book, self._targets, self.names = book, targets, names

    def measures_of(self, indicator: str, org: str) -> Sequence[Measure]:
        return list(self._book.of(indicator, org))

    def targets(self, ids: Iterable[str]) -> Mapping[str, Target]:
        wanted = set(ids)
        return {one.target_id: one for one in self._targets if one.target_id in wanted}


def ledger_of(case: ModuleType, book: Any, targets: Sequence[Target]) -> Ledger:
    rules = case.rulebook()
    names = Names(
        {
            "indicator": {one.name: one.id for one in rules.indicators.values()},
            "org": {one.name: one.id for one in rules.orgs.values()},
        },
        {one.id: one.name for one in (*rules.orgs.values(), *rules.indicators.values())},
        {one.id: one.parent for one in rules.orgs.values() if one.parent},
    )
    return Ledger(Stated(book, targets, names), "xian", Period.from_id(MAY))


# -- random months -----------------------------------------------------------------------------


def figures(digits: int = 1, *, least: int = -300, most: int = 300) -> st.SearchStrategy[str]:
    """Decimal texts; the last digit may lie behind what is printed."""
    return st.integers(least * 10, most * 10).map(
        lambda n: f"{n / 10 ** (digits + 1):.{digits + 1}f}"
    )


POINTS = {"unit": "百分点"}
LEVEL = {"unit": "亿元", "decimals": 2}
PLACE = {"unit": "位", "decimals": 0}
MONTHS = {"unit": "个月", "decimals": 0}
A, B, C = (f"aaaa00000000000{n}" for n in (1, 2, 3))
# measure, key, and how large
TELLABLE: tuple[tuple[str, dict[str, Any], st.SearchStrategy[str]], ...] = (
    ("value", LEVEL, figures(2, least=1, most=90_000)),
    ("growth_published", {}, figures()),
    ("growth", {"base": "2022-01/05"}, figures()),
    ("growth_change_pp", {"base": APRIL, **POINTS}, figures(most=90)),
    *(("gap_parent", {"base": one, **POINTS}, figures()) for one in ("city", "sheng", "cn")),
    ("rank_growth", {"peer_group": PEERS, **PLACE}, st.integers(1, 9).map(str)),
    ("rank_growth_n", {"peer_group": PEERS, "unit": "个", "decimals": 0}, st.just("9")),
    ("rank_growth_move", {"peer_group": PEERS, "base": APRIL, **PLACE},
     st.integers(-8, 8).map(str)),
    ("rank_level", {"peer_group": PEERS, **PLACE}, st.integers(1, 9).map(str)),
    ("rank_level_n", {"peer_group": PEERS, "unit": "个", "decimals": 0}, st.just("9")),
    ("completion", {"target_id": A}, figures(least=0, most=2000)),
    ("pace_gap", {"target_id": A, **POINTS}, figures()),
    ("arrears_pace", {"target_id": A, **LEVEL}, figures(2)),
    ("arrears_pace_pp", {"target_id": A, **POINTS}, figures()),
    ("shortfall_year", {"target_id": A, **LEVEL}, figures(2)),
    ("shortfall_reportable", {"target_id": A, **LEVEL}, figures(2)),
    ("mean_required", {"target_id": A, **LEVEL}, figures(2)),
    ("arrears_growth", {"target_id": B, **POINTS}, figures()),
    ("allowance", {"target_id": C, **LEVEL}, figures(2)),
    ("month_growth_published", {}, figures()),
    ("month_growth", {"base": "2022-05"}, figures()),
    ("streak", MONTHS, st.integers(-40, 40).map(str)),
    ("streak_month", MONTHS, st.integers(-40, 40).map(str)),
    ("streak_sign", MONTHS, st.integers(-40, 40).map(str)),
    ("streak_target", {"target_id": B, **MONTHS}, st.integers(-40, 40).map(str)),
    ("two_year_average", {"base": "2021-01/05"}, figures()),
    ("growth_change_year_pp", {"base": "2022-01/12", **POINTS}, figures()),
    ("growth_needed", {"target_id": B, "base": "2022-01/12"}, figures()),
    ("like_for_like", {"peer_group": "towns"}, figures()),
    ("coverage_effect_pp", {"peer_group": "towns", **POINTS}, figures()),
    ("coverage_effect", {"peer_group": "towns", **LEVEL}, figures(2)),
    ("recognition_gap", LEVEL, figures(2)),
    ("recognition_gap_pct", {}, figures(least=0)),
    ("rank_growth_gap_next", {"peer_group": PEERS, **POINTS}, figures(least=0)),
    ("rank_growth_gap_behind", {"peer_group": PEERS, **POINTS}, figures(least=0)),
    ("rank_level_gap_next", {"peer_group": PEERS, **LEVEL}, figures(2, least=0)),
    ("range_growth", {"peer_group": TOWNS, **POINTS}, figures(least=0)),
    ("range_level", {"peer_group": TOWNS, **LEVEL}, figures(2, least=0)),
    ("variation_level", {"peer_group": TOWNS}, figures(least=0)),
)  # fmt: skip
PARTS = (
    ("revenue", "xian", "retail", "parts"), ("profit", "xian", "retail", "parts"),
    ("retail", "t1", "xian", "towns"), ("retail", "t2", "xian", "towns"),
)  # fmt: skip


@st.composite
def months(draw: st.DrawFn) -> list[tuple[str, str, str, dict[str, Any]]]:
    """(indicator, measure, value, key) of a random choice of what can be told."""
    told = [
        ("retail", measure, draw(values), key)
        for measure, key, values in TELLABLE
        if draw(st.booleans())
    ]
    for indicator, org, whole, breakdown in PARTS:
        if draw(st.booleans()):
            key = {"org": org, "base": whole, "peer_group": breakdown}
            told.append((indicator, "pull", draw(figures(2)), {**key, **POINTS, "decimals": 2}))
            told.append((indicator, "contribution", draw(figures()), key))
    return told


def book_of(case: ModuleType, told: Iterable[tuple[str, str, str, dict[str, Any]]]) -> Any:
    made = case.Book()
    for indicator, measure, value, key in told:
        made.put(indicator, measure, value, **key)
    return made


def targets(case: ModuleType) -> list[Target]:
    return [
        case.target(A, "retail", "106.6"),
        case.target(B, "retail", "9", kind="growth", comparator="at_least", unit="%"),
        case.target(C, "retail", "35", kind="ceiling", comparator="within", tier="own"),
    ]


def paragraphs(material: Material) -> Iterator[Paragraph]:
    """All sentences that the report has of the one indicator."""
    yield Paragraph(headline(material, material.rulebook.indicators["retail"]))
    for block in (*structure(material), *behind(material)):
        if isinstance(block, Paragraph):
            yield block


def claims_on(text: str, ledger: Ledger) -> list[Claim]:
    return list(held.checks(read(text), ledger))


@settings(max_examples=40, deadline=None)
@given(told=months())
def test_what_the_report_says_is_read_back(case: ModuleType, told: Any) -> None:
    book, wanted = book_of(case, told), targets(case)
    rules = replace(case.rulebook(), breakdowns=BREAKDOWNS)
    verdicts = [
        case.Verdict("retail", "xian", MAY, one, "差", "behind", "落后", ()) for one in (A, B, C)
    ]
    material = case.material(book=book, rulebook=rules, targets=wanted, verdicts=verdicts)
    ledger = ledger_of(case, book, wanted)
    known = {one.key for one in book.measures} | {one.target_id for one in book.measures}
    for paragraph in paragraphs(material):
        text = text_of(paragraph.spans)
        found = claims_on(text, ledger)
        assert [one.explanation for one in found if one.verdict != "holds"] == [], text
        start = 0
        for span in paragraph.spans:
            if span.key in known:  # a target nothing is told of is not in a run either
                hits = [one for one in found if one.start <= start < one.end]
                assert hits, f"{span.text} ({span.key}) in {text}"
            start += len(span.text)
