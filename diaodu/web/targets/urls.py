"""The pages of this room."""

from django.urls import path

from diaodu.web.targets import views

app_name = "targets"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("compare/<int:year>/", views.compare, name="compare"),
    path("received/<int:year>/", views.received, name="received"),
    path("<int:id>/", views.version, name="version"),
    path("<int:id>/lock/", views.lock, name="lock"),
    path("<int:id>/rebase/", views.rebase, name="rebase"),
    path("<int:id>/drop/", views.drop, name="drop"),
    path("<int:id>/undo/", views.undo, name="undo"),
    path("<int:id>/<str:indicator>/<str:kind>/", views.grid, name="grid"),
    path("<int:id>/<str:indicator>/<str:kind>/save/", views.save, name="save"),
    path("<int:id>/<str:indicator>/<str:kind>/add/", views.add_line, name="add_line"),
    path("<int:id>/<str:indicator>/<str:kind>/paste/", views.paste, name="paste"),
    path("<int:id>/<str:indicator>/<str:kind>/undo/", views.undo_here, name="undo_here"),
    path("<int:id>/<str:indicator>/<str:kind>/spread/", views.spread, name="spread"),
    path("<int:id>/<str:indicator>/<str:kind>/excel/", views.as_excel, name="excel"),
    path("<int:id>/<str:indicator>/<str:kind>/upload/", views.upload, name="upload"),
    path("lines/<int:id>/", views.line, name="line"),
    path("lines/<int:id>/propose/", views.propose, name="propose"),
    path("lines/<int:id>/path/", views.path, name="path"),
    path("lines/<int:id>/margin/", views.margin, name="margin"),
    path("lines/<int:id>/part/", views.part, name="part"),
    path("lines/<int:id>/support/", views.support, name="support"),
    path("parts/<int:id>/drop/", views.drop_part, name="drop_part"),
    path("support/<int:id>/drop/", views.drop_support, name="drop_support"),
    path("proposals/<int:id>/take/", views.take, name="take"),
    path("proposals/<int:id>/decline/", views.decline, name="decline"),
]
