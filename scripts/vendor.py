"""Copy the few front-end files that pages link out of node_modules, without source map comments.

A manifest storage fails on a comment that names a missing file, and whole packages would make
thousands of static files of a handful. Standard library only, so that any Python can run it.

    python3 scripts/vendor.py
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"

# Served as static files under vendor/. htmx comes with django-htmx.
SERVED = {
    "echarts.min.js": "echarts/dist/echarts.min.js",
}
# Put into pages by the journeys only; never served.
TESTS_ONLY = {"axe.min.js": "axe-core/axe.min.js"}

FOLDERS = {
    ROOT / "diaodu" / "web" / "site" / "vendor": SERVED,
    ROOT / "build" / "vendor": TESTS_ONLY,
}

_SOURCE_MAP = re.compile(r"\n?(//[#@] sourceMappingURL=\S+|/\*[#@] sourceMappingURL=[^*]+\*/)")


def missing() -> list[str]:
    """Package files that `npm ci` should have brought."""
    listed = [source for files in FOLDERS.values() for source in files.values()]
    return [source for source in listed if not (MODULES / source).is_file()]


def wanted(files: dict[str, str]) -> dict[str, str]:
    """Name → content, without the comments that name source maps."""
    texts = {name: (MODULES / source).read_text("utf-8") for name, source in files.items()}
    return {name: _SOURCE_MAP.sub("", text) for name, text in texts.items()}


def present(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.glob("*")}


def refill(folder: Path, contents: dict[str, str]) -> None:
    """Make the folder hold exactly these files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if lost := missing():
        sys.exit(f"node_modules 里缺少前端文件，请删除 node_modules 后重新执行 make setup：{lost}")
    for target, listed in FOLDERS.items():
        if present(target) != (contents := wanted(listed)):
            refill(target, contents)
