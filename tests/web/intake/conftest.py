"""A small county with its rules in force: a form with three signatures that townships fill
themselves, and one that the owner department fills for the county."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Observation
from diaodu.web.figures import actions as figures
from diaodu.web.intake import actions
from diaodu.web.intake.actions import Entered
from diaodu.web.intake.queries import Form, form_of
from diaodu.web.intake.queries.forms import Key
from diaodu.web.people.models import Membership, User
from diaodu.web.people.queries import access_of
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks import queries as rulebook_queries
from diaodu.web.shared.access import Access

INDICATORS = """
- {id: investment, name: 固定资产投资, unit: 万元, basis: ytd, facets: [level], decimals: 0,
   direction: high, cadence: month, january: merged, owner: gongxinju,
   children: [private_investment]}
- {id: private_investment, name: 民间投资, unit: 万元, basis: ytd, facets: [level], decimals: 0,
   direction: high, cadence: month, january: merged, owner: gongxinju}
- {id: firms, name: 规上工业企业数, unit: 家, basis: stock, facets: [level], decimals: 0,
   direction: high, cadence: month, january: "yes", owner: gongxinju}
- {id: industry_va, name: 规上工业增加值, unit: "%", basis: rate, facets: [growth], decimals: 1,
   growth_decimals: 1, direction: high, cadence: month, january: merged, owner: gongxinju}
- {id: power, name: 用电量, unit: 万千瓦时, basis: ytd, facets: [level, growth], decimals: 0,
   growth_decimals: 1, direction: high, cadence: month, january: "yes", owner: tongjiju}
"""
CALENDAR = """
- id: township
  title: 乡镇经济运行月报表
  from: 2023-01
  indicators: [investment, private_investment, firms]
  levels: [township]
  opens: {months_after: 1, day: 1, time: "09:00"}
  due: {months_after: 1, day: 8, time: "18:00"}
  released: {months_after: 1, day: 18}
  signatures:
    - {title: 统计员, role: statistics}
    - {title: 分管领导, role: vice}
    - {title: 主要领导, role: leader}
- id: county
  title: 全县主要指标月报表
  from: 2023-01
  indicators: [industry_va, power]
  orgs: [shilixian]
  opens: {months_after: 1, day: 1}
  due: {months_after: 1, day: 12}
  filled_by: owner
"""
CHECKS = """
- {id: firms_range, kind: range, indicators: [firms], lo: 0, hi: 500, severity: hard,
   reason: 全县规上企业不到500家}
- {id: investment_parts, kind: part, of: indicators, indicators: [investment]}
"""
ORG_ROWS = """
- {id: shilisheng, name: 示例省, level: province, aliases: [全省]}
- {id: shilishi, name: 示例市, level: city, parent: shilisheng, aliases: [全市]}
- {id: shilixian, name: 示例县, level: county, parent: shilishi, aliases: [全县]}
- {id: donglinqu, name: 东林区, level: county, parent: shilishi}
- {id: tongjiju, name: 县统计局, level: department, parent: shilixian}
- {id: gongxinju, name: 县工业和信息化局, level: department, parent: shilixian}
- {id: chengdong, name: 城东街道, level: township, parent: shilixian}
- {id: qingshi, name: 青石镇, level: township, parent: shilixian, aliases: [青石乡]}
- {id: liuhe, name: 柳荷镇, level: township, parent: shilixian}
"""
FILES = {
    "orgs/all.yaml": ORG_ROWS.encode(),
    "indicators/all.yaml": INDICATORS.encode(),
    "calendar/returns.yaml": CALENDAR.encode(),
    "checks/all.yaml": CHECKS.encode(),
}
MAY = "2023-05"
KEYS = ("qingshi|investment|level", "qingshi|private_investment|level", "qingshi|firms|level")


def publish(files: dict[str, bytes], at: datetime) -> None:
    imported = rulebooks.import_files(files=files, by=None, at=at)
    assert not imported.faults, imported.faults
    rulebooks.publish(version_id=imported.version.id, by=None, at=at, note="初稿", seen=None)


@pytest.fixture
def rules(county: Any, now: datetime) -> None:
    """In force since January: the desk has asked for every month of the year."""
    publish(FILES, now.replace(month=1))


@pytest.fixture
def closed_township(county: Any, now: datetime) -> None:
    """The rules with 柳荷镇 ended in March."""
    was = "{id: liuhe, name: 柳荷镇,"
    closed = FILES["orgs/all.yaml"].decode().replace(was, f"{was} closed: 2023-03-31,")
    publish({**FILES, "orgs/all.yaml": closed.encode()}, now.replace(month=1))


RECONCILING = """
- id: bureau
  title: 投资对账表
  from: 2023-01
  indicators: [investment]
  levels: [township]
  opens: {months_after: 1, day: 1}
  due: {months_after: 1, day: 12}
  filled_by: owner
  reconciles: [{indicator: investment, with: township, reason: 部门按项目库报，与乡镇对账}]
