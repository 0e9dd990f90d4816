"""Everything a desk needs before it is opened, as often as one likes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "准备：建库、建表、收集网页文件；可以重复执行"

    def handle(self, *, verbosity: int, **_: Any) -> None:
        settings.DIAODU_HOME.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0, clear=False)
        if verbosity:
            self.stdout.write(f"准备好了：{settings.DIAODU_HOME}")
