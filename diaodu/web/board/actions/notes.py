"""Every change to notes. Who may read one is decided where it is loaded (`queries.note_for`); who
may write, change or settle it, here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from diaodu.engine.ground.period import Period
from diaodu.web.board.models import ALL, MOST, NAMED, Note, Reader
from diaodu.web.board.queries.notes import Place
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared import audit, outbox, queue

_THING = "board.Note"


class Untimely(ValidationError):
    """The note was changed, settled or deleted meanwhile."""


# -- writing ---------------------------------------------------------------------------------------


@transaction.atomic
def pin(
    *, place: Place, facet: str, text: str, readers: Collection[int] | None, by: Any, at: datetime
) -> Note:
    """A remark on a figure, for all who may see it or (`readers`: users' ids) for some of them.
    Raises ValidationError, PermissionDenied."""
    _need_to_write(place, by, at)
    note = Note(
        indicator=place.indicator, org_id=place.org, period=place.period, facet=facet,
        text=_checked(text), audience=ALL if readers is None else NAMED, by=by, at=at, last_at=at,
    )  # fmt: skip
    named = _named(place, readers, by, at)
    note.full_clean(exclude=["by", "org"])
    note.save()
    Reader.objects.bulk_create(Reader(note=note, user_id=one) for one in named)
    _tell(note, named, "写了批注", by, at)
    _record(note, "pin", by, at, after=_told(note) | {"readers": len(named)})
    return note


@transaction.atomic
def reply(*, note: Note, text: str, by: Any, at: datetime) -> Note:
    """An answer, read by those who read the remark; told to its author and to those it is for."""
    root = _locked(note)
    place = Place(root.indicator, root.org_id, root.period)
    _need_to_write(place, by, at)
    if root.is_deleted or root.is_closed:
        raise Untimely(f"这条批注已{'删去' if root.is_deleted else '办结'}，不能再回复")
    answer = Note(
        to=root, indicator=root.indicator, org_id=root.org_id, period=root.period,
        facet=root.facet, text=_checked(text), audience=root.audience, by=by, at=at, last_at=at,
    )  # fmt: skip
    answer.full_clean(exclude=["by", "org", "to"])
    answer.save()
    root.last_at = at
    root.save(update_fields=["last_at"])
    _tell(answer, _concerned(root) - {by.pk}, "回复了批注", by, at)
    _record(answer, "reply", by, at, after=_told(answer))
    return answer


@transaction.atomic
def edit(*, note: Note, text: str, seen: int, by: Any, at: datetime) -> Note:
    """One's own text, as long as the remark is not settled."""
    held = _own(note, by, "改")
    if held.version != seen:
        raise Untimely("这条批注您在别处已经改过，请看过新的内容再改")
    before, held.text = len(held.text), _checked(text)
    held.edited_at = at
    _save(held, "text", "edited_at")
    _record(held, "edit", by, at, before={"length": before}, after={"length": len(held.text)})
    return held


@transaction.atomic
def delete(*, note: Note, by: Any, at: datetime) -> Note:
    """The text is gone; that there was one, whose and when, stays."""
    held = _own(note, by, "删")
    before = {"length": len(held.text)}
    held.text, held.deleted_at = "", at
    _save(held, "text", "deleted_at")
    _record(held, "delete", by, at, before=before, after={"length": 0})
    return held


# -- settling --------------------------------------------------------------------------------------


@transaction.atomic
def close(*, note: Note, by: Any, at: datetime) -> Note:
    held = _to_settle(note, by, at)
    if held.is_closed:
        raise Untimely(f"这条批注{held.closed_by}已经办结")
    held.closed_at, held.closed_by = at, by
    _save(held, "closed_at", "closed_by")
    _tell(held, _concerned(held) - {by.pk}, "办结了批注", by, at)
    _record(held, "close", by, at, before={"closed": False}, after={"closed": True})
    return held


@transaction.atomic
def reopen(*, note: Note, by: Any, at: datetime) -> Note:
    held = _to_settle(note, by, at)
    if not held.is_closed:
        raise Untimely("这条批注没有办结，不用重开")
    held.closed_at, held.closed_by = None, None
    _save(held, "closed_at", "closed_by")
    _tell(held, _concerned(held) - {by.pk}, "重开了批注", by, at)
    _record(held, "reopen", by, at, before={"closed": True}, after={"closed": False})
    return held


# -- who may ---------------------------------------------------------------------------------------


def _need_to_write(place: Place, by: Any, at: datetime) -> None:
    access = people.access_of(by, at.date())
    access.need("note")
    access.need("view", org=place.org, indicator=place.indicator)


def _own(note: Note, by: Any, act: str) -> Note:
    if note.by_id != by.pk:
        raise PermissionDenied(f"只能{act}自己写的批注")
    held = _locked(note)
    root = held.to or held
    if held.is_deleted:
        raise Untimely("这条批注已经删去")
    if root.is_closed:
        raise Untimely(f"这条批注已经办结，不能再{act}；要{act}请先重开")
    return held


def _to_settle(note: Note, by: Any, at: datetime) -> Note:
    """By its author or whom it is for; where it is for all, by all who may write."""
    held = _locked(note)
    _need_to_write(Place(held.indicator, held.org_id, held.period), by, at)
    if held.audience == NAMED and by.pk not in _for(held):
        raise PermissionDenied("只有写的人和指定的人能办结或重开这条批注")
    if held.is_deleted:
        raise Untimely("这条批注已经删去")
    return held


def _locked(note: Note) -> Note:
    return Note.objects.select_for_update(of=("self",)).select_related("to").get(pk=note.pk)


def _for(root: Note) -> set[int]:
    return {root.by_id, *root.readers.values_list("user_id", flat=True)}


def _concerned(root: Note) -> set[int]:
    """The author, whom it is for, and who has answered."""
    return _for(root) | set(root.replies.values_list("by_id", flat=True))


def _named(place: Place, readers: Collection[int] | None, by: Any, at: datetime) -> list[int]:
    """Without the author. Raises ValidationError for whom the figure is not to be seen by."""
    if readers is None:
        return []
    named = list(dict.fromkeys(one for one in readers if one != by.pk))
    if not named:
        raise ValidationError(
            {"readers": "请选出能看的人；要大家都能看，请选“能看这个数的人都能看”"}
        )
    known = people.viewers(org=place.org, indicator=place.indicator, on=at.date())
    allowed = {one.id for one in known}
    outside = [one for one in named if one not in allowed]
    if outside:
        told = "、".join(people.user_names(map(str, outside)).values()) or "选的人"
        raise ValidationError({"readers": f"{told}没有看这个数的权限，看不到批注；请改选别人"})
    return named


# -- text and trace --------------------------------------------------------------------------------


def _checked(text: str) -> str:
    told = text.strip()
    if not told:
        raise ValidationError({"text": "请写明内容"})
    if len(told) > MOST:
        raise ValidationError({"text": f"写了{len(told)}个字，一条最多{MOST}个，请分成几条"})
    return told


def _save(note: Note, *fields: str) -> None:
    note.version += 1
    note.save(update_fields=[*fields, "version"])


def _told(note: Note) -> dict[str, Any]:
    return {
        "indicator": note.indicator, "org": note.org_id, "period": note.period,
        "facet": note.facet, "audience": note.audience, "length": len(note.text),
    }  # fmt: skip


def _tell(note: Note, to: Iterable[int], what: str, by: Any, at: datetime) -> None:
    """By the outbox, without a word of the text: it may be about a figure not released yet."""
    root = note.to or note
    indicator = rulebooks.current().indicators.get(root.indicator)
    where = f"{root.org}{Period.from_id(root.period)}{indicator.name if indicator else ''}"
    notes = [
        outbox.Note(
            "board.note", _THING, str(root.pk), f"{note.pk}-{note.version}", one,
            f"{by}{what}：{where}", "打开可以看内容和回复。",
            reverse("board:note", args=[root.pk]),
        )
        for one in to
    ]  # fmt: skip
    if notes:
        outbox.post(notes, at=at)
        queue.enqueue("urging.deliver")


def _record(
    note: Note, act: str, by: Any, at: datetime, before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """The text is for those it was written to: an act tells how long it was."""
    audit.record(
        by=by, at=at, action=f"board.note_{act}", thing=_THING, id=note.pk, before=before,
        after=after,
    )  # fmt: skip
