"""Children that should sum to their parent, and none of which may be larger than it, where the
rulebook says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import narwhals as nw

from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import EXACT, unit_ratio
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.rules.models import Check, Indicator
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import Figures, Frame, rows_of
from diaodu.engine.verify.rounding import gap, printed
from diaodu.engine.verify.standard import named_check, ruling_of

_WHOLE = ["whole_indicator", "whole_org", "period", "track"]


@dataclass(frozen=True, slots=True)
class _Sum:
    """A parent figure with all its parts, and what each part is multiplied with (units)."""

    whole: Observation
    parts: tuple[Observation, ...]
    ratios: tuple[Decimal, ...]


def parts_vs_parent(figures: Figures) -> Iterator[Finding]:
    """Compared only when every part is there, on one track, so nothing is taken for zero."""
    for check in figures.rulebook.checks:
        if check.kind != "parts" or check.off:
            continue
        ties = _org_ties(figures, check) if check.of == "orgs" else _child_ties(figures, check)
        for one in _unequal(figures, ties, by_org=check.of == "orgs"):
            yield from _compare(figures, check, one)


# -- which parts make which whole ------------------------------------------------------------


def _adds_up(indicator: Indicator, check: Check) -> bool:
    """Sums of rates and means are never formed; “*” leaves out shares and quotients as well."""
    if indicator.basis in ("rate", "mean"):
        return False
    quotient = indicator.unit in ("%", "百分点", "‰", "倍") or "/" in indicator.unit
    return indicator.id in check.indicators or ("*" in check.indicators and not quotient)


def _org_ties(figures: Figures, check: Check) -> Frame:
    """Rows part org, period → whole org, for the children that exist at the period's end."""
    rulebook = figures.rulebook
    wholes = [check.parent] if check.parent is not None else list(rulebook.orgs)
    columns: dict[str, list[Any]] = {
        "org": [], "period": [], "whole_org": [], "expected": [], "ratio": [], "scale": [],
    }  # fmt: skip
    for text in figures.frame.get_column("period").unique().sort().to_list():
        end = Period.from_id(text).end
        for whole in wholes if check.holds_on(end) else []:
            children = [
                child.id
                for child in rulebook.children(whole, end)
                if check.child_level in (None, child.level)
            ]
            for child in children:
                _append(columns, child, text, whole, len(children), 1, 1)
    schema = {
        "org": nw.String, "period": nw.String, "whole_org": nw.String,
        "expected": nw.Int64, "ratio": nw.Int128, "scale": nw.Int128,
    }  # fmt: skip
    return figures.table(columns, schema)


def _child_ties(figures: Figures, check: Check) -> Frame:
    """Rows part indicator → whole indicator. `ratio` and `scale` are whole multipliers that bring
    part and whole to one unit."""
    columns: dict[str, list[Any]] = {
        "indicator": [], "whole_indicator": [], "expected": [], "ratio": [], "scale": [],
    }  # fmt: skip
    known = figures.rulebook.indicators
    for whole in known.values():
        if not whole.children or not _adds_up(whole, check):
            continue
        ratios = [unit_ratio(known[child].unit, whole.unit) for child in whole.children]
        scale = max(Decimal(1), *[1 / ratio for ratio in ratios])
        for child, ratio in zip(whole.children, ratios, strict=True):
            _append(columns, child, whole.id, len(ratios), int(ratio * scale), int(scale))
    schema = {
        "indicator": nw.String, "whole_indicator": nw.String,
        "expected": nw.Int64, "ratio": nw.Int128, "scale": nw.Int128,
    }  # fmt: skip
    return figures.table(columns, schema)


def _append(columns: dict[str, list[Any]], *values: object) -> None:
    for column, value in zip(columns.values(), values, strict=True):
        column.append(value)


# -- candidates ------------------------------------------------------------------------------


