"""The same for what is said about figures: checks of the statistical kinds, breaks in series,
corrections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product

from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import Period, parse_period
from diaodu.engine.ground.quantity import find_unit
from diaodu.engine.ground.words import FACET_NAMES
from diaodu.engine.rules.cross import ALL, convertible, overlap, span
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.models import Break, Check, Correction, Indicator
from diaodu.engine.rules.validate import Entries, Made

# Which kinds of check a key means something to: elsewhere it would be passed over in silence.
_MEANS_SOMETHING = {
    "band": ("jump", "contradiction"),
    "times": ("jump",),
    "at_least": ("jump", "heaped", "revised"),
    "share": ("heaped", "revised"),
    "pattern": ("heaped",),
    "with": ("contradiction",),
    "opposite": ("contradiction",),
}
_NEVER_HOLD = ("jump", "contradiction", "heaped", "revised")


# -- checks ----------------------------------------------------------------------------------


def checks(entries: Entries) -> Iterator[Fault]:
    known = {made.model.id: made.model for made in entries.indicators}
    for made in entries.checks:
        if made.is_patched("kind"):
            continue
        yield from _keys(made)
        if made.model.kind in _NEVER_HOLD and made.model.severity == "hard":
            yield from made.fault(
                ("severity",),
                f"‘{made.model.kind}’只作提示，不能扣下数据",
                "删去 severity，或写 soft",
            )
        if made.model.kind == "contradiction":
            yield from _pair(made, known)
    yield from _matched_twice(entries)


def _keys(made: Made[Check]) -> Iterator[Fault]:
    for key, kinds in _MEANS_SOMETHING.items():
        if made.gives(key) and made.model.kind not in kinds:
            yield from made.fault(
                (key,),
                f"‘{key}’对‘{made.model.kind}’不起作用",
                f"删去它；它只用于 {'、'.join(kinds)}",
            )


def _pair(made: Made[Check], known: dict[str, Indicator]) -> Iterator[Fault]:
    check = made.model
    if not made.gives("with"):
        yield from made.fault(
            ("kind",), "‘contradiction’没有写‘with’", "写应当同向变动的指标编号，如 with: [power]"
        )
    if not made.gives("band"):
        yield from made.fault(
            ("kind",), "‘contradiction’没有写‘band’", "写增速最多可以相差几个百分点"
        )
    if ALL in check.indicators:
        yield from made.fault(
            ("indicators",), "‘contradiction’要写明是哪个指标，不能写“*”", "写指标的编号"
        )
    for at, other in enumerate(check.with_):
        if other in check.indicators:
            yield from made.fault(("with", at), f"“{other}”不能与自己相比", "写另一个指标的编号")
    for key, names in (("indicators", check.indicators), ("with", check.with_)):
        for at, name in enumerate(names):
            indicator = known.get(name)
            if indicator is not None and not _has_growth(indicator):
                yield from made.fault(
                    (key, at),
                    f"“{indicator.name}”既不发布增速，也算不出增速，无从相比",
                    "换一个指标，或在 indicators/ 里给它补上 growth",
                )


def _has_growth(indicator: Indicator) -> bool:
    computes = indicator.computes_growth
    return "growth" in indicator.facets or computes


def _matched_twice(entries: Entries) -> Iterator[Fault]:
    """Two bands for one pair at one time."""
    pairs = [made for made in entries.checks if made.model.kind == "contradiction"]
    for first, other in combinations(pairs, 2):
        shared = _pairs(first.model) & _pairs(other.model)
        if shared and overlap(span(first.model), span(other.model)):
            names = "、".join("与".join(sorted(pair)) for pair in sorted(shared, key=sorted))
            yield from other.fault(
                ("with",),
                f"“{names}”在同一时段已由“{first.model.id}”"
                f"（{first.entry.file}:{first.entry.line()}）比过",
                "用 from、to 分开时段，或只留一处",
            )


def _pairs(check: Check) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in product(check.indicators, check.with_)}


# -- breaks ----------------------------------------------------------------------------------


def breaks(entries: Entries) -> Iterator[Fault]:
    """One act is declared once: two of one series from the same day would both explain it."""
    for first, other in combinations(entries.breaks, 2):
        one, two = first.model, other.model
        if other.is_patched("from") or first.is_patched("from") or one.from_ != two.from_:
            continue
        shared = _shared(one.indicators, two.indicators, ALL)
        if shared and _same_orgs(one, two):
            which = "全部指标" if ALL in shared else "、".join(sorted(shared))
            yield from other.fault(
                ("from",),
                f"与“{first.model.id}”（{first.entry.file}:{first.entry.line()}）重叠："
                f"都从{two.from_}起改变“{which}”",
                "合成一条，或改正 from、indicators、orgs",
            )


def _shared(one: tuple[str, ...], other: tuple[str, ...], every: str) -> set[str]:
    if every in one:
        return set(other)
    return set(one) if every in other else set(one) & set(other)


def _same_orgs(one: Break, other: Break) -> bool:
    return not one.orgs or not other.orgs or bool(set(one.orgs) & set(other.orgs))


# -- corrections -----------------------------------------------------------------------------


def corrections(entries: Entries) -> Iterator[Fault]:
    known = {made.model.id: made.model for made in entries.indicators}
    for made in entries.corrections:
        yield from _one_act(made)
        yield from _period(made)
        indicator = known.get(made.model.indicator)
        if indicator is not None:
            yield from _fits(made, indicator)
    for first, other in combinations(entries.corrections, 2):
        if _key(first.model) == _key(other.model):
            yield from other.fault(
                ("id",),
                f"与“{first.model.id}”（{first.entry.file}:{first.entry.line()}）更正的是同一个数",
                "只留一条",
            )


_ACTS = ("to", "unit_factor", "ignore")


def _one_act(made: Made[Correction]) -> Iterator[Fault]:
    given = [key for key in _ACTS if made.gives(key) and not made.is_patched(key)]
    if any(made.is_patched(key) for key in _ACTS):
        return
    if len(given) != 1:
        written = f"写了{'、'.join(given)}" if given else "一项也没有写"
        yield from made.fault(
            (),
            f"to、unit_factor、ignore 只能写一项，{written}",
            "只留一项：改为多少、乘以多少或不采用",
        )
    elif given == ["ignore"] and not made.model.ignore:
        yield from made.fault(("ignore",), "‘ignore’写了 false，什么也没有更正", "写 true，或写 to")
    elif made.model.to == made.model.from_ or made.model.unit_factor == 1:
        yield from made.fault((given[0],), "更正前后是同一个数", "改正，或删去这一条")


def _period(made: Made[Correction]) -> Iterator[Fault]:
    if period_of(made.model) is None:
        yield from made.fault(
            ("period",),
            f"“{made.model.period}”看不出统计期",
            "写成 2023-01/05（累计）、2023-05（当月或期末）",
        )


def _fits(made: Made[Correction], indicator: Indicator) -> Iterator[Fault]:
    correction = made.model
    if correction.facet not in indicator.facets:
        yield from made.fault(
            ("facet",),
            f"“{indicator.name}”没有{FACET_NAMES[correction.facet]}这一面",
            f"可以写的是：{'、'.join(indicator.facets)}",
        )
    if correction.unit is None:
        return
    own = indicator.unit if correction.facet == "level" else "%"
    if find_unit(correction.unit) is None:
        yield from made.fault(("unit",), f"不认识的计量单位“{correction.unit}”", "改正计量单位")
    elif not convertible(correction.unit, own):
        yield from made.fault(
            ("unit",), f"“{correction.unit}”不能换算成“{own}”", "改正计量单位，或删去 unit"
        )


def period_of(correction: Correction) -> Period | None:
    """The period it is about; None where the text names none."""
    try:
        return parse_period(correction.period)
    except PeriodError:
        return None


def _key(correction: Correction) -> tuple[object, ...]:
    """A correction stands for one figure, whichever track it came on."""
    return (
        correction.indicator, correction.org, period_of(correction) or correction.period,
        correction.facet, correction.against,
    )  # fmt: skip


CHECKS: tuple[Callable[[Entries], Iterable[Fault]], ...] = (checks, breaks, corrections)
