"""Users and what they may do."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.web.people import actions, queries
from diaodu.web.people.forms import MembershipForm, ReasonForm, UserForm, UserSearch
from diaodu.web.people.models import Membership, User
from diaodu.web.people.views.answers import status
from diaodu.web.shared import acts, clock
from diaodu.web.shared.answers import told_at
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import DeskRequest, need

_PAGE = 50
_HISTORY = 10
_HEADER = ("用户名", "姓名", "职务", "电话", "状态", "角色", "最近登录")


@require_GET
@need("people")
def users(request: DeskRequest) -> HttpResponse:
    form = _search(request)
    found = _found(request, form)
    return render(
        request,
        "people/users.html",
        {"form": form, "tab": "users", "today": clock.today(),
         "page": Paginator(found, _PAGE).get_page(request.GET.get("page"))},
    )  # fmt: skip


@require_GET
@need("people")
def users_export(request: DeskRequest) -> FileResponse:
    today = clock.today()
    rows = [
        (
            one.username, one.name, one.post, one.phone, "在用" if one.is_active else "已停用",
            "；".join(held.told(today) for held in one.memberships.all()) or "没有角色",
            "没有登录过" if one.last_login is None
            else f"{clock.local(one.last_login):%Y-%m-%d %H:%M}",
        )
        for one in _found(request, _search(request))
    ]  # fmt: skip
    return excel(f"人员{today}.xlsx", table_xlsx("人员", _HEADER, rows))


@require_http_methods(["GET", "POST"])
@need("people")
def user_new(request: DeskRequest) -> HttpResponse:
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_user(
                user=None, **form.cleaned_data, by=request.user, at=clock.now()
            )
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, f"已增加{saved.name}。请给角色，再给设密码的链接。")
            return redirect("people:user", saved.pk)
    context = {"form": form, "tab": "users"}
    return render(request, "people/user_form.html", context, status=status(form))


@require_GET
@need("people")
def user(request: DeskRequest, id: int) -> HttpResponse:
    return _user_page(request, _user(request, id))


@require_http_methods(["GET", "POST"])
@need("people")
def user_edit(request: DeskRequest, id: int) -> HttpResponse:
    found = _user_to_change(request, id)
    form = UserForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_user(
                user=_user(request, id), **form.cleaned_data, by=request.user, at=clock.now()
            )
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, "已保存")
            return redirect("people:user", id)
    context = {"form": form, "shown": found, "tab": "users"}
    return render(request, "people/user_form.html", context, status=status(form))


@require_POST
@need("people")
def user_active(request: DeskRequest, id: int) -> HttpResponse:
    found = _user_to_change(request, id)
    active = request.POST.get("active") == "1"
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.set_active(
                user=found, active=active, by=request.user, at=clock.now(), **form.cleaned_data
            )
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, "已启用" if active else "已停用，此人现在起不能登录")
            return redirect("people:user", id)
    return _refused(request, found, form)


@never_cache
@require_POST
@need("people")
def user_link(request: DeskRequest, id: int) -> HttpResponse:
    """The link is shown on this answer and never again."""
    found = _user_to_change(request, id)
    try:
        token = actions.make_link(user=found, by=request.user, at=clock.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("people:user", id)
    link = request.build_absolute_uri(reverse("people:link", args=[token]))
    return render(request, "people/user_link.html", {"shown": found, "link": link, "tab": "users"})


@require_POST
@need("people")
def user_second_step(request: DeskRequest, id: int) -> HttpResponse:
    found = _user_to_change(request, id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.remove_second_step(user=found, by=request.user, at=clock.now(), **form.cleaned_data)
        messages.success(request, "已解除两步验证，此人登录只要密码")
        return redirect("people:user", id)
    return _refused(request, found, form)


# -- roles -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@need("people")
def membership_new(request: DeskRequest, id: int) -> HttpResponse:
    found = _user(request, id)
    form = _membership_form(request, None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant(user=found, **form.right(), by=request.user, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, "已给角色，下一次打开页面即生效")
            return redirect("people:user", id)
    context = {"form": form, "shown": found, "tab": "users"}
    return render(request, "people/membership_form.html", context, status=status(form))


@require_http_methods(["GET", "POST"])
@need("people")
def membership_edit(request: DeskRequest, id: int) -> HttpResponse:
    held = _membership(request, id)
    form = _membership_form(request, held)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_grant(membership=held, **form.right(), by=request.user, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, "已保存，下一次打开页面即生效")
            return redirect("people:user", held.user_id)
    context = {"form": form, "shown": held.user, "held": held, "tab": "users"}
    return render(request, "people/membership_form.html", context, status=status(form))


@require_POST
@need("people")
def membership_revoke(request: DeskRequest, id: int) -> HttpResponse:
    held = _membership(request, id)
    reason = request.POST.get("reason", "").strip()[:500]
    try:
        actions.revoke(membership=held, by=request.user, at=clock.now(), reason=reason)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "已收回，即时生效")
    return redirect("people:user", held.user_id)


# -- what is loaded, and whether it may be touched -------------------------------------------


def _user(request: DeskRequest, id: int) -> User:
    found = queries.user_for(request.access, id)
    if found is None:
        raise Http404
    return found


def _user_to_change(request: DeskRequest, id: int) -> User:
    found = _user(request, id)
    if not queries.may_manage(request.access, found):
        raise PermissionDenied("此人还有您管不到的角色，账号由管得到全部角色的管理员来改")
    return found


def _membership(request: DeskRequest, id: int) -> Membership:
    found = queries.membership_for(request.access, id)
    if found is None:
        raise Http404
    return found


def _membership_form(request: DeskRequest, held: Membership | None) -> MembershipForm:
    return MembershipForm(
        request.POST or None,
        membership=held,
        orgs=queries.options(request.access.orgs("people")),
        everywhere=queries.EVERYWHERE in request.access.roots("people"),
        indicators=queries.indicator_names(),
    )


def _search(request: DeskRequest) -> UserSearch:
    return UserSearch(request.GET, orgs=queries.options(request.access.orgs("people")))


def _found(request: DeskRequest, form: UserSearch) -> QuerySet[User]:
    told = form.cleaned_data if form.is_valid() else {}
    return queries.found_users(request.access, **told)


def _user_page(request: DeskRequest, found: User, form: ReasonForm | None = None) -> HttpResponse:
    today = clock.today()
    return render(
        request,
        "people/user.html",
        {
            "shown": found, "tab": "users", "today": today, "form": form,
            "may_manage": queries.may_manage(request.access, found),
            "is_self": found.pk == request.user.pk,
            "memberships": [
                (one, queries.covers(request.access, one)) for one in queries.memberships(found)
            ],
            "second_step": queries.has_second_step(found),
            "permissions": queries.preview(
                queries.access_of(found, today), queries.names(), queries.indicator_names()
            ),
            "history": acts.told(acts.of("people.User", found.pk)[:_HISTORY], request.access),
            "may_audit": request.access.may("audit"),
        },
        status=200 if form is None else 422,
    )  # fmt: skip


def _refused(request: DeskRequest, found: User, form: ReasonForm) -> HttpResponse:
    return _user_page(request, found, form)
