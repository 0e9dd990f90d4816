"""What granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diaodu.web.site.settings.base")
application = get_wsgi_application()
