"""The full county of one desk, made from a seed: 300 indicators × 60 orgs × 120 months.

Rules as text, figures as plain numbers; nothing here knows a database. The month being filled is
the last of the 120: what its forms ask comes in by the forms alone.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from diaodu.engine.ground.period import Period, due_period

SEED = 20231
HERE = ZoneInfo("Asia/Shanghai")
HOME = "county"
PERIOD = "2023-05"
FROZEN = "2023-04"
BEGUN = datetime(2023, 6, 1, 9, 0, tzinfo=HERE)
FILLED = datetime(2023, 6, 8, 9, 0, tzinfo=HERE)
NOW = datetime(2023, 6, 9, 9, 30, tzinfo=HERE)
MONTHS = 120

UPPER = ("nation", "province", "city", HOME, *(f"county{place}" for place in range(2, 8)))
TOWNSHIPS = tuple(f"town{place:02d}" for place in range(1, 28))
DEPARTMENTS = tuple(f"bureau{place:02d}" for place in range(1, 23))
UNITS = (*TOWNSHIPS, *DEPARTMENTS, "park")
ORGS = (*UPPER, *UNITS)
# Who fills the form of 10,000 rows for all units.
KEEPER = "bureau01"

INDICATORS = tuple(f"i{place:03d}" for place in range(300))
HEADLINES = INDICATORS[:30]
# The forms of the month: what each unit's two clerks fill, what is changed again and again while
# others read (before release, and without a release day), what one office fills for all units.
FORM_A = (*HEADLINES[:10], *INDICATORS[30:40])
FORM_B = (*HEADLINES[10:20], *INDICATORS[40:50])
LATER = HEADLINES[20:25]
OPEN = HEADLINES[25:30]
WIDE = INDICATORS[50:250]
RATE_ONLY = frozenset(INDICATORS[280:285])
WITH_GROWTH = frozenset((*HEADLINES, *INDICATORS[250:295]))
CHANGED_UNITS = TOWNSHIPS[:15]
FIELDS = (
    "综合", "工业", "投资", "消费", "财税", "开放", "民生", "能源", "农业", "金融",
)  # fmt: skip

_LEADER = [{"title": "主要领导", "role": "leader"}]
_UNIT_LEVELS = ["township", "department", "park"]
_RULES = Path(__file__).resolve().parents[1] / "rulebook"


class Figure(NamedTuple):
    """One figure as received; `tenths` of the unit."""

    indicator: str
    org: str
    period: Period
    facet: str
    tenths: int


# -- rules -----------------------------------------------------------------------------------


def rule_files() -> dict[str, bytes]:
    """Path → content, as a folder of rules."""
    made = {
        "orgs/all.yaml": _orgs(), "indicators/all.yaml": _indicators(),
        "calendar/all.yaml": _calendar(), "outlines/monthly.yaml": _outlines(),
        "ladders/standard.yaml": _ladders(),
    }  # fmt: skip
    files = {path: _yaml(rows) for path, rows in made.items()}
    for path in ("lights/standard.yaml", "uses/tracks.yaml"):
        files[path] = (_RULES / path).read_bytes()
    return files


def _yaml(rows: list[dict[str, Any]]) -> bytes:
    """JSON is YAML."""
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def _orgs() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"id": "nation", "name": "测速国", "level": "nation"},
        {"id": "province", "name": "测速省", "level": "province", "parent": "nation"},
        {"id": "city", "name": "测速市", "level": "city", "parent": "province"},
        {"id": HOME, "name": "测速县", "level": "county", "parent": "city"},
    ]
    rows += [
        {"id": one, "name": f"邻县{one[-1]}号", "level": "county", "parent": "city"}
        for one in UPPER[4:]
    ]
    for units, kind, level in ((TOWNSHIPS, "镇", "township"), (DEPARTMENTS, "局", "department")):
        rows += [
            {"id": one, "name": f"第{one[-2:]}{kind}", "level": level, "parent": HOME}
            for one in units
        ]
    rows.append({"id": "park", "name": "测速开发区", "level": "park", "parent": HOME})
    return rows


def _indicators() -> list[dict[str, Any]]:
    rows = []
    for place, one in enumerate(INDICATORS):
        rate = one in RATE_ONLY
        facets = ["growth"] if rate else ["level", "growth"] if one in WITH_GROWTH else ["level"]
        rows.append(
            {
                "id": one, "name": f"测速指标{place:03d}", "unit": "%" if rate else "万元",
                "basis": "rate" if rate else "ytd", "facets": facets, "decimals": 1,
                "direction": "high", "cadence": "month", "january": "yes",
                "headline": one in HEADLINES, "order": place, "field": FIELDS[place % len(FIELDS)],
                "owner": KEEPER if one in WIDE else DEPARTMENTS[1 + place % 21],
            }
        )  # fmt: skip
    return rows


def _calendar() -> list[dict[str, Any]]:
    due: dict[str, Any] = {
        "opens": {"months_after": 1, "day": 1}, "due": {"months_after": 1, "day": 12},
    }  # fmt: skip
    released = {"released": {"months_after": 1, "day": 18}}
    own = {"from": "2023-01", "levels": _UNIT_LEVELS, **due, "signatures": _LEADER}
    return [
        {"id": "form_a", "title": "主要指标月报", "indicators": [*FORM_A], **own, **released},
        {"id": "form_b", "title": "行业指标月报", "indicators": [*FORM_B], **own, **released},
        {"id": "later", "title": "待发布指标月报", "indicators": [*LATER], **own, **released},
        {"id": "open", "title": "即时指标月报", "indicators": [*OPEN], **own},
        {
            "id": "wide", "title": "分单位明细月报", "from": PERIOD, "indicators": [*WIDE],
            "levels": _UNIT_LEVELS, **due, **released, "filled_by": "owner",
            "signatures": _LEADER,
        },
    ]  # fmt: skip


def _outlines() -> list[dict[str, Any]]:
    rankings = [{"indicator": one, "by": "growth"} for one in HEADLINES[:6]]
    return [{"id": "monthly", "from": "2020-01", "org": HOME, "rankings": rankings}]


def _ladders() -> list[dict[str, Any]]:
    reminders = [{"step": "reminder", "after": day} for day in (-7, -1, 0, 1)]
    steps = (("urge", 1, 0), ("bulletin", 7, 3), ("warning", 15, 5), ("talk", 30, 10))
    rungs = [{"step": step, "after": day, "wait": wait} for step, day, wait in steps]
    last = {
        "name": "增速后三名", "indicators": [*HEADLINES[:2]], "by": "growth",
        "group": f"{HOME}/township", "bottom": 3, "months": [3, 6, 9, 12], "step": "warning",
    }  # fmt: skip
    return [
        {
            "id": "standard",
            "name": "督办阶梯",
            "from": "2023-01",
            "soon": 7,
            "sign_within": 1,
            "rungs": [*reminders, *rungs],
            "bottoms": [last],
        }
    ]


# -- figures ---------------------------------------------------------------------------------


def months() -> list[tuple[int, int]]:
    """Year and month, oldest first."""
    year, month = map(int, PERIOD.split("-"))
    last = year * 12 + month - 1
    return [divmod(one, 12) for one in range(last - MONTHS + 1, last + 1)]


def is_asked(indicator: str, org: str) -> bool:
    """Whether a form of the month asks for it."""
    return org in UNITS and indicator in _ASKED


_ASKED = frozenset((*FORM_A, *FORM_B, *LATER, *OPEN, *WIDE))


@cache
def _shape(indicator: str, org: str) -> tuple[int, int]:
    """What the figure starts from, and how much it grows in a year (thousandths)."""
    drawn = random.Random(f"{SEED}|{indicator}|{org}")
    return drawn.randrange(200_000, 9_000_000), drawn.randrange(1_020, 1_140)


def level(indicator: str, org: str, year: int, month: int) -> int:
    """Cumulative, in tenths: rises through the year and from year to year."""
    base, growth = _shape(indicator, org)
    wave = 1_000 + (year * 7 + base) % 23
    return base * month * growth ** (year - 2012) * wave // (1_000 ** (year - 2012) * 12_000)


def growth(indicator: str, org: str, year: int, month: int) -> int:
    """Of the level on last year's, in tenths of a percent, rounded half up."""
    now, before = level(indicator, org, year, month), level(indicator, org, year - 1, month)
    return (2_000 * (now - before) + before) // (2 * before)


