"""What the parts of a whole do to it: pull (拉动) and contribution (贡献率).

The parts are those that the rulebook's breakdowns declare. All is computed from levels on file, so
that the pulls of parts that add up to the whole add up to its computed growth; what is left over
is told as `pull_other` and never spread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from math import lcm
from typing import Any

import narwhals as nw

from diaodu.engine.compute.emit import BREAK, Row, joined, key_of
from diaodu.engine.compute.exact import Frame, Range, Ratio
from diaodu.engine.compute.figures import KEY, facet, table
from diaodu.engine.compute.plan import Plan
from diaodu.engine.compute.stated import kept, stated
from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.quantity import unit_ratio
from diaodu.engine.rules.models import Breakdown, Indicator
from diaodu.engine.rules.rulebook import Rulebook

_DIGITS = 14  # a scaled percentage out of two scaled figures
_WHOLE = ["breakdown", "whole_indicator", "whole_org", "period"]
_ENDS = ("", "_lo", "_hi")

# The figures of a part, then of its whole under “w”.
_FIGURES = ("v", "v_lo", "v_hi", "v_ref", "b", "b_lo", "b_hi", "b_ref")
_NOT_CONVERTED = (1, 1)


def measures(cells: Frame, figures: Frame, rulebook: Rulebook, plan: Plan) -> Iterator[Frame]:
    """pull, contribution and pull_other of every part that has a figure; `base` is the whole,
    `peer_group` the breakdown."""
    linked = _linked(cells, rulebook, plan)
    if linked is None:
        return
    frame = _summed(_beside_whole(linked, cells, figures))
    frame = _pull_ratio().beside(frame)
    yield _pull().of(frame)
    yield from _contributions(frame)
    yield from _others(frame)


# -- which parts belong to which whole ---------------------------------------------------------


def _linked(cells: Frame, rulebook: Rulebook, plan: Plan) -> Frame | None:
    """The parts' cells with `whole_indicator`, `whole_org`, `breakdown`, how many parts are
    declared, and the whole numbers that bring both to one unit. None without any."""
    wanted = (*KEY, "last_year", "growth_decimals", "real", "apart", *_FIGURES)
    parts = cells.filter(_HAS_FIGURE)
    found: list[Frame] = []
    by_indicator = list(_indicator_links(rulebook, plan))
    if by_indicator:
        links = _table(cells, by_indicator, "whole_indicator")
        own = parts.select(*wanted).join(links, on=["indicator", "period"])
        found.append(own.with_columns(whole_org=nw.col("org"), base=nw.col("whole_indicator")))
    by_org = list(_org_links(rulebook, plan))
    if by_org:
        links = _table(cells, by_org, "org", "whole_org")
        own = parts.select(*wanted).join(links, on=[*KEY])
        found.append(own.with_columns(whole_indicator=nw.col("indicator"), base="whole_org"))
    columns = [*wanted, *_WHOLE[:3], "base", "declared", "times", "whole_times"]
    linked = [frame.select(*columns) for frame in found if len(frame)]
    return nw.concat(linked) if linked else None


_HAS_FIGURE = kept(nw.col("asked") & ~nw.col("v").is_null())

Link = tuple[Any, ...]


def _table(like: Frame, links: list[Link], *names: str) -> Frame:
    types: dict[str, Any] = {
        "indicator": nw.String, "period": nw.String, "breakdown": nw.String, "declared": nw.Int64,
        "times": nw.Int128, "whole_times": nw.Int128, **dict.fromkeys(names, nw.String),
    }  # fmt: skip
    columns = {name: [link[place] for link in links] for place, name in enumerate(types)}
    return table(like, columns, types)


def wholes_of(breakdown: Breakdown, rulebook: Rulebook) -> list[Indicator]:
    """The indicators that a breakdown takes apart, as far as this rulebook has them."""
    if "*" not in breakdown.indicators:
        named = (rulebook.indicators.get(one) for one in breakdown.indicators)
        return [one for one in named if one is not None]
    every = [one for one in rulebook.indicators.values() if one.is_additive]
    return [one for one in every if breakdown.of == "orgs" or one.children]


def parts_of(breakdown: Breakdown, one: Indicator, rulebook: Rulebook) -> list[Indicator]:
    """The child indicators a whole is taken apart into."""
    named = (rulebook.indicators.get(part) for part in breakdown.parts or one.children)
    return [part for part in named if part is not None]


def indicator_groups(rulebook: Rulebook) -> list[frozenset[str]]:
    """Of every breakdown by indicator, each whole with its parts: what is told of one of them
    rests on all."""
    return [
        frozenset({one.id, *(part.id for part in parts_of(breakdown, one, rulebook))})
        for breakdown in rulebook.breakdowns
        if breakdown.of == "indicators"
        for one in wholes_of(breakdown, rulebook)
    ]


def _indicator_links(rulebook: Rulebook, plan: Plan) -> Iterator[Link]:
    asked = _asked_periods(plan)
    for breakdown in rulebook.breakdowns:
        if breakdown.of != "indicators":
            continue
        for one in wholes_of(breakdown, rulebook):
            parts = parts_of(breakdown, one, rulebook)
            times, whole_times = _one_unit(parts, one)
            for period_id in asked[one.id]:
                if breakdown.holds_on(plan.steps[one.id, period_id].period.end):
                    for part, by in zip(parts, times, strict=True):
                        yield part.id, period_id, breakdown.id, len(parts), by, whole_times, one.id


def _one_unit(parts: Sequence[Indicator], one: Indicator) -> tuple[list[int], int]:
    """The whole numbers that bring each part, and the whole, to one unit for all of them."""
    ratios = [common_unit(part.unit, one.unit) for part in parts]
    whole_times = lcm(*(below for _, below in ratios))
    return [above * whole_times // below for above, below in ratios], whole_times


def _org_links(rulebook: Rulebook, plan: Plan) -> Iterator[Link]:
    asked = _asked_periods(plan)
    for breakdown in rulebook.breakdowns:
        if breakdown.of != "orgs" or breakdown.parent is None:
            continue
        for one in wholes_of(breakdown, rulebook):
            for period_id in asked[one.id]:
                day = plan.steps[one.id, period_id].period.end
                if breakdown.holds_on(day):
                    members = rulebook.members(breakdown, day)
                    for org in members:
                        yield (
                            one.id, period_id, breakdown.id, len(members), *_NOT_CONVERTED, org.id,
                            breakdown.parent,
                        )  # fmt: skip


def _asked_periods(plan: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for indicator, period_id in sorted(plan.asked):
        found[indicator].append(period_id)
    return found


def common_unit(part: str, one: str) -> tuple[int, int]:
    """The whole numbers that bring a part and its whole to one unit: 万元 in 亿元 → (1, 10000)."""
    try:
        numerator, denominator = unit_ratio(part, one).as_integer_ratio()
    except QuantityError:
        return _NOT_CONVERTED  # a rulebook in which they do not convert is not built
    return numerator, denominator


# -- beside the whole --------------------------------------------------------------------------


def _beside_whole(linked: Frame, cells: Frame, figures: Frame) -> Frame:
    """With the whole's figures and growth (`w` in front), and all in one unit; `d` and `wd` are
    the changes, `wg_word` why the whole has no growth. A whole that has no figure yet still has
    its base."""
    frame = linked.join(cells.select(_OF_WHOLE), on=_WHOLE[1:], how="left")
    bases = facet(figures, "level", "wb").select(_OF_BASE)
    frame = frame.join(bases, on=["whole_indicator", "whole_org", "last_year"], how="left")
    # Tax of a township that has no budget of its own is no part of anything.
    frame = frame.filter(_HAS_WHOLE)
    return frame.with_columns(_IN_ONE_UNIT).with_columns(_changes())


_OF_WHOLE = stated(
    whole_indicator="indicator", whole_org="org", period="period", w_asked="asked",
    w_decimals="growth_decimals", w_real="real", wg="g", wg_word="g_word", w_apart="apart",
    **{f"w{name}": name for name in _FIGURES[:4]},
)  # fmt: skip
_OF_BASE = stated(
    "wb", "wb_lo", "wb_hi", "wb_ref",
    whole_indicator="indicator", whole_org="org", last_year="period",
)  # fmt: skip
_HAS_WHOLE = kept(~nw.col("w_asked").is_null() | ~nw.col("wb").is_null())
_IN_ONE_UNIT = stated(
    **{f"{name}{end}": nw.col(f"{name}{end}") * nw.col("times") for name in "vb" for end in _ENDS},
    **{
        f"w{name}{end}": nw.col(f"w{name}{end}") * nw.col("whole_times")
        for name in "vb"
        for end in _ENDS
    },
    places=nw.col("w_decimals").fill_null(nw.col("growth_decimals")),
    broken=nw.col("apart") | nw.col("w_apart").fill_null(False),
)


@cache
def _changes() -> list[nw.Expr]:
    change, whole_change = Range.of("v") - Range.of("b"), Range.of("wv") - Range.of("wb")
    alike = ~nw.col("apart")
    return stated(
        d=nw.when(alike).then(change.value), d_lo=nw.when(alike).then(change.lo),
        d_hi=nw.when(alike).then(change.hi),
        wd=whole_change.value, wd_lo=whole_change.lo, wd_hi=whole_change.hi,
        x_word=_base_word(),
    )  # fmt: skip


def _base_word() -> nw.Expr:
    """Why there is no pull: the part or the whole has no base, or one from before a break in the
    series, or the whole's is none to divide by."""
    wb = nw.col("wb")
    return (
        nw.when(nw.col("b").is_null() | wb.is_null()).then(nw.lit("no_base"))
        .when(nw.col("broken")).then(nw.lit("not_comparable"))
        .when(wb == 0).then(nw.lit("zero_base"))
        .when(wb < 0).then(nw.lit("negative_base"))
    )  # fmt: skip


