"""What customers contest of what they owe, with what they show for it."""

from typing import ClassVar

from django.db import models

from apps.access.models import User
from apps.bills.models import Bill
from apps.cases.domain.disputes import DECISIONS, RIGHT, DisputeStatus, Ground
from apps.cases.models.cases import Case
from apps.cases.models.contacts import Contact
from apps.cases.models.holds import Hold
from apps.core.models import Record, one_of, positive, together
from apps.customers.models import Customer


class Dispute(Record):
    """A dispute from the day on which it came to the day on which it was decided."""

    personal_fields: ClassVar[tuple[str, ...]] = ("text", "answer", "end_reason")
    personal_subject: ClassVar[str] = "customer"

    reference = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="disputes")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="disputes")
    ground = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    text = models.TextField()
    status = models.CharField(max_length=20, default=DisputeStatus.RECEIVED)
    received_date = models.DateField()
    due_date = models.DateField()
    bureau_mark_from = models.DateField()  # the bureau is told that the debt is disputed from this day
    bureau_mark_until = models.DateField(null=True, blank=True)  # to the day before this one
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="disputes_recorded")
    recorded_at = models.DateTimeField()
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes")
    answer = models.TextField(blank=True)
    correction = models.CharField(max_length=200, blank=True)  # the waiver, reversal or refund that puts it right
    end_reason = models.TextField(blank=True)  # how we know that it was taken back
    ended_date = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            one_of("status", DisputeStatus),
            one_of("ground", Ground),
            positive("amount"),
            together("ended_date", "ended_by"),
            together("ended_date", "bureau_mark_until"),
            models.CheckConstraint(
                condition=~models.Q(status__in=sorted(DECISIONS))
                | models.Q(ended_date__isnull=False, handler__isnull=False),
                name="cases_dispute_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=sorted(RIGHT)) | ~models.Q(correction=""),
                name="cases_dispute_put_right",
            ),
            models.CheckConstraint(
                condition=~models.Q(handler=models.F("recorded_by")), name="cases_dispute_handler_is_not_its_maker"
            ),
        )
        indexes = (
            models.Index(
                fields=("due_date", "id"), name="cases_dispute_due", condition=models.Q(ended_date__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.reference


class DisputedBill(Record):
    """A bill that a dispute is about."""

    append_only: ClassVar[bool] = True

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="bills", db_index=False)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="disputes")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("dispute", "bill"), name="cases_disputedbill_once"),)


class Evidence(Record):
    """What speaks for or against a dispute: where the document is kept, and what it shows."""

    personal_fields: ClassVar[tuple[str, ...]] = ("document", "note")
    personal_subject: ClassVar[str] = "dispute"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="evidence")
    document = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
