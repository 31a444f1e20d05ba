"""Money that waits until somebody says whose it is."""

from typing import ClassVar

from django.db import models

from apps.bills.domain.suspense import SuspenseStatus
from apps.bills.models.columns import money
from apps.bills.models.receipts import Repayment
from apps.core.models import Record, one_of, positive, together
from apps.customers.domain import masking
from apps.customers.models.sealed import Sealed

PAYER = "bills.payer"  # of money in suspense, and of a row on its way there
PURPOSE = "bills.purpose"


class SuspenseItem(Record):
    """Money from a payer whom we do not know: it waits, becomes a customer's repayment, or goes back."""

    wall: ClassVar[str] = "office"
    personal_fields: ClassVar[tuple[str, ...]] = ("payer", "purpose")

    reference = models.CharField(max_length=40, unique=True)  # no repayment has it unless it was assigned from here
    # As the bank or the channel names whoever paid.
    payer = Sealed(max_length=200, blank=True, context=PAYER, owner="reference", mask=masking.name)
    purpose = Sealed(max_length=200, blank=True, context=PURPOSE, owner="reference")  # what the payer wrote
    amount = money()
    currency = models.CharField(max_length=3)
    received_date = models.DateField()
    channel = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, default=SuspenseStatus.WAITING)
    repayment = models.OneToOneField(
        Repayment, on_delete=models.PROTECT, null=True, blank=True, related_name="suspense_item"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - absent is not empty
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            positive("amount"),
            one_of("status", SuspenseStatus),
            together("decided_at", "decided_by"),
            models.CheckConstraint(
                condition=models.Q(status=SuspenseStatus.ASSIGNED, repayment__isnull=False)
                | (~models.Q(status=SuspenseStatus.ASSIGNED) & models.Q(repayment__isnull=True)),
                name="bills_suspenseitem_assigned",
            ),
            models.CheckConstraint(
                condition=models.Q(status=SuspenseStatus.WAITING, decided_at__isnull=True)
                | (~models.Q(status=SuspenseStatus.WAITING) & models.Q(decided_at__isnull=False)),
                name="bills_suspenseitem_decided",
            ),
        )
        indexes = (
            models.Index(
                fields=("received_date", "id"),
                name="bills_suspense_waiting",
                condition=models.Q(status=SuspenseStatus.WAITING),
            ),
        )

    def __str__(self) -> str:
        return self.reference
