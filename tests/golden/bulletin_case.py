"""One small month, written by hand: what report and the Office doors are tested on.

Every measure is stated, none computed, so that a test of the wording depends on nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import show
from diaodu.engine.ground.records import (
    Finding,
    Measure,
    Observation,
    Target,
    Verdict,
    finding,
)
from diaodu.engine.report.material import Material, ObservationShelf
from diaodu.engine.rules.models import Indicator, Org, Outline
from diaodu.engine.rules.rulebook import Rulebook

AS_OF = date(2023, 6, 12)
MAY = "2023-01/05"
APRIL = "2023-01/04"
PEERS = "city/county"
TOWNS = "xian/township"


class Book:
    """Measures stated by hand, looked up as `MeasureBook` does."""

    def __init__(self) -> None:
        self.measures: list[Measure] = []

    def put(
        self, indicator: str, measure: str, value: str | None, *, org: str = "xian",
        period: str = MAY, target_id: str = "", base: str = "", peer_group: str = "",
        unit: str = "%", decimals: int = 1, word: str | None = None,
        inputs: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        exact = None if value is None else Decimal(value)
        shown = "" if exact is None else show(exact, decimals)
        key = Measure.make_key(indicator, org, period, measure, target_id, base, peer_group)
        self.measures.append(
            Measure(
                key, indicator, org, period, measure, target_id, base, peer_group, exact, shown,
                decimals, word, unit, exact, exact, "", inputs,
            )
        )  # fmt: skip

    def get(
        self, indicator: str, org: str, measure: str, target_id: str = "",
        base: str | None = None, peer_group: str | None = None,
    ) -> Measure | None:  # fmt: skip
        for seen in self.measures:
            if (
                (seen.indicator, seen.org, seen.measure) == (indicator, org, measure)
                and seen.target_id == target_id
                and base in (None, seen.base)
                and peer_group in (None, seen.peer_group)
            ):
                return seen
        return None

    def of(self, indicator: str, org: str) -> Sequence[Measure]:
        return [m for m in self.measures if (m.indicator, m.org) == (indicator, org)]


def rulebook(*, outline: bool = True) -> Rulebook:
    names = {"xian": "示例县", "jia": "甲县", "yi": "乙县", "bing": "丙区"}
    towns = {"t1": "城关镇", "t2": "东河镇", "t3": "西岭乡"}
    orgs = [
        Org(id="cn", name="全国", level="nation"),
        Org(id="sheng", name="示例省", level="province", parent="cn"),
        Org(id="city", name="示例市", level="city", parent="sheng"),
        *(Org(id=i, name=n, level="county", parent="city") for i, n in names.items()),
        *(Org(id=i, name=n, level="township", parent="xian") for i, n in towns.items()),
    ]
    indicators = [
        Indicator(id="gdp", name="地区生产总值", unit="亿元", basis="ytd", cadence="quarter",
                  price="real", headline=True),
        Indicator(id="ind", name="规上工业增加值", unit="%", basis="ytd", facets=("growth",),
                  price="real", headline=True),
        Indicator(id="retail", name="社会消费品零售总额", unit="亿元", basis="ytd", headline=True),
        Indicator(id="revenue", name="一般公共预算收入", unit="亿元", basis="ytd", headline=True),
        Indicator(id="deposit", name="金融机构各项存款余额", unit="亿元", basis="stock",
                  headline=True),
        Indicator(id="pm25", name="PM2.5浓度", unit="微克/立方米", basis="mean", decimals=0,
                  direction="low", facets=("level",), headline=True),
        Indicator(id="start", name="新开工500万元以上项目", unit="个", basis="count", decimals=0,
                  facets=("level",), headline=True),
        Indicator(id="profit", name="规上工业利润总额", unit="万元", basis="ytd", decimals=0,
                  headline=True),
        Indicator(id="power", name="全社会用电量", unit="亿千瓦时", basis="ytd", headline=True),
    ]  # fmt: skip
    outlines = [
        Outline.model_validate(
            {
                "id": "month", "org": "xian", "issuer": "示例县经济运行调度办公室",
                "document": "示调〔{year}〕{month}号", "note": "本通报数字均为虚构，仅作演示。",
                "rankings": [
                    {"indicator": "retail", "by": "growth", "group": PEERS},
                    {"indicator": "revenue", "by": "level"},
                ],
            }
        )
    ]  # fmt: skip
    return Rulebook(
        version="case",
        orgs={org.id: org for org in orgs},
        indicators={indicator.id: indicator for indicator in indicators},
        outlines=tuple(outlines) if outline else (),
    )


def target(
    target_id: str, indicator: str, value: str | None, *, kind: str = "level",
    comparator: str = "reach", unit: str = "亿元", tier: str = "assigned", org: str = "xian",
) -> Target:  # fmt: skip
    return Target(
        target_id, indicator, org, 2023, tier, kind, comparator,
        None if value is None else Decimal(value), None, unit,
        "no_target" if value is None else None, "示例市", "", date(2023, 2, 1), "t.xlsx", "0",
        "目标", "G2",
    )  # fmt: skip


TARGETS = [
    target("aaaa000000000001", "retail", "106.6"),
    target("aaaa000000000002", "retail", "9", kind="growth", comparator="at_least", unit="%"),
    target("aaaa000000000003", "revenue", "17.3873", tier="own"),
    target("aaaa000000000004", "pm25", "35", kind="ceiling", comparator="within",
           unit="微克/立方米"),
    target("aaaa000000000005", "start", "120", unit="个"),
    target("aaaa000000000006", "ind", "8.5", kind="growth", unit="%"),
    target("aaaa000000000007", "profit", None, unit="万元"),
    target("aaaa000000000008", "revenue", "2.4", tier="own", org="t1"),
    target("aaaa000000000009", "revenue", "1.2", tier="own", org="t2"),
]  # fmt: skip


def book() -> Book:
    made = Book()
    _headlines(made)
    _targets(made)
    _ranks(made)
    counted = {
        "count_above_target": ("1", ()), "count_at_target": ("0", ()),
        "count_below_target": ("3", ("retail", "revenue", "start")),
        "count_no_target": ("1", ("profit",)),
        "count_growth_up": ("2", ()), "count_growth_flat": ("1", ()),
        "count_growth_down": ("1", ("revenue",)), "count_growth_not_comparable": ("0", ()),
    }  # fmt: skip
    for measure, (value, indicators) in counted.items():
        inputs = tuple(f"{i}|xian|{MAY}|growth|||" for i in indicators)
        made.put("", measure, value, unit="个", decimals=0, inputs=inputs)
    return made


def _headlines(made: Book) -> None:
    quarter = "2023-01/03"
    made.put("gdp", "value", "16.67", unit="亿元", decimals=2, period=quarter)
    made.put("gdp", "growth_published", "9.0", period=quarter, base="2022-01/03")
    made.put("ind", "growth_published", "-3.1")
    made.put("ind", "growth_change_pp", "0.4", base=APRIL, unit="百分点")
    made.put("retail", "value", "44.4", unit="亿元", decimals=2)
    made.put("retail", "growth_published", "18.6")
    made.put("retail", "growth", "17.94")
    made.put("retail", "growth_change_pp", "0.3", base=APRIL, unit="百分点")
    for ancestor, gap in (("city", "-0.1"), ("sheng", "0.2"), ("cn", "0")):
        made.put("retail", "gap_parent", gap, base=ancestor, unit="百分点")
    made.put("revenue", "value", "6.2137", unit="亿元", decimals=2)
    made.put("revenue", "growth", "-5.25")
    made.put("revenue", "growth_change_pp", "-7.3", base=APRIL, unit="百分点")
    made.put("deposit", "value", "120.3", unit="亿元", decimals=2, period="2023-05")
    made.put("deposit", "growth_published", "0.0", period="2023-05")
    made.put("deposit", "growth_change_pp", "0", base="2023-04", unit="百分点", period="2023-05")
    made.put("pm25", "value", "33", unit="微克/立方米", decimals=0)
    made.put("pm25", "growth", "-8.3")
    made.put("start", "value", "41", unit="个", decimals=0)
    made.put("profit", "value", "3120", unit="万元", decimals=0)
    made.put("profit", "growth", None, word="turned_positive")
    made.put("power", "value", None, word="not_published", unit="亿千瓦时")


def _targets(made: Book) -> None:
    a, b, c, d, e, f, _, g, h = (each.target_id for each in TARGETS)
    made.put("retail", "completion", "41.651", target_id=a)
    made.put("retail", "pace_gap", "-0.0156", target_id=a, unit="百分点")
    made.put("retail", "arrears_pace", "0.0167", target_id=a, unit="亿元", decimals=2)
    made.put("retail", "arrears_growth", "-9.6", target_id=b, unit="百分点")
    made.put("revenue", "completion", "35.737", target_id=c)
    made.put("revenue", "pace_gap", "-5.93", target_id=c, unit="百分点")
    made.put("revenue", "arrears_pace", "1.031", target_id=c, unit="亿元", decimals=2)
    made.put("revenue", "arrears_pace_pp", "5.93", target_id=c, unit="百分点")
    made.put("revenue", "shortfall_year", "11.1736", target_id=c, unit="亿元", decimals=2)
    made.put("revenue", "mean_required", "1.5962", target_id=c, unit="亿元", decimals=2)
    made.put("pm25", "allowance", "2", target_id=d, unit="微克/立方米", decimals=0)
    made.put("start", "completion", "34.17", target_id=e)
    made.put("start", "pace_gap", "-7.5", target_id=e, unit="百分点")
    made.put("start", "arrears_pace", "9", target_id=e, unit="个", decimals=0)
    made.put("ind", "arrears_growth", "11.6", target_id=f, unit="百分点")
    for target_id, org, short in ((g, "t1", "1.5"), (h, "t2", "0.8")):
        made.put(
            "revenue", "arrears_pace", "0.1", target_id=target_id, org=org, unit="亿元", decimals=2
        )
        made.put("revenue", "arrears_pace_pp", "4.2", target_id=target_id, org=org, unit="百分点")
        made.put("revenue", "shortfall_year", short, target_id=target_id, org=org, unit="亿元",
                 decimals=2)  # fmt: skip


def _ranks(made: Book) -> None:
    for org, growth, rank, move in (
        ("xian", "18.6", "1", "2"), ("jia", "12.0", "2", "0"), ("yi", "12.0", "2", "-1"),
    ):  # fmt: skip
        if org != "xian":
            made.put("retail", "growth_published", growth, org=org)
        made.put("retail", "rank_growth", rank, org=org, peer_group=PEERS, unit="位", decimals=0)
        made.put("retail", "rank_growth_move", move, org=org, peer_group=PEERS, base=APRIL,
                 unit="位", decimals=0)  # fmt: skip
    for org, rank, move in (("xian", "3", "-1"), ("jia", "1", "0"), ("yi", "3", "0"),
                            ("bing", "2", "1")):  # fmt: skip
        made.put("revenue", "rank_growth", rank, org=org, peer_group=PEERS, unit="位", decimals=0)
        made.put("revenue", "rank_growth_move", move if org != "xian" else None, org=org,
                 peer_group=PEERS, base=APRIL, unit="位", decimals=0,
                 word="not_comparable" if org == "xian" else None)  # fmt: skip
    counted = (("retail", "rank_growth", PEERS, "3", ("xian", "jia", "yi")),
               ("revenue", "rank_growth", PEERS, "4", ("xian", "jia", "yi", "bing")),
               ("revenue", "rank_level", TOWNS, "3", ("t1", "t2", "t3")))  # fmt: skip
    for indicator, measure, group, n, orgs in counted:
        for org in orgs:
            made.put(indicator, f"{measure}_n", n, org=org, peer_group=group, unit="个",
                     decimals=0)  # fmt: skip
    for org, value, rank in (("t1", "0.9", "1"), ("t2", "0.4", "2"), ("t3", "0.33", "3")):
        made.put("revenue", "value", value, org=org, unit="亿元", decimals=2)
        made.put("revenue", "rank_level", rank, org=org, peer_group=TOWNS, unit="位", decimals=0)


VERDICTS = [
    Verdict("retail", "xian", MAY, "aaaa000000000001", "近序时", "watch", "关注", ()),
    Verdict("retail", "xian", MAY, "aaaa000000000002", "达标", "good", "良好", ()),
    Verdict("retail", "xian", MAY, None, "近序时", "watch", "关注", ()),
    Verdict("revenue", "xian", MAY, "aaaa000000000003", "差序时", "behind", "落后", ()),
    Verdict("revenue", "xian", MAY, None, "差序时", "behind", "落后", ()),
    Verdict("pm25", "xian", MAY, "aaaa000000000004", "有余量", "good", "良好", ()),
    Verdict("start", "xian", MAY, "aaaa000000000005", "差序时", "behind", "落后", ()),
    Verdict("ind", "xian", MAY, "aaaa000000000006", "增速不到", "behind", "落后", ()),
    Verdict("power", "xian", MAY, None, "未到期", "not_due", "未到期", ()),
    Verdict("revenue", "t1", MAY, "aaaa000000000008", "差序时", "behind", "落后", ()),
    Verdict("revenue", "t2", MAY, "aaaa000000000009", "差序时", "behind", "落后", ()),
]  # fmt: skip


def observation(
    indicator: str, period: str, value: str, *, facet: str = "level", unit: str = "亿元",
    given: str = "", held: bool = False, received: date = AS_OF,
) -> Observation:  # fmt: skip
    obs_id = Observation.make_id(indicator, "xian", period, facet, None, "flash", received)
    return Observation(
        obs_id, indicator, "xian", period, facet, None, None, "flash", received, Decimal(value),
        1, None, unit, unit, given or value, "2023-06-12/县局月报5月.xlsx", "0", "表1", "C7", held,
    )  # fmt: skip


OBSERVATIONS = [
    *(observation("retail", f"2023-01/0{m}", v) for m, v in
      ((2, "17.1"), (3, "26.2"), (4, "35.3"), (5, "44.4"))),
    *(observation("retail", f"2023-01/0{m}", v, facet="growth", unit="%") for m, v in
      ((2, "17.9"), (3, "18.1"), (4, "18.3"), (5, "18.6"))),
    *(observation("ind", f"2023-01/0{m}", v, facet="growth", unit="%") for m, v in
      ((2, "-5.2"), (3, "-4"), (4, "-3.5"), (5, "-3.1"))),
    observation("power", MAY, "40321", unit="亿千瓦时", given="40,321", held=True),
]  # fmt: skip


def findings() -> list[Finding]:
    return [
        finding(
            "revised", "soft", "数字由35.2改为35.3", "核对修订依据", indicator="retail",
            org="xian", period=APRIL, file="2023-06-12/县局月报5月.xlsx", sheet="表1", cell="C6",
        ),
        finding(
            "unit_slip", "hard", "=与同期相比大10000倍，疑似单位写错", "请报送单位核对计量单位",
            indicator="power", org="xian", period=MAY, file="2023-06-12/县局月报5月.xlsx",
            sheet="表1", cell="C7", expected="4.03", found="40321",
            obs_ids=(OBSERVATIONS[-1].obs_id,),
        ),
    ]  # fmt: skip


def material(**changed: object) -> Material:
    parts: dict[str, object] = {
        "book": book(), "figures": ObservationShelf(OBSERVATIONS), "verdicts": VERDICTS,
        "targets": TARGETS, "findings": findings(), "rulebook": rulebook(),
        "period": Period.from_id("2023-05"), "as_of": AS_OF,
        "horizon": {"gdp": Period.from_id("2023-01/03")},
    }  # fmt: skip
    return Material(**{**parts, **changed})  # type: ignore[arg-type]
