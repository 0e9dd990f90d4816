"""The small county with May's taxes on file and a run of them, under embargo until the 18th."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from diaodu.web.figures import actions as figures
from diaodu.web.runs import actions as runs
from diaodu.web.runs.models import Run

SECRET = Decimal(77121)  # the county's taxes of January to May, 万元


@pytest.fixture(autouse=True)
def desk_home(settings: Any, tmp_path: Path) -> None:
    settings.DIAODU_HOME = tmp_path / "desk"


@pytest.fixture
def run(
    rules: Any, users: SimpleNamespace, now: datetime, frozen_clock: Callable[[datetime], None]
) -> Run:
    """The published run of May; the clock stands before the release."""
    rows = [
        figures.new_figure(
            indicator="tax", org=org, period=period, facet="level", track="flash",
            received=date(2023, 6, 6), unit="万元", value=value, file="来表.xlsx", sheet="表1",
            cell="C5", sha256="a" * 64,
        )
        for org, period, value in (
            ("shilixian", "2023-01/05", SECRET), ("shilixian", "2022-01/05", Decimal(70110)),
            ("qingshi", "2023-01/05", Decimal(5210)), ("liuhe", "2023-01/05", Decimal(4870)),
        )
    ]  # fmt: skip
    figures.record(observations=rows, by=None, at=now, origin="import")
    made = runs.freeze(period="2023-05", as_of=now.date(), note="月度", by=users.dispatch, at=now)
    runs.carry_out(run_id=made.pk, now=lambda: now)
    runs.publish(run=made, note="同意", by=users.dispatch, at=now)
    made.refresh_from_db()
    return made


@pytest.fixture
def hand_in(client_as: Callable[..., Client]) -> Callable[..., Any]:
    """hand_in(user, text=… | file=(name, bytes), run=…) → the answer."""

    def handed(user: Any, *, file: tuple[str, bytes] | None = None, **told: str) -> Any:
        more = {"file": SimpleUploadedFile(*file)} if file else {}
        return client_as(user).post("/bulletins/", {**told, **more})

    return handed


@pytest.fixture
def word() -> Callable[..., bytes]:
    """A Word file of these lines."""

    def made(*lines: str) -> bytes:
        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        stream = BytesIO()
        document.save(stream)
        return stream.getvalue()

    return made
