"""结构与走势: what lies behind a figure, in a paragraph per headline indicator.

Only what is a number is told; why something is none stands in the tables and in `explain`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diaodu.engine.compute.wholes import parts_of
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import COMPARATOR_NAMES
from diaodu.engine.report import patterns
from diaodu.engine.report.document import Paragraph, Span, Spans, joined
from diaodu.engine.report.headlines import BEHIND, least, streak_of, the_period, tier_phrase
from diaodu.engine.report.material import Material, kind_of_peers
from diaodu.engine.report.places import where_ranked
from diaodu.engine.report.spans import fill, is_zero, name, period, size, target_value
from diaodu.engine.report.spans import text as words
from diaodu.engine.rules.models import Breakdown, Indicator
from diaodu.engine.rules.rulebook import PeerGroup

_MOST_PARTS = 6  # more are told by both ends
_AN_END = 3
_REACHED = -100  # % that the rest of the year needs to grow, at most, where nothing is missing

Clauses = list[Spans]


def structure(material: Material) -> list[Paragraph]:
    """A paragraph for each headline indicator that has something to tell, then the places."""
    told = [_indicator(material, indicator) for indicator in material.indicators]
    told.append(places_told(material))
    return [Paragraph(spans) for spans in told if spans]


def _indicator(material: Material, indicator: Indicator) -> Spans:
    sentences = [
        trend(material, indicator),
        *(_target(material, indicator, target) for target in _targets(material, indicator)),
        *breakdowns(material, indicator),
        [*_coverage(material, indicator), *_recognition(material, indicator)],
        *standing(material, indicator),
    ]
    told = joined([joined(clauses, "，") for clauses in sentences if clauses], "；")
    if not told:
        return ()
    lead = (*the_period(material, indicator), *name(indicator.name, strong=True), Span("："))
    return (*lead, *told, Span("。"))


def _own(material: Material, indicator: Indicator, measure: str, **key: str) -> Measure | None:
    """A measure of the outline's org that is a number."""
    return _number(material, indicator.id, material.org.id, measure, **key)


def _number(
    material: Material, indicator: str, org: str, measure: str, **key: str
) -> Measure | None:
    found = material.book.get(indicator, org, measure, **key)
    return found if found is not None and found.value is not None else None


def _sided(case: dict[str, str], measure: Measure, field: str, **fields: Spans) -> Spans:
    """The sentence for a figure over, at or under zero; `field` is where its size stands."""
    side = patterns.side(measure, "up", "flat", "down")
    if side != "flat":
        fields[field] = size(measure)
    return fill(case[side], **fields)


def _unit(measure: Measure) -> Spans:
    return words("个百分点") if measure.unit == "百分点" else name(measure.unit)


# -- trend -----------------------------------------------------------------------------------


def trend(material: Material, indicator: Indicator) -> Clauses:
    """The month alone, streaks, the two-year average, the beginning of the year."""
    return [
        *_month(material, indicator),
        *streaks(material, indicator),
        *_two_years(material, indicator),
        *_since(material, indicator),
    ]


def _month(material: Material, indicator: Indicator) -> Iterator[Spans]:
    """As published, else computed, else solved from cumulative growths and said to be."""
    when = _alone(indicator)
    for measure, note in patterns.MONTH_NOTES.items():
        growth = _own(material, indicator, measure)
        if growth is not None:
            if note == patterns.COMPUTED and indicator.price == "real":
                note = patterns.COMPUTED_REAL
            yield (*_sided(patterns.MONTH, growth, "growth", when=when), *words(note))
            return


def _alone(indicator: Indicator) -> Spans:
    return words("当季" if indicator.cadence == "quarter" else "当月")


def streaks(material: Material, indicator: Indicator) -> Iterator[Spans]:
    """Of the month and of the sign; that of the growth stands in the headline, those against
    targets with their target."""
    for measure in patterns.STREAKS:
        found = streak_of(material, indicator, measure)
        if found is not None:
            fields = {"least": least(found)}
            if measure == "streak_month":
                fields["when"] = _alone(indicator)
            yield _sided(patterns.STREAKS[measure], found, "months", **fields)


def _two_years(material: Material, indicator: Indicator) -> Iterator[Spans]:
    average = _own(material, indicator, "two_year_average")
    if average is not None:
        base = period(
            Period.from_id(average.base), with_year=True, end=indicator.basis == "stock"
        )  # fmt: skip
        yield _sided(patterns.TWO_YEARS, average, "growth", base=base)


