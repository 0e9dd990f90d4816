"""一张表 and the indicator pages."""

from __future__ import annotations

from django.urls import path

from diaodu.web.board import views
from diaodu.web.board.views import compare, maps, ranking, units, wall

app_name = "board"

urlpatterns = [
    path("", views.table, name="table"),
    path("body/", views.table_body, name="table_body"),
    path("below/", views.below, name="below"),
    path("export.xlsx", views.export, name="export"),
    path("calc/", views.calc, name="calc"),
    path("compare/", compare.compare, name="compare"),
    path("compare/export.xlsx", compare.compare_export, name="compare_export"),
    path("notes/", views.notes, name="notes"),
    path("notes/<int:id>/", views.note, name="note"),
    path("notes/<int:id>/reply/", views.note_reply, name="note_reply"),
    path("notes/<int:id>/edit/", views.note_edit, name="note_edit"),
    path("notes/<int:id>/delete/", views.note_delete, name="note_delete"),
    path("notes/<int:id>/close/", views.note_close, name="note_close"),
    path("notes/<int:id>/reopen/", views.note_reopen, name="note_reopen"),
    path("<str:org>/<str:indicator>/note/", views.note_new, name="note_new"),
    path("wall/", wall.wall, name="wall"),
    path("wall/choose/", wall.choose, name="wall_choose"),
    path("wall/body/", wall.wall_body, name="wall_body"),
    path("unit/<str:org>/", units.org, name="org"),
    path("ranking/", ranking.rankings, name="rankings"),
    path("ranking/<str:org>/<str:indicator>/", ranking.ranking, name="ranking"),
    path("multiples/", ranking.all_multiples, name="all_multiples"),
    path("multiples/<str:org>/", ranking.multiples_of_org, name="multiples_of_org"),
    path("multiples/<str:org>/<str:indicator>/", ranking.multiples, name="multiples"),
    path("maps/", maps.maps, name="maps"),
    path("maps/<int:id>/", maps.one_map, name="map"),
    path("maps/<int:id>/map.geojson", maps.map_file, name="map_file"),
    path("maps/<int:id>/withdraw/", maps.withdraw_map, name="withdraw_map"),
    path("<str:org>/<str:indicator>/", views.indicator, name="indicator"),
    path("<str:org>/<str:indicator>/why/", views.indicator_trace, name="indicator_trace"),
    path("<str:org>/<str:indicator>/export.xlsx", views.indicator_export, name="indicator_export"),
]
