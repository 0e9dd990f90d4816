"""The open questions of a sheet, each told once with the first cell it is about."""

from __future__ import annotations

from dataclasses import dataclass, field

from diaodu.engine.ground.records import Finding, finding
from diaodu.engine.ground.words import Severity


@dataclass(slots=True)
class Fault:
    """One question. `obs_ids` are the figures it keeps waiting; `cells` how many."""

    code: str
    message: str
    action: str
    cell: str = ""
    severity: Severity = "hard"
    indicator: str = ""
    org: str = ""
    period: str = ""
    expected: str = ""
    found: str = ""
    discriminator: str = ""
    dropped: str = ""  # no question at all: the reason why the cells are passed over
    obs_ids: set[str] = field(default_factory=set)
    cells: int = 0

    def touch(self, cell: str, indicator: str, org: str, period: str) -> None:
        """Count a cell that waits for the answer. What all its cells share stays named."""
        if self.cells == 0:
            self.cell = self.cell or cell
            self.indicator = self.indicator or indicator
            self.org = self.org or org
            self.period = self.period or period
        else:
            self.indicator = self.indicator if self.indicator == indicator else ""
            self.org = self.org if self.org == org else ""
            self.period = self.period if self.period == period else ""
        self.cells += 1


# A question with the key under which it is asked once per sheet.
Asked = tuple[tuple[str, ...], Fault]


class Faults:
    """Collects faults of one sheet; the same question asked twice is one finding."""

    def __init__(self, file: str, sheet: str) -> None:
        self.file = file
        self.sheet = sheet
        self._all: dict[tuple[str, ...], Fault] = {}

    def __contains__(self, key: tuple[str, ...]) -> bool:
        return key in self._all

    def ask(self, key: tuple[str, ...], fault: Fault) -> Fault:
        """The fault known under this key; a new one is kept as given."""
        return self._all.setdefault(key, fault)

    def findings(self) -> list[Finding]:
        """Every fault as a finding, in the order they were met."""
        return [self._finding(fault) for fault in self._all.values()]

    def _finding(self, fault: Fault) -> Finding:
        more = f"（涉及{fault.cells}个数据格，暂不采用）" if fault.cells > 1 else ""
        return finding(
            fault.code, fault.severity, fault.message + more, fault.action, file=self.file,
            sheet=self.sheet, cell=fault.cell, indicator=fault.indicator, org=fault.org,
            period=fault.period, expected=fault.expected, found=fault.found,
            obs_ids=tuple(fault.obs_ids), discriminator=fault.discriminator,
        )  # fmt: skip
