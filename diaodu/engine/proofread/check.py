"""Proofreading a text: it is read once, then every check of the table is held against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from diaodu.engine.proofread import (
    announced,
    contribution,
    dates,
    differences,
    enumerated,
    growth,
    needs,
    points,
    progress,
    rank,
    respectively,
    share,
    sums,
    tallies,
    trend,
)
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.model import Reading
from diaodu.engine.proofread.reading.read import read

Check = Callable[[Reading], Iterator[Claim]]

# One line for each module of checks; each yields the claims of its kind or kinds.
CHECKS: tuple[Check, ...] = (
    share.checks,
    progress.checks,
    points.checks,
    growth.checks,
    differences.checks,
    sums.checks,
    contribution.checks,
    needs.checks,
    announced.checks,
    enumerated.checks,
    trend.checks,
    rank.checks,
    dates.checks,
    tallies.checks,
    respectively.checks,
)  # fmt: skip


def proofread(text: str) -> tuple[Claim, ...]:
    """Every claim found in a text, sorted by start; a claim found twice stands once."""
    reading = read(text)
    claims = {
        replace(claim, quote=text[claim.start : claim.end]): None
        for check in CHECKS
        for claim in check(reading)
    }
    return tuple(sorted(claims, key=lambda claim: (claim.start, claim.end, claim.kind)))
