"""Real files as they were published: read by names, with the least a source has to say."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from diaodu.adapters.sheets_in import read_workbook as open_workbook
from diaodu.engine.collect import build_names, read_workbook, settle
from diaodu.engine.rules.models import Indicator, Match, Org, Place, Source
from diaodu.engine.rules.rulebook import Rulebook

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not beside the repository"),
]


def yearbook_rules() -> Rulebook:
    folder = DATA / "county-yearbook-2020"
    units = json.loads((folder / "units.json").read_text(encoding="utf-8"))
    indicators = {
        name: Indicator(id=name, name=name, unit=unit, basis="ytd", cadence="year")
        for name, unit in units.items()
    }
    orgs: dict[str, Org] = {}
    with (folder / "county_2020.csv").open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if not row["code"]:
                continue
            province, city = row["prov"], row["prov"] + row["city"]
            orgs.setdefault(province, Org(id=province, name=province, level="province"))
            parent = city if row["city"] else province
            if row["city"]:
                orgs.setdefault(city, Org(id=city, name=row["city"], level="city", parent=province))
            name = row["name_as_printed"].replace(" ", "").rstrip("0123456789")
            orgs[row["code"]] = Org(id=row["code"], name=name, level="county", parent=parent)
    source = Source(id="yearbook", match=Match(file="original_*.csv"), period=Place(fixed="2020年"))
    return Rulebook("shared", orgs, indicators, sources=(source,))


def test_the_county_yearbook_is_read_with_spaces_footnotes_and_unit_rows() -> None:
    path = DATA / "county-yearbook-2020" / "original_fixed.csv"
    rules = yearbook_rules()
    day = date(2021, 12, 1)
    opened = open_workbook(path.read_bytes(), file=f"2021-12-01/{path.name}", received=day)
    reading = read_workbook(opened, build_names(rules), rules)
    (one,) = reading.sheets
    assert sum(one.counts.values()) == len(opened.sheets[0].cells)
    unknown = {f.found for f in one.findings if f.code == "unknown_org"}
    assert {"芜湖县", "繁昌县", "海门市", "监利县", "水城县", "同仁县"} <= unknown
    assert len(unknown) <= 10
    assert Counter(f.code for f in one.findings)["ambiguous_name"] == 0
    settled = settle([reading], day)
    assert not [f for f in settled.findings if f.code == "conflict"]
    gdp = {
        o.org: o.value
        for o in settled.observations
        if o.indicator == "地区生产总值" and not o.held and o.value is not None
    }
    assert len(gdp) > 2050
    dingxi = [org.id for org in rules.orgs.values() if org.parent == "甘肃省定西市"]
    assert sum(gdp[org] for org in dingxi) == Decimal(4413556)


def test_a_quarterly_export_of_the_statistics_office() -> None:
    path = DATA / "nbs-xls-exports" / "original_xls" / "GDP.xls"
    indicators = {
        name: Indicator(id=name, name=name, unit="亿元", basis="ytd", cadence="quarter")
        for name in ("国内生产总值", "第一产业增加值", "第二产业增加值", "第三产业增加值")
    }
    rules = Rulebook(
        "shared",
        {"cn": Org(id="cn", name="全国", level="nation")},
        indicators,
        sources=(Source(id="nbs", match=Match(title="数据库："), org=Place(fixed="全国")),),
    )
    day = date(2020, 6, 1)
    opened = open_workbook(path.read_bytes(), file=f"2020-06-01/{path.name}", received=day)
    (one,) = read_workbook(opened, build_names(rules), rules).sheets
    figures = {(o.indicator, o.period): o.value for o in one.observations if not o.held}
    assert figures["国内生产总值", "2020-01/03"] == Decimal("206504.3")
    for quarter, period in (("2019-10/12", "2019-01/12"), ("2019-04/06", "2019-01/06")):
        parts = sum(
            value
            for (name, when), value in figures.items()
            if when == quarter and name != "国内生产总值" and value is not None
        )
        assert abs(parts - (figures["国内生产总值", quarter] or 0)) <= Decimal("0.1")
        assert figures["国内生产总值", period] is not None
    assert sum(one.counts.values()) == len(opened.sheets[0].cells)
    assert one.counts["note"] >= 4
