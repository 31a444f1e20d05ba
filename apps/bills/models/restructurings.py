"""Agreements by which what is open falls due anew."""

from decimal import Decimal

from django.db import models

from apps.access.models import ApprovalRequest
from apps.bills.domain.aging import FiveClass
from apps.bills.domain.kinds import RestructuringKind, RestructuringStatus
from apps.bills.models.bills import Bill
from apps.bills.models.columns import money
from apps.core.models import Record, not_negative, one_of
from apps.customers.models import Customer


class Restructuring(Record):
    """An agreement that what is open on a bill, or on all open bills of a customer, falls due anew."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="restructurings")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="restructurings")
    kind = models.CharField(max_length=10)
    agreed_date = models.DateField()
    first_due_date = models.DateField()  # nothing that it touches falls due before
    instalments = models.PositiveSmallIntegerField(default=1)
    shift_days = models.PositiveSmallIntegerField(default=0)
    shift_months = models.PositiveSmallIntegerField(default=0)
    monthly_fee_rate = models.DecimalField(max_digits=7, decimal_places=6, default=Decimal(0))  # of the open principal
    amount = money()  # that was open when it was agreed
    class_2023 = models.CharField(max_length=20)  # on the eve of the agreement, as are the next two
    class_card = models.CharField(max_length=20)
    stage = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, default=RestructuringStatus.ACTIVE)
    booked_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    approval = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="restructuring")

    class Meta:
        constraints = (
            one_of("kind", RestructuringKind),
            one_of("status", RestructuringStatus),
            one_of("class_2023", FiveClass),
            one_of("class_card", FiveClass),
            not_negative("monthly_fee_rate"),
            models.CheckConstraint(
                condition=models.Q(status=RestructuringStatus.ACTIVE, undone_at__isnull=True)
                | models.Q(status=RestructuringStatus.UNDONE, undone_at__isnull=False),
                name="bills_restructuring_undone",
            ),
            models.CheckConstraint(
                condition=models.Q(first_due_date__gte=models.F("agreed_date")),
                name="bills_restructuring_first_due",
            ),
            models.CheckConstraint(
                condition=models.Q(instalments__gte=1, instalments__lte=60), name="bills_restructuring_instalments"
            ),
            models.UniqueConstraint(
                fields=("customer", "bill", "agreed_date"),
                condition=models.Q(status=RestructuringStatus.ACTIVE),
                nulls_distinct=False,
                name="bills_restructuring_once_a_day",
            ),
        )
        indexes = (models.Index(fields=("customer", "agreed_date"), name="bills_restructuring_customer"),)

    def __str__(self) -> str:
        return self.reference
