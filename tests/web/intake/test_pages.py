"""The pages as their readers get them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from diaodu.web.intake import actions
from diaodu.web.intake.models import Return
from diaodu.web.intake.queries import Form, form_of
from diaodu.web.intake.queries.forms import Key
from tests.web.intake.conftest import FILES, KEYS, MAY, publish

pytestmark = pytest.mark.usefixtures("frozen_clock")

HOME_QUERIES = 16
FORM_QUERIES = 23


def url(form: Form, name: str = "form", *more: object) -> str:
    return reverse(f"intake:{name}", args=[*form.key, *more])


def test_the_first_page_of_a_clerk(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    answer = client_as(people.clerk).get(reverse("intake:home"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "乡镇经济运行月报表" in text and "还剩2天" in text and "未动" in text
    assert "柳荷镇" not in text and "催报" not in text


def test_the_first_page_of_the_office(
    form: Form, typed: Any, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    typed("66300", "41900")
    text = client_as(people.statistics).get(reverse("intake:home")).content.decode()
    assert "柳荷镇" in text and "草稿" in text and "2/3格" in text and "催报" in text
    assert "66,300" not in text and "66300" not in text


def test_the_form_of_a_clerk(
    history: None, form: Form, typed: Any, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    typed("66300", "一些")
    answer = client_as(people.clerk).get(url(form))
    text = answer.content.decode()
    assert answer.status_code == 200
    for told in (
        "97,500",
        "58,240",
        "8,060",
        "−32.0",
        "66,300",
        "必须改",
        "不是数",
        "已填2格，共3格",
    ):
        assert told in text, told


@pytest.mark.parametrize(("unit", "head"), [("万元", "本期累计 1—5月"), ("%", "本期 1—5月")])
def test_a_share_of_the_year_so_far_is_not_headed_as_added_up(
    unit: str, head: str, county: Any, people: SimpleNamespace, client_as: Callable[..., Any],
    now: datetime,
) -> None:  # fmt: skip
    rules = FILES["indicators/all.yaml"].decode().replace("unit: 万元", f'unit: "{unit}"')
    publish({**FILES, "indicators/all.yaml": rules.encode()}, now.replace(month=1))
    form = form_of(Key(MAY, "township", "qingshi"))
    assert form is not None
    page = client_as(people.clerk).get(url(form)).context["page"]
    assert page.heads == [head]
    assert page.lines[0].cells[0].head == head


def test_what_one_typed_is_not_saved_as_another_s_who_signed_in_since(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    page = client_as(people.clerk).get(url(form)).content.decode()
    assert f'id="user" value="{people.clerk.pk}"' in page
    sent = {"key": KEYS[0], "text": "66300", "seen": "0", "user": str(people.clerk.pk)}
    answer = client_as(people.second_clerk).post(
        url(form, "save"), sent, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422 and "现在登录的是" in answer.content.decode()
    assert not Return.objects.exists()
    assert client_as(people.clerk).post(url(form, "save"), sent).status_code == 302


def test_a_save_answers_with_what_follows_from_it(
    history: None, form: Form, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    answer = client_as(people.clerk).post(
        url(form, "save"),
        {"key": "qingshi|investment|level", "text": "66,300", "seen": "0", "version": "0"},
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()
    assert answer.status_code == 200, text
    assert "8,060" in text and "已填1格，共3格" in text and "已自动保存" in text


def test_the_first_page_asks_the_database_a_fixed_number_of_times(
    history: None, form: Form, typed: Any, people: SimpleNamespace,
    client_as: Callable[..., Any], django_assert_num_queries: Any,
) -> None:  # fmt: skip
    """However many units there are: nothing is asked for each."""
    typed("66300", "41900", "13")
    client = client_as(people.statistics)
    client.get(reverse("intake:home"))
    with django_assert_num_queries(HOME_QUERIES):
        client.get(reverse("intake:home"))
    more_units = {
        "form": form.key.form, "period": form.key.period, "opened_at": form.opens,
        "saved_at": form.opens, "saved_by": people.clerk,
    }  # fmt: skip
    for reporter in ("liuhe", "chengdong"):
        Return.objects.create(reporter_id=reporter, **more_units)
    with django_assert_num_queries(HOME_QUERIES):
        client.get(reverse("intake:home"))


def test_the_form_asks_the_database_a_fixed_number_of_times(
    history: None, form: Form, typed: Any, people: SimpleNamespace,
    client_as: Callable[..., Any], django_assert_num_queries: Any,
) -> None:  # fmt: skip
    typed("66300")
    client = client_as(people.clerk)
    client.get(url(form))
    with django_assert_num_queries(FORM_QUERIES):
        client.get(url(form))
    typed("66300", "41900", "13", seen=1)
    with django_assert_num_queries(FORM_QUERIES):
        client.get(url(form))


def test_a_reader_of_a_reopened_form_sees_the_difference(
    form: Form, accepted: Any, people: SimpleNamespace, typed: Any, client_as: Callable[..., Any],
    now: Any,
) -> None:  # fmt: skip
    sheet = actions.reopen(form=form, reason="漏统一个项目", until=None, by=people.clerk, at=now)
    typed("66500", seen=sheet.version)
    text = client_as(people.statistics).get(url(form)).content.decode()
    assert "已接收的数" in text and "漏统一个项目" in text
    assert "66,300" in text and "66,500" in text and ">改<" in text
    told = "原66,300万元，现66,500万元，多200万元"
    assert f"<b>改过</b>　{told}</span>" in text
    assert f"{told}。改数原因：漏统一个项目" in text and "改过：固定资产投资" in text
    assert "改过：民间投资" not in text and "要说明" not in text


def test_a_conflict_keeps_both(
    form: Form, typed: Any, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    typed("66300")
    answer = client_as(people.second_clerk).post(
        url(form, "save"),
        {"key": "qingshi|investment|level", "text": "66400", "seen": "0", "version": "0"},
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "clerk某" in text and "66300" in text and "66400" in text and "没有丢" in text


def test_without_script_the_whole_form_is_sent(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    client = client_as(people.clerk)
    data = {"key": list(form.cells), "text": ["66300", "", "13"], "seen": ["0"] * 3}
    answer = client.post(url(form, "save"), {**data, "version": "0"}, follow=True)
    assert "已填2格，共3格" in answer.content.decode()


def test_what_is_typed_is_text_on_the_page(
    form: Form, typed: Any, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    typed("<script>x</script>", '"><img src=x>')
    text = client_as(people.clerk).get(url(form)).content.decode()
    assert "<script>x" not in text and "<img" not in text


def test_the_list_is_exported_as_filtered(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    client = client_as(people.statistics)
    answer = client.get(reverse("intake:export"), {"q": "青石"})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert [row[0] for row in rows[2:]] == ["青石镇"] and rows[2][2] == "未动"


def test_an_untouched_form_of_the_month_before_is_not_forgotten(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    text = client_as(people.clerk).get(reverse("intake:home")).content.decode()
    assert "以前月份还没办完的" in text and "2023年1—4月" in text and "逾期" in text


def test_no_rules_yet_is_said(people: SimpleNamespace, client_as: Callable[..., Any]) -> None:
    text = client_as(people.clerk).get(reverse("intake:home")).content.decode()
    assert "还没有发布过规则" in text


def test_an_old_month_filled_by_import_is_not_owed(
    history: None, on_file: Any, people: SimpleNamespace, client_as: Callable[..., Any]
) -> None:
    text = client_as(people.clerk).get(reverse("intake:home")).content.decode()
    assert "以前月份还没办完的" in text  # March
    assert "2023年1—4月" not in text
    april = reverse("intake:form", args=["2023-04", "township", "qingshi"])
    text = client_as(people.clerk).get(april).content.decode()
    assert "已有数（导入）" in text and "不用再填" in text
    assert "58,240" in text and "在案（导入）" in text and "3格都有在案数" in text
    assert "逾期" not in text and "未填" not in text
