"""Peer sets: the observations behind a ranking, named once by their digest."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from diaodu.engine.compute.emit import BREAK
from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.figures import table
from diaodu.engine.ground.records import digest

PREFIX = "peers:"
_PLACE = ["indicator", "period", "peer_group"]


class PeerSets:
    """Collects the sets met in a run. Many measures name one set; each is kept once."""

    def __init__(self) -> None:
        self._members: dict[str, list[str]] = {}
        self._used: set[str] = set()

    def sets_of(self, frame: Frame) -> Frame:
        """indicator, period, peer_group → set_key (“peers:<id>”) of the refs in `set_ref`."""
        ordered = frame.select(*_PLACE, "set_ref").sort(*_PLACE)
        sizes = ordered.group_by(*_PLACE).agg(size=nw.len()).sort(*_PLACE)
        refs: list[str] = ordered["set_ref"].to_list()
        places = list(sizes.iter_rows())
        keys: list[str] = []
        start = 0
        for *_, size in places:
            keys.append(self._add(refs[start : start + size]))
            start += size
        columns = {name: [row[at] for row in places] for at, name in enumerate(_PLACE)}
        return table(
            frame, {**columns, "set_key": keys}, dict.fromkeys([*_PLACE, "set_key"], nw.String)
        )

    def _add(self, refs: list[str]) -> str:
        members = sorted(set(BREAK.join(refs).split(BREAK)))
        found = digest(*members)
        self._members[found] = members
        return PREFIX + found

    def use(self, set_keys: nw.Series[Any]) -> None:
        """Note which sets measures name; the others are not written."""
        self._used.update(set_keys.unique().to_list())

    def frame(self, like: Frame) -> Frame:
        """id, obs_id: the sets in use, sorted."""
        ids: list[str] = []
        members: list[str] = []
        for found in sorted(self._members):
            if PREFIX + found in self._used:
                ids += [found] * len(self._members[found])
                members += self._members[found]
        return table(like, {"id": ids, "obs_id": members}, {"id": nw.String, "obs_id": nw.String})
