"""The door: who is let in, and what an ended session is told."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from diaodu.web.shared.access import NOBODY, Access, Grant
from diaodu.web.shared.guard import need, sign_in_first, signed_in

CLERK = Access(1, (Grant("clerk", "qingshi", frozenset({"qingshi"}), None, False),))


def request_of(
    method: str = "get", path: str = "/x/?a=1", *, access: Access | None = None, **headers
):
    made = getattr(RequestFactory(headers=headers), method)(path)
    made.user = AnonymousUser() if access is None else _User()
    made.access = access or NOBODY
    made.htmx = HtmxDetails(made)
    return made


class _User:
    is_authenticated = True


@signed_in
def anyone(request):
    return HttpResponse("in")


@need("fill", "review")
def fillers(request):
    return HttpResponse("in")


def test_a_page_sends_to_the_login_and_back():
    for view in (anyone, fillers):
        assert view(request_of()).headers["Location"] == "/accounts/login/?next=/x/%3Fa%3D1"


def test_a_form_sent_too_late_comes_back_to_its_page_not_to_its_address():
    answer = sign_in_first(request_of("post", "/save/", referer="http://testserver/form/?p=2"))
    assert answer.headers["Location"] == "/accounts/login/?next=/form/%3Fp%3D2"


@pytest.mark.parametrize("referer", ["", "http://elsewhere/form/", "nonsense"])
def test_a_form_of_unknown_origin_comes_back_to_the_first_page(referer):
    answer = sign_in_first(request_of("post", "/save/", referer=referer))
    assert answer.headers["Location"] == "/accounts/login/?next=/"


def test_a_fragment_is_told_in_place_so_that_a_draft_is_not_lost():
    answer = anyone(request_of("post", "/save/", hx_request="true"))
    assert answer.status_code == 401
    assert answer.headers["HX-Trigger"] == "signed-out"
    assert "Location" not in answer.headers and "HX-Redirect" not in answer.headers
    assert "登录已过期，填的内容还在本页" in answer.content.decode()


def test_any_of_the_capabilities_is_enough():
    assert fillers(request_of(access=CLERK)).status_code == 200


def test_without_any_of_them_it_says_which_are_wanted():
    with pytest.raises(PermissionDenied, match="要有“填报”或“审核报表”的权限"):
        fillers(request_of(access=Access(2)))


def test_an_unknown_capability_is_a_mistake_of_ours():
    with pytest.raises(AssertionError):
        need("fly")


@pytest.mark.django_db
def test_a_view_that_forgot_to_ask_is_closed(client):
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"
    assert client.get("/healthz").status_code in (200, 503)
