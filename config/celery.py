"""The jobs' application: `celery -A config.celery worker` and `celery -A config.celery beat`."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init

from config.embedded import services

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("whiteslip", task_cls="apps.audit.middleware:Job")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# What happens by the clock.
app.conf.beat_schedule = {
    "deliver-outbox": {"task": "outreach.deliver_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "expire-requests": {"task": "access.expire_requests", "schedule": 300.0, "options": {"expires": 300}},
    "mind-emergencies": {"task": "access.mind_emergencies", "schedule": 30.0, "options": {"expires": 30}},
    "clear-sessions": {"task": "access.clear_sessions", "schedule": 3600.0, "options": {"expires": 3600}},
    "close-what-is-over": {"task": "closing.close_what_is_over", "schedule": 60.0, "options": {"expires": 60}},
    "assign-what-waits": {"task": "cases.assign_what_waits", "schedule": crontab(hour=23, minute=30)},  # UTC
    "take-what-waits": {"task": "bills.take_what_waits", "schedule": 60.0, "options": {"expires": 60}},
    "export-what-waits": {"task": "access.export_what_waits", "schedule": 60.0, "options": {"expires": 60}},
    "simulate-what-waits": {"task": "cases.simulate_what_waits", "schedule": 60.0, "options": {"expires": 60}},
    "seal-the-book": {"task": "audit.seal", "schedule": 2.0, "options": {"expires": 2}},
    "verify-the-book": {"task": "audit.verify", "schedule": crontab(hour=18, minute=30)},  # UTC: night in the east
    "verify-what-waits": {"task": "audit.verify_what_waits", "schedule": 60.0, "options": {"expires": 60}},
    "anchor-the-book": {"task": "audit.anchor", "schedule": 30.0, "options": {"expires": 30}},
    "watch-the-book": {"task": "audit.watch", "schedule": 60.0, "options": {"expires": 60}},
    "prepare-audit-partitions": {"task": "audit.prepare_partitions", "schedule": 86_400.0},
}


@celeryd_init.connect
@beat_init.connect
def have_servers(**_: object) -> None:
    """A worker and beat rely on the database and the broker for as long as they live."""
    services.need(database=True, broker=True)
