"""published_vs_computed for places: a published rank against the peers' figures on file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals as nw

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import Figures, Frame, rows_of
from diaodu.engine.verify.rounding import printed
from diaodu.engine.verify.standard import ruling

_RANKED = {"rank_level": "level", "rank_growth": "growth"}
_FIELD = ["indicator", "period", "track", "group"]


def ranks(figures: Figures) -> Iterator[Finding]:
    """Compared only when every peer that was ranked (`n` of them, else the whole group) is on
    file; a place that the printed digits leave open is no finding."""
    for facet, ranked in _RANKED.items():
        published = _with_group(figures, figures.facet(facet))
        if len(published):
            yield from _compare(figures, published, _field(figures, published, ranked))


def _with_group(figures: Figures, published: Frame) -> Frame:
    """`group`: the peer group that `against` names; an org stands for its children of the ranked
    org's level; nothing for the ranked org's siblings."""
    columns: dict[str, list[str]] = {"org": [], "against_text": [], "group": []}
    for org, against in published.select("org", "against_text").unique().iter_rows():
        known = figures.rulebook.orgs[org]
        above = against or known.parent or ""
        columns["org"].append(org)
        columns["against_text"].append(against)
        columns["group"].append(
            f"{above}/{known.level}" if above in figures.rulebook.orgs else above
        )
    table = figures.table(columns, dict.fromkeys(columns, nw.String))
    return published.join(table, on=["org", "against_text"], how="inner")


def _members(figures: Figures, published: Frame) -> Frame:
    """Rows period, group, org, size for the groups in question, as they stood at period end."""
    wanted = set(published.select("period", "group").unique().iter_rows())
    columns: dict[str, list[Any]] = {"period": [], "group": [], "org": [], "size": []}
    for period in sorted({period for period, _ in wanted}):
        for group in figures.rulebook.peer_groups(Period.from_id(period).end):
            for org in group.members if (period, group.id) in wanted else ():
                columns["period"].append(period)
                columns["group"].append(group.id)
                columns["org"].append(org)
                columns["size"].append(len(group.members))
    schema = {"period": nw.String, "group": nw.String, "org": nw.String, "size": nw.Int64}
    return figures.table(columns, schema)


def _field(figures: Figures, published: Frame, ranked: str) -> Frame:
    """The peers' figures with their place among those on file."""
    low = [i.id for i in figures.rulebook.indicators.values() if i.direction == "low"]
    sign = nw.when(nw.col("indicator").is_in(low)).then(1).otherwise(-1)
    peers = figures.facet(ranked).join(
        _members(figures, published), on=["period", "org"], how="inner"
    )
    peers = peers.with_columns((nw.col("value") * sign).alias("order"))
    return peers.with_columns(
        nw.col("order").rank("min").over(*_FIELD).cast(nw.Int128).alias("place"),
        nw.col("order").count().over(*_FIELD).cast(nw.Int64).alias("there"),
    )


def _compare(figures: Figures, published: Frame, field: Frame) -> Iterator[Finding]:
    own = field.select(*_FIELD, "org", "place", "there", "size", nw.col("obs_id").alias("own_id"))
    ranked_of = nw.col("n").fill_null(nw.col("size")).cast(nw.Int64)
    found = published.join(own, on=[*_FIELD, "org"], how="inner").filter(
        (nw.col("there") == ranked_of) & (nw.col("value") != nw.col("place") * 10**12)
    )
    found = found.sort("obs_id")
    peers = _peers_of(found, field)
    candidates = list(rows_of(found, "obs_id", "own_id"))
    needed = [one for ids in peers.values() for one in ids]
    seen = figures.load([*needed, *[one for pair in candidates for one in pair]])
    for rank_id, own_id in candidates:
        others = [seen[one] for one in peers[rank_id] if one != own_id]
        yield from _misplaced(figures, seen[rank_id], seen[own_id], others)


def _peers_of(found: Frame, field: Frame) -> dict[str, list[str]]:
    joined = found.select(*_FIELD, nw.col("obs_id").alias("rank_id")).join(
        field.select(*_FIELD, "obs_id"), on=_FIELD, how="inner"
    )
    peers: dict[str, list[str]] = {}
    for rank_id, obs_id in rows_of(joined.sort("rank_id", "obs_id"), "rank_id", "obs_id"):
        peers.setdefault(rank_id, []).append(obs_id)
    return peers


def _misplaced(
    figures: Figures, one: Observation, own: Observation, others: list[Observation]
) -> Iterator[Finding]:
    rule = ruling(
        figures.rulebook, "published_vs_computed", one.indicator,
        Period.from_id(one.period).end, one.facet,
    )  # fmt: skip
    assert one.value is not None
    first, last, place = _places(figures, own, others)
    if rule.off or first - rule.tolerance <= one.value <= last + rule.tolerance:
        return
    could = f"第{first}位" if first == last else f"第{first}至第{last}位"
    open_ = "" if first == last else f"（按印发精度可在{could}）"
    published = f"第{int(one.value)}位"
    yield say.about(
        one, "published_vs_computed", rule.severity,
        f"{say.subject(figures.rulebook, one)}公布为{published}，"
        f"按在册{len(others) + 1}个单位的数值计算为第{place}位{open_}，"
        f"本单位{say.figure(own)}。公布数：{say.place(one)}；计算依据：{say.place(own)}等"
        f"{len(others) + 1}处。",
        "两数并存，互不替代；请核对排位的范围、口径和各单位数值。",
        expected=could, found=published, others=(own,),
    )  # fmt: skip


def _places(figures: Figures, own: Observation, others: list[Observation]) -> tuple[int, int, int]:
    """Best and worst place that the printed digits allow, and the place on the printed values."""
    low = figures.rulebook.indicators[own.indicator].direction == "low"
    mine = printed(own)
    assert own.value is not None
    first = last = place = 1
    for other in others:
        theirs = printed(other)
        assert other.value is not None
        surely, perhaps = theirs.lo > mine.hi, theirs.hi > mine.lo
        better = other.value > own.value
        if low:
            surely, perhaps = theirs.hi < mine.lo, theirs.lo < mine.hi
            better = other.value < own.value
        first, last, place = first + surely, last + (perhaps or surely), place + better
    return first, last, place
