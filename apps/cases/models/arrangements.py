"""Arrangements with customers, their payments, their history, and the policy under which they are offered."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.access.models import ApprovalRequest, User
from apps.bills.models import Restructuring
from apps.bills.models.columns import money
from apps.cases.domain.arrangements import LIVE, SIGNED, ArrangementKind, ArrangementStatus, Signature
from apps.cases.models.cases import Case
from apps.core.models import Record, not_negative, one_of, positive, together
from apps.customers.models import Customer


class ArrangementPolicy(Record):
    """One edition of the rules for promises and arrangements, in force from a date."""

    append_only: ClassVar[bool] = True

    effective_date = models.DateField(unique=True)
    document = models.JSONField()


class Arrangement(Record):
    """What is agreed with a customer about the debt of some bills, from the proposal to its end."""

    personal_fields: ClassVar[tuple[str, ...]] = ("income", "outgoings", "obligations", "signature_reference")
    personal_subject: ClassVar[str] = "customer"

    reference = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="arrangements")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="arrangements")
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=10, default=ArrangementStatus.PROPOSED)
    bills = ArrayField(models.CharField(max_length=60))  # whose debt it covers, by reference
    days_past_due = models.PositiveIntegerField()  # when it was proposed, as are the next ones
    debt = money()
    forgiven = money()  # of the debt, once everything else is paid
    late_fees_to_come = money()
    fee = money()  # of the plan
    total = money()  # to pay
    amount = money()  # that its approval names: the most that is given up, otherwise the debt
    annual_cost = models.DecimalField(max_digits=12, decimal_places=6)
    monthly_fee_rate = models.DecimalField(max_digits=7, decimal_places=6)
    grace_days = models.PositiveSmallIntegerField()
    first_date = models.DateField()
    last_date = models.DateField()
    income = money(null=True, blank=True)  # a month, as the customer says, as are the next two
    outgoings = money(null=True, blank=True)
    obligations = money(null=True, blank=True)
    reason = models.TextField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="arrangements")
    proposed_date = models.DateField()
    proposed_at = models.DateTimeField()
    approval = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="arrangement")
    sign_by_date = models.DateField(null=True, blank=True)
    signature = models.CharField(max_length=10, blank=True)
    signature_reference = models.CharField(max_length=100, blank=True)  # of the recording, or the link's
    signed_date = models.DateField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_stage = models.SlugField(blank=True)  # the stage in which collection stopped
    ended_date = models.DateField(null=True, blank=True)
    received = money(default=Decimal(0))  # since the signature, when it was last judged
    restructuring = models.OneToOneField(
        Restructuring, on_delete=models.PROTECT, null=True, blank=True, related_name="arrangement"
    )

    class Meta:
        constraints = (
            one_of("kind", ArrangementKind),
            one_of("status", ArrangementStatus),
            positive("debt"),
            positive("total"),
            not_negative("forgiven"),
            together("signed_date", "signed_at"),
            models.UniqueConstraint(
                fields=("customer",),
                condition=models.Q(status__in=[status.value for status in LIVE]),
                name="cases_arrangement_one_live",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[status.value for status in SIGNED])
                | models.Q(signed_date__isnull=False, signature__in=[kind.value for kind in Signature]),
                name="cases_arrangement_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(total=models.F("debt") - models.F("forgiven") + models.F("fee")),
                name="cases_arrangement_covers_its_debt",
            ),
            models.CheckConstraint(
                condition=models.Q(last_date__gte=models.F("first_date"), first_date__gte=models.F("proposed_date")),
                name="cases_arrangement_dates",
            ),
        )
        indexes = (models.Index(fields=("status", "-id"), name="cases_arrangement_status"),)

    def __str__(self) -> str:
        return self.reference


class ArrangementPart(Record):
    """One payment that was agreed."""

    append_only: ClassVar[bool] = True

    arrangement = models.ForeignKey(Arrangement, on_delete=models.PROTECT, related_name="parts", db_index=False)
    number = models.PositiveSmallIntegerField()
    due_date = models.DateField()  # paid by the end of this day
    amount = money()

    class Meta:
        constraints = (
            positive("amount"),
            models.UniqueConstraint(fields=("arrangement", "number"), name="cases_arrangementpart_number"),
        )


class ArrangementMove(Record):
    """An arrangement's step from one state to another: its history."""

    append_only: ClassVar[bool] = True

    arrangement = models.ForeignKey(Arrangement, on_delete=models.PROTECT, related_name="moves")
    moved_date = models.DateField()
    moved_at = models.DateTimeField()
    from_status = models.CharField(max_length=10, blank=True)  # empty: it was proposed
    to_status = models.CharField(max_length=10)
    received = money(default=Decimal(0))


class SigningLink(Record):
    """An address under which the customer may sign once, until it expires; its secret part is nowhere kept."""

    reference = models.CharField(max_length=80, unique=True)
    arrangement = models.ForeignKey(Arrangement, on_delete=models.PROTECT, related_name="links")
    message_reference = models.CharField(max_length=100, unique=True)  # of the message that carries it
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class PromiseMove(Record):
    """A judgement of a promise that replaced an earlier one, because the ledger knows more."""

    append_only: ClassVar[bool] = True

    promise = models.ForeignKey("cases.Promise", on_delete=models.PROTECT, related_name="moves")
    moved_date = models.DateField()
    from_status = models.CharField(max_length=10)
    to_status = models.CharField(max_length=10)
    received = money()
