"""The filled desk's rows from SQLite into an empty, migrated PostgreSQL, table by table.

python -m bench.desk_copy FILE     with DIAODU_DATABASE_URL set
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

# Made by `migrate` itself.
_THERE_ALREADY = frozenset({"contenttypes", "auth", "sessions"})
_AT_ONCE = 20_000


def copy(file: str) -> None:
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection, models, transaction

    source = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    tables = [
        one for one in apps.get_models(include_auto_created=True)
        if one._meta.app_label not in _THERE_ALREADY and one._meta.managed
    ]  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        # The rows refer to each other already: asking again row by row takes minutes.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in tables:
            fields = model._meta.concrete_fields
            switches = [
                place for place, one in enumerate(fields) if isinstance(one, models.BooleanField)
            ]
            _copy_table(source, cursor, model._meta.db_table, fields, switches)
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    connection.cursor().execute("ANALYZE")


def _copy_table(
    source: sqlite3.Connection, cursor: Any, table: str, fields: Any, switches: list[int]
) -> None:
    columns = ", ".join(f'"{one.column}"' for one in fields)
    rows = source.execute(f"SELECT {columns} FROM {table}")
    with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as target:
        while some := rows.fetchmany(_AT_ONCE):
            for row in some:
                target.write_row(_with_booleans(row, switches) if switches else row)


def _with_booleans(row: tuple[Any, ...], switches: list[int]) -> list[Any]:
    """SQLite keeps them as 0 and 1."""
    told = list(row)
    for place in switches:
        told[place] = None if told[place] is None else bool(told[place])
    return told


if __name__ == "__main__":
    import django

    django.setup()
    copy(sys.argv[1])
