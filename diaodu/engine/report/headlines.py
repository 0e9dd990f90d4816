"""One paragraph per headline indicator, and the two counting sentences before them."""

from __future__ import annotations

from collections.abc import Iterator

from diaodu.engine.compute.outcome_rows import MEASURE as OUTCOME
from diaodu.engine.compute.wanted import wanted
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import COMPARATOR_NAMES, LIGHT_NAMES
from diaodu.engine.report import patterns
from diaodu.engine.report.absent import why
from diaodu.engine.report.document import Paragraph, Span, Spans, joined
from diaodu.engine.report.material import Material, whole, whole_beside
from diaodu.engine.report.places import places
from diaodu.engine.report.spans import (
    fill,
    is_numeric,
    is_zero,
    name,
    period,
    plain_digits,
    signed,
    size,
    target_value,
)
from diaodu.engine.report.spans import text as words
from diaodu.engine.rules.models import Break, Indicator
from diaodu.engine.verify.breaks import KIND_NAMES

_SHORTEST_STREAK = {"quarter": 6, "half": 12, "year": 24}
_SHORTEST_OF_MONTHS = 3


def headlines(material: Material) -> list[Paragraph]:
    """The counting sentences, then a paragraph for each headline indicator, in their order."""
    counted = counting(material)
    told = [Paragraph(headline(material, indicator)) for indicator in material.indicators]
    return ([Paragraph(counted)] if counted else []) + told


def headline(material: Material, indicator: Indicator) -> Spans:
    """One indicator of the outline's org: level, growth, comparison, rank, targets."""
    lead = the_period(material, indicator)
    change = _change(material, indicator)
    gaps = _gaps(material, indicator)
    standing = change[-1][0].text.startswith(patterns.SUBJECT) if change else False
    clauses = [
        *_level_and_growth(material, indicator),
        *change,
        *_carried(gaps, standing),
        *_ranks(material, indicator, carried=standing or bool(gaps)),
    ]
    sentences = [joined(clauses, "，")]
    sentences += [joined(told, "，") for told in _targets(material, indicator)]
    return (*lead, *joined(sentences, "；"), Span("。"))


# -- the counts ------------------------------------------------------------------------------


def counting(material: Material) -> Spans:
    """N高K平M低 and N升K平M降 with the names of the bad side; empty where not counted."""
    sentences = [
        _counted(
            material, _counts_target(material), ("above", "at", "below"), "count_{}_target",
            (
                ("count_below_target", "低于目标的"),
                ("count_target_not_comparable", "无法比较的"),
                ("count_no_target", "未下达目标的"),
            ),
        ),
        _counted(
            material, patterns.COUNTS_GROWTH, ("up", "flat", "down"), "count_growth_{}",
            (("count_growth_down", "回落的"), ("count_growth_not_comparable", "无法比较的")),
        ),
    ]  # fmt: skip
    return tuple(span for sentence in sentences if sentence for span in (*sentence, Span("。")))


def _counts_target(material: Material) -> str:
    counts = [_count(material, f"count_{each}_target") for each in ("above", "at", "below")]
    if all(count is not None and not count.value for count in counts):
        return patterns.COUNTS_TARGET_NONE
    return patterns.COUNTS_TARGET


def _counted(
    material: Material, template: str, parts: tuple[str, ...], measure: str,
    named: tuple[tuple[str, str], ...],
) -> Spans:  # fmt: skip
    found = {part: _count(material, measure.format(part)) for part in parts}
    if any(count is None for count in found.values()):
        return ()
    spans = fill(template, **{part: size(count) for part, count in found.items() if count})
    for which, what in named:
        names = _names_counted(material, _count(material, which))
        if names:
            spans += fill(patterns.NAMED, what=words(what), names=names)
    return spans


def _count(material: Material, measure: str) -> Measure | None:
    return material.book.get("", material.org.id, measure)


def _names_counted(material: Material, count: Measure | None) -> Spans:
    """The names of the indicators whose measures a count rests on."""
    if count is None or not count.value:
        return ()
    ids = dict.fromkeys(key.partition("|")[0] for key in count.inputs if "|" in key)
    indicators = material.rulebook.indicators
    return joined([name(indicators[i].name) for i in ids if i in indicators], "、")


# -- level, growth, change -------------------------------------------------------------------


def the_period(material: Material, indicator: Indicator) -> Spans:
    """一季度（最新发布期），: what a sentence about the indicator begins with."""
    lead = (Span(material.own_period(indicator), "period"),)
    if material.lags(indicator):
        return (*lead, Span("（最新发布期），"))
    return (*lead, Span("，"))


def _is_stock(indicator: Indicator) -> bool:
    return indicator.basis == "stock"


