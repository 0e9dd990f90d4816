"""A line of text → the group robot of 企业微信 or 钉钉, by one HTTP request.

Whoever sends must know what an error leaves open. Before the request is written nothing can have
arrived; after that only an answer tells. Hence three errors: `Refused` (trying again is no use),
`NotSent` (it did not arrive; try again), `Unsure` (it may have arrived).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import quote, urlsplit

RobotKind = Literal["wecom", "dingtalk"]
KINDS: tuple[RobotKind, ...] = get_args(RobotKind)
LONGEST_TEXT = 600  # characters; 企业微信 takes 2048 bytes

# What the receivers answer when too much is sent in a minute.
_TOO_FAST = frozenset({45009, 130101})
_BUSY = -1
_MOST_ANSWER = 64 * 1024


class Refused(Exception):
    """The receiver will not take it, now or later."""


class NotSent(Exception):
    """It did not arrive. `all_wait`: nothing else will get through now either; `counts`: whether
    this was a try."""

    def __init__(self, reason: str, *, all_wait: bool = False, counts: bool = True) -> None:
        super().__init__(reason)
        self.all_wait, self.counts = all_wait, counts


class Unsure(Exception):
    """It may have arrived, or not."""


@dataclass(frozen=True, slots=True)
class Robot:
    """`url` and `secret` as the group's settings give them; the secret is 钉钉's 加签."""

    kind: RobotKind
    url: str
    secret: str = ""
    seconds: float = 10


def post(robot: Robot, text: str, *, phones: Sequence[str], key: str) -> None:
    """Send one text and name these phones in it. `key` is the same for the same message: a
    receiver that keeps keys can tell a repeat."""
    parts = urlsplit(robot.url)
    body = json.dumps(_payload(robot.kind, text, phones, key), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    connection = _connection(parts.scheme, parts.netloc, robot.seconds)
    try:
        try:
            connection.connect()
        except OSError as error:
            raise NotSent(f"连不上接收方（{_said(error)}）", all_wait=True) from error
        try:
            connection.request("POST", _path(robot), body, headers)
            answer = connection.getresponse()
            content = answer.read(_MOST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise Unsure(f"发出后没有等到回音（{_said(error)}）") from error
    finally:
        connection.close()
    _judge(answer.status, content)


def _connection(scheme: str, netloc: str, seconds: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(netloc, timeout=seconds)
    return http.client.HTTPConnection(netloc, timeout=seconds)


def _payload(kind: RobotKind, text: str, phones: Sequence[str], key: str) -> dict[str, Any]:
    shown = text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
    named = [phone for phone in phones if phone]
    if kind == "wecom":
        said: dict[str, Any] = {"content": shown, "mentioned_mobile_list": named}
        return {"msgtype": "text", "text": said, "idempotency_key": key}
    at = {"atMobiles": named, "isAtAll": False}
    return {"msgtype": "text", "text": {"content": shown}, "at": at, "idempotency_key": key}


def _path(robot: Robot) -> str:
    parts = urlsplit(robot.url)
    query = parts.query
    if robot.kind == "dingtalk" and robot.secret:
        # The receiver compares with its own clock: a demo's clock has no say here.
        now = str(round(time.time() * 1000))
        signed = hmac.new(
            robot.secret.encode(), f"{now}\n{robot.secret}".encode(), hashlib.sha256
        ).digest()
        sign = quote(base64.b64encode(signed).decode(), safe="")
        query = f"{query}&timestamp={now}&sign={sign}" if query else f"timestamp={now}&sign={sign}"
    return f"{parts.path or '/'}{f'?{query}' if query else ''}"


def _judge(status: int, content: bytes) -> None:
    """Both kinds answer 200 and say in the body whether they took it."""
    if status == http.client.TOO_MANY_REQUESTS:
        raise NotSent("接收方说发得太快", all_wait=True, counts=False)
    if status >= http.client.INTERNAL_SERVER_ERROR:
        raise NotSent(f"接收方出错（HTTP {status}）")
    if status != http.client.OK:
        raise Refused(f"接收方不收（HTTP {status}），请核对地址")
    try:
        answer = json.loads(content)
        code = int(answer["errcode"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unsure("接收方的回音读不懂") from error
    if code in _TOO_FAST:
        raise NotSent("接收方说发得太快", all_wait=True, counts=False)
    if code == _BUSY:
        raise NotSent("接收方忙")
    if code:
        raise Refused(f"接收方不收（{code} {str(answer.get('errmsg', ''))[:100]}）")


def _said(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__
