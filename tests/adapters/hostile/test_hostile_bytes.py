"""Returns whose bytes were cut, turned over, lost or doubled, and returns under a wrong name."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

Change = Callable[[bytes, random.Random], bytes]
ENDINGS = (".xlsx", ".xls", ".csv", ".docx", ".et", ".txt", ".pdf", "")


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def beheaded(data: bytes, rng: random.Random) -> bytes:
    return data[rng.randrange(1, len(data)) :]


def turned(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 3, 30))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def holed(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randrange(1, 600) :]


def zeroed(data: bytes, rng: random.Random) -> bytes:
    at, length = rng.randrange(len(data)), rng.randrange(1, 600)
    return data[:at] + bytes(len(data[at : at + length])) + data[at + length :]


def doubled(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[rng.randrange(len(data)) :] + data[at:]


def tailed(data: bytes, rng: random.Random) -> bytes:
    return data + rng.randbytes(rng.randrange(1, 2000))


def fronted(data: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.randrange(1, 2000)) + data


def spliced(data: bytes, rng: random.Random) -> bytes:
    """Its first half with noise for the second."""
    half = len(data) // 2
    return data[:half] + rng.randbytes(len(data) - half)


CHANGES: tuple[Change, ...] = (
    cut, beheaded, turned, holed, zeroed, doubled, tailed, fronted, spliced,
)  # fmt: skip


def test_changed_bytes(doors: Any) -> None:
    """Nine changes to each of some twenty returns."""
    rng = random.Random("bytes")
    workbooks = rng.sample(doors.of(".xlsx"), 12)
    seeds = [*workbooks, *doors.of(".xls")[-3:], *doors.of(".csv")[-3:], doors.word]
    corpus = [
        doors.mutant(f"{change.__name__} {name}", name, change(data, rng))
        for name, data in seeds
        for change in CHANGES
    ]
    outcomes = doors.read(corpus)
    assert len(outcomes) == 171
    assert {"truncated", "unreadable"} <= {code for one in outcomes for code in one.codes}


def test_cut_at_many_places(doors: Any) -> None:
    """Half a workbook never passes for a whole one."""
    for ending, places in ((".xlsx", 40), (".xls", 20)):
        name, data = doors.of(ending)[-1]
        step = len(data) // places
        outcomes = doors.read(
            doors.mutant(f"cut at {at} of {name}", name, data[:at])
            for at in range(0, len(data) - 1, step)
        )
        assert all(one.reading.sheets == () for one in outcomes)
        assert all({told.severity for told in one.findings} == {"hard"} for one in outcomes)


def test_under_a_wrong_name(doors: Any) -> None:
    """The content decides what a file is: the same cells get the same fates, whatever the name."""
    seeds = [doors.of(".xlsx")[-1], doors.of(".xls")[-1], doors.of(".csv")[-1], doors.word]
    corpus = [
        doors.mutant(f"{name} as {ending}", name.rpartition(".")[0] + ending, data)
        for name, data in seeds
        for ending in ENDINGS
    ]
    outcomes = doors.read(corpus)
    for at in range(0, len(outcomes), len(ENDINGS)):
        fates = [one.fates for one in outcomes[at : at + len(ENDINGS)] if one.reading.sheets]
        assert fates and all(each == fates[0] for each in fates)
        assert fates[0]["kept"] > 0


def test_files_of_nothing(doors: Any) -> None:
    contents = (b"", b"\x00", b"\x00" * 5000, b"\n" * 3000, b" ", b"PK", b"PK\x03\x04", b"\xd0\xcf")
    outcomes = doors.read(_named(doors, contents))
    assert all(one.fates["kept"] == one.fates["held"] == 0 for one in outcomes)


def _named(doors: Any, contents: tuple[bytes, ...]) -> Iterator[Any]:
    for ending in (".xlsx", ".xls", ".csv", ".docx"):
        for content in contents:
            yield doors.mutant(f"{content[:4]!r} as {ending}", f"空{ending}", content)
