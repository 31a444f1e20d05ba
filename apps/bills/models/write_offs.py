"""Bills given up as lost."""

from django.db import models

from apps.access.models import ApprovalRequest
from apps.bills.models.bills import Bill
from apps.bills.models.columns import money
from apps.core.models import Record, positive, together
from apps.customers.models import Customer


class WriteOff(Record):
    """A bill written off under an approval; what went out of it, and what came back, is in the ledger."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="write_offs")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="write_offs")
    amount = money()  # as it was decided
    written_off_date = models.DateField()
    approval = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="write_off")  # no other way
    reversed_date = models.DateField(null=True, blank=True)  # then it is as if it had never been
    reversal = models.OneToOneField(
        ApprovalRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_write_off"
    )

    class Meta:
        constraints = (
            positive("amount"),
            together("reversed_date", "reversal"),
            models.UniqueConstraint(
                fields=("bill",), condition=models.Q(reversed_date__isnull=True), name="bills_writeoff_one_stands"
            ),
        )

    def __str__(self) -> str:
        return self.reference
