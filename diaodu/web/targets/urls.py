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
    path("lines/<int:id>/", views.line, name="line"),
    path("lines/<int:id>/propose/", views.propose, name="propose"),
    path("proposals/<int:id>/take/", views.take, name="take"),
    path("proposals/<int:id>/decline/", views.decline, name="decline"),
]
