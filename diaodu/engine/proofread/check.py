"""Proofreading a text: it is read once, then every check of the table is held against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from diaodu.engine.proofread import (
    announced,
    bounds,
    contribution,
    dates,
    decomposed,
    differences,
    enumerated,
    growth,
    named_parts,
    needs,
    partitions,
    peers,
    points,
    progress,
    rank,
    repeat,
    respectively,
    share,
    slips,
    sums,
    tables,
    tallies,
    trend,
    units,
)
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.ledger import held
from diaodu.engine.proofread.ledger.model import Ledger
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
    bounds.checks,
    needs.checks,
    announced.checks,
    enumerated.checks,
    trend.checks,
    rank.checks,
    peers.checks,
    dates.checks,
    tallies.checks,
    respectively.checks,
    units.checks,
    slips.checks,
    named_parts.checks,
    repeat.checks,
    tables.checks,
    partitions.checks,
    decomposed.checks,
)  # fmt: skip


def proofread(text: str, *, ledger: Ledger | None = None) -> tuple[Claim, ...]:
    """Every claim found in a text, sorted by start; a claim found twice stands once. `ledger`: a
    run that the text is held against besides."""
    reading = read(text)
    claims = [
        replace(claim, quote=text[claim.start : claim.end])
        for check in CHECKS
        for claim in check(reading)
    ]
    if ledger is not None:
        claims = settled(claims, list(held.checks(reading, ledger)))
    return tuple(
        sorted(dict.fromkeys(claims), key=lambda claim: (claim.start, claim.end, claim.kind))
    )


def settled(claims: list[Claim], by_ledger: list[Claim]) -> list[Claim]:
    """All claims, but those that could not be told from the text alone where the ledger tells."""
    told = {(one.end, one.printed) for one in by_ledger if one.verdict != "unverifiable"}
    return [
        *(one for one in claims
          if one.verdict != "unverifiable" or (one.end, one.printed) not in told),
        *by_ledger,
    ]  # fmt: skip
