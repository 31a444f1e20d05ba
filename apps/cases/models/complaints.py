"""What customers complain about, and what was answered."""

from typing import ClassVar

from django.db import models

from apps.access.models import ApprovalRequest, User
from apps.cases.domain.complaints import ComplaintChannel, ComplaintStatus, Finding, RootCause, Term, Topic
from apps.cases.models.cases import Case
from apps.cases.models.contacts import Contact
from apps.core.models import Record, one_of, together
from apps.customers.models import Customer
from apps.outreach.models import Message


class Complaint(Record):
    """A complaint from the day on which it came to the day on which it was answered."""

    personal_fields: ClassVar[tuple[str, ...]] = ("text", "answer", "remedy")
    personal_subject: ClassVar[str] = "customer"

    reference = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="complaints")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints")
    about = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints_about")
    channel = models.CharField(max_length=10)
    topic = models.CharField(max_length=20)
    text = models.TextField()
    status = models.CharField(max_length=10, default=ComplaintStatus.OPEN)
    term = models.CharField(max_length=10, default=Term.STANDARD)
    received_date = models.DateField()
    clock_date = models.DateField()  # from which the days of the term count: when it came, or came again
    due_date = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="complaints_recorded")
    recorded_at = models.DateTimeField()
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints")
    extension = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    finding = models.CharField(max_length=20, blank=True)
    root_cause = models.CharField(max_length=20, blank=True)
    answer = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    answered_date = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            one_of("status", ComplaintStatus),
            one_of("channel", ComplaintChannel),
            one_of("topic", Topic),
            one_of("term", Term),
            together("answered_date", "answered_by"),
            models.CheckConstraint(
                condition=~models.Q(status="answered")
                | models.Q(
                    answered_date__isnull=False,
                    finding__in=list(Finding),
                    root_cause__in=list(RootCause),
                    handler__isnull=False,
                ),
                name="cases_complaint_answered",
            ),
            models.CheckConstraint(
                condition=~models.Q(handler=models.F("about")), name="cases_complaint_handler_is_not_its_subject"
            ),
            models.CheckConstraint(
                condition=~models.Q(term="extended") | models.Q(extension__isnull=False),
                name="cases_complaint_extended_by_approval",
            ),
        )
        indexes = (
            models.Index(fields=("due_date", "id"), name="cases_complaint_due", condition=models.Q(status="open")),
            models.Index(fields=("about", "received_date"), name="cases_complaint_about"),
        )

    def __str__(self) -> str:
        return self.reference
