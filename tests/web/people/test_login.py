"""Signing in and out, the lock, the password, the second step: in Chinese, by our own pages."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from diaodu.web.shared.models import Act

pytestmark = pytest.mark.django_db

LOGIN, CHANGE = reverse("account_login"), reverse("account_change_password")
LOCKED = "密码错得太多，暂时锁住，请过5分钟再试。忘了密码，请找管理员要一个重设密码的链接。"


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


def sign_in(client: Client, username: str, password: str, next: str = "", **more):
    return client.post(
        LOGIN, {"login": username, "password": password, **({"next": next} if next else {})}, **more
    )


STEP = 30  # seconds that a telephone shows one code (RFC 6238)


def code_for(secret: str, *, steps: int = 0) -> str:
    """What the telephone shows now, or so many steps from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps))


def english(text: str) -> list[str]:
    """Words outside tags that no Chinese reader should meet."""
    said = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>|&\w+;", " ", text, flags=re.S)
    return [one for one in re.findall(r"[A-Za-z]{2,}", said) if one not in {"htmx"}]


def test_the_login_page_is_chinese_and_has_no_way_to_sign_up():
    page = Client().get(LOGIN).content.decode()
    assert "用户名" in page and "密码" in page and "账号由本单位管理员开通" in page
    assert english(page) == []
    assert "signup" not in page and "reset" not in page


def test_the_login_page_says_whose_desk_it_is_and_what_for(county):
    page = Client().get(LOGIN).content.decode()
    assert "<h1>登录示例县调度</h1>" in page and "县级经济运行调度" in page


def test_signing_in_goes_to_the_page_that_was_asked_for(users, password):
    answer = sign_in(Client(), "reader", password, next="/people/account/?x=1")
    assert answer.headers["Location"] == "/people/account/?x=1"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/x", "//evil.example", "javascript:1"])
def test_signing_in_never_leads_to_another_site(users, password, elsewhere):
    assert sign_in(Client(), "reader", password, next=elsewhere).headers["Location"] == "/"


def test_a_wrong_password_says_what_follows(users):
    page = sign_in(Client(), "reader", "wrong-one-123").content.decode()
    assert "用户名或密码不对。5分钟内错5次，这个用户名会锁住5分钟。" in page


def test_an_unknown_name_says_the_same(users):
    page = sign_in(Client(), "nobody", "wrong-one-123").content.decode()
    assert "用户名或密码不对。5分钟内错5次，这个用户名会锁住5分钟。" in page


def test_after_five_wrong_passwords_the_right_one_is_refused_and_it_says_how_long(users, password):
    for _ in range(5):
        sign_in(Client(), "reader", "wrong-one-123")
    client = Client()
    answer = sign_in(client, "reader", password)
    assert LOCKED in answer.content.decode()
    assert "_auth_user_id" not in client.session
    other = sign_in(Client(), "vice", password)
    assert other.status_code == 302  # the same address, another name


@pytest.mark.django_db(transaction=True)
def test_the_lock_holds_over_the_cache_in_the_database(users, password, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "locks"}
    }
    call_command("createcachetable", verbosity=0)
    for _ in range(5):
        sign_in(Client(), "reader", "wrong-one-123")
    assert LOCKED in sign_in(Client(), "reader", password).content.decode()


def test_someone_switched_off_cannot_sign_in(users, password):
    users.reader.is_active = False
    users.reader.save()
    client = Client()
    page = client.post(LOGIN, {"login": "reader", "password": password}, follow=True)
    assert "_auth_user_id" not in client.session
    assert page.status_code == 200 and english(page.content.decode()) == []


def test_signing_out_asks_by_get_and_acts_by_post(users, client_as):
    client = client_as(users.reader)
    assert "没有保存的内容会丢掉" in client.get(reverse("account_logout")).content.decode()
    assert client.post(reverse("account_logout")).headers["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "password/reset/", "password/set/", "login/code/",
     "2fa/webauthn/", "3rdparty/", "sessions/"],
)  # fmt: skip
def test_what_this_desk_does_not_use_does_not_exist(users, client_as, path):
    assert client_as(users.reader).get(f"/accounts/{path}").status_code == 404


def test_there_is_no_name_for_signing_up():
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("short1a", "密码太短，至少10个字符"),
        ("1234567890", "密码不能全是数字，请加上字母或符号"),
        ("password12", "这个密码太常见，容易被猜到，请换一个"),
        ("readerxyz1", "密码与您的用户名太像，容易被猜到，请换一个"),
    ],
)
def test_the_policy_speaks_chinese(users, client_as, password, new, said):
    client = client_as(users.reader)
    page = client.post(CHANGE, {"oldpassword": password, "password1": new, "password2": new})
    assert said in page.content.decode()
    users.reader.refresh_from_db()
    assert users.reader.check_password(password)


def test_changing_the_password_needs_the_old_one_and_is_in_the_chain(users, client_as, password):
    client = client_as(users.reader)
    new = "something-else-4826"
    page = client.post(CHANGE, {"oldpassword": "x", "password1": new, "password2": new})
    assert "当前密码不对" in page.content.decode()
    acts = Act.objects.count()
    client.post(CHANGE, {"oldpassword": password, "password1": new, "password2": new})
    users.reader.refresh_from_db()
    assert users.reader.check_password(new)
    assert Act.objects.count() == acts + 1
    act = Act.objects.latest("number")
    assert (act.action, act.by, act.thing_id) == (
        "people.change_password", users.reader, str(users.reader.pk),
    )  # fmt: skip
    assert (act.before, act.after) == (None, None)