def _subject(material: Material, indicator: Indicator) -> Spans:
    return (Span(whole(material.org)), *name(indicator.name, strong=True))


def _level_and_growth(material: Material, indicator: Indicator) -> list[Spans]:
    level = material.book.get(indicator.id, material.org.id, "value")
    growth = material.growth(indicator.id, material.org.id)
    subject = _subject(material, indicator)
    has_level = level is not None and level.value is not None
    if not has_level and (growth is None or growth.word == "not_published"):
        return [fill(_absence(material, indicator), name=subject)]
    if indicator.is_rate_only and growth is not None:
        return [(*subject, *_growth(indicator, growth)), *_break(material, indicator, growth)]
    if level is None or not has_level:
        reason = why(material, indicator, material.org.id, ("level",))
        told = fill(patterns.LEVEL_ABSENT, name=subject, why=words(reason))
    else:
        told = fill(
            _level_pattern(indicator), name=subject, value=signed(level), unit=name(level.unit)
        )
    return [told, *(_grown(material, indicator, growth) if growth is not None else ())]


def _grown(material: Material, indicator: Indicator, growth: Measure) -> list[Spans]:
    """The growth, and what a break in the series means for it; the break alone where it is why
    there is no growth."""
    broken = _break(material, indicator, growth)
    if broken and growth.word == "not_comparable":
        return broken
    return [_growth(indicator, growth), *broken]


def _break(material: Material, indicator: Indicator, growth: Measure) -> list[Spans]:
    """The declared breaks between this period and last year's, where the two are compared."""
    if growth.word in ("not_published", "no_base"):
        return []
    base = material.period_of(indicator).last_year()
    crossed = material.breaks_since(indicator.id, material.org.id, base)
    if not crossed:
        return []
    apart = [one for one in crossed if one.comparable == "false"]
    case = "revised_base"
    if apart:
        case = "published" if growth.measure == "growth_published" else "apart"
    acts = joined([_act(one) for one in apart or crossed], "、")
    return [fill(patterns.BROKEN[case], acts=acts)]


def _act(one: Break) -> Spans:
    since = Period.of_month(one.from_.year, one.from_.month)
    kind = words(KIND_NAMES[one.kind])
    return fill(patterns.AN_ACT, kind=kind, since=period(since, with_year=True))


def _level_pattern(indicator: Indicator) -> str:
    """Prices, incomes and shares are not 完成; what is named a mean is not called one again."""
    if indicator.basis == "ytd" and (indicator.unit.startswith("元") or not indicator.is_flow):
        return patterns.LEVEL["stock"]
    if indicator.basis == "mean" and "平均" in indicator.name:
        return patterns.LEVEL["stock"]
    return patterns.LEVEL[indicator.basis]


def _absence(material: Material, indicator: Indicator) -> str:
    return patterns.ABSENT[why(material, indicator, material.org.id, ("level", "growth"))]


def _growth(indicator: Indicator, growth: Measure) -> Spans:
    case = patterns.growth_case(growth)
    than = "同比" if not _is_stock(indicator) or "growth" in indicator.facets else "比上年同期末"
    fields = {"than": words(than)}
    if case in ("up", "down"):
        fields["growth"] = size(growth)
    told = fill(patterns.GROWTH[case], **fields)
    is_stand_in = growth.measure == "growth" and "growth" in indicator.facets
    return (*told, Span(patterns.COMPUTED)) if is_stand_in and "growth" in fields else told


def base_period(material: Material, measure: Measure) -> Spans:
    """The period a measure is compared with; with its year where that is another."""
    if not measure.base:
        return words("上期")
    base = Period.from_id(measure.base)
    end = _is_stock(material.rulebook.indicators[measure.indicator])
    return period(base, with_year=base.year != material.period.year, end=end)


def _change(material: Material, indicator: Indicator) -> list[Spans]:
    change = material.book.get(indicator.id, material.org.id, "growth_change_pp")
    if change is None or change.word in ("not_published", "no_base"):
        return []
    growth = material.growth(indicator.id, material.org.id)
    case = patterns.change_case(growth, change)
    fields = {"base": base_period(material, change)}
    if "{change}" in patterns.CHANGE[case]:
        fields["change"] = size(change)
    told = fill(patterns.CHANGE[case], **fields)
    streak = streak_of(material, indicator, "streak")
    if streak is None or case not in patterns.STREAK or not _go_one_way(streak, change):
        return [told]
    fields = {"least": least(streak), "months": size(streak)}
    return [(*told, *fill(patterns.STREAK[case], **fields))]


def _go_one_way(one: Measure, other: Measure) -> bool:
    """A change may be published on its own, and need not fit the growths."""
    return one.value is not None and other.value is not None and one.value * other.value > 0


