"""One external reference is one receipt, wherever it lies: booked for a customer or waiting in suspense."""

from collections.abc import Collection

from django.db import connection

from apps.bills.domain.suspense import SuspenseStatus
from apps.bills.models import Repayment, SuspenseItem

LOCK = 7_220_452  # advisory: bookings share it, whoever puts something into suspense or takes it out has it alone


def hold(*, alone: bool) -> None:
    """Until the end of the transaction no reference moves between the book and suspense; taken before any other lock.

    The two tables cannot share an index, so those who write into one while looking into the other take turns.
    """
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}(%s)", [LOCK])


def booked_or_parked(references: Collection[str]) -> set[str]:
    """Which of the references are a repayment's, or money's that was parked and is not a customer's by now."""
    parked = SuspenseItem.objects.filter(reference__in=references).exclude(status=SuspenseStatus.ASSIGNED)
    booked = Repayment.objects.filter(reference__in=references)
    return {*parked.values_list("reference", flat=True), *booked.values_list("reference", flat=True)}


def in_suspense(reference: str) -> SuspenseItem | None:
    """The money of that reference that was parked and is not a customer's repayment by now."""
    found = SuspenseItem.objects.filter(reference=reference)
    return found.exclude(status=SuspenseStatus.ASSIGNED).first()
