"""Every address × every person × their own and another's thing × before and after release,
against one table, `who_may.csv`. An address that is not in the table fails, and so does a row
without an address.

In the table ✓ is let in (what is refused for its content behind the door counts as let in: the
rooms' own tests say what happens then), ✗ is refused (403), ? is hidden (404: there is no such
thing for them), → is sent to sign in. A row for one moment only says before or after (release).
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from diaodu.adapters.duty_list import COLUMNS
from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.adapters.texts_in import Loaded
from diaodu.engine.ground.period import Period
from diaodu.web.board import actions as board
from diaodu.web.board.queries.notes import Place
from diaodu.web.bulletins import actions as bulletins
from diaodu.web.duties import actions as duties
from diaodu.web.duties.models import Upload
from diaodu.web.figures import actions as figures
from diaodu.web.figures.models import ImportBatch, Observation
from diaodu.web.intake import actions as intake
from diaodu.web.intake.queries import forms_of
from diaodu.web.intake.queries.sheets import to_fill
from diaodu.web.meetings import actions as meetings
from diaodu.web.people.models import Membership
from diaodu.web.people.queries import access_of
from diaodu.web.rulebooks.queries import current_version
from diaodu.web.runs import actions as runs
from diaodu.web.shared.models import Delivery
from diaodu.web.site.models import Beat
from diaodu.web.site.supervisor import LANES
from diaodu.web.targets import actions as targets
from diaodu.web.targets.models import Line
from diaodu.web.urging import actions as urging
from diaodu.web.urging.models import Proposed
from diaodu.web.warnings.models import Warning

TABLE = Path(__file__).with_name("who_may.csv")
RELEASE = datetime(2023, 6, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MOMENTS = {"before": RELEASE - timedelta(seconds=1), "after": RELEASE}
# Taxes of April and May: numbers that no page prints for another reason.
TAX = {4: 64230, 5: 77120}
SECRET = re.compile(r"77,?12[0-3]")
READ_EARLY = {"statistics", "dispatch", "neighbour"}
# Beside their own form clerks see what their own unit has on file.
OWN = {("clerk", "own"), ("other_clerk", "other")}


@dataclass
class World:
    """What there is to ask for. `own` belongs to 青石镇, `other` to 柳荷镇."""

    users: SimpleNamespace
    figure: dict[str, int] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def world(rules: Any, users: SimpleNamespace, now: datetime, settings: Any, tmp_path: Any) -> World:
    settings.DIAODU_HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    found = World(users)
    _file(found, "2023-01/04", now - timedelta(days=20))
    run = runs.freeze(
        period="2023-04", as_of=date(2023, 5, 20), note="月度", by=users.dispatch, at=now
    )
    runs.carry_out(run_id=run.pk, now=lambda: now)
    runs.publish(run=run, note="同意", by=users.dispatch, at=now)
    _file(found, "2023-01/05", now)
    later = runs.freeze(period="2023-05", as_of=now.date(), note="先看", by=users.dispatch, at=now)
    runs.carry_out(run_id=later.pk, now=lambda: now)
    runs.rebuild_live(periods=["2023-05"], at=now)
    for org in ("qingshi", "liuhe"):
        form = next(one for one in forms_of(Period.from_id("2023-05")) if one.reporter.id == org)
        clerk = users.clerk if org == "qingshi" else users.other_clerk
        intake.save_cells(
            form=form, seen=0, by=clerk, at=now,
            entered=[intake.Entered(key, "12", 0) for key in form.cells],
        )  # fmt: skip
        loaded = to_fill(access_of(clerk, now.date()), form.key)
        table = f"{form.reporter.name}2023年1—5月\n指标,税收收入（万元）\n本期,12\n"
        upload = intake.upload(
            loaded=loaded, file_name="报表.csv", content=table.encode(), by=clerk, at=now
        )
        found.ids[f"upload_{org}"] = upload.pk
    batch = ImportBatch.objects.create(by=users.statistics, at=now, state="done", total=0)
    found.ids |= {"batch": batch.pk, "run": run.number, "later": later.number}
    found.ids["version"] = current_version().id
    found.ids["membership"] = Membership.objects.get(user=users.clerk).pk
    found.ids["export"] = 99999
    found.ids["check"] = bulletins.check(
        name="讲话", loaded=Loaded("1—5月，全县税收收入完成100万元。"), content=None, run=None,
        by=users.clerk, at=now,
    ).pk  # fmt: skip
    found.ids["map"] = _map(users, now)
    _meet(found, now)
    _assign(found, now)
    _remark(found, now)
    _aim(found, now)
    _warn(found, now)
    for lane in LANES:
        Beat.objects.create(worker=f"{lane}-1", at=timezone.now())
    for org in ("qingshi", "liuhe"):
        row = Observation.objects.get(pk=found.figure[f"2023-01/05|{org}"])
        found.ids[f"obs_{org}"] = row.obs_id
    return found


def _map(users: SimpleNamespace, now: datetime) -> int:
    square = [[0, 0], [1, 0], [1, 1], [0, 0]]
    areas = [
        {"properties": {"name": org}, "geometry": {"type": "Polygon", "coordinates": [square]}}
        for org in ("chengdong", "qingshi", "liuhe")
    ]
    content = json.dumps({"type": "FeatureCollection", "features": areas}).encode()
    made = board.save_map(
        org="shilixian", file="a.geojson", content=content, sketch=True, note="", without=False,
        by=users.admin, at=now,
    )  # fmt: skip
    return int(made.pk)


def _remark(world: World, now: datetime) -> None:
    """A note on April's figure of a unit for all, and one for the leader."""
    clerk, leader = world.users.clerk, world.users.leader
    for name, readers in (("note", None), ("note_named", [leader.pk])):
        world.ids[name] = board.pin(
            place=Place("tax", "qingshi", "2023-01/04"), facet="", text="原因", readers=readers,
            by=clerk, at=now,
        ).pk  # fmt: skip


