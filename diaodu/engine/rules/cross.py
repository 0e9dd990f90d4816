"""What only shows when entries are held against each other. Each check yields its faults; all
checks run, so that everything wrong is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import Any

from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.period import normal
from diaodu.engine.ground.quantity import find_unit, unit_ratio
from diaodu.engine.ground.words import LEVEL_NAMES
from diaodu.engine.rules import formula
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.graph import circles
from diaodu.engine.rules.messages import Path
from diaodu.engine.rules.models import (
    BandSet,
    Code,
    Dated,
    Gate,
    Indicator,
    LightTable,
    Org,
    Pace,
    Shape,
)
from diaodu.engine.rules.suggest import suggestion
from diaodu.engine.rules.validate import KINDS, Entries, Made

ALL = "*"
_WHAT = {"orgs": "单位", "indicators": "指标"}
_SUGGESTIONS = 20  # per kind: each one is a search through all ids

Reference = tuple[Path, str, str]  # where, kind of the thing, its id


# -- references ------------------------------------------------------------------------------


def _references(model: Any) -> Iterator[Reference]:
    """Every id of an org or indicator that an entry refers to."""
    for key, kind in (
        ("parent", "orgs"), ("owner", "orgs"), ("org", "orgs"), ("reportable", "indicators"),
        ("indicator", "indicators"),
    ):  # fmt: skip
        given = getattr(model, key, None)
        if isinstance(given, str):
            yield (key,), kind, given
    for key, kind in (
        ("children", "indicators"), ("indicators", "indicators"), ("orgs", "orgs"),
        ("parts", "indicators"),
    ):  # fmt: skip
        for at, given in enumerate(getattr(model, key, ())):
            if given != ALL or key != "indicators":
                yield (key, at), kind, given
    for at, given in enumerate(getattr(model, "with_", ())):
        yield ("with", at), "indicators", given
    for at, ranking in enumerate(getattr(model, "rankings", ())):
        yield ("rankings", at, "indicator"), "indicators", ranking.indicator
    for at, reconciled in enumerate(getattr(model, "reconciles", ())):
        yield ("reconciles", at, "indicator"), "indicators", reconciled.indicator
    for at, bottom in enumerate(getattr(model, "bottoms", ())):
        for place, given in enumerate(bottom.indicators):
            yield ("bottoms", at, "indicators", place), "indicators", given


def unknown_references(entries: Entries) -> Iterator[Fault]:
    known = {kind: _Known(entries, kind) for kind in _WHAT}
    for kind in KINDS:
        for made in getattr(entries, kind):
            for path, wanted, given in _references(made.model):
                yield from known[wanted].fault(made, path, given)


class _Known:
    """The ids of one kind, and how to say that one is not among them."""

    def __init__(self, entries: Entries, kind: str) -> None:
        self.kind = kind
        self.ids = entries.declared.get(kind, {})
        self.by_name = {
            normal(made.model.name): made.model.id for made in reversed(getattr(entries, kind))
        }
        self.left = _SUGGESTIONS

    def fault(self, made: Made[Any], path: Path, given: str) -> Iterator[Fault]:
        """Nothing where the id is known; its fault, with the nearest id, where it is not."""
        if given in self.ids:
            return
        what = _WHAT[self.kind]
        meant = self.by_name.get(normal(given))
        if meant is not None:
            yield from made.fault(path, f"这里要写{what}的编号，“{given}”是名称", f"改成“{meant}”")
            return
        near = self._near(given)
        yield from made.fault(
            path,
            f"没有编号为“{given}”的{what}" + (f"，是不是“{near}”？" if near else ""),
            f"改正编号，或在 {self.kind}/ 里补上",
        )

    def _near(self, given: str) -> str | None:
        self.left -= 1
        return suggestion(given, self.ids) if self.left >= 0 else None


def reserved_ids(entries: Entries) -> Iterator[Fault]:
    for kind in KINDS:
        entry = entries.declared.get(kind, {}).get(ALL)
        if entry is not None:
            yield entry.fault(("id",), "编号不能是“*”：它表示“全部”", "换一个编号")


# -- dates -----------------------------------------------------------------------------------


def days_in_order(entries: Entries) -> Iterator[Fault]:
    """`from` after `to`, for every dated entry and every code; `opened` after `closed`."""
    for kind in KINDS:
        for made in getattr(entries, kind):
            if isinstance(made.model, Dated):
                yield from _in_order(made, ("to",), made.model.from_, made.model.to, "from", "to")
    for made in entries.orgs:
        org = made.model
        yield from _in_order(made, ("closed",), org.opened, org.closed, "opened", "closed")
        for at, code in enumerate(org.codes):
            yield from _in_order(made, ("codes", at, "to"), code.from_, code.to, "from", "to")


def _in_order(
    made: Made[Any], path: Path, first: date | None, last: date | None, before: str, after: str
) -> Iterator[Fault]:
    if first is not None and last is not None and first > last:
        yield from made.fault(
            path, f"‘{before}’（{first}）晚于‘{after}’（{last}）", "对调或改正这两个日期"
        )


def overlap(first: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two spans (from, to; both inclusive, None is open) share a day."""
    starts = [span[0] or date.min for span in (first, other)]
    ends = [span[1] or date.max for span in (first, other)]
    return max(starts) <= min(ends)


