"""Figures of a text held against a run: each agrees, contradicts, or cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from diaodu.engine.compute.grading import grade
from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import find_unit, half_unit, show, unit_ratio
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import KIND_NAMES, MEASURE_NAMES, TIER_NAMES
from diaodu.engine.proofread.claims import Claim, Grade, Kind, Verdict
from diaodu.engine.proofread.ledger.choose import aims, chain, fitting
from diaodu.engine.proofread.ledger.counts import counts
from diaodu.engine.proofread.ledger.model import Ledger
from diaodu.engine.proofread.ledger.phrases import LOWER
from diaodu.engine.proofread.ledger.scan import Meant, scan
from diaodu.engine.proofread.ledger.tables import cells
from diaodu.engine.proofread.reading.model import Figure, Reading

# Of these it is told that the run does not have them; of the rest silence is better.
_MISSED = {"value": "本期值", "growth": "增速"}
_AIMS = ("aim", "growth_aim", "aim_named", "ceiling")
_DIRECTED = (
    "gap", "pace_gap", "since", "pull", "pull_other", "move", "allowance", "streak",
    "streak_month", "streak_sign", "streak_target", "coverage", "coverage_pp", "recognition",
)  # fmt: skip
_RATES = ("收窄", "扩大")


def checks(reading: Reading, ledger: Ledger) -> Iterator[Claim]:
    """A claim for each figure that the run has too, and for main figures that it should have."""
    for meant in scan(reading, ledger):
        claim = _of_aim(meant, ledger) if meant.phrase.name in _AIMS else _of_row(meant, ledger)
        if claim is not None:
            yield claim
    for cell in cells(reading.text, ledger):
        rows = [stored(one, ledger) for one in cell.rows]
        told = nearest(cell.figure, cell.sign, [*rows, *_wanted(cell.targets, ledger)])
        if told is not None:
            yield told
    yield from counts(reading, ledger)


@dataclass(frozen=True, slots=True)
class Stored:
    """A number of the run: `value` as it is compared, `lo` and `hi` what it may be at its printed
    digits; `what` says which it is."""

    what: str
    value: Decimal
    lo: Decimal
    hi: Decimal
    shown: str
    unit: str
    of: Kind = "repeat"


# Of which kind a measure's figure is; a level that both tell is one told twice.
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("growth_needed", "required"), ("mean_required", "required"), ("two_year", "average"),
    ("growth_change", "pp_diff"), ("gap_parent", "pp_diff"), ("rank_growth_gap", "pp_diff"),
    ("range_growth", "pp_diff"), ("coverage_effect_pp", "pp_diff"), ("coverage", "difference"),
    ("rank_level_gap", "difference"), ("range_level", "difference"),
    ("recognition_gap_pct", "share"), ("recognition", "difference"),
    ("shortfall", "difference"), ("allowance", "difference"),
    ("rank", "rank"), ("completion", "progress"), ("pace_gap", "pace_gap"), ("arrears", "pace_gap"),
    ("contribution", "contribution"), ("pull", "contribution"), ("share", "share"),
    ("streak", "count"), ("growth", "growth"), ("month_growth", "growth"),
    ("like_for_like", "growth"),
)  # fmt: skip


def _of_row(meant: Meant, ledger: Ledger) -> Claim | None:
    found = fitting(meant, ledger)
    if not found:
        return _missing(meant, ledger) if meant.phrase.name in _MISSED else None
    return nearest(meant.figure, _sign(meant), [stored(one, ledger) for one in found])


def _of_aim(meant: Meant, ledger: Ledger) -> Claim | None:
    return nearest(meant.figure, _sign(meant), _wanted(aims(meant, ledger), ledger))


def _wanted(targets: Iterable[Target], ledger: Ledger) -> list[Stored]:
    """The values of targets, which are exact."""
    names = ledger.facts.names
    return [
        Stored(
            f"{names.of(one.org)}{names.of(one.indicator)}{one.year}年"
            f"{TIER_NAMES.get(one.tier, one.tier)}{KIND_NAMES[one.kind]}目标",
            one.value, one.value, one.value, f"{one.value.normalize():f}", one.unit,
        )
        for one in targets
        if one.value is not None
    ]  # fmt: skip


def stored(row: Measure, ledger: Ledger) -> Stored:
    """A row of the run that has a number."""
    assert row.value is not None
    lo, hi = row.lo, row.hi
    if lo is None or hi is None:
        lo, hi = _at_printed_digits(row)
    of: Kind = next((kind for name, kind in _KINDS if row.measure.startswith(name)), "repeat")
    return Stored(_called(row, ledger), row.value, lo, hi, row.shown, row.unit, of)


def _at_printed_digits(row: Measure) -> tuple[Decimal, Decimal]:
    """Where a run tells no bounds: half a digit around what is itself a printed number."""
    assert row.value is not None
    digits = len(row.shown.partition(".")[2])
    if not digits or row.value != Decimal(show(row.value, digits)):
        return row.value, row.value
    return row.value - half_unit(digits), row.value + half_unit(digits)


def _called(row: Measure, ledger: Ledger) -> str:
    names = ledger.facts.names
    measure = MEASURE_NAMES.get(row.measure, row.measure).partition("（")[0]
    against = next((names.of(one) for one in (row.base, row.peer_group) if one), "")
    beside = f"（{against}）" if against and row.measure not in ("growth", "month_growth") else ""
    return f"{names.of(row.org)}{names.of(row.period)}{names.of(row.indicator)}{measure}{beside}"


# -- comparing -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Compared:
    verdict: Verdict
    grade: Grade | None
    found: Interval  # in the printed unit, with the sign that is printed
    stored: Stored


_ORDER: tuple[Verdict, ...] = ("holds", "unverifiable", "contradicts")


def nearest(figure: Figure, sign: int, rows: list[Stored]) -> Claim | None:
    """What the best of the rows that a figure may be says of it: a contradiction only where none
    agrees. `sign`: 1 or −1 where the words say which way it goes, 0 where they do not."""
    told = [one for one in (_compared(figure, sign, each) for each in rows) if one]
    if not told:
        return None
    best = min(told, key=lambda one: _ORDER.index(one.verdict))
    if figure.hedge is not None and best.verdict == "contradicts":
        return None  # 8%以上 beside 8.2 is as often a wish as a figure
    return _said(figure, best)


def _compared(figure: Figure, sign: int, stored: Stored) -> _Compared | None:
    """None where the two are of different units."""
    try:
        ratio = Fraction(unit_ratio(stored.unit, figure.printed.unit or stored.unit))
    except QuantityError:
        return None
    ends = (Fraction(stored.value), Fraction(stored.lo), Fraction(stored.hi))
    whole = Interval(*ends).times(ratio * (sign or (1 if stored.value >= 0 else -1)))
    exact = Interval.exact(whole.value)
    how = grade(figure.printed, exact)
    if how == "holds" or (figure.hedge is not None and _may_be(figure, exact, ratio)):
        return _Compared("holds", None, whole, stored)
    if grade(figure.printed, whole) == "holds":
        return _Compared("unverifiable", None, whole, stored)
    return _Compared("contradicts", how, whole, stored)


def _may_be(figure: Figure, found: Interval, ratio: Fraction) -> bool:
    """Whether a rough figure leaves room for a number of its unit."""
    factor = Fraction(figure.unit.factor) if figure.unit is not None else Fraction(1)
    return figure.interval.overlaps(found.times(factor))


def _sign(meant: Meant) -> int:
    """1 or −1: which way the words say the figure goes; 0 where they say nothing of it."""
    name = meant.phrase.name
    if name in ("growth", "month_growth", "two_years", "since_growth", "like_for_like"):
        return -1 if meant.figure.falls else 1
    if name == "change":
        return _sign_of_change(meant)
    way = meant.word("way2", "way")
    if name == "arrears_growth" and not way:
        # 低于目标（7%）0.2个百分点 is owed, 高于 is not.
        aim = next((one.word("way") for one in chain(meant) if one.word("way")), "")
        return 1 if aim in LOWER else -1 if aim else 0
    if name == "arrears_net":
        return -1 if way == "超" else 1
    return (-1 if way in LOWER else 1) if name in _DIRECTED else 0


def _sign_of_change(meant: Meant) -> int:
    """降幅收窄 is a growth that rises."""
    way, what = meant.word("way"), meant.word("what")
    if way not in _RATES:
        return -1 if way in LOWER else 1
    falls = what in ("降幅", "跌幅") or (
        not what and meant.before is not None and meant.before.figure.falls
    )
    return 1 if (way == "收窄") == falls else -1


# -- saying ----------------------------------------------------------------------------------------


def _said(figure: Figure, how: _Compared) -> Claim:
    stored = how.stored
    computed = _shown(how, figure) + _spoken(figure.printed.unit or stored.unit)
    printed = "".join(figure.quote.split())
    what = f"运行结果里{stored.what}为{stored.shown}{_spoken(stored.unit)}"
    if how.verdict == "holds":
        said = f"{what}，与文中“{printed}”相符"
    elif how.verdict == "unverifiable":
        said = f"{what}，按它的位数分不出与文中“{printed}”是不是同一个数"
    elif how.grade == "truncated":
        said = f"{what}，文中“{printed}”是舍去尾数得来的，应改为“{computed}”"
    elif how.found.value < 0 < figure.printed.value:
        said = f"{what}，与文中“{printed}”方向相反"
    else:
        said = f"{what}，文中是“{printed}”，应改为“{computed}”"
    return Claim(
        figure.start, figure.end, figure.quote, "ledger", how.verdict, printed, said, how.grade,
        computed, (how.found.lo, how.found.hi),
        computed if how.verdict == "contradicts" else None, of=stored.of,
    )  # fmt: skip


def _shown(how: _Compared, figure: Figure) -> str:
    """The run's number as it prints it; in another unit with the digits of the text."""
    if how.stored.unit == figure.printed.unit:
        return how.stored.shown.lstrip("-") if how.found.value >= 0 else how.stored.shown
    value = how.found.value
    return show(Decimal(value.numerator) / Decimal(value.denominator), figure.printed.decimals)


