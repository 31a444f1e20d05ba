"""Money that came in or was given up: repayments, refunds and waivers."""

from decimal import Decimal
from typing import ClassVar

from django.db import models

from apps.access.models import ApprovalRequest
from apps.bills.domain.kinds import ReceiptStatus
from apps.bills.models.bills import Bill, Purchase
from apps.bills.models.columns import money
from apps.core.models import Record, not_negative, one_of, positive
from apps.customers.models import Customer


class Repayment(Record):
    """Money received from the customer, known by the payer's reference once and for all."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="repayments")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # payer's wish
    amount = money()
    received_date = models.DateField()
    channel = models.CharField(max_length=20, blank=True)
    remainder = money(default=Decimal(0))  # beyond the allocations: taken to the credit balance
    status = models.CharField(max_length=10, default=ReceiptStatus.BOOKED)
    reversed_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (positive("amount"), not_negative("remainder"), one_of("status", ReceiptStatus))
        indexes = (models.Index(fields=("customer", "received_date"), name="bills_repayment_customer"),)


class Refund(Record):
    """Money given back by a merchant: it lowers what is owed, the rest is credit balance."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="refunds")
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    amount = money()
    refunded_date = models.DateField()
    unbilled = money(default=Decimal(0))  # of the amount: lowered the purchase before a statement billed it
    remainder = money(default=Decimal(0))

    class Meta:
        constraints = (positive("amount"), not_negative("unbilled"), not_negative("remainder"))
        indexes = (models.Index(fields=("customer", "refunded_date"), name="bills_refund_customer"),)


class Waiver(Record):
    """A late fee given up under an approval."""

    append_only: ClassVar[bool] = True

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="waivers")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="waivers")
    amount = money()
    waived_date = models.DateField()
    approval = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="waiver")  # no other way

    class Meta:
        constraints = (positive("amount"),)
