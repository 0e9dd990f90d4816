"""The demo county's desk, made anew and opened."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from diaodu.web.people import queries as people
from diaodu.web.site.demo.make import NOW, make_desk

_KEPT = "secret.key"


class Command(BaseCommand):
    help = "准备示例县（虚构）的调度台并开站；每次都从头准备，密码随机"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="端口（默认8000）")
        parser.add_argument("--once", action="store_true", help="只准备，不开站")
        parser.add_argument(
            "--told", type=Path, default=Path("build/demo.json"), help="账号写到哪里"
        )

    def handle(self, *, port: int, once: bool, told: Path, verbosity: int, **_: Any) -> None:
        _empty_the_home()
        call_command("prepare", verbosity=0)
        if people.orgs_on().exists():
            raise CommandError("这个数据库里已经有单位，没有动它；示例要用空的数据库")
        facts = make_desk(settings.DIAODU_HOME / "示例县", self._step)
        _write(told, {"url": f"http://127.0.0.1:{port}", **facts})
        self.stdout.write(
            f"账号和随机密码在 {told}（时钟停在示例县的{NOW:%Y年%-m月%-d日}那一天起走）"
        )
        if not once:
            _set_clock()
            connection.close()
            call_command("serve", port=port)

    def _step(self, told: str) -> None:
        self.stdout.write(told)
        self.stdout.flush()


def _empty_the_home() -> None:
    """An earlier demo is thrown away; a folder that is no demo is not touched."""
    home: Path = settings.DIAODU_HOME
    mark = home / ".demo"
    if home.exists() and not mark.exists() and any(one.name != _KEPT for one in home.iterdir()):
        raise CommandError(f"{home} 里有别的东西，没有动它；请把 DIAODU_HOME 设成一个空目录")
    for one in home.iterdir() if home.exists() else ():
        if one.name != _KEPT:
            shutil.rmtree(one) if one.is_dir() else one.unlink()
    home.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _set_clock() -> None:
    """The processes to be started stand in the demo's own year."""
    os.environ["DIAODU_CLOCK_START"] = NOW.isoformat()
    os.environ["DIAODU_CLOCK_AT"] = timezone.now().isoformat()


def _write(path: Path, facts: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    path.chmod(0o600)
