"""The further measures of one series, those that the rulebook's indicators ask for."""

from __future__ import annotations

from collections.abc import Iterator

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


def measures(
    cells: Frame, figures: Frame, targets: Frame, past: Frame | None, paces: Paces, plan: Plan
) -> Iterator[Frame]:
    """Rows of all of them. `figures` are those read, with the periods of `bases.further`;
    `past`: see `streaks.wanted`. What few rows are made one by one comes as one frame."""
    rulebook = paces.rulebook
    based = with_bases(cells, rulebook, plan)
    yield from other_bases.measures(based, figures)
    yield from months.measures(based, figures)
    made = [
        *averages.measures(based, figures),
        *required.measures(based, figures, targets, rulebook),
        *months.solved(based, figures, rulebook),
        *bands.measures(cells, targets, paces),
        *asked_growth.growths(based, figures, targets),
        *asked_growth.means(cells, targets, rulebook),
        *streaks.measures(past, targets, paces, plan),
    ]
    if made:
        yield frame_of(cells, made)
