"""What the database itself refuses: to change or drop an act, or to wind the head back.

Whoever can create a trigger can also drop one; the hash chain then tells. On SQLite a migration
that alters one of these tables copies it and loses its triggers: end it with `install` again.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ACTS, HEAD = "shared_act", "shared_head"
_KEPT = "操作记录只能追加，不能修改或删除"
_FORWARD = "操作记录的封条只能一号一号往前走，不能删除"

# name, table, event, when it is refused (empty: always), what is said
_ROWS = (
    ("shared_act_no_update", ACTS, "UPDATE", "", _KEPT),
    ("shared_act_no_delete", ACTS, "DELETE", "", _KEPT),
    ("shared_head_forward", HEAD, "UPDATE", "NEW.number <> OLD.number + 1", _FORWARD),
    ("shared_head_no_delete", HEAD, "DELETE", "", _FORWARD),
)
# PostgreSQL empties a table without touching its rows one by one.
_TRUNCATES = (
    ("shared_act_no_truncate", ACTS, _KEPT),
    ("shared_head_no_truncate", HEAD, _FORWARD),
)


def install(editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _created(editor.connection.vendor):
        editor.execute(statement)


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    """For undoing the migration, and for tests that empty the tables."""
    for statement in _dropped(editor.connection.vendor):
        editor.execute(statement)


def _created(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"{f'WHEN {when} ' if when else ''}BEGIN SELECT RAISE(ABORT, '{said}'); END"
            for name, table, event, when, said in _ROWS
        ]
    refuse = (
        "CREATE OR REPLACE FUNCTION shared_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], "
        "ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    return [
        refuse,
        *(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW "
            f"{f'WHEN ({when}) ' if when else ''}EXECUTE FUNCTION shared_refuse('{said}')"
            for name, table, event, when, said in _ROWS
        ),
        *(
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION shared_refuse('{said}')"
            for name, table, said in _TRUNCATES
        ),
    ]


def _dropped(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER {name}" for name, *_ in _ROWS]
    return [
        *(f"DROP TRIGGER {name} ON {table}" for name, table, *_ in (*_ROWS, *_TRUNCATES)),
        "DROP FUNCTION shared_refuse()",
    ]
