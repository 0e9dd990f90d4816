"""Sentences of many shapes: each holds as it stands, and each of its breaks is told.

`sentences.csv`: a row with a text says of which kind the claim in it is; the rows below it without
a text are its breaks: `new` for `old`, and the grade that is told then (`quiet`: no contradiction).
`quiet.txt`: a text on each line in which nothing is wrong.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from diaodu.engine.proofread.check import proofread
from diaodu.engine.proofread.claims import Claim

HERE = Path(__file__).parent


def rows() -> Iterator[tuple[str, str, str, str, str]]:
    text = ""
    with (HERE / "sentences.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            text = row["text"] or text
            yield row["kind"], text, row["old"], row["new"], row["grade"]


TRUE = [(kind, text) for kind, text, old, _, _ in rows() if not old]
BROKEN = [row for row in rows() if row[2]]
QUIET = (HERE / "quiet.txt").read_text(encoding="utf-8").splitlines()


def contradictions(text: str) -> list[Claim]:
    return [claim for claim in proofread(text) if claim.verdict == "contradicts"]


@pytest.mark.parametrize(("kind", "text"), TRUE)
def test_a_true_sentence_holds(kind: str, text: str):
    assert "holds" in [claim.verdict for claim in proofread(text) if claim.kind == kind]
    assert not contradictions(text)


@pytest.mark.parametrize(("kind", "text", "old", "new", "grade"), BROKEN)
def test_a_broken_sentence_is_told(kind: str, text: str, old: str, new: str, grade: str):
    assert text.count(old) == 1
    told = contradictions(text.replace(old, new))
    if grade == "quiet":
        assert not told
    else:
        assert grade in [claim.grade for claim in told if claim.kind == kind]


@pytest.mark.parametrize("text", QUIET)
def test_a_text_with_many_numbers_and_no_mistake_stays_quiet(text: str):
    assert not contradictions(text)
