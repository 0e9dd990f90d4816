"""The same for breakdowns of a whole and for what is told of places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from diaodu.engine.rules.cross import ALL, convertible, overlap, span
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.messages import Path
from diaodu.engine.rules.models import Breakdown, Indicator, Org, Standing
from diaodu.engine.rules.suggest import suggestion
from diaodu.engine.rules.validate import Entries, Made

# -- breakdowns --------------------------------------------------------------------------------


def breakdowns(entries: Entries) -> Iterator[Fault]:
    """Keys that do not go together, parts that do not add up or overlap, a part that is in two
    breakdowns of one name."""
    known = _Known(entries)
    for made in entries.breakdowns:
        yield from _keys(made)
        yield from _wholes(known, made)
        if made.model.of == "indicators":
            yield from _indicator_parts(known, made)
        else:
            yield from _org_parts(known, made)
    yield from _twice(known, entries.breakdowns)


class _Known:
    """The indicators and orgs that breakdowns are made of."""

    def __init__(self, entries: Entries) -> None:
        self.indicators = {made.model.id: made.model for made in entries.indicators}
        self.orgs = {made.model.id: made.model for made in entries.orgs}

    def wholes(self, breakdown: Breakdown) -> list[Indicator]:
        """The indicators that are broken down; under “*” those that can be."""
        if ALL not in breakdown.indicators:
            return [self.indicators[one] for one in breakdown.indicators if one in self.indicators]
        by_org = breakdown.of == "orgs"
        return [i for i in self.indicators.values() if i.is_additive and (by_org or i.children)]

    def parts(self, breakdown: Breakdown, whole: Indicator) -> tuple[str, ...]:
        return breakdown.parts or whole.children

    def below(self, indicator: str) -> set[str]:
        """Every part of an indicator, its parts' parts included."""
        found: set[str] = set()
        todo = [indicator]
        while todo:
            one = self.indicators.get(todo.pop())
            new = set(one.children) - found if one is not None else set()
            found |= new
            todo += new
        return found

    def above(self, org: str) -> list[str]:
        """The orgs above one, the nearest first."""
        found: list[str] = []
        at: Org | None = self.orgs.get(org)
        while at is not None and at.parent is not None and at.parent not in found:
            found.append(at.parent)
            at = self.orgs.get(at.parent)
        return found

    def members(self, breakdown: Breakdown) -> list[str]:
        """The orgs a whole is broken down to, whenever they existed."""
        if breakdown.orgs:
            return list(breakdown.orgs)
        return [
            org.id
            for org in self.orgs.values()
            if org.parent == breakdown.parent and breakdown.child_level in (None, org.level)
        ]


def _keys(made: Made[Breakdown]) -> Iterator[Fault]:
    """Keys of the other sort; parts of several wholes at once."""
    by_org = made.model.of == "orgs"
    for key in ("parts",) if by_org else ("parent", "child_level", "orgs"):
        if made.gives(key):
            yield from made.fault(
                (key,), f"‘of: {made.model.of}’不用‘{key}’", f"删去 {key}，或改 of"
            )
    if by_org and not made.gives("parent"):
        yield from made.fault(("of",), "‘of: orgs’没有写‘parent’", "写上分解哪个单位的数")
    if made.model.parts and (len(made.model.indicators) > 1 or ALL in made.model.indicators):
        yield from made.fault(
            ("parts",), "写了‘parts’时只能分解一个指标", "一个指标写一条，或用指标的 children"
        )


def _wholes(known: _Known, made: Made[Breakdown]) -> Iterator[Fault]:
    for at, given in enumerate(made.model.indicators):
        whole = known.indicators.get(given)
        if whole is None:
            continue
        if not whole.is_additive:
            yield from made.fault(
                ("indicators", at), f"“{whole.name}”{_NOT_ADDED}", "换一个能相加的总量指标"
            )
        elif made.model.of == "indicators" and not known.parts(made.model, whole):
            yield from made.fault(
                ("indicators", at),
                f"“{whole.name}”没有写由哪些指标组成",
                "写上 parts，或在 indicators/ 里给它写 children",
            )


_NOT_ADDED = "是率、平均数或只有增速，各部分加不起来"


def _indicator_parts(known: _Known, made: Made[Breakdown]) -> Iterator[Fault]:
    """Each part adds up and converts; none is the whole, there twice, or inside another."""
    for whole in known.wholes(made.model):
        parts = known.parts(made.model, whole)
        for at, given in enumerate(parts):
            path: Path = ("parts", at) if made.model.parts else ("indicators",)
            part = known.indicators.get(given)
            if part is None:
                continue
            if not part.is_additive:
                yield from made.fault(
                    path, f"“{part.name}”{_NOT_ADDED}", "换一个能相加的指标，或从分解里去掉"
                )
            elif not convertible(part.unit, whole.unit):
                yield from made.fault(
                    path,
                    f"“{part.name}”的计量单位“{part.unit}”不能换算成“{whole.unit}”",
                    "改正编号，或改正计量单位",
                )
            inside = _within(known, parts[:at], given, whole)
            if inside is not None:
                yield from made.fault(path, f"“{part.name}”{inside}，各部分重叠", "只留一处")


def _within(known: _Known, before: Sequence[str], given: str, whole: Indicator) -> str | None:
    """How a part overlaps with the whole or with one that stands before it."""
    if given == whole.id or whole.id in known.below(given):
        return f"就是总量“{whole.name}”，或包含了它"
    for other in before:
        if other == given:
            return "写了两次"
        name = known.indicators[other].name if other in known.indicators else other
        if given in known.below(other):
            return f"是“{name}”的组成部分"
        if other in known.below(given):
            return f"包含了“{name}”"
    return None


