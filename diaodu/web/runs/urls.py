"""The pages of runs."""

from __future__ import annotations

from django.urls import path

from diaodu.web.runs import views

app_name = "runs"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.start, name="start"),
    path("live/", views.ask, name="ask"),
    path("live/<str:period>/again/", views.again, name="again"),
    path("<int:number>/", views.run, name="run"),
    path("<int:number>/progress/", views.progress, name="progress"),
    path("<int:number>/publish/", views.publish, name="publish"),
    path("<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:number>/files/<str:name>/", views.file, name="file"),
]
