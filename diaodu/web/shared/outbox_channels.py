"""The ways that lead out of the house: e-mail by Django's backend, a group's robot by webhook.

A way is open where its settings are given (`EMAIL_HOST`, `DIAODU_WEBHOOK`).
"""

from __future__ import annotations

import smtplib
from collections.abc import Set
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection

from diaodu.adapters import webhook_out
from diaodu.adapters.webhook_out import NotSent, Refused, Robot, Unsure
from diaodu.web.shared.models import Delivery


class Channel(Protocol):
    """`is_open` goes False when nothing will get through for the time being. `send` raises
    Refused, NotSent or Unsure."""

    is_open: bool

    def reaches(self, people: Set[int]) -> frozenset[int]: ...

    def send(self, delivery: Delivery) -> None: ...

    def close(self) -> None: ...


def open_channels() -> dict[str, Channel]:
    found: dict[str, Channel] = {}
    if settings.EMAIL_HOST:
        found[Delivery.Channel.EMAIL] = Email()
    if settings.DIAODU_WEBHOOK.url:
        found[Delivery.Channel.WEBHOOK] = Webhook(settings.DIAODU_WEBHOOK)
    return found


class Email:
    """One connection for all that is sent in a row."""

    def __init__(self) -> None:
        self.is_open = True
        self._connection: Any = None

    def reaches(self, people: Set[int]) -> frozenset[int]:
        """Those with an address."""
        found = get_user_model().objects.filter(pk__in=people, is_active=True).exclude(email="")
        return frozenset(found.values_list("pk", flat=True))

    def send(self, delivery: Delivery) -> None:
        if not delivery.to.email:
            raise Refused("这个人没有登记邮箱")
        message = EmailMessage(
            subject=delivery.title, body=_told(delivery), to=[delivery.to.email],
            from_email=settings.DEFAULT_FROM_EMAIL, connection=self._ready(),
            headers={"Message-ID": f"<{delivery.key[:32]}@{_domain()}>"},
        )  # fmt: skip
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _answered(code, said) from error
        except smtplib.SMTPResponseException as error:
            raise _answered(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unsure(f"发出后没有等到邮件服务器的回音（{_said(error)}）") from error

    def _ready(self) -> Any:
        """A connection that answers: a server ends one that was idle without a word, and a message
        sent into it would be neither here nor there."""
        if self._connection is not None and not _answers(self._connection):
            self.close()
        if self._connection is None:
            opening = get_connection()
            try:
                opening.open()
            except (OSError, smtplib.SMTPException) as error:
                raise NotSent(f"连不上邮件服务器（{_said(error)}）", all_wait=True) from error
            self._connection = opening
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            ending, self._connection = self._connection, None
            ending.close()


def _answers(opened: Any) -> bool:
    """Backends that only write to memory or a file have no server to ask."""
    server = getattr(opened, "connection", None)
    if server is None:
        return not hasattr(opened, "connection")
    try:
        code, _ = server.noop()
    except (OSError, smtplib.SMTPException):
        return False
    return bool(code == 250)


def _answered(code: int, said: bytes | str) -> Exception:
    """4xx: later; 5xx: never."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    told = f"邮件服务器不收（{code} {text[:200]}）"
    return NotSent(told) if 400 <= code < 500 else Refused(told)


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"


class Webhook:
    """A group's robot: everyone in the group reads it, the one it concerns is named by phone."""

    def __init__(self, robot: Robot) -> None:
        self.is_open = True
        self._robot = robot

    def reaches(self, people: Set[int]) -> frozenset[int]:
        return frozenset(people)

    def send(self, delivery: Delivery) -> None:
        named = f"{delivery.to}：{delivery.title}"
        text = f"{named}\n{_told(delivery)}"
        webhook_out.post(self._robot, text, phones=(delivery.to.phone,), key=delivery.key)

    def close(self) -> None:
        pass


def _told(delivery: Delivery) -> str:
    if not (delivery.url and settings.DIAODU_ADDRESS):
        return delivery.text
    return f"{delivery.text}\n{settings.DIAODU_ADDRESS}{delivery.url}"


def _said(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__
