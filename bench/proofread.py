"""The proofreader on real speeches: what it finds, what it falsely alarms at, how fast it is.

`python -m bench.proofread --list` names every case missed, every contradiction nobody has looked at
and every mutant that got through.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bench.__main__ import hand_on
from bench.measuring import Row, peak_memory, row, seconds_of
from bench.proofread_material import Case, Material
from bench.proofread_mutants import Mutant, mutants_of
from diaodu.engine.proofread.check import proofread
from diaodu.engine.proofread.claims import Claim

PAGES, PER_PAGE = 30, 1000
_MOST_AROUND = 4000  # characters of a claim's paragraphs a mutant is made in


@dataclass(slots=True)
class Found:
    """What was measured; lists hold what `--list` prints."""

    claims: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    cases: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[Case] = field(default_factory=list)
    mutants: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    escaped: list[tuple[str, Mutant]] = field(default_factory=list)
    alarms: Counter[str] = field(default_factory=Counter)
    unseen: list[tuple[str, Claim]] = field(default_factory=list)


def measure(material: Material, *, mutated: bool = True) -> Found:
    found = Found()
    for name, text in material.texts.items():
        found.claims[name] = proofread(text)
    _count_cases(material, found)
    _count_alarms(material, found)
    if mutated:
        _count_mutants(material, found)
    return found


def _count_cases(material: Material, found: Found) -> None:
    for case in material.cases:
        if not case.kinds or not case.pieces:
            found.cases["not in the text", case.kind] += 1
            continue
        met = [claim for claim in found.claims[case.file] if case.met_by(claim)]
        decided = [claim for claim in met if claim.verdict != "unverifiable"]
        kept = bool(decided) if case.verifies else any(c.verdict == "contradicts" for c in met)
        sort = "true" if case.verifies else "false"
        found.cases[f"{sort} found" if kept else f"{sort} missed", case.kind] += 1
        if not kept:
            found.missed.append(case)


def _count_alarms(material: Material, found: Found) -> None:
    for name, claims in found.claims.items():
        for claim in claims:
            if claim.verdict != "contradicts":
                continue
            told = material.verdict_on(name, claim)
            found.alarms["not looked at" if told is None else told.verdict] += 1
            if told is None:
                found.unseen.append((name, claim))


# -- mutants ---------------------------------------------------------------------------------------


def _count_mutants(material: Material, found: Found) -> None:
    tried: set[tuple[str, Claim]] = set()
    for case in material.cases:
        for claim in found.claims.get(case.file, ()):
            if claim.verdict != "holds" or not case.verifies or not case.met_by(claim):
                continue
            if (case.file, claim) not in tried:
                tried.add((case.file, claim))
                _try(case.name, material.texts[case.file], claim, found)


def _try(name: str, text: str, claim: Claim, found: Found) -> None:
    around = _paragraphs(text, claim)
    quiet = proofread(around)
    alarms = {_apart(one) for one in quiet if one.verdict == "contradicts"}
    for here in quiet:
        if (here.kind, here.quote, here.verdict) != (claim.kind, claim.quote, "holds"):
            continue
        for mutant in mutants_of(around, here):
            told = [
                one
                for one in proofread(mutant.text)
                if one.verdict == "contradicts" and _apart(one) not in alarms
            ]
            caught = any(mutant.told_by(one) for one in told)
            right = caught if mutant.breaks else not told
            found.mutants[claim.kind, mutant.sort, right] += 1
            if not right:
                found.escaped.append((name, mutant))
        return


def _apart(claim: Claim) -> tuple[str, str]:
    return (claim.kind, claim.quote)


def _paragraphs(text: str, claim: Claim) -> str:
    """The paragraphs a claim stands in, with those before and behind; all of the claim's text at
    least, however long."""
    stretches = ((claim.start, claim.end), *claim.operands)
    start, end = min(one for one, _ in stretches), max(one for _, one in stretches)
    breaks = [found.start() for found in re.finditer(r"\n+", text)]
    before = [one for one in breaks if one < start - 200] or [0]
    behind = [one for one in breaks if one > end + (2000 if claim.operands else 200)] or [len(text)]
    first, last = max(before[-1], start - _MOST_AROUND), min(behind[0], end + _MOST_AROUND)
    return text[first:last]


# -- telling ---------------------------------------------------------------------------------------


def told(material: Material, found: Found) -> Iterator[str]:
    yield from _told_cases(found)
    size = sum(map(len, material.texts.values()))
    held = Counter(one.verdict for claims in found.claims.values() for one in claims)
    yield f"全部材料{size}字：" + "，".join(f"{word} {n}" for word, n in sorted(held.items()))
    false = found.alarms["false alarm"] + found.alarms["not looked at"]
    yield (
        f"矛盾 {held['contradicts']}：" + "，".join(f"{w} {n}" for w, n in found.alarms.items())
        + f"；每万字误报（没看过的算误报）{false * 10_000 / size:.2f}"
    )  # fmt: skip
    yield from _told_mutants(found)


def _told_cases(found: Found) -> Iterator[str]:
    kinds = sorted({kind for sort, kind in found.cases if sort != "not in the text"})
    for kind in [*kinds, None]:
        count = {
            sort: sum(n for (s, k), n in found.cases.items() if s == sort and kind in (None, k))
            for sort in ("true found", "true missed", "false found", "false missed")
        }
        true = count["true found"] + count["true missed"]
        false = count["false found"] + count["false missed"]
        name = "合计" if kind is None else kind
        yield (
            f"{name}：相符的找到 {count['true found']}/{true}，"
            f"矛盾的找到 {count['false found']}/{false}"
        )
    beyond = sum(n for (sort, _), n in found.cases.items() if sort == "not in the text")
    yield f"另有 {beyond} 例文中没有印出可核对的数"


def _told_mutants(found: Found) -> Iterator[str]:
    for sort in sorted({sort for _, sort, _ in found.mutants}):
        right = sum(n for (_, s, ok), n in found.mutants.items() if s == sort and ok)
        every = sum(n for (_, s, _), n in found.mutants.items() if s == sort)
        yield f"变异 {sort}：{right}/{every}"
    for kind in sorted({kind for kind, _, _ in found.mutants}):
        breaking = {
            ok: sum(
                n
                for (k, sort, right), n in found.mutants.items()
                if k == kind and sort != "inside" and right is ok
            )
            for ok in (True, False)
        }
        yield f"变异 {kind}：破坏的抓住 {breaking[True]}/{sum(breaking.values())}"


def share_caught(found: Found) -> tuple[int, int]:
    """Breaking mutants caught, and all of them."""
    breaking = [(ok, n) for (_, sort, ok), n in found.mutants.items() if sort != "inside"]
    return sum(n for ok, n in breaking if ok), sum(n for _, n in breaking)


def share_found(found: Found) -> tuple[int, int]:
    """Cases found whose figures the text prints, and all of them."""
    sorts = Counter[str]()
    for (sort, _), count in found.cases.items():
        sorts[sort] += count
    kept = sorts["true found"] + sorts["false found"]
    return kept, kept + sorts["true missed"] + sorts["false missed"]


def listed(material: Material, found: Found) -> Iterator[str]:
    for case in found.missed:
        text = material.texts[case.file]
        quote = " … ".join(text[start:end] for start, end in case.pieces)
        yield f"漏 {case.name} {sorted(case.kinds)} {case.verifies}：{quote}"
    for file, claim in found.unseen:
        yield (
            f"未看 {file} {claim.start} {claim.end} {claim.kind} {claim.grade}："
            f"{claim.quote}｜{claim.explanation}"
        )
    for name, mutant in found.escaped:
        around = mutant.text[max(0, mutant.start - 60) : mutant.end + 30].replace("\n", "⏎")
        yield f"漏变异 {name} {mutant.sort} {mutant.text[mutant.start : mutant.end]}：{around}"


def thirty_pages(texts: Iterable[str]) -> str:
    return "\n".join(texts)[: PAGES * PER_PAGE]


def main(arguments: list[str]) -> None:
    material = Material()
    if not material.texts:
        raise SystemExit("没有可用的讲话材料")
    found = measure(material)
    for line in told(material, found):
        print(line)
    if "--list" in arguments:
        for line in listed(material, found):
            print(line)
    speech = thirty_pages(text for name, text in material.texts.items() if "slice" in name)
    seconds, _ = seconds_of(lambda: proofread(speech), times=3)
    hand_on([
        row(f"校核{PAGES}页讲话", seconds, None, peak_memory()),
        _percent("校核：找到的可核对算例", *share_found(found)),
        _percent("校核：抓住的破坏变异", *share_caught(found)),
    ])  # fmt: skip


def _percent(name: str, part: int, whole: int) -> Row:
    return Row(name, round(100 * part / max(whole, 1), 1), "%", None, None, None)


if __name__ == "__main__":
    main(sys.argv[1:])
