"""One browser at the desk: a connection kept open, cookies, the time each page took."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from statistics import quantiles
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlencode

from bench.desk_load import PASSWORD

_PATIENCE = 120  # seconds for one answer
_BOUNDARY = "----desk-bench"


class Answer(NamedTuple):
    status: int
    location: str
    body: str
    seconds: float


class Times:
    """Seconds by kind of request, from many threads, and what was answered wrong."""

    def __init__(self) -> None:
        self.by_kind: dict[str, list[float]] = defaultdict(list)
        self.faults: list[str] = []
        self._lock = threading.Lock()

    def note(self, kind: str, seconds: float) -> None:
        with self._lock:
            self.by_kind[kind].append(seconds)

    def fault(self, told: str) -> None:
        with self._lock:
            self.faults.append(told)


def percentiles(seconds: list[float]) -> tuple[float, float, float]:
    """p50, p95, p99 in milliseconds."""
    if len(seconds) < 2:
        return (seconds[0] * 1000,) * 3 if seconds else (0.0, 0.0, 0.0)
    cuts = quantiles(seconds, n=100, method="inclusive")
    return cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000


class Browser:
    """Signed in as one user. Not for two threads at once."""

    def __init__(self, port: int, user: str) -> None:
        self.user = user
        self._port = port
        self._cookies: dict[str, str] = {}
        self._connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)

    def sign_in(self) -> Browser:
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", {"login": self.user, "password": PASSWORD})
        if answer.status != 302:
            raise RuntimeError(f"{self.user} could not sign in: {answer.status}")
        return self

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        return self._ask("GET", path, b"", {"HX-Request": "true"} if htmx else {})

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), kind)

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        head = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        return self._ask("POST", path, body, kind)

    def download(self, path: str) -> tuple[bytes, float]:
        start = perf_counter()
        _, _, content = self._exchange("GET", path, b"", {})
        return content, perf_counter() - start

    def _ask(self, method: str, path: str, body: bytes, more: dict[str, str]) -> Answer:
        start = perf_counter()
        try:
            status, location, content = self._exchange(method, path, body, more)
        except (HTTPException, OSError):
            # The server closes a connection that was idle for long; asked anew as a browser does.
            self._connection.close()
            status, location, content = self._exchange(method, path, body, more)
        return Answer(status, location, content.decode(), perf_counter() - start)

    def _exchange(
        self, method: str, path: str, body: bytes, more: dict[str, str]
    ) -> tuple[int, str, bytes]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items()), **more}
        if method == "POST":
            headers["X-CSRFToken"] = self._cookies.get("csrftoken", "")
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        return answer.status, answer.headers.get("Location", ""), content


def version_in(page: str) -> int:
    """The version of the return that a form's page was made of."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found is not None, "no version on the page"
    return int(found.group(1))
