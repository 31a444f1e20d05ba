"""People and the ways to reach them."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from apps.access.models import Agency, ApprovalRequest
from apps.core.models import Record, one_of, together
from apps.customers.domain.contact import ContactKind


class Customer(Record):
    """Somebody we lend to."""

    personal_fields: ClassVar[tuple[str, ...]] = ("name", "profile")

    reference = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=10, default="zh-hans")
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")  # of the place where they live
    joined_date = models.DateField()
    profile = models.JSONField(default=dict)  # facts as the source supplied them: sex, education, birth year ...

    class Meta:
        indexes = (GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="customers_customer_name"),)

    def __str__(self) -> str:
        return self.reference


class ContactPoint(Record):
    """A number, address or account at which the customer agreed to be reached."""

    personal_fields: ClassVar[tuple[str, ...]] = ("value",)
    personal_subject: ClassVar[str] = "customer"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=200)
    is_valid = models.BooleanField(default=True)
    consented_date = models.DateField(null=True, blank=True)  # null: no consent, so nothing may be sent there

    class Meta:
        constraints = (
            one_of("kind", ContactKind),
            models.UniqueConstraint(fields=("customer", "kind", "value"), name="customers_contactpoint_once"),
        )


class Placement(Record):
    """A customer placed with an agency under an approval, until recalled: for so long its people see the customer."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="placements")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="placements", db_index=False)
    approval = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="placement")  # no other way
    placed_at = models.DateTimeField()
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - absent is not empty
    reason = models.CharField(max_length=500, blank=True)  # of the recall

    class Meta:
        constraints = (
            together("recalled_at", "recalled_by"),
            models.UniqueConstraint(
                fields=("customer",),
                condition=models.Q(recalled_at__isnull=True),
                name="customers_placement_one_agency",
            ),
        )
        indexes = (
            models.Index(
                fields=("agency", "customer"),
                name="customers_placement_live",
                condition=models.Q(recalled_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.reference
