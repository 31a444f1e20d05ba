"""What the book needs from time to time."""

from celery import shared_task
from django.utils import timezone

from apps.audit.actions import installation
from apps.core.domain.actor import System


@shared_task(name="audit.prepare_partitions")
def prepare_partitions() -> int:
    """Make the partitions of the months to come; once a day is plenty."""
    return installation.prepare_partitions(by=System("audit"), at=timezone.now())
