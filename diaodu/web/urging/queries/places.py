"""Places in a run, as the engine's rules on last places read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from diaodu.engine.dispatch.bottoms import Placed
from diaodu.engine.ground.printed import with_unit
from diaodu.web.people import queries as people
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import RowView
from diaodu.web.shared.access import Access, Grant


def places(
    run: Any, access: Access, now: datetime, indicators: Iterable[str] | None = None
) -> list[Placed]:
    """Every place of the run's rows that this reader may see and that is released."""
    wanted = None if indicators is None else frozenset(indicators)
    if wanted is not None and not wanted:
        return []
    rows = runs.rows(run, access, now, indicators=wanted)
    return [place for row in rows if not row.embargoed for place in _of(row)]


def _of(row: RowView) -> Iterator[Placed]:
    for rank in row.ranks:
        reverse, n = _whole(rank.reverse), _whole(rank.n)
        if reverse is not None and n is not None:
            figure = row.level if rank.of == "level" else row.growth
            told = with_unit(figure.shown, figure.unit) if figure and figure.is_number else ""
            yield Placed(
                row.indicator_id, row.org_id, row.period, rank.of, rank.peer_group, reverse, n, told
            )


def _whole(figure: Any) -> int | None:
    number = figure.number if figure is not None else None
    return None if number is None else int(number)


def everybody() -> Access:
    """Who reads what everyone at this desk may: nothing before its release."""
    home = people.home()
    if home is None:
        return Access(None)
    grant = Grant("reader", home.pk, people.subtree(home.pk), None, early=False)
    return Access(None, (grant,), home=home.pk)
