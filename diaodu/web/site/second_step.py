"""allauth's forms of the second step, in the words of these pages."""

from __future__ import annotations

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.cache import cache


class _InOurWords(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "验证码"
        self.fields["code"].widget.attrs.pop("placeholder")


class _OnceOnly(_InOurWords, base.BaseAuthenticateForm):
    """A code opens once.

    allauth remembers a used code for one step, a code is good for the steps before and after too
    (RFC 6238 §5.2: no second acceptance)."""

    def clean_code(self) -> str:
        code = super().clean_code()
        key = f"second_step.used:{self.user.pk}:{''.join(filter(str.isalnum, code))}"
        steps = 1 + 2 * app_settings.TOTP_TOLERANCE
        if not cache.add(key, True, timeout=steps * app_settings.TOTP_PERIOD):
            raise get_adapter().validation_error("incorrect_code")
        return code


class Activate(_InOurWords, totp.ActivateTOTPForm):
    pass


class Authenticate(_OnceOnly, base.AuthenticateForm):
    pass


class Reauthenticate(_OnceOnly, base.ReauthenticateForm):
    pass
