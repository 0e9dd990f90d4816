"""一张表 as a whole: strip, lines, what is said below, and what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from diaodu.engine.ground.words import LIGHT_NAMES
from diaodu.engine.report.material import whole
from diaodu.web.board.queries import aims, grades, notes
from diaodu.web.board.queries.aims import AimedLine
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.counts import Count, Strip, strip
from diaodu.web.board.queries.saying import Lagging, lagging
from diaodu.web.board.queries.saying import notes as footnotes
from diaodu.web.board.queries.table import (
    Line,
    filtered,
    in_fields,
    lines,
    ordered,
    upper_heads,
    widest_gap,
)
from diaodu.web.runs import queries as runs
from diaodu.web.shared.access import Access

_PHONE_ORDER = ("behind", "watch", "good")


@dataclass(frozen=True)
class Group:
    """Lines of one light, for the phone: the worst first."""

    light: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """Strip, counts and notes are over all lines one may see; `lines` are those asked for."""

    lines: Sequence[Line]
    all_lines: Sequence[Line]
    strip: Strip
    grades: Sequence[Count]
    lagging: Sequence[Lagging]
    aimed: Sequence[AimedLine]
    tiers: Sequence[str]
    notes: Sequence[str]
    groups: Sequence[Group]
    widest: Decimal
    upper: str
    upper_heads: Sequence[str]
    fields: Sequence[str]
    owners: Sequence[tuple[str, str]]
    lights: Sequence[tuple[str, str]]


def table(chosen: Chosen, access: Access, now: datetime, asked: Mapping[str, str]) -> Table:
    """`asked`: field, owner, light, sort; each may be absent."""
    headlines = [one.id for one in chosen.rulebook.headlines]
    rows = runs.rows(chosen.run, access, now, org=chosen.org.id, indicators=headlines)
    every = _with_notes(lines(chosen, rows), chosen, access, now)
    shown = filtered(
        every, field=asked.get("field", ""), owner=asked.get("owner", ""),
        light=asked.get("light", ""),
    )  # fmt: skip
    shown = in_fields(ordered(shown, asked.get("sort", "")))
    aimed = aims.of_lines(shown)
    upper = whole(chosen.ancestors[0]) if chosen.ancestors else ""
    return Table(
        lines=shown, all_lines=every, strip=strip(every, upper), grades=grades.of_lines(every),
        lagging=lagging(shown), aimed=aimed, tiers=aims.tiers_of(aimed),
        notes=footnotes(chosen, every), groups=_groups(shown),
        widest=widest_gap(every), upper=upper, upper_heads=upper_heads(chosen),
        fields=list(dict.fromkeys(line.field for line in every)),
        owners=list({line.owner: line.owner_name for line in every if line.owner}.items()),
        lights=_lights(every),
    )  # fmt: skip


def _with_notes(
    found: Sequence[Line], chosen: Chosen, access: Access, now: datetime
) -> list[Line]:  # fmt: skip
    """With how many remarks on their figures are not settled."""
    shown = {(line.row.indicator_id, line.row.period) for line in found if not line.row.embargoed}
    counts = notes.marks(access, now, chosen.org.id, shown)
    return [replace(line, notes=counts.get(line.row.indicator_id, 0)) for line in found]


def _groups(found: Sequence[Line]) -> list[Group]:
    told = [
        Group(light, LIGHT_NAMES[light], tuple(line for line in found if line.light == light))
        for light in _PHONE_ORDER
    ]
    rest = tuple(line for line in found if line.light not in _PHONE_ORDER)
    return [group for group in (*told, Group("", "未判", rest)) if group.lines]


def _lights(found: Sequence[Line]) -> list[tuple[str, str]]:
    present = {line.light: line.light_word for line in found}
    order = [*_PHONE_ORDER, *(light for light in present if light not in _PHONE_ORDER)]
    return [(light, LIGHT_NAMES.get(light, present[light])) for light in order if light in present]
