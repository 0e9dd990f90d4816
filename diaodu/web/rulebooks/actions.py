"""Importing, publishing and discarding versions of the rulebook."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.adapters.rulebook_in import read_rulebook_files
from diaodu.adapters.rulebook_out import with_orgs
from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.people import actions as people_actions
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries
from diaodu.web.rulebooks.models import File, Version
from diaodu.web.shared import audit
from diaodu.web.shared.signals import rulebook_published

LONGEST_ID = 64
LONGEST_NAME = 100
LONGEST_PATH = 300


class Imported(NamedTuple):
    """The draft, or why there is none. `again`: it was there already, word for word."""

    version: Version | None
    faults: tuple[Fault, ...] = ()
    again: bool = False


def import_files(*, files: Mapping[str, bytes], by: Any, at: datetime, note: str = "") -> Imported:
    """Keep a folder of rules as a draft; on any fault nothing is kept and all faults are told."""
    try:
        rulebook = read_rulebook_files(files)
    except RulebookError as error:
        return Imported(None, tuple(one for one in error.faults if isinstance(one, Fault)))
    faults = tuple(_unfit(files, rulebook))
    if faults:
        return Imported(None, faults)
    content = _content(files)
    same = _waiting_or_in_force(content)
    if same is not None:
        return Imported(same, again=True)
    with transaction.atomic():
        return Imported(_keep(files, rulebook, content, by, at, note))


def _waiting_or_in_force(content: str) -> Version | None:
    """An older version may come back: that is how one returns to it."""
    held = queries.published().first()
    if held is not None and held.content == content:
        return held
    return Version.objects.filter(state="draft", content=content).first()


@transaction.atomic
def publish(*, version_id: int, by: Any, at: datetime, note: str, seen: int | None) -> Version:
    """Put a draft in force. `seen` is the id of the version it was compared with (None: there was
    none); where another one was published since, it is refused: nobody compared with that one.

    Raises ValidationError.
    """
    if not note.strip():
        raise ValidationError("请写明这次改了什么、为什么改")
    found = _locked_draft(version_id)
    held = queries.published().values_list("id", flat=True).first()
    if held != seen:
        raise ValidationError("您比较之后，又发布了别的版本；请与现行版本重新比较，再发布")
    rulebook = queries.rulebook_of(found.id)
    people_actions.sync_orgs(orgs=rulebook.orgs.values(), by=by, at=at)
    return _put_in_force(found, by, at, note.strip())


@transaction.atomic
def discard(*, version_id: int, by: Any, at: datetime) -> Version:
    """Set a draft aside. Raises ValidationError where it is none."""
    found = _locked_draft(version_id)
    found.state = "discarded"
    found.save(update_fields=["state"])
    audit.record(
        by=by, at=at, action="rulebooks.discard", thing="rulebooks.Version", id=found.id,
        before={"state": "draft"}, after={"state": "discarded"},
    )  # fmt: skip
    return found


@transaction.atomic
def follow_org_tree(*, by: Any, at: datetime, reason: str) -> Version | None:
    """Publish the rules in force with orgs/ written anew from the table of orgs. Before there are
    rules, nothing. Raises RulebookError where the tree would make the rules unsound."""
    held = queries.published().first()
    if held is None:
        return None
    files = with_orgs(queries.files_of(held.id), people.engine_orgs())
    rulebook = read_rulebook_files(files)
    if rulebook.orgs == queries.rulebook_of(held.id).orgs:
        return None
    draft = _keep(files, rulebook, _content(files), by, at, reason)
    return _put_in_force(draft, by, at, reason)


def _locked_draft(version_id: int) -> Version:
    found = Version.objects.select_for_update().filter(pk=version_id).first()
    if found is None:
        raise ValidationError("这个草稿不在了")
    if found.state != "draft":
        raise ValidationError(f"这一版{found.get_state_display()}，不能再动")
    return found


def _keep(
    files: Mapping[str, bytes], rulebook: Rulebook, content: str, by: Any, at: datetime, note: str
) -> Version:
    found = Version.objects.create(
        digest=rulebook.version, content=content, note=note.strip(), by=by, at=at
    )
    File.objects.bulk_create(
        [File(version=found, path=path, sha256=_sha(data), content=data)
         for path, data in sorted(files.items())],
        batch_size=100,
    )  # fmt: skip
    audit.record(
        by=by, at=at, action="rulebooks.import", thing="rulebooks.Version", id=found.id,
        after={"digest": found.digest, "content": content, "files": len(files)}, reason=note,
    )  # fmt: skip
    return found


def _put_in_force(found: Version, by: Any, at: datetime, note: str) -> Version:
    last = queries.published().values_list("number", flat=True).first()
    found.number, found.state = (last or 0) + 1, "published"
    found.published_by, found.published_at, found.published_note = by, at, note
    found.save(update_fields=["number", "state", "published_by", "published_at", "published_note"])
    audit.record(
        by=by, at=at, action="rulebooks.publish", thing="rulebooks.Version", id=found.id,
        before={"number": last}, after={"number": found.number, "digest": found.digest},
        reason=note,
    )  # fmt: skip
    id = found.id
    transaction.on_commit(lambda: rulebook_published.send(sender=Version, version_id=id, at=at))
    return found


def _unfit(files: Mapping[str, bytes], rulebook: Rulebook) -> Iterator[Fault]:
    """What the engine would take and the tables would not."""
    for path in files:
        if len(path) > LONGEST_PATH:
            yield Fault(path, 0, "", f"路径超过{LONGEST_PATH}个字", "改短文件夹或文件的名称")
    for kind, things in (("orgs", rulebook.orgs), ("indicators", rulebook.indicators)):
        for id, one in things.items():
            if len(id) > LONGEST_ID:
                yield Fault(f"{kind}/", 0, "id", f"编号“{id}”超过{LONGEST_ID}个字", "改短编号")
            if len(one.name) > LONGEST_NAME:
                yield Fault(
                    f"{kind}/", 0, "name", f"“{id}”的名称超过{LONGEST_NAME}个字", "改短名称"
                )


def _content(files: Mapping[str, bytes]) -> str:
    lines = [f"{path}\n{_sha(data)}\n" for path, data in sorted(files.items())]
    return _sha("".join(lines).encode())


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