def _org_parts(known: _Known, made: Made[Breakdown]) -> Iterator[Fault]:
    """Each org below the parent, none twice or below another."""
    parent = made.model.parent
    for at, given in enumerate(made.model.orgs):
        org = known.orgs.get(given)
        if org is None or parent is None:
            continue
        above = known.above(given)
        before = [one for one in made.model.orgs[:at] if one in known.orgs]
        if parent not in above:
            yield from made.fault(
                ("orgs", at),
                f"“{org.name}”不是“{_name(known, parent)}”的下级",
                "改正 parent 或 orgs",
            )
        elif given in before:
            yield from made.fault(("orgs", at), f"“{org.name}”写了两次，各部分重叠", "删去其中一个")
        else:
            for other in before:
                if other in above or given in known.above(other):
                    yield from made.fault(
                        ("orgs", at),
                        f"“{org.name}”与“{_name(known, other)}”是上下级，各部分重叠",
                        "只留一处",
                    )
    if not made.model.orgs and parent in known.orgs and not known.members(made.model):
        yield from made.fault(
            ("parent",), f"“{_name(known, parent)}”没有这一层级的下级", "改正 parent 或 child_level"
        )


def _name(known: _Known, org: str | None) -> str:
    found = known.orgs.get(org or "")
    return found.name if found is not None else str(org)


def _twice(known: _Known, all_made: Sequence[Made[Breakdown]]) -> Iterator[Fault]:
    """A part in two breakdowns of one whole that bear one name: whose is it?"""
    for first, other in combinations(all_made, 2):
        one, two = first.model, other.model
        if one.of != two.of or one.name != two.name or not overlap(span(one), span(two)):
            continue
        shared = _shared(known, one, two)
        if shared is not None:
            whole, part = shared
            where = f"{first.entry.file}:{first.entry.line()}"
            yield from other.fault(
                ("name",),
                f"“{whole}”的“{part}”已在同名的分解“{one.name}”（{where}）里",
                "换一个名称，或只留一处；改了分法的用 from、to 分开时段",
            )


def _shared(known: _Known, one: Breakdown, two: Breakdown) -> tuple[str, str] | None:
    """The names of a whole and a part that both have."""
    indicators = [i for i in known.wholes(one) if i in known.wholes(two)]
    if one.of == "orgs":
        both = [org for org in known.members(one) if org in known.members(two)]
        if one.parent != two.parent or not both or not indicators:
            return None
        return f"{_name(known, one.parent)}{indicators[0].name}", _name(known, both[0])
    for whole in indicators:
        for part in known.parts(one, whole):
            if part in known.parts(two, whole) and part in known.indicators:
                return whole.name, known.indicators[part].name
    return None


# -- places ------------------------------------------------------------------------------------


def standings(entries: Entries) -> Iterator[Fault]:
    groups = _groups(entries.orgs)
    unsure = {made.model.parent for made in entries.orgs if made.is_patched("level")}
    for made in entries.standings:
        for at, group in enumerate(made.model.groups):
            if group in (ALL, *groups) or group.partition("/")[0] in unsure:
                continue
            near = suggestion(group, groups)
            yield from made.fault(
                ("groups", at),
                f"没有“{group}”这个分组" + (f"，是不是“{near}”？" if near else ""),
                "写单位 groups 里的分组，或“上级编号/层级”",
            )
        yield from _classes(made)
    for first, other in combinations(entries.standings, 2):
        if overlap(span(first.model), span(other.model)) and _both_govern(first.model, other.model):
            where = f"{first.entry.file}:{first.entry.line()}"
            yield from other.fault(
                ("groups",),
                f"同一分组、同一指标的位次在同一时段已由“{first.model.id}”（{where}）管着",
                "用 from、to 分开时段，或只留一处",
            )


def _groups(orgs: Iterable[Made[Org]]) -> list[str]:
    found: dict[str, None] = {}
    for made in orgs:
        found.update(dict.fromkeys(made.model.groups))
        if made.model.parent is not None:
            found[f"{made.model.parent}/{made.model.level}"] = None
    return list(found)


def _both_govern(one: Standing, two: Standing) -> bool:
    """Whether some group, indicator and sort of place is under both."""
    return bool(set(one.by) & set(two.by)) and all(
        ALL in (*mine, *theirs) or bool(set(mine) & set(theirs))
        for mine, theirs in ((one.groups, two.groups), (one.indicators, two.indicators))
    )


def _classes(made: Made[Standing]) -> Iterator[Fault]:
    """Classes go up to 1, each beyond the one before, each with a name of its own."""
    classes = made.model.classes
    reached = Fraction(0)
    names: set[str] = set()
    for at, one in enumerate(classes):
        limit = one.limit
        if limit is None:
            yield from made.fault(
                ("classes", at, "upto"),
                f"‘upto’写的“{one.upto}”不是分数",
                "写成 1/3、2/3、1 或 0.25 之类",
            )
            return
        if one.name in names:
            yield from made.fault(
                ("classes", at, "name"), f"“{one.name}”写了两次", "改成不同的名称"
            )
        if not reached < limit <= 1:
            yield from made.fault(
                ("classes", at, "upto"),
                f"“{one.name}”到{one.upto}为止，不在前一段（{reached}）之后、1以内",
                "从前到后排，每一段比前一段大，最后一段写 1",
            )
        names.add(one.name)
        reached = limit
    if classes and reached < 1:
        yield from made.fault(
            ("classes",),
            f"各段只到{classes[-1].upto}，{reached}以后的位次没有归处",
            "最后一段写 upto: 1",
        )


CHECKS: tuple[Callable[[Entries], Iterable[Fault]], ...] = (breakdowns, standings)
