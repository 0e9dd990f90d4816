"""A month's warning pass over the full county: 300 indicators × 60 orgs, its rows in SQLite.

Measured is the whole of `warnings.actions.judge`: reading the rows of one published run, every
rule on each, the states, and writing what is raised. A second pass over the same must write
nothing.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from zoneinfo import ZoneInfo

from bench.__main__ import hand_on
from bench.measuring import NotEqualError, peak_memory, row

INDICATORS, UNITS = 300, 59
AT = datetime(2023, 6, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PERIOD = "2023-01/05"
_KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "pace_gap", "points": 5, "raise_after": 2},
    {"kind": "growth_gap", "points": 2},
    {"kind": "growth", "below": 0},
    {"kind": "bottom", "group": "county/township", "bottom": 3},
    {"kind": "volatility", "points": 8},
    {"kind": "streak", "times": 4},
    {"kind": "sign_flip", "gate": 3},
    {"kind": "late"},
    {"kind": "contradiction"},
)

# A target of amount as a row of a run keeps it.
_TARGET: dict[str, Any] = {
    "id": "t", "tier": "own", "kind": "level", "comparator": "reach", "value": "100",
    "tolerance": None, "unit": "亿元", "word": None, "document": "", "light": "watch",
    "light_word": "关注", "rule": "进度", "reasons": ["完成年度目标40.0%"], "gates": [],
    "asked": "100亿元", "outcome": "按序时未达到：完成率与序时进度之差-1.7个百分点，目标100亿元",
    "phases": [],
}  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        _prepare(Path(place))
        seconds = _measured()
    hand_on([row("全县一个月判断预警（300×60，存库）", seconds, None, peak_memory())])


def _prepare(place: Path) -> None:
    os.environ |= {
        "DIAODU_HOME": str(place), "DJANGO_SETTINGS_MODULE": "diaodu.web.site.settings.base",
    }  # fmt: skip
    import django
    from django.core.management import call_command

    django.setup()
    call_command("prepare", verbosity=0)
    _publish_rules()
    _fill()


def _publish_rules() -> None:
    from diaodu.engine.rules.models import Org
    from diaodu.web.people import actions as people
    from diaodu.web.rulebooks import actions as rulebooks

    orgs = [{"id": "county", "name": "甲县", "level": "county"}]
    orgs += [
        {"id": f"t{at}", "name": f"{at}镇", "level": "township", "parent": "county"}
        for at in range(UNITS)
    ]
    indicators = [
        {"id": f"i{at}", "name": f"指标{at}", "unit": "亿元", "basis": "ytd",
         "facets": ["level", "growth"], "direction": "high", "decimals": 2, "cadence": "month",
         "january": "merged"}
        for at in range(INDICATORS)
    ]  # fmt: skip
    rules = [
        {"id": f"r{at}", "name": f"规则{at}", "reference": "办法", "tell": ["unit"], **one}
        for at, one in enumerate(_KINDS)
    ]
    people.sync_orgs(orgs=[Org.model_validate(one) for one in orgs], by=None, at=AT)
    told = {"orgs/o.yaml": orgs, "indicators/i.yaml": indicators, "warnings/w.yaml": rules}
    files = {name: json.dumps(held, ensure_ascii=False).encode() for name, held in told.items()}
    made = rulebooks.import_files(files=files, by=None, at=AT, note="测速")
    if made.version is None:
        raise NotEqualError("\n".join(map(str, made.faults)))
    rulebooks.publish(version_id=made.version.pk, by=None, at=AT, note="测速", seen=None)


def _fill() -> None:
    """One published run with a row for each indicator and org, its measures as a month has them."""
    from django.apps import apps

    drawn = random.Random(20231)
    runs, rows = apps.get_model("runs", "Run"), apps.get_model("runs", "Row")
    version = apps.get_model("rulebooks", "Version").objects.get()
    run = runs.objects.create(
        kind="frozen", number=1, period="2023-05", as_of=AT.date(), version=version, at=AT,
        state="done", published_at=AT, entry=1,
    )  # fmt: skip
    orgs = ["county", *(f"t{at}" for at in range(UNITS))]
    rows.objects.bulk_create(
        [
            rows(
                run=run, indicator=f"i{at}", org_id=org, period=PERIOD, light="watch",
                release_at=AT - timedelta(days=1), measures=_measures(drawn, place),
                targets=[_TARGET],
                series=[[f"2022-01/{month:02}", "1.00", "2.0"] for month in range(2, 13)] * 3,
            )
            for at in range(INDICATORS)
            for place, org in enumerate(orgs)
        ],
        batch_size=500,
    )  # fmt: skip


def _measures(drawn: random.Random, place: int) -> list[list[Any]]:
    """About thirty, a third of which the rules read."""

    growth = drawn.randint(-3, 120)
    told = [
        _one("value", drawn.randint(10, 99999), "亿元"), _one("growth_published", growth, "%"),
        _one("growth", growth, "%", base="2022-01/05"),
        _one("growth_change_pp", drawn.randint(-82, 80), "百分点"),
        _one("arrears_pace_pp", drawn.randint(-80, 51), "百分点", "t"),
        _one("arrears_growth", 19 - growth, "百分点", "t"),
    ]  # fmt: skip
    if place:
        for part, size in (("", place), ("_reverse", UNITS + 1 - place), ("_n", UNITS)):
            shown = str(size)
            told.append([f"rank_growth{part}", "", "", "county/township", shown, "位", None, shown])
    return told + [_one(f"other{at}", drawn.randint(0, 999), "亿元") for at in range(20)]


def _one(
    name: str, tenths: int, unit: str, target: str = "", base: str = ""
) -> list[str | None]:  # fmt: skip
    shown = f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"
    return [name, target, base, "", shown, unit, None, shown]


def _measured() -> float:
    from django.apps import apps

    from diaodu.web.warnings import actions

    start, used = perf_counter(), process_time()
    moved = actions.judge(at=AT)
    seconds, used = perf_counter() - start, process_time() - used
    kept = apps.get_model("warnings", "Warning").objects.count()
    if not moved or moved != kept:
        raise NotEqualError(f"触发{moved}件，存了{kept}件")
    if actions.judge(at=AT) or apps.get_model("warnings", "Warning").objects.count() != kept:
        raise NotEqualError("再判断一次，预警变了")
    print(f"触发{kept}件，处理器用了{used:.1f}秒")
    return seconds


if __name__ == "__main__":
    main()
