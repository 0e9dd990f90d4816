"""The room's entry in Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "diaodu.web.people"
    label = "people"
    verbose_name = "单位与人员"
    default_auto_field = "django.db.models.BigAutoField"
