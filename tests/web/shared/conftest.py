"""Receivers on this machine: a group's robot and a mail server, that can also misbehave."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest

from diaodu.adapters.webhook_out import Robot


@dataclass
class Receiver:
    """`got`: every request, path and content. `answers`: what the next ones are answered with:
    (status, body), or None to hang up without a word; afterwards all is well."""

    url: str = ""
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[tuple[int, str] | None] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return [content["idempotency_key"] for _, content in self.got]


class _RobotHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver = cast(Any, self.server).receiver
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Idempotency-Key"] == content["idempotency_key"]
        receiver.got.append((self.path, content))
        answer = receiver.answers.pop(0) if receiver.answers else (200, '{"errcode": 0}')
        if answer is None:
            return
        status, body = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        pass


class _Quick(ThreadingHTTPServer):
    request_queue_size = 100
    receiver: Receiver


@pytest.fixture
def robot() -> Iterator[Receiver]:
    server = _Quick(("127.0.0.1", 0), _RobotHandler)
    server.receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/send?key=abc")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.receiver
    server.shutdown()
    server.server_close()


@pytest.fixture
def by_robot(robot: Receiver, settings: Any) -> Receiver:
    """The desk sends to it."""
    settings.DIAODU_WEBHOOK = Robot("wecom", robot.url)
    return robot


@dataclass
class MailServer:
    """`got`: every mail taken. `say`: command → what it is answered instead, once; empty: it hangs
    up."""

    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    say: dict[str, str] = field(default_factory=dict)


class _MailHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = cast(Any, self.server).mail
        self._answer("220 here")
        for line in self.rfile:
            command = line.decode().strip().split(" ")[0].split(":")[0].upper()
            if command == "DATA" and "DATA" not in server.say:
                self._answer("354 go on")
                server.got.append(self._mail())
                command = "END"
            said = server.say.pop(command, "221 bye" if command == "QUIT" else "250 ok")
            if not said or command == "QUIT":
                return
            self._answer(said)

    def _mail(self) -> EmailMessage:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        read = message_from_bytes(b"".join(lines), policy=policy.default)
        return cast(EmailMessage, read)

    def _answer(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mail: MailServer


@pytest.fixture
def by_mail(settings: Any) -> Iterator[MailServer]:
    """The desk sends to it."""
    server = _Threads(("127.0.0.1", 0), _MailHandler)
    server.mail = MailServer(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.mail.port
    yield server.mail
    server.shutdown()
    server.server_close()
