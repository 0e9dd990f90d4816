"""How signing in works here: accounts are given, nobody signs up, and there is no e-mail."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

_TRIES, _MINUTES = settings.LOCK_TRIES, settings.LOCK_MINUTES


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": (
            f"用户名或密码不对。{_MINUTES}分钟内错{_TRIES}次，这个用户名会锁住{_MINUTES}分钟。"
        ),
        "too_many_login_attempts": (
            f"密码错得太多，暂时锁住，请过{_MINUTES}分钟再试。忘了密码，请找管理员要一个重设密码的链接。"
        ),
        "enter_current_password": "当前密码不对",
        "incorrect_password": "密码不对",
        "incorrect_code": "验证码不对或已过期，请用认证应用里现在显示的6位数；恢复码每个只能用一次",
        "rate_limited": "操作太频繁，请过一会儿再试",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of somebody who has signed in a moment ago, in this very session."""
        records = get_authentication_records(self.request, self.request.user)
        signed_in = [one["at"] for one in records]
        lately = time.time() - max(signed_in, default=0) < app_settings.REAUTHENTICATION_TIMEOUT
        return not lately and super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        raise AssertionError("this desk sends no e-mail")


class SecondStep(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": Adapter.error_messages["incorrect_code"],
    }

    def get_totp_issuer(self) -> str:
        return "调度"

    def encrypt(self, text: str) -> str:
        """Who reads the database, or a copy of it, does not get the second step with it: the key
        lies beside."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise PermissionDenied(
                "两步验证的密钥读不出来：本站的密钥换过。请找管理员解除两步验证，登录以后重新开通"
            ) from None


def _cipher() -> MultiFernet:
    """Of keys made from the desk's own: the present one first, then those it replaced."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(b"second step:" + str(key).encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in digests])
