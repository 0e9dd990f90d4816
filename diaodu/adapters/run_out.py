"""The run folder: everything a month leaves behind, with the same bytes for the same inputs."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from diaodu.adapters import frames, store
from diaodu.adapters.excel_out import write_findings, write_tables
from diaodu.adapters.word_out import write_word
from diaodu.engine.flow import Month
from diaodu.engine.ground.records import Finding
from diaodu.engine.ground.words import AUDIENCES, LEVEL_NAMES
from diaodu.engine.judge.gates import GateVerdict
from diaodu.engine.report.document import numerals
from diaodu.engine.report.workbook import finding_rows
from diaodu.engine.rules.rulebook import PeerGroup, Rulebook

_LIBRARIES = ("lxml", "narwhals", "openpyxl", "polars", "pydantic", "python-calamine",
              "python-docx", "pyyaml", "xlrd", "xlsxwriter")  # fmt: skip


class File(Protocol):
    """A file that figures came from."""

    @property
    def file(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def received(self) -> date: ...


class Returns(Protocol):
    """Where a run's figures came from: a returns folder, or what a desk has taken in. `ignored`
    lists (path, reason); `later` counts the files received after the day asked for."""

    @property
    def workbooks(self) -> Sequence[File]: ...
    @property
    def ignored(self) -> Sequence[tuple[str, str]]: ...
    @property
    def later(self) -> int: ...


def write_run(
    out: Path, month: Month, rulebook: Rulebook, returns: Returns, *, all_periods: bool,
    more: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write all files of a run but timing.json. An earlier run's files are written over. `more`
    is told in run.json beside the rest."""
    out.mkdir(parents=True, exist_ok=True)
    store.write_observations(out, month.observations)
    store.write_targets(out, frames.target_frame(month.targets))
    store.write_measures(out, month.computed.measures, month.computed.peersets)
    write_json(out / "verdicts.json", [one._asdict() for one in month.verdicts])
    if rulebook.gates:
        write_json(out / "gates.json", [_gate(one) for one in month.gates])
    write_json(out / "findings.json", [one._asdict() for one in ordered(month.findings)])
    write_json(out / "bulletin.json", [vars_of(one) for one in numerals(month.document)])
    told = _run(month, rulebook, returns, all_periods)
    write_json(out / "run.json", {**told, **(more or {})})
    write_word(month.document, out / "bulletin.docx", month.as_of)
    write_tables(month.tables, out / "tables.xlsx", month.as_of)
    write_findings(month.tables.findings, out / "findings.xlsx", month.as_of)


def write_for_others(out: Path, month: Month, rulebook: Rulebook) -> None:
    """tables.xlsx and findings.xlsx without the findings that are for one office of the desk alone
    (AUDIENCES); nothing where there are none of these."""
    told = [one for one in month.findings if one.code not in AUDIENCES]
    if len(told) == len(month.findings):
        return
    out.mkdir(parents=True, exist_ok=True)
    rows = finding_rows(told, rulebook)
    write_tables(replace(month.tables, findings=rows), out / "tables.xlsx", month.as_of)
    write_findings(rows, out / "findings.xlsx", month.as_of)


def _gate(one: GateVerdict) -> dict[str, Any]:
    return one._asdict() | {"day": one.day.isoformat()}


def vars_of(one: Any) -> dict[str, Any]:
    """The fields of a frozen dataclass with slots, in their order."""
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Hard ones first, then by code and place: the order does not depend on how they were found."""
    unique = {one.id: one for one in findings}
    return sorted(
        unique.values(),
        key=lambda one: (one.severity != "hard", one.code, one.file, one.sheet, one.cell, one.id),
    )


def write_json(path: Path, content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _run(month: Month, rulebook: Rulebook, returns: Returns, all_periods: bool) -> dict[str, Any]:
    return {
        "period": month.period.id,
        "as_of": month.as_of.isoformat(),
        "all_periods": all_periods,
        "rulebook": {"version": rulebook.version, "files": dict(sorted(rulebook.files.items()))},
        "horizon": {name: period.id for name, period in sorted(month.computed.horizon.items())},
        "inputs": _inputs(month, returns),
        "ignored_files": [{"file": file, "reason": why} for file, why in returns.ignored],
        "later_files": returns.later,
        "held": month.observations["held"].sum(),
        "home": _home(month, rulebook),
        "names": names_told(rulebook, month.period.end),
        "versions": _versions(),
    }


def _home(month: Month, rulebook: Rulebook) -> str:
    """The org that the bulletin is about, where the rulebook says."""
    outline = rulebook.outline(month.period.end)
    return outline.org if outline is not None else ""


def _inputs(month: Month, returns: Returns) -> list[dict[str, Any]]:
    sheets: dict[str, list[dict[str, Any]]] = {}
    for (file, sheet), fates in sorted(month.counts.items()):
        cells = {**fates, "total": sum(fates.values())}
        why = month.ignored.get((file, sheet), {})
        reasons = [{"reason": reason, "cells": count} for reason, count in sorted(why.items())]
        sheets.setdefault(file, []).append(
            {"sheet": sheet, "cells": cells, "ignored_because": reasons}
        )
    return [
        {
            "file": book.file,
            "sha256": book.sha256,
            "received": book.received.isoformat(),
            "sheets": sheets.get(book.file, []),
        }
        for book in returns.workbooks
    ]


def names_told(rulebook: Rulebook, on: date) -> Mapping[str, Mapping[str, str]]:
    """What a user may call an indicator or org: printed name → id, where only one bears it; and
    what is read for the id of an indicator, org, breakdown or peer group, and which org is above
    which."""
    kinds = {"indicator": rulebook.indicators, "org": rulebook.orgs}
    orgs = {org.id: org.name for org in rulebook.orgs.values()}
    indicators = {indicator.id: indicator.name for indicator in rulebook.indicators.values()}
    groups = {group.id: _group_name(group, rulebook) for group in rulebook.peer_groups(on)}
    breakdowns = {one.id: one.name for one in rulebook.breakdowns}
    return {
        **{kind: _unique_names(things) for kind, things in kinds.items()},
        "printed": dict(sorted({**breakdowns, **groups, **orgs, **indicators}.items())),
        "parents": {org.id: org.parent for org in rulebook.orgs.values() if org.parent},
    }


def _group_name(group: PeerGroup, rulebook: Rulebook) -> str:
    """示例县各乡镇 for the siblings of one level; a named group as it is called."""
    parent, slash, level = group.id.rpartition("/")
    if not slash or parent not in rulebook.orgs or level not in LEVEL_NAMES:
        return group.name
    return f"{group.name}各{LEVEL_NAMES[level]}"


def _unique_names(things: Mapping[str, Any]) -> dict[str, str]:
    bearers: dict[str, set[str]] = {}
    for thing in things.values():
        for name in (thing.name, *thing.aliases):
            bearers.setdefault(name, set()).add(thing.id)
    return {name: min(ids) for name, ids in sorted(bearers.items()) if len(ids) == 1}


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"diaodu": version("diaodu"), "python": platform.python_version(), **libraries}
