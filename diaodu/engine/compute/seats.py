"""Who is ranked with whom, of numbers: a row for every seat (period · orgs + org)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import narwhals as nw

from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.figures import table
from diaodu.engine.rules.rulebook import PeerGroup

_Members = Mapping[str, Sequence[str]]  # of each group


def seats(
    like: Frame, of_period: Sequence[Sequence[PeerGroup]], orgs: Sequence[str]
) -> Iterator[Frame]:
    """group_no and peer_group of every seat, null where the org is in no group; `groups`, so many
    in each period, which they are numbered by. As many frames as it takes for each org to be in one
    group at most: the groups of one level stand in one, named groups in others."""
    members = [{group.id: group.members for group in groups} for groups in of_period]
    names = sorted({name for known in members for name in known})
    number = {name: place for place, name in enumerate(names)}
    place_of = {org: place for place, org in enumerate(orgs)}
    for layer in _layers(names, members):
        numbers: list[int | None] = []
        for place, known in enumerate(members):
            row: list[int | None] = [None] * len(orgs)
            for name in layer & known.keys():
                for org in known[name]:
                    row[place_of[org]] = place * len(names) + number[name]
            numbers += row
        frame = table(like, {"group_no": numbers}, {"group_no": nw.Int64})
        which = (nw.col("group_no") % len(names)).replace_strict(
            list(range(len(names))), names, return_dtype=nw.Enum(names)
        )
        yield frame.with_columns(peer_group=which, groups=nw.lit(len(names), dtype=nw.Int64))


def _layers(names: Iterable[str], members: Sequence[_Members]) -> list[set[str]]:
    """The groups, together as far as no org is ever in two of them at a time."""
    layers: list[set[str]] = []
    taken: list[set[tuple[int, str]]] = []
    periods = _unlike(members)
    for name in names:
        own = {(at, org) for at, known in enumerate(periods) for org in known.get(name, ())}
        free = next((at for at, held in enumerate(taken) if held.isdisjoint(own)), None)
        if free is None:
            layers.append({name})
            taken.append(own)
        else:
            layers[free].add(name)
            taken[free] |= own
    return layers


def _unlike(members: Sequence[_Members]) -> list[_Members]:
    """Most periods have the groups of the one before."""
    return [known for at, known in enumerate(members) if at == 0 or known != members[at - 1]]
