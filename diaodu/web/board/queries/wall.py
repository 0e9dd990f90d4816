"""大屏: six figures, one map, one ranking, the counts and what lags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from diaodu.engine.ground.words import LIGHT_NAMES
from diaodu.engine.report.material import whole
from diaodu.engine.report.spans import minus
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.map_charts import map_chart, off_map
from diaodu.web.board.queries.maps import standing_map
from diaodu.web.board.queries.ranking import Ranking, options, ranking, usual
from diaodu.web.board.queries.table import Line, lines
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import RowView
from diaodu.web.shared.access import Access
from diaodu.web.shared.charts import Chart
from diaodu.web.shared.templatetags.figures import figure

FIGURES = 6
_NAMES = 21  # pixels, at 1920 across
_AT_FOOT = 2
_RANKED = 8
_WEEKDAYS = "一二三四五六日"
_ORDER = ("good", "watch", "behind")
_LAGS = ("behind", "watch")


@dataclass(frozen=True, slots=True)
class Ranked:
    place: int
    n: int
    move: str
    name: str
    growth: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Lag:
    """One line at the foot."""

    light: str
    word: str
    text: str


@dataclass(frozen=True)
class Wall:
    figures: Sequence[Line]
    upper: str
    map: Ranking | None
    chart: Chart | None
    sketch: bool
    off_map: Sequence[str]
    ranked: Sequence[Ranked]
    ranked_of: str
    lights: Sequence[tuple[str, str, int]]
    headlines: int
    foot: Sequence[Lag]
    foot_page: str
    told: str
    not_here: Sequence[str]


@dataclass(frozen=True)
class Offer:
    """What may be chosen for a wall, each as (id, name), and what it shows by itself."""

    figures: Sequence[tuple[str, str]]
    maps: Sequence[tuple[str, str]]
    ranks: Sequence[tuple[str, str]]
    usual_figures: Sequence[str]
    usual_map: str
    map_of: str
    usual_rank: str


def wall(chosen: Chosen, access: Access, now: datetime, asked: Mapping[str, str]) -> Wall:
    """`asked`: show may name the indicators of the figures, in their order, map and rank one each.
    The foot turns a page every minute."""
    headlines = [one.id for one in chosen.rulebook.headlines]
    wanted = shown_of(asked)
    rows = runs.rows(
        chosen.run, access, now, org=chosen.org.id, history=False,
        indicators={*headlines, *wanted, asked.get("rank", "")} - {""},
    )  # fmt: skip
    every = {line.indicator.id: line for line in lines(chosen, rows)}
    found = [every[id] for id in headlines if id in every]
    drawn = _mapped(chosen, access, now, asked.get("map", ""))
    kept = standing_map(drawn[0].org.id) if drawn else None
    chart = map_chart(drawn[0], drawn[1], kept, "") if drawn else None
    lagging = _lagging(found)
    page = _page(lagging, now)
    ranked_by = _ranked_by(found, every.get(asked.get("rank", "")))
    figures = [every[id] for id in wanted if id in every] if wanted else found
    return Wall(
        figures=figures[:FIGURES], upper=whole(chosen.ancestors[0]) if chosen.ancestors else "",
        map=drawn[1] if drawn else None, chart=_still(chart), sketch=bool(kept and kept.sketch),
        off_map=off_map(drawn[1], kept) if drawn else (),
        ranked=_ranked(chosen, access, now, ranked_by) if ranked_by else (),
        ranked_of=ranked_by.short if ranked_by else "", lights=_lights(found),
        headlines=len(found), foot=lagging[page * _AT_FOOT : (page + 1) * _AT_FOOT],
        foot_page=f"{page + 1}/{_pages(lagging)}" if _pages(lagging) > 1 else "",
        told=told_moment(now), not_here=_not_here(chosen, access, asked, wanted, every, drawn),
    )  # fmt: skip


def shown_of(asked: Mapping[str, str]) -> list[str]:
    """The indicators of the figures that an address names, each once."""
    return list(dict.fromkeys(one for one in asked.get("show", "").split(",") if one))


def offered(chosen: Chosen, access: Access, now: datetime) -> Offer:
    rows = runs.rows(chosen.run, access, now, org=chosen.org.id, history=False)
    every = lines(chosen, rows)
    found = [one for one in every if one.indicator.headline]
    ranked_by = _ranked_by(found, None)
    drawn = _mapped(chosen, access, now, "")
    return Offer(
        figures=[(one.indicator.id, one.indicator.name) for one in every],
        maps=options(drawn[0], access) if drawn else _maps(chosen, access, now),
        ranks=[(one.indicator.id, one.indicator.name) for one in every if one.standing is not None],
        usual_figures=[one.indicator.name for one in found[:FIGURES]],
        usual_map=drawn[1].indicator.name if drawn else "",
        map_of="、".join(group.name for group in drawn[1].groups) if drawn else "",
        usual_rank=ranked_by.indicator.name if ranked_by else "",
    )  # fmt: skip


def _maps(chosen: Chosen, access: Access, now: datetime) -> list[tuple[str, str]]:
    return options(usual(chosen, access, now, "")[0], access)


def _not_here(
    chosen: Chosen, access: Access, asked: Mapping[str, str], wanted: Sequence[str],
    every: Mapping[str, Line], drawn: tuple[Chosen, Ranking] | None,
) -> list[str]:  # fmt: skip
    """What an address asks for and the wall cannot show; of what the reader may not see no name."""

    def name(id: str) -> str:
        known = chosen.rulebook.indicators.get(id)
        may_see = access.may("view", org=chosen.org.id, indicator=id)
        return known.name if known is not None and may_see else f"“{id}”"

    told = [f"数字里没有{name(id)}" for id in wanted if id not in every]
    told += [f"{name(id)}排在第{FIGURES}个以后" for id in wanted[FIGURES:] if id in every]
    if (id := asked.get("map", "")) and (drawn is None or drawn[1].indicator.id != id):
        told.append(f"地图上没有{name(id)}")
    if (id := asked.get("rank", "")) and (id not in every or every[id].standing is None):
        told.append(f"{name(id)}没有位次")
    return told


def told_moment(now: datetime) -> str:
    """10月23日（周一）08:30."""
    return f"{now.month}月{now.day}日（周{_WEEKDAYS[now.weekday()]}）{now:%H:%M}"


# -- the map -----------------------------------------------------------------------------------


def _mapped(
    chosen: Chosen, access: Access, now: datetime, wanted: str
) -> tuple[Chosen, Ranking] | None:
    """None where nobody has a figure of a place, or none that units can be compared by and nobody
    asked for one."""
    where, indicator = usual(chosen, access, now, wanted)
    if not indicator:
        return None
    found = ranking(where, access, now, indicator)
    return (where, found) if found.comparable or indicator == wanted else None


def _still(chart: Chart | None) -> Chart | None:
    """Nobody points at a wall; names are read from five metres."""
    if chart is None:
        return None
    return replace(chart, spec={**chart.spec, "still": True, "size": _NAMES})


# -- the ranking -------------------------------------------------------------------------------


def _ranked_by(found: Sequence[Line], wanted: Line | None) -> Line | None:
    """The one asked for, else the first that is behind or to be watched, else the first that has a
    place."""
    if wanted is not None and wanted.standing is not None:
        return wanted
    placed = [line for line in found if line.standing is not None]
    lags = (line for light in _LAGS for line in placed if line.light == light)
    return next(lags, None) or next(iter(placed), None)


def _ranked(chosen: Chosen, access: Access, now: datetime, by: Line) -> list[Ranked]:
    """The first ones, and oneself where that is behind them."""
    rows = runs.rows(chosen.run, access, now, indicator=by.indicator.id, history=False)
    same = [
        row
        for row in rows
        if (row.org.parent, row.org.level) == (chosen.org.parent, chosen.org.level)
    ]
    told = [one for line in lines(chosen, same) if (one := _one(chosen, line)) is not None]
    told.sort(key=lambda one: one.place)
    first = told[:_RANKED]
    own = [one for one in told[_RANKED:] if one.is_own]
    return [*first[: _RANKED - len(own)], *own]


def _one(chosen: Chosen, line: Line) -> Ranked | None:
    place = line.standing
    if place is None:
        return None
    level = line.row.level
    shown = f"{line.growth}%" if place.of == "growth" else figure(level.shown if level else "")
    return Ranked(
        place.place, place.n, place.move.text if place.move is not None else "", line.row.org.name,
        shown, line.row.org_id == chosen.org.id,
    )  # fmt: skip


# -- counts and the foot -----------------------------------------------------------------------


def _lights(found: Sequence[Line]) -> list[tuple[str, str, int]]:
    """Kind, word, number; they add up to the headline indicators."""
    told = [(kind, LIGHT_NAMES[kind], sum(line.light == kind for line in found)) for kind in _ORDER]
    return [*told, ("", "未判", sum(line.light not in _ORDER for line in found))]


def _lagging(found: Sequence[Line]) -> list[Lag]:
    """落后 before 关注, each with the first reason the run gives."""
    lags = [line for light in _LAGS for line in found if line.light == light]
    return [Lag(one.light, one.light_word, f"{one.short}：{_reason(one.row)}") for one in lags]


def _reason(row: RowView) -> str:
    told = [reason for target in row.judged for reason in target.reasons] or [*row.reasons]
    return minus(told[0]) if told else ""


def _pages(lagging: Sequence[Lag]) -> int:
    return max(1, -(-len(lagging) // _AT_FOOT))


def _page(lagging: Sequence[Lag], now: datetime) -> int:
    return now.minute % _pages(lagging)
