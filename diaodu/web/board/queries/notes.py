"""Notes pinned to figures: who reads which. A note is read by those who may see its figure, after
its release like the figure itself, and of those by its author and whom it is for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from diaodu.engine.compute.changed import rests_on
from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import Period
from diaodu.web.board.models import ALL, FACETS, Note, Reader
from diaodu.web.figures import queries as figures
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access

STATES = {"open": "没有办结", "closed": "已办结", "mine": "我写的", "named": "指定给我的"}


class Place(NamedTuple):
    """The figure that a note is pinned to."""

    indicator: str
    org: str
    period: str


@dataclass(frozen=True)
class Thread:
    """A remark with its answers, as one reader sees it."""

    note: Note
    replies: Sequence[Note]
    readers: Sequence[str]
    name: str
    org_name: str
    may_write: bool
    is_own: bool

    @property
    def period(self) -> str:
        return str(Period.from_id(self.note.period))

    @property
    def facet(self) -> str:
        return FACETS.get(self.note.facet, "") if self.note.facet else ""

    @property
    def is_live(self) -> bool:
        return not (self.note.is_closed or self.note.is_deleted)


def place_for(access: Access, now: datetime, org: str, indicator: str, period: str) -> Place:
    """A figure that the reader may see. Raises Http404."""
    place = Place(indicator, org, period)
    if indicator not in rulebooks.current().indicators or not _is_period(period):
        raise Http404("没有这个数")
    if not access.may("view", org=org, indicator=indicator) or not _is_open(access, now, place):
        raise Http404("没有这个数，或现在还不能看")
    return place


def _is_period(period: str) -> bool:
    try:
        Period.from_id(period)
    except PeriodError:
        return False
    return True


def _is_open(access: Access, now: datetime, place: Place) -> bool:
    if access.reads_early(org=place.org, indicator=place.indicator):
        return True
    return (place.indicator, place.period) not in _kept_back([(place.indicator, place.period)], now)


def _kept_back(keys: Iterable[tuple[str, str]], now: datetime) -> set[tuple[str, str]]:
    """Those not public yet: a figure waits for those it gives away too."""
    embargo = figures.Embargo()
    given_away = _given_away(rulebooks.current().version)

    def waits(indicator: str, period: str) -> bool:
        names = (indicator, *given_away.get(indicator, ()))
        untils = (embargo.until(name, period) for name in names)
        return any(until is not None and until > now for until in untils)

    return {key for key in keys if waits(*key)}


@lru_cache(maxsize=4)
def _given_away(version: str) -> dict[str, frozenset[str]]:
    """Of the rulebook in force, whose digest `version` is."""
    return rests_on(rulebooks.current())


# -- reading ---------------------------------------------------------------------------------------


def readable(access: Access, now: datetime) -> QuerySet[Note]:
    """The remarks one may read, of all figures; deleted ones too."""
    user = access.user_id
    for_me = Q(audience=ALL) | Q(by=user)
    for_me |= Q(pk__in=Reader.objects.filter(user=user).values("note"))
    found = Note.objects.filter(access.q("view"), for_me, to=None)
    keys = found.order_by().values_list("indicator", "period").distinct()
    kept_back = Q(pk__in=[])
    for indicator, period in _kept_back(keys, now):
        kept_back |= Q(indicator=indicator, period=period)
    return found.exclude(kept_back & ~access.early_q())


def note_for(access: Access, now: datetime, id: int) -> Note:
    """The remark or answer, where one may read it. Raises Http404."""
    found = Note.objects.select_related("to", "by", "org").filter(pk=id).first()
    if found is None:
        raise Http404("没有这条批注")
    root = found.to or found
    if not readable(access, now).filter(pk=root.pk).exists():
        raise Http404("没有这条批注")
    return found


def by_ids(access: Access, now: datetime, ids: Collection[str]) -> list[Note]:
    """Of these remarks and answers those one may read."""
    open_ = readable(access, now).values("pk")
    wanted = [int(one) for one in ids if one.isdecimal()]
    return list(Note.objects.filter(Q(pk__in=open_) | Q(to__in=open_), pk__in=wanted))


def remark_for(access: Access, now: datetime, id: int) -> Note:
    """A remark, not an answer to one. Raises Http404."""
    found = note_for(access, now, id)
    if found.to_id is not None:
        raise Http404("没有这条批注")
    return found


def own_note(access: Access, now: datetime, id: int) -> Note:
    """One's own, to change or delete. Raises Http404, PermissionDenied."""
    found = note_for(access, now, id)
    if found.by_id != access.user_id:
        raise PermissionDenied("只能改自己写的批注")
    return found