def _unequal(figures: Figures, ties: Frame, *, by_org: bool) -> Iterator[_Sum]:
    """Complete families whose sum lies off the whole by more than the printed digits allow."""
    level = figures.facet("level")
    parts, whole = _beside_wholes(level, ties, by_org=by_org), _wholes(level)
    sums = parts.group_by([*_WHOLE, "expected", "scale"]).agg(
        nw.col("amount").sum(), nw.col("slack").sum(), nw.col("obs_id").count().alias("there")
    )
    scale = nw.col("scale")
    off = (nw.col("amount") - nw.col("value_whole") * scale).abs()
    allowed = nw.col("slack") + nw.col("half_whole") * scale
    found = sums.join(whole, on=_WHOLE, how="inner").filter(
        (nw.col("there") == nw.col("expected")) & (off > allowed)
    )
    yield from _families(figures, found, parts)


def _beside_wholes(level: Frame, ties: Frame, *, by_org: bool) -> Frame:
    """Each part with the whole it belongs to, its amount and half a digit of it in the common
    unit."""
    if by_org:
        parts = level.join(ties, on=["org", "period"], how="inner")
        parts = parts.with_columns(nw.col("indicator").alias("whole_indicator"))
    else:
        parts = level.join(ties, on="indicator", how="inner")
        parts = parts.with_columns(nw.col("org").alias("whole_org"))
    return parts.with_columns(
        (nw.col("value") * nw.col("ratio")).alias("amount"),
        (nw.col("half") * nw.col("ratio")).alias("slack"),
    )


def _wholes(level: Frame) -> Frame:
    return level.select(
        nw.col("indicator").alias("whole_indicator"), nw.col("org").alias("whole_org"),
        "period", "track", nw.col("value").alias("value_whole"),
        nw.col("half").alias("half_whole"), nw.col("obs_id").alias("whole_id"),
    )  # fmt: skip


def _families(figures: Figures, found: Frame, parts: Frame) -> Iterator[_Sum]:
    members = parts.join(found.select(*_WHOLE, "whole_id"), on=_WHOLE, how="inner")
    order = {
        name: i for i, name in enumerate([*figures.rulebook.orgs, *figures.rulebook.indicators])
    }
    rows = rows_of(members, "whole_id", "org", "indicator", "obs_id")
    family: dict[str, list[str]] = {}
    for whole_id, _, _, part_id in sorted(rows, key=lambda r: (order[r[1]], order[r[2]])):
        family.setdefault(whole_id, []).append(part_id)
    seen = figures.load([*family, *[one for ids in family.values() for one in ids]])
    for whole_id in sorted(family):
        whole, ids = seen[whole_id], family[whole_id]
        ratios = tuple(unit_ratio(seen[one].unit, whole.unit) for one in ids)
        yield _Sum(whole, tuple(seen[one] for one in ids), ratios)


# -- the comparison --------------------------------------------------------------------------


def _compare(figures: Figures, check: Check, family: _Sum) -> Iterator[Finding]:
    whole, rulebook = family.whole, figures.rulebook
    end = Period.from_id(whole.period).end
    applies = check.holds_on(end) and _adds_up(rulebook.indicators[whole.indicator], check)
    ruled = named_check(rulebook, "parts", whole.indicator, end)
    if not applies or (ruled is not None and ruled.off):
        return
    assert whole.value is not None
    rule = ruling_of(check)
    allowed = rule.allowance(whole.value)
    if gap(_total_interval(family), printed(whole)) <= allowed:
        return
    with localcontext(EXACT):
        total = sum(
            (p.value * r for p, r in zip(family.parts, family.ratios, strict=True)
             if p.value is not None),
            Decimal(0),
        )  # fmt: skip
        off = abs(total - whole.value)
    digits = max(whole.decimals or 0, 0)
    what = "下级" if check.of == "orgs" else "分项"
    more = "多" if total > whole.value else "少"
    tolerance = f"，容差{say.number(allowed, digits, whole.unit)}" if allowed else ""
    difference = say.number(off, digits, whole.unit)
    yield say.about(
        whole, "parts_vs_parent", rule.severity,
        f"{say.subject(rulebook, whole)}为{say.figure(whole)}，"
        f"{len(family.parts)}个{what}合计{say.number(total, digits, whole.unit)}，"
        f"比总数{more}{difference}{tolerance}。总数：{say.place(whole)}；"
        f"{what}：{_names(figures, check, family)}。",
        f"请核对总数与各{what}；按制度不等于合计的（如抵扣、本级项），请在规则 checks/"
        f"“{check.id}”中写明容差或关闭并写理由。",
        expected=say.number(total, digits, whole.unit), found=say.figure(whole),
        others=family.parts, check=check.id,
    )  # fmt: skip


