"""What is handed in as proof."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from diaodu.web.duties.actions.common import THING, Untimely, locked, refuse
from diaodu.web.duties.models import Duty, Proof
from diaodu.web.shared import audit

MOST_BYTES = 20 * 1024 * 1024
MOST_PROOFS = 40
_ZIPPED = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
# What a file of this kind begins with: a name alone can say anything.
_BEGINS = {
    ".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff", ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04",
}  # fmt: skip
ENDINGS = tuple(_BEGINS)


@transaction.atomic
def hand_in_file(
    *, duty_id: int, name: str, content: bytes, proves: str, by: Any, at: datetime
) -> Proof:
    """A file as proof of one of the demands, or of none of them."""
    duty = _ready(duty_id, proves, by, at)
    ending = _checked(name, content)
    digest = hashlib.sha256(content).hexdigest()
    if duty.proofs.filter(digest=digest, proves=proves).exists():
        raise ValidationError({"file": f"“{name}”已经交过，不用再交"})
    made = Proof(
        duty=duty, kind="file", name=name[-200:], proves=proves, ending=ending, size=len(content),
        digest=digest, by=by, at=at,
    )  # fmt: skip
    made.file.save(digest, ContentFile(content), save=False)
    return _kept(made, by, at)


@transaction.atomic
def hand_in_words(
    *, duty_id: int, kind: str, name: str, text: str, proves: str, by: Any, at: datetime
) -> Proof:
    """A figure, or a link to where the proof stands."""
    duty = _ready(duty_id, proves, by, at)
    faults: dict[str, str] = {}
    if not name.strip():
        faults["name"] = "请写这是什么"
    if not text.strip():
        faults["text"] = "请写数据" if kind == "figure" else "请写网址"
    elif kind == "link" and urlsplit(text.strip()).scheme not in ("http", "https"):
        faults["text"] = "网址要以 http:// 或 https:// 开头"
    if faults:
        raise ValidationError(faults)
    made = Proof(
        duty=duty, kind=kind, name=name.strip(), text=text.strip(), proves=proves, by=by, at=at
    )
    return _kept(made, by, at)


@transaction.atomic
def take_back(*, proof: Proof, by: Any, at: datetime) -> None:
    """One's own, as long as it was not answered with."""
    duty = locked(proof.duty_id)
    found = Proof.objects.filter(pk=proof.pk).first()
    if found is None:
        raise Untimely("这份凭证已经撤回")
    if found.by_id != by.pk:
        raise PermissionDenied("只能撤回自己交的凭证")
    refuse(duty, "note", by=by, at=at, given=frozenset({"text"}))
    if duty.events.filter(act="answer", at__gte=found.at).exists():
        raise Untimely("已经反馈的凭证不能撤回，可以补交新的")
    name, file = found.name, found.file
    found.delete()
    if file and not Proof.objects.filter(file=file.name).exists():
        stored = str(file.name)
        transaction.on_commit(lambda: file.storage.delete(stored))
    audit.record(
        by=by, at=at, action="duties.take_back", thing=THING, id=duty.pk, before={"proof": name}
    )


def _ready(duty_id: int, proves: str, by: Any, at: datetime) -> Duty:
    duty = locked(duty_id)
    refuse(duty, "note", by=by, at=at, given=frozenset({"text"}))
    if proves and proves not in duty.proof_asked:
        raise ValidationError({"proves": "没有要求这一项凭证，请重新选"})
    if duty.proofs.count() >= MOST_PROOFS:
        raise ValidationError(f"一件事项最多交{MOST_PROOFS}份凭证，请合并后再交")
    return duty


def _checked(name: str, content: bytes) -> str:
    """The ending of a file that is what it says it is."""
    ending = f".{name.rpartition('.')[2].lower()}"
    if ending not in _BEGINS:
        kinds = "、".join(one.removeprefix(".") for one in _BEGINS)
        raise ValidationError({"file": f"“{name}”不是能收的文件；请交{kinds}"})
    if not content:
        raise ValidationError({"file": f"“{name}”是空文件，请核对后再交"})
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise ValidationError({"file": f"“{name}”超过{most}兆，请压缩后再交"})
    if not content.startswith(_BEGINS[ending]) or not _opens(ending, content):
        raise ValidationError({"file": f"“{name}”打不开：内容不是{ending[1:]}文件，请另存后再交"})
    return ending


def _opens(ending: str, content: bytes) -> bool:
    if ending not in _ZIPPED:
        return True
    try:
        with ZipFile(BytesIO(content)) as whole:
            return _ZIPPED[ending] in whole.namelist()
    except BadZipFile:
        return False


def _kept(made: Proof, by: Any, at: datetime) -> Proof:
    made.full_clean(exclude=["duty", "by", "file"])
    made.save()
    audit.record(
        by=by, at=at, action="duties.prove", thing=THING, id=made.duty_id,
        after={"proof": made.name, "proves": made.proves, "sha256": made.digest},
    )  # fmt: skip
    return made
