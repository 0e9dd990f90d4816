"""Papers that units hand in before a meeting."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from diaodu.web.meetings.actions.common import Untimely, leave_trace, locked
from diaodu.web.meetings.models import OPEN, PLANNED, Meeting, Paper

_NOT_ENDED = (PLANNED, OPEN)
MOST_BYTES = 20 * 1024 * 1024
# What a file of this kind begins with: a name alone can say anything.
KINDS = {
    ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".pptx": b"PK\x03\x04", ".pdf": b"%PDF-",
    ".doc": b"\xd0\xcf\x11\xe0", ".xls": b"\xd0\xcf\x11\xe0", ".wps": b"\xd0\xcf\x11\xe0",
}  # fmt: skip


@transaction.atomic
def ask_papers(
    *, meeting: Meeting, orgs: Iterable[str], title: str, due: datetime, by: Any, at: datetime
) -> list[Paper]:
    """Ask units for a paper by a day; whom it was asked of already is passed over."""
    held = locked(meeting, (PLANNED,), "要材料")
    if not at < due <= held.at:
        raise ValidationError({"due": "交材料的时间要在现在以后、开会以前"})
    there = set(held.papers.filter(title=title).values_list("org_id", flat=True))
    new = [
        Paper(meeting=held, org_id=org, title=title, due=due)
        for org in dict.fromkeys(orgs)
        if org not in there
    ]
    if not new:
        raise ValidationError({"orgs": "选中的单位都已要过这份材料"})
    for one in new:
        one.full_clean()
    Paper.objects.bulk_create(new)
    after = {"paper": title, "due": due, "orgs": [one.org_id for one in new]}
    leave_trace(held, act="ask_papers", by=by, at=at, after=after)
    return new


@transaction.atomic
def hand_in(*, paper: Paper, name: str, content: bytes, by: Any, at: datetime) -> Paper:
    """Hand a paper in, or a new version of it; late ones are taken and shown as late."""
    meeting = locked(paper.meeting, _NOT_ENDED, "交材料")
    found = _still_there(paper)
    _refuse_bad(name, content)
    before = {"file": found.name} if found.name else None
    found.digest = hashlib.sha256(content).hexdigest()
    found.name, found.size, found.by, found.at = name[-200:], len(content), by, at
    found.sent_back = ""
    found.file.save(found.digest, ContentFile(content), save=False)
    found.save()
    after = {"paper": found.title, "org": found.org_id, "file": found.name}
    leave_trace(meeting, act="hand_in", by=by, at=at, before=before, after=after)
    return found


@transaction.atomic
def send_back(*, paper: Paper, reason: str, by: Any, at: datetime) -> Paper:
    """The paper will not do: the unit hands it in anew."""
    meeting = locked(paper.meeting, _NOT_ENDED, "退回材料")
    found = _still_there(paper)
    if not reason.strip():
        raise ValidationError({"reason": "请写明要改什么"})
    if found.at is None:
        raise Untimely("这份材料还没有交")
    found.sent_back = reason.strip()[:500]
    found.save(update_fields=["sent_back"])
    after = {"paper": found.title, "org": found.org_id, "file": found.name}
    leave_trace(meeting, act="send_back", by=by, at=at, after=after, reason=found.sent_back)
    return found


@transaction.atomic
def drop_paper(*, paper: Paper, by: Any, at: datetime) -> None:
    """It is no longer asked for; one that was handed in stays."""
    meeting = locked(paper.meeting, _NOT_ENDED, "撤回材料要求")
    found = _still_there(paper)
    if found.at is not None:
        raise Untimely("这份材料已经交了，不能撤回要求")
    before = {"paper": found.title, "org": found.org_id}
    found.delete()
    leave_trace(meeting, act="drop_paper", by=by, at=at, before=before)


def _still_there(paper: Paper) -> Paper:
    found = Paper.objects.filter(pk=paper.pk).first()
    if found is None:
        raise Untimely("这份材料已经不要了，请刷新页面")
    return found


def _refuse_bad(name: str, content: bytes) -> None:
    ending = f".{name.rpartition('.')[2].lower()}"
    if ending not in KINDS:
        kinds = "、".join(KINDS)
        raise ValidationError({"file": f"“{name}”不是能收的文件；请交{kinds}"})
    if not content:
        raise ValidationError({"file": f"“{name}”是空文件，请核对后再交"})
    if len(content) > MOST_BYTES:
        raise ValidationError({"file": f"“{name}”超过{MOST_BYTES // 1024 // 1024}兆，请压缩后再交"})
    if not content.startswith(KINDS[ending]):
        raise ValidationError({"file": f"“{name}”打不开：内容不是{ending}文件，请另存后再交"})
