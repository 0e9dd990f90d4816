"""What is asked of the list of warnings, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from diaodu.engine.ground.words import WARNING_KIND_NAMES, WARNING_PHASE_NAMES
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access
from diaodu.web.warnings.queries.rights import seen
from diaodu.web.warnings.queries.views import WarningView, shown

# As they are listed: what asks for something first.
ORDER = ("active", "recovering", "pending", "no_data", "closed")
LIGHTS = {"behind": "落后", "watch": "关注"}
MINE = {"explain": "待我填报原因", "lead": "我单位牵头的"}


@dataclass(frozen=True)
class Asked:
    """The filters of a list; empty: not filtered. `phase`: one, `open` (usual) or `all`."""

    phase: str = ""
    light: str = ""
    lead: str = ""
    field: str = ""
    kind: str = ""
    mine: str = ""
    q: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """Values that are none are passed over."""
        known: dict[str, Any] = {
            "phase": {**WARNING_PHASE_NAMES, "open": "", "all": ""}, "light": LIGHTS,
            "kind": WARNING_KIND_NAMES, "mine": MINE,
        }  # fmt: skip
        told = {}
        for name in cls.__dataclass_fields__:
            value = str(given.get(name, "")).replace("\0", "").strip()[:100]
            if name not in known or value in known[name]:
                told[name] = value
        return cls(**told)

    @property
    def narrows(self) -> bool:
        return any(value for name, value in vars(self).items() if name != "phase")


def found(access: Access, asked: Asked) -> QuerySet[Any]:
    """Graver and newer first within each phase."""
    rows = seen(access).filter(_wanted(asked, access))
    if asked.phase in ("", "open"):
        rows = rows.exclude(stands="closed")
    elif asked.phase != "all":
        rows = rows.filter(stands=asked.phase)
    return rows.order_by(_place(), "light", "-moved_at", "-pk")


def _place() -> Case:
    whens = [When(stands=phase, then=Value(at)) for at, phase in enumerate(ORDER)]
    return Case(*whens, default=Value(len(ORDER)), output_field=IntegerField())


def _wanted(asked: Asked, access: Access) -> Q:
    wanted = Q()
    for name in ("light", "lead", "field", "kind"):
        value = getattr(asked, name)
        if value:
            wanted &= Q(**{name: value})
    for word in asked.q.split():
        wanted &= Q(title__icontains=word)
    if asked.mine:
        wanted &= mine(access)
    if asked.mine == "explain":
        wanted &= Q(stands="active", has_cause=False)
    return wanted


def mine(access: Access) -> Q:
    """Those that one's own units answer for."""
    return access.q("answer", org="lead", indicator="indicator")


class Counted(NamedTuple):
    phase: str
    name: str
    number: int


def counts(access: Access, asked: Asked) -> list[Counted]:
    """How many stand where, of those that the other filters leave."""
    rows = seen(access).filter(_wanted(asked, access)).order_by()
    told = dict(rows.values_list("stands").annotate(n=Count("pk")))
    return [Counted(phase, WARNING_PHASE_NAMES[phase], told.get(phase, 0)) for phase in ORDER]


class Choices(NamedTuple):
    leads: list[tuple[str, str]]
    fields: list[str]
    kinds: list[tuple[str, str]]


def choices(access: Access) -> Choices:
    """What there is to choose from among the warnings in scope."""
    told = set(seen(access).order_by().values_list("lead_id", "field", "kind").distinct())
    leads = {lead for lead, _, _ in told}
    kinds = {kind for _, _, kind in told}
    return Choices(
        [(id, name) for id, name in people.names().items() if id in leads],
        sorted({field for _, field, _ in told if field}),
        [(kind, name) for kind, name in WARNING_KIND_NAMES.items() if kind in kinds],
    )


def waiting(access: Access) -> int:
    """The menu's number: raised, and my unit has not said why."""
    if not access.may("answer"):
        return 0
    return seen(access).filter(mine(access), stands="active", has_cause=False).count()


def of_figure(access: Access, *, indicator: str, org: str) -> list[WarningView]:
    """Open ones first, then the newest that are over."""
    rows = seen(access).filter(indicator=indicator, org=org)
    open_ = rows.exclude(stands="closed").order_by(_place(), "-moved_at")
    over = rows.filter(stands="closed").order_by("-moved_at", "-pk")[:3]
    return shown(open_) + shown(over)


class Summary(NamedTuple):
    counts: list[Counted]
    views: list[WarningView]


_SUMMED = 6


def summary(access: Access, *, org: str = "") -> Summary:
    """A strip for the page that leaders open first: how many stand where, the gravest by name."""
    rows = seen(access)
    if org:
        rows = rows.filter(org=org)
    told = dict(rows.order_by().values_list("stands").annotate(n=Count("pk")))
    open_ = [phase for phase in ORDER if phase != "closed"]
    active = rows.filter(stands="active").order_by("light", "-moved_at", "-pk")[:_SUMMED]
    return Summary(
        [Counted(one, WARNING_PHASE_NAMES[one], told.get(one, 0)) for one in open_], shown(active)
    )
