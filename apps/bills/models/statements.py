"""What each statement billed."""

from decimal import Decimal
from typing import ClassVar

from django.db import models

from apps.bills.models.bills import Bill, Purchase
from apps.bills.models.columns import money
from apps.core.models import Record, not_negative


class StatementLine(Record):
    """A share of a purchase on the statement that billed it."""

    append_only: ClassVar[bool] = True

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveSmallIntegerField()
    principal = money()
    fee = money(default=Decimal(0))

    class Meta:
        constraints = (
            not_negative("principal"),
            not_negative("fee"),
            models.UniqueConstraint(fields=("purchase", "number"), name="bills_statementline_once"),
        )