def figures(year: int, month: int) -> Iterator[Figure]:
    """All that came in for a month by import."""
    last = f"{year}-{month + 1:02d}" == PERIOD
    for indicator in INDICATORS:
        rate = indicator in RATE_ONLY
        period = due_period(Period.of_month(year, month + 1), "rate" if rate else "ytd")
        for org in ORGS:
            if last and is_asked(indicator, org):
                continue
            if not rate:
                tenths = level(indicator, org, year, month + 1)
                yield Figure(indicator, org, period, "level", tenths)
            if rate or indicator in WITH_GROWTH:
                tenths = growth(indicator, org, year, month + 1)
                yield Figure(indicator, org, period, "growth", tenths)


def typed(indicator: str, org: str) -> str:
    """What a clerk types for the month of the forms."""
    return tenths_text(level(indicator, org, 2023, 5))


def tenths_text(tenths: int) -> str:
    sign, tenths = ("-", -tenths) if tenths < 0 else ("", tenths)
    return f"{sign}{tenths // 10}.{tenths % 10}"


# -- people ----------------------------------------------------------------------------------


class Part(NamedTuple):
    role: str
    org: str
    indicators: tuple[str, ...] = ()
    early: bool = False


def people() -> dict[str, tuple[Part, ...]]:
    """User name → what they may do."""
    found: dict[str, tuple[Part, ...]] = {
        "leader": (Part("leader", HOME),),
        "vice1": (Part("vice", HOME, HEADLINES[:10]),),
        "vice2": (Part("vice", HOME, (*HEADLINES[10:20], *INDICATORS[40:50])),),
        "dispatch": (Part("dispatch", HOME),),
        "statistics": (Part("statistics", HOME, early=True),),
        "reviewer": (Part("statistics", HOME, early=True),),
        "supervision": (Part("supervision", HOME),),
        "reader": (Part("reader", HOME),),
    }
    for one in DEPARTMENTS[1:]:
        owned = tuple(
            indicator for place, indicator in enumerate(INDICATORS)
            if indicator not in WIDE and DEPARTMENTS[1 + place % 21] == one
        )  # fmt: skip
        found[f"{one}_owner"] = (Part("owner", HOME, owned, early=True),)
    found["keeper"] = (Part("owner", KEEPER, WIDE), Part("owner", HOME, WIDE, early=True))
    for unit in UNITS:
        found[f"{unit}_a"] = (Part("clerk", unit, FORM_A),)
        found[f"{unit}_b"] = (Part("clerk", unit, FORM_B),)
        found[f"{unit}_head"] = (Part("leader", unit),)
    for unit in CHANGED_UNITS:
        found[f"{unit}_c"] = (Part("clerk", unit, (*LATER, *OPEN)),)
    return found
