"""The same for what targets are held to: milestones of a pace, gates, holidays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from diaodu.engine.rules.cross import overlap, same_time, span
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.models import Gate, Milestone, Pace
from diaodu.engine.rules.suggest import suggestion
from diaodu.engine.rules.validate import Entries, Made

_SATURDAY = 5
_YEAR, _WHOLE = 12, 100


def milestones(entries: Entries) -> Iterator[Fault]:
    """Milestones stand where they are read, in order, and none after the gate it is for."""
    for made in entries.paces:
        yield from _where_read(made)
        yield from _in_order(made)
        yield from _before_gates(made, entries.gates)


def gates(entries: Entries) -> Iterator[Fault]:
    """A gate asks for something, and no two of a name or of a month at a time."""
    for made in entries.gates:
        gate = made.model
        if gate.done is None and gate.growth is None and not made.is_patched():
            yield from made.fault(
                (), f"“{gate.name}”什么也没有要求", "写上 done（总量目标）或 growth（增速目标）"
            )
        if gate.share is not None and gate.done is None:
            yield from made.fault(
                ("share",), "写了 share，却没有要求总量目标", "补上 done，或删去 share"
            )
    for first, other in combinations(entries.gates, 2):
        one, two = first.model, other.model
        if one.month == two.month and set(one.tiers) & set(two.tiers):
            yield from same_time(first, other)


def holidays(entries: Entries) -> Iterator[Fault]:
    for made in entries.holidays:
        year = made.model.year
        for at, off in enumerate(made.model.holidays):
            if off.to < off.from_:
                yield from made.fault(
                    ("holidays", at), f"从{off.from_}放到{off.to}，先后颠倒", "改正 from、to"
                )
            elif off.to.year < year or off.from_.year > year:
                yield from made.fault(
                    ("holidays", at), f"{off.from_}至{off.to}不在{year}年", "改正，或移到那一年"
                )
        for at, day in enumerate(made.model.workdays):
            if day.year != year:
                yield from made.fault(("workdays", at), f"{day}不在{year}年", "改正日期")
            elif day.weekday() < _SATURDAY:
                yield from made.fault(
                    ("workdays", at), f"{day}不是周末，不用写成调休上班", "改正或删去"
                )
    for first, other in combinations(entries.holidays, 2):
        if first.model.year == other.model.year:
            yield from other.fault(
                ("year",), f"{first.model.year}年的放假安排已写在“{first.model.id}”里",
                "删去其中一个",
            )  # fmt: skip


# -- milestones --------------------------------------------------------------------------------


def _where_read(made: Made[Pace]) -> Iterator[Fault]:
    by_milestones = made.model.pace_basis == "milestones"
    if by_milestones and not made.model.milestones and not made.is_patched("milestones"):
        yield from made.fault(
            ("pace_basis",),
            "按节点算序时，却没有写节点",
            "补上 milestones，写明到几月底完成百分之几",
        )
    if made.model.milestones and not by_milestones and not made.is_patched("pace_basis"):
        yield from made.fault(
            ("milestones",),
            "写了节点，序时却不按节点算",
            "把 pace_basis 改为 milestones，或删去节点",
        )


def _in_order(made: Made[Pace]) -> Iterator[Fault]:
    given = made.model.milestones
    for at, (before, behind) in enumerate(pairwise(given), 1):
        if behind.month <= before.month:
            yield from made.fault(
                ("milestones", at, "month"),
                f"{behind.month}月的节点排在{before.month}月之后", "由早到晚写，一个月只写一个",
            )  # fmt: skip
        if behind.share < before.share:
            yield from made.fault(
                ("milestones", at, "share"),
                f"{behind.month}月应完成{behind.share}%，比{before.month}月的{before.share}%还少",
                "后面的节点不能比前面的低",
            )
    for at, one in enumerate(given):
        if one.month == _YEAR and one.share != _WHOLE:
            yield from made.fault(
                ("milestones", at, "share"),
                f"年底的节点是{one.share}%，不是全年目标", "改为100，或删去12月的节点",
            )  # fmt: skip


def _before_gates(made: Made[Pace], known: Sequence[Made[Gate]]) -> Iterator[Fault]:
    by_id = {one.model.id: one.model for one in known}
    for at, one in enumerate(made.model.milestones):
        if one.gate is None:
            continue
        gate = by_id.get(one.gate)
        if gate is None:
            near = suggestion(one.gate, by_id)
            hint = f"，是不是“{near}”？" if near else ""
            yield from made.fault(
                ("milestones", at, "gate"), f"没有编号为“{one.gate}”的关口{hint}",
                "改正编号，或在 gates/ 里补上",
            )  # fmt: skip
        elif overlap(span(made.model), span(gate)):
            yield from _late(made, at, one, gate)


def _late(made: Made[Pace], at: int, one: Milestone, gate: Gate) -> Iterator[Fault]:
    if one.month > gate.month:
        yield from made.fault(
            ("milestones", at, "month"),
            f"这个节点为“{gate.name}”而定，关口在{gate.month}月底，节点却在{one.month}月底",
            f"把节点提到{gate.month}月或以前",
        )
    elif gate.share is not None and one.share < gate.share:
        yield from made.fault(
            ("milestones", at, "share"),
            f"“{gate.name}”要求完成{gate.share}%，为它定的节点只有{one.share}%",
            f"把节点提高到{gate.share}或以上",
        )


CHECKS: tuple[Callable[[Entries], Iterable[Fault]], ...] = (milestones, gates, holidays)
