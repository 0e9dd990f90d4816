"""A goal some years away taken back to this year's target; an amount and a growth held together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.compute import years_ahead
from diaodu.web.figures import actions as figures
from diaodu.web.figures.models import Observation
from diaodu.web.targets import queries
from diaodu.web.targets.models import Line, Version

BASES = st.decimals(Decimal("0.5"), Decimal("90000"), places=2)
TIMES = st.fractions(Fraction(1, 4), 8)


def test_doubled_in_three_years() -> None:
    """The worked case of the requirements: 181.51 doubled in three years is 228.7 in the first."""
    found = years_ahead.path(
        base=Decimal("181.51"), factor=Fraction(2), since=2022, until=2025, decimals=1
    )
    assert [(one.year, str(one.value), str(one.more)) for one in found] == [
        (2023, "228.7", "47.19"), (2024, "288.1", "59.4"), (2025, "363.0", "74.9"),
    ]  # fmt: skip


@given(BASES, TIMES, st.integers(1, 12))
def test_it_ends_where_it_is_to_end_and_adds_up(
    base: Decimal, factor: Fraction, years: int
) -> None:
    found = years_ahead.path(base=base, factor=factor, since=2022, until=2022 + years, decimals=4)
    assert abs(Fraction(found[-1].value) - Fraction(base) * factor) <= Fraction(1, 20_000)
    assert base + sum(one.more for one in found) == found[-1].value
    ups = {one.more >= 0 for one in found if one.more}
    assert len(ups) <= 1


@pytest.fixture
def line(draft: Version, put: Callable[..., Any], now: datetime) -> Line:
    """Last year 青石镇 had 40; this year it is asked for 50, and for a growth."""
    figures.record(
        observations=[figures.new_figure(
            indicator="tax", org="qingshi", period="2022-01/12", facet="level", track="flash",
            received=now.date(), unit="万元", value=Decimal(40), file="来表.xlsx", sheet="表1",
            cell="C5", sha256="a" * 64,
        )], by=None, at=now, origin="import",
    )  # fmt: skip
    put(draft, "own:qingshi:w=50")
    return Line.objects.get()


@pytest.fixture
def office(users: SimpleNamespace, client: Client, frozen_clock: Any) -> Client:
    client.force_login(users.dispatch)
    return client


@pytest.mark.django_db
def test_the_year_goes_into_the_draft(line: Line, office: Client) -> None:
    url = reverse("targets:path", args=[line.pk])
    assert 'name="base" value="40"' in office.get(url).content.decode()
    asked = {"base": "40", "since": "2022", "until": "2024", "goal": "48.4"}
    page = office.get(url, asked).content.decode()
    assert "<b>44.0</b>" in page and "<b>48.4</b>" in page and "把2023年的44.0填进目标" in page
    assert office.post(url, asked).status_code == 302
    line.refresh_from_db()
    assert line.value == Decimal("44.0")
    growing = {"base": "40", "since": "2022", "until": "2024", "growth": "10"}
    assert "<b>44</b>" in office.get(url, growing).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "三样里填一样"),
        ({"goal": "50", "growth": "3"}, "只填一样，请清空另外的"),
        ({"goal": "50", "base": "-3"}, "起点要大于0"),
        ({"goal": "50", "until": "2022"}, "要在起点之后，最多30年"),
        ({"growth": "-100"}, "照这样走会到0或0以下"),
        ({"goal": "0"}, "照这样走会到0或0以下"),
    ],
)
def test_what_leads_nowhere_is_refused(
    line: Line, office: Client, given: dict[str, str], told: str
) -> None:
    asked = {"base": "40", "since": "2022", "until": "2024", **given}
    answer = office.get(reverse("targets:path", args=[line.pk]), asked)
    assert answer.status_code == 422 and told in answer.content.decode()


@pytest.mark.django_db
def test_only_amounts_have_a_path_and_only_drafts_take_it(
    line: Line, draft: Version, put: Callable[..., Any], lock: Callable[..., Version],
    office: Client,
) -> None:  # fmt: skip
    put(draft, "own:qingshi:w=5", kind="growth")
    other = Line.objects.get(kind="growth")
    assert office.get(reverse("targets:path", args=[other.pk])).status_code == 404
    lock(draft)
    asked = {"base": "40", "since": "2022", "until": "2024", "goal": "48.4"}
    url = reverse("targets:path", args=[line.pk])
    assert "填进目标" not in office.get(url, asked).content.decode()
    office.post(url, asked)
    line.refresh_from_db()
    assert line.value == 50


@pytest.mark.django_db
def test_an_amount_and_a_growth_are_held_together(
    line: Line, draft: Version, put: Callable[..., Any], office: Client, now: datetime
) -> None:
    put(draft, "own:qingshi:w=20", kind="growth")
    (told,) = queries.obstacles(draft, now=now)
    assert not told.refused and told.place == "税收收入　本级自定　青石镇"
    assert told.text == (
        "总量目标50万元与增速目标20%对不上：两者合起来要求同期数是41.67万元，而同期数是40.00万元；"
        "按总量需增长25.0%，按增速需达到48.00万元"
    )
    for one in Line.objects.all():
        page = office.get(reverse("targets:line", args=[one.pk])).content.decode()
        assert told.text in page and "对不上" in page
    put(draft, "own:qingshi:w=24", kind="growth")  # 40.32 prints as 40
    assert queries.obstacles(draft, now=now) == []
    page = office.get(reverse("targets:line", args=[line.pk])).content.decode()
    assert "对得上" in page


@pytest.mark.django_db
def test_last_years_figure_is_nobodys_before_its_release(
    line: Line, draft: Version, put: Callable[..., Any], users: SimpleNamespace, client: Client,
    frozen_clock: Callable[..., None], now: datetime,
) -> None:  # fmt: skip
    """The year's last month is made public late in January, when targets are set."""
    Observation.objects.update(release_at=now + timedelta(days=3))
    put(draft, "own:qingshi:w=20", kind="growth")
    client.force_login(users.leader)
    page = client.get(reverse("targets:line", args=[line.pk])).content.decode()
    assert "同期数" not in page
    page = client.get(reverse("targets:path", args=[line.pk])).content.decode()
    assert 'name="base" value' not in page
    assert queries.obstacles(draft, now=now) == []
    assert queries.obstacles(draft, now=now + timedelta(days=3)) != []
