"""The room's entry in Django."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "diaodu.web.figures"
    label = "figures"
    verbose_name = "数据"
    default_auto_field = "django.db.models.BigAutoField"
