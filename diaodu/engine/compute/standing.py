"""Measures of place: ranks and their movement, gaps to ancestors and peers, shares in a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import narwhals as nw

from diaodu.engine.compute.emit import Row, counted, joined, key_of
from diaodu.engine.compute.exact import HUNDRED, Frame, Range, Ratio, with_difference
from diaodu.engine.compute.figures import KEY, chosen, is_numbers, only, table
from diaodu.engine.compute.numbered import starts, with_numbered
from diaodu.engine.compute.peers import PeerSets
from diaodu.engine.compute.placing import ONE_BY_ONE, placed
from diaodu.engine.compute.plan import Plan
from diaodu.engine.compute.stated import kept, stated
from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.quantity import unit_ratio
from diaodu.engine.rules.rulebook import Rulebook

_SHARE_DIGITS = 14


_RANKS = ("rank_level", "rank_growth")
RANKS = frozenset(f"{name}{end}" for name in _RANKS for end in ("", "_reverse", "_n", "_move"))
PUBLISHED_RANKS = frozenset(f"{name}_published" for name in _RANKS)
GAP_PARENT, GAP_PEERS_MEAN, SHARE = "gap_parent", "gap_peers_mean", "share"


def group_members(like: Frame, rulebook: Rulebook, plan: Plan) -> Frame:
    """period, peer_group, org, group_no: the groups as they stood on each period's last day;
    a number for each period's group, which is quicker to compare than names. From one to the next
    it is as far as there are indicators, which are added to it: see `_ranking`."""
    found: list[tuple[str, str, str, int]] = []
    number = 0
    for period in plan.periods:
        for group in rulebook.peer_groups(period.end):
            found += [(period.id, group.id, org, number) for org in group.members]
            number += len(rulebook.indicators)
    names: dict[str, Any] = {
        "period": nw.String, "peer_group": nw.String, "org": nw.String, "group_no": nw.Int64,
    }  # fmt: skip
    columns = {name: [row[place] for row in found] for place, name in enumerate(names)}
    return table(like, columns, names)


def _in_groups(cells: Frame, members: Frame, wanted: Sequence[str]) -> Frame:
    """A row per cell and group; `ranking` numbers the indicator, period and group."""
    if is_numbers(cells):
        grouped = cells.select(*wanted, "back", *_OF_SEAT)
    else:
        grouped = cells.select(*wanted).join(members, on=["period", "org"])
    return grouped.with_columns(_RANKING)


def seated(cells: Frame, seats: Frame) -> Frame:
    """Of numbers: the cells with the group that their seat is in, of those that are in one; and
    `groups`, how many there are in a period."""
    place = cells["seat"]
    known = {name: seats[name][place] for name in ("group_no", "peer_group")}
    return only(cells.with_columns(groups=nw.lit(int(seats["groups"][0])), **known), _HAS_GROUP)


_OF_SEAT = ("group_no", "peer_group", "groups")
_HAS_GROUP = kept(~nw.col("group_no").is_null())


def _ranking(group: str) -> nw.Expr:
    return nw.col(group) + nw.col("indicator_no")


_RANKING, _OLD_RANKING = stated(ranking=_ranking("group_no"), old_ranking=_ranking("old_group"))


def _with_ranking_before(grouped: Frame, members: Frame) -> Frame:
    """Add `old_ranking`: of the same indicator and group, the period before."""
    if is_numbers(grouped):
        grouped = grouped.with_columns(_OLD_GROUP)
    else:
        groups = members.select("peer_group", previous="period", old_group="group_no").unique()
        grouped = grouped.join(groups, on=["previous", "peer_group"], how="left")
    return grouped.with_columns(_OLD_RANKING)


# Groups are numbered period by period.
_OLD_GROUP = stated(old_group=nw.col("group_no") + nw.col("back") * nw.col("groups"))


# -- ranks -------------------------------------------------------------------------------------


def ranks(cells: Frame, members: Frame, peers: PeerSets) -> Iterator[Frame]:
    """rank_level and rank_growth with reverse, number ranked and move, decided on the printed
    decimals. One alone has no place: sets of fewer than two give no rows."""
    wanted = ("indicator", "indicator_no", "org", "period", "previous", "asked", "low", "rate_only",
              "v_score", "p_score", "g_score", "v_ref", "b_ref", "p_ref",
              "k_published")  # fmt: skip
    grouped = _with_ranking_before(_in_groups(cells, members, wanted), members)
    scores = [
        chosen(grouped, _HAS_LEVEL, _LEVEL_SCORES),
        chosen(_with_growth_read(grouped), _HAS_GROWTH, _GROWTH_SCORES),
    ]
    if not is_numbers(cells):
        # Both sorts in one frame, by rankings of their own: each step then costs its price once.
        scores = [nw.concat(scores)]
    for score in scores:
        yield from _rank_rows(_ranked(score), peers)


def _scores(sort: int, measure: str, score: str, **more: nw.Expr | str) -> list[nw.Expr]:
    """What is ranked, and by what it is: `better` is less."""
    worse = nw.col(score)
    return stated(
        "indicator", "org", "period", "previous", "asked", "peer_group", measure=nw.lit(measure),
        # Put together here, not for every row.
        **{f"{end}_name": nw.lit(f"{measure}_{end}") for end in ("reverse", "n", "move")},
        better=nw.when(nw.col("low")).then(worse).otherwise(-1 * worse), **more,
        **{name: nw.col(name) * 2 + sort for name in ("ranking", "old_ranking")},
    )  # fmt: skip


# By which sort of figure places are decided.
_LEVEL, _AS_PUBLISHED, _AS_COMPUTED = range(3)
_KINDS = {_LEVEL: "本期值", _AS_PUBLISHED: "公布增速", _AS_COMPUTED: "计算增速"}

_HAS_LEVEL = kept(~nw.col("v_score").is_null() & ~nw.col("rate_only"))
_LEVEL_SCORES = _scores(
    0, "rank_level", "v_score", kind=nw.lit(_LEVEL, dtype=nw.Int8), set_ref="v_ref",
    set_base=nw.when(nw.lit(False)).then(nw.col("v_ref")),
)  # fmt: skip


def _with_growth_read(grouped: Frame) -> Frame:
    """Published growth where anybody in the group has one, else computed growth."""
    if is_numbers(grouped) and not grouped["k_published"].any():
        return grouped.with_columns(_COMPUTED_READ)
    return grouped.with_columns(_ANY_PUBLISHED).with_columns(_GROWTH_READ)


_ANY_PUBLISHED = stated(any_published=nw.col("k_published").max().over("ranking"))
_PUBLISHED = nw.col("any_published")
_GROWTH_READ = stated(
    score=nw.when(_PUBLISHED).then(nw.col("p_score")).otherwise(nw.col("g_score")),
    kind=nw.when(_PUBLISHED)
    .then(nw.lit(_AS_PUBLISHED, dtype=nw.Int8))
    .otherwise(nw.lit(_AS_COMPUTED, dtype=nw.Int8)),
    set_ref=nw.when(_PUBLISHED).then(nw.col("p_ref")).otherwise(nw.col("v_ref")),
    set_base=nw.when(~_PUBLISHED).then(nw.col("b_ref")),
)
_COMPUTED_READ = stated(
    score="g_score", kind=nw.lit(_AS_COMPUTED, dtype=nw.Int8), set_ref="v_ref", set_base="b_ref"
)
_HAS_GROWTH = kept(~nw.col("score").is_null())
_GROWTH_SCORES = _scores(
    1, "rank_growth", "score", kind="kind", set_ref="set_ref", set_base="set_base"
)

_IN_COMPANY = kept(nw.col("n") > 1)


def _ranked(frame: Frame) -> Frame:
    if not is_numbers(frame):
        return frame.with_columns(ONE_BY_ONE).filter(_IN_COMPANY)
    frame = placed(frame)
    return frame if len(frame) and int(frame["n"].min()) > 1 else frame.filter(_IN_COMPANY)


def _rank_rows(ranked: Frame, peers: PeerSets) -> Iterator[Frame]:
    ranked = peers.named(ranked, ranked, "set_ref", "set_base")
    asked = only(ranked, "asked")
    peers.use(asked)
    for row in _rank_measures():
        yield row.of(asked)
    yield _moves(ranked, asked, peers)


@cache
def _rank_measures() -> tuple[Row, ...]:
    size = nw.concat_str([nw.lit("，"), nw.col("n").cast(nw.String), nw.lit("家参加）")])
    named = nw.col("kind").replace_strict(
        list(_KINDS), list(_KINDS.values()), return_dtype=nw.String
    )
    common: dict[str, Any] = {
        "decimals": 0, "peer_group": nw.col("peer_group"), "inputs": joined(nw.col("set_key")),
    }  # fmt: skip
    better, worse = (
        nw.concat_str([nw.lit(f"1 + {words}的单位数（按"), named, size])
        for words in ("更优", "更差")
    )
    known = nw.concat_str([nw.lit("有数可排的单位数（按"), named, nw.lit("）")])
    return (
        Row(nw.col("measure"), number=counted("place"), unit="位", formula=better, **common),
        Row(nw.col("reverse_name"), number=counted("reverse"), unit="位", formula=worse, **common),
        Row(nw.col("n_name"), number=counted("n"), unit="个", formula=known, **common),
    )


def _moves(ranked: Frame, asked: Frame, peers: PeerSets) -> Frame:
    """Previous place − place, where the same orgs were ranked, on the same sort of figure."""
    frame = _with_place_before(ranked, asked, peers)
    # An org in both sets has an old place; both sets are equal where all of each have.
    everybody = is_numbers(frame) and not frame["old_place"].is_null().any()
    return _MOVE.of(frame.with_columns(_ALL if everybody else _SHARED).with_columns(_MOVED))


_ALL = stated(shared="n")
_SHARED = stated(shared=nw.col("old_place").count().over("ranking").cast(nw.Int64))
_SAME = (
    (nw.col("shared") == nw.col("n"))
    & (nw.col("old_n") == nw.col("n"))
    & (nw.col("old_kind") == nw.col("kind"))
)
_MOVED = stated(
    moved=nw.col("old_place").cast(nw.Int64) - nw.col("place"), same=_SAME.fill_null(False)
)
_MOVE = Row(
    nw.col("move_name"), number=counted("moved"),
    word=nw.when(~nw.col("same")).then(nw.lit("not_comparable")), unit="位", decimals=0,
    base=nw.col("previous"), peer_group=nw.col("peer_group"), formula="上期位次 − 本期位次",
    inputs=joined(key_of(nw.col("measure"), peer_group=nw.col("peer_group")), nw.col("old_set")),
)  # fmt: skip


def _with_place_before(ranked: Frame, asked: Frame, peers: PeerSets) -> Frame:
    """The asked rows whose group was ranked the period before, with the org's `old_place` there,
    `old_n`, `old_kind` and `old_set`."""
    if is_numbers(ranked):
        return _with_row_before(ranked, asked)
    old = ranked.select(
        old_ranking="ranking", old_n="n", old_kind="kind", old_set="set_key"
    ).unique(subset=["old_ranking"])  # fmt: skip
    own = ranked.select("org", old_ranking="ranking", old_place="place")
    frame = asked.join(old, on="old_ranking")
    peers.use(frame, "old_set")
    return frame.join(own, on=["org", "old_ranking"], how="left")


def _with_row_before(ranked: Frame, asked: Frame) -> Frame:
    """The same of numbers, where an org has one group in a period: what stands at the place before
    is its own rank, if it is one in the same group. Where that is lacking, the group may have been
    ranked all the same."""
    frame = with_numbered(asked.select(_MOVING), ranked.select(_BEFORE), "period", "previous")
    frame = frame.with_columns(_OLD_PLACE)
    others = frame.filter(_LACKS_PLACE)["old_ranking"].unique().to_list()
    known = ranked["ranking"].filter(ranked["ranking"].is_in(others)).unique().to_list()
    is_known = ~nw.col("old_place").is_null() | nw.col("old_ranking").is_in(known)
    return chosen(frame, is_known, _MOVED_FROM)


_MOVING = stated("period", "previous", "move_name", "peer_group", "ranking", "old_ranking", "place",
                 "n", "kind")  # fmt: skip
_BEFORE = stated("period", was="ranking", old_place="place", old_n="n", old_kind="kind")
_MOVED_FROM = stated("period", "previous", "move_name", "peer_group", "ranking", "place", "n",
                     "kind", "old_place", "old_n", "old_kind")  # fmt: skip
_IS_SAME = nw.col("was") == nw.col("old_ranking")
_OLD_PLACE = stated(old_place=nw.when(_IS_SAME).then(nw.col("old_place")))
_LACKS_PLACE = kept(nw.col("old_place").is_null() & ~nw.col("old_ranking").is_null())


def published_ranks(cells: Frame, figures: Frame) -> Iterator[Frame]:
    """rank_level_published and rank_growth_published: places as received, with the N received."""
    asked = cells.filter("asked").select(*KEY)
    for row, of_facet in zip(_RANKS_AS_RECEIVED, _IS_RANK, strict=True):
        frame = figures.filter(of_facet).join(asked, on=KEY)
        if len(frame):
            yield row.of(frame)


_IS_RANK = [kept((nw.col("facet") == name) & ~nw.col("value").is_null()) for name in _RANKS]
_OF_ALL = nw.concat_str([nw.lit("来数（共"), nw.col("n").cast(nw.String), nw.lit("家）")])
_RANKS_AS_RECEIVED = [
    Row(
        f"{name}_published", number=Range.exact(nw.col("value")), unit="位", decimals=0,
        peer_group=nw.col("against"), inputs=joined(nw.col("ref")),
        formula=nw.when(nw.col("n").is_null()).then(nw.lit("来数")).otherwise(_OF_ALL),
    )
    for name in _RANKS
]  # fmt: skip


# -- gaps --------------------------------------------------------------------------------------

_GROWTH = ("p", "p_lo", "p_hi", "p_ref", "g", "g_lo", "g_hi", "g_floor", "g_rem", "g_den", "v_ref",
           "b_ref")  # fmt: skip


def gaps_to_ancestors(cells: Frame, figures: Frame, rulebook: Rulebook) -> Iterator[Frame]:
    """gap_parent: growth − the ancestor's growth; published with published, else computed with
    computed, else the gap as published, else not_comparable."""
    pairs = [(org.id, up.id) for org in rulebook.orgs.values() for up in rulebook.ancestors(org.id)]
    above = table(
        cells,
        {"org": [pair[0] for pair in pairs], "ancestor": [pair[1] for pair in pairs]},
        {"org": nw.String, "ancestor": nw.String},
    )
    other = cells.select(_OF_ANCESTOR)
    told = figures.filter(_IS_GAP).select(_AS_TOLD)
    asked = cells.filter("asked")
    frame = asked.select(*KEY, "last_year", "growth_decimals", "k", *_GROWTH).join(above, on="org")
    frame = frame.join(other, on=["indicator", "period", "ancestor"], how="left")
    frame = frame.join(told, on=[*KEY, "ancestor"], how="left")
    yield from _gap_rows(frame)


_OF_ANCESTOR = stated(
    "indicator", "period", ancestor="org", **{f"o_{name}": name for name in _GROWTH}
)
_IS_GAP = kept((nw.col("facet") == "gap") & ~nw.col("value").is_null())
_AS_TOLD = stated(*KEY, ancestor="against", d="value", d_lo="lo", d_hi="hi", d_ref="ref")

_BOTH_PUBLISHED = ~nw.col("p").is_null() & ~nw.col("o_p").is_null()
_BOTH_COMPUTED = ~_BOTH_PUBLISHED & ~nw.col("g").is_null() & ~nw.col("o_g").is_null()
_TOLD = ~_BOTH_PUBLISHED & ~_BOTH_COMPUTED & ~nw.col("d").is_null()
_BOTH_GROW = ~nw.col("k").is_null() & (~nw.col("o_p").is_null() | ~nw.col("o_g").is_null())
_APART = ~_BOTH_PUBLISHED & ~_BOTH_COMPUTED & ~_TOLD & _BOTH_GROW
_IS_PUBLISHED, _IS_COMPUTED, _IS_TOLD, _IS_APART = map(
    kept, (_BOTH_PUBLISHED, _BOTH_COMPUTED, _TOLD, _APART)
)
_OF_PARENT: dict[str, Any] = {
    "unit": "百分点", "decimals": nw.col("growth_decimals"), "base": nw.col("ancestor"),
}  # fmt: skip
_PUBLISHED_GAP = Row(
    GAP_PARENT, number=Range.of("p") - Range.of("o_p"), formula="公布增速 − 上级公布增速",
    inputs=joined(nw.col("p_ref"), nw.col("o_p_ref")), **_OF_PARENT,
)  # fmt: skip
_GAP_BOUNDS = Range.of("g") - Range.of("o_g")
_COMPUTED_GAP = Row(
    GAP_PARENT, number=Range(nw.col("x"), _GAP_BOUNDS.lo, _GAP_BOUNDS.hi),
    formula="计算增速 − 上级计算增速",
    inputs=joined(
        key_of("growth", base=nw.col("last_year")), nw.col("o_v_ref"), nw.col("o_b_ref")
    ),
    **_OF_PARENT,
)  # fmt: skip
_TOLD_GAP = Row(
    GAP_PARENT, number=Range.of("d"), formula="来数（相差百分点）",
    inputs=joined(nw.col("d_ref")), **_OF_PARENT,
)  # fmt: skip
_NO_GAP = Row(
    GAP_PARENT, word=nw.lit("not_comparable"),
    formula="一方只有公布增速，另一方只有计算增速",
    inputs=joined(
        nw.col("p_ref"), nw.when(nw.col("p").is_null()).then(nw.col("v_ref")),
        nw.col("o_p_ref"), nw.when(nw.col("o_p").is_null()).then(nw.col("o_v_ref")),
    ),
    **_OF_PARENT,
)  # fmt: skip


def _gap_rows(frame: Frame) -> Iterator[Frame]:
    yield _PUBLISHED_GAP.of(frame.filter(_IS_PUBLISHED))
    computed = frame.filter(_IS_COMPUTED)
    if len(computed):
        yield _COMPUTED_GAP.of(with_difference(computed, "x", "g", "o_g"))
    yield _TOLD_GAP.of(frame.filter(_IS_TOLD))
    yield _NO_GAP.of(frame.filter(_IS_APART))


_SUMMED = ("v", "v_lo", "v_hi", "b", "b_lo", "b_hi")


def gaps_to_peers(cells: Frame, members: Frame, peers: PeerSets) -> Iterator[Frame]:
    """gap_peers_mean: computed growth − Σ value ÷ Σ last year's − 1 over the group, the own org
    included; peers lacking one of the two are left out of both sums. One alone is no mean."""
    wanted = ("indicator", "indicator_no", "org", "period", "last_year", "additive", "computes",
              "growth_decimals", "v", "v_lo", "v_hi", "v_ref", "b", "b_lo", "b_hi", "b_ref",
              "p_ref", "g", "g_lo", "g_hi", "g_floor", "g_rem", "g_den", "k",
              "k_published", "apart")  # fmt: skip
    grouped = _in_groups(only(cells, "asked"), members, wanted)
    summed = chosen(grouped, _IS_SUMMED, _TO_SUM)
    sums = _sums(summed).filter(_IN_COMPANY)
    sums = peers.named(sums, summed, "v_ref", "b_ref")
    sums = _MEAN.beside(sums).drop(*(f"sum_{name}" for name in _SUMMED))
    summed = _with_mean(chosen(grouped, _IS_MEANT, _MEANT), sums)
    summed = with_difference(summed, "x", "g", "m")
    peers.use(summed)
    yield _PEERS_GAP.of(summed)
    yield _NO_MEAN.of(grouped, _HAS_NO_MEAN)


def _sums(summed: Frame) -> Frame:
    """n and the sums of each ranking. Of numbers the rows of a ranking stand side by side in most
    groups: their stretches are summed first, being in order in half of the time."""
    if not is_numbers(summed):
        return summed.group_by("ranking").agg(_SUMS)
    stretch = starts(summed["ranking"]).cum_count().sort()  # is sorted, which is not known yet
    stretches = summed.with_columns(stretch=stretch).group_by("stretch").agg(*_OF_STRETCH, *_SUMS)
    return stretches.group_by("ranking").agg(_OF_STRETCHES)


def _with_mean(growths: Frame, sums: Frame) -> Frame:
    if not is_numbers(growths):
        return growths.join(sums, on="ranking")
    return only(with_numbered(growths, sums, "ranking", "ranking"), _IN_COMPANY)


_ABLE = nw.col("additive") & nw.col("computes") & ~nw.col("apart")
_BOTH = ~nw.col("v").is_null() & ~nw.col("b").is_null()
_IS_SUMMED = kept(_ABLE & _BOTH)
_SUMS = stated(n=nw.len(), **{f"sum_{name}": nw.col(name).sum() for name in _SUMMED})
_OF_STRETCH = stated(ranking=nw.col("ranking").max())
_OF_STRETCHES = stated(
    **{name: nw.col(name).sum() for name in ("n", *(f"sum_{name}" for name in _SUMMED))}
)
_MEAN = Ratio("m", Range.of("sum_v"), Range.of("sum_b"), _SHARE_DIGITS, minus=HUNDRED)
_TO_SUM = stated("period", "ranking", *_SUMMED, "v_ref", "b_ref")
_IS_MEANT = kept(_ABLE & _BOTH & ~nw.col("g").is_null())
_MEANT = stated("indicator", "org", "period", "last_year", "peer_group", "ranking",
                "growth_decimals", "g", "g_lo", "g_hi", "g_floor", "g_rem", "g_den")  # fmt: skip
_HAS_NO_MEAN = kept(~_ABLE & ~nw.col("k").is_null())
_OF_PEERS: dict[str, Any] = {
    "unit": "百分点", "decimals": nw.col("growth_decimals"), "peer_group": nw.col("peer_group"),
}  # fmt: skip
_MEAN_BOUNDS = Range.of("g") - Range.of("m")
_PEERS_GAP = Row(
    GAP_PEERS_MEAN, number=Range(nw.col("x"), _MEAN_BOUNDS.lo, _MEAN_BOUNDS.hi),
    word=nw.when(nw.col("x").is_null()).then(nw.lit("not_comparable")),
    formula="计算增速 −（同组本期合计 ÷ 同组上年同期合计 − 1）× 100",
    inputs=joined(key_of("growth", base=nw.col("last_year")), nw.col("set_key")), **_OF_PEERS,
)  # fmt: skip
_NO_MEAN = Row(
    GAP_PEERS_MEAN, word=nw.lit("not_comparable"),
    formula=nw.when(nw.col("apart") & nw.col("additive") & nw.col("computes"))
    .then(nw.lit("口径变动，与上年同期不可比，不能和同组放在一起算"))
    .otherwise(nw.lit("只有增速或平均数，不能把各单位合在一起算")),
    inputs=joined(
        nw.when(nw.col("k_published")).then(nw.col("p_ref")).otherwise(nw.col("v_ref"))
    ),
    **_OF_PEERS,
)  # fmt: skip


# -- shares ------------------------------------------------------------------------------------


def shares(cells: Frame, rulebook: Rulebook) -> Iterator[Frame]:
    """share: of the parent org's value, and of the parent indicator's in the same org."""
    whole_frame = cells.select(_OF_WHOLE).filter(_HAS_WHOLE)
    parts = cells.filter(_IS_PART)
    parents = [(org.id, org.parent) for org in rulebook.orgs.values() if org.parent is not None]
    up = table(
        cells,
        {"org": [pair[0] for pair in parents], "parent": [pair[1] for pair in parents]},
        {"org": nw.String, "parent": nw.String},
    )
    frame = parts.join(up, on="org").join(
        whole_frame.rename({"org": "parent"}), on=["indicator", "parent", "period"]
    )
    if len(frame):
        yield _SHARE_OF_ORG.of(_SHARE.beside(frame))
    frame = parts.join(_parent_indicators(cells, rulebook), on="indicator").join(
        whole_frame.rename({"indicator": "parent"}), on=["parent", "org", "period"]
    )
    if len(frame):
        yield _SHARE_OF_INDICATOR.of(_SHARE.beside(frame.with_columns(_IN_ONE_UNIT)))


_OF_WHOLE = stated(
    *KEY, o="v", o_lo="v_lo", o_hi="v_hi", o_ref="v_ref", o_track="v_track",
    o_track_name="v_track_name",
)  # fmt: skip
_HAS_WHOLE = kept(~nw.col("o").is_null())
_IS_PART = kept(nw.col("asked") & nw.col("additive") & ~nw.col("v").is_null())
_IN_ONE_UNIT = stated(
    **{name: nw.col(name) * nw.col("times") for name in ("v", "v_lo", "v_hi")},
    **{name: nw.col(name) * nw.col("parent_times") for name in ("o", "o_lo", "o_hi")},
)
_SHARE = Ratio("s", Range.of("v"), Range.of("o"), _SHARE_DIGITS)
_SHARE_OF_ORG, _SHARE_OF_INDICATOR = (
    Row(
        SHARE, number=Range.of("s"),
        word=nw.when(nw.col("s").is_null()).then(nw.lit("not_comparable")), unit="%",
        decimals=nw.col("growth_decimals"), base=nw.col("parent"), formula=formula,
        inputs=joined(key_of("value"), nw.col("o_ref")),
    )
    for formula in ("本单位 ÷ 上级单位 × 100", "本项 ÷ 上一级指标 × 100")
)  # fmt: skip


def _parent_indicators(like: Frame, rulebook: Rulebook) -> Frame:
    """indicator, parent, and the whole numbers that bring both to one unit."""
    found: list[tuple[str, str, int, int]] = []
    for parent in rulebook.indicators.values():
        for child in parent.children:
            part = rulebook.indicators.get(child)
            if part is None or not parent.is_additive or not part.is_additive:
                continue
            factors = _common_unit(part.unit, parent.unit)
            if factors is not None:
                found.append((child, parent.id, *factors))
    names: dict[str, Any] = {
        "indicator": nw.String, "parent": nw.String, "times": nw.Int128, "parent_times": nw.Int128,
    }  # fmt: skip
    columns = {name: [row[place] for row in found] for place, name in enumerate(names)}
    return table(like, columns, names)


def _common_unit(part: str, parent: str) -> tuple[int, int] | None:
    """万元 in 亿元 → (1, 10000). None where the two do not measure the same thing."""
    try:
        numerator, denominator = unit_ratio(part, parent).as_integer_ratio()
    except QuantityError:
        return None
    return numerator, denominator
