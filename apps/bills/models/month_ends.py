"""What is kept of a month's end: open bills as they stood, and what they add up to."""

from typing import ClassVar

from django.db import models

from apps.bills.domain.aging import FiveClass
from apps.bills.domain.kinds import Bucket
from apps.bills.models.bills import Bill
from apps.bills.models.columns import money
from apps.bills.models.products import Product
from apps.core.models import Record, one_of
from apps.customers.models import Customer


class BillSnapshot(Record):
    """An open bill as it stood at a month's end, with the bucket it came from and its classes under each rule."""

    audit_exempt: ClassVar[str] = "derived from the ledger by the close; recomputed, never decided"

    month_end_date = models.DateField()
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="snapshots", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    days_past_due = models.PositiveIntegerField()
    bucket = models.CharField(max_length=3)
    previous_bucket = models.CharField(max_length=3, null=True, blank=True)  # noqa: DJ001 - absent is not empty
    class_2023 = models.CharField(max_length=20)  # no better than an observation lets it be, as are the next two
    class_card = models.CharField(max_length=20)
    stage = models.PositiveSmallIntegerField()
    open_principal = money()
    open_fees = money()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("bill", "month_end_date"), name="bills_billsnapshot_once"),
            one_of("bucket", Bucket),
            one_of("class_2023", FiveClass),
            one_of("class_card", FiveClass),
        )
        indexes = (models.Index(fields=("month_end_date", "bucket"), name="bills_billsnapshot_bucket"),)


class MonthRollUp(Record):
    """How many bills of a product went from one bucket to another between two month-ends, and what was open on them."""

    wall: ClassVar[str] = "office"
    audit_exempt: ClassVar[str] = "added up from the snapshots by the close; recomputed, never decided"

    month_end_date = models.DateField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="roll_ups", db_index=False)
    from_bucket = models.CharField(max_length=3, blank=True)  # empty: not open yet
    to_bucket = models.CharField(max_length=3, blank=True)  # empty: not open any more
    bills = models.IntegerField()
    balance_before = money()
    balance = money()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("month_end_date", "product", "from_bucket", "to_bucket"), name="bills_monthrollup_once"
            ),
        )


class ClassRollUp(Record):
    """How many bills of a product were open at a month's end in a bucket and its classes, and what was open on them."""

    wall: ClassVar[str] = "office"
    audit_exempt: ClassVar[str] = "added up from the snapshots by the close; recomputed, never decided"

    month_end_date = models.DateField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="class_roll_ups", db_index=False)
    bucket = models.CharField(max_length=3)
    class_2023 = models.CharField(max_length=20)
    class_card = models.CharField(max_length=20)
    stage = models.PositiveSmallIntegerField()
    bills = models.IntegerField()
    open_principal = money()
    open_fees = money()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("month_end_date", "product", "bucket", "class_2023", "class_card", "stage"),
                name="bills_classrollup_once",
            ),
        )
