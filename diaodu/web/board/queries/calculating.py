"""What the calculator is given from a run: the texts of its keys, as the figures are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from diaodu.engine.compute.calculator import forms, weights_of_year
from diaodu.engine.ground.period import Period
from diaodu.engine.report.spans import is_numeric
from diaodu.engine.rules.models import Indicator
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.table import goal_of, target_digits, why_absent
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import Figure, RowView, TargetView
from diaodu.web.shared.access import Access

_MONTHS = 12


@dataclass(frozen=True)
class Filled:
    """`texts` by key of the calculation, as far as there are such figures; `missing`: why not."""

    indicator: Indicator
    period: Period
    texts: Mapping[str, str]
    missing: str


def countable(chosen: Chosen, access: Access, now: datetime) -> list[Indicator]:
    """The indicators of which the run has a row of the org."""
    rows = runs.rows(chosen.run, access, now, org=chosen.org.id)
    return [row.indicator for row in rows if row.indicator is not None]


def filled(
    chosen: Chosen, access: Access, now: datetime, name: str, indicator_id: str
) -> Filled | None:
    """None where the run has no such row, or the reader may not see it."""
    rows = runs.rows(chosen.run, access, now, indicator=indicator_id)
    own = next((row for row in rows if row.org_id == chosen.org.id), None)
    if own is None or own.indicator is None:
        return None
    facts = {key: text for key, text in _facts(chosen, own, rows).items() if text}
    fills = _FILLS[name]
    texts = {key: facts[fact] for key, fact in fills.items() if fact in facts}
    missing = "" if texts else _missing(own)
    return Filled(own.indicator, Period.from_id(own.period), texts, missing)


def best_way(name: str, texts: Mapping[str, str]) -> int:
    """The way of the calculation that asks least beside what is there."""
    ways = forms()[name].ways
    lacking = [sum(key not in texts for key in way) for way in ways]
    return lacking.index(min(lacking))


def _missing(row: RowView) -> str:
    if row.embargoed:
        return f"还没发布，{why_absent(row)}"
    return f"这项计算要的数没有：{row.missing}" if row.missing else "这项计算要的数没有"


def _facts(chosen: Chosen, own: RowView, rows: Iterable[RowView]) -> dict[str, str]:
    """Every figure there is, as printed; empty where there is none."""
    indicator = own.indicator
    assert indicator is not None
    period = Period.from_id(own.period)
    beside = [row for row in rows if row.org.level == own.org.level
              and row.org.parent == own.org.parent]  # fmt: skip
    below = [row for row in rows if row.org.parent == own.org_id]
    above = next((row for row in rows if row.org_id == own.org.parent), None)
    level, growth = goal_of(own, "level"), goal_of(own, "growth")
    last_level, last_growth = _point(own, period.last_year())
    whole_level, _ = _point(own, Period.of_months(period.year - 1, 1, _MONTHS))
    return {
        "level": _text(own.level), "base": _text(own.get("last_year")),
        "growth": _text(own.growth), "change": _text(own.get("change")),
        "share": _text(own.get("share")), "pull": _text(own.get("pull")),
        "contribution": _text(own.get("contribution")),
        "last_growth": f"{last_growth}%" if last_growth else "",
        "target": _goal(level, indicator), "goal": _goal(growth, indicator),
        "completion": _text(level.completion if level is not None else None),
        "months": str(period.month) if period.is_cumulative else "",
        "periods_left": f"{_MONTHS - period.month}个月" if period.month < _MONTHS else "",
        "weights": weights_of_year(last_level, whole_level) if last_level and whole_level else "",
        "whole_last_year": f"{whole_level}{indicator.unit}" if whole_level else "",
        "parent_level": _text(above.level if above else None),
        "parent_growth": _text(above.growth if above else None),
        "parent_base": _text(above.get("last_year") if above else None),
        "parent_change": _text(above.get("change") if above else None),
        "peers": "、".join(
            f"{row.org.name}:{told}" for row in beside if (told := _text(row.growth))
        ),
        "who": own.org.name, "direction": indicator.direction,
        "children": "、".join(told for row in below if (told := _text(row.level))),
    }  # fmt: skip


def _text(one: Figure | None) -> str:
    return f"{one.shown}{one.unit}" if one is not None and one.is_number else ""


def _goal(target: TargetView | None, indicator: Indicator) -> str:
    if target is None:
        return ""
    return f"{target_digits(target, indicator).replace(',', '').replace('−', '-')}{target.unit}"


def _point(row: RowView, period: Period) -> tuple[str, str]:
    """Level and growth of a period of the history, empty where there is none."""
    found = next((point for point in row.series if point.period == period.id), None)
    told = (found.level, found.growth) if found is not None else (None, None)
    level, growth = (one if one is not None and is_numeric(one) else "" for one in told)
    return level, growth


# Which figure a key is filled with.
_FILLS: dict[str, dict[str, str]] = {
    "completion": {"actual": "level", "target": "target"},
    "pace_gap": {"completion": "completion", "months": "months"},
    "growth": {"actual": "level", "base": "base"},
    "implied_base": {"actual": "level", "growth": "growth"},
    "share": {"part": "level", "whole": "parent_level"},
    "difference": {"a": "level", "b": "base"},
    "sum": {"values": "children"},
    "pp_diff": {"a": "growth", "b": "parent_growth"},
    "pull": {"part_change": "change", "parent_base": "parent_base", "share": "share",
             "growth": "growth", "contribution": "contribution", "parent_growth": "parent_growth"},
    "contribution": {"pull": "pull", "parent_growth": "parent_growth", "part_change": "change",
                     "parent_change": "parent_change"},
    "two_year_average": {"growth": "growth", "last_growth": "last_growth"},
    "mean_required": {"target": "target", "actual": "level", "periods_left": "periods_left"},
    "growth_needed": {"goal": "goal", "so_far": "growth", "weights": "weights"},
    "gap_to_close": {"target": "target", "done": "level"},
    "rank": {"values": "peers", "who": "who", "direction": "direction"},
    "multi_year_path": {"base": "whole_last_year"},
    "ratio": {"a": "level"},
    "implied_whole": {"part": "level", "share": "completion"},
    "part_of": {"whole": "target", "share": "completion"},
}  # fmt: skip
