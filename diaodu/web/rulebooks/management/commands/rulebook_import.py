"""Bring a rulebook from a folder into the desk."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from diaodu.web.rulebooks import actions, queries
from diaodu.web.shared import clock


class Command(BaseCommand):
    help = "导入一个规则文件夹；加 --publish 同时发布"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="规则文件夹")
        parser.add_argument("--publish", action="store_true", help="导入后发布")
        parser.add_argument("--note", default="由命令导入", help="说明")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"没有规则文件夹“{folder}”；请检查路径")
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith((".", "~$"))
        }
        at = clock.now()
        imported = actions.import_files(files=files, by=None, at=at, note=options["note"])
        if imported.version is None:
            raise CommandError("\n".join(str(fault) for fault in imported.faults))
        version = imported.version
        if options["publish"] and version.state == "draft":
            seen = queries.published().values_list("id", flat=True).first()
            try:
                version = actions.publish(
                    version_id=version.id, by=None, at=at, note=options["note"], seen=seen
                )
            except ValidationError as error:
                raise CommandError("\n".join(error.messages)) from error
        again = "（与已有的一版完全相同）" if imported.again else ""
        self.stdout.write(f"{version}{again}")
