"""Fills an empty desk (SQLite) with the full county, once; kept under build/bench by digest.

Through the rooms' own actions: rules, people, targets, returns, runs. Put in directly, row for
row as `figures.record` would write them: the 120 months of history, which came in before.

    python -m bench.desk_load     with DIAODU_HOME naming an empty folder
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench import desk_county as county
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Observation, Target

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "bench-desk-20231"
SETTINGS = "diaodu.web.site.settings.base"
_TARGET_YEARS = (2022, 2023)
_MADE_BY = ("bench/desk_county.py", "bench/desk_load.py")


def loaded() -> Path:
    """The folder of a filled desk; made where there is none of this generator and these tables."""
    folder = ROOT / "build" / "bench" / f"desk-{_digest()}"
    if folder.exists():
        return folder
    print("正在装入全县数据（以后直接取用）", flush=True)
    unfinished = folder.with_name(f"{folder.name}.unfinished-{os.getpid()}")
    environment = {
        **os.environ, "DIAODU_HOME": str(unfinished), "DJANGO_SETTINGS_MODULE": SETTINGS,
    }  # fmt: skip
    environment.pop("DIAODU_DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "bench.desk_load"], cwd=ROOT, env=environment, check=True)
    unfinished.rename(folder)
    return folder


def _digest() -> str:
    """Of the generator and of everything that shapes the tables."""
    files = [ROOT / one for one in _MADE_BY]
    files += sorted(ROOT.glob("diaodu/web/*/migrations/*.py"))
    return sha256(b"".join(one.read_bytes() for one in files)).hexdigest()[:12]


def main() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    publish_rules()
    users = engage()
    insert_history()
    issue_targets(users)
    fill(users)
    compute(users)


# -- rules and people ------------------------------------------------------------------------


def publish_rules() -> None:
    from diaodu.web.rulebooks import actions

    made = actions.import_files(files=county.rule_files(), by=None, at=county.BEGUN, note="测速")
    assert made.version is not None, [str(one) for one in made.faults]
    actions.publish(version_id=made.version.pk, by=None, at=county.BEGUN, note="测速", seen=None)


def engage() -> dict[str, Any]:
    """User name → user; all have one password, hashed once."""
    from django.contrib.auth.hashers import make_password

    from diaodu.web.people import actions

    hashed = make_password(PASSWORD)
    users = {}
    for name, parts in county.people().items():
        user = actions.save_user(user=None, username=name, name=name, by=None, at=county.BEGUN)
        for part in parts:
            actions.grant(
                user=user, role=part.role, org=part.org, indicators=part.indicators or None,
                early=part.early, by=None, at=county.BEGUN,
            )  # fmt: skip
        user.password = hashed
        user.save(update_fields=["password"])
        users[name] = user
    return users


# -- figures ---------------------------------------------------------------------------------


def insert_history() -> None:
    """The indexes are made after the rows: with them it would take five times as long."""
    from django.apps import apps
    from django.db import connection, transaction

    table = apps.get_model("figures", "Observation")._meta.db_table
    columns = ", ".join(f'"{one}"' for one in _COLUMNS)
    marks = ", ".join("?" * len(_COLUMNS))
    connection.ensure_connection()
    database = connection.connection
    told = "SELECT name, sql FROM sqlite_master WHERE type='index' AND tbl_name=? AND sql NOT NULL"
    indexes = list(database.execute(told, (table,)))
    with transaction.atomic():
        for name, _ in indexes:
            database.execute(f'DROP INDEX "{name}"')
        for year, month in county.months():
            rows = _rows(year, month)
            database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
        for _, made in indexes:
            database.execute(made)
    database.execute("ANALYZE")


_COLUMNS = (
    "obs_id", "indicator", "org_id", "period", "ends", "facet", "against", "track", "received",
    "value", "decimals", "unit", "unit_given", "value_given", "place_id", "cell", "held",
    "entry_id", "entered_at", "release_at", "standing",
)  # fmt: skip


def _rows(year: int, month: int) -> Iterator[tuple[Any, ...]]:
    """A month's figures as the table keeps them, under an entry and a sheet of their own."""
    from django.apps import apps

    from diaodu.web.rulebooks import queries as rules

    after = Period.of_month(year, month + 1).end
    received = min(after + timedelta(days=9), date(2023, 6, 8))
    at = datetime(received.year, received.month, received.day, 8, tzinfo=UTC)
    entry = apps.get_model("figures", "Entry").objects.create(
        entered_at=at, origin="import", reason="启用前的历史数据"
    )
    place = apps.get_model("figures", "Sheet").objects.create(
        file=f"{received}/全县主要指标.xlsx", sha256="0" * 64, sheet="汇总"
    )
    entered = at.strftime("%Y-%m-%d %H:%M:%S")
    released: dict[tuple[str, str], str | None] = {}
    for number, one in enumerate(county.figures(year, month)):
        key = (one.indicator, one.period.id)
        if key not in released:
            moment = rules.release_at(*key)
            released[key] = moment and moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        digits = county.tenths_text(one.tenths)
        unit = "%" if one.facet == "growth" else "万元"
        yield (
            Observation.make_id(one.indicator, one.org, key[1], one.facet, None, "flash", received),
            one.indicator, one.org, key[1], one.period.end.isoformat(), one.facet, "", "flash",
            received.isoformat(), digits, 1, unit, unit, digits, place.pk, f"B{number + 2}", False,
            entry.pk, entered, released[key], True,
        )  # fmt: skip


