"""A frozen run of the demo county is the run that the command line makes of the same files."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from diaodu.adapters.demo_county.make import make_demo
from diaodu.adapters.month_in_out import run_month
from diaodu.web.figures import actions as figures
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.runs import actions
from diaodu.web.runs.models import Row
from diaodu.web.runs.queries.trace import folder_of

AS_OF = date(2023, 6, 25)
SAME = ("observations.parquet", "targets.parquet", "measures.parquet", "peersets.parquet",
        "verdicts.json", "findings.json")  # fmt: skip


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    make_demo(folder)
    run_month(
        "2023-05", returns=folder / "returns", rulebook=folder / "rulebook", out=folder / "out",
        as_of=AS_OF,
    )  # fmt: skip
    return folder


@pytest.fixture
def desk(db: None, demo: Path, now: datetime) -> None:
    rules = demo / "rulebook"
    files = {
        str(path.relative_to(rules)): path.read_bytes()
        for path in sorted(rules.rglob("*"))
        if path.is_file()
    }
    imported = rulebooks.import_files(files=files, by=None, at=now, note="示例县")
    assert imported.version is not None, imported.faults
    rulebooks.publish(version_id=imported.version.id, by=None, at=now, note="初版", seen=None)
    figures.import_folder(folder=demo / "returns", by=None, at=now.replace(day=26))


@pytest.mark.slow
def test_the_files_of_a_frozen_run_are_those_of_the_command(
    desk: Any, demo: Path, now: Any
) -> None:
    at = now.replace(day=26)
    run = actions.freeze(period="2023-05", as_of=AS_OF, note="", by=None, at=at)
    actions.carry_out(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    assert run.state == "done", run.trouble
    here = folder_of(run)
    differing = [
        name for name in SAME if (here / name).read_bytes() != (demo / "out" / name).read_bytes()
    ]
    assert differing == []
    ours = json.loads((here / "run.json").read_text(encoding="utf-8"))
    assert ours["run"]["audit"] == {"number": run.audit_number, "hash": run.audit_hash}
    theirs = json.loads((demo / "out" / "run.json").read_text(encoding="utf-8"))
    assert ours["horizon"] == theirs["horizon"]
    assert Row.objects.filter(run=run).exclude(indicator="").count() > 100