"""


@pytest.fixture
def bureau_form(county: Any, now: datetime) -> Form:
    """The 工信局's own count of the townships' 固定资产投资, kept to be compared."""
    files = {**FILES, "calendar/returns.yaml": (CALENDAR + RECONCILING).encode()}
    publish(files, now.replace(month=1))
    found = form_of(Key(MAY, "bureau", "gongxinju"))
    assert found is not None
    return found


@pytest.fixture
def republish(rules: None, now: datetime) -> Callable[[str, str], None]:
    """Put the rules in force again with one text of a file changed: 企业数 becomes 企业个数, or the
    last of a list goes."""

    def change(path: str, text: str) -> None:
        was = FILES[path].decode()
        new = text.replace("企业数", "企业个数").replace(", firms]", "]")
        assert text in was and new != text
        changed = {**FILES, path: was.replace(text, new).encode()}
        imported = rulebooks.import_files(files=changed, by=None, at=now)
        assert not imported.faults, imported.faults
        seen = rulebook_queries.current_version().id
        rulebooks.publish(version_id=imported.version.id, by=None, at=now, note="改", seen=seen)

    return change


@pytest.fixture
def people(users: SimpleNamespace) -> SimpleNamespace:
    """Beside the users of every role: the township's own signers."""
    for name, role in (("town_statistics", "statistics"), ("town_vice", "vice")):
        user = User.objects.create_user(name, name=f"{name}某")
        Membership.objects.create(user=user, role=role, org_id="qingshi")
        setattr(users, name, user)
    second = User.objects.create_user("second_clerk", name="第二填报人")
    Membership.objects.create(user=second, role="clerk", org_id="qingshi")
    users.second_clerk = second
    return users


@pytest.fixture
def access(now: datetime) -> Callable[[User], Access]:
    return lambda user: access_of(user, now.date())


@pytest.fixture
def form(rules: None) -> Form:
    """青石镇's for May: 固定资产投资, 其中民间投资, 规上工业企业数."""
    found = form_of(Key(MAY, "township", "qingshi"))
    assert found is not None
    return found


@pytest.fixture
def county_form(rules: None) -> Form:
    """The 工信局's for the county: the growth of 规上工业增加值."""
    found = form_of(Key(MAY, "county", "gongxinju"))
    assert found is not None
    return found


@pytest.fixture
def typed(form: Form, people: SimpleNamespace, now: datetime) -> Callable[..., Any]:
    """Type texts in the lines of the form, from the top, as the clerk."""

    def type_in(*texts: str, by: User | None = None, at: datetime = now, seen: int = 0) -> Any:
        entered = [Entered(key, text, seen) for key, text in zip(KEYS, texts, strict=False)]
        return actions.save_cells(
            form=form, entered=entered, seen=seen, by=by or people.clerk, at=at
        )

    return type_in


@pytest.fixture
def submitted(form: Form, typed: Callable[..., Any], people: SimpleNamespace, now: datetime) -> Any:
    saved = typed("66300", "41900", "13")
    return actions.submit(form=form, seen=saved.sheet.version, by=people.clerk, at=now)


@pytest.fixture
def signed(form: Form, submitted: Any, people: SimpleNamespace, now: datetime) -> Any:
    sheet = submitted
    for place, who in enumerate((people.town_statistics, people.town_vice, people.township_head)):
        sheet = actions.sign(
            form=form, places=frozenset({place + 1}), seen=sheet.version, by=who, at=now
        )
    return sheet


@pytest.fixture
def accepted(form: Form, signed: Any, people: SimpleNamespace, now: datetime) -> Any:
    return actions.accept(form=form, seen=signed.version, by=people.statistics, at=now)


@pytest.fixture
def history(rules: None, people: SimpleNamespace, now: datetime) -> None:
    """Last year's May and this year's April of 青石镇."""
    rows = (
        ("investment", "2022-01/05", "97500"), ("investment", "2023-01/04", "58240"),
        ("private_investment", "2022-01/05", "52600"),
        ("private_investment", "2023-01/04", "41350"),
        ("firms", "2022-05", "14"), ("firms", "2023-04", "13"),
    )  # fmt: skip
    units = {"firms": "家"}
    figures.record(
        observations=[
            observed(one, "qingshi", period, value, units.get(one, "万元"))
            for one, period, value in rows
        ],
        by=people.statistics, at=now.replace(month=5), origin="import", origin_id="", reason="",
        document="",
    )  # fmt: skip


@pytest.fixture
def on_file(rules: None, people: SimpleNamespace, now: datetime) -> Callable[[str, str], None]:
    """Put a figure of 青石镇's 固定资产投资 on file."""

    def put(period: str, value: str) -> None:
        figures.record(
            observations=[observed("investment", "qingshi", period, value, "万元")],
            by=people.statistics, at=now.replace(month=5), origin="import",
        )  # fmt: skip

    return put


def observed(indicator: str, org: str, period: str, value: str, unit: str) -> Observation:
    Period.from_id(period)
    received = datetime(2023, 5, 6).date()  # noqa: DTZ001 - a day
    return Observation(
        Observation.make_id(indicator, org, period, "level", None, "flash", received),
        indicator, org, period, "level", None, None, "flash", received, Decimal(value), 0, None,
        unit, unit, value, "历史.xlsx", "ab" * 32, "月报", "C4", False,
    )  # fmt: skip
