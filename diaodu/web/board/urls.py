"""一张表 and the indicator pages."""

from __future__ import annotations

from django.urls import path

from diaodu.web.board import views

app_name = "board"

urlpatterns = [
    path("", views.table, name="table"),
    path("body/", views.table_body, name="table_body"),
    path("export.xlsx", views.export, name="export"),
    path("calc/", views.calc, name="calc"),
    path("<str:org>/<str:indicator>/", views.indicator, name="indicator"),
    path("<str:org>/<str:indicator>/why/", views.indicator_trace, name="indicator_trace"),
    path("<str:org>/<str:indicator>/export.xlsx", views.indicator_export, name="indicator_export"),
]
