"""One indicator of one org: facts, charts, peers, parts, vintages, findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404

from diaodu.engine.compute.apart import difference
from diaodu.engine.compute.reaching import enough, overtaking
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.words import FACET_NAMES, OBS_WORD_NAMES, TRACK_NAMES
from diaodu.engine.report.material import whole
from diaodu.engine.rules.models import Indicator
from diaodu.web.board.queries import aims, charts, notes, pulls, rest
from diaodu.web.board.queries.aims import Aim
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.notes import Thread
from diaodu.web.board.queries.pulls import Pulls
from diaodu.web.board.queries.rest import Rest
from diaodu.web.board.queries.saying import still_needed, why
from diaodu.web.board.queries.table import (
    Line,
    Standing,
    goal_of,
    indicator_url,
    lines,
    standing,
    target_text,
)
from diaodu.web.figures import queries as figures_on_file
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import Figure, RowView
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import FLAT, figure, owed, signed


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell of the strip. `measure`: what 为什么是这个数 is asked about."""

    title: str
    value: str
    unit: str
    below: str
    measure: str
    look: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """A line of a ranking or of the parts. `word` stands where there is no figure."""

    name: str
    url: str
    standing: Standing | None
    level: str
    growth: str
    change: str
    share: str
    light: str
    light_word: str
    word: str
    is_own: bool


@dataclass(slots=True)
class Vintage:
    """What once came in together: one day, track and source. `later`: after this run was made."""

    received: str
    track: str
    source: str
    by: str
    reason: str
    standing: bool
    later: bool
    held: bool
    level: str = ""
    growth: str = ""
    others: str = ""


