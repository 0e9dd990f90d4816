"""The nouns that the rooms hand on: Observation, Target, Finding, Measure, Verdict.

Field order is the column order of the files they are written to.
"""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from diaodu.engine.ground.words import FIGURE_KINDS, Severity


def digest(*parts: object) -> str:
    """First 16 hex digits of the SHA-256 of the parts joined by “|”; None counts as empty."""
    text = "|".join(["" if part is None else str(part) for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Observation(NamedTuple):
    """One figure as received: one indicator, org, period, facet, track and day of receipt.

    `value` is in the indicator's unit (rates in %, differences in 百分点); `decimals` are the
    digits given, in that unit (173873万元 in 亿元 has four). `word` stands where no number does.
    """

    obs_id: str
    indicator: str
    org: str
    period: str
    facet: str
    against: str | None  # org or peer group, for gap, share and ranks
    n: int | None  # peers ranked
    track: str
    received: date
    value: Decimal | None
    decimals: int | None
    word: str | None
    unit: str
    unit_given: str
    value_given: str
    file: str
    sha256: str
    sheet: str
    cell: str
    held: bool

    @property
    def key(self) -> tuple[str, str, str, str, str | None, str]:
        """What is measured, without the vintage."""
        return (self.indicator, self.org, self.period, self.facet, self.against, self.track)

    @staticmethod
    def make_id(
        indicator: str, org: str, period: str, facet: str, against: str | None, track: str,
        received: date,
    ) -> str:  # fmt: skip
        before, behind = Observation.id_around(indicator, period, facet, against, track, received)
        return Observation.id_of(before + org + behind)

    @staticmethod
    def id_around(
        indicator: str, period: str, facet: str, against: str | None, track: str, received: date
    ) -> tuple[str, str]:
        """What stands before and behind the org in the text an id is made of: all figures of a
        column share it, so it is put together once. The text is the one `digest` would make."""
        return f"{indicator}|", f"|{period}|{facet}|{against or ''}|{track}|{received}"

    @staticmethod
    def id_of(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Target(NamedTuple):
    """What is wanted of an indicator and org in a year. `word` is no_target for 未下达.

    `period`: "" for the year as a whole, else the id of the cumulative period that a phase target
    (时序任务、一季度任务) was issued for. `against`: what a target that is no figure of its own is
    held against: `indicator` or `indicator|org` of a relative target, a peer group or an org above
    for places and means; "" for the usual one. `text`: what is wanted in words (qualitative).
    """

    target_id: str
    indicator: str
    org: str
    year: int
    tier: str
    kind: str
    comparator: str
    value: Decimal | None  # in `unit`: the indicator's, or % for a growth target
    tolerance: Decimal | None
    unit: str
    word: str | None
    issuer: str
    document: str
    received: date
    file: str
    sha256: str
    sheet: str
    cell: str
    period: str = ""
    against: str = ""
    text: str = ""

    @property
    def place(self) -> tuple[str, str, int, str, str, str, str]:
        """What is wanted of whom, without the vintage and the figure."""
        return (
            self.indicator, self.org, self.year, self.tier, self.kind, self.period, self.against,
        )  # fmt: skip

    @property
    def is_usual(self) -> bool:
        """Of the year as a whole and of a kind that every measure and light table knows."""
        return not self.period and self.kind in FIGURE_KINDS

    @staticmethod
    def make_id(
        indicator: str, org: str, year: int, tier: str, kind: str, received: date,
        period: str = "", against: str = "",
    ) -> str:  # fmt: skip
        more = [period, against] if period or against else []
        return digest(indicator, org, year, tier, kind, received.isoformat(), *more)


class Finding(NamedTuple):
    """Something to look at: what, where, how far off, how bad, what to do."""

    id: str
    code: str
    severity: Severity
    file: str
    sheet: str
    cell: str
    indicator: str
    org: str
    period: str
    expected: str
    found: str
    message: str
    action: str
    obs_ids: tuple[str, ...]


def finding(
    code: str, severity: Severity, message: str, action: str, *, file: str = "", sheet: str = "",
    cell: str = "", indicator: str = "", org: str = "", period: str = "", expected: str = "",
    found: str = "", obs_ids: tuple[str, ...] = (), discriminator: str = "",
) -> Finding:  # fmt: skip
    """Make a Finding whose id depends only on what it is about, never on its neighbours.

    `discriminator` tells apart two findings of one code about the same thing (a track, a facet).
    """
    identity = digest(code, file, sheet, cell, indicator, org, period, discriminator)
    return Finding(
        identity, code, severity, file, sheet, cell, indicator, org, period, expected, found,
        message, action, tuple(sorted(obs_ids)),
    )  # fmt: skip


class Measure(NamedTuple):
    """One computed figure. `value` is cut off (not rounded) at twelve decimals; `shown` is rounded
    once from it; `word` stands where there is no number. `lo`/`hi` bound what the printed inputs
    allow. `inputs` are obs_ids, target_ids, measure keys, or `peers:<id>`."""

    key: str
    indicator: str
    org: str
    period: str
    measure: str
    target_id: str
    base: str
    peer_group: str
    value: Decimal | None
    shown: str
    decimals: int | None
    word: str | None
    unit: str
    lo: Decimal | None
    hi: Decimal | None
    formula: str
    inputs: tuple[str, ...]

    @staticmethod
    def make_key(
        indicator: str, org: str, period: str, measure: str, target_id: str = "", base: str = "",
        peer_group: str = "",
    ) -> str:  # fmt: skip
        return "|".join((indicator, org, period, measure, target_id, base, peer_group))


class Verdict(NamedTuple):
    """The light of one target, or (target_id None) of the row: the worst of its targets'."""

    indicator: str
    org: str
    period: str
    target_id: str | None
    rule: str
    light: str
    word: str
    reasons: tuple[str, ...]