def streak_of(
    material: Material, indicator: Indicator, measure: str, target_id: str = ""
) -> Measure | None:
    """A streak that is one: of more months than a single period may add."""
    found = material.book.get(indicator.id, material.org.id, measure, target_id=target_id)
    shortest = _SHORTEST_STREAK.get(indicator.cadence, _SHORTEST_OF_MONTHS)
    if found is None or found.value is None or abs(found.value) < shortest:
        return None
    return found


def least(streak: Measure) -> Spans:
    """至少 before a streak of which one end is open."""
    return words(patterns.LEAST if streak.lo is None or streak.hi is None else "")


def _gaps(material: Material, indicator: Indicator) -> list[Spans]:
    told: list[Spans] = []
    for ancestor in material.rulebook.ancestors(material.org.id):
        gap = material.book.get(indicator.id, material.org.id, "gap_parent", base=ancestor.id)
        if gap is None or gap.value is None:
            continue
        case = patterns.side(gap, "above", "same", "below")
        fields = {"who": name(whole_beside(ancestor, material.org))}
        if case != "same":
            fields["gap"] = size(gap)
        told.append(fill(patterns.GAP[case], **fields))
    return [joined(told, "、")] if told else []


def _carried(clauses: list[Spans], standing: bool) -> list[Spans]:
    """The clauses; led by 增速 where the word does not stand from the clause before."""
    if standing or not clauses:
        return clauses
    return [(Span(patterns.SUBJECT), *clauses[0]), *clauses[1:]]


# -- ranks -----------------------------------------------------------------------------------


def _ranks(material: Material, indicator: Indicator, *, carried: bool) -> Iterator[Spans]:
    """Each place; `carried`: the first may leave out 增速, which stands from before."""
    for index, place in enumerate(places(material, indicator)):
        what = patterns.RANK_NAMES[place.what]
        is_told = carried and index == 0 and what == patterns.SUBJECT
        told = fill(
            patterns.RANK["tied" if place.tied else "alone"],
            what=() if is_told else words(what),
            where=name(place.where) if place.where else (),
            rank=size(place.rank),
        )
        yield (*told, Span("（"), *place.peers, Span("）")) if place.peers else told
        if place.move is not None:
            yield _move(material, place.move)


def _move(material: Material, move: Measure) -> Spans:
    if move.value is None:
        return fill(patterns.MOVE[why_no_move(material, move)], base=base_period(material, move))
    case = patterns.side(move, "up", "same", "down")
    fields = {"base": base_period(material, move)}
    if case != "same":
        fields["move"] = size(move)
    return fill(patterns.MOVE[case], **fields)


def why_no_move(material: Material, move: Measure) -> str:
    """Of a movement that is none: its series broke, or others were ranked."""
    if move.base:
        since = material.breaks_since(move.indicator, move.org, Period.from_id(move.base))
        if any(one.comparable == "false" for one in since):
            return "broken"
    return "not_comparable"


# -- targets ---------------------------------------------------------------------------------


def _targets(material: Material, indicator: Indicator) -> Iterator[list[Spans]]:
    targets = material.targets_of(indicator.id, material.org.id)
    for target in targets:
        yield _target(material, indicator, target)
    row = material.verdict(indicator.id, material.org.id)
    if len(targets) > 1 and row is not None:
        yield [fill(patterns.ROW_LIGHT, light=words(LIGHT_NAMES[row.light]))]
    others = material.further_targets_of(indicator.id, material.org.id)
    found = [told for one in others if (told := _outcome(material, indicator, one))]
    if found:
        yield found


def _outcome(material: Material, indicator: Indicator, target: Target) -> Spans:
    """What came of a target that no light was decided on; nothing where that is a word."""
    found = material.book.get(indicator.id, material.org.id, OUTCOME, target_id=target.target_id)
    pattern = None if found is None else patterns.OUTCOMES.get(found.formula.partition("：")[0])
    if found is None or pattern is None:
        return ()
    fields = {"tier": words(tier_phrase(target.tier)), "asked": _asked(material, indicator, target)}
    if "{off}" in pattern:
        if figured := _figured(material, indicator, target):
            return joined(figured, "，")
        if not is_numeric(found.shown) or target.kind == "yes_no":
            return fill(pattern.partition("，")[0], **fields)
        unit = "个百分点" if found.unit == "百分点" else found.unit
        fields |= {"off": size(found), "unit": name(unit)}
    return fill(pattern, **fields)


def _asked(material: Material, indicator: Indicator, target: Target) -> Spans:
    """增速进前3位: in words, the number referring to the target."""
    asked = wanted(target, indicator, material.rulebook)
    assert target.value is not None
    digits = plain_digits(abs(target.value))
    before, found, after = asked.partition(digits)
    if not found:
        return name(asked)
    spans = (*name(before), Span(digits, "figure", target.target_id), *name(after))
    return tuple(one for one in spans if one.text)


