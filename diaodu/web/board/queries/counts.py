"""The head strip: what is high and low, up and down, and who. Counted over the lines shown to
this reader; a figure under embargo is in no class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from diaodu.engine.report.spans import is_numeric
from diaodu.web.board.queries import streaks
from diaodu.web.board.queries.streaks import Streaks
from diaodu.web.board.queries.table import Line
from diaodu.web.shared.templatetags.figures import FLAT, signed


@dataclass(frozen=True, slots=True)
class Part:
    """8高: a count with its word and who is counted, each with a figure or a reason."""

    count: int
    word: str
    title: str
    named: tuple[tuple[str, str], ...]
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """One cell of the strip. `parts` and `left_out` together are all lines."""

    title: str
    comparable: int
    parts: tuple[Part, ...]
    left_out: Part
    below: str


@dataclass(frozen=True, slots=True)
class Strip:
    counts: tuple[Count, ...]
    bottom: Part
    bottom_below: str
    streaks: Streaks


def strip(lines: Sequence[Line], upper: str) -> Strip:
    bottom = [line for line in lines if line.standing is not None and line.standing.is_bottom]
    return Strip(
        counts=(_targets(lines), _changes(lines), _moves(lines, upper)),
        bottom=_part(bottom, "项", f"{upper}后三位", _place, is_bad=True),
        bottom_below="、".join(f"{line.short}{_place(line)}" for line in bottom) or "没有",
        streaks=streaks.of_lines(lines),
    )


def _part(
    lines: Iterable[Line], word: str, title: str, told: Callable[[Line], str],
    is_bad: bool = False,
) -> Part:  # fmt: skip
    named = tuple((line.name, told(line)) for line in lines)
    return Part(len(named), word, title, named, is_bad and bool(named))


def _count(title: str, lines: Sequence[Line], parts: Sequence[Part], left: Part) -> Count:
    last = parts[-1]
    names = "、".join(line.short for line in lines if line.name in {n for n, _ in last.named})
    return Count(
        title, sum(part.count for part in parts), tuple(parts), left,
        f"{last.word}：{names}" if names else f"没有{last.word}的",
    )  # fmt: skip


# -- against the year's targets ------------------------------------------------------------------


def _targets(lines: Sequence[Line]) -> Count:
    def of(name: str) -> list[Line]:
        return [line for line in lines if line.row.target_class == name]

    counted = ("above_target", "at_target", "below_target")
    parts = (
        _part(of("above_target"), "高", "高于年度目标或序时进度", _off_target),
        _part(of("at_target"), "平", "与年度目标或序时进度持平", _off_target),
        _part(of("below_target"), "低", "低于年度目标或序时进度", _off_target, is_bad=True),
    )
    rest = [line for line in lines if line.row.target_class not in counted]
    return _count("对年度目标", lines, parts, _left_out(rest, _why_no_target))


def _off_target(line: Line) -> str:
    """What decided: 增速超0.2, 进度+1.1."""
    goal = line.goal
    if goal.owed_look or not is_numeric(goal.gap):
        return f"增速{goal.owed}" if goal.growth else goal.word
    told = signed(goal.gap)
    return f"进度{told}" if told == FLAT else f"进度{told}点"


def _why_no_target(line: Line) -> str:
    if line.absent:
        return line.absent
    return "未下达目标" if line.row.target_class == "no_target" else "无法比较"


def _left_out(lines: Iterable[Line], why: Callable[[Line], str]) -> Part:
    return _part(lines, "项", "未比较的指标及原因", why)


# -- against the last period -------------------------------------------------------------------


def _changes(lines: Sequence[Line]) -> Count:
    def of(name: str) -> list[Line]:
        return [line for line in lines if line.row.growth_class == name]

    def change(line: Line) -> str:
        return line.change

    counted = ("growth_up", "growth_flat", "growth_down")
    parts = (
        _part(of("growth_up"), "升", "增速比上期升，百分点", change),
        _part(of("growth_flat"), "平", "增速与上期持平", change),
        _part(of("growth_down"), "降", "增速比上期降，百分点", change),
    )
    rest = [line for line in lines if line.row.growth_class not in counted]
    return _count("增速比上期", lines, parts, _left_out(rest, _why_no_change))


def _why_no_change(line: Line) -> str:
    return line.absent or (line.change if not is_numeric(line.change) else "无法比较")


# -- places ------------------------------------------------------------------------------------


def _place(line: Line) -> str:
    return f"{line.standing.place}/{line.standing.n}" if line.standing is not None else ""


def _moves(lines: Sequence[Line], upper: str) -> Count:
    def moved(sign: int) -> list[Line]:
        return [line for line in lines if (by := _by(line)) is not None and _sign(by) == sign]

    parts = (
        _part(moved(1), "升", "位次前移", _from_to),
        _part(moved(0), "平", "位次未变", _place),
        _part(moved(-1), "降", "位次后移", _from_to),
    )
    rest = [line for line in lines if _by(line) is None]
    counted = _count(f"{upper}位次比上期", lines, parts, _left_out(rest, _why_no_move))
    fallen = "、".join(f"{line.short}{_from_to(line)}" for line in moved(-1))
    if not fallen:
        return counted
    return Count(
        counted.title, counted.comparable, counted.parts, counted.left_out, f"降：{fallen}"
    )


def _by(line: Line) -> int | None:
    if line.standing is None or line.standing.move is None:
        return None
    return line.standing.move.by


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _from_to(line: Line) -> str:
    assert line.standing is not None
    return f"{line.standing.before}→{line.standing.place}"


def _why_no_move(line: Line) -> str:
    if line.absent:
        return line.absent
    if line.standing is None:
        return "没有排名"
    return "没有上期排名" if line.standing.move is None else "参排单位有变"
