"""Entries → Rulebook, or every fault at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.rules import (
    cross,
    cross_figures,
    cross_ladders,
    cross_rules,
    cross_series,
    cross_targets,
    cross_warnings,
    cross_wholes,
)
from diaodu.engine.rules.faults import Fault, in_reading_order
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.rules.validate import Entries, Entry, validate, version_of


def build(
    entries: Iterable[Entry], files: Mapping[str, str], faults: Iterable[Fault] = ()
) -> Rulebook:
    """The rulebook made of all entries.

    `files` maps each file read to its SHA-256; `faults` are those the door met while reading.
    Raises RulebookError with all faults, in reading order.
    """
    found, wrong = validate(entries)
    everything = [*faults, *wrong]
    for check in (
        *cross.CHECKS,
        *cross_figures.CHECKS,
        *cross_rules.CHECKS,
        *cross_series.CHECKS,
        *cross_wholes.CHECKS,
        *cross_ladders.CHECKS,
        *cross_warnings.CHECKS,
        *cross_targets.CHECKS,
    ):
        everything.extend(check(found))
    everything.extend(_nothing_there(found, everything))
    if everything:
        raise RulebookError(list(in_reading_order(everything)))
    return _rulebook(found, files)


def _nothing_there(found: Entries, faults: list[Fault]) -> Iterator[Fault]:
    """No orgs or indicators at all, where no fault of their files tells why."""
    for kind, what in (("orgs", "单位"), ("indicators", "指标")):
        told = any(fault.file.startswith(f"{kind}/") for fault in faults)
        if not found.declared.get(kind) and not told:
            yield Fault(f"{kind}/", 0, "", f"一个{what}也没有", f"在文件夹 {kind}/ 里写上{what}")


def _rulebook(found: Entries, files: Mapping[str, str]) -> Rulebook:
    return Rulebook(
        version=version_of(files),
        orgs={made.model.id: made.model for made in found.orgs},
        indicators={made.model.id: made.model for made in found.indicators},
        sources=tuple(made.model for made in found.sources),
        checks=tuple(made.model for made in found.checks),
        lights=tuple(made.model for made in found.lights),
        calendar=tuple(made.model for made in found.calendar),
        outlines=tuple(made.model for made in found.outlines),
        uses=tuple(made.model for made in found.uses),
        breaks=tuple(made.model for made in found.breaks),
        corrections=tuple(made.model for made in found.corrections),
        places={
            f"corrections/{made.model.id}": f"{made.entry.file}:{made.entry.line()}"
            for made in found.corrections
        },
        breakdowns=tuple(made.model for made in found.breakdowns),
        standings=tuple(made.model for made in found.standings),
        paces=tuple(made.model for made in found.paces),
        bands=tuple(made.model for made in found.bands),
        shapes=tuple(made.model for made in found.shapes),
        ladders=tuple(made.model for made in found.ladders),
        warnings=tuple(made.model for made in found.warnings),
        gates=tuple(made.model for made in found.gates),
        holidays=tuple(made.model for made in found.holidays),
        files=dict(sorted(files.items())),
    )