def span(dated: Dated) -> tuple[date | None, date | None]:
    return dated.from_, dated.to


Ruled = Made[BandSet] | Made[Gate] | Made[LightTable] | Made[Pace] | Made[Shape]


def same_time(first: Ruled, other: Ruled) -> Iterator[Fault]:
    """Two rules about one indicator in one time."""
    shared = set(first.model.indicators) & set(other.model.indicators)
    if shared and overlap(span(first.model), span(other.model)):
        which = "、".join("全部指标" if one == ALL else one for one in sorted(shared))
        yield from other.fault(
            ("indicators",),
            f"与“{first.model.id}”在同一时段都管“{which}”",
            "用 from、to 分开时段，或只留一处",
        )


# -- orgs ------------------------------------------------------------------------------------


def org_tree(entries: Entries) -> Iterator[Fault]:
    made = {one.model.id: one for one in entries.orgs}
    parents = {i: [one.model.parent] if one.model.parent else [] for i, one in made.items()}
    for circle in circles(parents):
        yield from made[circle[0]].fault(
            ("parent",), f"上级关系成了圈：{' → '.join(circle)}", "改正其中一个的 parent"
        )


# The higher, the smaller. Departments and parks stand beside the ladder, under any of its rungs.
_RUNGS = {"nation": 0, "province": 1, "city": 2, "county": 3, "township": 4}
_BESIDE = _RUNGS["township"]


def org_levels(entries: Entries) -> Iterator[Fault]:
    """A city under a county, a county under a department: the higher under the lower."""
    known = {made.model.id: made for made in entries.orgs}
    for made in entries.orgs:
        parent = known.get(made.model.parent or "")
        if parent is None or made.is_patched("level") or parent.is_patched("level"):
            continue
        own, above = made.model.level, parent.model.level
        if _RUNGS.get(own, _BESIDE) < _RUNGS.get(above, _BESIDE):
            yield from made.fault(
                ("parent",),
                f"{LEVEL_NAMES[own]}“{made.model.name}”写在{LEVEL_NAMES[above]}"
                f"“{parent.model.name}”之下，上下级颠倒",
                "改正 parent，或改正两者的 level",
            )


def org_names(entries: Entries) -> Iterator[Fault]:
    """Two orgs of one name at one time that nothing on a sheet tells apart: see `_told_apart`."""
    same: dict[str, list[tuple[Made[Org], Path]]] = {}
    for made in entries.orgs:
        for path, name in _names(made.model):
            same.setdefault(normal(name), []).append((made, path))
    for group in same.values():
        for (first, place), (other, path) in combinations(group, 2):
            are_names = place == path == ("name",)
            if first.model.id != other.model.id and not _told_apart(
                first.model, other.model, are_names=are_names
            ):
                yield from _shared_name(first, other, path)


def _told_apart(first: Org, other: Org, *, are_names: bool) -> bool:
    """By their times; by their parents where they are of one level (城关镇 of two counties);
    by their codes where both bear the name officially. An alias is only the rulebook's choice."""
    if not overlap((first.opened, first.closed), (other.opened, other.closed)):
        return True
    if are_names and ((first.codes and other.codes) or first.parent != other.parent):
        return True
    return first.level == other.level and first.parent != other.parent


def _names(model: Org | Indicator) -> Iterator[tuple[Path, str]]:
    yield ("name",), model.name
    for at, alias in enumerate(model.aliases):
        yield ("aliases", at), alias


def _shared_name(first: Made[Any], other: Made[Any], path: Path) -> Iterator[Fault]:
    written = other.model.name if path == ("name",) else other.model.aliases[path[1]]
    return other.fault(
        path,
        f"“{written}”也是“{first.model.id}”的名称或别名，读表时分不清",
        "改成不同的名称，或从其中一个的别名里删去",
    )


