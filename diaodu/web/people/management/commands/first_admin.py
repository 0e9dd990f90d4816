"""The first administrator of a fresh desk, or one more when all of them are locked out."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from diaodu.web.people import actions, queries
from diaodu.web.people.models import User
from diaodu.web.shared import clock


class Command(BaseCommand):
    help = "设第一个管理员：打印一个24小时内有效、只能用一次的链接，本人打开后设密码"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="用户名")
        parser.add_argument("--name", default="管理员", help="姓名，页面上印的")
        parser.add_argument(
            "--again", action="store_true", help="已有管理员时也给：管理员都登录不了的时候用"
        )
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="本站的网址")

    def handle(self, *, username: str, name: str, again: bool, site: str, **options: Any) -> None:
        if queries.administrators(clock.today()).exists() and not again:
            raise CommandError(
                "已有管理员，没有再设。忘了密码的，由另一位管理员在“人员”里给链接；"
                "管理员都登录不了，加上 --again 再执行一次。"
            )
        try:
            token = self._link(username, name)
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from None
        self.stdout.write(
            "请在24小时内打开下面的链接设密码，只能用一次，不要发在群里：\n"
            f"{site.rstrip('/')}{reverse('people:link', args=[token])}"
        )

    @transaction.atomic
    def _link(self, username: str, name: str) -> str:
        now = clock.now()
        user = User.objects.filter(username=username).first() or actions.save_user(
            user=None, username=username, name=name, by=None, at=now
        )
        if user not in queries.administrators(clock.today()):
            actions.grant(user=user, role="admin", org=None, by=None, at=now)
        return actions.make_link(user=user, by=None, at=now)
