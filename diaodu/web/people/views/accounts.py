"""One's own account, and the link that sets a password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from diaodu.web.people import actions, queries
from diaodu.web.people.views.answers import status
from diaodu.web.shared import clock
from diaodu.web.shared.answers import told_at
from diaodu.web.shared.guard import DeskRequest, signed_in


@require_GET
@signed_in
def account(request: DeskRequest) -> HttpResponse:
    return render(
        request,
        "people/account.html",
        {
            "second_step": queries.has_second_step(request.user),
            "memberships": queries.memberships(request.user),
            "today": clock.today(),
            "permissions": queries.preview(
                request.access, queries.names(), queries.indicator_names()
            ),
        },
    )


@login_not_required
@never_cache
@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    state = queries.link_state(actions.digest(token), clock.now())
    if state.link is None or state.why:
        return render(request, "people/link_dead.html", {"why": state.why}, status=410)
    form = SetPasswordForm(state.link.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        try:
            actions.use_link(token=token, password=password, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, "密码已设好，请用新密码登录")
            return redirect("account_login")
    context = {"form": form, "shown": state.link.user}
    return render(request, "people/link.html", context, status=status(form))
