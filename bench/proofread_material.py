"""The material the proofreader is measured on: speeches, cases made by hand, bulletins.

What a machine cannot tell of it stands in two tables beside the tests: of which kind a case is in
the proofreader's words (`cases.csv`; none: the text does not print what would decide it), and what
a person found when looking at each contradiction (`adjudicated.csv`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from diaodu.engine.proofread.claims import Claim

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
TABLES = ROOT / "tests" / "real" / "proofread"
RENAMED = {"growth_from_levels": "growth", "required_run_rate": "required"}
# What a case calls a difference may be a sum told from its other end.
_ALIKE = {"difference": ["difference", "sum"], "rank": ["rank", "count"]}


@dataclass(frozen=True, slots=True)
class Case:
    """A stretch of a speech that prints a claim; `verifies` as the README of the cases says.

    `pieces` are the stretches, one after the other, of a quote that leaves something out.
    `kind` is what it is counted as, `kinds` what a claim may be called that tells of it: none
    where the text does not print what would decide it.
    """

    name: str
    file: str
    pieces: tuple[tuple[int, int], ...]
    kind: str
    kinds: frozenset[str]
    verifies: bool
    why: str

    def met_by(self, claim: Claim) -> bool:
        return claim.kind in self.kinds and any(
            start < end_ and start_ < end
            for start, end in self.pieces
            for start_, end_ in ((claim.start, claim.end), *claim.operands)
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of a contradiction: `error` (of the text), `false alarm`, `open`."""

    file: str
    start: int
    end: int
    kind: str
    verdict: str
    reason: str


class Material:
    """Texts, cases and adjudications, read once."""

    def __init__(self, shared: Path = SHARED, tables: Path = TABLES) -> None:
        self.shared, self.tables = shared, tables

    @cached_property
    def texts(self) -> dict[str, str]:
        """File name → text, as the command reads a plain text file."""
        folders = (self.shared / "speeches", self.shared / "data/bulletins-facts/reworded")
        return {
            path.name: path.read_bytes().decode("utf-8-sig")
            for folder in folders
            for path in sorted(folder.glob("*.txt"))
        }

    @cached_property
    def cases(self) -> list[Case]:
        """The cases that say whether they hold; ValueError where a table names one not there."""
        told = self._told()
        found = list(self._read_cases(told))
        strangers = set(told) - {case.name for case in found}
        if strangers:
            raise ValueError(f"no such cases: {', '.join(sorted(strangers))}")
        return found

    @cached_property
    def adjudicated(self) -> list[Verdict]:
        with (self.tables / "adjudicated.csv").open(encoding="utf-8", newline="") as stream:
            return [
                Verdict(
                    row["file"], int(row["start"]), int(row["end"]), row["kind"], row["verdict"],
                    row["reason"],
                )
                for row in csv.DictReader(stream)
            ]  # fmt: skip

    def verdict_on(self, file: str, claim: Claim) -> Verdict | None:
        """What a person said of this contradiction; None where nobody has looked at it."""
        for told in self.adjudicated:
            overlaps = told.start < claim.end and claim.start < told.end
            if (told.file, told.kind) == (file, claim.kind) and overlaps:
                return told
        return None

    def _told(self) -> dict[str, tuple[list[str], str]]:
        with (self.tables / "cases.csv").open(encoding="utf-8", newline="") as stream:
            return {
                row["case"]: (row["kinds"].split(), row["why"]) for row in csv.DictReader(stream)
            }

    def _read_cases(self, told: Mapping[str, tuple[list[str], str]]) -> Iterable[Case]:
        for path in sorted((self.shared / "cases").glob("arithmetic-*.jsonl")):
            part = path.stem.removeprefix("arithmetic-")
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                case = json.loads(line)
                if case["verifies"] is None:
                    continue
                name, kind = f"{part}:{number}", RENAMED.get(case["kind"], case["kind"])
                kinds, why = told.get(name, (_ALIKE.get(kind, [kind]), ""))
                yield Case(
                    name, case["file"], self._pieces(case), kinds[0] if kinds else kind,
                    frozenset(kinds), case["verifies"], why,
                )  # fmt: skip

    def _pieces(self, case: Mapping[str, object]) -> tuple[tuple[int, int], ...]:
        """Where the quote stands; found piece by piece where the case gives no offsets."""
        start, end = case["start"], case["end"]
        if isinstance(start, int) and isinstance(end, int):
            return ((start, end),)
        text, found, at = self.texts[str(case["file"])], [], 0
        for piece in str(case["quote"]).split("…"):
            begin = text.find(piece, at) if piece else -1
            begin = text.find(piece) if piece and begin < 0 else begin
            if begin >= 0:
                at = begin + len(piece)
                found.append((begin, at))
        return tuple(found)
