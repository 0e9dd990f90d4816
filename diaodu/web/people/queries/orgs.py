"""The tree of orgs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from diaodu.engine.ground.period import normal
from diaodu.engine.rules.models import Org as RuleOrg
from diaodu.web.people.models import Membership, Org

_HOME_LEVELS = ("city", "county")
_OWN_LEVELS = ("township", "department", "park")


def org(id: str) -> Org:
    """Raises Org.DoesNotExist."""
    return Org.objects.get(pk=id)


def orgs_on(day: date | None = None) -> QuerySet[Org]:
    """All orgs, or those that exist on a day (the closing day is still one)."""
    if day is None:
        return Org.objects.all()
    return Org.objects.filter(Q(opened=None) | Q(opened__lte=day)).filter(
        Q(closed=None) | Q(closed__gte=day)
    )


def engine_orgs() -> tuple[RuleOrg, ...]:
    """The table as a rulebook's orgs, in its order."""
    return tuple(engine_org(one) for one in Org.objects.all())


def engine_org(one: Org) -> RuleOrg:
    return RuleOrg.model_validate(
        {
            "id": one.id, "name": one.name, "level": one.level, "parent": one.parent_id,
            "aliases": one.aliases, "codes": one.codes, "groups": one.groups,
            "opened": one.opened, "closed": one.closed, "order": one.order,
        }
    )  # fmt: skip


def names() -> dict[str, str]:
    return dict(Org.objects.values_list("id", "name"))


def home(known: str | None = None) -> Org | None:
    """The org whose desk this is: the one set, else the county or city with the most townships,
    departments and parks of its own. None before there are orgs. `known`: its id, where an access
    tells it, so that the tree is not walked once more."""
    found = known or settings.DIAODU_HOME_ORG or Tree.now().home
    return Org.objects.filter(pk=found).first() if found else None


def subtree(root: str, on: date | None = None) -> frozenset[str]:
    """The org and all below it; without a day whatever the day, since a closed org's figures stay
    visible."""
    below = Tree.now().below(root)
    return below if on is None else below & set(orgs_on(on).values_list("id", flat=True))


class Tree:
    """All orgs by id and parent: one query, walked in memory."""

    def __init__(self, rows: Iterable[tuple[str, str | None, str]]) -> None:
        self.parents: dict[str, str | None] = {}
        self.levels: dict[str, str] = {}
        self.children: dict[str | None, list[str]] = {}
        for id, parent, level in rows:
            self.parents[id] = parent
            self.levels[id] = level
            self.children.setdefault(parent, []).append(id)

    @classmethod
    def now(cls) -> Tree:
        return cls(Org.objects.values_list("id", "parent_id", "level"))

    def below(self, root: str) -> frozenset[str]:
        """The org itself too."""
        found, waiting = {root}, [root]
        while waiting:
            for child in self.children.get(waiting.pop(), ()):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return frozenset(found)

    def above(self, id: str) -> list[str]:
        found: list[str] = []
        parent = self.parents.get(id)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.parents[parent]
        return found

    @property
    def home(self) -> str | None:
        candidates = [one for one, level in self.levels.items() if level in _HOME_LEVELS]
        best = max(candidates, key=self._own, default=None)
        return best if best is not None and self._own(best) else None

    def _own(self, id: str) -> int:
        """The counties under a city are desks of their own."""
        return sum(self.levels[child] in _OWN_LEVELS for child in self.children.get(id, ()))


# -- pages -----------------------------------------------------------------------------------


@dataclass
class Branch:
    """An org on the page of the tree, with what is shown below it."""

    org: Org
    is_open: bool
    people: int
    is_found: bool = False
    children: list[Branch] = field(default_factory=list)


def branches(wanted: str = "", on: date | None = None) -> list[Branch]:
    """The tree as a page shows it: all orgs (on a day: those that exist then), or those whose
    name, alias, id or code holds the wanted text, with the orgs above them."""
    shown = {one.pk: one for one in orgs_on(on)}
    found = (
        {id for id, one in shown.items() if _is_wanted(one, _loose(wanted))} if wanted else set()
    )
    if wanted:
        tree = Tree((one.pk, one.parent_id, one.level) for one in shown.values())
        kept = found.union(*(tree.above(id) for id in found))
        shown = {id: one for id, one in shown.items() if id in kept}
    people = dict(
        Membership.objects.filter(user__is_active=True, org__in=shown).values_list("org")
        .annotate(number=Count("user", distinct=True)).order_by()
    )  # fmt: skip
    made = {
        id: Branch(
            one, bool(wanted) or one.level not in _OWN_LEVELS, people.get(id, 0), id in found
        )
        for id, one in shown.items()
    }
    tops: list[Branch] = []
    for branch in sorted(made.values(), key=_place):
        above = made.get(branch.org.parent_id or "")
        (tops if above is None else above.children).append(branch)
    return tops


def _place(branch: Branch) -> tuple[bool, int, int, str]:
    """In the order asked for, those without one after, as the rules list them."""
    one = branch.org
    return one.order is None, one.order or 0, one.place, one.pk


def _is_wanted(one: Org, text: str) -> bool:
    codes = (code["code"] for code in one.codes)
    return any(text in _loose(said) for said in (one.pk, one.name, *one.aliases, *codes))


def _loose(text: str) -> str:
    return normal(text).casefold()


def options(ids: Collection[str]) -> list[tuple[str, str]]:
    """(id, name) of these orgs for a choice, in the order of the tree, set in by depth."""
    found = []
    for depth, one in _walk(branches()):
        if one.pk in ids:
            ended = f"（{one.closed}撤销）" if one.closed else ""
            found.append((one.pk, "　" * depth + one.name + ended))
    return found


def in_tree_order() -> list[Org]:
    return [one for _, one in _walk(branches())]


def _walk(level: Iterable[Branch], depth: int = 0) -> Iterator[tuple[int, Org]]:
    for one in level:
        yield depth, one.org
        yield from _walk(one.children, depth + 1)


def children(id: str) -> QuerySet[Org]:
    return Org.objects.filter(parent_id=id)