def _target(material: Material, indicator: Indicator, target: Target) -> list[Spans]:
    if target.value is None:
        return [words(patterns.TARGET_ABSENT[target.tier])]
    told = _figured(material, indicator, target)
    return told or [fill(patterns.TARGET_UNMEASURED, **_fields(target), unit=name(target.unit))]


def _fields(target: Target) -> Fields:
    return {"tier": words(tier_phrase(target.tier)), "target": target_value(target)}


def _figured(material: Material, indicator: Indicator, target: Target) -> list[Spans]:
    """How the figures stand to a target of an amount, a growth or a ceiling; nothing where they
    are not there, or it is of another kind."""
    if target.kind not in _TOLD:
        return []
    unit = {} if target.kind == "growth" else {"unit": name(target.unit)}
    return _TOLD[target.kind](material, indicator, target, {**_fields(target), **unit})


def tier_phrase(tier: str) -> str:
    known: dict[str, str] = {str(key): said for key, said in patterns.TIER_PHRASES.items()}
    return known[tier]


def _of_target(
    material: Material, indicator: Indicator, target: Target, measure: str
) -> Measure | None:
    """A measure of the target that has a number, else None."""
    found = material.book.get(indicator.id, material.org.id, measure, target_id=target.target_id)
    return found if found is not None and is_numeric(found.shown) else None


Fields = dict[str, Spans]
BEFORE = ("exceed", "hold")  # and before it: 突破9%, 控制在3%
BEHIND = ("at_least", "about")  # comparators said behind the value: 9%以上, 12.5%左右


def _level_target(
    material: Material, indicator: Indicator, target: Target, fields: Fields
) -> list[Spans]:
    completion = _of_target(material, indicator, target, "completion")
    if completion is None:
        return []
    kind = words(patterns.goal_kind(target))
    told = [fill(patterns.COMPLETION, kind=kind, completion=signed(completion), **fields)]
    gap = _of_target(material, indicator, target, "pace_gap")
    if gap is not None:
        case = _pace_case(gap)
        fields = {"gap": size(gap)} if case in ("ahead", "behind") else {}
        told.append(fill(patterns.PACE[case], **fields))
    return told


def _pace_case(gap: Measure) -> str:
    case = patterns.side(gap, "ahead", "same", "behind")
    if case == "same" and gap.value:
        return "hardly_ahead" if gap.value > 0 else "hardly_behind"
    return case


def _growth_target(
    material: Material, indicator: Indicator, target: Target, fields: Fields
) -> list[Spans]:
    owed = _of_target(material, indicator, target, "arrears_growth")
    if owed is None:
        return []
    high = indicator.direction == "high"
    case = (
        patterns.side(owed, "below", "same", "above")
        if high
        else patterns.side(owed, "above", "same", "below")
    )
    how = name(COMPARATOR_NAMES[target.comparator] if target.comparator in BEHIND else "")
    gap = {} if case == "same" else {"gap": size(owed)}
    told = [fill(patterns.GROWTH_TARGET[case], **fields, how=how, **gap)]
    if _is_tolerated(target, owed):
        told.append(words(patterns.WITHIN_TOLERANCE))
    return told


def _is_tolerated(target: Target, owed: Measure) -> bool:
    if target.comparator != "about" or target.tolerance is None or owed.value is None:
        return False
    return not is_zero(owed) and 0 < owed.value <= target.tolerance


def ceiling_told(material: Material, indicator: Indicator, target: Target) -> list[Spans]:
    """The figure and what is left under the ceiling, or by how much it is passed."""
    level = material.book.get(indicator.id, target.org, "value")
    left = material.book.get(indicator.id, target.org, "allowance", target_id=target.target_id)
    if level is None or level.value is None or left is None or not is_numeric(left.shown):
        return []
    case = patterns.side(left, "within", "exact", "beyond")
    value = fill(patterns.CEILING_VALUE, value=signed(level), unit=name(level.unit))
    more = {} if case == "exact" else {"left": size(left), "left_unit": name(left.unit)}
    return [value, fill(patterns.CEILING_LEFT[case], **more)]


def _ceiling(
    material: Material, indicator: Indicator, target: Target, fields: Fields
) -> list[Spans]:
    left = _of_target(material, indicator, target, "allowance")
    if left is None:
        return []
    case = patterns.side(left, "within", "exact", "beyond")
    more = {} if case == "exact" else {"left": size(left), "left_unit": name(left.unit)}
    return [fill(patterns.CEILING[case], **fields, **more)]


_TOLD = {"level": _level_target, "growth": _growth_target, "ceiling": _ceiling}
