"""The further measures of one series, those that the rulebook's indicators ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from diaodu.engine.compute import (
    asked_growth,
    averages,
    bands,
    months,
    other_bases,
    required,
    streaks,
)
from diaodu.engine.compute.bases import with_bases
from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.made import frame_of
from diaodu.engine.compute.pace import Paces
from diaodu.engine.compute.plan import Plan

# Those of figures alone, by who makes them; no other measure reads them.
OF_FIGURES = (months.MEASURES, averages.MEASURES, streaks.OF_GROWTH)


def measures(
    cells: Frame, figures: Frame, targets: Frame, past: Frame | None, paces: Paces, plan: Plan,
    left: Collection[str] = (),
) -> Iterator[Frame]:  # fmt: skip
    """Rows of all of them but those of OF_FIGURES that are in `left`. `figures` are those read,
    with the periods of `bases.further`; `past`: see `streaks.wanted`. What few rows are made one
    by one comes as one frame."""
    rulebook = paces.rulebook
    based = with_bases(cells, rulebook, plan)
    yield from other_bases.measures(based, figures)
    made = [
        *required.measures(based, figures, targets, rulebook),
        *bands.measures(cells, targets, paces),
        *asked_growth.growths(based, figures, targets),
        *asked_growth.means(cells, targets, rulebook),
        *streaks.measures(past, targets, paces, plan, left),
    ]
    if not months.MEASURES.issubset(left):
        yield from months.measures(based, figures)
        made += months.solved(based, figures, rulebook)
    if not averages.MEASURES.issubset(left):
        made += averages.measures(based, figures)
    if made:
        yield frame_of(cells, made)