_PACES = {
    charts.DERIVED: "虚线是序时进度，按规则推算。", charts.ISSUED: "虚线是下达的时序任务。",
    charts.BOTH: "虚线是下达的时序任务，没有下达的月份按规则推算。",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    line: Line
    row: RowView
    indicator: Indicator
    period: str
    sentence: str
    facts: Sequence[Fact]
    level_chart: dict[str, Any] | None
    growth_chart: dict[str, Any] | None
    waterfall: dict[str, Any] | None
    peers: Sequence[Peer]
    above: Peer | None
    distance: str
    unranked: Sequence[str]
    children: Sequence[Peer]
    pulls: Sequence[Pulls]
    rest: Rest | None
    aims: Sequence[Aim]
    aims_say: Sequence[str]
    points: Sequence[tuple[str, str]]
    threads: Sequence[Thread]
    older_threads: Sequence[Thread]
    vintages: Sequence[Vintage]
    recognised_gap: str
    findings: Sequence[Any]

    @property
    def pace_says(self) -> str:
        """What the dotted line of the level's chart is."""
        lines = self.level_chart["series"] if self.level_chart else ()
        return next((_PACES.get(one["name"], "") for one in lines if one["role"] == "pace"), "")

    @property
    def children_are_judged(self) -> bool:
        """Whether any of them has a target to be judged by."""
        return any(one.light not in ("", "no_target") for one in self.children)


def page(chosen: Chosen, access: Access, now: datetime, indicator_id: str) -> Page:
    """Raises Http404 where the run has no such row, or the reader may not see it."""
    rows = runs.rows(chosen.run, access, now, indicator=indicator_id)
    by_org = {row.org_id: row for row in rows}
    row = by_org.get(chosen.org.id)
    if row is None or row.indicator is None:
        raise Http404("这次运行里没有这个单位的这个指标")
    indicator = row.indicator
    above = by_org.get(chosen.org.parent or "")
    children = [one for one in rows if one.org.parent == chosen.org.id]
    siblings = [one for one in rows if _is_sibling(one, row)]
    on_file = figures_on_file.vintages(access, now, indicator_id, chosen.org.id, row.period)
    threads = _threads(access, now, row)
    return Page(
        line=lines(chosen, [row])[0], row=row, indicator=indicator,
        period=str(Period.from_id(row.period)),
        sentence="" if row.embargoed else why(row), facts=_facts(chosen, row, by_org),
        level_chart=_noted(charts.level_chart(row, indicator), row, threads),
        growth_chart=_noted(charts.growth_chart(row, above, indicator), row, threads),
        waterfall=charts.waterfall(row, children),
        peers=_ranked(chosen, siblings), above=_above(chosen, above),
        distance=_distance(row, siblings),
        unranked=[one.org.name for one in siblings if standing(one) is None],
        children=_by_place(chosen, children),
        pulls=pulls.of_row(chosen, access, now, row, children), rest=rest.of_row(row, indicator),
        aims=aims.of_row(row), aims_say=aims.says(row, indicator),
        points=_points(row),
        threads=[one for one in threads if one.note.period == row.period],
        older_threads=[one for one in threads if one.note.period != row.period],
        vintages=_vintages(chosen, on_file), recognised_gap=_recognised_gap(on_file, indicator),
        findings=list(
            runs.findings(
                chosen.run, access, now, indicator=indicator_id, org=chosen.org.id
            )
        ),
    )  # fmt: skip


# -- notes -------------------------------------------------------------------------------------


def _threads(access: Access, now: datetime, row: RowView) -> list[Thread]:
    if row.embargoed:
        return []
    return notes.of_series(access, now, row.org_id, row.indicator_id)


def _points(row: RowView) -> list[tuple[str, str]]:
    """What can be remarked on: the row's own period and the year's before it, the newest first."""
    own = Period.from_id(row.period)
    drawn = (Period.from_id(one.period) for one in row.series)
    before = [one for one in drawn if one.year == own.year and one.month < own.month]
    newest = sorted(before, key=lambda one: one.month, reverse=True)
    return [(one.id, str(one)) for one in (own, *newest)]


def _noted(
    chart: dict[str, Any] | None, row: RowView, threads: Iterable[Thread]
) -> dict[str, Any] | None:
    """With what was remarked on the points of the row's year: [month, how often, by whom]."""
    year, found = Period.from_id(row.period).year, dict[int, list[str]]()
    for one in threads:
        when = Period.from_id(one.note.period)
        if one.is_live and when.year == year:
            found.setdefault(when.month, []).append(str(one.note.by))
    if chart is None or not found:
        return chart
    marks = [
        [month, str(len(names)), f"批注{len(names)}条：{'、'.join(dict.fromkeys(names))}"]
        for month, names in sorted(found.items())
    ]
    return {**chart, "notes": marks}


# -- facts -------------------------------------------------------------------------------------

_LEVEL_TITLES = {"month": "本月", "stock": "期末", "mean": "累计平均"}


def _facts(chosen: Chosen, row: RowView, by_org: dict[str, RowView]) -> list[Fact]:
    indicator = row.indicator
    assert indicator is not None
    told = [
        _level_fact(row, indicator), _growth_fact(row, chosen), *_target_facts(row, indicator),
        _rank_fact(row, chosen), _upper_fact(chosen, row, by_org),
    ]  # fmt: skip
    return [one for one in told if one is not None]


def measure_key(one: Figure) -> str:
    """How a measure of the row is named in a link; the targets and groups are part of it."""
    return "|".join((one.measure, one.target_id, one.base, one.peer_group))


def _fact(
    title: str, one: Figure | None, below: str, unit: str | None = None, look: str = "",
    after: str = "",
) -> Fact | None:  # fmt: skip
    if one is None:
        return None
    own = ("点" if one.unit == "百分点" else one.unit) if unit is None else unit
    return Fact(
        title,
        figure(one.shown),
        own if one.is_number else "",
        below,
        measure_key(one),
        look,
        after,
    )


def _level_fact(row: RowView, indicator: Indicator) -> Fact | None:
    before = row.get("last_year")
    below = f"去年同期{figure(before.shown)}" if before is not None else "无同期数"
    title = "本期累计" if indicator.is_flow else _LEVEL_TITLES.get(indicator.basis, "本期")
    return _fact(title, row.level, below)


def _growth_fact(row: RowView, chosen: Chosen) -> Fact | None:
    change = row.growth_change
    if change is None or not change.base:
        below = "无上期数"
    else:
        told = Period.from_id(change.base)
        base = print_period(told, with_year=told.year != chosen.period.year)
        below = f"比{base}{_moved(change)}"
    title = "增速" if row.growth_is_published else "增速（算）"
    return _fact(title, row.growth, below, "%" if row.growth and row.growth.is_number else "")


def _moved(change: Figure) -> str:
    """回落1.3点, 提高0.2点, 持平."""
    text = signed(change.shown)
    if text.startswith("−"):
        return f"回落{text[1:]}点"
    return f"提高{text[1:]}点" if text.startswith("+") else text


def _target_facts(row: RowView, indicator: Indicator) -> Iterable[Fact | None]:
    shown = (goal_of(row, "growth"), goal_of(row, "level", "ceiling"))
    for target in (one for one in shown if one is not None):
        bad = {"behind": "bad", "watch": "watch"}.get(target.light, "")
        asked = target_text(target, indicator)
        if target.kind == "growth":
            yield _owed("增速欠账", target.get("arrears_growth"), f"目标增速{asked}", bad)
        elif target.kind == "ceiling":
            yield _fact("上限余量", target.allowance, f"上限{asked}", look=bad)
        else:
            gap = target.pace_gap
            yield _fact("完成年度目标", target.completion, f"目标{asked}")
            below = _beside_pace(gap) if gap is not None else ""
            yield _owed("进度欠账", target.get("arrears_pace"), below, bad)
            yield _fact("全年缺口", target.shortfall, still_needed(row, target).partition("，")[2])


def _owed(title: str, one: Figure | None, below: str, look: str) -> Fact | None:
    """欠5.9, 超0.2, 持平; only what is owed takes the colour."""
    found = _fact(title, one, below)
    if found is None or one is None:
        return None
    text = owed(one.shown)
    return replace(
        found, value=text, unit="" if text == FLAT else found.unit,
        look=look if text.startswith("欠") else "",
    )  # fmt: skip


def _beside_pace(gap: Figure) -> str:
    text = signed(gap.shown)
    return f"与序时进度{text}" if text == FLAT else f"序时差{text}点"


def _rank_fact(row: RowView, chosen: Chosen) -> Fact | None:
    place = standing(row)
    own = f"{row.org.parent}/{row.org.level}"
    found = row.rank("growth", own) or row.rank("level", own)
    if place is None or found is None or not chosen.ancestors:
        return None
    title = f"{whole(chosen.ancestors[0])}位次"
    below = "按增速" if place.of == "growth" else "按总量"
    if place.move is not None and place.move.by:
        below += f"，上期第{place.before}"
    return Fact(
        title, str(place.place), f"/{place.n}", below, measure_key(found.place),
        "bad" if place.is_bottom else "", place.move.text if place.move else "",
    )  # fmt: skip


def _upper_fact(chosen: Chosen, row: RowView, by_org: dict[str, RowView]) -> Fact | None:
    if not chosen.ancestors:
        return None
    nearest = chosen.ancestors[0]
    gap = row.get("gap_parent", base=nearest.id)
    growths = [
        f"{whole(one)}{figure(by_org[one.id].growth.shown)}%"  # type: ignore[union-attr]
        for one in chosen.ancestors
        if one.id in by_org and _has_growth(by_org[one.id])
    ]
    found = _fact(f"比{whole(nearest)}", gap, "，".join(growths))
    if found is None or gap is None or not gap.is_number:
        return found
    return replace(found, value=signed(gap.shown))


def _has_growth(row: RowView) -> bool:
    return row.growth is not None and row.growth.is_number


# -- peers and parts ---------------------------------------------------------------------------


def _is_sibling(one: RowView, row: RowView) -> bool:
    return (one.org.parent, one.org.level) == (row.org.parent, row.org.level)


def _peer(chosen: Chosen, row: RowView) -> Peer:
    share = row.get("share", base=chosen.org.id)
    return Peer(
        name=row.org.name, url=indicator_url(chosen, row.indicator_id, row.org_id),
        standing=standing(row), level=figure(row.level.shown) if row.level is not None else "",
        growth=figure(row.growth.shown) if row.growth is not None else "",
        change=signed(row.growth_change.shown) if row.growth_change is not None else "",
        share=figure(share.shown) if share is not None else "", light=row.light,
        light_word=row.light_name, word=row.missing, is_own=row.org_id == chosen.org.id,
    )  # fmt: skip


def _ranked(chosen: Chosen, siblings: Iterable[RowView]) -> list[Peer]:
    found = [(place, one) for one in siblings if (place := standing(one)) is not None]
    found.sort(key=lambda pair: pair[0].place)
    return [_peer(chosen, one) for _, one in found]


def _by_place(chosen: Chosen, children: Iterable[RowView]) -> list[Peer]:
    """The ranked from the first on; then the others, in the rulebook's order."""
    told = [_peer(chosen, one) for one in children]
    return sorted(told, key=lambda one: (one.standing is None, one.standing and one.standing.place))


def _above(chosen: Chosen, above: RowView | None) -> Peer | None:
    return _peer(chosen, above) if above is not None and not above.missing else None


def _distance(row: RowView, siblings: Iterable[RowView]) -> str:
    """How far the next better one is, in points of growth as printed."""
    own = standing(row)
    if own is None or own.of != "growth" or own.place == 1 or not _has_growth(row):
        return ""
    better = [
        (other.place, one)
        for one in siblings
        if (other := standing(one)) is not None and other.place < own.place and _has_growth(one)
    ]
    if not better:
        return ""
    place, nearest = max(better, key=lambda pair: pair[0])
    assert row.growth is not None and nearest.growth is not None
    off = difference(nearest.growth.shown, row.growth.shown).lstrip("-")
    told = f"距第{place}位{nearest.org.name}差{figure(off)}个百分点"
    return f"{told}{_takes(row, nearest)}。"


def _takes(row: RowView, nearest: RowView) -> str:
    """What it would have taken to be there; nothing where less is better or no base is known."""
    indicator, level = row.indicator, row.level
    base = row.get("implied_base" if row.growth_is_published else "last_year")
    assert indicator is not None and row.growth is not None and nearest.growth is not None
    if indicator.direction == "low" or level is None or base is None:
        return ""
    found = overtaking(
        Decimal(row.growth.shown), Decimal(nearest.growth.shown), indicator.growth_decimals,
        level.number, base.number,
    )  # fmt: skip
    if found.to_tie is None or found.to_pass is None:
        return ""
    tie, more = (enough(one, indicator.decimals) for one in (found.to_tie, found.to_pass))
    unit = indicator.unit
    if tie == more:
        return f"，再多{figure(more)}{unit}就能超过（按现在的基数）"
    return f"，再多{figure(tie)}{unit}追平，多{figure(more)}{unit}超过（按现在的基数）"


# -- vintages ----------------------------------------------------------------------------------


def _vintages(chosen: Chosen, on_file: Iterable[Any]) -> list[Vintage]:
    """Newest first; `Any`: an observation of the room figures."""
    found: dict[tuple[Any, ...], Vintage] = {}
    for one in sorted(on_file, key=lambda one: (one.received, one.pk), reverse=True):
        key = (one.received, one.track, one.entry_id, one.place_id, one.standing, one.held)
        if key not in found:
            found[key] = _vintage(chosen, one)
        _add_figure(found[key], one)
    return list(found.values())


def _vintage(chosen: Chosen, one: Any) -> Vintage:
    file = one.place.file.rpartition("/")[2]
    sheet = f"“{one.place.sheet}”" if one.place.sheet else ""
    return Vintage(
        received=f"{one.received.month}月{one.received.day}日",
        track=TRACK_NAMES.get(one.track, one.track), source=f"{file}{sheet}" or "页面填报",
        by=str(one.entry.by) if one.entry.by else "", reason=one.entry.reason,
        standing=one.standing, later=one.entry_id > chosen.run.entry, held=one.held,
    )  # fmt: skip


def _add_figure(told: Vintage, one: Any) -> None:
    text = figure(one.value) if one.value is not None else OBS_WORD_NAMES.get(one.word or "", "")
    if one.facet == "level":
        told.level = text
    elif one.facet == "growth":
        told.growth = text
    else:
        name = FACET_NAMES.get(one.facet, one.facet)
        told.others = "，".join(filter(None, (told.others, f"{name}{text}")))


def _recognised_gap(on_file: Iterable[Any], indicator: Indicator) -> str:
    """认定差：自报97.35 − 认定96.42 = 0.93亿元."""
    level = {
        one.track: one.value
        for one in sorted(on_file, key=lambda one: (one.received, one.pk))
        if one.facet == "level" and one.value is not None and not one.held
    }
    own, above = level.get("self"), level.get("recognised")
    if own is None or above is None:
        return ""
    gap = figure(difference(str(own), str(above)))
    return f"认定差：自报{figure(own)} − 认定{figure(above)} = {gap}{indicator.unit}。"