def _spoken(unit: str) -> str:
    return "个百分点" if unit == "百分点" else unit


def _missing(meant: Meant, ledger: Ledger) -> Claim | None:
    """The run knows the indicator and org but not this figure; none for a rough one, and none for
    what is counted where the indicator is not (城镇、农村居民收入2项指标)."""
    names, figure = ledger.facts.names, meant.figure
    rows = ledger.measures(meant.indicator, meant.org)
    units = {row.unit for row in rows if row.measure in meant.phrase.measures}
    if figure.hedge is not None or not _may_be_in(figure, units):
        return None
    when = str(meant.period) if meant.period is not None else ""
    what = f"{names.of(meant.org)}{when}{names.of(meant.indicator)}的{_MISSED[meant.phrase.name]}"
    return Claim(
        figure.start, figure.end, figure.quote, "ledger", "unverifiable", figure.quote,
        f"运行结果里没有{what}，或者还不能看，没有核对",
        of="growth" if meant.phrase.name == "growth" else "repeat",
    )  # fmt: skip


def _may_be_in(figure: Figure, units: set[str]) -> bool:
    """Whether a figure converts to the units the run has; where it has none, no count does."""
    if not units:
        return not figure.is_count
    base = {found.base for unit in units if (found := find_unit(unit)) is not None}
    return figure.dimension in base
