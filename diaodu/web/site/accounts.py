"""How signing in works here: accounts are given, nobody signs up, and there is no e-mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
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

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        raise AssertionError("this desk sends no e-mail")


class SecondStep(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": Adapter.error_messages["incorrect_code"],
    }

    def get_totp_issuer(self) -> str:
        return "调度"