def _meet(world: World, now: datetime) -> None:
    """A meeting in progress, with papers of both units; a duty of each unit, late, and urged."""
    office = world.users.dispatch
    meeting = meetings.plan(
        kind="dispatch", title="调度会", held_at=now + timedelta(days=1), place="", host="",
        run_id=None, by=office, at=now,
    )  # fmt: skip
    item = meetings.add_item(
        meeting=meeting, kind="report", title="汇报", org=None, speaker="", minutes=None,
        by=office, at=now,
    )  # fmt: skip
    papers = meetings.ask_papers(
        meeting=meeting, orgs=["qingshi", "liuhe"], title="材料", due=now + timedelta(hours=1),
        by=office, at=now,
    )  # fmt: skip
    for paper, by in zip(papers, (world.users.clerk, world.users.other_clerk), strict=True):
        meetings.hand_in(paper=paper, name="a.pdf", content=b"%PDF-", by=by, at=now)
        world.ids[f"paper_{paper.org_id}"] = paper.pk
    meetings.open_meeting(meeting=meeting, by=office, at=now)
    line = meetings.add_line(
        meeting=meeting, content=meetings.Content("promise", "完成", "liuhe"), by=office, at=now
    )
    world.ids |= {"meeting": meeting.pk, "item": item.pk, "line": line.pk}
    _urge(world, now)


def _assign(world: World, now: datetime) -> None:
    """A duty of each unit, proof of one; a draft; what comes round; a list sent in."""
    by, clerk = world.users.supervision, world.users.clerk
    own, draft = (
        duties.Wanted(
            title=title, source="meeting", lead="qingshi", person=clerk.pk,
            latest=now.date() + timedelta(days=20),
        )
        for title in ("入库", "拟稿")
    )  # fmt: skip
    other = replace(own, lead="liuhe", person=world.users.other_clerk.pk)
    for one in duties.hand_out(wanted=[own, other], by=by, at=now):
        world.ids[f"duty_{one.lead_id}"] = one.pk
    world.ids["duty_draft"] = duties.write(wanted=[draft], by=by, at=now)[0].pk
    world.ids["proof"] = duties.hand_in_file(
        duty_id=world.ids["duty_qingshi"], name="a.pdf", content=b"%PDF-", proves="", by=clerk,
        at=now,
    ).pk  # fmt: skip
    world.ids["quota"] = duties.set_quota(
        title="走访", org="qingshi", person=clerk.pk, every="month", times=1, day=28, rolls=True,
        since=now.date(), until=None, source="", by=by, at=now,
    ).pk  # fmt: skip
    row = ["走访", *[""] * (len(COLUMNS) - 1)]
    world.ids["duty_list"] = Upload.objects.create(
        name="清单.xlsx",
        content=table_xlsx("清单", list(COLUMNS.values()), [row], "说明"),
        by=by,
        at=now,
    ).pk


