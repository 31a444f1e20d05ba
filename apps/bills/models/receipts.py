"""Money that came in, was given up or was paid out: repayments, refunds, waivers and payouts."""

from decimal import Decimal
from typing import ClassVar

from django.db import models

from apps.access.models import ApprovalRequest
from apps.bills.domain.kinds import ReceiptStatus, ReversalReason
from apps.bills.models.bills import Bill, Purchase
from apps.bills.models.columns import money
from apps.core.models import Record, not_negative, one_of, positive
from apps.customers.models import Customer


class Movement(Record):
    """What repayments, refunds and payouts share: the reference by which money is known once, and its reversal."""

    reference = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=10, default=ReceiptStatus.BOOKED, db_default=ReceiptStatus.BOOKED.value)
    reversed_date = models.DateField(null=True, blank=True)
    reversal_reason = models.CharField(max_length=10, blank=True, default="", db_default="")
    reversal_reference = models.CharField(max_length=40, null=True, blank=True, unique=True)

    class Meta:
        abstract = True


STANDING = (
    one_of("status", ReceiptStatus),
    models.CheckConstraint(
        condition=models.Q(status=ReceiptStatus.BOOKED, reversed_date=None, reversal_reason="")
        | models.Q(
            status=ReceiptStatus.REVERSED,
            reversed_date__isnull=False,
            reversal_reason__in=["", *(reason.value for reason in ReversalReason)],  # empty: before they were kept
        ),
        name="%(app_label)s_%(class)s_reversed",
    ),
)


class Repayment(Movement):
    """Money received from the customer, known by the payer's reference once and for all."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="repayments", db_index=False)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # payer's wish
    settles = models.BooleanField(default=False, db_default=False)  # the payer wants the bill settled before its time
    amount = money()
    received_date = models.DateField()
    channel = models.CharField(max_length=20, blank=True)
    remainder = money(default=Decimal(0))  # beyond the allocations: taken to the credit balance

    class Meta:
        constraints = (*STANDING, positive("amount"), not_negative("remainder"))
        indexes = (models.Index(fields=("customer", "received_date"), name="bills_repayment_customer"),)


class Refund(Movement):
    """Money given back by a merchant: it lowers what is owed for the purchase, the rest is credit balance."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="refunds", db_index=False)
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    amount = money()
    refunded_date = models.DateField()
    unbilled = money(default=Decimal(0), db_default=Decimal(0))  # of the amount: lowered what no statement had billed
    remainder = money(default=Decimal(0))

    class Meta:
        constraints = (
            *STANDING,
            positive("amount"),
            not_negative("remainder"),
            not_negative("unbilled"),
        )
        indexes = (models.Index(fields=("customer", "refunded_date"), name="bills_refund_customer"),)


class Waiver(Record):
    """A late fee given up under an approval, or all that is open on a bill when an arrangement is kept."""

    append_only: ClassVar[bool] = True

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="waivers")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="waivers")
    amount = money()
    waived_date = models.DateField()
    forgives = models.BooleanField(default=False, db_default=False)  # principal too
    approval = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="waivers")  # no other way

    class Meta:
        constraints = (
            positive("amount"),
            models.UniqueConstraint(
                fields=("approval",), condition=models.Q(forgives=False), name="bills_waiver_once_an_approval"
            ),
        )


class WaiverRevocation(Record):
    """A waiver that stands no longer, as if it had never been: the money for which it was given bounced."""

    append_only: ClassVar[bool] = True

    waiver = models.OneToOneField(Waiver, on_delete=models.PROTECT, related_name="revocation")
    revoked_date = models.DateField()


class Payout(Movement):
    """A credit balance paid back to the customer under an approval; reversed when the bank sends it back."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payouts")
    amount = money()
    paid_date = models.DateField()
    channel = models.CharField(max_length=20, blank=True)
    approval = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="payout")  # no other way

    class Meta:
        constraints = (*STANDING, positive("amount"))
