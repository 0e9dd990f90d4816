"""What only shows when a rule on warnings is held against its kind, the orgs and the indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from diaodu.engine.ground.words import WARNING_KIND_NAMES
from diaodu.engine.rules.cross import ALL
from diaodu.engine.rules.cross_ladders import groups_of
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.models_warnings import THRESHOLDS, WarningRule
from diaodu.engine.rules.suggest import suggestion
from diaodu.engine.rules.validate import Entries, Made

# Which thresholds a kind must say, and which it may say besides.
NEEDED: dict[str, tuple[str, ...]] = {
    "pace_gap": ("points",), "growth_gap": ("points",), "growth": (),
    "bottom": ("group", "bottom"), "sign_flip": ("gate",), "volatility": ("points",),
    "streak": ("times",), "rank_class": ("group", "classes", "alarm"), "contradiction": (),
    "late": (), "support": ("below",),
}  # fmt: skip
ALLOWED: dict[str, tuple[str, ...]] = {"growth": ("below", "above"), "late": ("days",)}


def warning_rules(entries: Entries) -> Iterator[Fault]:
    groups = groups_of(entries)
    known = {one.model.id: one.model for one in entries.indicators}
    for made in entries.warnings:
        if made.is_patched("kind"):
            continue
        yield from _thresholds(made)
        yield from _line(made, known)
        yield from _place(made, groups, known)
        yield from _classes(made)


def _thresholds(made: Made[WarningRule]) -> Iterator[Fault]:
    rule = made.model
    name, needed = WARNING_KIND_NAMES[rule.kind], NEEDED[rule.kind]
    for key in needed:
        if key not in rule.thresholds and not made.is_patched(key):
            yield from made.fault((), f"“{name}”的规则没有写‘{key}’", f"补上 {key}")
    for key in THRESHOLDS:
        idle = key not in needed and key not in ALLOWED.get(rule.kind, ())
        if idle and key in rule.thresholds:
            yield from made.fault((key,), f"‘{key}’对“{name}”的规则不起作用", "删去它，或改 kind")


def _line(made: Made[WarningRule], known: Mapping[str, Indicator]) -> Iterator[Fault]:
    """A line for the growth is below where more is better, above where less is."""
    rule = made.model
    if rule.kind != "growth" or made.patches:
        return
    if (rule.below is None) == (rule.above is None):
        yield from made.fault((), "“增速低”的规则要写 below 或 above 之一", "只写其中一个")
        return
    wrong, key = ("low", "below") if rule.below is not None else ("high", "above")
    for at, id in enumerate(rule.indicators):
        if id in known and known[id].direction == wrong:
            better = "低" if wrong == "low" else "高"
            yield from made.fault(
                ("indicators", at), f"“{known[id].name}”越{better}越好，不能用‘{key}’",
                "另写一条规则，用 " + ("above" if wrong == "low" else "below"),
            )  # fmt: skip


def _place(
    made: Made[WarningRule], groups: Mapping[str, int], known: Mapping[str, Indicator]
) -> Iterator[Fault]:
    rule = made.model
    if rule.group is None:
        return
    if rule.group not in groups:
        near = suggestion(rule.group, groups)
        yield from made.fault(
            ("group",),
            f"没有“{rule.group}”这个分组" + (f"，是不是“{near}”？" if near else ""),
            "写单位 groups 里的分组，或“上级编号/层级”",
        )
    elif rule.bottom is not None and rule.bottom >= groups[rule.group]:
        yield from made.fault(
            ("bottom",),
            f"“{rule.group}”只有{groups[rule.group]}个单位，倒数{rule.bottom}名是全部",
            "改小 bottom",
        )
    for at, id in enumerate(rule.indicators):
        if id in known and id != ALL and rule.by not in known[id].facets:
            what = "总量" if rule.by == "level" else "增速"
            yield from made.fault(
                ("indicators", at), f"“{known[id].name}”不发布{what}，不能按{what}排",
                "改 by，或删去这个指标",
            )  # fmt: skip


def _classes(made: Made[WarningRule]) -> Iterator[Fault]:
    """From the first place to the last, each once, the last one all that is left."""
    rule = made.model
    if not rule.classes or made.is_patched("classes"):
        return
    names = [one.name for one in rule.classes]
    before = Fraction(0)
    for at, one in enumerate(rule.classes):
        if one.limit is None or not before < one.limit <= 1:
            yield from made.fault(
                ("classes", at, "upto"),
                f"“{one.name}”到“{one.upto}”为止，不是比前一段大、不超过1的分数",
                "由前到后写，如 1/3、2/3、1",
            )
            return
        before = one.limit
        if one.name in names[:at]:
            yield from made.fault(
                ("classes", at, "name"), f"“{one.name}”写了两次", "改成不同的名称"
            )
    if before != 1:
        yield from made.fault(("classes",), "最后一段没有到1，后面的位次无处可归", "最后一段写 1")
    for at, name in enumerate(rule.alarm):
        if name not in names:
            yield from made.fault(
                ("alarm", at), f"classes 里没有“{name}”这一段", f"写 {'、'.join(names)} 之一"
            )


CHECKS: tuple[Callable[[Entries], Iterable[Fault]], ...] = (warning_rules,)
