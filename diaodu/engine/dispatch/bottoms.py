"""The last of a group by a published figure: who is proposed for a step because of the place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from diaodu.engine.compute.book import MeasureBook
from diaodu.engine.dispatch.ladder import Proposal, Taken, consequences, ladder_for
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.printed import with_unit
from diaodu.engine.rules.models import BottomRule, Ladder
from diaodu.engine.rules.rulebook import PeerGroup, Rulebook

_BY = {"level": "总量", "growth": "增速"}
_MOST_NAMED = 5


class Placed(NamedTuple):
    """An org's place in one group: `reverse` counts from the last (1), `n` are ranked; `figure` is
    what it was ranked by, as printed with its unit."""

    indicator: str
    org: str
    period: str
    by: str
    group: str
    reverse: int
    n: int
    figure: str


def placed(book: MeasureBook, indicator: str, group: str, by: str) -> list[Placed]:
    """All places of a group by an indicator's level or growth, the last first."""
    found: list[Placed] = []
    for one in book.rank_table(indicator, group, f"rank_{by}_reverse"):
        n = book.get(indicator, one.org, f"rank_{by}_n", peer_group=group)
        if one.value is not None and n is not None and n.value is not None:
            figure = _figure(book, indicator, one.org, by)
            found.append(
                Placed(indicator, one.org, one.period, by, group, int(one.value), int(n.value),
                       figure)
            )  # fmt: skip
    return found


def _figure(book: MeasureBook, indicator: str, org: str, by: str) -> str:
    for measure in ("value",) if by == "level" else ("growth_published", "growth"):
        one = book.get(indicator, org, measure)
        if one is not None and one.value is not None:
            return with_unit(one.shown, one.unit)
    return ""


def rules_of(rulebook: Rulebook, day: date) -> list[tuple[Ladder, BottomRule]]:
    """The rules on the last of a group that hold on a day: those of the ladder for lights."""
    ladder = ladder_for(rulebook, "light", day)
    return [(ladder, rule) for rule in ladder.bottoms]


def is_within(rulebook: Rulebook, org: str, home: str) -> bool:
    """Whether an org is the home org or stands below it: others are not ours to call in."""
    known = org in rulebook.orgs
    return org == home or (known and home in {one.id for one in rulebook.ancestors(org)})


def bottoms(
    places: Iterable[Placed], taken: Collection[Taken], rulebook: Rulebook, home: str, day: date
) -> list[Proposal]:
    """The steps that follow from places, in the order of rules and places.

    places: of every indicator and group that the rules name, of one run or several; others are
    passed over. Of each the newest period counts; a rule for some months looks at the newest that
    ends in one of them, until there is a newer one. Those tied at the limit
    are all in it; orgs that are not the home org's are left alone. A step taken for the same
    rule, org and period is not proposed again.
    """
    done = {one.key for one in taken}
    by_thing: dict[tuple[str, str, str], list[Placed]] = {}
    for one in places:
        by_thing.setdefault((one.indicator, one.group, one.by), []).append(one)
    groups = {group.id: group for group in rulebook.peer_groups(day)}
    found: list[Proposal] = []
    for ladder, rule in rules_of(rulebook, day):
        for indicator in rule.indicators:
            ranked = _newest(by_thing.get((indicator, rule.group, rule.by), ()), rule)
            for one in _last(ranked, rule):
                if not is_within(rulebook, one.org, home):
                    continue
                evidence = tuple(_evidence(one, rule, ranked, rulebook, groups.get(rule.group)))
                proposal = _proposal(one, rule, evidence, taken, ladder, day)
                if proposal.key not in done:
                    found.append(proposal)
    return found


def _newest(places: Sequence[Placed], rule: BottomRule) -> list[Placed]:
    """Of the periods that the rule looks at the newest."""
    ends = {id: Period.from_id(id).end for id in {one.period for one in places}}
    looked_at = [end for end in ends.values() if not rule.months or end.month in rule.months]
    return [one for one in places if looked_at and ends[one.period] == max(looked_at)]


def _last(ranked: Sequence[Placed], rule: BottomRule) -> list[Placed]:
    """The last so many, worst first; nobody where the whole field is no longer than that."""
    chosen = [one for one in ranked if one.reverse <= rule.bottom < one.n]
    return sorted(chosen, key=lambda one: (one.reverse, one.org))


def _proposal(
    one: Placed, rule: BottomRule, evidence: tuple[str, ...], taken: Collection[Taken],
    ladder: Ladder, day: date,
) -> Proposal:  # fmt: skip
    matter = f"{one.indicator}|{one.org}"
    key = f"{rule.name}|{matter}|{one.period}"
    follows = consequences(rule.step, one.org, matter, taken, ladder, day)
    return Proposal(
        key, "", one.org, matter, rule.step, False, None, None, (*evidence, *follows)
    )  # fmt: skip


def _evidence(
    one: Placed, rule: BottomRule, ranked: Sequence[Placed], rulebook: Rulebook,
    group: PeerGroup | None,
) -> Iterator[str]:  # fmt: skip
    what = rulebook.names_of([one.indicator])[0]
    when = print_period(Period.from_id(one.period))
    tied = sum(other.reverse == one.reverse for other in ranked) > 1
    place = f"{'并列' if tied else ''}倒数第{one.reverse}位"
    figure = f"{one.figure}，" if one.figure else ""
    yield f"{when}{what}{_BY[one.by]}{figure}在{one.n}个参加排名的单位中居{place}"
    missing = _not_ranked(ranked, group)
    if missing:
        names = "、".join(rulebook.names_of(missing[:_MOST_NAMED]))
        more = f"等{len(missing)}个单位" if len(missing) > _MOST_NAMED else ""
        yield f"没有数、没有参加排名的：{names}{more}"
    yield f"按规则“{rule.name}”"


def _not_ranked(ranked: Sequence[Placed], group: PeerGroup | None) -> list[str]:
    there = {one.org for one in ranked}
    return [org for org in group.members if org not in there] if group is not None else []
