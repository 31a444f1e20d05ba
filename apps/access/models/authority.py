"""The editions of the authority matrix."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.core.models import Record


class AuthorityVersion(Record):
    """One edition of the authority matrix, in force from a date."""

    number = models.PositiveIntegerField(unique=True)
    effective_date = models.DateField(unique=True)
    note = models.CharField(max_length=200)
    maker_daily_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # null: none
    customer_daily_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)


class AuthorityRule(Record):
    """One line of the matrix: up to this amount these roles must agree, each so many times, all of them."""

    version = models.ForeignKey(AuthorityVersion, on_delete=models.PROTECT, related_name="rules")
    action = models.CharField(max_length=60)
    product = models.CharField(max_length=40, blank=True)  # its code; none: every product without lines of its own
    tier = models.CharField(max_length=10)
    up_to = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # null: any amount above
    fees_only = models.BooleanField(default=False)
    approvers = ArrayField(
        models.CharField(max_length=40)
    )  # role codes, every one of which must agree once per mention
    in_order = models.BooleanField(default=False)  # one after the other as they are named
    in_bulk = models.BooleanField(default=False)  # several requests may be decided at once

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("version", "action", "product", "tier"), name="access_authorityrule_tier_of_product"
            ),
        )
