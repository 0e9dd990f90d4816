"""Errors that reach people. Each message is Chinese and says what is wrong and what to do."""

from __future__ import annotations


class DiaoduError(Exception):
    """Anything the user can mend; its text is printed as it stands, without a traceback."""


class PeriodError(DiaoduError):
    """A text that is no period."""


class OddSpanError(PeriodError):
    """Days named from–to that make up no period of the house."""


class QuantityError(DiaoduError):
    """A text that is no number, or a unit that cannot be converted."""


class RulebookError(DiaoduError):
    """A rulebook that cannot be used; carries every fault found."""

    def __init__(self, faults: list[object]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))