def _total_interval(family: _Sum) -> Interval:
    pairs = zip(family.parts, family.ratios, strict=True)
    amounts = (printed(part).times(Fraction(ratio)) for part, ratio in pairs)
    return sum(amounts, start=Interval.exact(0))


def _names(figures: Figures, check: Check, family: _Sum) -> str:
    ids = [p.org if check.of == "orgs" else p.indicator for p in family.parts]
    names = figures.rulebook.names_of(ids)
    shown = "、".join(names[:5])
    return f"{shown}等{len(names)}个" if len(names) > 5 else shown


# -- no part above the whole -----------------------------------------------------------------


def part_above_whole(figures: Figures) -> Iterator[Finding]:
    """A part that is larger than its whole; the other parts need not be there."""
    for check in figures.rulebook.checks:
        if check.kind != "part" or check.off:
            continue
        ties = _org_ties(figures, check) if check.of == "orgs" else _child_ties(figures, check)
        pairs = list(_above(figures, ties, by_org=check.of == "orgs"))
        seen = figures.load([one for pair in pairs for one in pair])
        for part_id, whole_id in pairs:
            yield from _too_large(figures, check, seen[part_id], seen[whole_id])


def _above(figures: Figures, ties: Frame, *, by_org: bool) -> Iterator[tuple[Any, ...]]:
    """Pairs of part and whole where the part lies higher than the printed digits allow."""
    level = figures.facet("level")
    parts, whole = _beside_wholes(level, ties, by_org=by_org), _wholes(level)
    slack = nw.col("slack") + nw.col("half_whole") * nw.col("scale")
    over = nw.col("amount") - nw.col("value_whole") * nw.col("scale")
    found = parts.join(whole, on=_WHOLE, how="inner").filter(over > slack)
    yield from sorted(rows_of(found, "obs_id", "whole_id"))


def _too_large(
    figures: Figures, check: Check, part: Observation, whole: Observation
) -> Iterator[Finding]:
    rulebook = figures.rulebook
    end = Period.from_id(whole.period).end
    if not (check.holds_on(end) and _adds_up(rulebook.indicators[whole.indicator], check)):
        return
    assert whole.value is not None
    rule = ruling_of(check)
    ratio = unit_ratio(part.unit, whole.unit)
    amount = printed(part).times(Fraction(ratio))
    if gap(amount, printed(whole)) <= rule.allowance(whole.value):
        return
    yield say.about(
        part, "parts_vs_parent", rule.severity,
        f"{say.subject(rulebook, part)}为{say.figure(part)}，"
        f"大于{_whole_name(figures, check, whole)}{say.figure(whole)}；其中项不能大于总数。"
        f"其中项：{say.place(part)}；总数：{say.place(whole)}。",
        "请核对这两个数；按制度可以大于总数的，请在规则 checks/"
        f"“{check.id}”中写明容差或关闭并写理由。",
        expected=f"不大于{say.figure(whole)}", found=say.figure(part), others=(whole,),
        check=check.id,
    )  # fmt: skip


def _whole_name(figures: Figures, check: Check, whole: Observation) -> str:
    """What tells the whole from the part: its org, or its indicator."""
    org, indicator = figures.rulebook.names_of([whole.org, whole.indicator])
    return org if check.of == "orgs" else indicator
