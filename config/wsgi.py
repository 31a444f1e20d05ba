"""The web application, `gunicorn config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import config.celery  # noqa: E402, F401 - the application that shared tasks belong to
from config.embedded import services  # noqa: E402

services.need(database=True, broker=True)
application = get_wsgi_application()
