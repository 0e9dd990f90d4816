"""The order of a meeting: who reports, who must speak and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from diaodu.web.meetings.actions.common import Untimely, leave_trace, locked
from diaodu.web.meetings.models import ITEM_KINDS, OPEN, PLANNED, SPEECH, Item, Meeting
from diaodu.web.meetings.queries.speakers import Speaker

_NOT_ENDED = (PLANNED, OPEN)


@transaction.atomic
def add_item(
    *, meeting: Meeting, kind: str, title: str, org: str | None, speaker: str,
    minutes: int | None, by: Any, at: datetime,
) -> Item:  # fmt: skip
    held = locked(meeting, _NOT_ENDED, "改议程")
    item = Item(
        meeting=held, place=_next_place(held), kind=kind, title=title, org_id=org,
        speaker=speaker, minutes=minutes,
    )  # fmt: skip
    item.full_clean()
    item.save()
    leave_trace(held, act="add_item", by=by, at=at, after=_content(item))
    return item


@transaction.atomic
def call_speakers(
    *, meeting: Meeting, speakers: Iterable[Speaker], by: Any, at: datetime
) -> list[Item]:
    """Put those on the agenda who must speak by the rules and are not on it yet."""
    held = locked(meeting, _NOT_ENDED, "改议程")
    there = set(held.items.filter(kind=SPEECH).values_list("org_id", flat=True))
    new = [one for one in speakers if one.org not in there]
    if not new:
        raise ValidationError("按规则要表态的单位都已在议程上")
    first = _next_place(held)
    items = [
        Item(
            meeting=held,
            place=first + number,
            kind=SPEECH,
            org_id=one.org,
            title=f"{one.name}{ITEM_KINDS[SPEECH]}",
            why="；".join(one.reasons)[:500],
        )
        for number, one in enumerate(new)
    ]
    Item.objects.bulk_create(items)
    after = {"orgs": [one.org for one in new]}
    leave_trace(held, act="call_speakers", by=by, at=at, after=after)
    return items


@transaction.atomic
def change_item(
    *, item: Item, kind: str, title: str, org: str | None, speaker: str, minutes: int | None,
    place: int, by: Any, at: datetime,
) -> Item:  # fmt: skip
    """Change a point, or its place: those at and after it move on by one."""
    held = locked(item.meeting, _NOT_ENDED, "改议程")
    found = _still_there(item)
    before = _content(found)
    found.kind, found.title, found.org_id = kind, title, org
    found.speaker, found.minutes = speaker, minutes
    found.full_clean()
    found.save()
    if place != found.place:
        _put(held, found, place)
    leave_trace(held, act="change_item", by=by, at=at, before=before, after=_content(found))
    return found


@transaction.atomic
def drop_item(*, item: Item, by: Any, at: datetime) -> None:
    held = locked(item.meeting, _NOT_ENDED, "改议程")
    found = _still_there(item)
    before = _content(found)
    found.delete()
    _renumber(held, list(held.items.all()))
    leave_trace(held, act="drop_item", by=by, at=at, before=before)


def _still_there(item: Item) -> Item:
    found = Item.objects.filter(pk=item.pk).first()
    if found is None:
        raise Untimely("这一项已经被别人删去，请刷新页面")
    return found


def _next_place(meeting: Meeting) -> int:
    return (meeting.items.aggregate(last=Max("place"))["last"] or 0) + 1


def _put(meeting: Meeting, item: Item, place: int) -> None:
    others = [one for one in meeting.items.all() if one.pk != item.pk]
    others.insert(max(place, 1) - 1, item)
    _renumber(meeting, others)


def _renumber(meeting: Meeting, items: list[Item]) -> None:
    for number, one in enumerate(items, start=1):
        one.place = number
    Item.objects.bulk_update(items, ["place"])


def _content(item: Item) -> dict[str, Any]:
    return {
        "item_kind": item.kind, "item": item.title, "org": item.org_id, "speaker": item.speaker,
        "minutes": item.minutes, "place_in_order": item.place,
    }  # fmt: skip