def enrol(client: Client, password: str) -> str:
    """Turns the second step on and returns its secret."""
    activate = reverse("mfa_activate_totp")
    again = client.get(activate)
    if again.status_code == 302:  # asks for the password once more
        client.post(reverse("account_reauthenticate"), {"password": password})
    page = client.get(activate)
    secret = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    answer = client.post(activate, {"code": code_for(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def test_who_has_just_signed_in_sets_up_the_second_step_without_the_password_again(
    users, password, settings
):
    client = Client()
    sign_in(client, "dispatch", password)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0  # a while later
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_the_secret_of_the_second_step_is_not_in_the_database(users, client_as, password, settings):
    secret = enrol(client_as(users.dispatch), password)
    kept = [str(one.data) for one in Authenticator.objects.filter(user=users.dispatch)]
    assert len(kept) == 2 and not any(secret in one for one in kept)
    # Another key of the desk: told in words while it is unknown, read again as one it replaced.
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    cache.clear()
    visitor = Client()
    sign_in(visitor, "dispatch", password)
    unread = visitor.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert unread.status_code == 403 and "请找管理员解除两步验证" in unread.content.decode()
    settings.SECRET_KEY_FALLBACKS = [old]
    assert visitor.post(reverse("mfa_authenticate"), {"code": code_for(secret)}).status_code == 302


def test_the_second_step_from_enrolling_to_switching_off(users, client_as, password, settings):
    client = client_as(users.dispatch)
    assert "未开通" in client.get(reverse("mfa_index")).content.decode()
    secret = enrol(client, password)
    codes_page = client.get(reverse("mfa_view_recovery_codes"))
    codes = codes_page.context["unused_codes"]
    assert len(codes) == 10 and codes[0] in codes_page.content.decode()
    assert "已开通" in client.get(reverse("mfa_index")).content.decode()

    cache.clear()  # the code just used would be refused as used
    visitor = Client()
    asked = sign_in(visitor, "dispatch", password)
    assert asked.headers["Location"] == reverse("mfa_authenticate")
    assert "placeholder" not in visitor.get(reverse("mfa_authenticate")).content.decode()
    wrong = visitor.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "验证码不对或已过期" in wrong and english(wrong) == []
    assert visitor.post(reverse("mfa_authenticate"), {"code": code_for(secret)}).status_code == 302
    assert visitor.session["_auth_user_id"] == str(users.dispatch.pk)

    other = Client()
    sign_in(other, "dispatch", password)
    assert other.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    again = Client()
    sign_in(again, "dispatch", password)
    assert again.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 200

    timeout, settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300, 0
    asked = visitor.post(reverse("mfa_deactivate_totp"))
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = timeout
    assert asked.headers["Location"].startswith("/accounts/")  # for the password once more
    visitor.post(reverse("account_reauthenticate"), {"password": password})
    visitor.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=users.dispatch).exists()
    actions = list(Act.objects.order_by("number").values_list("action", flat=True))
    assert [one for one in actions if "second" in one] == [
        "people.second_step_on", "people.second_step_off",
    ]  # fmt: skip


@pytest.mark.parametrize(("steps", "opens"), [(-2, 200), (-1, 302), (0, 302), (1, 302), (2, 200)])
def test_a_telephone_s_clock_may_be_one_step_off(
    users, client_as, password, monkeypatch, steps, opens
):
    begun = time.time()
    monkeypatch.setattr(time, "time", lambda: begun)
    secret = enrol(client_as(users.dispatch), password)
    visitor = Client()
    sign_in(visitor, "dispatch", password)
    code = code_for(secret, steps=steps)
    assert visitor.post(reverse("mfa_authenticate"), {"code": code}).status_code == opens


@pytest.mark.parametrize("written", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"])
def test_a_code_opens_once_as_long_as_it_is_good(users, client_as, password, monkeypatch, written):
    begun = time.time() // STEP * STEP
    monkeypatch.setattr(time, "time", lambda: begun)
    secret = enrol(client_as(users.dispatch), password)
    code = code_for(secret, steps=1)
    for seconds, opens in ((0, 302), (1, 200), (STEP + 1, 200), (2 * STEP + 1, 200)):
        monkeypatch.setattr(time, "time", lambda at=begun + seconds: at)
        visitor = Client()
        sign_in(visitor, "dispatch", password)
        answer = visitor.post(reverse("mfa_authenticate"), {"code": written.format(code)})
        assert answer.status_code == opens


def test_new_recovery_codes_make_the_old_ones_useless(users, client_as, password):
    client = client_as(users.dispatch)
    enrol(client, password)
    old = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert "都不能再用" in client.get(reverse("mfa_generate_recovery_codes")).content.decode()
    client.post(reverse("mfa_generate_recovery_codes"))
    new = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert set(old).isdisjoint(new)
    assert client.get(reverse("mfa_download_recovery_codes")).content.decode().split() == new


def test_every_page_of_an_account_is_chinese(users, client_as, password):
    client = client_as(users.dispatch)
    enrol(client, password)
    for name in (
        "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
        "mfa_index", "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_generate_recovery_codes",
    ):  # fmt: skip
        page = client.get(reverse(name), follow=True)
        said = [one for one in english(page.content.decode()) if one != "dispatch"]
        assert (page.status_code, said) == (200, []), name


def test_the_session_dies_with_the_browser(users, password):
    client = Client()
    sign_in(client, "reader", password)
    assert client.cookies["sessionid"]["expires"] == ""


def test_the_last_login_is_told_by_the_desk_s_clock(users, password, frozen_clock, now):
    Client().post(reverse("account_login"), {"login": "clerk", "password": password})
    users.clerk.refresh_from_db()
    assert users.clerk.last_login == now
