"""A target taken apart, by org, month, project or person: do the parts make the whole, and may
they be parts at all? Every remark says what is wrong, where, and what to do; none is kept back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal

from diaodu.engine.compute.against import Aim, is_upper
from diaodu.engine.compute.made import half_up
from diaodu.engine.compute.profiles import milestone_share
from diaodu.engine.ground.quantity import EXACT
from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Gate, Indicator, Milestone, Org

By = Literal["org", "month", "group", "person"]
BY_NAMES: dict[str, str] = {"org": "单位", "month": "月", "group": "项目或企业", "person": "人"}
# Kinds whose parts add up.
SUMMED_KINDS = frozenset({"level", "increment"})
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Remark:
    """`where`: the name of the part, "" for the whole. A `refused` one has to be mended before the
    targets are locked; the others are shown beside."""

    code: str
    where: str
    message: str
    action: str
    refused: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """One part by its printed name; `value` None where nothing is filled in. `closed`: the org's
    last day, where it has one."""

    name: str
    value: Decimal | None
    closed: date | None = None
    opened: date | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """What is taken apart. `margin`: by how much the parts may exceed it, as declared with a
    reason; None where nothing is declared, so that they have to make it exactly. `upper`: a bound
    from above, which the parts may stay below and not exceed."""

    name: str
    value: Decimal
    unit: str
    year: int
    by: By
    margin: Decimal | None = None
    upper: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """`gap` = whole − total: what is not yet given to anybody, below zero what is given too much.
    `margin`: so much of what is too much as was declared."""

    total: Decimal
    gap: Decimal
    margin: Decimal
    remarks: tuple[Remark, ...]

    @property
    def is_sound(self) -> bool:
        return not any(one.refused for one in self.remarks)


def held_against(whole: Whole, parts: Sequence[Part]) -> Sum:
    """The parts against the whole, exactly."""
    with localcontext(EXACT):
        total = sum((one.value for one in parts if one.value is not None), Decimal(0))
        gap = whole.value - total
    surplus = max(-gap, Decimal(0))
    margin = min(surplus, whole.margin or Decimal(0))
    told = (*_absent(whole, parts), *_may_be_part(whole, parts), *_sums(whole, total, gap))
    return Sum(total, gap, margin, told)


def _amount(value: Decimal, unit: str) -> str:
    return f"{value.normalize():f}{unit}"


def _percent(share: Fraction) -> str:
    tenths = half_up(share.numerator * _WHOLE * 10, share.denominator)
    return f"{Decimal(tenths).scaleb(-1)}%"


def _absent(whole: Whole, parts: Sequence[Part]) -> Iterator[Remark]:
    for one in parts:
        if one.value is None:
            yield Remark(
                "part_missing", one.name, f"{one.name}还没有填数",
                "填上数；不分给它的写0，或从分解里去掉",
            )  # fmt: skip


def _may_be_part(whole: Whole, parts: Sequence[Part]) -> Iterator[Remark]:
    """An org that is closed by the year's end cannot be asked for its part of the year."""
    end = date(whole.year, 12, 31)
    for one in parts:
        if not one.value:
            continue
        if one.closed is not None and one.closed < end:
            yield Remark(
                "closed_org", one.name,
                f"{one.name}已于{one.closed}撤销，{whole.year}年的{_amount(one.value, whole.unit)}"
                "没有人完成",
                "把它的数分给接手的单位，再从分解里去掉它",
            )  # fmt: skip
        elif one.opened is not None and one.opened > end:
            yield Remark(
                "closed_org", one.name, f"{one.name}到{one.opened}才设立", "从分解里去掉它"
            )


def _sums(whole: Whole, total: Decimal, gap: Decimal) -> Iterator[Remark]:
    what = f"按{BY_NAMES[whole.by]}分解的合计{_amount(total, whole.unit)}"
    aim = f"{whole.name}{_amount(whole.value, whole.unit)}"
    if gap > 0 and not whole.upper:
        yield Remark(
            "parts_short", "", f"{what}，比{aim}少{_amount(gap, whole.unit)}",
            f"把{_amount(gap, whole.unit)}分下去",
        )  # fmt: skip
    surplus = -gap
    allowed = whole.margin or Decimal(0)
    if surplus <= 0 or (surplus <= allowed and not whole.upper):
        return
    over = f"{what}，比{aim}多{_amount(surplus, whole.unit)}"
    if whole.upper:
        yield Remark("parts_over", "", over, "这是上限，把多出的减下来")
    elif whole.margin is None:
        yield Remark("parts_over", "", over, "把多出的减下来；有意多分的，写明余量和理由")
    else:
        yield Remark(
            "parts_over", "", f"{over}，超过写明的余量{_amount(allowed, whole.unit)}",
            "把多出的减下来，或改正余量",
        )  # fmt: skip


# -- may it be taken apart, may it be a target -------------------------------------------------


