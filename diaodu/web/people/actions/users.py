"""Changes to users and to what they may do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from diaodu.web.people import queries
from diaodu.web.people.models import Membership, User
from diaodu.web.shared import audit, clock
from diaodu.web.shared.roles import MAY_READ_EARLY, ROLES

_USER_FIELDS = ("username", "name", "post", "phone", "email")
_OWN_RIGHTS = "不能改自己的权限，请另一位管理员办理"


@transaction.atomic
def save_user(
    *, user: User | None, username: str, name: str, post: str = "", phone: str = "",
    email: str = "", by: User | None, at: datetime,
) -> User:  # fmt: skip
    """Add a user (without password: hand out a link) or change who it is."""
    before = None if user is None else _user_content(user)
    saved = User(is_active=True) if user is None else user
    saved.username, saved.name, saved.post = username, name, post
    saved.phone, saved.email = phone, email
    if user is None:
        saved.set_unusable_password()
    _refuse_taken(saved)
    saved.clean_fields(exclude=["password"])
    after = _user_content(saved)
    if before == after:
        return saved
    saved.save(update_fields=None if user is None else _USER_FIELDS)
    _record("people.save_user", saved, by, at, before=before, after=after)
    return saved


@transaction.atomic
def set_active(*, user: User, active: bool, by: User, at: datetime, reason: str) -> None:
    """Switch an account off or on again. Accounts are never deleted: acts bear their names."""
    if user.pk == by.pk:
        raise ValidationError("不能停用自己的账号，请另一位管理员办理")
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因"})
    with _keeping_an_administrator(at):
        changed = User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active)
    if not changed:
        return
    _record(
        "people.set_active", user, by, at, before={"active": not active},
        after={"active": active}, reason=reason.strip(),
    )  # fmt: skip


@transaction.atomic
def remove_second_step(*, user: User, by: User, at: datetime, reason: str) -> None:
    """For someone whose phone and recovery codes are lost."""
    if not reason.strip():
        raise ValidationError({"reason": "请写明原因，以及怎样核实是本人"})
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed:
        _record("people.remove_second_step", user, by, at, reason=reason.strip())


# -- what a user may do ----------------------------------------------------------------------


@transaction.atomic
def grant(
    *, user: User, role: str, org: str | None, by: User | None, at: datetime,
    indicators: Collection[str] | None = None, early: bool = False, since: date | None = None,
    until: date | None = None,
) -> Membership:  # fmt: skip
    """Give a role over an org and all below it. `indicators` None: all of them."""
    given = Membership(
        user=user, role=role, org_id=org, early=early, since=since, until=until,
        indicators=_chosen(indicators),
    )  # fmt: skip
    _refuse_unsound(given, by)
    given.save(force_insert=True)
    _record("people.grant", user, by, at, after=_membership_content(given))
    return given


@transaction.atomic
def change_grant(
    *, membership: Membership, role: str, org: str | None, by: User | None, at: datetime,
    indicators: Collection[str] | None = None, early: bool = False, since: date | None = None,
    until: date | None = None,
) -> Membership:  # fmt: skip
    held = Membership.objects.select_for_update().filter(pk=membership.pk).first()
    if held is None:
        raise ValidationError("这一项权限已被收回，请刷新页面")
    before = _membership_content(held)
    held.role, held.org_id, held.early = role, org, early
    held.since, held.until, held.indicators = since, until, _chosen(indicators)
    _refuse_unsound(held, by)
    after = _membership_content(held)
    if before == after:
        return held
    with _keeping_an_administrator(at):
        held.save()
    _record("people.change_grant", held.user, by, at, before=before, after=after)
    return held


@transaction.atomic
def revoke(*, membership: Membership, by: User, at: datetime, reason: str = "") -> None:
    """The audit chain keeps what was taken away."""
    if membership.user_id == by.pk:
        raise ValidationError(_OWN_RIGHTS)
    with _keeping_an_administrator(at):
        deleted, _ = Membership.objects.filter(pk=membership.pk).delete()
    if not deleted:
        return
    _record(
        "people.revoke", membership.user, by, at, before=_membership_content(membership),
        reason=reason,
    )  # fmt: skip


def _chosen(indicators: Collection[str] | None) -> list[str]:
    """As kept: empty means all, so nothing chosen must not come here as an empty choice."""
    if indicators is not None and not indicators:
        raise ValidationError({"indicators": "请至少选一个指标，或者选“全部指标”"})
    return sorted(indicators or ())


def _refuse_unsound(given: Membership, by: User | None) -> None:
    problems: dict[str, str] = {}
    if by is not None and given.user_id == by.pk:
        raise ValidationError(_OWN_RIGHTS)
    if given.role not in ROLES:
        problems["role"] = "没有这个角色"
    if given.org_id is None and given.role != "admin":
        problems["org"] = "请选单位；只有管理员可以管全部单位"
    if given.early and given.role not in MAY_READ_EARLY:
        named = "、".join(ROLES[one] for one in ROLES if one in MAY_READ_EARLY)
        problems["early"] = f"发布前可看的只能是{named}"
    if given.since and given.until and given.since > given.until:
        problems["until"] = "止的日期早于起的日期"
    if _is_held(given):
        problems["role"] = "这个人在这个单位已经有这个角色，请直接改那一项"
    if problems:
        raise ValidationError(problems)


def _is_held(given: Membership) -> bool:
    """The same role over the same org at the same time for the same indicators."""
    same = Membership.objects.filter(user=given.user, role=given.role, org_id=given.org_id)
    return any(
        one.indicators == given.indicators
        and (one.until is None or given.since is None or one.until >= given.since)
        and (given.until is None or one.since is None or given.until >= one.since)
        for one in same.exclude(pk=given.pk)
    )


@contextmanager
def _keeping_an_administrator(at: datetime) -> Iterator[None]:
    """Refuses what would leave the desk without one. The lock: two administrators who remove each
    other at once must not both succeed."""
    list(Membership.objects.select_for_update().filter(role="admin").order_by("pk"))
    today = clock.local(at).date()
    had_one = queries.administrators(today).exists()
    yield
    if had_one and not queries.administrators(today).exists():
        raise ValidationError("这样就没有管理员了。请先给另一个人管理员角色，再做这一步。")


# -- what users do to their own accounts, told by django-allauth -----------------------------


@receiver(user_logged_in, dispatch_uid="update_last_login")
def _logged_in(user: User, **_: Any) -> None:
    """By the desk's clock; it bears the name of Django's own receiver, which is therefore not
    connected after it and would read the machine's."""
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])


