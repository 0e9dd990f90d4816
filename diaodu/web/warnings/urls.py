"""The pages of this room."""

from django.urls import path

from diaodu.web.warnings import views

app_name = "warnings"
urlpatterns = [
    path("", views.home, name="home"),
    path("list.xlsx", views.export, name="export"),
    path("summary/", views.summary, name="summary"),
    path("of/<str:org>/<str:indicator>/", views.of_figure, name="of_figure"),
    path("<int:id>/", views.warning, name="warning"),
    path("<int:id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<int:id>/cause/", views.explain, name="explain"),
    path("<int:id>/false-alarm/", views.false_alarm, name="false_alarm"),
    path("<int:id>/restore/", views.restore, name="restore"),
]
