"""A draft is begun, dropped, or locked; a locked version is re-based by a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from diaodu.engine.ground.records import Target
from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES
from diaodu.web.figures import actions as figures
from diaodu.web.figures import queries as figures_queries
from diaodu.web.people import queries as people
from diaodu.web.targets.actions.common import Untimely, leave_trace, locked_draft
from diaodu.web.targets.models import (
    DRAFT,
    DROPPED,
    LOCKED,
    SUPERSEDED,
    Line,
    Part,
    Support,
    Version,
)
from diaodu.web.targets.queries.checking import obstacles
from diaodu.web.targets.queries.grid import name_of
from diaodu.web.targets.queries.handing import engine_targets
from diaodu.web.targets.queries.reading import listed
from diaodu.web.targets.queries.received import ORIGIN, received_for_all

RECEIVED, LAST_YEAR, EMPTY = "received", "last_year", "empty"
SOURCES = {RECEIVED: "从收到的目标开始", LAST_YEAR: "照抄上一年的目标", EMPTY: "从空表开始"}
_FIRST_YEAR, _LAST_YEAR = 2000, 2999


@transaction.atomic
def begin(*, year: int, source: str, by: Any, at: datetime) -> Version:
    """The first draft of a year. Raises ValidationError where there is one or a locked version,
    and where the source has nothing."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValidationError({"year": f"年份要在{_FIRST_YEAR}到{_LAST_YEAR}之间"})
    there = Version.objects.filter(year=year, state__in=(DRAFT, LOCKED)).first()
    if there is not None:
        word = "正在拟定" if there.is_draft else "已经锁定"
        todo = "请接着改它" if there.is_draft else "要改，请打开它，点“调整目标”"
        raise ValidationError({"year": f"{there}{word}；{todo}"})
    version = Version.objects.create(
        year=year, number=_next_number(year), origin=SOURCES[source], made_by=by, made_at=at
    )
    lines = {RECEIVED: _received, LAST_YEAR: _of_last_year, EMPTY: _none}[source](version)
    Line.objects.bulk_create(lines, batch_size=200)
    leave_trace(
        version, act="begin", by=by, at=at,
        told={"year": year, "number": version.number, "origin": version.origin,
              "lines": len(lines)},
    )  # fmt: skip
    return version