def may_be_split(indicator: Indicator, kind: str, by: By) -> Iterator[Remark]:
    """Growths, places and ratios of parts do not add up to the whole's; months of a stock neither.
    By org they are given one by one."""
    if kind not in SUMMED_KINDS or (not indicator.is_additive and by != "month"):
        yield Remark(
            "not_additive", "",
            f"{indicator.name}的{KIND_NAMES[kind]}目标不能相加，各部分加不出总的",
            "给各单位分别下达目标，不作分解",
        )  # fmt: skip
    elif by == "month" and indicator.basis not in ("ytd", "count", "month"):
        yield Remark(
            "not_additive", "", f"{indicator.name}不是全年累计的数，不能按月分解", "按月底逐月下达"
        )


def closed_part(org: Org, value: Decimal | None) -> Part:
    return Part(org.name, value, org.closed, org.opened)


def needs_base(
    indicator: Indicator, org: str, year: int, kind: str, base: Decimal | None
) -> Iterator[Remark]:
    """A growth or increment target rests on last year's figure. `base`: that of the whole year,
    None where it is not on file; rate-only indicators have none and need none."""
    if kind not in ("growth", "increment") or indicator.is_rate_only:
        return
    what = f"{org}{indicator.name}{KIND_NAMES[kind]}目标"
    if base is None:
        yield Remark(
            "no_base", org, f"{what}没有基数：{year - 1}年的数还没有", f"先补上{year - 1}年的数",
            refused=kind == "growth",
        )  # fmt: skip
    elif base <= 0 and kind == "growth":
        yield Remark(
            "no_base", org, f"{what}的基数是{_amount(base, indicator.unit)}，不能算增速",
            "改用总量目标或净增目标，或写“由负转正”",
        )  # fmt: skip


def tiers_in_order(indicator: Indicator, org: str, aims: Mapping[str, Aim]) -> Iterator[Remark]:
    """No stretch target behind the floor, nor any tier below the floor or above the stretch. Of
    targets of one kind by tier."""
    for lower, upper in (
        ("floor", "stretch"), ("floor", "assigned"), ("floor", "own"), ("floor", "working"),
    ):  # fmt: skip
        below, above = aims.get(lower), aims.get(upper)
        if below is None or above is None or below.value is None or above.value is None:
            continue
        low = is_upper(indicator, below)
        if (below.value < above.value) if low else (below.value > above.value):
            unit = "%" if below.kind == "growth" else indicator.unit
            yield Remark(
                "tiers_turned", org,
                f"{org}{indicator.name}的{TIER_NAMES[upper]}{_amount(above.value, unit)}"
                f"还不如{TIER_NAMES[lower]}{_amount(below.value, unit)}",
                f"核对两个数，{TIER_NAMES[upper]}不能比{TIER_NAMES[lower]}要求低",
                refused=upper == "stretch",
            )  # fmt: skip


# -- profiles ----------------------------------------------------------------------------------


def profile_within(cumulative: Sequence[tuple[int, Decimal]], whole: Whole) -> Iterator[Remark]:
    """(month, due by its end) in order: never past the year's target, never going back."""
    year = _amount(whole.value, whole.unit)
    before, last = Decimal(0), 0
    for month, due in cumulative:
        told = f"到{month}月底要完成{_amount(due, whole.unit)}"
        if whole.value > 0 and due > whole.value:
            share = _percent(Fraction(due) / Fraction(whole.value))
            yield Remark(
                "profile_over", f"{month}月",
                f"{told}，超过全年目标{year}（{share}）",
                "各月加起来应等于全年目标，把多出的减下来",
            )  # fmt: skip
        if whole.value > 0 and due < before:
            yield Remark(
                "profile_back", f"{month}月",
                f"{told}，比到{last}月底的{_amount(before, whole.unit)}少",
                "累计的数一般不往回走，请核对", refused=False,
            )  # fmt: skip
        before, last = due, month


def milestones_before_gates(
    milestones: Sequence[Milestone], gates: Iterable[Gate]
) -> Iterator[Remark]:
    """A milestone for a gate stands no later than it, and the way there reaches its share."""
    known = {one.id: one for one in gates}
    for one in milestones:
        gate = known.get(one.gate or "")
        if gate is not None and one.month > gate.month:
            yield Remark(
                "milestone_late", f"{one.month}月",
                f"为“{gate.name}”定的节点在{one.month}月底，关口在{gate.month}月底",
                f"把节点提到{gate.month}月或以前",
            )  # fmt: skip
    for gate in known.values():
        if gate.share is None or not milestones:
            continue
        due = milestone_share(milestones, gate.month)
        if due * _WHOLE < gate.share:
            yield Remark(
                "milestone_late", f"{gate.month}月",
                f"“{gate.name}”要求到{gate.month}月底完成{gate.share.normalize():f}%，"
                f"按节点只到{_percent(due)}",
                f"把{gate.month}月或以前的节点提高到{gate.share.normalize():f}%以上",
            )  # fmt: skip
