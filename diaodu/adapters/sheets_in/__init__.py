"""Doors for reading: files in, `Workbook`s out, and a finding for whatever cannot be read."""

from diaodu.adapters.sheets_in.collect_in import collect_returns
from diaodu.adapters.sheets_in.returns_in import ReturnsFolder, read_returns
from diaodu.adapters.sheets_in.workbook_in import read_workbook

__all__ = ["ReturnsFolder", "collect_returns", "read_returns", "read_workbook"]
