"""Real browsers at real desks: the demo county is made once, copied for every journey, served as in
the office and visited by Chromium. Whatever a page does wrong on the way fails the journey."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ROOT / "build" / "screens"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
DEMO_STARTS = "2023-06-09T09:30:00+08:00"
PATIENCE = 30_000  # milliseconds a page may take on a busy machine
expect.set_options(timeout=PATIENCE)


# -- a desk ----------------------------------------------------------------------------------------


@dataclass
class Desk:
    """One desk: its folder, its database, its people, and the server while it runs."""

    home: Path
    environment: dict[str, str]
    passwords: dict[str, str]
    address: str = ""
    server: subprocess.Popen[str] | None = None

    def python(self, code: str) -> Any:
        """Run code after django.setup(); what it prints as JSON on its last line comes back."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django, json; django.setup()\n{code}"],
            env=self.environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else None

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "django", *arguments], env=self.environment,
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def serve(self, starts: str = DEMO_STARTS) -> None:
        """Open it with the clock at that moment; once more moves the clock."""
        self.end()
        self.environment |= _clock(starts)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with (self.home / "server.log").open("a") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "django", "serve", "--port", str(port), "--workers", "1"],
                env=self.environment, text=True, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        assert self.server.stdout is not None
        told = self.server.stdout.readline()
        assert told.startswith("ready "), self.log()
        self.address = told.split()[1]

    def end(self) -> None:
        if self.server is None:
            return
        self.server.terminate()
        try:
            self.server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        assert self.server.stdout is not None
        self.server.stdout.close()
        self.server = None

    def log(self) -> str:
        log = self.home / "server.log"
        return log.read_text(encoding="utf-8") if log.exists() else ""


def _clock(starts: str) -> dict[str, str]:
    return {"DIAODU_CLOCK_START": starts, "DIAODU_CLOCK_AT": datetime.now(UTC).isoformat()}


