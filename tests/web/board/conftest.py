"""A small county whose May is computed, frozen and published by the real rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from diaodu.engine.ground.records import Target
from diaodu.web.figures import actions as figures
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.runs import actions as runs

ORGS = """
- {id: shilisheng, name: 示例省, level: province, aliases: [全省]}
- {id: shilishi, name: 示例市, level: city, parent: shilisheng, aliases: [全市]}
- {id: shilixian, name: 示例县, level: county, parent: shilishi, aliases: [全县]}
- {id: donglinqu, name: 东林区, level: county, parent: shilishi}
- {id: xitanxian, name: 西滩县, level: county, parent: shilishi}
- {id: nanpingxian, name: 南坪县, level: county, parent: shilishi}
- {id: beigangxian, name: 北岗县, level: county, parent: shilishi}
- {id: tongjiju, name: 县统计局, level: department, parent: shilixian}
- {id: gongxinju, name: 县工业和信息化局, level: department, parent: shilixian, aliases: [工信局]}
- {id: chengdong, name: 城东街道, level: township, parent: shilixian}
- {id: qingshi, name: 青石镇, level: township, parent: shilixian, aliases: [青石乡]}
- {id: liuhe, name: 柳荷镇, level: township, parent: shilixian}
"""
INDICATORS = """
- {id: retail, name: 社会消费品零售总额, aliases: [社零], unit: 亿元, basis: ytd, decimals: 2,
   facets: [level, growth], direction: high, cadence: month, january: merged, owner: gongxinju,
   headline: true,
   order: 1, field: 消费, definition: 在地口径}
- {id: investment, name: 固定资产投资, aliases: [固投], unit: "%", basis: rate, decimals: 1,
   facets: [growth], direction: high, cadence: month, january: merged, owner: gongxinju,
   headline: true, order: 2,
   field: 投资}
- {id: loans, name: 贷款余额, unit: 亿元, basis: stock, decimals: 2, facets: [level, growth],
   direction: high, cadence: month, january: "yes", owner: tongjiju,
   headline: true, order: 3, field: 金融}
- {id: power, name: 用电量, unit: 亿千瓦时, basis: ytd, decimals: 2, facets: [level, growth],
   direction: high, cadence: month, january: "yes",
   headline: true, order: 4, field: 工业}
- {id: profit, name: 规上工业利润总额, aliases: [工业利润], unit: 亿元, basis: ytd, decimals: 2,
   facets: [level, growth], direction: high, cadence: month, january: merged, owner: gongxinju,
   headline: true,
   order: 5, field: 工业}
- {id: firms, name: 规上工业企业数, unit: 家, basis: stock, decimals: 0, facets: [level],
   direction: high, cadence: month, january: "yes", owner: gongxinju,
   headline: true, order: 6, field: 工业}
- {id: output, name: 规上工业总产值, unit: 亿元, basis: ytd, decimals: 2, facets: [level],
   direction: high, cadence: month, january: merged, owner: gongxinju}
"""
CALENDAR = """
- {id: profit, indicators: [profit], orgs: [shilixian], due: {months_after: 1, day: 3},
   released: {months_after: 1, day: 27, time: "10:00"}}
- {id: firms, indicators: [firms], orgs: [shilixian], due: {months_after: 1, day: 3}}
"""
BREAKDOWNS = """
- {id: townships, name: 各乡镇, of: orgs, parent: shilixian, child_level: township,
   indicators: [retail]}
