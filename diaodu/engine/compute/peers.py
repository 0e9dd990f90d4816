"""Peer sets: the observations behind a ranking, named once by their digest."""

from __future__ import annotations

import narwhals as nw

from diaodu.engine.compute.emit import BREAK
from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.figures import is_numbers, table
from diaodu.engine.ground.records import digest

PREFIX = "peers:"


class PeerSets:
    """Collects the sets met in a run. Many measures name one set; each is kept once."""

    def __init__(self) -> None:
        self._members: dict[str, list[str]] = {}
        self._used: set[str] = set()

    def named(self, rows: Frame, members: Frame, *refs: str) -> Frame:
        """`rows` with the `set_key` of their `ranking`: see `sets_of`. Of numbers no set is
        named."""
        if is_numbers(members):
            return rows
        return rows.join(self.sets_of(members, *refs), on="ranking")

    def sets_of(self, frame: Frame, *refs: str) -> Frame:
        """One row per `ranking` (the number of an indicator, period and group): `set_key`, the
        “peers:<id>” of what stands in the columns `refs` (nulls left out)."""
        ordered = frame.select("ranking", *refs).sort("ranking")
        sizes = ordered.group_by("ranking").agg(size=nw.len()).sort("ranking")
        columns: list[list[str | None]] = [ordered[name].to_list() for name in refs]
        rankings: list[int] = sizes["ranking"].to_list()
        keys: list[str] = []
        start = 0
        for size in sizes["size"].to_list():
            found = [ref for column in columns for ref in column[start : start + size] if ref]
            keys.append(self._add(found))
            start += size
        return table(
            frame,
            {"ranking": rankings, "set_key": keys},
            {"ranking": nw.Int64, "set_key": nw.String},
        )

    def _add(self, refs: list[str]) -> str:
        members = sorted({one for ref in refs for one in ref.split(BREAK)})
        found = digest(*members)
        self._members[found] = members
        return PREFIX + found

    def use(self, rows: Frame, column: str = "set_key") -> None:
        """Note which sets measures name; the others are not written."""
        if not is_numbers(rows):
            self._used.update(rows[column].unique().to_list())

    def frame(self, like: Frame) -> Frame:
        """id, obs_id: the sets in use, sorted."""
        ids: list[str] = []
        members: list[str] = []
        for found in sorted(self._members):
            if PREFIX + found in self._used:
                ids += [found] * len(self._members[found])
                members += self._members[found]
        return table(like, {"id": ids, "obs_id": members}, {"id": nw.String, "obs_id": nw.String})
