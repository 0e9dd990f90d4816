"""The same for the rules of one series: paces, bands, last year's shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from diaodu.engine.rules.calendar import periods_a_year
from diaodu.engine.rules.cross import same_time
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.models import Band, BandSet, Shape
from diaodu.engine.rules.validate import Entries, Made

_WHOLE = Decimal(100)
# How far printed shares may sum to beside 100, each rounded on its own.
_ROUNDED = Decimal("0.5")


def paces(entries: Entries) -> Iterator[Fault]:
    """One target under two paces at a time."""
    for first, other in combinations(entries.paces, 2):
        if set(first.model.tiers) & set(other.model.tiers):
            yield from same_time(first, other)


def bands(entries: Entries) -> Iterator[Fault]:
    for made in entries.bands:
        yield from _without_gap(made)
    for first, other in combinations(entries.bands, 2):
        if first.model.of == other.model.of:
            yield from same_time(first, other)


def shapes(entries: Entries) -> Iterator[Fault]:
    for made in entries.shapes:
        yield from _weights(entries, made)
    for first, other in combinations(entries.shapes, 2):
        one, two = set(first.model.orgs), set(other.model.orgs)
        if one & two or not (one or two):
            yield from same_time(first, other)


# -- bands -------------------------------------------------------------------------------------


def _without_gap(made: Made[BandSet]) -> Iterator[Fault]:
    """Every number lies in one band and no more."""
    found = made.model.bands
    if found[0].lo is not None:
        yield from made.fault(
            ("bands", 0, "lo"),
            f"最低一档“{found[0].name}”从{found[0].lo}起，比它低的没有档",
            "删去这一档的 lo，或在前面加一档",
        )
    if found[-1].hi is not None:
        yield from made.fault(
            ("bands", len(found) - 1, "hi"),
            f"最高一档“{found[-1].name}”不到{found[-1].hi}，{found[-1].hi}及以上的没有档",
            "删去这一档的 hi，或在后面加一档",
        )
    for at, (below, above) in enumerate(pairwise(found), 1):
        yield from _joined(made, at, below, above)
    yield from _named_twice(made, [band.name for band in found])


def _joined(made: Made[BandSet], at: int, below: Band, above: Band) -> Iterator[Fault]:
    pair = f"“{below.name}”与“{above.name}”"
    if below.hi is None or above.lo is None:
        key = "hi" if below.hi is None else "lo"
        place = at - 1 if below.hi is None else at
        yield from made.fault(
            ("bands", place),
            f"{pair}相接的地方没有写‘{key}’",
            "补上；各档由低到高写，只有最低一档不写 lo，最高一档不写 hi",
        )
    elif below.hi < above.lo:
        yield from made.fault(
            ("bands", at, "lo"),
            f"{pair}之间有空当：{below.hi}到{above.lo}没有档",
            f"把 lo 改成{below.hi}，或把前一档的 hi 改成{above.lo}",
        )
    elif below.hi > above.lo:
        yield from made.fault(
            ("bands", at, "lo"),
            f"{pair}重叠：{above.lo}到{below.hi}有两档",
            f"把 lo 改成{below.hi}，或把前一档的 hi 改成{above.lo}",
        )
    if below.lo is not None and below.hi is not None and below.lo >= below.hi:
        yield from made.fault(
            ("bands", at - 1, "hi"),
            f"“{below.name}”的下限{below.lo}不小于上限{below.hi}",
            "改正 lo、hi",
        )


def _named_twice(made: Made[BandSet], names: Sequence[str]) -> Iterator[Fault]:
    for at, name in enumerate(names):
        if name in names[:at]:
            yield from made.fault(("bands", at, "name"), f"档名“{name}”重复", "改成不同的名称")


# -- last year's shape -------------------------------------------------------------------------


def _weights(entries: Entries, made: Made[Shape]) -> Iterator[Fault]:
    weights = made.model.weights
    for at, weight in enumerate(weights):
        if weight < 0:
            yield from made.fault(("weights", at), f"比重{weight}是负数", "改正")
    total = sum(weights, Decimal(0))
    if abs(total - _WHOLE) > _ROUNDED:
        yield from made.fault(
            ("weights",), f"各期比重合计{total}，不是100", "按%写全年各期的比重，合计应为100"
        )
    known = {one.model.id: one.model for one in entries.indicators}
    for at, name in enumerate(made.model.indicators):
        indicator = known.get(name)
        if indicator is None:
            continue
        wanted = periods_a_year(indicator)
        if len(weights) != wanted:
            yield from made.fault(
                ("weights",),
                f"写了{len(weights)}个比重，“{indicator.name}”一年报{wanted}期",
                f"写{wanted}个" + ("，第一个是1—2月" if indicator.january == "merged" else ""),
            )
        if not indicator.is_rate_only:
            yield from made.fault(
                ("indicators", at),
                f"“{indicator.name}”有总量，上年结构由上年来数得出，不必另写",
                "从 indicators 里删去",
            )


CHECKS: tuple[Callable[[Entries], Iterable[Fault]], ...] = (paces, bands, shapes)
