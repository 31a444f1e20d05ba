"""Purchases, the bills that they make, and what of a bill is due when."""

from decimal import Decimal

from django.db import models

from apps.bills.models.columns import money
from apps.bills.models.products import ProductTerms
from apps.core.models import Record, not_negative, positive
from apps.customers.models import Customer


class Bill(Record):
    """What is billed at once: a purchase (order mode) or a month's statement (statement mode)."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="bills", db_index=False)
    terms = models.ForeignKey(ProductTerms, on_delete=models.PROTECT, related_name="bills")
    issued_date = models.DateField()  # purchase date, or statement date
    principal = money()
    instalment_fee = money(default=Decimal(0))
    open_principal = money()
    open_instalment_fee = money(default=Decimal(0))
    open_late_fee = money(default=Decimal(0))
    open_interest = money(default=Decimal(0), db_default=Decimal(0))
    open_cost = money(default=Decimal(0))
    late_fee_accrued = models.DecimalField(
        max_digits=18, decimal_places=6, default=Decimal(0)
    )  # as of the last posting
    late_fee_posted = money(default=Decimal(0))  # of the accrued, already in the ledger
    interest_accrued = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0), db_default=Decimal(0))
    interest_posted = money(default=Decimal(0), db_default=Decimal(0))
    accrued_through_date = models.DateField(null=True, blank=True)  # what has accrued since derives: queries.fees
    statement_balance = money(null=True, blank=True)  # statement mode: what the statement says is owed in all
    reported_status = models.SmallIntegerField(null=True, blank=True)  # months late as the issuer reported them
    settled_date = models.DateField(null=True, blank=True)
    written_off_date = models.DateField(null=True, blank=True)  # nothing is open, and it is not settled

    class Meta:
        constraints = (
            not_negative("principal"),
            not_negative("open_principal"),
            not_negative("open_instalment_fee"),
            not_negative("open_late_fee"),
            not_negative("open_interest"),
            not_negative("open_cost"),
            models.CheckConstraint(
                condition=models.Q(written_off_date__isnull=True)
                | models.Q(
                    settled_date__isnull=True,
                    open_principal=0,
                    open_instalment_fee=0,
                    open_late_fee=0,
                    open_interest=0,
                    open_cost=0,
                ),
                name="bills_bill_nothing_open_once_written_off",
            ),
        )
        indexes = (
            models.Index(fields=("customer", "issued_date"), name="bills_bill_customer"),
            models.Index(fields=("customer",), name="bills_bill_open", condition=models.Q(settled_date__isnull=True)),
        )

    def __str__(self) -> str:
        return self.reference


class Purchase(Record):
    """Goods bought on credit; in statement mode it waits for the statement that bills it."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="purchases")
    terms = models.ForeignKey(ProductTerms, on_delete=models.PROTECT, related_name="purchases")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="purchases")
    purchased_date = models.DateField()
    amount = money()
    instalments = models.PositiveSmallIntegerField(default=1)
    merchant = models.CharField(max_length=100, blank=True)
    order_reference = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (positive("amount"),)


class Instalment(Record):
    """What must be paid by a date: a share of a purchase, or the minimum of a statement."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="instalments", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    due_date = models.DateField()
    amount = money()
    fee = money(default=Decimal(0))  # of the amount; the rest is principal
    grace_days = models.PositiveSmallIntegerField(db_default=0)  # the contract's: met within them is met in time
    open_amount = money()
    met_date = models.DateField(null=True, blank=True)  # the effective date of what met it: money, or an agreement
    restructuring = models.ForeignKey(  # the agreement that made it
        "bills.Restructuring", on_delete=models.PROTECT, null=True, blank=True, related_name="made", db_index=False
    )
    replaced_by = models.ForeignKey(  # the agreement that let what was open of it fall due anew
        "bills.Restructuring", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced", db_index=False
    )

    class Meta:
        constraints = (
            not_negative("open_amount"),
            models.UniqueConstraint(fields=("bill", "number"), name="bills_instalment_number"),
            models.CheckConstraint(
                condition=models.Q(open_amount=0, met_date__isnull=False)
                | models.Q(open_amount__gt=0, met_date__isnull=True),
                name="bills_instalment_met",
            ),
        )
        indexes = (
            models.Index(fields=("customer", "due_date"), name="bills_instalment_customer"),
            models.Index(
                fields=("due_date",),
                name="bills_instalment_unmet",
                include=("customer", "grace_days", "open_amount"),
                condition=models.Q(met_date__isnull=True),
            ),
        )
