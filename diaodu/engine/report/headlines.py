"""One paragraph per headline indicator, and the two counting sentences before them."""

from __future__ import annotations

from collections.abc import Iterator

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import LIGHT_NAMES
from diaodu.engine.report import patterns
from diaodu.engine.report.document import Paragraph, Span, Spans, joined
from diaodu.engine.report.material import Material, whole, whole_beside
from diaodu.engine.report.places import places
from diaodu.engine.report.spans import fill, is_numeric, name, period, signed, size, target_value
from diaodu.engine.report.spans import text as words
from diaodu.engine.rules.models import Indicator


def headlines(material: Material) -> list[Paragraph]:
    """The counting sentences, then a paragraph for each headline indicator, in their order."""
    counted = counting(material)
    told = [Paragraph(headline(material, indicator)) for indicator in material.indicators]
    return ([Paragraph(counted)] if counted else []) + told


def headline(material: Material, indicator: Indicator) -> Spans:
    """One indicator of the outline's org: level, growth, comparison, rank, targets."""
    lead = _lead(material, indicator)
    clauses = [
        *_level_and_growth(material, indicator),
        *_change(material, indicator),
        *_gaps(material, indicator),
        *_ranks(material, indicator),
    ]
    sentences = [joined(clauses, "，")]
    sentences += [joined(told, "，") for told in _targets(material, indicator)]
    return (*lead, *joined(sentences, "；"), Span("。"))


# -- the counts ------------------------------------------------------------------------------


def counting(material: Material) -> Spans:
    """N高K平M低 and N升K平M降 with the names of the bad side; empty where not counted."""
    sentences = [
        _counted(
            material, patterns.COUNTS_TARGET, ("above", "at", "below"), "count_{}_target",
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


def _lead(material: Material, indicator: Indicator) -> Spans:
    own = material.period_of(indicator)
    lead = period(own, with_year=own.year != material.period.year, end=_is_stock(indicator))
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
        return [(*subject, *_growth(indicator, growth))]
    if level is None or not has_level:
        told = fill(patterns.LEVEL_ABSENT, name=subject)
    else:
        told = fill(
            _level_pattern(indicator), name=subject, value=signed(level), unit=name(level.unit)
        )
    return [told] + ([_growth(indicator, growth)] if growth is not None else [])


def _level_pattern(indicator: Indicator) -> str:
    """Prices and incomes are not 完成, and what is named a mean is not called one again."""
    if indicator.basis == "ytd" and indicator.unit.startswith("元"):
        return patterns.LEVEL["stock"]
    if indicator.basis == "mean" and "平均" in indicator.name:
        return patterns.LEVEL["stock"]
    return patterns.LEVEL[indicator.basis]


def _absence(material: Material, indicator: Indicator) -> str:
    verdict = material.verdict(indicator.id, material.org.id)
    light = verdict.light if verdict is not None else ""
    return patterns.ABSENT.get(light, patterns.ABSENT[""])


def _growth(indicator: Indicator, growth: Measure) -> Spans:
    case = patterns.growth_case(growth)
    than = "同比" if not _is_stock(indicator) or "growth" in indicator.facets else "比上年同期末"
    fields = {"than": words(than)}
    if case in ("up", "down"):
        fields["growth"] = size(growth)
    told = fill(patterns.GROWTH[case], **fields)
    is_stand_in = growth.measure == "growth" and "growth" in indicator.facets
    return (*told, Span(patterns.COMPUTED)) if is_stand_in and "growth" in fields else told


def _base(material: Material, measure: Measure) -> Spans:
    """The period a measure is compared with; with its year where that is another."""
    if not measure.base:
        return words("上期")
    base = Period.from_id(measure.base)
    return period(base, with_year=base.year != material.period.year)


def _change(material: Material, indicator: Indicator) -> list[Spans]:
    change = material.book.get(indicator.id, material.org.id, "growth_change_pp")
    if change is None or change.word in ("not_published", "no_base"):
        return []
    growth = material.growth(indicator.id, material.org.id)
    case = patterns.change_case(growth, change)
    fields = {"base": _base(material, change)}
    if "{change}" in patterns.CHANGE[case]:
        fields["change"] = size(change)
    return [fill(patterns.CHANGE[case], **fields)]


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
    return [(Span("增速"), *joined(told, "、"))] if told else []


# -- ranks -----------------------------------------------------------------------------------


def _ranks(material: Material, indicator: Indicator) -> Iterator[Spans]:
    for place in places(material, indicator):
        told = fill(
            patterns.RANK["tied" if place.tied else "alone"],
            what=words(patterns.RANK_NAMES[place.what]),
            where=name(place.where) if place.where else (),
            rank=size(place.rank),
        )
        yield (*told, Span("（"), *place.peers, Span("）")) if place.peers else told
        if place.move is not None:
            yield _move(material, place.move)


def _move(material: Material, move: Measure) -> Spans:
    if move.value is None:
        return fill(patterns.MOVE["not_comparable"], base=_base(material, move))
    case = patterns.side(move, "up", "same", "down")
    fields = {"base": _base(material, move)}
    if case != "same":
        fields["move"] = size(move)
    return fill(patterns.MOVE[case], **fields)


# -- targets ---------------------------------------------------------------------------------


def _targets(material: Material, indicator: Indicator) -> Iterator[list[Spans]]:
    targets = material.targets_of(indicator.id, material.org.id)
    for target in targets:
        yield _target(material, indicator, target)
    row = material.verdict(indicator.id, material.org.id)
    if len(targets) > 1 and row is not None:
        yield [fill(patterns.ROW_LIGHT, light=words(LIGHT_NAMES[row.light]))]


def _target(material: Material, indicator: Indicator, target: Target) -> list[Spans]:
    if target.value is None:
        return [words(patterns.TARGET_ABSENT[target.tier])]
    fields = {"tier": words(tier_phrase(target.tier)), "target": target_value(target)}
    if target.kind != "growth":
        fields["unit"] = name(target.unit)
    told = _TOLD[target.kind](material, indicator, target, fields)
    return told or [fill(patterns.TARGET_UNMEASURED, **{**fields, "unit": name(target.unit)})]


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


def _level_target(
    material: Material, indicator: Indicator, target: Target, fields: Fields
) -> list[Spans]:
    completion = _of_target(material, indicator, target, "completion")
    if completion is None:
        return []
    told = [fill(patterns.COMPLETION, completion=signed(completion), **fields)]
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
    gap = {} if case == "same" else {"gap": size(owed)}
    return [fill(patterns.GROWTH_TARGET[case], **fields, **gap)]


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
