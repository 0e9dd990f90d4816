"""Where everybody lands, and what the health page says."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diaodu.web.site.models import Beat
from diaodu.web.site.supervisor import LANES


@pytest.mark.parametrize(
    ("who", "page"),
    [("leader", "board:table"), ("owner", "board:table"), ("clerk", "tasks"),
     ("admin", "rulebooks:home")],
)  # fmt: skip
def test_everyone_lands_where_their_work_is(
    rules: Any, users: SimpleNamespace, client_as: Callable[[Any], Client], who: str, page: str
) -> None:
    answer = client_as(getattr(users, who)).get("/")
    assert answer["Location"] == reverse(page)


def test_without_a_role_one_is_told_whom_to_ask(
    users: SimpleNamespace, client_as: Callable[[Any], Client]
) -> None:
    answer = client_as(users.stranger).get("/")
    assert answer.status_code == 200
    assert "管理员" in answer.content.decode()


@pytest.mark.parametrize(("beating", "code"), [(set(), 503), ({"live"}, 503), (set(LANES), 200)])
def test_the_desk_is_well_when_every_lane_beats(
    db: None, client: Client, beating: set[str], code: int
) -> None:
    for lane in beating:
        Beat.objects.create(worker=f"{lane}-1", at=timezone.now())
    answer = client.get("/healthz")
    assert answer.status_code == code
    assert answer.json() == {"ok": code == 200, "database": True, "workers": code == 200}


@pytest.mark.parametrize("page", ["/", "/accounts/login/", "/board/", "/figures/", "/nowhere/"])
def test_no_proxy_and_no_browser_keeps_a_page(
    rules: Any, users: SimpleNamespace, client_as: Callable[[Any], Client], page: str
) -> None:
    assert "no-store" in client_as(users.leader).get(page)["Cache-Control"]


def test_what_is_larger_than_any_page_takes_is_not_even_read(client: Client, settings: Any) -> None:
    """Without a user, without a token, without the database."""
    settings.MOST_REQUEST_BYTES = 10
    answer = client.post("/accounts/login/", {"login": "x" * 20})
    assert answer.status_code == 413
    assert "没有收下" in answer.content.decode()
