"""The verifications that were asked for, and what each found."""

import datetime as dt

from django.db.models import QuerySet

from apps.audit.models import Verification

PATIENCE = dt.timedelta(hours=6)  # longer than a verification of any book takes: whoever ran it has died


def all_of_them() -> QuerySet[Verification]:
    """Every verification, the last first."""
    return Verification.objects.select_related("progress").order_by("-pk")


def unfinished(at: dt.datetime) -> Verification | None:
    """The one that waits or runs, if any."""
    return all_of_them().filter(finished_at=None, asked_at__gt=at - PATIENCE).first()


def by_number(number: int) -> Verification:
    """The verification of that number."""
    return all_of_them().get(pk=number)


def waiting(at: dt.datetime) -> Verification | None:
    """The one that was asked for a minute ago and that nobody has begun."""
    since = at - dt.timedelta(minutes=1)
    return all_of_them().filter(started_at=None, finished_at=None, asked_at__lte=since).first()


def abandoned(at: dt.datetime) -> QuerySet[Verification]:
    """Those that never came to an end."""
    return Verification.objects.filter(finished_at=None, asked_at__lte=at - PATIENCE)