def _next_number(year: int) -> int:
    last = Version.objects.filter(year=year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _none(version: Version) -> list[Line]:
    return []


def _received(version: Version) -> list[Line]:
    """The targets on file, of the units of this desk."""
    here = _here()
    found = [one for one in received_for_all(version.year) if one.org in here]
    if not found:
        raise ValidationError({"source": f"没有收到{version.year}年的目标；请换一种办法开始"})
    _refuse_doubled(found)
    return [
        Line(
            version=version, indicator=one.indicator, org_id=one.org, tier=one.tier, kind=one.kind,
            comparator=one.comparator, value=one.value, word=one.word, tolerance=one.tolerance,
            unit=one.unit, text=one.text[:300], against=one.against, issuer=one.issuer[:100],
            document=one.document[:200], carried=True,
        )
        for one in found
    ]  # fmt: skip


def _refuse_doubled(found: Sequence[Target]) -> None:
    """A version has one line of a kind and tier for a unit: not one for each 对照."""
    places = Counter((one.indicator, one.kind, one.tier, one.org) for one in found)
    twice = [place for place, many in places.items() if many > 1]
    if twice:
        names = people.names()
        told = listed([
            f"{names.get(org, org)}{name_of(indicator)}{TIER_NAMES[tier]}{KIND_NAMES[kind]}目标"
            for indicator, kind, tier, org in twice
        ])  # fmt: skip
        raise ValidationError(
            {"source": f"{told}收到了对照不同的两条，一个层级只能有一条；"
                       "请重新下发，只留一条，另一条放进别的层级"}
        )  # fmt: skip


def _of_last_year(version: Version) -> list[Line]:
    """The lines of last year's version, of units that are still there; the documents are last
    year's and stay behind."""
    last = Version.objects.filter(year=version.year - 1, state=LOCKED).first()
    if last is None:
        raise ValidationError(
            {"source": f"{version.year - 1}年没有锁定的目标可抄；请换一种办法开始"}
        )
    living = set(
        people.orgs_on(date(version.year, 1, 1)).values_list("pk", flat=True)
    )  # fmt: skip
    copies = [one for one in last.lines.all() if one.org_id in living]
    for one in copies:
        _copy(one, version)
        one.document = one.decision = ""
        one.months, one.typed, one.margins = {}, {}, {}
    return copies


def _here() -> frozenset[str]:
    home = people.home()
    return people.subtree(home.pk) if home is not None else frozenset()


def _copy(line: Line, version: Version) -> None:
    line.pk = None
    line._state.adding = True
    line.version = version
    line.carried = False


@transaction.atomic
def rebase(*, version: Version, reason: str, by: Any, at: datetime) -> Version:
    """A new draft of the year, with all that the locked version asks. Raises ValidationError where
    one is being drafted already, Untimely where the version does not stand any more."""
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么调整"})
    held = Version.objects.select_for_update().get(pk=version.pk)
    if held.state != LOCKED:
        raise Untimely(f"{held}不是现行的目标；请从现行的一版调整")
    draft = Version.objects.filter(year=held.year, state=DRAFT).first()
    if draft is not None:
        raise ValidationError(f"{draft}正在拟定；请接着改它，或先把它作废")
    made = Version.objects.create(
        year=held.year, number=_next_number(held.year), base=held, reason=reason.strip(),
        origin=f"由第{held.number}版调整", made_by=by, made_at=at,
    )  # fmt: skip
    _copy_all(held, made)
    leave_trace(
        made, act="rebase", by=by, at=at, reason=reason.strip(),
        told={"year": made.year, "number": made.number, "origin": made.origin},
    )  # fmt: skip
    return made


def _copy_all(held: Version, made: Version) -> None:
    """Every line with its parts and its support list."""
    lines = list(held.lines.prefetch_related("parts", "support"))
    beside = [(list(one.parts.all()), list(one.support.all())) for one in lines]
    for one in lines:
        _copy(one, made)
        one.carried = True
    Line.objects.bulk_create(lines, batch_size=200)
    for line, (parts, support) in zip(lines, beside, strict=True):
        for part in parts:
            part.pk, part.line = None, line
        for held_by in support:
            held_by.pk, held_by.line = None, line
    Part.objects.bulk_create([row for parts, _ in beside for row in parts], batch_size=200)
    Support.objects.bulk_create([row for _, some in beside for row in some], batch_size=200)


@transaction.atomic
def drop(*, version: Version, reason: str, by: Any, at: datetime) -> Version:
    """A draft that will not be used. It stays in the list."""
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么不用了"})
    held = locked_draft(version, "作废")
    held.state = DROPPED
    held.save(update_fields=["state"])
    leave_trace(held, act="drop", by=by, at=at, reason=reason.strip())
    return held


@transaction.atomic
def lock(
    *, version: Version, document: str, effective: date, seen: int, by: Any, at: datetime
) -> Version:  # fmt: skip
    """From `effective` on this is what is wanted: runs of that day and later read it, older ones
    keep theirs. Raises ValidationError with everything that stands against it, Untimely where it
    was changed since it was looked at."""
    held = locked_draft(version, "锁定")
    if seen != held.changes:
        raise Untimely("打开这一页以后又有修改；请刷新页面，看过再锁定")
    _refuse(held, document, effective)
    held.document, held.effective = document.strip(), effective
    lines = list(held.lines.select_related("org"))
    recorded = figures.record(
        observations=[], targets=engine_targets(held, lines), by=by, at=at,
        origin=ORIGIN, origin_id=str(held.pk), reason=str(held), document=document.strip(),
    )  # fmt: skip
    Version.objects.filter(year=held.year, state=LOCKED).update(state=SUPERSEDED)
    held.state, held.locked_by, held.locked_at = LOCKED, by, at
    held.entry = recorded.entry or figures_queries.last_entry()
    held.save()
    leave_trace(
        held, act="lock", by=by, at=at, reason=held.reason,
        told={"year": held.year, "number": held.number, "effective": effective,
              "document": held.document, "lines": len(lines)},
    )  # fmt: skip
    return held


def _refuse(held: Version, document: str, effective: date) -> None:
    wrong: dict[str, str] = {}
    if not document.strip():
        wrong["document"] = "请填下达或调整目标的文件（文号或会议名称）"
    if not date(held.year - 1, 7, 1) <= effective <= date(held.year, 12, 31):
        wrong["effective"] = f"要在{held.year - 1}年7月1日到{held.year}年12月31日之间"
    elif held.base is not None and held.base.effective and effective <= held.base.effective:
        wrong["effective"] = f"第{held.base.number}版从{held.base.effective}起有效，调整要在这之后"
    if wrong:
        raise ValidationError(wrong)
    if not held.lines.exists():
        raise ValidationError("还没有一条目标，不能锁定；请先填目标")
    if found := [one for one in obstacles(held) if one.refused]:
        raise ValidationError([f"{one.place}：{one.text}；{one.todo}" for one in found])