def _aim(world: World, now: datetime) -> None:
    """A year's targets, locked, and a re-based draft with a proposal."""
    office = world.users.dispatch
    locked = targets.begin(year=2023, source=targets.EMPTY, by=office, at=now)
    for indicator, orgs in (("tax", ("qingshi", "liuhe")), ("industry_output", ("shilixian",))):
        entered = [targets.Entered("own", org, "w", "5") for org in orgs]
        targets.save_cells(
            version=locked, indicator=indicator, kind="level", entered=entered, seen=0, by=office,
            at=now,
        )  # fmt: skip
    locked.refresh_from_db()
    targets.lock(
        version=locked, document="示例〔2023〕1号", effective=now.date(), seen=locked.changes,
        by=office, at=now,
    )  # fmt: skip
    draft = targets.rebase(version=locked, reason="调整", by=office, at=now)
    world.ids |= {"locked": locked.pk, "draft": draft.pk}
    for one in Line.objects.all():
        world.ids[f"line_{one.version_id}_{one.org_id}"] = one.pk
    line = Line.objects.get(version=draft, indicator="industry_output")
    world.ids["part"] = targets.add_part(
        line=line, split="person", name="王某", value=Decimal(5), by=office, at=now
    ).pk
    world.ids["support"] = targets.add_support(
        line=line, kind="project", name="项目", amount=Decimal(5), month=9, owner="王某",
        certainty="signed", by=office, at=now,
    ).pk  # fmt: skip
    world.ids["proposal"] = targets.propose(
        line=line, value=Decimal(6), reason="有项目", by=world.users.owner, at=now
    ).pk


def _warn(world: World, now: datetime) -> None:
    """A warning of each unit, raised by a published run."""
    for org in ("qingshi", "liuhe"):
        made = Warning.objects.create(
            rule="slow", name="增速低", kind="growth", light="behind", indicator="tax", org_id=org,
            lead_id=org, title="税收收入：增速低", opened="2023-01/04", phase="active",
            since="2023-01/04", public_phase="active", public_since="2023-01/04", at=now,
            moved_at=now,
        )  # fmt: skip
        world.ids[f"warning_{org}"] = made.pk


def _grid(version: int, indicator: str) -> dict[str, Any]:
    return {"id": version, "indicator": indicator, "kind": "level"}


def _drafted(world: World, org: str, version: str = "draft") -> dict[str, Any]:
    return {"id": world.ids[f"line_{world.ids[version]}_{org}"]}


def _urge(world: World, now: datetime) -> None:
    handed = now - timedelta(days=9)
    who = {"qingshi": world.users.clerk, "liuhe": world.users.other_clerk}
    made = duties.hand_out(
        wanted=[
            duties.Wanted(
                title="补报", source="meeting", lead=org, person=user.pk,
                latest=now.date() - timedelta(days=2),
            )
            for org, user in who.items()
        ],
        by=world.users.supervision, at=handed,
    )  # fmt: skip
    world.ids |= {f"late_{one.lead_id}": one.pk for one in made}
    urging.pass_day(at=now)
    for proposed in Proposed.objects.all():
        answer = urging.Details(answer_by=now.date() + timedelta(days=3))
        step = urging.take(proposed=proposed, details=answer, by=world.users.supervision, at=now)
        world.ids[f"letter_{step.org_id}"] = step.letter_id
    urging.pass_day(at=now + timedelta(days=9))
    world.ids["step"] = Proposed.objects.first().pk
    Delivery.objects.filter(channel="site").update(channel="email", state="failed")
    world.ids["delivery"] = Delivery.objects.first().pk


def _file(world: World, period: str, at: datetime) -> None:
    months = int(period[-2:])
    rows = [
        figures.new_figure(
            indicator=indicator, org=org, period=period, facet="level", track="flash",
            received=at.date(), unit=unit, value=Decimal(number + place), file="来表.xlsx",
            sheet="表1", cell="C5", sha256="a" * 64,
        )
        for place, org in enumerate(("shilixian", "qingshi", "liuhe", "donglinqu"))
        for indicator, unit, number in (
            ("tax", "万元", TAX[months]), ("industry_output", "亿元", 100 * months)
        )
    ]  # fmt: skip
    figures.record(observations=rows, by=None, at=at, origin="import")
    for one in Observation.objects.filter(period=period, indicator="tax"):
        world.figure[f"{period}|{one.org_id}"] = one.pk


