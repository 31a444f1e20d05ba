"""What we lend under: products and the versions of their conditions."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.bills.domain.kinds import Mode
from apps.bills.models.columns import money
from apps.core.models import Record, one_of


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
