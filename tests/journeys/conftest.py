"""The demo county and its month, made once for all journeys."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from diaodu.cli import main


class Told(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


Diaodu = Callable[..., Told]


def run(*words: object) -> Told:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(word) for word in words])
        except SystemExit as stop:  # argparse leaves this way
            code = int(stop.code or 0)
    return Told(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def diaodu() -> Diaodu:
    return run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county's folder."""
    folder = tmp_path_factory.mktemp("demo") / "county"
    assert run("demo", folder).code == 0
    return folder


@pytest.fixture(scope="session")
def month(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of the demo's month."""
    out = tmp_path_factory.mktemp("month") / "out"
    told = run("month", "2023年1—5月", "--returns", demo / "returns", "--rulebook",
               demo / "rulebook", "--out", out)  # fmt: skip
    assert told.code == 0, told.err
    return out
