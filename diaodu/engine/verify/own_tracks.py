"""How a figure put right is read: on the track of the one it stands for, with the reason why."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from diaodu.engine.ground.records import Observation
from diaodu.engine.ground.words import CORRECTED
from diaodu.engine.rules.cross_figures import period_of
from diaodu.engine.rules.models import Correction
from diaodu.engine.rules.rulebook import Rulebook

Frame = nw.DataFrame[Any]


def on_own_tracks(rows: Frame, rulebook: Rulebook) -> Frame:
    """The rows, each figure put right on the track of the one it stands for."""
    if not rulebook.corrections:
        return rows
    put_right = nw.col("track") == CORRECTED
    found = rows.filter(put_right)
    if not len(found):
        return rows
    key = ("indicator", "org", "period", "facet", "against")
    tracks = {_place(one): one.track for one in rulebook.corrections}
    own = [
        tracks.get((*place, against or ""), CORRECTED)
        for *place, against in found.select(*key).iter_rows()
    ]
    backend = nw.get_native_namespace(rows)
    found = found.with_columns(nw.new_series("track", own, nw.String, backend=backend))
    return nw.concat([rows.filter(~put_right), found])


def corrections_of(rows: Frame, rulebook: Rulebook) -> dict[str, tuple[str, Correction]]:
    """For the rows of `on_own_tracks`: obs_id of each figure put right → obs_id of the one it
    stands for, and the correction. Rows need the columns of a key, obs_id and received."""
    told: dict[str, tuple[str, Correction]] = {}
    by_place = {_place(one): one for one in rulebook.corrections}
    if not by_place:
        return told
    wanted = sorted({one.indicator for one in rulebook.corrections})
    key = ("indicator", "org", "period", "facet", "against", "track", "received", "obs_id")
    rows = rows.filter(nw.col("indicator").is_in(wanted), ~nw.col("obs_id").is_null()).select(*key)
    for indicator, org, period, facet, against, track, received, obs_id in rows.iter_rows():
        one = by_place.get((indicator, org, period, facet, against or ""))
        place = (indicator, org, period, facet, against or None)
        if one is None or obs_id != Observation.make_id(*place, CORRECTED, received):
            continue
        told[obs_id] = (Observation.make_id(*place, track, received), one)
    return told


def why(one: Correction) -> str:
    """更正：来数446.0改为44.60（小数点错位；依据：城东镇更正函）"""
    return f"更正：{act(one)}（{one.reason}；依据：{one.source}）"


def act(one: Correction) -> str:
    """来数446.0改为44.60"""
    unit = one.unit or ""
    if one.ignore:
        return f"来数{one.from_:f}{unit}不采用"
    if one.to is not None:
        return f"来数{one.from_:f}{unit}改为{one.to:f}{unit}"
    return f"来数{one.from_:f}{unit}乘以{one.unit_factor:f}"


def _place(one: Correction) -> tuple[str, ...]:
    period = period_of(one)
    return (one.indicator, one.org, period.id if period else "", one.facet, one.against or "")