@cache
def _pull_ratio() -> Ratio:
    base = nw.when(nw.col("x_word").is_null()).then(nw.col("wb"))
    return Ratio("x", Range.of("d"), Range(base, nw.col("wb_lo"), nw.col("wb_hi")), _DIGITS)


def _summed(frame: Frame) -> Frame:
    """How many parts of each whole have both figures, what their changes come to, and whether
    one goes the other way than the whole."""
    return frame.with_columns(_DIRECTIONS).with_columns(_SUMS)


_AGAINST = (nw.col("d") > 0) & (nw.col("wd") < 0) | (nw.col("d") < 0) & (nw.col("wd") > 0)
_DIRECTIONS = stated(known=~nw.col("d").is_null(), against=_AGAINST.fill_null(False))
_SUMS = stated(
    parts=nw.col("known").cast(nw.Int64).sum().over(*_WHOLE),
    any_against=nw.col("against").max().over(*_WHOLE),
    **{f"sum_d{end}": nw.col(f"d{end}").sum().over(*_WHOLE) for end in _ENDS},
)


# -- rows --------------------------------------------------------------------------------------


def _real() -> nw.Expr:
    noted = nw.col("w_real").fill_null(False)
    return nw.when(noted).then(nw.lit("（按现价计算，未扣除价格因素）")).otherwise(nw.lit(""))