def named(place: Place) -> tuple[str, str, str]:
    """社会消费品零售总额, 示例县, 2023年1—5月."""
    indicator = rulebooks.current().indicators[place.indicator]
    return indicator.name, str(people.org(place.org)), str(Period.from_id(place.period))


# -- as pages show them ----------------------------------------------------------------------------


def threads(access: Access, now: datetime, notes: Iterable[Note]) -> list[Thread]:
    """Remarks with answers, in their order, in four queries."""
    roots = list(notes)
    ids = [one.pk for one in roots]
    replies: dict[int, list[Note]] = {}
    for reply in Note.objects.filter(to__in=ids).select_related("by"):
        replies.setdefault(reply.to_id or 0, []).append(reply)
    readers: dict[int, list[str]] = {}
    named = Reader.objects.filter(note__in=ids).select_related("user").order_by("pk")
    for reader in named:
        readers.setdefault(reader.note_id, []).append(str(reader.user))
    indicators = rulebooks.current().indicators
    may_write = access.may("note")
    return [
        Thread(
            note=one, replies=replies.get(one.pk, []), readers=readers.get(one.pk, []),
            name=indicators[one.indicator].name if one.indicator in indicators else one.indicator,
            org_name=one.org.name, may_write=may_write, is_own=one.by_id == access.user_id,
        )
        for one in roots
    ]  # fmt: skip


def of_series(access: Access, now: datetime, org: str, indicator: str) -> list[Thread]:
    """All of one indicator of one org, the newest period first, the oldest remark of it first."""
    if not Note.objects.filter(org=org, indicator=indicator).exists():
        return []
    found = readable(access, now).filter(org=org, indicator=indicator)
    found = found.select_related("by", "org", "closed_by")
    told = threads(access, now, found)
    return sorted(told, key=lambda one: Period.from_id(one.note.period).end, reverse=True)


def thread(access: Access, now: datetime, note: Note) -> Thread:
    [found] = threads(access, now, [note.to or note])
    return found


def marks(
    access: Access, now: datetime, org: str, periods: Collection[tuple[str, str]]
) -> dict[str, int]:
    """Indicator → how many remarks on its figure of that period are not settled."""
    if not Note.objects.filter(org=org).exists():
        return {}
    live = readable(access, now).filter(org=org, deleted_at=None, closed_at=None)
    found: dict[str, int] = {}
    for key in live.order_by().values_list("indicator", "period"):
        if key in periods:
            found[key[0]] = found.get(key[0], 0) + 1
    return found


def mine(access: Access, now: datetime, text: str, state: str) -> QuerySet[Note]:
    """What one wrote, answered or is named for, and what is for all one sees; newest first."""
    user = access.user_id
    answered = Note.objects.filter(by=user, to__isnull=False).values("to")
    named = Q(pk__in=Reader.objects.filter(user=user).values("note"))
    own = Q(by=user) | named | Q(pk__in=answered)
    found = readable(access, now).filter(deleted_at=None).select_related("by", "org")
    found = found.filter({"mine": Q(by=user), "named": named}.get(state, own))
    if state in ("open", "closed"):
        found = found.filter(closed_at__isnull=state == "open")
    if text:
        in_replies = Note.objects.filter(text__icontains=text, deleted_at=None, to__isnull=False)
        found = found.filter(
            Q(text__icontains=text) | Q(org__name__icontains=text) | Q(by__name__icontains=text)
            | Q(indicator__in=_called(text)) | Q(pk__in=in_replies.values("to"))
        )  # fmt: skip
    return found.order_by("-last_at", "-pk")


def _called(text: str) -> list[str]:
    """The indicators that are called so, by name or alias."""
    return [
        one.id
        for one in rulebooks.current().indicators.values()
        if any(text in name for name in (one.name, *one.aliases))
    ]


def possible_readers(place: Place, on: date, but: int) -> list[tuple[int, str]]:
    """Who may see the figure, each once, beside the one who writes."""
    found: dict[int, str] = {}
    orgs = people.names()
    for one in people.viewers(org=place.org, indicator=place.indicator, on=on):
        if one.id != but:
            org = orgs.get(one.org, "")
            where = one.post if org in one.post else "，".join(filter(None, (org, one.post)))
            found.setdefault(one.id, f"{one.name}（{where}）" if where else one.name)
    return list(found.items())
