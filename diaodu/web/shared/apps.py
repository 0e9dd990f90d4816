"""The room's entry in Django."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "diaodu.web.shared"
    label = "shared"
    verbose_name = "网站底层"
    default_auto_field = "django.db.models.BigAutoField"
