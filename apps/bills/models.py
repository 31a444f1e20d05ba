"""Products, purchases, bills, receipts and the ledger."""

from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.access.models import ApprovalRequest
from apps.bills.domain.kinds import Bucket, Component, EntryKind, Mode, ReceiptStatus
from apps.core.models import Record, not_negative, one_of, positive
from apps.customers.models import Customer


def money(**options: Any) -> "models.DecimalField[Decimal, Decimal]":
    """A column of money to the cent."""
    return models.DecimalField(max_digits=14, decimal_places=2, **options)


class Product(Record):
    """What we lend under; one currency each."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    mode = models.CharField(max_length=10)

    class Meta:
        constraints = (one_of("mode", Mode),)

    def __str__(self) -> str:
        return self.code


class ProductTerms(Record):
    """One version of a product's conditions; a contract keeps the version it was made under."""

    append_only: ClassVar[bool] = True

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveIntegerField()
    effective_date = models.DateField()
    deferred_days = models.PositiveSmallIntegerField(default=30)  # order mode: purchase date + this
    due_days = models.PositiveSmallIntegerField(default=9)  # statement mode: statement date + this
    statement_day = models.PositiveSmallIntegerField(default=1)  # 31: the last day of every month
    minimum_rate = models.DecimalField(max_digits=7, decimal_places=6, default=Decimal(1))  # share of a statement due
    monthly_fee_rate = models.DecimalField(max_digits=7, decimal_places=6, default=Decimal(0))  # flat, of the principal
    late_fee_daily_rate = models.DecimalField(max_digits=7, decimal_places=6, default=Decimal(0))
    late_fee_daily_floor = money(default=Decimal("0.01"))
    waterfall = ArrayField(models.CharField(max_length=20))  # components in the order in which money settles them

    class Meta:
        constraints = (models.UniqueConstraint(fields=("product", "version"), name="bills_productterms_version"),)


class Account(Record):
    """The standing of one customer: credit balance and days past due, kept beside the ledger."""

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="account")
    currency = models.CharField(max_length=3)
    balance = money(default=Decimal(0))  # all entries: what is owed, less the credit balance
    credit_balance = money(default=Decimal(0))
    oldest_due_date = models.DateField(null=True, blank=True)  # as of the last closed day; days past due derive from it
    bucket = models.CharField(max_length=3, default=Bucket.M0)  # as of the last closed day

    class Meta:
        constraints = (one_of("bucket", Bucket), not_negative("credit_balance"))
        indexes = (
            models.Index(
                fields=("oldest_due_date",),
                name="bills_account_overdue",
                condition=models.Q(oldest_due_date__isnull=False),
            ),
        )


class Bill(Record):
    """What is billed at once: a purchase (order mode) or a month's statement (statement mode)."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="bills")
    terms = models.ForeignKey(ProductTerms, on_delete=models.PROTECT, related_name="bills")
    issued_date = models.DateField()  # purchase date, or statement date
    principal = money()
    instalment_fee = money(default=Decimal(0))
    open_principal = money()
    open_instalment_fee = money(default=Decimal(0))
    open_late_fee = money(default=Decimal(0))
    open_cost = money(default=Decimal(0))
    late_fee_accrued = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    late_fee_posted = money(default=Decimal(0))  # of the accrued, already in the ledger
    accrued_through_date = models.DateField(null=True, blank=True)
    statement_balance = money(null=True, blank=True)  # statement mode: what the statement says is owed in all
    reported_status = models.SmallIntegerField(null=True, blank=True)  # months late as the issuer reported them
    settled_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            not_negative("principal"),
            not_negative("open_principal"),
            not_negative("open_instalment_fee"),
            not_negative("open_late_fee"),
            not_negative("open_cost"),
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

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="instalments")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    due_date = models.DateField()
    amount = money()
    fee = money(default=Decimal(0))  # of the amount; the rest is principal
    open_amount = money()
    met_date = models.DateField(null=True, blank=True)  # the effective date of the money that met it

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
            models.Index(fields=("due_date",), name="bills_instalment_due"),
        )


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
    remainder = money(default=Decimal(0))

    class Meta:
        constraints = (positive("amount"), not_negative("remainder"))
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


class LedgerEntry(Record):
    """The truth: a signed amount, never changed; what is owed goes up with plus and down with minus."""

    append_only: ClassVar[bool] = True

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="entries")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    component = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    amount = money()
    effective_date = models.DateField()
    booked_at = models.DateTimeField()
    repayment = models.ForeignKey(Repayment, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    waiver = models.ForeignKey(Waiver, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")

    class Meta:
        constraints = (
            one_of("component", Component),
            one_of("kind", EntryKind),
            models.CheckConstraint(condition=~models.Q(amount=0), name="bills_ledgerentry_not_zero"),
            models.CheckConstraint(
                condition=models.Q(bill__isnull=True, component=Component.CREDIT)
                | (models.Q(bill__isnull=False) & ~models.Q(component=Component.CREDIT)),
                name="bills_ledgerentry_credit_has_no_bill",
            ),
        )
        indexes = (
            models.Index(fields=("customer", "effective_date"), name="bills_entry_customer"),
            models.Index(fields=("bill",), name="bills_entry_bill"),
            models.Index(
                fields=("repayment",), name="bills_entry_repayment", condition=models.Q(repayment__isnull=False)
            ),
        )


class BucketMove(Record):
    """A customer's step from one bucket to another at the close of a day."""

    append_only: ClassVar[bool] = True

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="bucket_moves")
    moved_date = models.DateField()
    from_bucket = models.CharField(max_length=3)
    to_bucket = models.CharField(max_length=3)
    oldest_due_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("customer", "moved_date"), name="bills_bucketmove_once"),)
        indexes = (models.Index(fields=("moved_date",), name="bills_bucketmove_date"),)


class BillSnapshot(Record):
    """An open bill as it stood at a month's end, with the bucket it came from."""

    audit_exempt: ClassVar[str] = "derived from the ledger by the close; recomputed, never decided"

    month_end_date = models.DateField()
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="snapshots")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    days_past_due = models.PositiveIntegerField()
    bucket = models.CharField(max_length=3)
    previous_bucket = models.CharField(max_length=3, null=True, blank=True)  # noqa: DJ001 - absent is not empty
    open_principal = money()
    open_fees = money()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("bill", "month_end_date"), name="bills_billsnapshot_once"),
            one_of("bucket", Bucket),
        )
        indexes = (models.Index(fields=("month_end_date", "bucket"), name="bills_billsnapshot_bucket"),)
