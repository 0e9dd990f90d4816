"""The hand-written month, handed to the tests of this folder."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

CASE = Path(__file__).resolve().parents[2] / "golden" / "bulletin_case.py"


@pytest.fixture(scope="session")
def case() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bulletin_case", CASE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
