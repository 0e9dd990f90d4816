"""Figures of a text put into the calculations of `compute`, and a printed one held against them.

Every operand is the interval that its printed digits, or the word in front of it, leave open. What
comes out is a Claim that says holds, contradicts or, where nothing is certain, nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Literal

from diaodu.engine.compute.calculator_arguments import Figure as Argument
from diaodu.engine.compute.calculator_arguments import Given
from diaodu.engine.compute.calculator_formulas import Result
from diaodu.engine.compute.grading import grade
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import Printed, half_unit, show
from diaodu.engine.proofread.claims import Claim, Grade, Kind
from diaodu.engine.proofread.reading.model import AMOUNT, PERCENT, POINTS, Figure, Sentence

Outcome = Literal["holds", "truncated", "wrong", "open"]
"""open: a rough figure that neither fits nor is contradicted."""

_EXACT_DIGITS = Context(prec=60, rounding=ROUND_HALF_EVEN)
_OTHER_SIGN = {PERCENT: ("%", "个百分点"), POINTS: ("个百分点", "%")}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to compute a printed figure: `found` in its printed unit, from `operands`.

    `sure` unless another figure may be meant: then it can show that a claim holds, but a
    contradiction only where the printed figure is close enough to look like a slip of it.
    `words` (the printed one, the right one) say that it fits only with another word: % for 百分点.
    A `guess` is of figures that are not called what the text names: it shows nothing but that a
    claim holds.
    """

    found: Interval
    formula: str
    operands: tuple[Figure, ...]
    sure: bool = True
    words: tuple[str, str] | None = None
    guess: bool = False


# -- computing -----------------------------------------------------------------------------------


def computed(
    formula: Callable[[Given], Result], name: str, figures: Mapping[str, Figure | Interval],
    unit: str = "", lists: Mapping[str, Sequence[Figure]] | None = None,
    scale: Fraction = Fraction(1),
) -> tuple[Interval, str] | None:  # fmt: skip
    """A calculation on figures; amounts are divided by `scale`, the factor of the unit wanted.
    None where the calculation gives a word (over a base of zero, say)."""
    arguments = {key: _argument(figure, scale) for key, figure in figures.items()}
    several = {key: [_argument(f, scale) for f in listed] for key, listed in (lists or {}).items()}
    try:
        result = formula(Given(name, unit, arguments, several, {}, dict.fromkeys(arguments, "")))
    except ZeroDivisionError:  # a base that may be zero within its rounding
        return None
    if result.value is None or result.lo is None or result.hi is None:
        return None
    return Interval(result.value, result.lo, result.hi), result.formula.partition("（单位")[0]


def _argument(figure: Figure | Interval, scale: Fraction) -> Argument:
    if isinstance(figure, Interval):
        return Argument(figure, number_text(figure.value, 0), "")
    if figure.sign == AMOUNT:  # 减少5亿元: how much, whichever way
        return Argument(figure.interval.times(1 / scale), plain(figure), figure.printed.unit)
    return Argument(figure.signed, ("-" if figure.falls else "") + plain(figure), "")


def factor(figure: Figure) -> Fraction:
    """What the unit of a figure is worth in its base."""
    return Fraction(1) if figure.unit is None else Fraction(figure.unit.factor)


def plain(figure: Figure) -> str:
    """A figure as it is quoted in a formula: without blanks, with its unit even where that stands
    behind the last of a list."""
    quote = "".join(figure.quote.split())
    unit = figure.printed.unit
    return quote if quote.endswith(unit[-1:]) else printed_text(figure)


def unhedged(figure: Figure) -> Figure:
    """A figure as its digits alone say."""
    if figure.hedge is None or figure.hedge == "range":
        return figure
    number = figure.printed
    half = Fraction(half_unit(number.decimals))
    value = Fraction(number.value)
    interval = Interval(value, value - half, value + half).times(factor(figure))
    return replace(figure, hedge=None, interval=interval)


# -- judging -------------------------------------------------------------------------------------


