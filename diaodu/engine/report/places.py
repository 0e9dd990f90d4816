"""Where an org stands among its peers: the ranks of a month, published and computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diaodu.engine.ground.records import Measure
from diaodu.engine.report import patterns
from diaodu.engine.report.document import Span, Spans
from diaodu.engine.report.material import Material, kind_of_peers, whole, whole_beside
from diaodu.engine.report.spans import fill
from diaodu.engine.report.spans import text as words
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import PeerGroup


@dataclass(frozen=True, slots=True)
class Place:
    """`what`: rank_growth or rank_level; `where`: 全市; `n`: the number ranked, and `peers`:
    N个县区参与排名, both empty where a published rank came without it."""

    what: str
    where: str
    rank: Measure
    tied: bool
    n: Spans
    peers: Spans
    move: Measure | None


def places(material: Material, indicator: Indicator) -> list[Place]:
    """The ranks of the outline's org: by growth, and by level where that is published or there is
    no other. A published rank stands for the computed one of the same place, and is told once
    with it where both say the same."""
    found: list[Place] = []
    for what in patterns.RANK_NAMES:
        published = list(_published(material, indicator, what))
        if published or what == "rank_growth" or not found:
            found += _together(published, list(_computed(material, indicator, what)))
    return found


def _together(published: list[Place], computed: list[Place]) -> list[Place]:
    """Published places first, each with the computed one of its place; then what is left."""
    found: list[Place] = []
    left = list(computed)
    for place in published:
        twin = next((one for one in left if _is_twin(place, one)), None)
        if twin is None:
            found.append(place)
            continue
        left.remove(twin)
        found.append(_completed(place, twin))
    return found + left


def _is_twin(published: Place, computed: Place) -> bool:
    """Of the same place. A rank published without its peers is of the place it agrees with."""
    if published.where:
        return published.where == computed.where
    return published.rank.value == computed.rank.value


def _completed(published: Place, computed: Place) -> Place:
    """The published rank with what only the computed one knows; its movement only where both
    say the same rank."""
    agree = published.rank.value == computed.rank.value
    return Place(
        published.what,
        computed.where,
        published.rank,
        agree and computed.tied,
        published.n or computed.n,
        published.peers or computed.peers,
        computed.move if agree else None,
    )


def _published(material: Material, indicator: Indicator, what: str) -> Iterator[Place]:
    for rank in material.book.of(indicator.id, material.org.id):
        if rank.measure != f"{what}_published" or rank.value is None:
            continue
        n = _published_count(material, rank)
        peers = fill(patterns.PEERS, n=n, kind=words("单位")) if n else ()
        yield Place(what, _published_where(material, rank.peer_group), rank, False, n, peers, None)


def _published_count(material: Material, rank: Measure) -> Spans:
    """The N that came with a published rank; it refers to that observation."""
    for source in rank.inputs:
        obs = material.figures.get(source)
        if obs is not None and obs.n is not None:
            return (Span(str(obs.n), "figure", obs.obs_id),)
    return ()


def _published_where(material: Material, against: str) -> str:
    org = material.rulebook.orgs.get(against)
    if org is not None:
        return whole_beside(org, material.org)
    group = next((g for g in material.groups if g.id == against), None)
    return where_ranked(material, group) if group is not None else ""


def _computed(material: Material, indicator: Indicator, what: str) -> Iterator[Place]:
    org = material.org.id
    for group in material.groups:
        if org not in group.members:
            continue
        ranked = ranked_members(material, indicator.id, group, what)
        rank = ranked.get(org)
        if rank is None:
            continue
        yield Place(
            what,
            where_ranked(material, group),
            rank,
            sum(other.value == rank.value for other in ranked.values()) > 1,
            (ranked_count(ranked, rank),),
            peers(material, group, ranked, rank),
            material.book.get(indicator.id, org, f"{what}_move", peer_group=group.id),
        )


def peers(material: Material, group: PeerGroup, ranked: dict[str, Measure], rank: Measure) -> Spans:
    """N个县区参与排名."""
    return fill(
        patterns.PEERS,
        n=(ranked_count(ranked, rank),),
        kind=words(kind_of_peers(group, material.rulebook)),
    )


def ranked_count(ranked: dict[str, Measure], rank: Measure) -> Span:
    """N, the size of the set of peers on which the rank rests; it refers to that rank."""
    return Span(str(len(ranked)), "figure", rank.key)


def ranked_members(
    material: Material, indicator: str, group: PeerGroup, what: str
) -> dict[str, Measure]:
    """The members that have a rank, in the group's order."""
    found: dict[str, Measure] = {}
    for member in group.members:
        rank = material.book.get(indicator, member, what, peer_group=group.id)
        if rank is not None and rank.value is not None:
            found[member] = rank
    return found


def where_ranked(material: Material, group: PeerGroup) -> str:
    """全市 for the children of the city; the group's own name for a named group."""
    parent = material.rulebook.orgs.get(group.id.partition("/")[0])
    if parent is None:
        return group.name
    return whole(parent) if parent.id == material.org.id else whole_beside(parent, material.org)
