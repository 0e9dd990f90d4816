"""The proofreader on the speeches, cases and bulletins that lie beside the repository."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from bench.proofread import PAGES, measure, share_caught, share_found, thirty_pages
from bench.proofread_material import Material
from diaodu.engine.proofread.check import proofread

pytestmark = [pytest.mark.shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def material(shared: Path) -> Material:
    return Material(shared.parent)


def test_no_contradiction_is_unseen_or_false(material: Material):
    found = measure(material, mutated=False)
    assert [(file, one.quote, one.explanation) for file, one in found.unseen] == []
    assert found.alarms["false alarm"] * 10_000 <= sum(map(len, material.texts.values()))


def test_whatever_was_looked_at_is_still_found(material: Material):
    told = {
        (name, claim.kind, claim.start)
        for name, text in material.texts.items()
        for claim in proofread(text)
        if claim.verdict == "contradicts"
    }
    errors = [one for one in material.adjudicated if one.verdict == "error"]
    assert [one for one in errors if (one.file, one.kind, one.start) not in told] == []


def test_most_claims_are_found_and_most_broken_ones_caught(material: Material):
    found = measure(material)
    kept, cases = share_found(found)
    caught, mutants = share_caught(found)
    assert kept >= 0.75 * cases
    assert caught >= 0.88 * mutants
    quiet = [name for name, mutant in found.escaped if mutant.sort == "inside"]
    assert quiet == []


def test_thirty_pages_take_no_two_seconds(material: Material):
    speech = thirty_pages(text for name, text in material.texts.items() if "slice" in name)
    assert len(speech) == PAGES * 1000
    start = perf_counter()
    proofread(speech)
    assert perf_counter() - start < 2
