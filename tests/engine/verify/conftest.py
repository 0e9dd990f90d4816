"""A small county to check figures of: one county, three townships, a few indicators."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from diaodu.adapters.frames import observation_frame
from diaodu.engine.ground.period import parse_period
from diaodu.engine.ground.records import Finding, Observation, Target
from diaodu.engine.rules.models import CalendarEntry, Check, Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.check import check

ORGS = [
    Org(id="county", name="示例县", level="county"),
    Org(id="east", name="城东镇", level="township", parent="county"),
    Org(id="west", name="城西镇", level="township", parent="county"),
    Org(id="north", name="城北镇", level="township", parent="county"),
    Org(
        id="old", name="老街道", level="township", parent="county",
        opened="2010", closed="2023-03",
    ),
]  # fmt: skip
INDICATORS = [
    Indicator(id="output", name="规上工业总产值", unit="亿元", basis="ytd", price="current"),
    Indicator(id="retail", name="社零总额", unit="亿元", basis="ytd", price="current",
              january="merged"),
    Indicator(id="gdp", name="地区生产总值", unit="亿元", basis="ytd", price="real",
              cadence="quarter"),
    Indicator(id="power", name="用电量", unit="亿千瓦时", basis="ytd",
              children=("power_industry", "power_home")),
    Indicator(id="power_industry", name="工业用电量", unit="万千瓦时", basis="ytd"),
    Indicator(id="power_home", name="居民用电量", unit="万千瓦时", basis="ytd"),
    Indicator(id="added", name="规上工业增加值", unit="亿元", basis="ytd", facets=("growth",)),
    Indicator(id="firms", name="规上企业个数", unit="个", basis="count"),
    Indicator(id="loans", name="贷款余额", unit="亿元", basis="stock"),
    Indicator(id="dust", name="PM2.5浓度", unit="微克/立方米", basis="mean", direction="low"),
]  # fmt: skip


class County:
    """Collects figures, then checks them."""

    period = parse_period("2023-05")
    as_of = date(2023, 6, 20)

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.checks: list[Check] = []
        self.calendar: list[CalendarEntry] = []
        self.targets: list[Target] = []

    def add(
        self, indicator: str, value: str | None, *, org: str = "east", period: str = "2023-01/05",
        facet: str = "level", against: str | None = None, n: int | None = None,
        track: str = "flash", received: date = date(2023, 6, 12), word: str | None = None,
        unit_given: str | None = None, held: bool = False,
    ) -> Observation:  # fmt: skip
        number = Decimal(value) if value is not None else None
        unit = {
            "level": next(i.unit for i in INDICATORS if i.id == indicator),
            "rank_level": "位", "rank_growth": "位", "gap": "百分点", "change_pp": "百分点",
        }.get(facet, "%")  # fmt: skip
        one = Observation(
            obs_id=Observation.make_id(indicator, org, period, facet, against, track, received),
            indicator=indicator, org=org, period=period, facet=facet, against=against, n=n,
            track=track, received=received, value=number,
            decimals=max(-number.as_tuple().exponent, 0) if number is not None else None,
            word=word, unit=unit, unit_given=unit_given or unit, value_given=value or "—",
            file=f"{received.isoformat()}/{org}.xlsx", sha256="0" * 64, sheet="表",
            cell=f"B{len(self.observations) + 1}", held=held,
        )  # fmt: skip
        self.observations.append(one)
        return one

    def target(self, indicator: str, value: str, *, org: str = "east", tier: str = "own") -> None:
        unit = next(i.unit for i in INDICATORS if i.id == indicator)
        day = date(2023, 2, 1)
        self.targets.append(
            Target(
                Target.make_id(indicator, org, 2023, tier, "level", day),
                indicator,
                org,
                2023,
                tier,
                "level",
                "reach",
                Decimal(value),
                None,
                unit,
                None,
                "示例县政府",
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
        return Rulebook(
            version="test", orgs={o.id: o for o in ORGS},
            indicators={i.id: i for i in INDICATORS}, checks=tuple(self.checks),
            calendar=tuple(self.calendar),
        )  # fmt: skip

    def findings(self, code: str | None = None, **options: Any) -> list[Finding]:
        found = check(
            observation_frame(self.observations), self.rulebook, self.period, self.as_of,
            targets=self.targets, **options,
        )  # fmt: skip
        return [one for one in found if code in (None, one.code)]


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def new_county() -> type[County]:
    return County
