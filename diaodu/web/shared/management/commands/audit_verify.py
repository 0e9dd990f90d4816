"""Whether the chain of acts holds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from diaodu.web.shared import audit


class Command(BaseCommand):
    help = "核对操作记录：被改、被删、被截尾的都列出来；有问题时以1退出"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", action="append", default=[], metavar="N:HASH", dest="heads",
            help="运行或通报上印的“号:校验码”，可写多次；尾部和封条一起被换掉时只有它能看出来",
        )  # fmt: skip

    def handle(self, *args: Any, heads: list[str], **options: Any) -> None:
        printed, faults = [], []
        for text in heads:
            try:
                printed.append(audit.Link.parse(text))
            except ValueError as problem:
                faults.append(str(problem))
        faults += [one.message for one in audit.verify(printed)]
        if not faults:
            number, hash = audit.head()
            self.stdout.write(f"操作记录完好：共{number}条，最后一条的校验码是{hash}")
            return
        for fault in faults:
            self.stdout.write(fault)
        self.stdout.write(
            f"共{len(faults)}处问题。请保留现场，用备份核对是谁在什么时候改了数据库。"
        )
        raise SystemExit(1)
