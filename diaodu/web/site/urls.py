"""Where every room's pages hang."""

from __future__ import annotations

from django.urls import include, path

from diaodu.web.site import views

_ROOMS = (
    "bulletins", "meetings", "urging", "duties", "board", "warnings", "runs", "intake", "targets",
    "figures", "rulebooks", "people",
)  # fmt: skip

urlpatterns = [
    path("", views.start, name="start"),
    path("tasks/", views.tasks, name="tasks"),
    path("find/", views.find, name="find"),
    path("healthz", views.healthz, name="healthz"),
    path("accounts/", include("diaodu.web.site.account_urls")),
    *(path(f"{room}/", include(f"diaodu.web.{room}.urls")) for room in _ROOMS),
]
