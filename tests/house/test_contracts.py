"""The house stands as it is drawn: layers, and an engine without framework."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from diaodu.engine.ground.words import MEASURES

ROOT = Path(__file__).resolve().parents[2]

# Imports every module of the engine while all that it must not know is missing.
_BLOCKED = """
import importlib, pkgutil, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "polars", "yaml", "openpyxl", "docx", "lxml"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
import diaodu.engine
for found in pkgutil.walk_packages(diaodu.engine.__path__, "diaodu.engine."):
    importlib.import_module(found.name)
"""


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_the_layers_are_kept():
    done = _run("-c", "from importlinter.cli import lint_imports_command as c; c()")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_the_engine_imports_without_any_framework():
    done = _run("-c", _BLOCKED)
    assert done.returncode == 0, done.stderr


def test_the_measures_are_those_described():
    text = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert set(MEASURES) == set(named)
