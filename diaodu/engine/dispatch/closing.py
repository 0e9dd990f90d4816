"""What a duty still needs to be closed: proof, the figure it is tied to, its child duties."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from diaodu.engine.dispatch.duty import Duty, Goal
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.printed import Printed, number_of, plain, said, with_unit
from diaodu.engine.ground.words import LIGHT_NAMES, MEASURE_NAMES, OBS_TRACK_NAMES

# The three proofs that a lagging indicator was faced; each is asked for with its day.
LAG_PROOFS: tuple[str, ...] = ("主要负责人研究", "现场督导", "对上衔接")
# What the owner says of its own work settles nothing.
_NOT_RECOGNISED = ("estimate", "self")

Met = Literal["yes", "no", "unknown"]


class Answer(NamedTuple):
    """Whether a figure says that the goal is reached, in words; `gap`: how far it is still, in the
    measure's unit, where that can be said."""

    met: Met
    text: str
    gap: Decimal | None = None


def answer_of(
    goal: Goal, *, period: str | None, figure: Printed | None = None, light: str = "",
    reasons: Sequence[str] = (), tracks: Collection[str] = (), name: str = "",
) -> Answer:  # fmt: skip
    """Holds a goal against the newest figure there is.

    period: the id of the period that the figure is of, None where there is none. figure: the
    measure that the goal names; for a goal by light the row's `light` and `reasons` instead.
    tracks: on which tracks the figures behind it came in. name: what to call the indicator.
    """
    what = _what(goal, name)
    by_light = goal.measure == "light"
    if period is None or (not light if by_light else figure is None):
        return Answer("unknown", f"{what}还没有数，不能据以销号")
    early = _too_early(goal, period, what)
    if early is not None:
        return early
    own = [OBS_TRACK_NAMES[track] for track in _NOT_RECOGNISED if track in tracks]
    if own:
        return Answer("unknown", f"{what}只有{'、'.join(own)}数，等认定的数出来再销号")
    when = print_period(Period.from_id(period))
    if by_light or figure is None:
        return _by_light(light, reasons, f"{when}{what}")
    return _by_figure(goal, figure, f"{when}{what}")


def _what(goal: Goal, name: str) -> str:
    if goal.measure in ("light", "value"):
        return name or "指标"
    return f"{name}{MEASURE_NAMES.get(goal.measure, goal.measure)}"


def _too_early(goal: Goal, period: str, what: str) -> Answer | None:
    if goal.since is None:
        return None
    since, now = Period.from_id(goal.since), Period.from_id(period)
    if now.end >= since.end:
        return None
    told = f"{what}要看{print_period(since)}的数，现在只有{print_period(now)}的"
    return Answer("unknown", told)


def _by_light(light: str, reasons: Sequence[str], what: str) -> Answer:
    told = f"{what}亮灯为“{LIGHT_NAMES[light]}”"
    if light in ("good", "watch"):
        return Answer("yes", told)
    if light == "behind":
        return Answer("no", f"{told}：{'；'.join(reasons)}" if reasons else told)
    return Answer("unknown", f"{told}，不能据以销号")


_HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": lambda one, two: one >= two,
    "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two,
    "<": lambda one, two: one < two,
}  # fmt: skip
_OP_NAMES = {">=": "不低于", "<=": "不高于", ">": "高于", "<": "低于"}


def _by_figure(goal: Goal, figure: Printed, what: str) -> Answer:
    now = number_of(figure)
    if now is None or goal.value is None:
        return Answer("unknown", f"{what}为“{said(figure)}”，不能据以销号")
    wanted = f"{_OP_NAMES[goal.op]}{with_unit(plain(goal.value), figure.unit)}"
    told = f"{what}为{said(figure)}，要求{wanted}"
    if _HOLDS[goal.op](now, goal.value):
        return Answer("yes", told, Decimal(0))
    gap = abs(goal.value - now)
    unit = "百分点" if figure.unit == "%" else figure.unit
    beyond = f"，还差{with_unit(plain(gap), unit)}" if gap else ""
    return Answer("no", told + beyond, gap)


# -- proof -----------------------------------------------------------------------------------


def checklist(duty: Duty) -> dict[str, date | None]:
    """Every demanded proof, in its order, with the day on which it was first given."""
    given: dict[str, date] = {}
    for one in sorted(duty.proof, key=lambda proof: proof.on):
        if one.proves is not None:
            given.setdefault(one.proves, one.on)
    return {asked: given.get(asked) for asked in duty.proof_asked}


def unproven(duty: Duty) -> list[str]:
    """The demanded proofs that nothing was handed in for, in their order."""
    return [asked for asked, day in checklist(duty).items() if day is None]


def lacking(duty: Duty, children: Iterable[Duty] = (), answer: Answer | None = None) -> list[str]:
    """Why a duty cannot be closed on proof, every reason; empty where it can.

    children: its child duties. answer: what the figure says, for a duty tied to one. A decision
    that is on record closes a duty all the same (`decide`).
    """
    found: list[str] = []
    if duty.goal is not None:
        said = answer or Answer("unknown", "还没有对照指标的数")
        if said.met != "yes":
            found.append(said.text)
    asked = unproven(duty)
    if asked:
        found.append(f"缺{'、'.join(asked)}")
    elif not duty.proof and duty.goal is None:
        found.append("没有交凭证")
    waiting = [child.title for child in children if child.is_open or child.state == "draft"]
    if waiting:
        found.append(f"还有{len(waiting)}件下级事项没有销号：{'、'.join(waiting)}")
    return found


def uncovered(duty: Duty, children: Iterable[Duty]) -> list[str]:
    """The things of a duty that none of its child duties takes up: its parts must cover the
    whole. A line is taken up by the same words, an indicator or org by its id."""
    taken = {_key(thing.id, thing.text) for child in children for thing in child.things}
    led = {child.lead for child in children}
    return [
        thing.text
        for thing in duty.things
        if _key(thing.id, thing.text) not in taken and thing.id not in led
    ]


def _key(id: str | None, text: str) -> str:
    return id or text
