"""What bad input gets: refused or marked where it stands, in words that say what to do, and nothing
that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from diaodu.adapters.rulebook_out import orgs_file
from diaodu.web.targets import actions, queries
from diaodu.web.targets.models import Line, Version
from tests.web.conftest import ORGS

pytestmark = pytest.mark.django_db
GATES = """
- {id: half, name: 双过半, month: 6, from: 2023-01, done: ">=", growth: ">="}
"""


@pytest.fixture
def rules_files(rules_files: dict[str, bytes]) -> dict[str, bytes]:
    """柳荷镇 is closed in the middle of the year."""
    orgs = [
        one.model_copy(update={"closed": date(2023, 6, 30)}) if one.id == "liuhe" else one
        for one in ORGS
    ]
    return rules_files | {"orgs/orgs.yaml": orgs_file(orgs), "gates/gates.yaml": GATES.encode()}


@pytest.fixture
def office(users: SimpleNamespace, client: Client, frozen_clock: Any) -> Client:
    client.force_login(users.dispatch)
    return client


def _grid(office: Client, draft: Version, kind: str = "level") -> str:
    page = office.get(reverse("targets:grid", args=[draft.pk, "tax", kind]))
    return str(page.content.decode())


def _lock_page(office: Client, draft: Version) -> str:
    return str(office.get(reverse("targets:lock", args=[draft.pk])).content.decode())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("own:shilixian:w=100 own:chengdong:w=60 own:qingshi:w=39.99",
         "按单位分解的合计99.99万元，比示例县的目标100万元少0.01万元。把0.01万元分下去。"),
        ("stretch:shilixian:w=9 floor:shilixian:w=10",
         "力争9万元还不如底线10万元。核对两个数，力争不能比底线要求低。"),
        ("own:qingshi:w=10 own:qingshi:3=8 own:qingshi:6=4 own:qingshi:9=-2",
         "到6月底要完成12万元，超过全年目标10万元（120.0%）"),
    ],
)  # fmt: skip
def test_it_is_told_on_the_grid_and_bars_the_lock(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Version], office: Client,
    given: str, told: str,
) -> None:  # fmt: skip
    put(draft, given)
    page = _grid(office, draft)
    assert told in page and "锁定前还要改好" in page
    kept = {one.partition("=")[2] for one in given.split()}
    assert all(f'value="{text.replace("-", "−")}"' in page for text in kept)
    assert '<button class="btn btn-primary" disabled>锁定' in _lock_page(office, draft)
    with pytest.raises(ValidationError, match=told.split("。")[0]):
        lock(draft)


def test_a_growth_without_a_base(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Version], office: Client
) -> None:
    put(draft, "own:qingshi:w=8", kind="growth")
    told = "青石镇税收收入增速目标没有基数：2022年的数还没有"
    assert f"{told}。先补上2022年的数。" in _grid(office, draft, "growth")
    with pytest.raises(ValidationError, match=told):
        lock(draft)


def test_a_part_for_a_closed_unit(
    draft: Version, put: Callable[..., Any], lock: Callable[..., Version], office: Client
) -> None:
    put(draft, "own:shilixian:w=100 own:chengdong:w=60 own:liuhe:w=40")
    page = _grid(office, draft)
    assert "没有人完成。把它的数分给接手的单位，再从分解里去掉它。" in page
    with pytest.raises(ValidationError, match="没有人完成"):
        lock(draft)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("6月60% 9月120%", ["“9月120%”超出了0到100%"]),
        ("9月60% 6月90%", ["9月底60%比6月底的90%少"]),
        ("6月60% 6月70%", ["6月写了两次"]),
        ("8月双过半60%", ["为“双过半”定的节点在8月底，关口在6月底；把节点提到6月或以前"]),
        ("年中60%", ["没有叫“年中”的关口；规则里的关口：双过半"]),
        ("13月60%", ["“13月60%”要写到几月底"]),
        ("60%", ["“60%”要写到几月底"]),
        ("6月六成 9月120%", ["“6月六成”读不懂", "“9月120%”超出了0到100%"]),
    ],
)
def test_milestones_are_refused_at_their_field(
    draft: Version, put: Callable[..., Any], office: Client, text: str, told: list[str]
) -> None:
    put(draft, "own:qingshi:w=10")
    given = {"tier": "own", "what": "months:milestones", "org": "qingshi", "milestones": text}
    answer = office.post(reverse("targets:spread", args=[draft.pk, "tax", "level"]), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(one in page for one in told)
    assert 'id="id_milestones_error"' in page and f'value="{text}"' in page
    assert Line.objects.get().months == {}


def test_a_milestone_for_a_gate_may_go_without_its_month(
    draft: Version, put: Callable[..., Any], office: Client
) -> None:
    put(draft, "own:qingshi:w=10")
    given = {"tier": "own", "what": "months:milestones", "org": "qingshi",
             "milestones": "双过半60%，9月底 90%"}  # fmt: skip
    answer = office.post(reverse("targets:spread", args=[draft.pk, "tax", "level"]), given)
    assert answer.status_code == 302
    months = Line.objects.get().months
    assert sum(Decimal(months[str(at)]) for at in range(1, 7)) == 6


def test_what_is_only_to_be_checked_does_not_bar_the_lock(
    draft: Version, put: Callable[..., Any], office: Client, lock: Callable[..., Version]
) -> None:
    put(draft, "floor:qingshi:w=10 own:qingshi:w=9")
    page = _lock_page(office, draft)
    assert "1处，不挡锁定" in page and "本级自定9万元还不如底线10万元" in page
    (one,) = queries.obstacles(draft)
    assert (one.place, one.key) == ("税收收入　本级自定　青石镇", "own:qingshi:w")
    assert "disabled>锁定" not in page
    assert lock(draft).state == "locked"


def test_yes_or_no_of_an_amount(
    draft: Version, users: SimpleNamespace, lock: Callable[..., Version], now: datetime
) -> None:
    actions.add_line(
        version=draft, indicator="tax", kind="yes_no", tier="own", org="qingshi", text="建成",
        by=users.dispatch, at=now,
    )  # fmt: skip
    (one,) = queries.obstacles(draft)
    assert one.text == "“是否”看的是数是不是1，税收收入以万元计"
    with pytest.raises(ValidationError, match="改用定性目标"):
        lock(draft)