def org_codes(entries: Entries) -> Iterator[Fault]:
    """One code at two orgs at a time; two codes of one length at one org at a time."""
    held: dict[str, list[tuple[Made[Org], int, Code]]] = {}
    for made in entries.orgs:
        for at, code in enumerate(made.model.codes):
            held.setdefault(code.code, []).append((made, at, code))
        yield from _codes_of_one(made)
    for code_text, holders in held.items():
        for (first, _, one), (other, at, two) in combinations(holders, 2):
            if first.model.id != other.model.id and overlap(span(one), span(two)):
                yield from other.fault(
                    ("codes", at, "code"),
                    f"代码“{code_text}”同一时间也属于“{first.model.id}”",
                    "改正代码，或用 from、to 写明各自的使用时段",
                )


def _codes_of_one(made: Made[Org]) -> Iterator[Fault]:
    for (_, one), (at, two) in combinations(enumerate(made.model.codes), 2):
        if len(one.code) == len(two.code) and overlap(span(one), span(two)):
            yield from made.fault(
                ("codes", at),
                f"代码“{one.code}”与“{two.code}”的使用时段重叠",
                "用 from、to 写明各自的使用时段",
            )


# -- indicators ------------------------------------------------------------------------------


def indicator_names(entries: Entries) -> Iterator[Fault]:
    """A name or alias of two indicators: no sheet that writes it could be read."""
    owners: dict[str, Made[Indicator]] = {}
    for made in entries.indicators:
        for path, name in _names(made.model):
            first = owners.setdefault(normal(name), made)
            if first.model.id != made.model.id:
                yield from _shared_name(first, made, path)


def units(entries: Entries) -> Iterator[Fault]:
    for made in entries.indicators:
        if find_unit(made.model.unit) is None:
            yield from made.fault(
                ("unit",),
                f"不认识的计量单位“{made.model.unit}”",
                "写成 亿元、万元、%、人、个、万平方米、万千瓦时、元/人 之类",
            )


def related_units(entries: Entries) -> Iterator[Fault]:
    """Parts, and what is reportable towards an indicator, are measured as the whole is."""
    known = {made.model.id: made.model for made in entries.indicators}
    for made in entries.indicators:
        model = made.model
        related: list[tuple[Path, str | None]] = [(("reportable",), model.reportable)]
        related += [(("children", at), child) for at, child in enumerate(model.children)]
        for path, other in related:
            if other in known and not convertible(known[other].unit, model.unit):
                yield from made.fault(
                    path,
                    f"“{known[other].name}”的计量单位“{known[other].unit}”不能换算成“{model.unit}”",
                    "改正编号，或改正计量单位",
                )


def convertible(given: str, wanted: str) -> bool:
    """Whether the one unit is turned into the other; a unit nobody knows has a fault of its own."""
    if find_unit(given) is None or find_unit(wanted) is None:
        return True
    try:
        unit_ratio(given, wanted)
    except QuantityError:
        return False
    return True


def indicator_parts(entries: Entries) -> Iterator[Fault]:
    made = {one.model.id: one for one in entries.indicators}
    for circle in circles({i: one.model.children for i, one in made.items()}):
        yield from made[circle[0]].fault(
            ("children",), f"组成关系成了圈：{' → '.join(circle)}", "改正其中一个的 children"
        )


def formulas(entries: Entries) -> Iterator[Fault]:
    indicators = {made.model.id: made.model for made in entries.indicators}
    needs: dict[str, tuple[str, ...]] = {}
    for made in entries.indicators:
        if made.model.formula is None:
            continue
        try:
            parsed = formula.parse(made.model.formula)
        except formula.FormulaError as error:
            yield from made.fault(("formula",), f"公式读不懂：{error}", "改正公式")
            continue
        for problem in formula.check(parsed, made.model, indicators):
            if not _is_declared(entries, problem):
                yield from made.fault(("formula",), problem.message, problem.action)
        needs[made.model.id] = formula.needed(parsed, indicators)
    by_id = {made.model.id: made for made in entries.indicators}
    for circle in circles(needs):
        names = " → ".join(indicators[one].name for one in circle)
        yield from by_id[circle[0]].fault(("formula",), f"公式成了圈：{names}", "改正其中一个公式")


def _is_declared(entries: Entries, problem: formula.Problem) -> bool:
    """An unsound indicator has faults of its own; it is not unknown besides."""
    if problem.unknown is None:
        return False
    return any(
        problem.unknown in (entry.data.get("id"), entry.data.get("name"))
        for entry in entries.declared["indicators"].values()
    )


CHECKS: tuple[Callable[[Entries], Iterable[Fault]], ...] = (
    reserved_ids, unknown_references, days_in_order, org_tree, org_levels, org_names,
    org_codes, indicator_names, units, related_units, indicator_parts, formulas,
)  # fmt: skip
