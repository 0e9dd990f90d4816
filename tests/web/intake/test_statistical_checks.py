"""What the rulebook asks of figures as statistics is seen beside what is typed, before it is handed
in; whether figures look filled in is nobody's business here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from diaodu.engine.ground.records import Finding
from diaodu.web.figures import actions as figures
from diaodu.web.intake import actions
from diaodu.web.intake.actions import Entered
from diaodu.web.intake.queries import Form, form_of
from diaodu.web.intake.queries.forms import Key
from tests.web.intake.conftest import CALENDAR, CHECKS, FILES, MAY, observed, publish
from tests.web.intake.test_pages import FORM_QUERIES, url

MORE = """
- {id: past, kind: jump, indicators: [investment], reason: 与历史比}
- {id: whole, kind: whole, indicators: [firms], severity: hard}
- {id: grown, kind: computed_growth, indicators: [investment], lo: -60, hi: 50}
- {id: together, kind: contradiction, indicators: [investment], with: [private_investment],
   band: 15}
- {id: output, kind: contradiction, indicators: [industry_va], with: [power], band: 12}
- {id: filled_in, kind: heaped, indicators: [investment, private_investment], at_least: 1,
   share: 1}
"""


@pytest.fixture
def rules(county: Any, now: datetime) -> None:
    """The small county's, with the statistical checks."""
    publish({**FILES, "checks/all.yaml": (CHECKS + MORE).encode()}, now.replace(month=1))


@pytest.fixture
def years(rules: None, people: SimpleNamespace, now: datetime) -> None:
    """青石镇's investment since 2021, a tenth more each year, and the private part of it."""
    rows = [
        (indicator, f"{year}-01/{month:02}", str(month * size * share // 10))
        for year, size in ((2021, 1000), (2022, 1100), (2023, 1210))
        for month in range(2, 13)
        if (year, month) < (2023, 5)
        for indicator, share in (("investment", 10), ("private_investment", 8))
    ]
    record(people, now, [observed(one, "qingshi", at, value, "万元") for one, at, value in rows])


def record(people: SimpleNamespace, now: datetime, found: list[Any]) -> None:
    figures.record(
        observations=found, by=people.statistics, at=now.replace(month=5), origin="import"
    )


def told(saved: Any, code: str) -> list[Finding]:
    return [one for one in saved.checked.findings if one.code == code]


def test_a_figure_in_line_with_its_past_is_not_asked_about(years: None, typed: Any) -> None:
    saved = typed("6050", "4840", "13")
    assert saved.checked.findings == ()


def test_unlike_the_past(years: None, typed: Any) -> None:
    [found] = told(typed("8000", "5500", "13"), "jump")
    assert (found.severity, found.file, found.cell) == ("soft", "本表", "第1行")
    assert found.message.startswith(
        "青石镇固定资产投资2023年1—5月为8000万元，其中本期新增部分比上年同期变动187.3%；"
    )


def test_growth_by_the_levels_and_indicators_that_part(years: None, typed: Any) -> None:
    saved = typed("8800", "4840", "13")
    [grown] = told(saved, "out_of_range")
    assert (grown.indicator, grown.cell) == ("investment", "第1行")
    [apart] = told(saved, "contradiction")
    assert (apart.indicator, apart.cell) == ("investment", "第1行")
    assert "相差50.0个百分点，超过规则允许的15个百分点" in apart.message


def test_no_half_firms(rules: None, typed: Any) -> None:
    saved = typed("6050", "4840", "13.5")
    [found] = told(saved, "out_of_range")
    assert (found.severity, found.indicator) == ("hard", "firms")


def test_heaps_are_never_told_here(years: None, typed: Any) -> None:
    assert told(typed("7777", "7777", "13"), "heaped") == []


def test_they_stand_beside_the_figure_on_the_page(
    years: None, form: Form, typed: Any, people: SimpleNamespace, client_as: Callable[..., Any],
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    typed("8000", "5500", "13")
    client = client_as(people.clerk)
    address = url(form)
    client.get(address)
    with django_assert_max_num_queries(FORM_QUERIES):
        page = client.get(address).content.decode()
    assert "其中本期新增部分比上年同期变动187.3%" in page


# -- figures of other offices ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("released", "seen"), [("", 1), ("\n  released: {months_after: 1, day: 18}", 0)]
)
def test_another_offices_figure_counts_once_it_is_public(
    county: Any, people: SimpleNamespace, now: datetime, released: str, seen: int
) -> None:
    calendar = CALENDAR.replace("filled_by: owner", f"filled_by: owner{released}")
    publish(
        {
            **FILES, "checks/all.yaml": (CHECKS + MORE).encode(),
            "calendar/returns.yaml": calendar.encode(),
        },
        now.replace(month=1),
    )  # fmt: skip
    power = observed("power", "shilixian", "2023-01/05", "-9.5", "%")._replace(
        facet="growth", decimals=1
    )
    record(people, now, [power._replace(obs_id=power.make_id(*power.key, power.received))])
    form = form_of(Key(MAY, "county", "gongxinju"))
    assert form is not None
    saved = actions.save_cells(
        form=form, entered=[Entered("shilixian|industry_va|growth", "8.0", 0)], seen=0,
        by=people.owner, at=now,
    )  # fmt: skip
    assert len(told(saved, "contradiction")) == seen
