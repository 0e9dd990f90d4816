"""A GeoJSON file of areas → shapes with names, or every reason why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

MOST_BYTES = 5 * 1024 * 1024
MOST_POINTS = 60_000
MOST_SHAPES = 500
_DIGITS = 5  # of a degree: about a metre
_MOST_TOLD = 20
_NAMES = ("name", "NAME", "Name", "名称", "xzqmc", "XZQMC")
_IDS = ("id", "org", "编号")

Ring = list[list[float]]


@dataclass(frozen=True, slots=True)
class Shape:
    """One area: `polygons` of rings (outer first) of [longitude, latitude]. `label`: where its
    name is written, if the file says so."""

    number: int
    name: str
    id: str
    polygons: tuple[tuple[Ring, ...], ...]
    label: tuple[float, float] | None = None

    @property
    def called(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class ReadMap:
    shapes: tuple[Shape, ...]
    faults: tuple[str, ...]


def read_geojson(content: bytes) -> ReadMap:
    """All faults at once; shapes only where there are none."""
    if len(content) > MOST_BYTES:
        size = len(content) // 1024 // 1024 + 1
        return _none(f"文件有{size}MB，最多收5MB。请用制图软件简化边界后再传")
    found = _loaded(content)
    if isinstance(found, str):
        return _none(found)
    reader = _Reader()
    shapes = [one for at, raw in enumerate(found, 1) if (one := reader.shape(at, raw))]
    faults = [*reader.faults, *_as_a_whole(shapes, reader.points)]
    return ReadMap((), tuple(_some(faults))) if faults else ReadMap(tuple(shapes), ())


def _none(fault: str) -> ReadMap:
    return ReadMap((), (fault,))


def _loaded(content: bytes) -> list[Any] | str:
    """The features, or why there are none."""
    try:
        told = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        return "文件不是UTF-8编码。请在制图软件里另存为UTF-8的GeoJSON"
    except (ValueError, RecursionError):
        return "文件不是GeoJSON。请在制图软件里导出为GeoJSON（.geojson或.json）"
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or told.get("type") != "FeatureCollection":
        return "文件里没有面的集合（FeatureCollection）。请把各单位的面放在一个图层里再导出"
    if not 1 <= len(features) <= MOST_SHAPES:
        return f"文件里有{len(features)}个面，应有1到{MOST_SHAPES}个"
    return features


def _no_number(text: str) -> float:
    raise ValueError(text)


def _some(faults: list[str]) -> list[str]:
    rest = len(faults) - _MOST_TOLD
    return faults if rest <= 0 else [*faults[:_MOST_TOLD], f"还有{rest}处类似的问题"]


def _as_a_whole(shapes: list[Shape], points: int) -> Iterator[str]:
    if points > MOST_POINTS:
        yield f"边界共有{points}个点，最多收{MOST_POINTS}个。请简化边界后再传"
    seen: dict[str, int] = {}
    for one in shapes:
        if one.called in seen:
            yield f"第{seen[one.called]}个面和第{one.number}个面都叫“{one.called}”，请合成一个"
        seen.setdefault(one.called, one.number)


class _Reader:
    def __init__(self) -> None:
        self.faults: list[str] = []
        self.points = 0

    def shape(self, number: int, raw: Any) -> Shape | None:
        properties = raw.get("properties") if isinstance(raw, dict) else None
        told = properties if isinstance(properties, dict) else {}
        name, id = _text(told, _NAMES), _text(told, _IDS)
        where = f"第{number}个面" + (f"“{name or id}”" if name or id else "")
        if not (name or id):
            self.faults.append(f"{where}没有名称。请给它加上name属性，写单位的名称")
            return None
        before = len(self.faults)
        polygons = self._polygons(where, raw.get("geometry"))
        if len(self.faults) > before:
            return None
        return Shape(number, name, id, tuple(polygons), _label(told))

    def _polygons(self, where: str, geometry: Any) -> list[tuple[Ring, ...]]:
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        given = geometry.get("coordinates") if isinstance(geometry, dict) else None
        parts = [given] if kind == "Polygon" else given if kind == "MultiPolygon" else None
        if not isinstance(parts, list) or not parts:
            self.faults.append(f"{where}不是面（Polygon或MultiPolygon），线和点不能填色")
            return []
        return [self._polygon(where, one) for one in parts]

    def _polygon(self, where: str, given: Any) -> tuple[Ring, ...]:
        if not isinstance(given, list) or not given:
            self.faults.append(f"{where}有一块没有边界")
            return ()
        rings = [self._ring(where, one) for one in given]
        return tuple(one for one in rings if one is not None)

    def _ring(self, where: str, given: Any) -> Ring | None:
        points = [_point(one) for one in given] if isinstance(given, list) else []
        self.points += len(points)
        known = [one for one in points if one is not None]
        fault = ""
        if len(known) < len(points):
            fault = "有的点不是一对数字"
        elif len(known) < 4:
            fault = "有一圈边界不到4个点"
        elif known[0] != known[-1]:
            fault = "有一圈边界没有闭合，最后一点要与第一点相同"
        elif any(not (-180 <= x <= 180 and -90 <= y <= 90) for x, y in known):
            fault = "的坐标不是经纬度。请转换为经纬度（WGS84或CGCS2000）后再导出"
        elif not _area(known):
            fault = "有一圈边界没有面积"
        if fault:
            self.faults.append(f"{where}{fault}")
            return None
        return [[round(x, _DIGITS), round(y, _DIGITS)] for x, y in known]


def _text(properties: dict[str, Any], keys: tuple[str, ...]) -> str:
    found = (properties.get(key) for key in keys)
    return next((str(one).strip()[:100] for one in found if isinstance(one, str | int) and one), "")


def _label(properties: dict[str, Any]) -> tuple[float, float] | None:
    return _point(properties.get("cp") or properties.get("center"))


def _point(given: Any) -> tuple[float, float] | None:
    if not isinstance(given, list) or not 2 <= len(given) <= 3:
        return None
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in given):
        return None
    return float(given[0]), float(given[1])


def _area(ring: list[tuple[float, float]]) -> float:
    """Twice the area, signed."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