@receiver(password_changed)
def _password_changed(user: User, **_: Any) -> None:
    _record_own("people.change_password", user)


@receiver(post_save, sender=Authenticator)
def _authenticator_made(instance: Authenticator, created: bool, **_: Any) -> None:
    """Not by its own signal, which is sent after the transaction of the act has ended."""
    made = {
        Authenticator.Type.TOTP: "people.second_step_on",
        Authenticator.Type.RECOVERY_CODES: "people.recovery_codes",
    }
    if created and instance.type in made:
        _record_own(made[instance.type], instance.user)


@receiver(authenticator_removed)
def _second_step_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        _record_own("people.second_step_off", user)


@transaction.atomic
def _record_own(action: str, user: User) -> None:
    _record(action, user, user, clock.now())


# -- helpers ---------------------------------------------------------------------------------


def _refuse_taken(user: User) -> None:
    """Names that differ only by capitals would be told apart by nobody."""
    taken = User.objects.filter(username__iexact=user.username).exclude(pk=user.pk)
    if taken.exists():
        raise ValidationError({"username": f"用户名“{user.username}”已经有人用了，请换一个"})


def _user_content(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in _USER_FIELDS}


def _membership_content(one: Membership) -> dict[str, Any]:
    return {
        "role": one.role, "org": one.org_id, "indicators": list(one.indicators),
        "early": one.early, "since": one.since, "until": one.until,
    }  # fmt: skip


def _record(
    action: str, user: User, by: User | None, at: datetime, *,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    audit.record(
        by=by, at=at, action=action, thing="people.User", id=user.pk, before=before, after=after,
        reason=reason,
    )  # fmt: skip
