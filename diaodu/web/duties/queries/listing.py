"""What is asked of the list of duties, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from diaodu.engine.ground.words import DUTY_SOURCE_NAMES, DUTY_STATE_NAMES
from diaodu.web.duties.models import IS_OPEN, Duty
from diaodu.web.duties.queries.due import FATES, IN_TIME, LIGHTS, RUNNING, TERMS, WORK, Standing
from diaodu.web.duties.queries.rights import seen
from diaodu.web.duties.queries.views import DutyView, shown
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access

# The order of the groups: what waits for the office first, then what waits for the unit.
GROUPS = (
    "answered", "verified", "extension", "declined", "issued", "returned", "reopened", "working",
    "long_term", "draft", "closed", "withdrawn",
)  # fmt: skip
A_GROUP = 8
NOBODY = "0"  # asked for as leader
MINE = {
    "verify": "待我核实", "extension": "延期申请待批", "declined": "单位退回", "urge": "逾期未反馈",
    "owe": "该我办的", "sign": "待我签收", "returned": "退回要补充的", "today": "今天到期",
}  # fmt: skip
AGES = {"7": (0, 7), "30": (8, 30), "90": (31, 90), "180": (91, 180), "more": (181, None)}


@dataclass(frozen=True)
class Asked:
    """The filters of a list; empty: not filtered. `state`: one state, `open` or `all`; `fate`: one
    of them, or `all` that boards count."""

    q: str = ""
    org: str = ""
    leader: str = ""
    source: str = ""
    origin: str = ""
    state: str = ""
    term: str = ""
    light: str = ""
    mine: str = ""
    fate: str = ""
    age: str = ""
    person: str = ""
    since: str = ""
    closed: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """Values that are none are passed over."""
        known: dict[str, Any] = {
            "source": DUTY_SOURCE_NAMES, "term": TERMS, "light": LIGHTS, "mine": MINE, "age": AGES,
            "state": {**DUTY_STATE_NAMES, "open": "", "all": ""}, "fate": (*FATES, "all"),
        }  # fmt: skip
        told = {}
        for name in cls.__dataclass_fields__:
            value = str(given.get(name, "")).replace("\0", "").strip()[:100]
            if name in known and value not in known[name]:
                continue
            if name in ("leader", "person") and not (value.isdecimal() and len(value) < 10):
                continue
            if name in ("since", "closed") and not _is_day(value):
                continue
            told[name] = value
        return cls(**told)

    @property
    def is_grouped(self) -> bool:
        """The first page: open duties by state, a few of each."""
        return not (self.state or self.q or self.fate or self.mine or self.closed)

    @property
    def given(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def found(access: Access, asked: Asked, on: Standing) -> QuerySet[Duty]:
    """The rows one may see that answer, those due first before others."""
    rows = seen(access).filter(_wanted(asked, on, access))
    by_state = () if asked.state in DUTY_STATE_NAMES else (_place(),)
    return rows.order_by(*by_state, "latest", "pk")


def _place() -> Case:
    whens = [When(state=state, then=Value(at)) for at, state in enumerate(GROUPS)]
    return Case(*whens, default=Value(len(GROUPS)), output_field=IntegerField())


def _wanted(asked: Asked, on: Standing, access: Access) -> Q:
    wanted = Q()
    if asked.q:
        wanted &= _text(asked.q)
    if asked.org:
        wanted &= Q(lead=asked.org)
    if asked.leader:
        wanted &= Q(leader=int(asked.leader) or None)
    if asked.person:
        wanted &= Q(person=int(asked.person))
    if asked.source:
        wanted &= Q(source=asked.source)
    if asked.origin:
        wanted &= Q(origin=asked.origin)
    if asked.since:
        wanted &= Q(issued__gte=asked.since)
    if asked.closed:
        wanted &= Q(state="closed", closed__gte=asked.closed)
    if asked.term:
        wanted &= on.term(asked.term)
    if asked.light:
        wanted &= on.light(asked.light)
    if asked.fate:
        wanted &= WORK if asked.fate == "all" else on.fate(asked.fate)
    if asked.mine:
        wanted &= mine(asked.mine, on, access)
    if asked.age:
        wanted &= _aged(asked.age, on.clock.day)
    return wanted & _state(asked)


def _state(asked: Asked) -> Q:
    if asked.state in DUTY_STATE_NAMES:
        return Q(state=asked.state)
    if asked.state == "all" or asked.fate or asked.q or asked.closed:
        return Q()
    return IS_OPEN if asked.light or asked.term or asked.age else IS_OPEN | Q(state="draft")


def _text(q: str) -> Q:
    """Names are looked up first: there are few of them, and many duties."""
    orgs = [id for id, name in people.names().items() if q.lower() in name.lower()]
    persons = list(get_user_model().objects.filter(name__icontains=q).values_list("pk", flat=True))
    # What has no capitals is found in less than half the time where none are looked for.
    holds = "contains" if q.lower() == q.upper() else "icontains"
    found = Q(person__in=persons) | Q(lead__in=orgs)
    for column in ("title", "number", "origin"):
        found |= Q(**{f"{column}__{holds}": q})
    return found


def _aged(age: str, day: date) -> Q:
    first, last = AGES[age]
    wanted = Q(issued__lte=day - timedelta(days=first))
    return wanted if last is None else wanted & Q(issued__gte=day - timedelta(days=last))


def mine(name: str, on: Standing, access: Access) -> Q:
    """What waits for this reader, by what they are."""
    if name == "urge":
        return RUNNING & ~IN_TIME & on.overdue()
    if name == "today":
        return _own(access) & on.term("today") if answering(access) else on.term("today")
    return _by_state(name, access)


def _own(access: Access) -> Q:
    return Q(person=access.user_id) | Q(lead__in=answering(access))


def _by_state(name: str, access: Access) -> Q:
    """What no deadline is asked for."""
    own = _own(access)
    return {
        "verify": Q(state__in=("answered", "verified")) & ~own,
        "extension": Q(state="extension") & ~own,
        "declined": Q(state="declined"),
        "owe": own & Q(state__in=("issued", "working", "returned", "reopened")),
        "sign": own & Q(state="issued"),
        "returned": own & Q(state__in=("returned", "reopened")),
    }[name]


def answering(access: Access) -> frozenset[str]:
    """The units one answers for."""
    return frozenset[str]().union(*(one.orgs for one in access.granting("answer")))


def page_of(
    access: Access, asked: Asked, on: Standing, *, first: int, many: int
) -> tuple[list[DutyView], int]:
    """So many of those found from a place on, and how many were found; none, and 0, where the
    place lies behind the last."""
    rows = found(access, asked, on)
    if not asked.q:
        return shown(rows[first : first + many], on), rows.count()
    # Words are looked for in every row: once for both.
    listed = list(rows.annotate(of=Window(Count("pk"))).values_list("pk", "of")[first:][:many])
    places = {id: place for place, (id, _) in enumerate(listed)}
    views = shown(Duty.objects.filter(pk__in=places), on)
    views.sort(key=lambda one: places[int(one.id)])
    return views, listed[0][1] if listed else 0


class Group(NamedTuple):
    state: str
    name: str
    number: int
    views: list[DutyView]

    @property
    def more(self) -> int:
        return self.number - len(self.views)


def groups(access: Access, asked: Asked, on: Standing) -> list[Group]:
    """The open duties and drafts by state, the first few of each, with how many there are."""
    rows = seen(access).filter(_wanted(asked, on, access)).order_by()
    numbers = dict(rows.values_list("state").annotate(number=Count("pk")))
    numbered = rows.annotate(
        place=Window(RowNumber(), partition_by=F("state"), order_by=("latest", "pk"))
    )
    ids = list(numbered.filter(place__lte=A_GROUP).values_list("pk", flat=True))
    by_state: dict[str, list[DutyView]] = {}
    for one in shown(Duty.objects.filter(pk__in=ids).order_by("latest", "pk"), on):
        by_state.setdefault(one.fact.state, []).append(one)
    return [
        Group(state, DUTY_STATE_NAMES[state], numbers[state], by_state.get(state, []))
        for state in GROUPS
        if state in numbers
    ]


class Counted(NamedTuple):
    label: str
    number: int
    query: str
    is_bad: bool = False


class Desk(NamedTuple):
    """The reader's own desk: what they must do today, what they wait for, everything by source
    and term. The open duties add up over each partition."""

    today: list[Counted]
    waiting: list[Counted]
    sources: list[Counted]
    terms: list[Counted]
    closed: Counted
    closed_late: int
    open: int


def desk(access: Access, on: Standing) -> Desk:
    day = on.clock.day
    office = access.may("verify") or access.may("assign")
    names = (
        ("verify", "extension", "declined", "urge", "today")
        if office
        else ("sign", "returned", "owe", "today")
    )
    rows = seen(access)
    parts: list[Mapping[str, Any]] = list(
        rows.filter(IS_OPEN)
        .order_by()
        .annotate(term=on.terms())
        .values("state", "source", "term")
        .annotate(
            number=Count("pk"),
            **{f"mine_{one}": Count("pk", filter=mine(one, on, access)) for one in names},
        )
    )

    def count(what: str, /, **same: str) -> int:
        return sum(one[what] for one in parts if same.items() <= one.items())

    quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    ended = (
        rows.filter(state="closed", closed__gte=quarter)
        .order_by()
        .aggregate(number=Count("pk"), late=Count("pk", filter=Q(in_time=False)))
    )
    sources = {one: count("number", source=one) for one in DUTY_SOURCE_NAMES}
    return Desk(
        [Counted(MINE[one], count(f"mine_{one}"), f"mine={one}", one == "urge") for one in names],
        [
            Counted(name, count("number", state=one), f"state={one}")
            for one, name in _WAITING.items()
        ],
        [
            Counted(DUTY_SOURCE_NAMES[one], number, f"source={one}")
            for one, number in sources.items()
            if number
        ],
        [Counted(name, count("number", term=one), f"term={one}") for one, name in TERMS.items()]
        + [Counted("长期整改", count("number", state="long_term"), "state=long_term")],
        Counted("本季已销号", ended["number"], f"closed={quarter.isoformat()}"), ended["late"],
        count("number"),
    )  # fmt: skip


_WAITING = {"issued": "待签收", "working": "办理中", "returned": "退回重报"}


def waiting(access: Access) -> int:
    """The menu's number: what this reader must do, not what others must."""
    names = []
    if access.may("verify"):
        names += ["verify", "extension", "declined"]
    if answering(access):
        names += ["sign", "returned"]
    if not names:
        return 0
    wanted = Q(pk__in=[])
    for one in names:
        wanted |= _by_state(one, access)
    return seen(access).filter(wanted).count()


def leaders(access: Access) -> list[tuple[int, str]]:
    """Those who look after a duty that one sees: of each user the first is looked for, which an
    index tells, where reading all duties would take long."""
    after = seen(access).filter(leader=OuterRef("pk")).order_by()
    rows = get_user_model().objects.filter(Exists(after)).order_by("name", "pk")
    return list(rows.values_list("pk", "name"))
