"""The small county on which the rooms are tried: its orgs, a user of every role, a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from diaodu.adapters.rulebook_out import orgs_file
from diaodu.engine.rules.models import Org
from diaodu.web.people import actions
from diaodu.web.people.models import Membership, User
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks.models import Version
from diaodu.web.runs.queries.trace import live_lookups
from diaodu.web.shared import clock
from tests.web.in_browser import CHROMIUM, FLAGS

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "only-for-tests-7391"
NOW = datetime(2023, 6, 6, 10, 0, tzinfo=SHANGHAI)

HOME = "shilixian"
ORGS = (
    Org(id="shilisheng", name="示例省", level="province", aliases=("全省",)),
    Org(id="shilishi", name="示例市", level="city", parent="shilisheng", aliases=("全市",)),
    Org(id=HOME, name="示例县", level="county", parent="shilishi", aliases=("全县",)),
    Org(id="donglinqu", name="东林区", level="county", parent="shilishi"),
    Org(id="tongjiju", name="县统计局", level="department", parent=HOME),
    Org(id="gongxinju", name="县工业和信息化局", level="department", parent=HOME),
    Org(id="chengdong", name="城东街道", level="township", parent=HOME),
    Org(id="qingshi", name="青石镇", level="township", parent=HOME, aliases=("青石乡",)),
    Org(id="liuhe", name="柳荷镇", level="township", parent=HOME),
)

INDICATORS = """
- {id: industry_va, name: 规模以上工业增加值, aliases: [规上工业增加值], unit: "%", basis: ytd,
   facets: [growth], direction: high, decimals: 1, cadence: month, january: merged,
   owner: gongxinju, field: 工业, headline: true, order: 1, price: real}
- {id: industry_output, name: 规模以上工业总产值, unit: 亿元, basis: ytd, facets: [level, growth],
   direction: high, decimals: 2, cadence: month, january: merged, owner: gongxinju, field: 工业,
   headline: true, order: 2}
- {id: tax, name: 税收收入, unit: 万元, basis: ytd, facets: [level, growth], direction: high,
   decimals: 0, cadence: month, january: yes, owner: tongjiju, field: 财税, headline: true,
   order: 3}
- {id: revenue, name: 一般公共预算收入, unit: 万元, basis: ytd, facets: [level, growth],
   direction: high, decimals: 0, cadence: month, january: yes, owner: tongjiju, field: 财税,
   children: [tax]}
"""
CALENDAR = """
- id: township_monthly
  title: 乡镇月报表
  indicators: [industry_output, tax]
  levels: [township]
  opens: {months_after: 1, day: 1}
  due: {months_after: 1, day: 8}
  released: {months_after: 1, day: 18, time: "09:00"}
- id: county_monthly
  title: 全县月报表
  indicators: [industry_va, industry_output, tax]
  orgs: [shilixian]
  opens: {months_after: 1, day: 1}
  due: {months_after: 1, day: 12}
  released: {months_after: 1, day: 18, time: "09:00"}
  filled_by: owner
"""

# user, role, org, indicators (None: all), reads early
MEMBERSHIPS = (
    ("leader", "leader", HOME, None, False),
    ("vice", "vice", HOME, None, False),
    ("dispatch", "dispatch", HOME, None, True),
    ("statistics", "statistics", HOME, None, True),
    ("owner", "owner", "gongxinju", None, True),
    ("owner", "owner", HOME, ("industry_va", "industry_output"), True),
    ("clerk", "clerk", "qingshi", None, False),
    ("other_clerk", "clerk", "liuhe", None, False),
    ("supervision", "supervision", HOME, None, False),
    ("assessment", "assessment", HOME, None, False),
    ("admin", "admin", HOME, None, False),
    ("reader", "reader", HOME, None, False),
    ("township_reader", "reader", "qingshi", None, False),
    ("township_head", "leader", "qingshi", None, False),
    ("neighbour", "statistics", "donglinqu", None, True),
)


@pytest.fixture(autouse=True)
def nothing_kept_of_another_test() -> None:
    """Every test begins with a database whose ids another one had."""
    live_lookups.cache_clear()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Playwright's loop runs in this thread, so Django would refuse the database here."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with pytest.MonkeyPatch.context() as patch, sync_api.sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning while the returns for May are open."""
    return NOW


@pytest.fixture
def frozen_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The desk's clock stands at NOW; call it with another moment to move it."""

    def stand_at(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment.astimezone(SHANGHAI))

    stand_at(NOW)
    return stand_at


@pytest.fixture
def county(db: None) -> tuple[Org, ...]:
    """The orgs, in the table."""
    actions.sync_orgs(orgs=ORGS, by=None, at=NOW)
    return ORGS


@pytest.fixture
def rules_files() -> dict[str, bytes]:
    """A small rulebook about these orgs, as a folder in memory."""
    return {
        "orgs/orgs.yaml": orgs_file(ORGS),
        "indicators/main.yaml": INDICATORS.encode(),
        "calendar/returns.yaml": CALENDAR.encode(),
        "README.md": "示例县的规则\n".encode(),
    }


@pytest.fixture
def rules(county: tuple[Org, ...], rules_files: dict[str, bytes]) -> Version:
    """That rulebook, published."""
    imported = rulebooks.import_files(files=rules_files, by=None, at=NOW, note="初稿")
    assert imported.version is not None, imported.faults
    return rulebooks.publish(
        version_id=imported.version.id, by=None, at=NOW, note="初版", seen=None
    )


@pytest.fixture
def users(county: tuple[Org, ...]) -> SimpleNamespace:
    """users.leader … users.reader: one of each of the ten roles at home; users.other_clerk,
    township_reader, township_head and neighbour beside; users.stranger has no membership."""
    named: dict[str, User] = {}
    for name, role, org, indicators, early in MEMBERSHIPS:
        if name not in named:
            named[name] = User.objects.create_user(name, password=PASSWORD, name=f"{name}某")
        Membership.objects.create(
            user=named[name], role=role, org_id=org, indicators=list(indicators or ()), early=early
        )
    named["stranger"] = User.objects.create_user("stranger", password=PASSWORD, name="生人")
    return SimpleNamespace(**named)


@pytest.fixture
def password() -> str:
    """Everyone's in `users`."""
    return PASSWORD


@pytest.fixture
def client_as() -> Callable[[User], Client]:
    """A browser in which that user has signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
