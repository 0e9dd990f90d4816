"""The pages of this room."""

from django.urls import path

from diaodu.web.intake import views

app_name = "intake"
_FORM = "<str:period>/<str:form>/<str:reporter>/"

urlpatterns = [
    path("", views.home, name="home"),
    path("export/", views.export, name="export"),
    path("remind/", views.remind, name="remind"),
    path(_FORM, views.sheet, name="form"),
    path(_FORM + "save/", views.save, name="save"),
    path(_FORM + "undo/", views.undo, name="undo"),
    path(_FORM + "none/", views.none, name="none"),
    path(_FORM + "explain/", views.explain, name="explain"),
    path(_FORM + "submit/", views.submit, name="submit"),
    path(_FORM + "sign/", views.sign, name="sign"),
    path(_FORM + "return/", views.send_back, name="send_back"),
    path(_FORM + "accept/", views.accept, name="accept"),
    path(_FORM + "reopen/", views.reopen, name="reopen"),
    path(_FORM + "except/", views.let_in, name="let_in"),
    path(_FORM + "download/", views.download, name="download"),
    path(_FORM + "upload/", views.upload, name="upload"),
    path(_FORM + "uploads/<int:id>/", views.reading, name="reading"),
    path(_FORM + "uploads/<int:id>/take/", views.take, name="take"),
    path(_FORM + "uploads/<int:id>/annotated/", views.annotated, name="annotated"),
]
