"""The pages of this room."""

from django.urls import path

from diaodu.web.duties import views
from diaodu.web.duties.views import of_org

app_name = "duties"
urlpatterns = [
    path("", views.home, name="home"),
    path("list.xlsx", views.export, name="export"),
    path("facts.json", views.facts, name="facts"),
    path("boards/", views.boards, name="boards"),
    path("new/", views.new, name="new"),
    path("new/persons/", views.persons, name="persons"),
    path("many/", views.many, name="many"),
    path("many/template.xlsx", views.template, name="template"),
    path("many/<int:id>/", views.upload, name="upload"),
    path("quotas/", views.quotas, name="quotas"),
    path("quotas/new/", views.new_quota, name="new_quota"),
    path("quotas/<int:id>/", views.quota, name="quota"),
    path("quotas/<int:id>/end/", views.end_quota, name="end_quota"),
    path("of/<str:org>/", of_org.of_org, name="of_org"),
    path("of/<str:org>/<str:indicator>/", views.of_figure, name="of_figure"),
    path("chain/<str:org>/<str:indicator>/", views.chain, name="chain"),
    path("summary/", views.summary, name="summary"),
    path("<int:id>/", views.duty, name="duty"),
    path("<int:id>/amend/", views.amend, name="amend"),
    path("<int:id>/do/<slug:act>/", views.do, name="do"),
    path("<int:id>/proofs/", views.hand_in, name="hand_in"),
    path("proofs/<int:id>/", views.proof, name="proof"),
    path("proofs/<int:id>/preview/", views.preview, name="preview"),
    path("proofs/<int:id>/back/", views.take_back, name="take_back"),
]
