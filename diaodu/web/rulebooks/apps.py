"""The room's entry in Django."""

from django.apps import AppConfig


class RulebooksConfig(AppConfig):
    name = "diaodu.web.rulebooks"
    label = "rulebooks"
    verbose_name = "规则"
    default_auto_field = "django.db.models.BigAutoField"
