"""The pages as their readers get them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from diaodu.web.intake.queries import Form

pytestmark = pytest.mark.usefixtures("frozen_clock")


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
