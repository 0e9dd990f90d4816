"""As base, with what would only slow the tests left out."""

import atexit
import os
import shutil
import tempfile

if "DIAODU_HOME" not in os.environ:
    os.environ["DIAODU_HOME"] = tempfile.mkdtemp(prefix="diaodu-test-")
    atexit.register(shutil.rmtree, os.environ["DIAODU_HOME"], ignore_errors=True)

from diaodu.web.site.settings.base import *  # noqa: F403
from diaodu.web.site.settings.base import DATABASES, DIAODU_HOME, MIDDLEWARE

MIDDLEWARE = [one for one in MIDDLEWARE if "whitenoise" not in one]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DATABASES["default"]["CONN_MAX_AGE"] = 0

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # On disk, as at a desk: two threads at one database in memory refuse each other at once
    # instead of waiting. Nothing of it has to survive, so nothing waits for the disk.
    DATABASES["default"]["TEST"] = {"NAME": str(DIAODU_HOME / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
