"""The files of a frozen run that people take away."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from diaodu.web.runs.models import Run
from diaodu.web.runs.queries.findings import are_kept_back
from diaodu.web.runs.queries.trace import folder_of
from diaodu.web.shared.access import Access
from diaodu.web.shared.roles import ALLOWED

# name → what it is called
FILES = {
    "bulletin.docx": "通报（Word）",
    "tables.xlsx": "表和图（Excel）",
    "findings.xlsx": "审核意见（Excel）",
}


# In it lie the files without the findings that are for one office alone.
FOR_OTHERS = "for_others"
_WITH_FINDINGS = ("tables.xlsx", "findings.xlsx")


def file_of(run: Run, name: str, access: Access) -> Path | None:
    """The file as the reader may have it; None for what is no file of the run."""
    if name not in FILES or not run.is_done:
        return None
    folder = folder_of(run)
    if name in _WITH_FINDINGS and are_kept_back(run, access):
        folder = folder / FOR_OTHERS
    path = folder / name
    return path if path.is_file() else None


def why_no_files(run: Run, access: Access, now: datetime) -> str:
    """Why the reader may not take them, empty where they may: a file holds all figures of all
    orgs, so only those may who see them all, and before the last release only early readers."""
    whole = [
        grant
        for grant in access.grants
        if access.home is not None and access.home in grant.orgs and grant.indicators is None
    ]
    if not any("view" in ALLOWED[grant.role] for grant in whole):
        return "文件里有全部单位的数据，只给能看全部数据的人；您可以在“一张表”里看本单位的结果"
    if run.release_at is None or run.release_at <= now or any(grant.early for grant in whole):
        return ""
    moment = run.release_at.astimezone(now.tzinfo)
    return f"文件里有还没有发布的数据，{moment.month}月{moment.day}日{moment:%H:%M}发布后可以下载"
