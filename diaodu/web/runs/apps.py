"""The room's entry in Django."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "diaodu.web.runs"
    label = "runs"
    verbose_name = "运行"
    default_auto_field = "django.db.models.BigAutoField"
