"""Maps put up by an administrator: what fits is kept as a version, what does not is told whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from diaodu.web.board import actions
from diaodu.web.board.models import OrgMap
from diaodu.web.board.queries import maps
from diaodu.web.shared.models import Act

URL = "/board/maps/"


def geojson(*names: str) -> bytes:
    areas = [
        {
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 30], [x + 0.1, 30], [x + 0.1, 30.1], [x, 30]]],
            },
        }
        for x, name in enumerate(names, 100)
    ]
    return json.dumps({"type": "FeatureCollection", "features": areas}).encode()


ALL = ("城东街道", "青石镇", "柳荷镇")


@pytest.fixture
def put_up(rules: None, users: Any, now: Any) -> Callable[..., OrgMap]:
    def made(*names: str, without: bool = False, org: str = "shilixian") -> OrgMap:
        return actions.save_map(
            org=org, file="a.geojson", content=geojson(*names), sketch=False, note="勘界",
            without=without, by=users.admin, at=now,
        )  # fmt: skip

    return made


@pytest.fixture
def admin(rules: None, users: Any, client_as: Callable[..., Client], frozen_clock: Any) -> Client:
    return client_as(users.admin)


def _sent(content: bytes, **more: str) -> dict[str, Any]:
    return {"org": "shilixian", "file": SimpleUploadedFile("a.geojson", content), **more}


def test_areas_are_known_by_id_name_and_alias(put_up: Callable[..., OrgMap]) -> None:
    made = put_up("chengdong", "青石乡", " 柳荷镇")
    assert sorted(made.shapes) == ["chengdong", "liuhe", "qingshi"]


def test_each_version_is_kept_with_its_act(put_up: Callable[..., OrgMap], users: Any) -> None:
    first, second = put_up(*ALL), put_up(*ALL)
    assert (first.number, second.number) == (1, 2)
    assert maps.standing_map("shilixian") == second
    act = Act.objects.filter(action="board.save_map").latest("pk")
    assert act.by == users.admin
    assert act.after["units"] == ["chengdong", "liuhe", "qingshi"]
    assert act.reason == "勘界"


def test_both_sides_of_what_does_not_fit_are_told_and_nothing_is_kept(
    put_up: Callable[..., OrgMap],
) -> None:
    with pytest.raises(ValidationError) as refused:
        put_up("城东街道", "大河镇", "青石镇", "青石乡")
    assert refused.value.messages == [
        "图上有1个面在下属单位里找不到：大河镇。请改成单位的名称或编号，"
        "或在“单位与人员”里把这个写法加为别名",
        "青石镇在图上有2个面：青石镇、青石乡。请合成一个",
        "有1个下属单位图上没有：柳荷镇。请补上；确实没有地界的，请勾选“没有地界的单位可以不在图上”",
    ]
    assert not OrgMap.objects.exists()
    assert not Act.objects.filter(action="board.save_map").exists()


def test_units_without_an_area_are_left_out_only_where_that_is_said(
    put_up: Callable[..., OrgMap],
) -> None:
    with pytest.raises(ValidationError, match="有2个下属单位图上没有：青石镇、柳荷镇"):
        put_up("城东街道")
    assert sorted(put_up("城东街道", without=True).shapes) == ["chengdong"]


def test_departments_have_no_area(put_up: Callable[..., OrgMap]) -> None:
    with pytest.raises(ValidationError, match="县统计局"):
        put_up(*ALL, "县统计局")


def test_a_withdrawn_version_gives_way_to_the_one_before(
    put_up: Callable[..., OrgMap], users: Any, now: Any
) -> None:
    first, second = put_up(*ALL), put_up(*ALL)
    with pytest.raises(ValidationError, match="请写明停用的原因"):
        actions.withdraw_map(made=second, reason=" ", by=users.admin, at=now)
    actions.withdraw_map(made=second, reason="画错了", by=users.admin, at=now)
    assert maps.standing_map("shilixian") == first
    with pytest.raises(ValidationError, match="这一版已经停用了"):
        actions.withdraw_map(made=second, reason="再来", by=users.admin, at=now)
    assert Act.objects.latest("number").reason == "画错了"


def test_an_administrator_puts_one_up_and_looks_at_it(admin: Client) -> None:
    answer = admin.post(URL, _sent(geojson(*ALL), sketch="on"), follow=True)
    html = answer.content.decode()
    assert "示例县的地图第1版已启用" in html
    assert answer.context["chart"].spec["kind"] == "map"
    made = OrgMap.objects.get()
    back = admin.get(f"{URL}{made.pk}/map.geojson")
    assert [one["properties"]["name"] for one in back.json()["features"]] == [
        "chengdong", "liuhe", "qingshi",
    ]  # fmt: skip
    assert "a.geojson" in admin.get(URL).content.decode()


def test_what_does_not_fit_stands_at_the_file(admin: Client) -> None:
    answer = admin.post(URL, _sent(geojson("大河镇")))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "图上有1个面在下属单位里找不到：大河镇" in html
    assert "有3个下属单位图上没有：城东街道、青石镇、柳荷镇" in html
    assert admin.post(URL, {"org": "shilixian"}).status_code == 422
    assert admin.post(URL, _sent(b"PK\x03\x04")).status_code == 422
    assert admin.post(URL, _sent(geojson(*ALL)) | {"org": "qingshi"}).status_code == 422


def test_it_is_withdrawn_with_a_reason(admin: Client, put_up: Callable[..., OrgMap]) -> None:
    made = put_up(*ALL)
    url = f"{URL}{made.pk}/withdraw/"
    assert "请写明原因" in admin.post(url, {}, follow=True).content.decode()
    assert "第1版已停用" in admin.post(url, {"reason": "旧了"}, follow=True).content.decode()
    assert "旧了" in admin.get(f"{URL}{made.pk}/").content.decode()
    assert maps.standing_map("shilixian") is None


@pytest.mark.parametrize("who", ["leader", "statistics", "clerk", "reader", "stranger"])
def test_nobody_else_touches_maps(
    who: str, put_up: Callable[..., OrgMap], users: Any, client_as: Callable[..., Client]
) -> None:
    made, client = put_up(*ALL), client_as(getattr(users, who))
    assert client.get(URL).status_code == 403
    assert client.post(URL, _sent(geojson(*ALL))).status_code == 403
    for path in ("", "map.geojson"):
        assert client.get(f"{URL}{made.pk}/{path}").status_code == 403
    assert client.post(f"{URL}{made.pk}/withdraw/", {"reason": "不要"}).status_code == 403
    assert OrgMap.objects.get().withdrawn_at is None


def test_the_city_s_map_is_put_up_at_home_too(put_up: Callable[..., OrgMap]) -> None:
    made = put_up("示例县", "东林区", "西滩县", "南坪县", "北岗县", org="shilishi")
    assert len(made.shapes) == 5