# thing in the table → what it is, in words of the address
THINGS: dict[str, Callable[[World], dict[str, Any]]] = {
    "": lambda w: {},
    "own unit": lambda w: {"org": "qingshi", "indicator": "tax"},
    "other unit": lambda w: {"org": "liuhe", "indicator": "tax"},
    "home": lambda w: {"org": "shilixian", "indicator": "tax"},
    "neighbour county": lambda w: {"org": "donglinqu", "indicator": "tax"},
    "no indicator": lambda w: {"org": "qingshi", "indicator": "nothing"},
    "own org": lambda w: {"org": "qingshi"},
    "other org": lambda w: {"org": "liuhe"},
    "neighbour org": lambda w: {"org": "donglinqu"},
    "no org": lambda w: {"org": "nothing"},
    "map": lambda w: {"id": w.ids["map"]},
    "month": lambda w: {"period": "2023-05"},
    "published run": lambda w: {"number": w.ids["run"]},
    "run not published": lambda w: {"number": w.ids["later"]},
    "no run": lambda w: {"number": 99},
    "published run's file": lambda w: {"number": w.ids["run"], "name": "tables.xlsx"},
    "other run's file": lambda w: {"number": w.ids["later"], "name": "tables.xlsx"},
    "no file of a run": lambda w: {"number": w.ids["run"], "name": "secret.key"},
    "own form": lambda w: _form("qingshi"),
    "other form": lambda w: _form("liuhe"),
    "no form": lambda w: {**_form("qingshi"), "form": "nothing"},
    "own upload": lambda w: {**_form("qingshi"), "id": w.ids["upload_qingshi"]},
    "other upload": lambda w: {**_form("liuhe"), "id": w.ids["upload_liuhe"]},
    "other upload by own form": lambda w: {**_form("qingshi"), "id": w.ids["upload_liuhe"]},
    "own figure": lambda w: {"id": w.figure["2023-01/04|qingshi"]},
    "other figure": lambda w: {"id": w.figure["2023-01/04|liuhe"]},
    "home figure": lambda w: {"id": w.figure["2023-01/04|shilixian"]},
    "neighbour county's figure": lambda w: {"id": w.figure["2023-01/04|donglinqu"]},
    "own new figure": lambda w: {"id": w.figure["2023-01/05|qingshi"]},
    "other new figure": lambda w: {"id": w.figure["2023-01/05|liuhe"]},
    "home new figure": lambda w: {"id": w.figure["2023-01/05|shilixian"]},
    "own new figure's id": lambda w: {"obs_id": w.ids["obs_qingshi"]},
    "other new figure's id": lambda w: {"obs_id": w.ids["obs_liuhe"]},
    "somebody's export": lambda w: {"id": w.ids["export"]},
    "no number": lambda w: {"id": 99999},
    "meeting": lambda w: {"id": w.ids["meeting"]},
    "meeting's item": lambda w: {"id": w.ids["item"]},
    "meeting's line": lambda w: {"id": w.ids["line"]},
    "own paper": lambda w: {"id": w.ids["paper_qingshi"]},
    "other paper": lambda w: {"id": w.ids["paper_liuhe"]},
    "step": lambda w: {"id": w.ids["step"]},
    "own letter": lambda w: {"id": w.ids["letter_qingshi"]},
    "other letter": lambda w: {"id": w.ids["letter_liuhe"]},
    "delivery": lambda w: {"id": w.ids["delivery"]},
    "note on own unit": lambda w: {"id": w.ids["note"]},
    "note for the leader": lambda w: {"id": w.ids["note_named"]},
    "target year": lambda w: {"year": 2023},
    "locked targets": lambda w: {"id": w.ids["locked"]},
    "drafted targets": lambda w: {"id": w.ids["draft"]},
    "locked grid": lambda w: _grid(w.ids["locked"], "tax"),
    "drafted grid": lambda w: _grid(w.ids["draft"], "tax"),
    "no grid": lambda w: _grid(w.ids["locked"], "nothing"),
    "own locked line": lambda w: _drafted(w, "qingshi", "locked"),
    "other locked line": lambda w: _drafted(w, "liuhe", "locked"),
    "own drafted line": lambda w: _drafted(w, "qingshi"),
    "owner's drafted line": lambda w: _drafted(w, "shilixian"),
    "proposal": lambda w: {"id": w.ids["proposal"]},
    "target part": lambda w: {"id": w.ids["part"]},
    "target support": lambda w: {"id": w.ids["support"]},
    "own late duty": lambda w: {"duty": w.ids["late_qingshi"]},
    "other late duty": lambda w: {"duty": w.ids["late_liuhe"]},
    "own warning": lambda w: {"id": w.ids["warning_qingshi"]},
    "other warning": lambda w: {"id": w.ids["warning_liuhe"]},
    "clerk's check": lambda w: {"id": w.ids["check"]},
    "clerk's check as Excel": lambda w: {"id": w.ids["check"], "kind": "excel"},
    "clerk's check as Word": lambda w: {"id": w.ids["check"], "kind": "word"},
    "clerk's check as nothing": lambda w: {"id": w.ids["check"], "kind": "nothing"},
    "own duty": lambda w: {"id": w.ids["duty_qingshi"]},
    "other duty": lambda w: {"id": w.ids["duty_liuhe"]},
    "own draft": lambda w: {"id": w.ids["duty_draft"]},
    "signing own duty": lambda w: {"id": w.ids["duty_qingshi"], "act": "sign"},
    "withdrawing own duty": lambda w: {"id": w.ids["duty_qingshi"], "act": "withdraw"},
    "issuing own draft": lambda w: {"id": w.ids["duty_draft"], "act": "issue"},
    "own proof": lambda w: {"id": w.ids["proof"]},
    "own quota": lambda w: {"id": w.ids["quota"]},
    "supervision's list": lambda w: {"id": w.ids["duty_list"]},
    "batch": lambda w: {"id": w.ids["batch"]},
    "rules": lambda w: {"id": w.ids["version"]},
    "part of the rules": lambda w: {"id": w.ids["version"], "part": "indicators"},
    "no part": lambda w: {"id": w.ids["version"], "part": "nothing"},
    "entry": lambda w: {"id": w.ids["version"], "part": "indicators", "entry": "tax"},
    "unit": lambda w: {"id": "qingshi"},
    "user": lambda w: {"id": w.users.clerk.pk},
    "role": lambda w: {"id": w.ids["membership"]},
    "no such link": lambda w: {"token": "x" * 43},
    "act": lambda w: {"number": 1},
}
MARKS = {"✓": "ok", "✗": "no", "?": "hidden", "→": "login"}


