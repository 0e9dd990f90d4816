"""The desk in the foreground."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from diaodu.web.site.server import CannotServe, serve


class Command(BaseCommand):
    help = "开站：网页和后台处理一起运行，按 Ctrl-C 结束"
    requires_system_checks = ()  # `prepare` has made them; here they would load every page

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="在哪个地址上（默认本机）")
        parser.add_argument("--port", type=int, default=8000, help="端口（默认8000）")
        parser.add_argument("--workers", type=int, default=2, help="几个网页进程（默认2）")

    def handle(self, *, host: str, port: int, workers: int, **_: Any) -> None:
        def tell(address: str) -> None:
            self.stdout.write(f"ready {address}")
            self.stdout.flush()

        try:
            serve(host=host, port=port, workers=workers, on_ready=tell)
        except CannotServe as error:
            raise CommandError(str(error)) from error
