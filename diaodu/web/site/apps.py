"""The room's entry in Django."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "diaodu.web.site"
    label = "site"
    verbose_name = "本站"
    default_auto_field = "django.db.models.BigAutoField"
