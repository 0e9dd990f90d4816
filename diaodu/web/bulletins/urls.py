"""The pages of texts."""

from __future__ import annotations

from django.urls import path

from diaodu.web.bulletins import views

app_name = "bulletins"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:id>/", views.check, name="check"),
    path("<int:id>/progress/", views.progress, name="progress"),
    path("<int:id>/delete/", views.delete, name="delete"),
    path("<int:id>/<str:kind>/", views.export, name="export"),
]
