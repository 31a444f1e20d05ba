"""Contacts with the customer, and what was promised in them."""

from typing import ClassVar

from django.db import models

from apps.access.models import User
from apps.cases.domain.status import Outcome, PromiseStatus
from apps.cases.models.cases import Case
from apps.cases.models.tasks import Task
from apps.core.models import Record, one_of, positive
from apps.customers.domain import masking
from apps.customers.domain.contact import Channel
from apps.customers.models.sealed import Sealed
from apps.outreach.models import CallAttempt


class Contact(Record):
    """A contact with the customer as the agent recorded it."""

    personal_fields: ClassVar[tuple[str, ...]] = ("note",)
    personal_subject: ClassVar[str] = "case"
    append_only: ClassVar[bool] = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts")
    call = models.OneToOneField(CallAttempt, on_delete=models.PROTECT, null=True, blank=True, related_name="contact")
    channel = models.CharField(max_length=10)
    outcome = models.CharField(max_length=20)
    note = Sealed(blank=True, context="cases.contact_note", owner="case_id", mask=masking.told)
    contacted_date = models.DateField()  # the business date
    contacted_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contacts")

    class Meta:
        constraints = (one_of("channel", Channel), one_of("outcome", Outcome))
        indexes = (models.Index(fields=("case", "-id"), name="cases_contact_case"),)


class Promise(Record):
    """A promise to pay an amount by a date, judged in the close by what the ledger received."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises")
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="promise")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    promised_date = models.DateField()  # paid by the end of this day
    status = models.CharField(max_length=10, default=PromiseStatus.OPEN)
    made_date = models.DateField()
    judged_date = models.DateField(null=True, blank=True)
    received = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # when judged

    class Meta:
        constraints = (
            one_of("status", PromiseStatus),
            positive("amount"),
            models.UniqueConstraint(fields=("case",), condition=models.Q(status="open"), name="cases_promise_one_open"),
            models.CheckConstraint(
                condition=models.Q(promised_date__gte=models.F("made_date")), name="cases_promise_not_in_the_past"
            ),
        )
