"""The demo county's targets: last year's, re-based in July with a decision, and this year's, both
with targets of every kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from diaodu.web.site.demo.cast import HOME
from diaodu.web.targets import actions
from diaodu.web.targets.actions import Entered
from diaodu.web.targets.queries import grid_lines
from diaodu.web.targets.queries.columns import AGAINST

_HERE = ZoneInfo("Asia/Shanghai")
AT = datetime(2023, 5, 29, 9, 30, tzinfo=_HERE)


class _Given(NamedTuple):
    """A line of the county: what stands in its cell; then what it says beside."""

    indicator: str
    kind: str
    tier: str
    text: str = ""
    comparator: str = "reach"
    force: str = ""
    said: str = ""
    against: str = ""
    tolerance: str = ""


# Beside what came by file: a floor, a working and a stretch target, and every other kind, held
# against each thing that it may be held against. Of last year and of this year.
_BOTH = (
    _Given("gdp", "growth", "working", "7.2", "about", tolerance="0.2"),
    _Given("gdp", "rank", "stretch", "3", "within", "strive"),
    _Given("retail", "rank", "own", "2", "within", "strive", against="增速|示例市各县"),
    _Given("fixed_investment", "not_bottom", "floor", "2", "within", "must"),
    _Given("budget_revenue", "mean", "stretch", "不低于", "at_least", "strive", against="示例市"),
    _Given("retail", "mean", "own", "0.5", "at_least", against="示例市各县"),
    _Given(
        "income_rural",
        "relative",
        "own",
        "不低于",
        "at_least",
        "ensure",
        against="城镇居民人均可支配收入",
    ),
    _Given("income_rural", "relative", "stretch", "0.3", "at_least", "strive", against="示例市"),
    _Given(
        "hightech_va", "relative", "own", "1.5倍", "at_least", "strive", against="规上工业增加值"
    ),
    _Given("industry_profit", "sign", "own"),
    _Given("housing_sales", "sign", "working"),
    _Given("projects_registered", "yes_no", "own", said="年内有新入库的项目"),
    _Given("pm25", "ceiling", "stretch", "34", "hold", "strive"),
)
_LAST = (
    _Given("budget_revenue", "level", "floor", "10.5", "at_least", "must"),
    _Given("budget_revenue", "level", "stretch", "11.0", "reach", "strive"),
    _Given("new_firms", "increment", "stretch", "4", "at_least", "strive"),
    _Given("trade", "qualitative", "own", said="年内完成保税监管仓库选址和报批"),
    _Given("exports", "level", "assigned", "未下达"),
    *_BOTH,
)
_THIS = (
    _Given("budget_revenue", "level", "floor", "11.2", "at_least", "must"),
    _Given("budget_revenue", "level", "working", "11.6", "reach"),
    _Given("budget_revenue", "level", "stretch", "11.8", "reach", "strive"),
    _Given("new_firms", "increment", "stretch", "6", "at_least", "strive"),
    _Given("trade", "qualitative", "own", said="年内建成保税监管仓库并投入使用"),
    _Given("exports", "growth", "assigned", "未下达"),
    *_BOTH,
)
_REBASED = (
    ("budget_revenue", "growth", "assigned", "4.0"),
    ("retail", "growth", "assigned", "4.5"),
)


def set_targets(users: Mapping[str, Any]) -> None:
    """Through the same actions that people use; the days are those of the decisions."""
    office = users["diaodu"]
    last = _begun(2022, office)
    for one in _LAST:
        _add(last, one, office)
    _lock(last, "示例县发〔2022〕1号", date(2022, 1, 20), office)
    again = actions.rebase(
        version=last, reason="市里按留抵退税后的口径调减收入任务，零售受疫情影响同步调减",
        by=office, at=AT,
    )  # fmt: skip
    for indicator, kind, tier, text in _REBASED:
        _save(again, indicator, kind, [Entered(tier, HOME, "w", text)], office)
    _lock(again, "县政府第9次常务会议纪要〔2022〕9号", date(2022, 7, 18), office)
    this = _begun(2023, office)
    for one in _THIS:
        _add(this, one, office)
    actions.spread_months(
        version=this, indicator="budget_revenue", kind="level", tier="floor", orgs=(),
        way="last_year", by=office, at=AT,
    )  # fmt: skip
    _support(this, users)
    _lock(this, "示例县发〔2023〕1号", date(2023, 3, 13), office)


def _begun(year: int, office: Any) -> Any:
    return actions.begin(year=year, source=actions.RECEIVED, by=office, at=AT)


def _lock(version: Any, document: str, effective: date, office: Any) -> None:
    version.refresh_from_db()
    actions.lock(
        version=version, document=document, effective=effective, seen=version.changes, by=office,
        at=AT,
    )  # fmt: skip
    version.refresh_from_db()


def _save(
    version: Any, indicator: str, kind: str, cells: Sequence[Entered], office: Any
) -> None:  # fmt: skip
    actions.save_cells(
        version=version, indicator=indicator, kind=kind, entered=cells, seen=0, by=office, at=AT
    )


def _add(version: Any, one: _Given, office: Any) -> None:
    if one.text:
        cells = [Entered(one.tier, HOME, "w", one.text)]
        cells += [Entered(one.tier, HOME, AGAINST, one.against)] if one.against else []
        _save(version, one.indicator, one.kind, cells, office)
        (line,) = _lines(version, one)
    else:
        line = actions.add_line(
            version=version, indicator=one.indicator, kind=one.kind, tier=one.tier, org=HOME,
            text=one.said, by=office, at=AT,
        )  # fmt: skip
    actions.save_line(
        line=line, comparator=one.comparator, force=one.force,
        tolerance=Decimal(one.tolerance) if one.tolerance else None, text=one.said,
        against=line.against, issuer="示例县", document="", decision="县委经济工作会议", seen=0,
        by=office, at=AT,
    )  # fmt: skip


def _lines(version: Any, one: _Given) -> Iterable[Any]:
    return grid_lines(version, one.indicator, one.kind, one.tier, HOME)


def _support(version: Any, users: Mapping[str, Any]) -> None:
    """What the own target of industrial output is to be reached with."""
    (line,) = grid_lines(version, "industry_output", "level", "own", HOME)
    for kind, name, amount, month, owner, certainty in (
        ("project", "新材料产业园二期投产", "6.4", 6, "县工业和信息化局", "registered"),
        ("firm", "5家企业达产达标", "3.1", 9, "经济开发区", "signed"),
        ("policy", "技改奖补兑现", "0.8", 10, "县财政局", "planned"),
    ):
        actions.add_support(
            line=line, kind=kind, name=name, amount=Decimal(amount), month=month, owner=owner,
            certainty=certainty, by=users["diaodu"], at=AT,
        )  # fmt: skip