def _change_key() -> nw.Expr:
    """The part's change, or its figure where it has none."""
    change = key_of("change", base=nw.col("last_year"))
    return nw.when(nw.col("known")).then(change).otherwise(nw.col("v_ref"))


@cache
def _pull() -> Row:
    why = (
        nw.when(nw.col("b").is_null()).then(nw.lit("本部分没有上年同期数，不算拉动"))
        .when(nw.col("wb").is_null()).then(nw.lit("总体没有上年同期数，不算拉动"))
        .when(nw.col("broken")).then(nw.lit("口径变动，与上年同期不可比，不算拉动"))
        .otherwise(nw.lit("总体上年同期数不大于零，不算拉动"))
    )  # fmt: skip
    formula = nw.concat_str([nw.lit("（本部分本期 − 上年同期）÷ 总体上年同期 × 100"), _real()])
    return Row(
        "pull", number=Range.of("x"), word=_or_beyond("x", "x_word"), unit="百分点",
        decimals=nw.col("places") + 1, base=nw.col("base"), peer_group=nw.col("breakdown"),
        formula=nw.when(nw.col("x_word").is_null()).then(formula).otherwise(why),
        inputs=joined(_change_key(), nw.col("wb_ref")),
    )  # fmt: skip


def _or_beyond(number: str, word: str) -> nw.Expr:
    """The word, or not_comparable where the quotient is out of range."""
    beyond = nw.col(number).is_null() & nw.col(word).is_null()
    return nw.when(beyond).then(nw.lit("not_comparable")).otherwise(nw.col(word))


