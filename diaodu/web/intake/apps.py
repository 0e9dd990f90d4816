"""The room's entry in Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "diaodu.web.intake"
    label = "intake"
    verbose_name = "报送"
    default_auto_field = "django.db.models.BigAutoField"
