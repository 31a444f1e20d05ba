"""The web application, `gunicorn config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import config.celery  # noqa: F401 - the application that shared tasks belong to
from config.embedded import services

services.need(database=True, broker=True)
application = get_wsgi_application()
