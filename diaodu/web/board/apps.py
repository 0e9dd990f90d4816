"""The room's entry in Django."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "diaodu.web.board"
    label = "board"
    verbose_name = "监测"
    default_auto_field = "django.db.models.BigAutoField"
