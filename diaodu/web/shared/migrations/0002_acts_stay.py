"""The database refuses to change or drop acts."""

from django.db import migrations

from diaodu.web.shared import triggers


def install(apps, editor):
    triggers.install(editor)


def remove(apps, editor):
    triggers.remove(editor)


class Migration(migrations.Migration):
    dependencies = [("shared", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
