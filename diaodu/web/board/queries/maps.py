"""Maps of units: which one is drawn, and how shapes of a file fit the tree of orgs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from diaodu.adapters.geo_in import Shape
from diaodu.engine.rules.models import Org
from diaodu.web.board.models import OrgMap
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access


def standing_map(org: str) -> OrgMap | None:
    """The one that is drawn."""
    return OrgMap.objects.filter(org=org, withdrawn_at=None).order_by("-number").first()


def maps(access: Access) -> QuerySet[OrgMap]:
    """All versions of the orgs whose maps one keeps, without their shapes."""
    found = OrgMap.objects.filter(org__in=[one.id for one in keepable(access)])
    return found.defer("shapes").select_related("org", "by", "withdrawn_by")


def map_for(access: Access, id: int) -> OrgMap | None:
    return maps(access).filter(pk=id).first()


def keepable(access: Access) -> list[Org]:
    """The orgs with units below whose maps one may put up: those one keeps house for, and those
    above them, whose units stand beside one's own."""
    if not access.may("people") or not rulebooks.has_rulebook():
        return []
    kept = access.orgs("people")
    book = rulebooks.current()
    above = {one.id for root in access.roots("people") for one in book.ancestors(root)}
    parents = {one.parent for one in book.orgs.values() if one.level != "department"}
    return [one for one in book.orgs.values() if one.id in parents and one.id in (kept | above)]


def units_below(org: str, on: date) -> list[Org]:
    """The units a map of the org may show: of today, departments apart."""
    below = rulebooks.current().children(org, on)
    return [one for one in below if one.level != "department"]


@dataclass(frozen=True)
class Fit:
    """`known`: org id → shape. `unknown` shapes are no unit's, `missing` units have no shape,
    `twice`: units with several."""

    known: dict[str, Shape]
    unknown: Sequence[Shape]
    missing: Sequence[Org]
    twice: Sequence[tuple[Org, Sequence[Shape]]]


def fit(shapes: Iterable[Shape], units: Sequence[Org]) -> Fit:
    """By id, else by name, else by an alias."""
    by_text = _texts(units)
    found: dict[str, list[Shape]] = {}
    unknown: list[Shape] = []
    for shape in shapes:
        org = by_text.get(shape.id) or by_text.get(_plain(shape.name))
        if org is None:
            unknown.append(shape)
        else:
            found.setdefault(org, []).append(shape)
    return Fit(
        {org: some[0] for org, some in found.items()}, unknown,
        [one for one in units if one.id not in found],
        [(one, found[one.id]) for one in units if len(found.get(one.id, ())) > 1],
    )  # fmt: skip


def _texts(units: Sequence[Org]) -> dict[str, str]:
    told: dict[str, str] = {}
    for of in (_aliases, _names, _ids):  # what names more exactly comes last and wins
        for one in units:
            told.update(dict.fromkeys(of(one), one.id))
    return told


def _ids(one: Org) -> list[str]:
    return [one.id, *(code.code for code in one.codes)]


def _names(one: Org) -> list[str]:
    return [_plain(one.name)]


def _aliases(one: Org) -> list[str]:
    return [_plain(alias) for alias in one.aliases]


def _plain(name: str) -> str:
    return "".join(name.split())


def features(shapes: dict[str, Any]) -> dict[str, Any]:
    """What charts register: areas named by the orgs' ids, in their order: PostgreSQL keeps that of
    keys to itself."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": org, **({"cp": one["label"]} if one["label"] else {})},
                "geometry": {"type": "MultiPolygon", "coordinates": one["polygons"]},
            }
            for org, one in sorted(shapes.items())
        ],
    }
