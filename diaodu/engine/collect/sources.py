"""Declared ways of reading: which `sources` entry is for a sheet, and the entry to propose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from diaodu.engine.collect.words import fold
from diaodu.engine.rules.models import Match, Source

DIMENSIONS = ("indicator", "org", "period", "facet", "track", "unit")


def find_source(
    sources: Iterable[Source], file: str, sheet: str, titles: list[str]
) -> Source | None:
    """The first entry whose every condition holds. `file` is the path with its day folder."""
    return next((one for one in sources if _matches(one.match, file, sheet, titles)), None)


def _matches(match: Match, file: str, sheet: str, titles: list[str]) -> bool:
    if match.file is None and match.sheet is None and match.title is None:
        return False
    below_day = file.partition("/")[2] or file
    name = file.rpartition("/")[2]
    if match.file and not (fnmatchcase(below_day, match.file) or fnmatchcase(name, match.file)):
        return False
    if match.sheet and not fnmatchcase(sheet, match.sheet):
        return False
    return not match.title or any(re.search(match.title, title) for title in titles)


def same_text(pattern: str, text: str) -> bool:
    """A header or name written in a source, as a plain text or a glob, against a printed one."""
    wanted, given = fold(pattern), fold(text)
    return wanted == given or fnmatchcase(given, wanted)


def ignored_for(source: Source | None, text: str) -> str:
    """The reason a source gives for passing over this header or name, or an empty text."""
    if source is None:
        return ""
    return next((one.reason for one in source.ignore if same_text(one.text, text)), "")


def proposal(file: str, sheet: str, lines: Iterable[str]) -> str:
    """A `sources` entry to paste, with `lines` for what is open (“org: {fixed: ?}”)."""
    name = file.rpartition("/")[2]
    glob = re.sub(r"\d+", "*", re.sub(r"[\[\]?*]", "?", name))
    body = [
        f"- id: {_id_from(name)}",
        "  match:",
        f'    file: "{glob}"',
        *([f'    sheet: "{sheet}"'] if sheet else []),
        *(f"  {line}" for line in lines),
    ]
    return "\n".join(body)


def _id_from(name: str) -> str:
    stem = name.rpartition(".")[0] or name
    return re.sub(r"[\s|\d:：]+", "", stem) or "source"
