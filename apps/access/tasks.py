"""What the scheduler does for approvals."""

from celery import shared_task
from django.utils import timezone

from apps.access.actions import approvals
from apps.core.domain.actor import System


@shared_task(name="access.expire_requests")
def expire_requests() -> int:
    """End the requests that nobody decided in time; returns how many."""
    return approvals.expire(by=System("approvals"), at=timezone.now())
