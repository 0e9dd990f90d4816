"""A fault in a rulebook: where it stands, what is wrong, what to do."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """`file` is the path under the rulebook folder with “/”; `line` counts from 1, 0 where the
    fault has no line; `key` is the key at fault, dotted (`match.title`), empty for a whole file.
    `message` and `action` are Chinese, without their full stops."""

    file: str
    line: int
    key: str
    message: str
    action: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        stop = "" if self.message.endswith("？") else "。"
        return f"{where} {self.message}{stop}" + (f"{self.action}。" if self.action else "")

    def as_dict(self) -> dict[str, str | int]:
        """The object that `diaodu rulebook check --json` prints."""
        return self._asdict()


def in_reading_order(faults: list[Fault]) -> list[Fault]:
    """By file and line; each fault once."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line, fault.key))
