"""How findings name figures: with their digits, units and places."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.quantity import round_half_up, show
from diaodu.engine.ground.records import Finding, Observation, finding
from diaodu.engine.ground.words import FACET_NAMES, Severity
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.rounding import decimal_of


def figure(observation: Observation, at_most: int | None = None) -> str:
    """44.4亿元: the digits given and the unit; `at_most` so many decimals, but never all zeros."""
    assert observation.value is not None
    decimals = max(observation.decimals or 0, 0)
    if at_most is not None:
        decimals = min(decimals, visible(observation.value, at_most))
    return f"{show(observation.value, decimals)}{observation.unit}"


def visible(value: Decimal, decimals: int) -> int:
    """`decimals`, or as many more as it takes not to print a number other than zero as zero."""
    while value != 0 and round_half_up(value, decimals) == 0:
        decimals += 1
    return decimals


def number(value: Fraction | Decimal, decimals: int, unit: str) -> str:
    exact = decimal_of(value) if isinstance(value, Fraction) else value
    return f"{show(exact, decimals)}{unit}"


def place(observation: Observation) -> str:
    """“6月报表.xlsx”“工业”D7"""
    sheet = f"“{observation.sheet}”" if observation.sheet else ""
    return f"“{observation.file}”{sheet}{observation.cell}"


def period_name(period: str) -> str:
    return print_period(Period.from_id(period))


def subject(rulebook: Rulebook, observation: Observation) -> str:
    """示例镇规上工业总产值2023年1—5月, and the facet where it is not the level."""
    org, indicator = rulebook.names_of([observation.org, observation.indicator])
    facet = "" if observation.facet == "level" else FACET_NAMES[observation.facet]
    return f"{org}{indicator}{period_name(observation.period)}{facet}"


def about(
    observation: Observation, code: str, severity: Severity, message: str, action: str, *,
    expected: str, found: str, others: tuple[Observation, ...] = (), check: str = "",
) -> Finding:  # fmt: skip
    """A finding about one figure, compared with others.

    A hard finding names only the figure it holds out; a soft one all the figures it rests on.
    `check` tells apart several expectations of one code about the same figure.
    """
    ids = {observation.obs_id}
    if severity == "soft":
        ids |= {other.obs_id for other in others}
    return finding(
        code, severity, message, action, file=observation.file, sheet=observation.sheet,
        cell=observation.cell, indicator=observation.indicator, org=observation.org,
        period=observation.period, expected=expected, found=found, obs_ids=tuple(ids),
        discriminator="|".join(
            (observation.facet, observation.against or "", observation.track, check)
        ),
    )  # fmt: skip
