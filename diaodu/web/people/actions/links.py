"""One-time links: how a user gets a first password, or a new one for a forgotten one."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.web.people import queries
from diaodu.web.people.models import OneTimeLink, User
from diaodu.web.shared import audit

LASTS = timedelta(hours=24)


@transaction.atomic
def make_link(*, user: User, by: User | None, at: datetime) -> str:
    """The secret part of a new link, told once: only its digest is kept. Older links of that user
    stop working."""
    if not user.is_active:
        raise ValidationError("账号已停用，请先启用，再给链接")
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.filter(user=user, used_at=None).delete()
    OneTimeLink.objects.create(user=user, digest=digest(token), made_at=at, expires_at=at + LASTS)
    audit.record(by=by, at=at, action="people.make_link", thing="people.User", id=user.pk)
    return token


@transaction.atomic
def use_link(*, token: str, password: str, at: datetime) -> User:
    """Set the password, once. Signs the user out everywhere else."""
    link, why = queries.link_state(digest(token), at)
    if link is None or why:
        raise ValidationError(f"{why}，请找管理员要一个新的")
    validate_password(password, link.user)
    if not OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
        raise ValidationError("链接刚刚用过了，请用新密码登录")
    user = link.user
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(by=user, at=at, action="people.use_link", thing="people.User", id=user.pk)
    return user


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
