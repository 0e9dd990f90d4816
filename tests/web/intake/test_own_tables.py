"""A table of the unit's own that cannot be read for certain: what to change in it, in plain
words, never in those of the rules' files."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diaodu.web.intake.models import Upload
from diaodu.web.intake.queries import Form

pytestmark = pytest.mark.usefixtures("frozen_clock")

CODE = re.compile(r"sources|rename|fixed:|column:|ignore|hidden:|aliases|indicators|orgs|规则库")
TABLES = {
    "an indicator nobody knows": (
        ["2023年1—5月主要指标", "单位,固定资产投资（万元）,翠玉产量（万元）", "青石镇,66300,5"],
        "请把“翠玉产量（万元）”写成本表的指标名称，并注明计量单位，如“固定资产投资（万元）”",
    ),
    "an indicator written a little otherwise": (
        ["2023年1—5月主要指标", "单位,固定资产投资（万元）,民间投咨（万元）", "青石镇,66300,41900"],
        "写成“民间投资”后再上传",
    ),
    "no unit of measure": (
        ["2023年1—5月主要指标", "单位,固定资产投资", "青石镇,66300"],
        "请在表头或标题注明计量单位（如“单位：万元”）",
    ),
    "no period": (["主要指标", "单位,固定资产投资（万元）", "青石镇,66300"], "写明统计期"),
    "an org nobody knows": (
        ["2023年1—5月主要指标", "单位,固定资产投资（万元）", "青石镇,66300", "翠玉镇,5"],
        "请把“翠玉镇”写成单位全称；都是本单位的数，在标题写“青石镇”",
    ),
    "nothing that is known": (
        ["2023年1—5月", "单位,翠玉", "青石镇,66300"], "如“固定资产投资（万元）”",
    ),
    "words for a number": (
        ["2023年1—5月主要指标", "单位,固定资产投资（万元）", "青石镇,约六万"], "请在 B3 填数",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "advice"), TABLES.values(), ids=TABLES)
def test_what_to_change_in_the_table(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], rows: list[str],
    advice: str,
) -> None:  # fmt: skip
    client = client_as(people.clerk)
    file = SimpleUploadedFile("自己的表.csv", "\n".join(rows).encode())
    answer = client.post(reverse("intake:upload", args=form.key), {"file": file})
    assert answer.status_code == 302
    told = "\n".join(f"{one['what']}→{one['action']}" for one in Upload.objects.get().remarks)
    assert advice in told, told
    assert not CODE.search(told), told
    page = client.get(answer.url).content.decode()
    assert advice in page.replace("&quot;", '"')
