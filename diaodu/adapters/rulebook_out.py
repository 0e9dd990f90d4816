"""Rules that were changed at the desk → the text of a rulebook's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from diaodu.engine.rules.models import Org

ORGS_FILE = "orgs/orgs.yaml"
_HEAD = "# 单位（在“单位与人员”页面维护，由系统写出）\n"


def with_orgs(files: Mapping[str, bytes], orgs: Iterable[Org]) -> dict[str, bytes]:
    """The same folder, its orgs/ replaced by one file with these."""
    kept = {name: content for name, content in files.items() if not _holds_orgs(name)}
    return {**kept, ORGS_FILE: orgs_file(orgs)}


def _holds_orgs(name: str) -> bool:
    return name.startswith("orgs/") and name.lower().endswith((".yaml", ".yml", ".csv"))


def orgs_file(orgs: Iterable[Org]) -> bytes:
    entries = [_plain(org) for org in orgs]
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000)
    return (_HEAD + text).encode()


def _plain(org: Org) -> dict[str, Any]:
    """What a person would write: nothing that is not said."""
    told = org.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {key: value for key, value in told.items() if value != []}
