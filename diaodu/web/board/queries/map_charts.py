"""What the map of a ranking draws: areas where there are any, else tiles; every label written."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from diaodu.web.board.models import OrgMap
from diaodu.web.board.queries.charted import about
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.maps import features
from diaodu.web.board.queries.ranking import Ranking, Unit
from diaodu.web.board.queries.table import short_name
from diaodu.web.people import queries as people
from diaodu.web.shared.charts import About, Chart

_LIGHT_WORDS = {"good": "良好", "watch": "关注", "behind": "落后"}


def map_chart(chosen: Chosen, found: Ranking, kept: OrgMap | None, url: str) -> Chart | None:
    """None where there is no unit. Units that are not on the map are in the table alone."""
    if not found.units:
        return None
    drawn = kept is not None and any(one.org.id in kept.shapes for one in found.units)
    spec: dict[str, Any] = {
        "kind": "map" if drawn else "tiles",
        "units": [_drawn(one, found) for one in found.units if not drawn or _is_on(one, kept)],
        "said": _said(found), "sheet": _sheet(found),
    }  # fmt: skip
    if drawn and kept is not None:
        spec["shapes"] = features(kept.shapes)
    of = about(chosen, found.indicator.name, found.period, url)
    return Chart("map", spec, heading(found, kept if drawn else None), found.told_in, of)


def heading(found: Ranking, kept: OrgMap | None) -> str:
    """…分乡镇、园区，示意图."""
    units = "、".join(group.name for group in found.groups)
    drawn = "" if kept is None else "，示意图" if kept.sketch else "，地图"
    return f"{found.indicator.name}，分{units}{drawn}"


def _is_on(one: Unit, kept: OrgMap | None) -> bool:
    return kept is not None and one.org.id in kept.shapes


def off_map(found: Ranking, kept: OrgMap | None) -> list[str]:
    """Names of the units that the map does not show."""
    return [] if kept is None else [one.name for one in found.units if not _is_on(one, kept)]


def _drawn(one: Unit, found: Ranking) -> dict[str, str]:
    return {
        "id": one.org.id, "name": one.name, "short": short_name(one.org), "url": one.url,
        "value": one.value(found.facet), "mark": one.mark, "shade": one.shade,
        "more": "\n".join(_more(one, found)),
    }  # fmt: skip


def _more(one: Unit, found: Ranking) -> list[str]:
    """What the pointer over a unit is told."""
    place = one.standing
    told = [
        f"{one.name}　{one.light_word}".strip("　"),
        one.word and f"{one.word}{one.why and '，' + one.why}",
        one.growth and not one.word and f"增速{one.growth}%",
        place
        and f"第{place.place}位，共{place.n}个" + (f"，{place.move.text}" if place.move else ""),
    ]
    return [line for line in told if line]


def _said(found: Ranking) -> str:
    told = [f"{found.indicator.name}{found.told_in}，{len(found.units)}个单位"]
    told += [f"{words}{number}个" for _, _, words, number in found.legend]
    first = next((one for one in found.units if one.standing and one.standing.place == 1), None)
    if first is not None:
        told.append(f"第一位{first.name}{first.value(found.facet)}")
    return "，".join([*told, "逐个单位的数字见旁边的表"])


def _sheet(found: Ranking) -> dict[str, Any]:
    """As an Excel table with bars: the ranking."""
    unit = found.indicator.unit
    by_level = found.facet == "level"
    heads = ["单位", f"总量（{unit}）" if by_level else "增速（%）", "位次", "比上期", "亮灯"]
    rows = [
        [
            one.name,
            one.word or (one.level if by_level else one.growth),
            f"{one.standing.place}/{one.standing.n}" if one.standing else "不参排",
            one.standing.move.text if one.standing and one.standing.move else "",
            one.light_word or _LIGHT_WORDS.get(one.shade, "未判"),
        ]
        for one in found.units
    ]
    return {"shape": "bar", "heads": heads, "rows": rows, "plots": [1]}


def plain_chart(kept: OrgMap, url: str) -> Chart:
    """A version of a map without figures: which area is whose."""
    names = people.names()
    told = {id: names.get(id, id) for id in kept.shapes}
    spec: dict[str, Any] = {
        "kind": "map", "shapes": features(kept.shapes), "still": True,
        "units": [
            {"id": id, "name": name, "short": name, "value": "", "mark": "", "shade": ""}
            for id, name in told.items()
        ],
        "said": f"{kept.org.name}的地图，{len(told)}个单位：{'、'.join(told.values())}",
    }  # fmt: skip
    of = About(kept.org.name, "地图", "", f"第{kept.number}版", timezone.localdate(kept.at), url)
    return Chart("map", spec, f"{kept.org.name}的下级单位", "", of)