def _since(material: Material, indicator: Indicator) -> Iterator[Spans]:
    """A balance against the beginning of the year, a rate or mean against last year as a whole."""
    since = _another_base(material, indicator, "change")
    if since is not None and indicator.basis not in ("ytd", "count", "month"):
        base = words("年初" if indicator.basis == "stock" else "上年全年")
        yield _sided(patterns.SINCE, since, "change", base=base, unit=_unit(since))
        growth = _another_base(material, indicator, "growth")
        if growth is not None and not is_zero(growth):
            yield _sided(patterns.SINCE_GROWTH, growth, "growth")
    change = _own(material, indicator, "growth_change_year_pp")
    if change is not None:
        case = patterns.change_case(material.growth(indicator.id, material.org.id), change)
        fields = {"base": words("上年全年")}
        if "{change}" in patterns.CHANGE[case]:
            fields["change"] = size(change)
        yield fill(patterns.CHANGE[case], **fields)


def _another_base(material: Material, indicator: Indicator, measure: str) -> Measure | None:
    """The measure against a base that is not the same period last year."""
    usual = material.period_of(indicator).last_year().id
    for found in material.book.of(indicator.id, material.org.id):
        if found.measure == measure and found.base not in ("", usual) and found.value is not None:
            return found
    return None


# -- targets ---------------------------------------------------------------------------------


def _targets(material: Material, indicator: Indicator) -> list[Target]:
    targets = material.targets_of(indicator.id, material.org.id)
    return [target for target in targets if target.value is not None]


def _target(material: Material, indicator: Indicator, target: Target) -> Clauses:
    """What the rest of the year needs, what the completion is called, how long it has been so."""
    told: Clauses = []
    needed = _own(material, indicator, "growth_needed", target_id=target.target_id)
    if needed is not None:
        told.append(_needed(needed, target))
    who = {
        "tier": words(tier_phrase(target.tier)),
        "kind": words(patterns.goal_kind(target)),
    }
    band = _own(material, indicator, "completion_band", target_id=target.target_id)
    if band is not None and band.value is not None:
        called = material.rulebook.band_name(band.base, int(band.value))
        told.append(fill(patterns.BAND, band=name(called), **who))
    streak = streak_of(material, indicator, "streak_target", target.target_id)
    if streak is not None:
        case = patterns.STREAK_CEILING if target.kind == "ceiling" else patterns.STREAK_TARGET
        told.append(_sided(case, streak, "months", least=least(streak), **who))
    return told


def _needed(needed: Measure, target: Target) -> Spans:
    assert needed.value is not None
    how = name(COMPARATOR_NAMES[target.comparator] if target.comparator in BEHIND else "")
    aim = fill(
        patterns.AIM["growth" if target.kind == "growth" else "level"],
        tier=words(tier_phrase(target.tier)), kind=words(patterns.goal_kind(target)),
        target=target_value(target), unit=name(target.unit), how=how,
    )  # fmt: skip
    if needed.value <= _REACHED:
        return fill(patterns.NEEDED_REACHED, aim=aim)
    return _sided(patterns.NEEDED, needed, "growth", aim=aim)


# -- parts -----------------------------------------------------------------------------------


def breakdowns(material: Material, indicator: Indicator) -> Iterator[Clauses]:
    """Pull and contribution of the parts, in the order of their pull, for every breakdown."""
    day = material.period_of(indicator).end
    for breakdown in material.rulebook.breakdowns:
        pulls = list(_pulls(material, indicator, breakdown)) if breakdown.holds_on(day) else []
        if not pulls:
            continue
        pulls.sort(key=lambda part: -(part[1].value or 0))
        real = indicator.price == "real"
        pattern = patterns.BREAKDOWN_REAL if real else patterns.BREAKDOWN
        lead = fill(pattern, breakdown=name(breakdown.name))
        told = [lead, *_both_ends([_part(material, *part) for part in pulls])]
        other = _own(material, indicator, "pull_other", peer_group=breakdown.id)
        if other is not None and not is_zero(other):
            told.append(_sided(patterns.PULL_OTHER, other, "pull"))
        yield told


def _both_ends(told: Clauses) -> Clauses:
    if len(told) <= _MOST_PARTS:
        return told
    first, last = told[:_AN_END], told[-_AN_END:]
    return [
        fill(patterns.FIRST_PARTS, parts=joined(first, "、")),
        fill(patterns.LAST_PARTS, parts=joined(last, "、")),
    ]


