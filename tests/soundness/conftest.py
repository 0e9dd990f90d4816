"""A small county whose figures go through verify, compute and judge, as in a month's run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.book import MeasureBook
from diaodu.engine.compute.month import compute_month
from diaodu.engine.ground.period import parse_period
from diaodu.engine.ground.records import Finding, Measure, Observation, Target, Verdict
from diaodu.engine.judge.light import judge_month
from diaodu.engine.rules.models import CalendarEntry, Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.check import check, held_ids

ORGS = [
    Org(id="county", name="示例县", level="county"),
    Org(id="east", name="城东镇", level="township", parent="county"),
    Org(id="west", name="城西镇", level="township", parent="county"),
    Org(id="north", name="城北镇", level="township", parent="county"),
    Org(id="old", name="老街道", level="township", parent="county", closed="2023-03"),
]
INDICATORS = [
    Indicator(id="output", name="总产值", unit="亿元", basis="ytd", price="current", headline=True),
    Indicator(id="profit", name="利润总额", unit="亿元", basis="ytd", price="current"),
    Indicator(id="rate", name="产销率", unit="%", basis="rate", facets=("level",)),
    Indicator(id="gdp", name="地区生产总值", unit="亿元", basis="ytd", cadence="quarter"),
]


@dataclass
class Month:
    findings: list[Finding]
    book: MeasureBook
    verdicts: list[Verdict]

    def measure(self, name: str, *, indicator: str = "output", org: str = "east") -> Measure | None:
        return self.book.get(indicator, org, name)

    def light(self, *, indicator: str = "output", org: str = "east") -> Verdict | None:
        rows = (v for v in self.verdicts if v.target_id is None)
        return next((v for v in rows if (v.indicator, v.org) == (indicator, org)), None)

    def codes(self) -> list[str]:
        return [one.code for one in self.findings]


@dataclass
class County:
    due_day: int = 15
    observations: list[Observation] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)  # what else the rulebook says

    def add(
        self, indicator: str, value: str | None, *, org: str = "east", period: str = "2023-01/05",
        facet: str = "level", received: date = date(2023, 6, 12), word: str | None = None,
    ) -> Observation:  # fmt: skip
        number = Decimal(value) if value is not None else None
        unit = next(i.unit for i in INDICATORS if i.id == indicator) if facet == "level" else "%"
        one = Observation(
            Observation.make_id(indicator, org, period, facet, None, "flash", received),
            indicator, org, period, facet, None, None, "flash", received, number,
            max(-number.as_tuple().exponent, 0) if number is not None else None, word, unit, unit,
            value or "—", f"{received.isoformat()}/{org}.xlsx", "0" * 64, "表",
            f"B{len(self.observations) + 1}", False,
        )  # fmt: skip
        self.observations.append(one)
        return one

    def target(self, value: str, kind: str = "level", *, org: str = "east") -> None:
        day = date(2023, 2, 1)
        self.targets.append(
            Target(
                Target.make_id("output", org, 2023, "own", kind, day),
                "output",
                org,
                2023,
                "own",
                kind,
                "reach",
                Decimal(value),
                None,
                "%" if kind == "growth" else "亿元",
                None,
                "",
                "",
                day,
                "2023-02-01/t.xlsx",
                "1" * 64,
                "表",
                "G2",
            )
        )

    @property
    def rulebook(self) -> Rulebook:
        owed = CalendarEntry.model_validate(
            {"id": "c", "indicators": ("output",), "levels": ("township",),
             "due": {"months_after": 1, "day": self.due_day}}
        )  # fmt: skip
        return Rulebook(
            "t", {o.id: o for o in ORGS}, {i.id: i for i in INDICATORS}, calendar=(owed,),
            **self.more,
        )  # fmt: skip

    def month(self, period: str = "2023-05", as_of: date = date(2023, 6, 20)) -> Month:
        when, rulebook = parse_period(period), self.rulebook
        frame = observation_frame(self.observations)
        found = check(frame, rulebook, when, as_of, targets=self.targets)
        out = held_ids(found)
        kept = [one._replace(held=one.held or one.obs_id in out) for one in self.observations]
        computed = compute_month(
            observation_frame(kept), target_frame(self.targets), rulebook, when, as_of
        )
        book = MeasureBook(computed.measures, computed.horizon, when)
        verdicts = judge_month(book, self.targets, rulebook, when, as_of, found, computed.paces)
        return Month(found, book, verdicts)


@pytest.fixture
def county() -> County:
    return County()
