"""Who is ranked with whom, of numbers: a row for every seat (period · orgs + org)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import narwhals as nw

from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.figures import table
from diaodu.engine.rules.rulebook import PeerGroup

_Members = Mapping[str, Sequence[str]]  # of each group


def seats(
    like: Frame, of_period: Sequence[Sequence[PeerGroup]], orgs: Sequence[str], indicators: int
) -> Iterator[Frame]:
    """group_no and peer_group of every seat, null where the org is in no group; `groups`, so many
    in each period, which they are numbered by. As many frames as it takes for each org to be in one
    group at most: the groups of one level stand in one, named groups in others."""
    # Most periods have the same ones.
    members = {id(groups): {group.id: group.members for group in groups} for groups in of_period}
    names = sorted({name for known in members.values() for name in known})
    of_org = _OfOrg(like, names, {org: place for place, org in enumerate(orgs)})
    for layer in _layers(names, list(members.values())):
        rows = {
            which: of_org.groups({name: known[name] for name in layer & known.keys()})
            for which, known in members.items()
        }
        frame = nw.concat([rows[id(groups)] for groups in of_period]).with_row_index("_seat")
        number = nw.col("_seat").cast(nw.Int64) // len(orgs) * len(names) + nw.col("group_no")
        yield frame.select(
            "peer_group", group_no=number * indicators, groups=nw.lit(len(names) * indicators)
        )


class _OfOrg:
    """The groups of each org in one period, the first one's number being 0."""

    def __init__(self, like: Frame, names: Sequence[str], places: Mapping[str, int]) -> None:
        self._like = like
        self._number = {name: number for number, name in enumerate(names)}
        self._places = places

    def groups(self, members: _Members) -> Frame:
        names: list[str | None] = [None] * len(self._places)
        for name, orgs in members.items():
            for org in self._places.keys() & orgs:
                names[self._places[org]] = name
        numbers = [None if name is None else self._number[name] for name in names]
        return table(
            self._like, {"group_no": numbers, "peer_group": names},
            {"group_no": nw.Int64, "peer_group": nw.Enum(list(self._number))},
        )  # fmt: skip


def _layers(names: Iterable[str], members: Sequence[_Members]) -> list[set[str]]:
    """The groups, together as far as no org is ever in two of them at a time. `members`: those of
    each time."""
    layers: list[set[str]] = []
    taken: list[set[tuple[int, str]]] = []
    for name in names:
        own = {(at, org) for at, known in enumerate(members) for org in known.get(name, ())}
        free = next((at for at, held in enumerate(taken) if held.isdisjoint(own)), None)
        if free is None:
            layers.append({name})
            taken.append(own)
        else:
            layers[free].add(name)
            taken[free] |= own
    return layers
