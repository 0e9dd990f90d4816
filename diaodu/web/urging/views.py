"""Reminders, the steps that wait for a person, letters, what could not be delivered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaodu.adapters.word_out import word_bytes
from diaodu.web.duties import queries as duties
from diaodu.web.people import queries as people
from diaodu.web.shared import clock, outbox
from diaodu.web.shared.answers import act, told_at
from diaodu.web.shared.downloads import word_file
from diaodu.web.shared.guard import DeskRequest, need, signed_in
from diaodu.web.shared.models import Delivery
from diaodu.web.shared.paging import page_of
from diaodu.web.urging import actions, forms, queries

_PER_PAGE = 50


# -- reminders -------------------------------------------------------------------------------


@require_GET
@signed_in
def home(request: DeskRequest) -> HttpResponse:
    """What the reader was reminded of, newest first."""
    found = outbox.inbox(request.user.pk)
    page = page_of(request, found, _PER_PAGE)
    context = {"page": page, "unread": outbox.unread(request.user.pk), **_tabs(request, "home")}
    return render(request, "urging/home.html", context)


@require_POST
@signed_in
def read(request: DeskRequest) -> HttpResponse:
    """One reminder, and on to what it is about; or all of them."""
    chosen = request.POST.get("id", "")
    id = int(chosen) if chosen.isdecimal() else None
    actions.read(id=id, by=request.user, at=clock.now())
    if id is None:
        return redirect("urging:home")
    found = outbox.inbox(request.user.pk).filter(pk=id).first()
    return redirect(found.url if found and found.url else "urging:home")


# -- steps -----------------------------------------------------------------------------------


@require_GET
@need("urge")
def steps(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    chosen = forms.FilterForm(request.GET)
    chosen.is_valid()
    wanted = {k: chosen.cleaned_data.get(k) or "" for k in ("step", "org")}
    off = bool(chosen.cleaned_data.get("put_off"))
    found = queries.listed(request.access, now.date(), **wanted, put_off=off)
    page = page_of(request, found, _PER_PAGE)
    context = {
        "page": page, "matters": queries.matters(page.object_list, now), "filter": chosen,
        "orgs": people.names(), "chosen": wanted, "put_off": off,
        "reached": queries.reached(now), "pass": queries.last_pass(), **_tabs(request, "steps"),
    }  # fmt: skip
    return render(request, "urging/steps.html", context)


@require_http_methods(["GET", "POST"])
@need("urge")
def step(request: DeskRequest, id: int) -> HttpResponse:
    """Take a step, with the evidence in sight."""
    found = queries.proposed_for(request.access, id)
    form = forms.step_form(found.step, clock.today(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = actions.take(
                proposed=found, details=form.details(), by=request.user, at=clock.now()
            )
        except actions.Untimely as error:
            messages.error(request, error.message)
            return redirect("urging:steps")
        except ValidationError as error:
            told_at(form, error)
        else:
            told = f"，{taken.letter}可以下载" if taken.letter else ""
            messages.success(request, f"已{taken.get_step_display()}{taken.org}{told}")
            return redirect("urging:letters" if taken.letter else "urging:steps")
    matter = queries.matter_of(found, clock.now())
    context = {
        "form": form, "proposed": found, "matter": matter, "put_off": forms.PutOffForm(),
        **_tabs(request, "steps"),
    }  # fmt: skip
    return render(request, "urging/step.html", context, status=422 if form.is_bound else 200)


@require_POST
@need("urge")
def put_off(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.proposed_for(request.access, id)
    form = forms.PutOffForm(request.POST)
    if form.is_valid():
        return act(
            request,
            lambda: actions.put_off(
                proposed=found, **form.cleaned_data, by=request.user, at=clock.now()
            ),
            "已暂缓", "urging:steps",
        )  # fmt: skip
    matter = queries.matter_of(found, clock.now())
    context = {
        "form": forms.step_form(found.step, clock.today()), "proposed": found, "matter": matter,
        "put_off": form, **_tabs(request, "steps"),
    }  # fmt: skip
    return render(request, "urging/step.html", context, status=422)


@require_POST
@need("urge")
def pass_now(request: DeskRequest) -> HttpResponse:
    """Do not wait for the next pass."""
    passed = actions.pass_day(at=clock.now())
    messages.success(
        request,
        f"看了{passed.looked_at}件在办事项：提醒了{passed.reminded}件，定期任务{passed.quotas}项，"
        f"要人决定的措施{passed.proposed}项",
    )
    return redirect("urging:steps")


# -- letters ---------------------------------------------------------------------------------


@require_GET
@need("view")
def letters(request: DeskRequest) -> HttpResponse:
    found = queries.letters_for(request.access)
    page = page_of(request, found, _PER_PAGE)
    return render(request, "urging/letters.html", {"page": page, **_tabs(request, "letters")})


@require_GET
@need("view")
def letter(request: DeskRequest, id: int) -> HttpResponseBase:
    """The paper in 公文 layout, the same bytes each time."""
    found = queries.letter_for(request.access, id)
    content = word_bytes(queries.document_of(found), found.day)
    return word_file(f"{found.number}{found.get_kind_display()}.docx", content)


@require_POST
@need("urge")
def void(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.letter_for(request.access, id)
    form = forms.ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return act(
        request,
        lambda: actions.void(letter=found, reason=reason, by=request.user, at=clock.now()),
        f"{found}已作废，字号不再用", "urging:letters",
    )  # fmt: skip


# -- deliveries ------------------------------------------------------------------------------


@require_GET
@need("urge")
def deliveries(request: DeskRequest) -> HttpResponse:
    """By mail and webhook: what waits, what failed, what may have arrived."""
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in Delivery.State.values else ""
    found = queries.deliveries(request.access, state=chosen)
    page = page_of(request, found, _PER_PAGE)
    counted = outbox.counts()
    states = [(value, label, counted.get(value, 0)) for value, label in Delivery.State.choices]
    context = {
        "page": page, "states": states, "chosen": chosen, "ways": outbox.ways(),
        "troubled": outbox.TROUBLED, **_tabs(request, "deliveries"),
    }  # fmt: skip
    return render(request, "urging/deliveries.html", context)


@require_POST
@need("urge")
def again(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.delivery_for(request.access, id)
    return act(
        request, lambda: actions.send_again(delivery=found, by=request.user, at=clock.now()),
        "已排队重发", "urging:deliveries",
    )  # fmt: skip


# -- one unit --------------------------------------------------------------------------------


@require_GET
@need("view")
def of_org(request: DeskRequest, org: str) -> HttpResponse:
    """How often a unit was urged: a fragment of its card."""
    day = clock.today()
    context = {"found": queries.for_org(request.access, day, org), "year": day.year}
    return render(request, "urging/parts/of_org.html", context)


# -- one duty --------------------------------------------------------------------------------


@require_GET
@need("view")
def under(request: DeskRequest, duty: int) -> HttpResponse:
    """What was done about a duty: a fragment of its page."""
    found = duties.duty_for(request.access, duty)
    context = {
        "duty": found, "under": queries.under(duty), "may_urge": request.access.may("urge"),
        "today": clock.today(),
    }  # fmt: skip
    return render(request, "urging/parts/under.html", context)


@require_GET
@need("view")
def handed(request: DeskRequest, duty: int) -> HttpResponseBase:
    """Its 交办单."""
    duties.duty_for(request.access, duty)
    found = queries.handed_letter(duty)
    if found is None:
        raise Http404("这件事项还没有交办")
    return word_file(f"{found.number}交办单.docx", word_bytes(found.document, found.day))


@require_http_methods(["GET", "POST"])
@need("urge")
def relief(request: DeskRequest, duty: int) -> HttpResponse:
    found = duties.duty_for(request.access, duty)
    form = forms.ReliefForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.relieve(duty_id=duty, **form.cleaned_data, by=request.user, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, "已记下，不再往上升级；逾期仍显示为逾期")
            return redirect("duties:duty", duty)
    context = {"form": form, "duty": found, **_tabs(request, "")}
    return render(request, "urging/relief.html", context, status=422 if form.is_bound else 200)


# -- helping ---------------------------------------------------------------------------------


def _tabs(request: DeskRequest, tab: str) -> dict[str, Any]:
    return {"tab": tab, "may_urge": request.access.may("urge")}