def _environment(home: Path, database: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DIAODU_", "DJANGO_"))}
    return {
        **kept,
        "DIAODU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "diaodu.web.site.settings.base",
        **_clock(DEMO_STARTS),
        **({"DIAODU_DATABASE_URL": database} if database else {}),
    }


# -- made once for all workers, copied for each journey ------------------------------------------


@dataclass(frozen=True)
class Made:
    """A prepared desk that nobody serves. `database`: its name on the PostgreSQL server, if any."""

    folder: Path
    database: str

    @property
    def passwords(self) -> dict[str, str]:
        told = json.loads((self.folder / "demo.json").read_text(encoding="utf-8"))
        return {one["username"]: one["password"] for one in told["users"]}


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all workers of this test run."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shared / "desks"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def made(shared_folder: Path) -> Iterator[Made]:
    """The demo county's desk, once for all workers; the last of them takes it away."""
    folder = shared_folder / "made"
    made = Made(folder, f"desk_made_{_mark(shared_folder)}" if _server() else "")
    with _alone(shared_folder):
        _count(shared_folder, +1)
        if not (folder / "ready").exists():
            _make(made)
    yield made
    with _alone(shared_folder):
        if _count(shared_folder, -1) == 0:
            _drop(made.database)
            shutil.rmtree(folder)


@pytest.fixture
def desk(made: Made, shared_folder: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk of this journey's own, open at the demo's moment."""
    with _copy(made, shared_folder, tmp_path / "home") as copied:
        copied.serve()
        yield copied


@pytest.fixture(scope="session")
def desk_to_look_at(made: Made, shared_folder: Path, tmp_path_factory: Any) -> Iterator[Desk]:
    """One for all journeys that change nothing."""
    with _copy(made, shared_folder, tmp_path_factory.mktemp("looked") / "home") as copied:
        copied.serve()
        yield copied


@pytest.fixture
def fresh_desk(tmp_path: Path) -> Iterator[Desk]:
    """Prepared, empty, not yet open: as after an installation."""
    database = f"desk_{uuid.uuid4().hex[:12]}" if _server() else ""
    _execute(database, f"CREATE DATABASE {database}")
    fresh = Desk(tmp_path / "home", _environment(tmp_path / "home", _url(database)), {})
    prepared = fresh.manage("prepare")
    assert prepared.returncode == 0, prepared.stderr
    try:
        yield fresh
    finally:
        _close(fresh, database)


@contextmanager
def _copy(made: Made, shared: Path, home: Path) -> Iterator[Desk]:
    database = f"desk_{uuid.uuid4().hex[:12]}" if made.database else ""
    shutil.copytree(made.folder / "home", home)
    with _alone(shared):  # a database with another one copying it cannot be copied
        _execute(database, f"CREATE DATABASE {database} TEMPLATE {made.database}")
    copied = Desk(home, _environment(home, _url(database)), made.passwords)
    try:
        yield copied
    finally:
        _close(copied, database)
    log = copied.log()
    assert "Internal Server Error" not in log and "the supervisor could not" not in log, log


def _make(made: Made) -> None:
    shutil.rmtree(made.folder, ignore_errors=True)
    made.folder.mkdir()
    _execute(made.database, f"CREATE DATABASE {made.database}")
    told = str(made.folder / "demo.json")
    done = subprocess.run(
        [sys.executable, "-m", "django", "demo", "--once", "--told", told],
        env=_environment(made.folder / "home", _url(made.database)), capture_output=True, text=True,
        timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (made.folder / "ready").touch()


def _close(desk: Desk, database: str) -> None:
    desk.end()
    _drop(database)


def _drop(database: str) -> None:
    _execute(database, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _count(folder: Path, step: int) -> int:
    users = folder / "users"
    now = int(users.read_text() if users.exists() else "0") + step
    users.write_text(str(now))
    return now


def _mark(folder: Path) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, str(folder)).hex[:12]


def _server() -> str:
    return os.environ.get("DIAODU_DATABASE_URL", "")


def _url(database: str) -> str:
    return urlunsplit(urlsplit(_server())._replace(path=f"/{database}")) if database else ""


def _execute(database: str, statement: str) -> None:
    """Nothing where the desk's database is a file in its folder."""
    if not database:
        return
    import psycopg

    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(statement)


# -- people at it --------------------------------------------------------------------------------

TELL_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
RUN_AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map((one) =>
    `${one.impact} ${one.id}: ${one.help}\\n` + one.nodes.slice(0, 4).map((node) =>
      `    ${node.target.join(" ")}  ${node.any.concat(node.all).map((n) => n.message).join("; ")}`
    ).join("\\n"));
}"""


@dataclass
class Person:
    """A user in a browser of their own. What goes wrong on a page is kept in `faults`."""

    page: Page
    desk: Desk
    username: str
    faults: list[str] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)
    looked_at: set[str] = field(default_factory=set)

    def sign_in(self, password: str = "") -> None:
        """By the login page; ends where the page leads."""
        self.page.goto("/")
        self.look()
        self.page.get_by_label("用户名").fill(self.username)
        self.page.get_by_label("密码").fill(password or self.desk.passwords[self.username])
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        self.look()

    def go(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def menu(self, label: str) -> None:
        self.page.get_by_label("主导航").get_by_role("link", name=label, exact=True).click()
        self.page.get_by_role("heading", level=1).wait_for()
        self.look()

    def look(self) -> None:
        """The page as it now stands passes axe."""
        self.page.wait_for_load_state()
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for told in self.page.evaluate(RUN_AXE):
            self.faults.append(f"axe at {self.page.url}: {told}")
        self.looked_at.add(_path(self.page.url))

    def expect_refusal(self, status: int) -> None:
        """From here on the server may answer so, and once must."""
        self.refused.add(status)

    def picture(self, name: str) -> None:
        """For whoever asks for pictures; a long page takes a second to draw."""
        if not os.environ.get("DIAODU_SCREENS"):
            return
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{name}.png", full_page=True)

    def download(self, start: Callable[[], Any], into: Path) -> Path:
        with self.page.expect_download() as caught:
            start()
        into.mkdir(parents=True, exist_ok=True)
        path = into / caught.value.suggested_filename
        caught.value.save_as(path)
        return path

    def check(self) -> None:
        """Nothing went wrong on the way, and no page was passed by unseen."""
        told = [one for one in self.faults if not self._is_expected(one)]
        assert not told, f"{self.username}:\n" + "\n".join(dict.fromkeys(told))
        assert self.refused <= self.answered, f"never answered: {self.refused - self.answered}"
        assert self.visited <= self.looked_at, f"not looked at: {self.visited - self.looked_at}"

    def _is_expected(self, fault: str) -> bool:
        return any(
            re.search(rf"(status of|answered|Error Code) {one}\b", fault) for one in self.refused
        )

    def watch(self) -> None:
        page = self.page
        page.on("console", lambda m: m.type == "error" and self.faults.append(f"console: {m.text}"))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("framenavigated", lambda frame: self.visited.add(_path(frame.url)))
        page.expose_binding("tellViolation", lambda _, told: self.faults.append(f"policy: {told}"))
        page.add_init_script(TELL_VIOLATIONS)

    def _failed(self, request: Any) -> None:
        # A download, or a fragment under way when one goes to another page, is broken off.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"request failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        self.answered.add(response.status)
        if response.status >= 400:
            self.faults.append(f"{_path(response.url)} answered {response.status}")


def _path(url: str) -> str:
    return urlsplit(url).path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ended with the module: while it runs, its thread has an event loop, in which neither Django's
    database nor another browser would work."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


Visit = Callable[..., Person]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """visit(desk, username): that person, not yet signed in, in a browser of their own. At the end
    every one of them must have had a journey without fault."""
    people: list[Person] = []

    def begin(desk: Desk, username: str, width: int = 1366, height: int = 768) -> Person:
        context = chromium.new_context(
            base_url=desk.address, locale="zh-CN", timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        person = Person(context.new_page(), desk, username)
        person.watch()
        people.append(person)
        return person

    yield begin
    for person in people:
        person.page.context.close()
    for person in people:
        person.check()


@pytest.fixture
def sign_in(visit: Visit) -> Visit:
    """As visit, and signed in."""

    def begin(desk: Desk, username: str, **kwargs: int) -> Person:
        person = visit(desk, username, **kwargs)
        person.sign_in()
        return person

    return begin