def outcome(printed: Figure, found: Interval) -> Outcome:
    """How a printed figure, with its hedge, stands to what was computed in its unit."""
    number = signed(printed)
    if printed.hedge is None or (printed.hedge == "about" and not printed.spelled):
        exact = grade(number, found)
        if exact == "truncated" and grade(number, Interval.exact(found.value)) != "truncated":
            exact = "wrong"  # it is only the operands' rounding that reaches so far
        if exact == "holds" or printed.hedge is None:
            return exact
    rough = printed.signed.times(1 / factor(printed))
    if rough.overlaps(found):
        return "holds"
    value = Fraction(number.value)
    if printed.hedge in ("over", "at_least") and abs(found.hi) < abs(value):
        return "wrong"
    if printed.hedge in ("under", "at_most") and abs(found.lo) > abs(value):
        return "wrong"
    return "open"


def signed(figure: Figure) -> Printed:
    """The printed number, negative where a word says so."""
    return Printed(figure.value, figure.printed.decimals, figure.printed.unit)


def judged(
    sentence: Sentence, kind: Kind, printed: Figure, attempts: Iterable[Attempt], *,
    start: int | None = None,
) -> Claim | None:  # fmt: skip
    """The claim that a figure makes, by the attempt that fits it best.

    `start` is where the claim begins in the text, if before its figures (at a word of direction).
    None where no attempt shows anything.
    """
    value = Fraction(printed.value)
    near = sorted(attempts, key=lambda one: abs(one.found.value - value))
    tried = [(outcome(printed, one.found), one) for one in near]
    for how, attempt in sorted(tried, key=_how_well):
        if (
            how == "holds"
            or attempt.sure
            or (
                how != "open"
                and _may_be_slip(kind, printed, attempt)
                and _is_near(sentence, kind, printed, attempt)
            )
        ):
            return _claim(sentence, kind, printed, how, attempt, start)
    return None


_RANKED: dict[Outcome, int] = {"holds": 0, "truncated": 2, "wrong": 3, "open": 4}


def _how_well(tried: tuple[Outcome, Attempt]) -> tuple[int, bool]:
    how, attempt = tried
    return _RANKED[how] + (how == "holds" and attempt.words is not None), not attempt.sure


def _may_be_slip(kind: Kind, printed: Figure, attempt: Attempt) -> bool:
    return not attempt.guess or _is_too_much(kind, printed)


def _tenth(figure: Figure) -> Printed:
    """A number with its point one place further left, as rough as printed: 690% read as 69%."""
    return Printed(figure.value / 10, figure.printed.decimals, figure.printed.unit)


def _is_too_much(kind: Kind, printed: Figure) -> bool:
    """Whether no part can be so much of a whole: 778% for 77.8%."""
    return printed.sign == PERCENT and printed.printed.value > 100 and kind in ("share", "progress")


def _is_near(sentence: Sentence, kind: Kind, printed: Figure, attempt: Attempt) -> bool:
    """Whether a figure looks like a slip of what was computed: not more than a tenth off, its
    point moved by one place, or 亿 written for 万. Figures of other sentences are too easily such
    a slip away by chance, but for sums and for percentages above a hundred."""
    value, found = Fraction(printed.value), attempt.found
    if abs(value - found.value) * 10 <= abs(found.value):
        return True
    here = all(sentence.start <= one.start < sentence.end for one in attempt.operands)
    if not (here or _is_too_much(kind, printed) or kind == "sum"):
        return False
    if _is_too_much(kind, printed) and grade(_tenth(printed), found) == "holds":
        return True
    slips = (found.times(factor) for factor in _SLIPS)
    return value != 0 and any(grade(signed(printed), slip) == "holds" for slip in slips)


_SLIPS = (Fraction(10), Fraction(1, 10), Fraction(10**4), Fraction(1, 10**4))


def _claim(
    sentence: Sentence, kind: Kind, printed: Figure, how: Outcome, attempt: Attempt,
    start: int | None,
) -> Claim:  # fmt: skip
    unit, shown = printed.printed.unit, printed_text(printed)
    decimals = 0 if printed.spelled else printed.printed.decimals
    told = number_text(attempt.found.value, decimals) + unit
    what = f"按文中的数算，{attempt.formula} = {told}"
    first, last, operands = _stretch(sentence, printed, attempt.operands, start)
    claim = Claim(
        first, last, "", kind, "holds", shown, f"{what}，与印的{shown}相符", None, told,
        (attempt.found.lo, attempt.found.hi), None, operands,
    )  # fmt: skip
    if how == "open":
        text = f"{what}；印的是约数{shown}，核不准"
        return replace(claim, verdict="unverifiable", explanation=text)
    if how == "holds" and attempt.words is None:
        return claim
    grade_, fix, reason = _contradiction(printed, how, attempt)
    return replace(
        claim, verdict="contradicts", grade=grade_, fix=fix, explanation=f"{what}，{reason}"
    )


