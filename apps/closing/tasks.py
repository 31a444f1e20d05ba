"""The close as the scheduler calls it."""

from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from apps.closing import queries
from apps.closing.actions import days
from apps.closing.domain import order
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused


@shared_task(name="closing.close_what_is_over")
def close_what_is_over() -> int:
    """Close the business days that are over; one query when there are none, and nothing while somebody else closes."""
    now = timezone.now()
    last = order.over(queries.last_closed_date(), now.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    if last is None:
        return 0
    try:
        return len(days.close_through(last, by=System("close"), at=now).dates)
    except Refused as refusal:
        if refusal.code != "closed_elsewhere":
            raise
        return 0
