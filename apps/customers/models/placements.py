"""Which customers are placed with an agency."""

from django.db import models

from apps.access.models import Agency, ApprovalRequest
from apps.core.models import Record, together
from apps.customers.models.people import Customer


class Placement(Record):
    """A customer placed with an agency under an approval, until recalled: for so long its people see the customer."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="placements")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="placements", db_index=False)
    approval = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="placement")  # no other way
    placed_at = models.DateTimeField()
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - absent is not empty
    reason = models.CharField(max_length=500, blank=True)  # of the recall

    class Meta:
        constraints = (
            together("recalled_at", "recalled_by"),
            models.UniqueConstraint(
                fields=("customer",),
                condition=models.Q(recalled_at__isnull=True),
                name="customers_placement_one_agency",
            ),
        )
        indexes = (
            models.Index(
                fields=("agency", "customer"),
                name="customers_placement_live",
                condition=models.Q(recalled_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.reference
