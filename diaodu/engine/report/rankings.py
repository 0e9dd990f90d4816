"""Ranking tables: place (并列 told), figures, movement against the previous period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from diaodu.engine.ground.records import Measure
from diaodu.engine.report import patterns
from diaodu.engine.report.absent import growth_cell, level_cell
from diaodu.engine.report.document import Cell, Paragraph, Span, Spans, Table
from diaodu.engine.report.headlines import base_period, why_no_move
from diaodu.engine.report.material import Material, kind_of_peers
from diaodu.engine.report.places import (
    FEWEST,
    left_out,
    ranked_count,
    ranked_members,
    where_ranked,
)
from diaodu.engine.report.spans import (
    fill,
    name,
    name_cell,
    signed,
    size,
    text,
    text_cell,
)
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import PeerGroup

# A longer table is cut to its head and tail on paper; the workbook holds all of it.
_MOST_ROWS = 40
_HEAD = 25
_TAIL = 10


@dataclass(frozen=True, slots=True)
class RankingTable:
    """A whole ranking. `remark`: who was ranked, who was not and why, and why no movement is
    told where none can be."""

    indicator: Indicator
    group: PeerGroup
    measure: str
    table: Table
    remark: Spans


def rankings(material: Material) -> list[RankingTable]:
    """The outline's rankings; without any, by growth of every headline indicator among the
    children of the outline's org. Rankings of fewer than two are not made."""
    found: list[RankingTable] = []
    for indicator, measure, group in _wanted(material):
        ranked = ranked_members(material, indicator.id, group, measure)
        if len(ranked) >= FEWEST:
            found.append(_ranking(material, indicator, group, measure, ranked))
    return found


def on_paper(ranking: RankingTable) -> list[Table | Paragraph]:
    """The table, cut where it is long, and the line about who was ranked."""
    table = ranking.table
    closing = list(ranking.remark)
    if len(table.rows) > _MOST_ROWS:
        gap = tuple(text_cell("……", "center") for _ in table.header)
        rows = (*table.rows[:_HEAD], gap, *table.rows[-_TAIL:])
        table = replace(table, rows=rows)
        closing.append(Span("中间名次见附表。"))
    return [table, Paragraph(tuple(closing), "remark")]


def _wanted(material: Material) -> Iterator[tuple[Indicator, str, PeerGroup]]:
    if material.outline.rankings:
        for wanted in material.outline.rankings:
            indicator = material.rulebook.indicators[wanted.indicator]
            for group in _groups(material, wanted.group):
                yield indicator, f"rank_{wanted.by}", group
        return
    for indicator in material.indicators:
        for group in _groups(material, None):
            ranked = ranked_members(material, indicator.id, group, "rank_growth")
            yield indicator, "rank_growth" if ranked else "rank_level", group


def _groups(material: Material, group: str | None) -> list[PeerGroup]:
    """The named group, or the children of the outline's org, level by level."""
    if group is not None:
        return [known for known in material.groups if known.id == group]
    below = f"{material.org.id}/"
    return [known for known in material.groups if known.id.startswith(below)]


def _ranking(
    material: Material,
    indicator: Indicator,
    group: PeerGroup,
    measure: str,
    ranked: dict[str, Measure],
) -> RankingTable:
    order = sorted(ranked, key=lambda org: (ranked[org].value, group.members.index(org)))
    places = [rank.value for rank in ranked.values()]
    moves = {
        org: material.book.get(indicator.id, org, f"{measure}_move", peer_group=group.id)
        for org in order
    }
    rows = tuple(
        _row(material, indicator, ranked[org], moves[org], places.count(ranked[org].value) > 1)
        for org in order
    )
    what = patterns.RANK_NAMES[measure]
    caption = (
        *name(where_ranked(material, group)),
        Span(material.own_period(indicator), "period"),
        *name(indicator.name),
        Span(f"{what}位次表"),
    )
    level = f"本期（{indicator.unit}）"
    heads = [text("位次"), text("单位"), name(level), text("同比%"), text("位次升降")]
    widths = [10, 22, 16, 12, 14]
    told = [move for move in moves.values() if move is not None and move.value is not None]
    if not told:
        heads, widths, rows = _without(4, heads, widths, rows)
    if indicator.is_rate_only:
        heads, widths, rows = _without(2, heads, widths, rows)
    table = Table(caption, tuple(heads), rows, tuple(widths))
    first = moves[order[0]]
    remark = [*_who(material, indicator, group, ranked, ranked[order[0]])]
    if not told:
        remark += [*_why_no_moves(material, first), Span("。")]
    return RankingTable(indicator, group, measure, table, tuple(remark))


def _who(
    material: Material, indicator: Indicator, group: PeerGroup, ranked: dict[str, Measure],
    rank: Measure,
) -> Spans:  # fmt: skip
    """N个乡镇参与排名。未参与排名：月湾乡逾期未报。"""
    n = ranked_count(material, rank)
    kind = text(kind_of_peers(group, material.rulebook))
    told = (*fill(patterns.PEERS, n=n, kind=kind), Span("。")) if n else ()
    missing = left_out(material, indicator, group, ranked, _MOST_ROWS)
    return (*told, *((Span("未参与排名："), *missing, Span("。")) if missing else ()))


def _why_no_moves(material: Material, move: Measure | None) -> Spans:
    if move is None:
        return text(patterns.MOVES_WITHOUT_BASE)
    why = why_no_move(material, move)
    return fill(patterns.MOVES_NOT_COMPARABLE[why], base=base_period(material, move))


def _without(
    column: int, heads: list[Spans], widths: list[int], rows: tuple[tuple[Cell, ...], ...]
) -> tuple[list[Spans], list[int], tuple[tuple[Cell, ...], ...]]:
    return (
        heads[:column] + heads[column + 1 :],
        widths[:column] + widths[column + 1 :],
        tuple(row[:column] + row[column + 1 :] for row in rows),
    )


def _row(
    material: Material, indicator: Indicator, rank: Measure, move: Measure | None, tied: bool
) -> tuple[Cell, ...]:
    place = (Span(patterns.TIED), *signed(rank)) if tied else signed(rank)
    return (
        Cell(place, "center", number=None if tied else rank.shown),
        name_cell(material.rulebook.orgs[rank.org].name),
        level_cell(material, indicator, rank.org),
        growth_cell(material, indicator, rank.org),
        Cell(_moved(move), "center"),
    )


_MOVED = {"up": "升{move}", "down": "降{move}", "same": "平"}


def _moved(move: Measure | None) -> Spans:
    if move is None or move.value is None:
        return text("无法比较")
    case = patterns.side(move, "up", "same", "down")
    return fill(_MOVED[case], **({} if case == "same" else {"move": size(move)}))
