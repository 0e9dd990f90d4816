"""Settings for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# On a submission the same examples each time; at a desk new ones, so that faults are found.
settings.register_profile("submission", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("submission" if os.environ.get("CI") else "desk")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file's bytes never name a test: in a workbook stands the second it was packed in, and
    workers that collect in different seconds must find the same names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The database refuses to drop acts; between tests with transactions of their own the tables
    are emptied, and only there the triggers step aside."""
    from django.db import connection

    from diaodu.web.shared import triggers

    # Of the class: a browser's event loop gives its thread a connection of its own.
    ops = type(connection.ops)
    empty = ops.execute_sql_flush

    def step_aside(self: Any, statements: list[Any]) -> None:
        with self.connection.schema_editor() as editor:
            triggers.remove(editor)
        empty(self, statements)
        with self.connection.schema_editor() as editor:
            triggers.install(editor)

    ops.execute_sql_flush = step_aside  # type: ignore[method-assign]
    yield
    ops.execute_sql_flush = empty  # type: ignore[method-assign]
