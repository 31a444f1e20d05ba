"""Auto-debit: customers' mandates, and the debits instructed under them."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from apps.bills.domain.debits import DebitStatus, masked
from apps.bills.models.bills import Bill
from apps.bills.models.columns import money
from apps.bills.models.receipts import Repayment
from apps.core.models import DateRange, Record, one_of, positive
from apps.customers.models import Customer
from apps.customers.models.sealed import Sealed

ACCOUNT = "bills.account"


class Mandate(Record):
    """A customer's leave to debit an account, from the day agreed to the day before it was revoked."""

    personal_fields: ClassVar[tuple[str, ...]] = ("account_token",)
    personal_subject: ClassVar[str] = "customer"

    reference = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="mandates")
    bank = models.CharField(max_length=60)
    # What the bank knows the account by; never its whole number.
    account_token = Sealed(max_length=60, context=ACCOUNT, owner="customer_id", mask=masked)
    agreed_date = models.DateField()
    revoked_date = models.DateField(null=True, blank=True)  # the first day without it

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(revoked_date__isnull=True) | models.Q(revoked_date__gte=models.F("agreed_date")),
                name="bills_mandate_revoked_after_agreed",
            ),
            ExclusionConstraint(
                name="bills_mandate_no_overlap",
                expressions=(
                    ("customer", RangeOperators.EQUAL),
                    (DateRange("agreed_date", "revoked_date"), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Debit(Record):
    """An instruction to debit what an instalment demands, and what became of it."""

    personal_fields: ClassVar[tuple[str, ...]] = ("reason",)
    personal_subject: ClassVar[str] = "customer"

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="debits")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="debits", db_index=False)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="debits", db_index=False)
    number = models.PositiveSmallIntegerField()  # of the bill's instalment
    due_date = models.DateField()
    debit_date = models.DateField()
    amount = money()
    status = models.CharField(max_length=10, default=DebitStatus.INSTRUCTED)
    code = models.CharField(max_length=20, blank=True)  # the bank's, where it failed or bounced
    reason = models.CharField(max_length=200, blank=True)
    repayment = models.OneToOneField(Repayment, on_delete=models.PROTECT, null=True, blank=True, related_name="debit")

    class Meta:
        constraints = (
            positive("amount"),
            one_of("status", DebitStatus),
            models.UniqueConstraint(fields=("bill", "number"), name="bills_debit_once"),
            models.CheckConstraint(
                condition=~models.Q(status=DebitStatus.PAID) | models.Q(repayment__isnull=False),
                name="bills_debit_paid_has_repayment",
            ),
        )
        indexes = (models.Index(fields=("debit_date", "status"), name="bills_debit_date"),)

    def __str__(self) -> str:
        return self.reference
