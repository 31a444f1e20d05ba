"""What is done about cases by the clock."""

from celery import shared_task
from django.utils import timezone

from apps.cases.actions import roster
from apps.core.domain.actor import System


@shared_task(name="cases.assign_what_waits")
def assign_what_waits() -> int:
    """Give the waiting cases to the roster, before the day's work begins; answers how many."""
    _works, plan = roster.assign(by=System("assignment"), at=timezone.now())
    return len(plan.given)
