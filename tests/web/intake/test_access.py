"""Who is let in where: owner, colleague of another org, read-only, stranger, wrong verb."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diaodu.web.intake.models import Return, Upload
from diaodu.web.intake.queries import Form
from diaodu.web.people.models import Membership

pytestmark = pytest.mark.usefixtures("frozen_clock")

WHO = (
    "clerk", "second_clerk", "other_clerk", "town_statistics", "township_head", "township_reader",
    "statistics", "dispatch", "supervision", "leader", "vice", "owner", "assessment", "admin",
    "reader", "neighbour", "stranger",
)  # fmt: skip
FILLERS = {"clerk", "second_clerk"}
UNIT = FILLERS | {"town_statistics", "township_head"}
CONTENT = UNIT | {"statistics"}
# May see the unit, so they are told 403; for the others there is no such form.
SEE_UNIT = CONTENT | {
    "township_reader", "dispatch", "supervision", "leader", "vice", "assessment", "reader",
}  # fmt: skip
SEE_UNIT |= {"owner"}  # of two indicators at the county, but of none of this form's

# name of the page → (data, who is let in); let in: anything but 403 and 404
POSTS: dict[str, tuple[dict[str, str], set[str]]] = {
    "save": ({"key": "qingshi|firms|level", "text": "13", "seen": "0", "version": "0"}, FILLERS),
    "undo": ({}, FILLERS),
    "none": ({"reason": "本期没有此项业务"}, FILLERS),
    "explain": ({"finding": "x", "text": "…"}, FILLERS),
    "submit": ({"seen": "1"}, FILLERS),
    "upload": ({}, FILLERS),
    "sign": ({"seen": "1"}, {"town_statistics", "township_head"}),
    "send_back": ({"reason": "请核"}, {"town_statistics", "township_head", "statistics"}),
    "accept": ({"seen": "1"}, {"statistics"}),
    "reopen": ({"reason": "漏统"}, FILLERS | {"statistics"}),
    "let_in": ({"until": "2023-06-20T18:00", "reason": "故障"}, {"statistics", "dispatch"}),
}


def url(form: Form, name: str, *more: object) -> str:
    return reverse(f"intake:{name}", args=[*form.key, *more])


def expected(who: str, let_in: set[str]) -> set[int]:
    if who in let_in:
        return {200, 302, 422}
    return {403} if who in SEE_UNIT else {404}


@pytest.mark.parametrize("who", WHO)
def test_who_opens_a_form(
    form: Form, typed: Any, people: SimpleNamespace, client_as: Callable[..., Client], who: str
) -> None:
    typed("66300", "41900", "13")
    client = client_as(getattr(people, who))
    for name in ("form", "download"):
        answer = client.get(url(form, name))
        assert answer.status_code in expected(who, CONTENT), (name, answer.status_code)
        if answer.status_code != 200:
            assert "66" not in answer.content.decode().split("<main")[-1]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", POSTS)
def test_who_does_what(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], name: str, who: str
) -> None:
    data, let_in = POSTS[name]
    answer = client_as(getattr(people, who)).post(url(form, name), data)
    assert answer.status_code in expected(who, let_in)


def test_a_signer_does_not_take_back_what_is_in_review(
    form: Form, signed: Any, people: SimpleNamespace, users: SimpleNamespace,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    Membership.objects.create(user=users.stranger, role="leader", org_id="qingshi")
    answer = client_as(users.stranger).post(url(form, "send_back"), {"reason": "再改"})
    assert answer.status_code == 403
    assert Return.objects.get().state == "review"


@pytest.mark.parametrize("name", [name for name in POSTS if name != "let_in"])
def test_acts_are_posted(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], name: str
) -> None:
    assert client_as(people.clerk).get(url(form, name)).status_code == 405


@pytest.mark.parametrize("name", ["form", "download"])
def test_whoever_has_not_signed_in_is_asked_to(form: Form, name: str) -> None:
    answer = Client().get(url(form, name))
    assert answer.status_code == 302 and "/accounts/login/" in answer.url


def test_an_expired_session_answers_a_save_without_taking_the_page_away(form: Form) -> None:
    answer = Client().post(
        url(form, "save"), {"key": "qingshi|firms|level", "text": "13", "seen": "0"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert answer.status_code == 401 and "登录已过期" in answer.content.decode()
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    "args",
    [
        ("2023-05", "township", "no-such-org"), ("2023-05", "no-such-form", "qingshi"),
        ("2023-13", "township", "qingshi"), ("maj", "township", "qingshi"),
        ("2023-01/05", "township", "qingshi"), ("1999-05", "township", "qingshi"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_404(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], args: tuple[str, ...]
) -> None:
    address = f"/intake/{'/'.join(args)}/"
    assert client_as(people.clerk).get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 200), ("statistics", 200), ("dispatch", 200), ("supervision", 200),
        ("leader", 200), ("township_head", 200), ("owner", 200), ("neighbour", 200),
        ("reader", 403), ("township_reader", 403), ("assessment", 403), ("admin", 403),
        ("stranger", 403),
    ],
)  # fmt: skip
def test_who_sees_the_first_page(
    rules: None, people: SimpleNamespace, client_as: Callable[..., Client], who: str, status: int
) -> None:
    assert client_as(getattr(people, who)).get(reverse("intake:home")).status_code == status


@pytest.mark.parametrize("who", ["other_clerk", "neighbour", "owner", "leader", "reader"])
def test_other_units_do_not_appear(
    form: Form, typed: Any, people: SimpleNamespace, client_as: Callable[..., Client], who: str
) -> None:
    typed("66300", "41900", "13")
    answer = client_as(getattr(people, who)).get(reverse("intake:home"))
    assert "青石镇" not in answer.content.decode()


def test_a_line_one_may_not_fill_is_refused(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    people.clerk.memberships.update(indicators=["investment", "private_investment"])
    client = client_as(people.clerk)
    data = {"key": "qingshi|firms|level", "text": "13", "seen": "0", "version": "0"}
    assert client.post(url(form, "save"), data).status_code == 403
    data["key"] = "qingshi|investment|level"
    assert client.post(url(form, "save"), data).status_code == 302


def test_an_upload_of_another_unit_is_not_there(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], now: Any
) -> None:
    theirs = Upload.objects.create(
        form="township", period="2023-05", reporter_id="liuhe", name="x.xlsx", sha256="",
        content=b"", ours=False, by=people.other_clerk, at=now,
    )  # fmt: skip
    client = client_as(people.clerk)
    for name in ("reading", "annotated"):
        assert client.get(url(form, name, theirs.pk)).status_code == 404
    assert client.post(url(form, "take", theirs.pk)).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("clerk", 403), ("other_clerk", 403), ("supervision", 302), ("reader", 403)]
)
def test_who_reminds(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client], who: str, status: int
) -> None:
    answer = client_as(getattr(people, who)).post(
        reverse("intake:remind"), {"forms": "|".join(form.key), "text": "今天下班前"}
    )
    assert answer.status_code == status


def test_a_reminder_appears_at_the_unit(
    form: Form, people: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    client_as(people.supervision).post(
        reverse("intake:remind"), {"forms": "|".join(form.key), "text": "今天下班前<b>"}
    )
    for address in (reverse("intake:home"), url(form, "form")):
        text = client_as(people.clerk).get(address).content.decode()
        assert "今天下班前&lt;b&gt;" in text and "supervision某" in text