"""
BANDS = """
- {id: 完成档次, of: completion, bands: [{name: 不足五成, hi: 50}, {name: 过半, lo: 50}]}
- {id: 序时快慢, of: pace_gap, bands: [{name: 慢于序时, hi: 0}, {name: 不慢, lo: 0}]}
"""
GATES = "\n".join(
    f'- {{id: g{month}, name: {name}, month: {month}, done: ">=", growth: ">="}}'
    for month, name in ((3, "开门红"), (6, "双过半"), (9, "前三季度"), (12, "全年红"))
)
FILES = {
    "bands/all.yaml": BANDS.encode(),
    "breakdowns/all.yaml": BREAKDOWNS.encode(),
    "orgs/all.yaml": ORGS.encode(),
    "indicators/all.yaml": INDICATORS.encode(),
    "calendar/returns.yaml": CALENDAR.encode(),
    "gates/all.yaml": GATES.encode(),
}
RECEIVED = date(2023, 6, 5)
SECRET = "6.37"  # the profit that nobody outside may see before its release

# indicator, org, period → level, growth
GIVEN: dict[tuple[str, str, str], tuple[str | None, str | None]] = {
    ("retail", "shilixian", "2021-01/05"): ("40.11", None),
    ("retail", "shilixian", "2021-01/06"): ("48.11", None),
    ("retail", "shilixian", "2021-01/07"): ("57.11", None),
    ("retail", "shilixian", "2022-01/05"): ("41.31", "3.0"),
    ("retail", "shilixian", "2022-01/06"): ("51.31", "4.5"),
    ("retail", "shilixian", "2022-01/07"): ("60.31", "4.2"),
    ("retail", "shilixian", "2022-01/12"): ("111.31", "3.5"),
    ("retail", "shilixian", "2023-01/02"): ("18.00", "9.1"),
    ("retail", "shilixian", "2023-01/03"): ("26.80", "8.4"),
    ("retail", "shilixian", "2023-01/04"): ("35.20", "7.0"),
    ("retail", "shilixian", "2023-01/05"): ("44.00", "6.5"),
    ("retail", "donglinqu", "2023-01/04"): ("70.00", "8.8"),
    ("retail", "donglinqu", "2023-01/05"): ("88.00", "9.0"),
    ("retail", "xitanxian", "2023-01/04"): ("30.00", "6.8"),
    ("retail", "xitanxian", "2023-01/05"): ("37.00", "8.0"),
    ("retail", "nanpingxian", "2023-01/04"): ("20.00", "7.5"),
    ("retail", "nanpingxian", "2023-01/05"): ("25.00", "7.0"),
    ("retail", "beigangxian", "2023-01/04"): ("15.00", "5.0"),
    ("retail", "beigangxian", "2023-01/05"): ("19.00", "5.1"),
    ("retail", "shilishi", "2023-01/05"): ("213.00", "7.2"),
    ("retail", "shilisheng", "2023-01/05"): ("5000.00", "6.5"),
    ("retail", "chengdong", "2022-01/05"): ("10.00", None),
    ("retail", "chengdong", "2023-01/05"): ("13.00", None),
    ("retail", "qingshi", "2022-01/05"): ("8.00", None),
    ("retail", "qingshi", "2023-01/05"): ("7.50", None),
    ("investment", "shilixian", "2023-01/04"): (None, "8.5"),
    ("investment", "shilixian", "2023-01/05"): (None, "8.3"),
    ("investment", "shilishi", "2023-01/05"): (None, "8.3"),
    ("loans", "shilixian", "2022-05"): ("250.00", None),
    ("loans", "shilixian", "2023-05"): ("277.50", None),
    ("power", "shilixian", "2023-01/05"): ("4.13", "6.6"),
    ("profit", "shilixian", "2023-01/04"): ("5.00", "-6.9"),
    ("profit", "shilixian", "2023-01/05"): (SECRET, "-4.6"),
    ("output", "shilixian", "2023-01/05"): ("100.00", None),
}
# indicator, kind, value, unit
TARGETS = (
    ("retail", "level", "120", "亿元"),
    ("retail", "growth", "8", "%"),
    ("investment", "growth", "8", "%"),
    ("loans", "growth", "10", "%"),
    ("profit", "growth", "5", "%"),
    ("firms", "level", "100", "家"),
)


def made(indicator: str, org: str, period: str, facet: str, value: str, **more: Any) -> Any:
    unit = "%" if facet == "growth" else _UNITS[indicator]
    return figures.new_figure(
        indicator=indicator, org=org, period=period, facet=facet, value=Decimal(value), unit=unit,
        **{"track": "recognised", "received": RECEIVED, "file": "2023-06-05/反馈.xlsx",
           "sheet": "分县区", "cell": "F12", "sha256": "a" * 64, **more},
    )  # fmt: skip


_UNITS = {"retail": "亿元", "investment": "%", "loans": "亿元", "power": "亿千瓦时",
          "profit": "亿元", "firms": "家", "output": "亿元"}  # fmt: skip


def given_figures() -> Iterator[Any]:
    for (indicator, org, period), (level, growth) in GIVEN.items():
        for facet, value in (("level", level), ("growth", growth)):
            if value is not None:
                yield made(indicator, org, period, facet, value)


def given_targets() -> Iterator[Target]:
    for indicator, kind, value, unit in TARGETS:
        yield Target(
            Target.make_id(indicator, "shilixian", 2023, "assigned", kind, RECEIVED), indicator,
            "shilixian", 2023, "assigned", kind, "at_least", Decimal(value), None, unit, None,
            "市政府", "市政发〔2023〕2号", RECEIVED, "2023-06-05/目标.xlsx", "a" * 64, "表1", "C5",
        )  # fmt: skip


@pytest.fixture
def figure() -> Callable[..., Any]:
    return made


@pytest.fixture
def files() -> dict[str, bytes]:
    """The rules, to be published otherwise."""
    return dict(FILES)


@pytest.fixture
def rules(county: Any, now: datetime) -> None:
    imported = rulebooks.import_files(files=FILES, by=None, at=now)
    assert not imported.faults, imported.faults
    rulebooks.publish(version_id=imported.version.id, by=None, at=now, note="初稿", seen=None)


@pytest.fixture
def on_file(rules: None, users: SimpleNamespace, now: datetime) -> None:
    figures.record(
        observations=list(given_figures()), targets=list(given_targets()), by=users.statistics,
        at=now, origin="import",
    )  # fmt: skip


@pytest.fixture
def freeze(
    on_file: None, now: datetime, users: SimpleNamespace, settings: Any, tmp_path: Path,
) -> Callable[..., Any]:  # fmt: skip
    """Freeze and carry out; published unless told otherwise."""
    settings.DIAODU_HOME = tmp_path

    def frozen(published: bool = True) -> Any:
        run = runs.freeze(period="2023-05", as_of=now.date(), note="", by=users.statistics, at=now)
        runs.carry_out(run_id=run.pk, now=lambda: now)
        run.refresh_from_db()
        assert run.is_done, run.trouble
        return (
            runs.publish(run=run, note="供调度会用", by=users.dispatch, at=now)
            if published
            else run
        )

    return frozen


@pytest.fixture
def run(freeze: Callable[..., Any], frozen_clock: Any) -> Any:
    return freeze()


@pytest.fixture
def leader(run: Any, users: SimpleNamespace, client_as: Callable[..., Client]) -> Client:
    return client_as(users.leader)


@pytest.fixture
def early(run: Any, users: SimpleNamespace, client_as: Callable[..., Client]) -> Client:
    """Statistics at home read before the release."""
    return client_as(users.statistics)
