"""Putting up and withdrawing maps of units."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.adapters.geo_in import read_geojson
from diaodu.web.board.models import OrgMap
from diaodu.web.board.queries import maps
from diaodu.web.shared import audit


def save_map(
    *, org: str, file: str, content: bytes, sketch: bool, note: str, without: bool, by: Any,
    at: datetime,
) -> OrgMap:  # fmt: skip
    """Put up a new version of the map of an org's units: all of it or nothing. `without`: units
    that are not on it are meant to be missing. Raises ValidationError with everything that does
    not fit."""
    read = read_geojson(content)
    if read.faults:
        raise ValidationError(list(read.faults))
    found = maps.fit(read.shapes, maps.units_below(org, at.date()))
    if faults := list(_misfits(found, without)):
        raise ValidationError(faults)
    shapes = {
        id: {"polygons": [list(one) for one in shape.polygons], "label": shape.label}
        for id, shape in found.known.items()
    }
    with transaction.atomic():
        before = OrgMap.objects.select_for_update().filter(org=org).order_by("-number").first()
        made = OrgMap.objects.create(
            org_id=org, number=before.number + 1 if before else 1, file=file[:255],
            sha256=hashlib.sha256(content).hexdigest(), shapes=shapes, sketch=sketch,
            note=note.strip(), by=by, at=at,
        )  # fmt: skip
        audit.record(
            by=by, at=at, action="board.save_map", thing="board.OrgMap", id=str(made.pk),
            before={}, after=_told(made), reason=made.note,
        )  # fmt: skip
    return made


def _misfits(found: maps.Fit, without: bool) -> Iterator[str]:
    if found.unknown:
        names = "、".join(one.called for one in found.unknown)
        yield (
            f"图上有{len(found.unknown)}个面在下属单位里找不到：{names}。请改成单位的名称或编号，"
            "或在“单位与人员”里把这个写法加为别名"
        )
    for org, shapes in found.twice:
        names = "、".join(one.called for one in shapes)
        yield f"{org.name}在图上有{len(shapes)}个面：{names}。请合成一个"
    if found.missing and not without:
        names = "、".join(one.name for one in found.missing)
        yield (
            f"有{len(found.missing)}个下属单位图上没有：{names}。请补上；"
            "确实没有地界的，请勾选“没有地界的单位可以不在图上”"
        )


def withdraw_map(*, made: OrgMap, reason: str, by: Any, at: datetime) -> OrgMap:
    """Take a version out of use; the one before it is drawn again."""
    if not reason.strip():
        raise ValidationError("请写明停用的原因")
    with transaction.atomic():
        held = OrgMap.objects.select_for_update().defer("shapes").get(pk=made.pk)
        if held.withdrawn_at is not None:
            raise ValidationError("这一版已经停用了")
        held.withdrawn_at, held.withdrawn_by = at, by
        held.withdrawn_because = reason.strip()
        held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
        audit.record(
            by=by, at=at, action="board.withdraw_map", thing="board.OrgMap", id=str(held.pk),
            before={}, after={"withdrawn_at": at.isoformat()}, reason=held.withdrawn_because,
        )  # fmt: skip
    return held


def _told(made: OrgMap) -> dict[str, Any]:
    return {
        "org": made.org_id, "number": made.number, "file": made.file, "sha256": made.sha256,
        "sketch": made.sketch, "units": sorted(made.shapes),
    }  # fmt: skip