def _pulls(
    material: Material, indicator: Indicator, breakdown: Breakdown
) -> Iterator[tuple[str, Measure]]:
    """Name and pull of each part of the outline's org that has one."""
    if breakdown.of == "indicators":
        for part in parts_of(breakdown, indicator, material.rulebook):
            pull = _own(material, part, "pull", base=indicator.id, peer_group=breakdown.id)
            if pull is not None:
                yield part.name, pull
    elif breakdown.parent == material.org.id:
        day = material.period_of(indicator).end
        for org in material.rulebook.members(breakdown, day):
            key = {"base": material.org.id, "peer_group": breakdown.id}
            pull = _number(material, indicator.id, org.id, "pull", **key)
            if pull is not None:
                yield org.name, pull


def _part(material: Material, called: str, pull: Measure) -> Spans:
    told = _sided(patterns.PULL, pull, "pull", part=name(called))
    share = _number(
        material, pull.indicator, pull.org, "contribution",
        base=pull.base, peer_group=pull.peer_group,
    )  # fmt: skip
    if share is None or is_zero(pull):
        return told
    # It has a number only where both go one way: a part that pulls down does so to a fall.
    case = patterns.side(pull, "up", "", "down")
    return (*told, *fill(patterns.CONTRIBUTION[case], contribution=size(share)))


def _coverage(material: Material, indicator: Indicator) -> Iterator[Spans]:
    """Growth of those that are in both years, and what came and went."""
    like = _own(material, indicator, "like_for_like")
    if like is None:
        return
    yield _sided(patterns.LIKE_FOR_LIKE, like, "growth")
    key = {"peer_group": like.peer_group}
    points = _own(material, indicator, "coverage_effect_pp", **key)
    if points is not None:
        yield _sided(patterns.COVERAGE_PP, points, "points")
    effect = _own(material, indicator, "coverage_effect", **key)
    if effect is not None:
        yield _sided(patterns.COVERAGE, effect, "effect", unit=_unit(effect))


def _recognition(material: Material, indicator: Indicator) -> Iterator[Spans]:
    gap = _own(material, indicator, "recognition_gap")
    if gap is None:
        return
    told = _sided(patterns.RECOGNITION, gap, "gap", unit=_unit(gap))
    share = _own(material, indicator, "recognition_gap_pct")
    if share is not None and not is_zero(gap) and (share.value or 0) > 0:
        told = (*told, *fill(patterns.RECOGNITION_SHARE, share=size(share)))
    yield told


# -- standing --------------------------------------------------------------------------------


def standing(material: Material, indicator: Indicator) -> Iterator[Clauses]:
    """Distances to the neighbours in each group, and how far the orgs below lie apart."""
    for group in material.groups:
        for rank, what in patterns.RANK_NAMES.items():
            yield list(_neighbours(material, indicator, group, rank, what))
        yield list(_spread(material, indicator, group))


def _neighbours(
    material: Material, indicator: Indicator, group: PeerGroup, rank: str, what: str
) -> Iterator[Spans]:
    lead = fill(patterns.STANDING, what=words(what), where=name(where_ranked(material, group)))
    for side, case in patterns.NEIGHBOURS.items():
        gap = _own(material, indicator, f"{rank}_gap_{side}", peer_group=group.id)
        if gap is not None:
            told = _sided(case, gap, "gap", unit=_unit(gap))
            yield (*lead, *told)
            lead = ()


def _spread(material: Material, indicator: Indicator, group: PeerGroup) -> Iterator[Spans]:
    lead = fill(patterns.AMONG, kind=words(kind_of_peers(group, material.rulebook)))
    for measure, sentence in patterns.SPREAD.items():
        found = _own(material, indicator, measure, peer_group=group.id)
        if found is not None:
            yield (*lead, *fill(sentence, figure=size(found), unit=_unit(found)))
            lead = ()


def places_told(material: Material) -> Spans:
    """How many headline indicators stand in which class of places, by group."""
    sentences: Clauses = []
    for group in material.groups:
        for measure, what in patterns.PLACES.items():
            counts = _classes(material, measure, group)
            if counts:
                where = name(where_ranked(material, group))
                classes = joined([_class(count) for count in counts], "、")
                fields = {"what": words(what), "where": where, "classes": classes}
                sentences.append(fill(patterns.PLACES_TOLD, **fields))
    return (*joined(sentences, "；"), Span("。")) if sentences else ()


def _classes(material: Material, measure: str, group: PeerGroup) -> Sequence[Measure]:
    """The counts of a group in the order of the rule's classes."""
    found = {
        one.base: one
        for one in material.book.of("", material.org.id)
        if one.measure == measure and one.peer_group == group.id and one.value is not None
    }
    declared = [part.name for rule in material.rulebook.standings for part in rule.classes]
    return [found[one] for one in dict.fromkeys(declared) if one in found]


def _class(count: Measure) -> Spans:
    return fill(patterns.A_CLASS, name=name(count.base), count=size(count))
