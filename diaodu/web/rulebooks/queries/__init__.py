"""Which rules are in force, and what stood in every version."""

from diaodu.web.rulebooks.queries.compared import PartChanges, Step, changes, history
from diaodu.web.rulebooks.queries.described import (
    PARTS,
    Dependent,
    Line,
    Part,
    Shown,
    dependents,
    entries,
    entry,
    lines,
    parts,
)
from diaodu.web.rulebooks.queries.stored import (
    Embargo,
    FileChanges,
    NoRulebook,
    VersionInfo,
    changed_files,
    current,
    current_version,
    export_zip,
    files_of,
    has_rulebook,
    names,
    published,
    release_at,
    releases,
    rulebook_in,
    rulebook_of,
    version,
    versions,
)

__all__ = [
    "PARTS", "Dependent", "Embargo", "FileChanges", "Line", "NoRulebook", "Part", "PartChanges",
    "Shown", "Step", "VersionInfo", "changed_files", "changes", "current", "current_version",
    "dependents", "entries", "entry", "export_zip", "files_of", "has_rulebook", "history",
    "lines", "names", "parts", "published", "release_at", "releases", "rulebook_in",
    "rulebook_of", "version", "versions",
]  # fmt: skip
