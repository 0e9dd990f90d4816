"""The pages of this room."""

from django.urls import path

from diaodu.web.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("<int:id>/", views.meeting, name="meeting"),
    path("<int:id>/edit/", views.edit, name="edit"),
    path("<int:id>/open/", views.open_meeting, name="open"),
    path("<int:id>/close/", views.close, name="close"),
    path("<int:id>/cancel/", views.call_off, name="call_off"),
    path("<int:id>/word/", views.word, name="word"),
    path("<int:id>/excel/", views.excel_list, name="excel"),
    path("<int:id>/agenda/new/", views.item_new, name="item_new"),
    path("<int:id>/agenda/speakers/", views.call_speakers, name="call_speakers"),
    path("<int:id>/papers/", views.ask, name="ask"),
    path("<int:id>/minutes/", views.minutes, name="minutes"),
    path("agenda/<int:id>/", views.item, name="item"),
    path("agenda/<int:id>/drop/", views.drop_item, name="drop_item"),
    path("papers/<int:id>/", views.paper, name="paper"),
    path("papers/<int:id>/hand-in/", views.hand_in, name="hand_in"),
    path("papers/<int:id>/return/", views.send_back, name="send_back"),
    path("papers/<int:id>/drop/", views.drop_paper, name="drop_paper"),
    path("lines/<int:id>/", views.line, name="line"),
    path("lines/<int:id>/strike/", views.strike, name="strike"),
    path("lines/<int:id>/outcome/", views.settle, name="settle"),
]
