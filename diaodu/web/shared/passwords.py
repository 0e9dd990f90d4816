"""Django's password rules, said in our words: its own catalogue lacks some of them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import password_validation as rules


class NotLikeTheUser(rules.UserAttributeSimilarityValidator):
    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "name", "phone"))

    def get_error_message(self) -> Any:
        return "密码与您的%(verbose_name)s太像，容易被猜到，请换一个"

    def get_help_text(self) -> str:
        return "不能与用户名、姓名、电话相近"


class LongEnough(rules.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"密码太短，至少{self.min_length}个字符"

    def get_help_text(self) -> str:
        return f"至少{self.min_length}个字符，字母、数字、符号都可以用"


class NotCommon(rules.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "这个密码太常见，容易被猜到，请换一个"

    def get_help_text(self) -> str:
        return "不能是常见的密码"


class NotOnlyDigits(rules.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return "密码不能全是数字，请加上字母或符号"

    def get_help_text(self) -> str:
        return "不能全是数字"
