"""Where an org stands among its peers: the ranks of a month, published and computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diaodu.engine.ground.records import Measure
from diaodu.engine.ground.words import MEASURE_WORD_NAMES
from diaodu.engine.report import patterns
from diaodu.engine.report.absent import by_reason, why
from diaodu.engine.report.document import Span, Spans, joined, text_of
from diaodu.engine.report.material import Material, kind_of_peers, whole, whole_beside
from diaodu.engine.report.spans import fill, size
from diaodu.engine.report.spans import text as words
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import PeerGroup

FEWEST = 2  # nobody is ranked alone
_MOST_NAMED = 3  # in a sentence


@dataclass(frozen=True, slots=True)
class Place:
    """`what`: rank_growth or rank_level; `where`: 全市; `n`: the number ranked, and `peers`:
    N个县区参与排名，丙区未发布, both empty where the number is not known."""

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
    same_n = not published.n or text_of(published.n) == text_of(computed.n)
    return Place(
        published.what,
        computed.where,
        published.rank,
        agree and computed.tied,
        computed.n if same_n else published.n,
        computed.peers if same_n else published.peers,
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
        if rank is None or len(ranked) < FEWEST:
            continue
        yield Place(
            what,
            where_ranked(material, group),
            rank,
            sum(other.value == rank.value for other in ranked.values()) > 1,
            ranked_count(material, rank),
            peers(material, indicator, group, ranked, rank),
            material.book.get(indicator.id, org, f"{what}_move", peer_group=group.id),
        )


def peers(
    material: Material, indicator: Indicator, group: PeerGroup, ranked: dict[str, Measure],
    rank: Measure,
) -> Spans:  # fmt: skip
    """N个县区参与排名, and who of the group is not among them."""
    n = ranked_count(material, rank)
    kind = words(kind_of_peers(group, material.rulebook))
    told = fill(patterns.PEERS, n=n, kind=kind) if n else ()
    missing = left_out(material, indicator, group, ranked, _MOST_NAMED)
    return joined([each for each in (told, missing) if each], "，")


def left_out(
    material: Material, indicator: Indicator, group: PeerGroup, ranked: dict[str, Measure],
    most: int,
) -> Spans:  # fmt: skip
    """丙区未发布；月湾乡无法比较 — the members without a rank, each with the reason."""
    orgs = [org for org in group.members if org not in ranked]
    names = material.rulebook.names_of(orgs)
    return by_reason(
        (
            (said, _why_unranked(material, indicator, org))
            for org, said in zip(orgs, names, strict=True)
        ),
        most,
    )


def _why_unranked(material: Material, indicator: Indicator, org: str) -> str:
    """The word that stands for its growth, as across a break, else why there is no figure."""
    growth = material.growth(indicator.id, org)
    if growth is not None and growth.word not in (None, "not_published"):
        return MEASURE_WORD_NAMES[growth.word]
    return why(material, indicator, org, ("level", "growth"))


def ranked_count(material: Material, rank: Measure) -> Spans:
    """N, the number ranked: a measure of its own; empty where it was not computed."""
    n = material.book.get(rank.indicator, rank.org, f"{rank.measure}_n", peer_group=rank.peer_group)
    return size(n) if n is not None and n.value is not None else ()


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
