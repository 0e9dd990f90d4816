"""Which rules are in force, and what stood in every version."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from diaodu.adapters.memory import kept_for_good
from diaodu.adapters.rulebook_in import read_rulebook_files
from diaodu.adapters.zips import write_zip
from diaodu.engine import flow
from diaodu.engine.collect.names import Names
from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.calendar import release_of
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.rulebooks.models import File, Version

_KEPT = 8  # parsed rulebooks a process holds


class NoRulebook(DiaoduError):
    """No version is published yet."""

    def __init__(self) -> None:
        super().__init__("还没有发布过规则；请管规则的人在“规则”页面导入并发布")


class VersionInfo(NamedTuple):
    id: int
    number: int
    digest: str
    published_at: datetime


# -- the version in force --------------------------------------------------------------------


def current_version() -> VersionInfo:
    """Raises NoRulebook."""
    found = published().only("id", "number", "digest", "published_at").first()
    if found is None:
        raise NoRulebook
    assert found.number is not None and found.published_at is not None
    return VersionInfo(found.id, found.number, found.digest, found.published_at)


def has_rulebook() -> bool:
    return published().exists()


def current() -> Rulebook:
    """The rules in force. Raises NoRulebook."""
    found = current_version()
    return _parsed(found.digest, found.id)


def rulebook_of(version_id: int) -> Rulebook:
    """Raises Version.DoesNotExist."""
    return _parsed(Version.objects.values_list("digest", flat=True).get(pk=version_id), version_id)


def rulebook_in(version: Version) -> Rulebook:
    """For one who holds the version: without a query once it is parsed."""
    return _parsed(version.digest, version.id)


def names(version_id: int | None = None) -> Names:
    """The index of printed names of a version, or of the one in force."""
    found = _digest_and_id(version_id)
    return _names(*found)


def release_at(indicator: str, period: str, version_id: int | None = None) -> datetime | None:
    """When figures of that indicator and period become public; None: no day is set, so at once."""
    return _release(*_digest_and_id(version_id), indicator, period)


def releases(
    keys: set[tuple[str, str]], version_id: int | None = None
) -> dict[tuple[str, str], datetime | None]:
    """`release_at` of many (indicator, period) at once."""
    digest, id = _digest_and_id(version_id)
    return {key: _release(digest, id, *key) for key in keys}


class Opened(NamedTuple):
    """A moment that had come while it was in the rules; these were in force until `until`."""

    moment: datetime
    until: datetime


class Embargo:
    """Until when what was computed under a version is kept back: the version's own moment, or the
    later one of a version published before that. What was public by then stays public. Without a
    version the one in force; raises NoRulebook."""

    def __init__(self, version_id: int | None = None) -> None:
        self._version_id = version_id

    def until(self, indicator: str, period: str) -> datetime | None:
        """None: no day was set, so never kept back."""
        (*_, own), later = self._calendars
        moment = _release(own.digest, own.id, indicator, period)
        for one in later:
            assert one.published_at is not None
            if moment is None or moment <= one.published_at:
                break
            moment = max(moment, _release(one.digest, one.id, indicator, period) or moment)
        return moment

    def opened_before(self, indicator: str, period: str) -> Opened | None:
        """Where the version names a moment that was still to come when it was published: the
        moment of an earlier version, if that had come by the time the next was published. What
        was on file by then was public."""
        calendars, _ = self._calendars
        own = calendars[-1]
        moment = _release(own.digest, own.id, indicator, period)
        if moment is None or own.published_at is None or moment <= own.published_at:
            return None
        first = Period.from_id(period).end.replace(day=1)  # nothing is released before that month
        for one, next_one in reversed(list(pairwise(calendars))):
            replaced_at = next_one.published_at
            if replaced_at is None or timezone.localdate(replaced_at) < first:
                return None
            held = _release(one.digest, one.id, indicator, period)
            if held is not None and held <= replaced_at:
                return Opened(held, replaced_at)
        return None

    @cached_property
    def _calendars(self) -> tuple[list[Version], list[Version]]:
        """Up to the version itself, and those published after it."""
        is_asked = Q(state="published") | Q(pk=self._version_id)
        found = list(
            Version.objects.filter(is_asked).order_by("number").only("digest", "published_at")
        )
        if not found:
            raise NoRulebook
        own = [at for at, one in enumerate(found, 1) if self._version_id in (None, one.pk)][-1]
        return found[:own], found[own:]


def _digest_and_id(version_id: int | None) -> tuple[str, int]:
    if version_id is None:
        found = current_version()
        return found.digest, found.id
    return Version.objects.values_list("digest", "id").get(pk=version_id)


# -- versions and their files ----------------------------------------------------------------


def versions() -> QuerySet[Version]:
    """All of them, newest first."""
    return Version.objects.select_related("by", "published_by")


def published() -> QuerySet[Version]:
    """Newest first."""
    return Version.objects.filter(state="published").order_by("-number")


def version(id: int) -> Version:
    """Raises Version.DoesNotExist."""
    return versions().get(pk=id)


def files_of(version_id: int) -> dict[str, bytes]:
    """Path → content, byte for byte as imported."""
    rows = File.objects.filter(version_id=version_id).values_list("path", "content")
    return {path: bytes(content) for path, content in rows}


class FileChanges(NamedTuple):
    """Paths of the files that differ between two versions, read as rules or not."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def any(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def changed_files(old_id: int | None, new_id: int) -> FileChanges:
    was, now = _digests(old_id), _digests(new_id)
    return FileChanges(
        tuple(path for path in now if path not in was),
        tuple(path for path in was if path not in now),
        tuple(path for path in now if path in was and was[path] != now[path]),
    )


def _digests(version_id: int | None) -> dict[str, str]:
    if version_id is None:
        return {}
    return dict(File.objects.filter(version_id=version_id).values_list("path", "sha256"))


def export_zip(version_id: int) -> bytes:
    return write_zip(files_of(version_id))


# -- parsed once -----------------------------------------------------------------------------
# Keyed by digest first: the same text is the same rulebook, whatever version it stands in.


def _parsed(digest: str, version_id: int) -> Rulebook:
    found = _cache.get(digest)
    if found is None:
        found = read_rulebook_files(files_of(version_id))
        while len(_cache) >= _KEPT:
            _cache.pop(next(iter(_cache)), None)
        _cache[digest] = found
        kept_for_good()
    return found


_cache: dict[str, Rulebook] = {}


@lru_cache(maxsize=_KEPT)
def _names(digest: str, version_id: int) -> Names:
    return flow.names_of(_parsed(digest, version_id))


@lru_cache(maxsize=200_000)
def _release(digest: str, version_id: int, indicator: str, period: str) -> datetime | None:
    moment = release_of(_parsed(digest, version_id), indicator, Period.from_id(period))
    return None if moment is None else timezone.make_aware(moment)
