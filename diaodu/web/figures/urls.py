"""The pages of figures."""

from __future__ import annotations

from django.urls import path

from diaodu.web.figures.views import changing, looking

app_name = "figures"
urlpatterns = [
    path("", looking.home, name="home"),
    path("export/", looking.export, name="export"),
    path("exports/", looking.exports, name="exports"),
    path("exports/<int:id>/", looking.export_file, name="export_file"),
    path("gaps/", looking.gaps, name="gaps"),
    path("of/<int:id>/", looking.figure, name="figure"),
    path("from/<str:obs_id>/", looking.by_obs_id, name="by_obs_id"),
    path("of/<int:id>/correct/", changing.correct, name="correct"),
    path("imports/", changing.imports, name="imports"),
    path("imports/new/", changing.new_import, name="new_import"),
    path("imports/<int:id>/", changing.batch, name="batch"),
    path("imports/<int:id>/progress/", changing.progress, name="progress"),
    path("imports/files/<int:id>/", changing.file, name="file"),
]
