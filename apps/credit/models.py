"""Credit lines."""

from django.db import models

from apps.access.models import ApprovalRequest
from apps.core.models import Record, not_negative
from apps.customers.models import Customer


class CreditLine(Record):
    """How much a customer may owe at once."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="credit_line")
    currency = models.CharField(max_length=3)
    limit = models.DecimalField(max_digits=14, decimal_places=2)
    opened_date = models.DateField()
    approval = models.OneToOneField(  # of the limit; none where an import brought it
        ApprovalRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_line"
    )
    operation = models.BigIntegerField(null=True, blank=True, editable=False)  # that opened it, noted by the database

    class Meta:
        constraints = (not_negative("limit"),)
