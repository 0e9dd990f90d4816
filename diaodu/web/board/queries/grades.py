"""In which band of the rulebook the completion of each line lies, or its distance to the pace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diaodu.engine.rules.models import BandSet
from diaodu.web.board.queries.counts import Count, Part
from diaodu.web.board.queries.table import Line, goal_of, in_points
from diaodu.web.runs.queries import Figure, RowView
from diaodu.web.shared.templatetags.figures import figure, signed

MEASURE = "completion_band"
_TITLES = {"completion": "完成年度目标", "pace_gap": "与序时进度比"}


def of_lines(lines: Sequence[Line]) -> list[Count]:
    """A count for each set of bands that any line is graded by; with those left out it is all
    lines."""
    sets = lines[0].row.rulebook.bands if lines else ()
    return [found for one in sets if (found := _count(one, lines)) is not None]


def _count(bands: BandSet, lines: Sequence[Line]) -> Count | None:
    places = {line.name: place for line in lines if (place := place_in(bands, line.row))}
    if not places:
        return None
    parts = [
        _part(bands, name, [line for line in lines if places.get(line.name) == place])
        for place, name in enumerate((one.name for one in bands.bands), 1)
    ]
    lowest = next(one for one in parts if one.count)
    rest = [line for line in lines if line.name not in places]
    left = Part(
        len(rest), "项", "没有分档的指标及原因",
        tuple((line.name, _why_not(bands, line)) for line in rest),
    )  # fmt: skip
    shorts = {line.name: line.short for line in lines}
    below = f"{lowest.word}：{'、'.join(shorts[name] for name, _ in lowest.named)}"
    return Count(_TITLES[bands.of], len(places), tuple(parts), left, below)


def _part(bands: BandSet, name: str, lines: Iterable[Line]) -> Part:
    named = tuple((line.name, _told(bands, line.row)) for line in lines)
    return Part(len(named), name, f"{_TITLES[bands.of]}：{name}", named)


def place_in(bands: BandSet, row: RowView) -> int:
    """Counted from below, from 1; 0 where the row is not graded by this set."""
    aim = goal_of(row, "level")
    found = row.get(MEASURE, aim.id, base=bands.id) if aim is not None else None
    return int(found.shown) if found is not None and found.is_number else 0


def _told(bands: BandSet, row: RowView) -> str:
    """What was graded: 完成36.7%, 序时差−5.0点."""
    aim = goal_of(row, "level")
    one: Figure | None = aim.get(bands.of) if aim is not None else None
    if one is None:
        return ""
    return f"完成{figure(one.shown)}%" if bands.of == "completion" else in_points(signed(one.shown))


def _why_not(bands: BandSet, line: Line) -> str:
    if line.absent:
        return line.absent
    aim = goal_of(line.row, "level")
    if aim is None:
        return "未下达总量目标"
    return "不比序时" if bands.of == "pace_gap" and aim.completion is not None else "无法比较"
