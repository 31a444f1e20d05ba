"""How customers stand: balances, buckets and the moves between them."""

from decimal import Decimal
from typing import ClassVar

from django.db import models

from apps.bills.domain.kinds import Bucket
from apps.bills.models.columns import money
from apps.core.models import Record, one_of
from apps.customers.models import Customer


class Account(Record):
    """The standing of one customer: credit balance and days past due, kept beside the ledger."""

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="account")
    currency = models.CharField(max_length=3)
    balance = money(default=Decimal(0))  # all entries: what is owed, less the credit balance
    credit_balance = money(default=Decimal(0))  # below zero: more was paid out than later facts say there was
    oldest_due_date = models.DateField(null=True, blank=True)  # as of the last closed day
    late_since_date = models.DateField(
        null=True, blank=True
    )  # the same, moved on by paused days: days past due count from it
    bucket = models.CharField(max_length=3, default=Bucket.M0)  # as of the last closed day
    changed_from_date = models.DateField(null=True, blank=True)  # the closed past that the next close states anew
    latest_date = models.DateField(null=True, blank=True)  # the last day that an entry or a met instalment speaks of

    class Meta:
        constraints = (one_of("bucket", Bucket),)
        indexes = (
            models.Index(
                fields=("late_since_date",),
                name="bills_account_late",
                condition=models.Q(late_since_date__isnull=False),
            ),
            models.Index(
                fields=("changed_from_date",),
                name="bills_account_changed",
                condition=models.Q(changed_from_date__isnull=False),
            ),
        )


class BucketMove(Record):
    """A customer's step from one bucket to another at the close of a day."""

    append_only: ClassVar[bool] = True

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="bucket_moves", db_index=False)
    moved_date = models.DateField()
    from_bucket = models.CharField(max_length=3)
    to_bucket = models.CharField(max_length=3)
    oldest_due_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("customer", "moved_date"), name="bills_bucketmove_once"),)
        indexes = (models.Index(fields=("moved_date",), name="bills_bucketmove_date"),)
