"""The pages of rules."""

from __future__ import annotations

from django.urls import path

from diaodu.web.rulebooks import views

app_name = "rulebooks"
urlpatterns = [
    path("", views.home, name="home"),
    path("import/", views.upload, name="import"),
    path("versions/<int:id>/", views.version, name="version"),
    path("versions/<int:id>/export/", views.export, name="export"),
    path("versions/<int:id>/publish/", views.publish, name="publish"),
    path("versions/<int:id>/discard/", views.discard, name="discard"),
    path("versions/<int:id>/<str:part>/", views.part, name="part"),
    path("versions/<int:id>/<str:part>/<path:entry>/", views.entry, name="entry"),
]