def _contributions(frame: Frame) -> Iterator[Frame]:
    """pull ÷ the whole's computed growth, which is Δpart ÷ Δwhole; a number only where both go one
    way and the whole's change is none of its own rounding."""
    frame = frame.with_columns(_CONTRIBUTION_WORD)
    able = frame.filter(_ABLE)
    if len(able):
        able = _IN_RATIO.beside(able.with_columns(_turned()))
        yield _contribution().of(able)
    silent = frame.filter(_SILENT)
    if len(silent):
        yield _no_contribution().of(silent)


_IS_ZERO = (nw.col("wd_lo") <= 0) & (nw.col("wd_hi") >= 0)
_CONTRIBUTION_WORD = stated(
    c_word=nw.when(~nw.col("x_word").is_null()).then(nw.col("x_word"))
    .when(nw.col("wv").is_null()).then(nw.lit("not_published"))
    .when(~nw.col("wg_word").is_null()).then(nw.col("wg_word"))
    .when(_IS_ZERO).then(nw.lit("undecidable"))
    .when(nw.col("against")).then(nw.lit("not_comparable")),
)  # fmt: skip
_ABLE, _SILENT = kept(nw.col("c_word").is_null()), kept(~nw.col("c_word").is_null())
_IN_RATIO = Ratio("c", Range.of("n"), Range.of("m"), _DIGITS)


@cache
def _no_contribution() -> Row:
    reasons = {
        "no_base": "本部分或总体没有上年同期数，不算贡献率",
        "zero_base": "总体上年同期为零，不算贡献率",
        "negative_base": "总体上年同期为负，不算贡献率",
        "turned_negative": "总体由正转负，没有增速，不算贡献率",
        "not_published": "总体没有本期数，不算贡献率",
        "undecidable": "总体增速在自身舍入范围内可为零，不算贡献率",
        "not_comparable": "拉动与总体增速方向相反，不算贡献率",
    }
    reason = nw.col("c_word").replace_strict(
        list(reasons), list(reasons.values()), return_dtype=nw.String
    )
    broken = nw.col("broken") & (nw.col("x_word") == "not_comparable")
    apart = nw.lit("口径变动，与上年同期不可比，不算贡献率")
    return Row(
        "contribution", word=nw.col("c_word"), unit="%", decimals=nw.col("places"),
        base=nw.col("base"), peer_group=nw.col("breakdown"),
        formula=nw.when(broken.fill_null(False)).then(apart).otherwise(reason),
        inputs=_contribution_inputs(),
    )  # fmt: skip


@cache
def _turned() -> list[nw.Expr]:
    """Part and whole the other way round where the whole falls."""
    down = nw.col("wd") < 0
    part, one = Range.of("d"), Range.of("wd")
    names = ("n", "n_lo", "n_hi", "m", "m_lo", "m_hi")
    own, turned = (*_ends(part), *_ends(one)), (*_ends(-part), *_ends(-one))
    return stated(
        **{
            name: nw.when(down).then(back).otherwise(forth)
            for name, forth, back in zip(names, own, turned, strict=True)
        }
    )


