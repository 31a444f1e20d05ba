"""What we lend under: products, the versions of their conditions, and the caps on what they may cost."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.bills.domain.kinds import EarlySettlement, Licence, Mode
from apps.bills.domain.terms import INSTALMENT_COUNTS
from apps.bills.models.columns import money
from apps.core.models import Record, not_negative, one_of, positive


class Product(Record):
    """What we lend under; one currency each."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    mode = models.CharField(max_length=10)
    licence = models.CharField(max_length=20, default=Licence.MICRO_LOAN)  # which cap holds

    class Meta:
        constraints = (one_of("mode", Mode), one_of("licence", Licence))

    def __str__(self) -> str:
        return self.code


def _offered() -> list[int]:
    return list(INSTALMENT_COUNTS)


def _rate() -> "models.DecimalField[Decimal, Decimal]":
    """A share to six decimals, 0.0005 for 0.05 %."""
    return models.DecimalField(max_digits=7, decimal_places=6, default=Decimal(0))


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
    monthly_fee_rate = _rate()  # flat, of the principal
    late_fee_daily_rate = _rate()
    late_fee_daily_floor = money(default=Decimal("0.01"))
    waterfall = ArrayField(models.CharField(max_length=20))  # components in the order in which money settles them
    grace_days = models.PositiveSmallIntegerField(default=0)  # paid within them is paid in time
    early_repayment_minimum = money(default=Decimal("10.00"))
    early_settlement = models.CharField(max_length=20, default=EarlySettlement.BEGUN_PERIODS)
    principal_first_after_days = models.PositiveSmallIntegerField(null=True, blank=True)  # past due; none: never
    revolving_daily_rate = _rate()  # statement mode: on what is carried over
    late_fees_in_cap = models.BooleanField(default=True)
    instalment_counts = ArrayField(models.PositiveSmallIntegerField(), default=_offered, blank=True)

    class Meta:
        constraints = (
            one_of("early_settlement", EarlySettlement),
            not_negative("early_repayment_minimum"),
            models.UniqueConstraint(fields=("product", "version"), name="bills_productterms_version"),
        )


class CostCap(Record):
    """The highest nominal annual rate that a licence allows, all fees included, from a date on."""

    append_only: ClassVar[bool] = True

    licence = models.CharField(max_length=20)
    effective_date = models.DateField()
    annual_rate = models.DecimalField(max_digits=7, decimal_places=6)
    note = models.CharField(max_length=200)

    class Meta:
        constraints = (
            one_of("licence", Licence),
            positive("annual_rate"),
            models.UniqueConstraint(fields=("licence", "effective_date"), name="bills_costcap_once"),
        )