def _contradiction(printed: Figure, how: Outcome, attempt: Attempt) -> tuple[Grade, str, str]:
    """The grade, the smallest change that would make it hold, and what is wrong."""
    if how == "holds" and attempt.words is not None:
        word, right = attempt.words
        return "wording", f"“{word}”改为“{right}”", f"数相符，但“{word}”应为“{right}”"
    shown, unit = printed_text(printed), printed.printed.unit
    right, usual = _nearest(signed(printed), attempt.found) + unit, _usual(printed, attempt) + unit
    if how == "truncated":
        return "truncated", f"{shown}改为{right}", f"四舍五入应为{right}，印的{shown}是只舍不入"
    should = f"应为{right}" if right == usual else f"应为{usual}左右，至少要改到{right}才说得通"
    return "wrong", f"{shown}改为{right}", f"与印的{shown}不符，{should}"


def _usual(printed: Figure, attempt: Attempt) -> str:
    """What was computed, printed to as many decimals as the printed figure."""
    return show(_decimal(attempt.found.value), printed.printed.decimals)


def with_other_sign(figure: Figure) -> tuple[Figure, str, str]:
    """A percentage read as points, or the other way round; the word printed and the right one."""
    word, right = _OTHER_SIGN[figure.sign]
    printed = Printed(figure.printed.value, figure.printed.decimals, right)
    return replace(figure, printed=printed), word, right


def unverifiable(
    sentence: Sentence, kind: Kind, printed: Figure, missing: str, *, start: int | None = None
) -> Claim:
    """A claim that is printed, but without what would decide it."""
    first, last, _ = _stretch(sentence, printed, (), start)
    return Claim(
        first, last, "", kind, "unverifiable", printed_text(printed),
        f"文中没有{missing}，{printed_text(printed)}核不了",
    )  # fmt: skip


def _stretch(
    sentence: Sentence, printed: Figure, operands: Sequence[Figure], start: int | None
) -> tuple[int, int, tuple[tuple[int, int], ...]]:
    """Where a claim stands: from its first figure in the sentence to its last; figures of other
    sentences are listed instead, and then the claim holds the printed figure alone."""
    here = [f for f in operands if sentence.start <= f.start < sentence.end]
    if len(here) < len(operands):
        first, last = printed.start, printed.end
    else:
        first = min(f.start for f in (printed, *here))
        last = max(f.end for f in (printed, *here))
    if start is not None:
        first = min(first, start)
    if len(here) == len(operands):
        return first, last, ()
    return first, last, tuple((f.start, f.end) for f in sorted(operands, key=lambda f: f.start))


# -- printing ------------------------------------------------------------------------------------


def printed_text(figure: Figure) -> str:
    """A figure in its unit, without its hedge: 10%, -3.2%, 0.3个百分点; 三分之一 as it stands."""
    if figure.spelled:
        return "".join(figure.quote.split())
    number = figure.printed
    return show(number.value, number.decimals) + number.unit


def number_text(value: Fraction, decimals: int) -> str:
    """To two decimals more than printed, zeros at the end left out down to the printed ones."""
    shown = show(_decimal(value), decimals + 2)
    whole, point, digits = shown.partition(".")
    kept = digits.rstrip("0")
    kept += "0" * (decimals - len(kept))
    return f"{whole}{point}{kept}" if kept else whole


def _nearest(printed: Printed, found: Interval) -> str:
    """The nearest number, printed to as many decimals, that would hold."""
    step = Fraction(1, 10**printed.decimals)
    ends = [show(_decimal(end), printed.decimals) for end in (found.value, found.lo, found.hi)]
    fits = [
        end
        for end in ends
        if grade(Printed(Decimal(end), printed.decimals, printed.unit), found) == "holds"
    ]
    value = Fraction(printed.value)
    return min(fits or ends[:1], key=lambda end: (abs(Fraction(end) - value) // step, end))


def _decimal(value: Fraction) -> Decimal:
    return _EXACT_DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
