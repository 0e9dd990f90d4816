"""How many indicators stand above, at and below their targets, held against a run's own counts.

Only the words that say which indicators are counted are read (对照年度目标，主要指标6高1平3低;
增速与上期相比，7升0平3降): other texts count other lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from diaodu.engine.ground.records import Measure
from diaodu.engine.ground.words import MEASURE_NAMES
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.flat import Flat, flatten
from diaodu.engine.proofread.ledger.model import Ledger
from diaodu.engine.proofread.reading.model import Reading

_SAID = (
    (
        re.compile(r"对照年度目标，主要指标(?P<a>\d+)高(?P<b>\d+)平(?P<c>\d+)低"),
        ("count_above_target", "count_at_target", "count_below_target"),
    ),
    (
        re.compile(r"增速与上期相比，(?P<a>\d+)升(?P<b>\d+)平(?P<c>\d+)降"),
        ("count_growth_up", "count_growth_flat", "count_growth_down"),
    ),
)


def counts(reading: Reading, ledger: Ledger) -> Iterator[Claim]:
    """A claim for each of the counts that the run has for its own org and period."""
    flat = flatten(reading.text)
    rows = {
        row.measure: row
        for row in ledger.measures("", ledger.home)
        if row.period == ledger.period.id and row.value is not None
    }
    for pattern, measures in _SAID:
        for match in pattern.finditer(flat.text):
            for name, measure in zip("abc", measures, strict=True):
                if measure in rows:
                    yield _claim(reading.text, flat, match, name, rows[measure])


def _claim(text: str, flat: Flat, match: re.Match[str], name: str, row: Measure) -> Claim:
    assert row.value is not None, "only rows with a number are held against"
    start, end = flat.span(match.start(name), match.end(name) + 1)
    word, count = flat.text[match.end(name)], int(row.value)
    holds = int(match[name]) == count
    printed, computed = f"{match[name]}{word}", f"{count}{word}"
    told = f"运行结果里{MEASURE_NAMES[row.measure]}为{count}，"
    told += f"与文中“{printed}”相符" if holds else f"文中是“{printed}”，应改为“{computed}”"
    interval = (Fraction(count), Fraction(count))
    return Claim(
        start, end, text[start:end], "ledger", "holds" if holds else "contradicts", printed, told,
        None if holds else "wrong", computed, interval, None if holds else computed, of="count",
    )  # fmt: skip