def issue_targets(users: dict[str, Any]) -> None:
    from diaodu.web.figures import actions

    actions.record(
        observations=[], targets=list(_targets()), by=users["statistics"], at=county.BEGUN,
        origin="import", reason="年度目标", document="测速县政发〔2023〕1号",
    )  # fmt: skip


def _targets() -> Iterator[Target]:
    for year in _TARGET_YEARS:
        received = date(year, 1, 20)
        for indicator in county.HEADLINES:
            for org in county.ORGS[3:]:
                whole = Decimal(county.level(indicator, org, year - 1, 12) * 108) / 1000
                for kind, value, unit in (("level", whole, "万元"), ("growth", Decimal(8), "%")):
                    id = Target.make_id(indicator, org, year, "assigned", kind, received)
                    yield Target(
                        id, indicator, org, year, "assigned", kind, "reach", round(value, 1), None,
                        unit, None, "测速市", "测速市政发〔2023〕1号", received,
                        f"{received}/目标.xlsx", "0" * 64, "目标", "B2",
                    )  # fmt: skip


# -- the month half-way ----------------------------------------------------------------------


def fill(users: dict[str, Any]) -> None:
    """Drafts of a hundred clerks, ready to be handed in; what is changed later is accepted."""
    from diaodu.web.intake import queries

    forms = {
        (one.key.form, one.key.reporter): one
        for one in queries.forms_of(Period.from_id(county.PERIOD))
    }
    for unit in county.UNITS:
        for name, clerk in (("form_a", "a"), ("form_b", "b")):
            _type(forms[name, unit], users[f"{unit}_{clerk}"])
    for unit in county.CHANGED_UNITS:
        for name in ("later", "open"):
            _through(forms[name, unit], users, unit)


def _type(form: Any, by: Any) -> Any:
    from diaodu.web.intake import actions

    entered = [
        actions.Entered(key, county.typed(row.indicator.id, row.org), 0)
        for key, (row, _) in form.cells.items()
    ]
    saved = actions.save_cells(form=form, entered=entered, seen=0, by=by, at=county.FILLED)
    assert saved.checked is not None and saved.checked.is_clean, saved.checked
    return saved.sheet


def _through(form: Any, users: dict[str, Any], unit: str) -> None:
    from diaodu.web.intake import actions

    at = county.FILLED + timedelta(hours=1)
    clerk, head, reviewer = users[f"{unit}_c"], users[f"{unit}_head"], users["reviewer"]
    seen = _type(form, clerk).version
    actions.submit(form=form, seen=seen, by=clerk, at=at)
    actions.sign(form=form, places=frozenset({1}), seen=seen + 1, by=head, at=at)
    actions.accept(form=form, seen=seen + 2, by=reviewer, at=at)


def compute(users: dict[str, Any]) -> None:
    """Last month frozen and published; this one live."""
    from diaodu.web.runs import actions

    by = users["dispatch"]
    run = actions.freeze(
        period=county.FROZEN, as_of=date(2023, 5, 31), note="测速", by=by, at=county.BEGUN
    )
    actions.carry_out(run_id=run.pk, now=lambda: county.BEGUN)
    actions.publish(run=run, note="测速", by=by, at=county.BEGUN)
    actions.rebuild_live(periods=["2023-06", county.PERIOD, county.FROZEN], at=county.NOW)


if __name__ == "__main__":
    main()