@cache
def _contribution() -> Row:
    missing = nw.concat_str(
        [
            nw.lit("；"), nw.col("declared").cast(nw.String), nw.lit("个部分中"),
            nw.col("parts").cast(nw.String), nw.lit("个有本期数和同期数，贡献率之和不是100%"),
        ]
    )  # fmt: skip
    rounding = (nw.col("sum_d_lo") <= nw.col("wd_hi")) & (nw.col("wd_lo") <= nw.col("sum_d_hi"))
    note = (
        nw.when(nw.col("parts") < nw.col("declared")).then(missing)
        .when((nw.col("sum_d") != nw.col("wd")) & rounding)
        .then(nw.lit("；各部分增减之和与总体增减只差在舍入上，贡献率之和不正好是100%"))
        .when(nw.col("sum_d") != nw.col("wd"))
        .then(nw.lit("；各部分增减之和不等于总体增减，贡献率之和不是100%"))
        .when(nw.col("any_against"))
        .then(nw.lit("；有的部分与总体方向相反，不算贡献率，其余之和不是100%"))
        .otherwise(nw.lit(""))
    )  # fmt: skip
    falling = nw.when(nw.col("wd") < 0).then(nw.lit("（总体下降，是对下降的贡献率）"))
    return Row(
        "contribution", number=Range.of("c"),
        word=nw.when(nw.col("c").is_null()).then(nw.lit("not_comparable")), unit="%",
        decimals=nw.col("places"), base=nw.col("base"), peer_group=nw.col("breakdown"),
        formula=nw.concat_str(
            [
                nw.lit("拉动 ÷ 总体增速（计算）× 100"), falling.otherwise(nw.lit("")), _real(),
                note,
            ]
        ),
        inputs=_contribution_inputs(),
    )  # fmt: skip


def _ends(one: Range) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    return one.value, one.lo, one.hi


def _pull_key() -> nw.Expr:
    return key_of("pull", base=nw.col("base"), peer_group=nw.col("breakdown"))


def _growth_refs() -> nw.Expr:
    """The whole's growth where the run has it, else the figures it would be made of."""
    growth = key_of(
        "growth", indicator=nw.col("whole_indicator"), org=nw.col("whole_org"),
        base=nw.col("last_year"),
    )  # fmt: skip
    given = nw.col("w_asked").fill_null(False) & ~nw.col("wv").is_null()
    figures = joined(nw.col("wv_ref"), nw.col("wb_ref"))
    # Nothing is on file of a whole without figures.
    return nw.when(given).then(growth).otherwise(nw.when(figures != "").then(figures))


def _contribution_inputs() -> nw.Expr:
    return joined(_pull_key(), _growth_refs())


def _others(frame: Frame) -> Iterator[Frame]:
    """The whole's growth less the pulls of its parts, where anything is left over."""
    frame = frame.filter(_LEAVES_OVER)
    if not len(frame):
        return
    keys: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for *place, key in frame.select(_pull_keys()).iter_rows():
        keys[tuple(place)].append(key)
    one = frame.unique(subset=_WHOLE, keep="first", maintain_order=True)
    pulled = table(
        frame,
        {
            **{name: [place[at] for place in keys] for at, name in enumerate(_WHOLE)},
            "pulls": [BREAK.join(sorted(some)) for some in keys.values()],
        },
        dict.fromkeys((*_WHOLE, "pulls"), nw.String),
    )
    one = one.join(pulled, on=_WHOLE).drop("x", "x_lo", "x_hi", "x_floor", "x_rem", "x_den")
    yield _pull_other().of(_LEFT.beside(one).with_columns(_AS_WHOLE))


_IS_OVER = (nw.col("parts") < nw.col("declared")) | (nw.col("sum_d") != nw.col("wd"))
_LEAVES_OVER = kept(
    nw.col("known") & nw.col("x_word").is_null() & ~nw.col("wd").is_null() & _IS_OVER
)
_LEFT = Ratio("x", Range.of("wd") - Range.of("sum_d"), Range.of("wb"), _DIGITS)
_AS_WHOLE = stated(indicator="whole_indicator", org="whole_org")


@cache
def _pull_keys() -> list[nw.Expr]:
    return stated(*_WHOLE, key=_pull_key())


@cache
def _pull_other() -> Row:
    counted = nw.concat_str(
        [
            nw.lit("总体增速（计算）− 各部分拉动之和（"), nw.col("declared").cast(nw.String),
            nw.lit("个部分，"), nw.col("parts").cast(nw.String), nw.lit("个有本期数和同期数）"),
            _real(),
        ]
    )  # fmt: skip
    return Row(
        "pull_other", number=Range.of("x"),
        word=nw.when(nw.col("x").is_null()).then(nw.lit("not_comparable")), unit="百分点",
        decimals=nw.col("places") + 1, base=nw.col("last_year"), peer_group=nw.col("breakdown"),
        formula=counted, inputs=joined(_growth_refs(), nw.col("pulls")),
    )  # fmt: skip
