"""Areas of a GeoJSON file, or every reason why not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diaodu.adapters.geo_in import MOST_BYTES, read_geojson

SQUARE = [[100.0, 30.0], [100.1, 30.0], [100.1, 30.1], [100.0, 30.0]]


def area(name: str, ring: Any = SQUARE, **more: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"name": name, **more}, "geometry": geometry}


def of(*areas: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": areas}).encode()


def test_areas_with_their_names_and_label_points() -> None:
    read = read_geojson(of(area("青石镇", cp=[100.05, 30.05]), area("柳荷镇", id="liuhe")))
    assert read.faults == ()
    assert [(one.name, one.id, one.label) for one in read.shapes] == [
        ("青石镇", "", (100.05, 30.05)), ("柳荷镇", "liuhe", None),
    ]  # fmt: skip
    assert read.shapes[0].polygons == (([*SQUARE],),)


def test_a_byte_order_mark_and_islands_are_taken() -> None:
    islands = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}
    told = of({"properties": {"名称": "双溪镇"}, "geometry": islands})
    [shape] = read_geojson(b"\xef\xbb\xbf" + told).shapes
    assert (shape.name, len(shape.polygons)) == ("双溪镇", 2)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff\xfe\x00", "文件不是UTF-8编码。请在制图软件里另存为UTF-8的GeoJSON"),
        (b"PK\x03\x04", "文件不是GeoJSON。请在制图软件里导出为GeoJSON（.geojson或.json）"),
        (b"[" * 100_000, "文件不是GeoJSON。请在制图软件里导出为GeoJSON（.geojson或.json）"),
        (b'{"a": NaN}', "文件不是GeoJSON。请在制图软件里导出为GeoJSON（.geojson或.json）"),
        (b"{}", "文件里没有面的集合（FeatureCollection）。请把各单位的面放在一个图层里再导出"),
        (of(), "文件里有0个面，应有1到500个"),
        (of(area("")), "第1个面没有名称。请给它加上name属性，写单位的名称"),
        (of(area("甲", SQUARE[:3])), "第1个面“甲”有一圈边界不到4个点"),
        (
            of(area("甲", [*SQUARE[:3], [100.5, 30.5]])),
            "第1个面“甲”有一圈边界没有闭合，最后一点要与第一点相同",
        ),
        (of(area("甲", [["a", 1]] * 4)), "第1个面“甲”有的点不是一对数字"),
        (of(area("甲", [[100, 30]] * 4)), "第1个面“甲”有一圈边界没有面积"),
        (
            of(area("甲", [[x * 5000, y * 90000] for x, y in SQUARE])),
            "第1个面“甲”的坐标不是经纬度。请转换为经纬度（WGS84或CGCS2000）后再导出",
        ),
        (
            of(
                {"properties": {"name": "甲"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
            ),
            "第1个面“甲”不是面（Polygon或MultiPolygon），线和点不能填色",
        ),
        (of({"properties": {"name": "甲"}, "geometry": None}), "第1个面“甲”不是面"),
        (of(area("甲"), area("甲")), "第1个面和第2个面都叫“甲”，请合成一个"),
        (of(None), "第1个面没有名称"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(content: bytes, fault: str) -> None:
    read = read_geojson(content)
    assert not read.shapes
    assert read.faults[0].startswith(fault)


def test_all_faults_at_once_and_no_more_than_one_can_read() -> None:
    many = of(*(area(f"镇{at}", SQUARE[:3]) for at in range(30)))
    faults = read_geojson(many).faults
    assert len(faults) == 21
    assert faults[-1] == "还有10处类似的问题"


def test_a_file_too_large_is_refused_unread() -> None:
    assert read_geojson(b" " * (MOST_BYTES + 1)).faults[0].startswith("文件有6MB，最多收5MB")


def test_more_points_than_a_page_can_draw() -> None:
    ring = [[100.0, 30.1], *([100 + at / 10**6, 30] for at in range(60_999))]
    [fault] = read_geojson(of(area("甲", [*ring, ring[0]]))).faults
    assert fault == "边界共有61001个点，最多收60000个。请简化边界后再传"
