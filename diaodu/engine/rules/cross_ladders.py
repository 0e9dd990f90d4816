"""The same for the ladders of duties: rungs, counters, days off, the last of a group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations, pairwise

from diaodu.engine.ground.words import DUTY_SOURCE_NAMES, LADDER_STEP_NAMES
from diaodu.engine.rules.cross import overlap, span
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.models import BottomRule, Indicator, Ladder, Rung
from diaodu.engine.rules.suggest import suggestion
from diaodu.engine.rules.validate import Entries, Made

_GRAVITY = {step: at for at, step in enumerate(LADDER_STEP_NAMES)}
_SATURDAY = 5


def ladders(entries: Entries) -> Iterator[Fault]:
    groups = groups_of(entries)
    known = {one.model.id: one.model for one in entries.indicators}
    for made in entries.ladders:
        yield from _rungs(made)
        yield from _counters(made)
        yield from _days(made)
        for at, bottom in enumerate(made.model.bottoms):
            yield from _bottom(made, at, bottom, groups, known)
    for first, other in combinations(entries.ladders, 2):
        yield from _both(first, other)


def _said(rung: Rung) -> str:
    day = f"期限{'后' if rung.after > 0 else '前'}{abs(rung.after)}天" if rung.after else "到期当天"
    return f"“{LADDER_STEP_NAMES[rung.step]}”（{day}）"


def _rungs(made: Made[Ladder]) -> Iterator[Fault]:
    if made.is_patched("rungs"):
        return
    rungs = made.model.rungs
    for at, rung in enumerate(rungs):
        if any((rung.step, rung.after) == (one.step, one.after) for one in rungs[:at]):
            yield from made.fault(("rungs", at), f"{_said(rung)}写了两次", "删去其中一个")
    for at, (before, behind) in enumerate(pairwise(rungs), 1):
        if behind.after < before.after:
            yield from made.fault(
                ("rungs", at, "after"),
                f"{_said(behind)}排在{_said(before)}之后，天数却更少",
                "各步由轻到重写，天数由少到多",
            )
    yield from _graver(made)


def _graver(made: Made[Ladder]) -> Iterator[Fault]:
    """Of the steps that somebody decides each is graver than the one before; reminders may stand
    anywhere and again and again."""
    decided = [(at, rung) for at, rung in enumerate(made.model.rungs) if not rung.automatic]
    for (_, before), (at, behind) in pairwise(decided):
        if behind.step == before.step and behind.after != before.after:
            yield from made.fault(
                ("rungs", at, "step"),
                f"“{LADDER_STEP_NAMES[behind.step]}”写了两次，只有提醒可以写几次",
                "只留一个，或改成 step: reminder",
            )
        elif _GRAVITY[behind.step] < _GRAVITY[before.step]:
            yield from made.fault(
                ("rungs", at, "step"),
                f"{_said(behind)}比前一步{_said(before)}轻",
                "各步由轻到重写：" + "、".join(LADDER_STEP_NAMES.values()),
            )


def _counters(made: Made[Ladder]) -> Iterator[Fault]:
    taken = {rung.step for rung in made.model.rungs}
    taken |= {bottom.step for bottom in made.model.bottoms}
    for at, counter in enumerate(made.model.counters):
        if counter.step not in taken and not made.patches:
            yield from made.fault(
                ("counters", at, "step"),
                f"阶梯里没有“{LADDER_STEP_NAMES[counter.step]}”这一步，次数永远是零",
                "在 rungs 或 bottoms 里补上这一步，或改 step",
            )


def _days(made: Made[Ladder]) -> Iterator[Fault]:
    ladder = made.model
    for key in ("holidays", "workdays"):
        if getattr(ladder, key) and ladder.days == "calendar" and not made.is_patched("days"):
            yield from made.fault(
                (key,), f"按日历天数计，‘{key}’不起作用", "写 days: working，或删去它"
            )
    for at, off in enumerate(ladder.holidays):
        if off.from_ > off.to:
            yield from made.fault(
                ("holidays", at, "to"),
                f"假期的末日{off.to}早于首日{off.from_}",
                "对调或改正这两个日期",
            )
    for at, day in enumerate(ladder.workdays):
        if day.weekday() < _SATURDAY and not _is_off(ladder, day):
            yield from made.fault(
                ("workdays", at),
                f"{day}不是周末也不在假期里，本来就上班",
                "改正日期，或删去它",
            )


def _is_off(ladder: Ladder, day: date) -> bool:
    return any(off.from_ <= day <= off.to for off in ladder.holidays)


def _bottom(
    made: Made[Ladder], at: int, bottom: BottomRule, groups: Mapping[str, int],
    known: Mapping[str, Indicator],
) -> Iterator[Fault]:  # fmt: skip
    path = ("bottoms", at)
    if any(one.name == bottom.name for one in made.model.bottoms[:at]):
        yield from made.fault((*path, "name"), f"规则名称“{bottom.name}”重复", "改成不同的名称")
    if bottom.group not in groups:
        near = suggestion(bottom.group, groups)
        yield from made.fault(
            (*path, "group"),
            f"没有“{bottom.group}”这个分组" + (f"，是不是“{near}”？" if near else ""),
            "写单位 groups 里的分组，或“上级编号/层级”",
        )
    elif bottom.bottom >= groups[bottom.group]:
        yield from made.fault(
            (*path, "bottom"),
            f"“{bottom.group}”只有{groups[bottom.group]}个单位，倒数{bottom.bottom}名是全部",
            "改小 bottom",
        )
    for place, name in enumerate(bottom.indicators):
        indicator = known.get(name)
        if indicator is not None and bottom.by not in indicator.facets:
            what = "总量" if bottom.by == "level" else "增速"
            yield from made.fault(
                (*path, "indicators", place),
                f"“{indicator.name}”不发布{what}，不能按{what}排",
                "改 by，或删去这个指标",
            )


def groups_of(entries: Entries) -> dict[str, int]:
    """Every group orgs are ranked in, with how many there are in it."""
    found: dict[str, int] = {}
    for made in entries.orgs:
        own = list(made.model.groups)
        if made.model.parent is not None:
            own.append(f"{made.model.parent}/{made.model.level}")
        for group in own:
            found[group] = found.get(group, 0) + 1
    return found


def _both(first: Made[Ladder], other: Made[Ladder]) -> Iterator[Fault]:
    """Two ladders for the same duties at one time."""
    one, two = (set(m.model.sources or DUTY_SOURCE_NAMES) for m in (first, other))
    unsure = first.is_patched("sources") or other.is_patched("sources")
    named = bool(first.model.sources) != bool(other.model.sources)
    if unsure or named or not overlap(span(first.model), span(other.model)):
        return  # one that names sources goes before one for all
    shared = [name for source, name in DUTY_SOURCE_NAMES.items() if source in one & two]
    if shared:
        yield from other.fault(
            ("sources",),
            f"与“{first.model.id}”在同一时段都管“{'、'.join(shared)}”的事项",
            "用 from、to 分开时段，或用 sources 分开来源",
        )


CHECKS: tuple[Callable[[Entries], Iterable[Fault]], ...] = (ladders,)
