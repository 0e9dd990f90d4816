"""300 lines at once: the table is for a county with all its indicators in it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.board.queries import page
from diaodu.web.board.queries.choosing import Choices, Chosen
from diaodu.web.runs.queries.row_view import view_of

_LINES = 300


def _rulebook() -> Rulebook:
    orgs = {
        "city": Org(id="city", name="示例市", level="city"),
        "home": Org(id="home", name="示例县", level="county", parent="city"),
    }
    indicators = {
        f"i{n}": Indicator(
            id=f"i{n}", name=f"第{n}项指标", unit="亿元", basis="ytd", direction="high",
            headline=True, order=n, field=f"领域{n // 10}",
        )
        for n in range(_LINES)
    }  # fmt: skip
    return Rulebook(version="x", orgs=orgs, indicators=indicators)


def _columns(indicator: str, n: int) -> dict[str, Any]:
    light = ("good", "watch", "behind")[n % 3]
    target = {
        "id": "t", "tier": "assigned", "kind": "level", "comparator": "reach", "value": "141",
        "tolerance": None, "unit": "亿元", "word": None, "document": "", "light": light,
        "light_word": "", "rule": "", "reasons": ["完成年度目标68.4%"],
    }  # fmt: skip
    aim = {**target, "id": "g", "kind": "growth", "value": "8"}
    group = "city/county"
    measures = [
        ["value", "", "", "", "96.42", "亿元", None, "96.42"],
        ["growth_published", "", "", "", "2.1", "%", None, "2.1"],
        ["growth_change_pp", "", "2023-01/04", "", "-1.3", "百分点", None, "-1.3"],
        ["completion", "t", "", "", "68.4", "%", None, "68.4"],
        ["pace", "t", "", "", "41.7", "%", None, "41.7"],
        ["pace_gap", "t", "", "", str(n % 20 - 10), "百分点", None, "1"],
        ["mean_required", "t", "", "", "14.86", "亿元", None, "14.86"],
        ["arrears_growth", "g", "", "", "5.9", "百分点", None, "5.9"],
        ["gap_parent", "", "city", "", "-3.4", "百分点", None, "-3.4"],
        ["rank_growth", "", "", group, "6", "位", None, "6"],
        ["rank_growth_reverse", "", "", group, "2", "位", None, "2"],
        ["rank_growth_n", "", "", group, "7", "个", None, "7"],
        ["rank_growth_move", "", "2023-01/04", group, "-2", "位", None, "-2"],
    ]
    series = [[f"2022-01/{m:02d}", "9.1", f"{m}.5"] for m in range(2, 13)]
    series += [[f"2023-01/{m:02d}", "9.1", f"{m}.5"] for m in range(2, 6)]
    return {
        "indicator": indicator, "org_id": "home", "period": "2023-01/05", "measures": measures,
        "targets": [target, aim], "light": light, "light_word": "", "reasons": [],
        "target_class": "below_target", "growth_class": "growth_down", "absent": "",
        "series": series, "release_at": None, "seq": 1,
    }  # fmt: skip


@pytest.fixture
def chosen() -> Chosen:
    run: Any = SimpleNamespace(
        number=1, period="2023-05", as_of=date(2023, 6, 6), name="第1次运行", is_live=False
    )
    book = _rulebook()
    return Chosen(run, book.orgs["home"], book)


def test_300_lines_are_all_printed(chosen: Chosen, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [_columns(one, n) for n, one in enumerate(chosen.rulebook.indicators)]

    def rows(*_: Any, **__: Any) -> list[Any]:
        return [view_of(one, chosen.rulebook, embargoed=False) for one in columns]

    monkeypatch.setattr(page.runs, "rows", rows)
    monkeypatch.setattr(page.notes, "marks", lambda *_: {})
    request: Any = RequestFactory().get("/board/")
    shown = page.table(chosen, None, None, {})  # type: ignore[arg-type]
    context = {"chosen": chosen, "table": shown, "asked": {}, "link": "",
               "choices": Choices([], [], []), "menu": []}  # fmt: skip
    told = render_to_string("board/table.html", context, request)
    assert all(f"第{n}项指标" in told for n in range(_LINES))
    assert told.count("<svg") > 2 * _LINES
