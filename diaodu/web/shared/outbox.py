"""Words to people, by several ways: each exactly once, or visibly not.

A row is one word to one person by one way on one occasion; its key makes a second one impossible.
A worker claims a row by a conditional update before it sends and marks it afterwards. Between the
two nobody can know: a worker that died there, or a receiver that fell silent, leaves the row
`unsure`, which a person sees and decides; it is never sent again by itself. What certainly did not
arrive is tried again, further and further apart, and then `failed`, which a person sees too.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from diaodu.adapters.webhook_out import NotSent, Refused, Unsure
from diaodu.web.shared.models import Delivery
from diaodu.web.shared.outbox_channels import Channel, open_channels

SITE: Final = Delivery.Channel.SITE
_S = Delivery.State

# After the n-th try that failed; then no more.
WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 5, 30, 120, 360))
# What could not be tried for so long is called failed: it would come too late to be of use.
OLDEST: Final = timedelta(hours=24)
# Longer than any try may take: whoever claimed it so long ago is dead.
SILENT: Final = timedelta(minutes=2)
TROUBLED: Final = (_S.FAILED, _S.UNSURE)
_BATCH = 200
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Note:
    """What is told, to whom (a user's id), of which thing and on which occasion."""

    topic: str
    thing: str
    thing_id: str
    occasion: str
    to: int
    title: str
    text: str
    url: str = ""

    def key(self, channel: str) -> str:
        parts = (self.topic, self.thing, self.thing_id, self.occasion, str(self.to), channel)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Delivered(NamedTuple):
    sent: int
    troubled: int
    left: int


# -- putting in ------------------------------------------------------------------------------


def post(notes: Iterable[Note], *, at: datetime) -> int:
    """Put these in, by every way that is open and reaches the person; how many were new. What was
    put in before is passed over, whatever became of it."""
    listed = list(notes)
    people = {note.to for note in listed}
    reached = {name: way.reaches(people) for name, way in open_channels().items()}
    rows = [
        _row(note, channel, at)
        for note in listed
        for channel in (SITE, *(name for name, those in reached.items() if note.to in those))
    ]
    wanted = {row.key: row for row in rows}
    known = _known(wanted)
    fresh = [row for key, row in wanted.items() if key not in known]
    # Another worker may put in the same at this moment: the unique key decides.
    Delivery.objects.bulk_create(fresh, batch_size=_MANY, ignore_conflicts=True)
    return len(fresh)


def unsaid(notes: Iterable[Note]) -> list[Note]:
    """Those that were not put in yet."""
    keys = {note.key(SITE): note for note in notes}
    known = _known(keys)
    return [note for key, note in keys.items() if key not in known]


def _row(note: Note, channel: str, at: datetime) -> Delivery:
    row = Delivery(
        key=note.key(channel), topic=note.topic, thing=note.thing, thing_id=note.thing_id,
        occasion=note.occasion, to_id=note.to, channel=channel, title=note.title[:200],
        text=note.text[:1000], url=note.url, made_at=at, waits_since=at, next_at=at,
    )  # fmt: skip
    if channel == SITE:  # it has arrived as soon as it stands here
        row.state, row.ended_at = _S.SENT, at
    return row


def _known(keys: Collection[str]) -> set[str]:
    listed, found = list(keys), set[str]()
    for start in range(0, len(listed), _MANY):
        part = listed[start : start + _MANY]
        found.update(Delivery.objects.filter(key__in=part).values_list("key", flat=True))
    return found


# -- sending ---------------------------------------------------------------------------------


def deliver(*, now: Callable[[], datetime], until: datetime | None = None) -> Delivered:
    """Send what is due, until nothing is or the moment has come. Any number of workers may."""
    settle(at=now())
    channels = open_channels()
    claim, sent, troubled = secrets.token_hex(16), 0, 0
    try:
        for row in _due(channels, now, until):
            if not _claimed(row, claim, now()):
                continue
            state = _try(row, channels, claim, now)
            sent += state == _S.SENT
            troubled += state in TROUBLED
    finally:
        for channel in channels.values():
            channel.close()
    left = Delivery.objects.filter(state=_S.WAITING).count()
    return Delivered(sent, troubled, left)


def _due(
    channels: dict[str, Channel], now: Callable[[], datetime], until: datetime | None
) -> Iterator[Delivery]:
    """Row after row, the oldest first; a way that was closed meanwhile is left out."""
    while True:
        ways = [name for name, channel in channels.items() if channel.is_open]
        due = Delivery.objects.filter(state=_S.WAITING, next_at__lte=now(), channel__in=ways)
        batch = list(due.select_related("to").order_by("next_at", "pk")[:_BATCH])
        if not batch:
            return
        for row in batch:
            if until is not None and now() >= until:
                return
            if channels[row.channel].is_open:
                yield row


def _claimed(row: Delivery, claim: str, at: datetime) -> bool:
    free = Delivery.objects.filter(pk=row.pk, state=_S.WAITING)
    return bool(free.update(state=_S.SENDING, claim=claim, claimed_at=at, tries=F("tries") + 1))


def _try(
    row: Delivery, channels: dict[str, Channel], claim: str, now: Callable[[], datetime]
) -> str:
    """Send a claimed row and say what came of it; the claim must still hold."""
    channel, tries = channels[row.channel], row.tries + 1
    change: dict[str, object] = {"state": _S.SENT, "trouble": ""}
    try:
        channel.send(row)
    except Refused as error:
        change = {"state": _S.FAILED, "trouble": str(error)[:500]}
    except Unsure as error:
        change = {"state": _S.UNSURE, "trouble": str(error)[:500]}
    except NotSent as error:
        if error.all_wait:
            channel.is_open = False
        change = _put_back(row, error, tries, now())
    at = now()
    ended = None if change["state"] == _S.WAITING else at
    mine = Delivery.objects.filter(pk=row.pk, state=_S.SENDING, claim=claim)
    mine.update(**change, ended_at=ended)
    return str(change["state"])


def _put_back(row: Delivery, error: NotSent, tries: int, at: datetime) -> dict[str, object]:
    counted = tries if error.counts else tries - 1
    said = {"trouble": str(error)[:500], "tries": counted}
    if counted > len(WAITS):
        return {**said, "state": _S.FAILED, "trouble": f"试了{counted}次：{error}"[:500]}
    wait = WAITS[max(counted, 1) - 1]
    return {**said, "state": _S.WAITING, "next_at": at + wait}


def settle(*, at: datetime) -> int:
    """Say of what a dead worker had in hand that nobody knows, and of what waited in vain for a
    day that it failed; how many."""
    silent = Delivery.objects.filter(state=_S.SENDING, claimed_at__lt=at - SILENT)
    unknown = silent.update(
        state=_S.UNSURE, ended_at=at, trouble="发送时中断了，可能已经送到，也可能没有"
    )
    stale = Delivery.objects.filter(state=_S.WAITING, waits_since__lt=at - OLDEST)
    return unknown + stale.update(state=_S.FAILED, ended_at=at, trouble=_GIVEN_UP)


_GIVEN_UP = "等了一天没有发出；请核对邮件或群机器人的设置"


def again(*, delivery: Delivery, at: datetime) -> bool:
    """Send once more what failed or may have failed: a person's decision. False where it no longer
    is so."""
    troubled = Delivery.objects.filter(pk=delivery.pk, state__in=TROUBLED)
    return bool(
        troubled.update(
            state=_S.WAITING, tries=0, waits_since=at, next_at=at, ended_at=None, claim=""
        )
    )


def waiting(topic: str) -> list[tuple[int, str, int]]:
    """Id, occasion and person of what was not sent yet."""
    found = Delivery.objects.filter(topic=topic, state=_S.WAITING)
    return list(found.values_list("pk", "occasion", "to_id"))


def reword(id: int, note: Note) -> bool:
    """Say it otherwise, as long as it was not sent."""
    waiting = Delivery.objects.filter(pk=id, state=_S.WAITING)
    return bool(waiting.update(title=note.title[:200], text=note.text[:1000], url=note.url))


def drop(found: Q, *, at: datetime, reason: str) -> int:
    """What need not be said any more, and was not yet."""
    waiting = Delivery.objects.filter(found, state=_S.WAITING)
    return waiting.update(state=_S.DROPPED, ended_at=at, trouble=reason[:500])


# -- reading ---------------------------------------------------------------------------------


def inbox(user_id: int) -> QuerySet[Delivery]:
    """What was said to this person here, newest first."""
    return Delivery.objects.filter(to_id=user_id, channel=SITE)


def unread(user_id: int) -> int:
    return inbox(user_id).filter(read_at=None).count()


def number_for(user_id: int, *, troubled: bool) -> int:
    """What this person has not read, and where asked what could not be delivered to anybody."""
    found = Q(to_id=user_id, channel=SITE, read_at=None)
    if troubled:
        found |= ~Q(channel=SITE) & Q(state__in=TROUBLED)
    return Delivery.objects.filter(found).count()


def mark_read(found: Q, *, user_id: int, at: datetime) -> int:
    return inbox(user_id).filter(found, read_at=None).update(read_at=at)


def sent_out() -> QuerySet[Delivery]:
    """By the ways that lead out of the house, newest first."""
    return Delivery.objects.exclude(channel=SITE).select_related("to")


def counts() -> dict[str, int]:
    """State → how many, of what leads out of the house."""
    counted = sent_out().order_by().values("state").annotate(many=Count("pk"))
    return {row["state"]: row["many"] for row in counted}


def ways() -> list[str]:
    """What the ways out of the house that are open are called."""
    return [Delivery.Channel(name).label for name in open_channels()]