@dataclass(frozen=True)
class Row:
    verb: str
    address: str
    thing: str
    moment: str
    marks: dict[str, str]


def _rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Row(one.pop("verb"), one.pop("address"), one.pop("thing"), one.pop("moment"), one)
            for one in csv.DictReader(file)
        ]


def _form(reporter: str) -> dict[str, Any]:
    return {"period": "2023-05", "form": "township_monthly", "reporter": reporter}


def _names(patterns: Any, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from _names(one.url_patterns, inner)
        elif isinstance(one, URLPattern):
            yield ":".join((*spaces, one.name or str(one.pattern)))


def _outcome(response: Any) -> str:
    code = response.status_code
    if code == 401 or (code == 302 and "/accounts/login/" in response["Location"]):
        return "login"
    return {403: "no", 404: "hidden"}.get(code, "ok" if code < 500 and code != 405 else str(code))


def _asked(client: Client, row: Row, kwargs: dict[str, Any]) -> tuple[str, str]:
    """The outcome and the text of the answer; whatever it did is undone."""
    with transaction.atomic():
        call = client.post if row.verb == "post" else client.get
        response = call(reverse(row.address, kwargs=kwargs))
        told = _outcome(response), _text(response)
        transaction.set_rollback(True)
    return told


def _text(response: Any) -> str:
    """What can be read in an answer; of a workbook or zip, what stands in its parts."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not content.startswith(b"PK"):
        return str(content, "utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(str(parts.read(one), "utf-8", "replace") for one in parts.namelist())


def test_every_address_is_in_the_table() -> None:
    assert {one.address for one in _rows()} == set(_names(get_resolver().url_patterns))


@pytest.mark.parametrize("moment", list(MOMENTS))
def test_who_may_ask_for_what(
    world: World, client_as: Callable[[Any], Client],
    frozen_clock: Callable[[datetime], None], moment: str,
) -> None:  # fmt: skip
    frozen_clock(MOMENTS[moment])
    rows = [one for one in _rows() if one.moment in ("", moment)]
    clients = {
        name: Client() if name == "anyone" else client_as(getattr(world.users, name))
        for name in rows[0].marks
    }
    wrong = []
    for row in rows:
        kwargs = THINGS[row.thing](world)
        for name, mark in row.marks.items():
            found, text = _asked(clients[name], row, kwargs)
            asked = f"{row.verb} {row.address} [{row.thing}] {name}"
            if found != MARKS[mark]:
                wrong.append(f"{asked}: {found}, not {mark}")
            may = name in READ_EARLY or (name, row.thing.partition(" ")[0]) in OWN
            if moment == "before" and not may and SECRET.search(text):
                wrong.append(f"{asked}: prints a figure before its release")
    assert not wrong, "\n" + "\n".join(wrong)
