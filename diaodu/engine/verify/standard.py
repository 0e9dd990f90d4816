"""How strict each check is: the one table of defaults, and what the rulebook's `checks/` change.

`tolerance` is what two figures may differ by beyond the rounding of their printed digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from diaodu.engine.ground.words import Severity
from diaodu.engine.rules.models import Check
from diaodu.engine.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Ruling:
    """How one check treats one indicator on one day. `off`: the rulebook switched it off."""

    severity: Severity
    tolerance: Decimal = Decimal(0)
    tolerance_pct: Decimal = Decimal(0)  # of the figure it is compared with
    off: bool = False

    def allowance(self, compared_with: Decimal | Fraction) -> Fraction:
        """How far off a figure may be, beyond rounding, in its own unit."""
        share = abs(Fraction(compared_with)) * Fraction(self.tolerance_pct) / 100
        return Fraction(self.tolerance) + share


# Hard where the figure cannot be right as it stands; soft where either side may be the wrong one
# or the two may differ by definition.
STANDARD: dict[str, Ruling] = {
    "range": Ruling("hard"),
    "impossible": Ruling("hard"),  # negative counts, ranks outside 1..n
    "improbable": Ruling("soft"),  # shares outside 0..100, falls of more than 100 %
    "unit_slip": Ruling("hard"),
    "cumulative_fell": Ruling("soft"),
    "month_vs_ytd": Ruling("soft"),
    "parts": Ruling("soft"),
    "part": Ruling("hard"),
    "implied_base": Ruling("soft"),
    "published_vs_computed": Ruling("soft"),
    "whole": Ruling("hard"),
    "computed_growth": Ruling("soft"),
    "jump": Ruling("soft"),
    "contradiction": Ruling("soft"),
    "heaped": Ruling("soft"),
    "revised": Ruling("soft"),
    "late": Ruling("soft"),
    "missing": Ruling("soft"),
}


def ruling_of(check: Check) -> Ruling:
    """A rulebook check laid over the standard of its kind."""
    standard = STANDARD[check.kind]
    return Ruling(
        check.severity or standard.severity,
        standard.tolerance if check.tolerance is None else check.tolerance,
        standard.tolerance_pct if check.tolerance_pct is None else check.tolerance_pct,
        check.off,
    )


def named_check(
    rulebook: Rulebook, kind: str, indicator: str, day: date, facet: str | None = None
) -> Check | None:
    """The rulebook's check of this kind for the indicator: one that names it before one for “*”.

    A check that says its facet is only for that facet.
    """
    general: Check | None = None
    for check in rulebook.checks:
        if check.kind != kind or not check.holds_on(day):
            continue
        if facet is not None and "facet" in check.model_fields_set and check.facet != facet:
            continue
        if indicator in check.indicators:
            return check
        if "*" in check.indicators and general is None:
            general = check
    return general


def ruling(
    rulebook: Rulebook, kind: str, indicator: str, day: date, facet: str | None = None
) -> Ruling:
    """What holds for a built-in check: the rulebook's word, else the standard."""
    check = named_check(rulebook, kind, indicator, day, facet)
    return STANDARD[kind] if check is None else ruling_of(check)
