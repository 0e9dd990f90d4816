"""200 return workbooks (25 orgs × 40 indicators each) to observations with findings.

Baseline: pandas.read_excel with openpyxl and a melt, which finds nothing, knows no unit and no
origin. The figures of both must be equal.
"""

from __future__ import annotations

import re
import tempfile
from decimal import Decimal
from pathlib import Path

import pandas as pd

from bench.__main__ import hand_on
from bench.made_returns import (
    DAY,
    FILES,
    HEADER_ROW,
    INDICATOR_NAMES,
    ORG_NAMES,
    ORGS_PER_FILE,
    REMARK_EVERY,
    STUB,
    indicator_id,
    months,
    org_id,
    write_returns,
    write_rulebook,
)
from bench.measuring import NotEqualError, peak_memory, row, seconds_of
from diaodu.adapters.frames import observation_frame
from diaodu.adapters.memory import all_kept
from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.adapters.sheets_in import collect_returns
from diaodu.engine.collect.names import build_names
from diaodu.engine.collect.settle import settle
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.verify.check import check

TIMES = 3
Figures = dict[tuple[str, str, str], Decimal]  # indicator, org, period → figure


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        returns, rules = Path(name) / "returns", Path(name) / "rulebook"
        write_returns(returns)
        write_rulebook(rules)
        for file in sorted(returns.rglob("*.xlsx")):
            file.read_bytes()  # both find the files in the system's memory
        seconds, (observations, findings) = seconds_of(lambda: ours(returns, rules), times=TIMES)
        memory = peak_memory()
        baseline, melted = seconds_of(lambda: by_pandas(returns / DAY), times=TIMES)
    print(f"{len(observations)} 条观测值，{len(findings)} 条审核意见")
    check_equal(observations, findings, melted)
    hand_on([row("200 份报表（25 单位 × 40 指标）读成观测值并审核", seconds, baseline, memory)])


def ours(returns: Path, rules: Path) -> tuple[tuple[Observation, ...], list[Finding]]:
    """Rulebook and files read, vintages settled, figures verified: what a run starts from."""
    with all_kept():
        return _ours(returns, rules)


def _ours(returns: Path, rules: Path) -> tuple[tuple[Observation, ...], list[Finding]]:
    rulebook = read_rulebook(rules)
    names = build_names(rulebook)
    folder, readings = collect_returns(returns, names)
    day = folder.received_days[-1]
    settled = settle(readings, day, names)
    findings = [*folder.findings, *settled.findings]
    for reading in readings:
        findings += reading.findings
        findings += [one for sheet in reading.sheets for one in sheet.findings]
    newest = Period.of_months(*max((year, 1, month) for year, month in months()))
    findings += check(observation_frame(settled.observations), rulebook, newest, day)
    return settled.observations, findings


def by_pandas(folder: Path) -> pd.DataFrame:
    """Long: org, indicator, value, period; text among the numbers becomes nothing."""
    parts: list[pd.DataFrame] = []
    for file in sorted(folder.glob("*.xlsx")):
        wide = pd.read_excel(file, engine="openpyxl", header=HEADER_ROW)
        long = wide.melt(id_vars=[STUB], var_name="indicator", value_name="value")
        long["period"] = _period(file.name)
        parts.append(long)
    found = pd.concat(parts, ignore_index=True)
    found["value"] = pd.to_numeric(found["value"], errors="coerce")
    return found.dropna(subset=["value"])


def _period(file_name: str) -> str:
    match = re.search(r"(\d{4})年(?:1-)?(\d+)月", file_name)
    assert match is not None, "the benchmark names its own files"
    return Period.of_months(int(match.group(1)), 1, int(match.group(2))).id


def check_equal(
    observations: tuple[Observation, ...], findings: list[Finding], melted: pd.DataFrame
) -> None:
    """Raises NotEqualError unless both have the same figures and every planted remark is found."""
    orgs = {name: org_id(place) for place, name in enumerate(ORG_NAMES)}
    indicators = {name: indicator_id(place) for place, name in enumerate(INDICATOR_NAMES)}
    theirs: Figures = {
        (indicators[indicator], orgs[org], period): Decimal(repr(value))
        for org, indicator, value, period in zip(
            melted[STUB], melted["indicator"], melted["value"].tolist(), melted["period"],
            strict=True,
        )
    }  # fmt: skip
    figures: Figures = {
        (each.indicator, each.org, each.period): each.value
        for each in observations
        if each.value is not None and not each.held
    }
    remarks = -(-FILES // REMARK_EVERY)
    wanted = FILES * ORGS_PER_FILE * len(INDICATOR_NAMES) - remarks
    if figures != theirs or len(figures) != wanted:
        differing = sorted(figures.items() ^ theirs.items())[:5]
        raise NotEqualError(f"{len(figures)}, {len(theirs)}, {wanted} wanted: {differing}")
    if sum(each.code == "not_a_number" for each in findings) != remarks:
        raise NotEqualError(f"not every one of {remarks} remarks was found")


if __name__ == "__main__":
    main()
