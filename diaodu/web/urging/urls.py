"""The pages of this room."""

from django.urls import path

from diaodu.web.urging import views

app_name = "urging"
urlpatterns = [
    path("", views.home, name="home"),
    path("read/", views.read, name="read"),
    path("steps/", views.steps, name="steps"),
    path("steps/<int:id>/", views.step, name="step"),
    path("steps/<int:id>/put-off/", views.put_off, name="put_off"),
    path("pass/", views.pass_now, name="pass"),
    path("letters/", views.letters, name="letters"),
    path("letters/<int:id>/", views.letter, name="letter"),
    path("letters/<int:id>/void/", views.void, name="void"),
    path("deliveries/", views.deliveries, name="deliveries"),
    path("deliveries/<int:id>/again/", views.again, name="again"),
    path("of/<str:org>/", views.of_org, name="of_org"),
    path("duties/<int:duty>/", views.under, name="under"),
    path("duties/<int:duty>/letter/", views.handed, name="handed"),
    path("duties/<int:duty>/relief/", views.relief, name="relief"),
]
