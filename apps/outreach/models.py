"""Conduct rules, templates, the gate's decisions and the outbox."""

from typing import ClassVar

from django.db import models

from apps.core.models import Record, one_of
from apps.customers.domain import masking
from apps.customers.domain.contact import SERVED_BY, Channel
from apps.customers.models import ContactPoint, Customer
from apps.customers.models.people import CONTACT
from apps.customers.models.sealed import Sealed
from apps.outreach.domain.status import MessageStatus


class ConductRule(Record):
    """One version of a rule of contact: quiet hours, a daily cap, consent."""

    code = models.SlugField()
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    parameters = models.JSONField()
    effective_date = models.DateField()
    ended_date = models.DateField(null=True, blank=True)  # half-open: not in force on this day any more
    source = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("code", "version"), name="outreach_conductrule_version"),)


class Template(Record):
    """One version of a text in one language for one channel."""

    code = models.SlugField()
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            one_of("channel", Channel),
            models.UniqueConstraint(
                fields=("code", "channel", "language", "version"), name="outreach_template_version"
            ),
        )


class GateDecision(Record):
    """The gate's yes or no to one contact, with the counters it saw and the rules it applied."""

    append_only: ClassVar[bool] = True

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="gate_decisions", db_index=False)
    channel = models.CharField(max_length=10)
    planned_at = models.DateTimeField()  # when the contact would happen
    decided_at = models.DateTimeField()
    is_allowed = models.BooleanField()
    # Words separated by spaces rather than JSON: the close writes thousands of them a night.
    reasons = models.CharField(max_length=500, blank=True)  # codes of the rules that said no
    counters = models.CharField(max_length=500, blank=True)  # "code=count" of every cap that was asked
    rules = models.CharField(max_length=1000)  # "code@version" of every rule that was asked

    class Meta:
        constraints = (one_of("channel", Channel),)
        indexes = (models.Index(fields=("customer", "-id"), name="outreach_gatedecision_customer"),)


class Message(Record):
    """The outbox: a message that is to go out, went out, or may not."""

    personal_fields: ClassVar[tuple[str, ...]] = ("address", "subject", "body")
    personal_subject: ClassVar[str] = "customer"

    reference = models.CharField(max_length=100, unique=True)  # also the provider's idempotency key
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="messages", db_index=False)
    purpose = models.CharField(max_length=40)  # the strategy's step
    channel = models.CharField(max_length=10)
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    template = models.ForeignKey(Template, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(GateDecision, on_delete=models.PROTECT, related_name="messages")  # the latest
    due_date = models.DateField(null=True, blank=True)  # once nothing due by then is open, it is not sent any more
    address = Sealed(max_length=200, blank=True, context=CONTACT, owner="customer_id", mask_by="masked")
    subject = models.CharField(max_length=200, blank=True)  # this and the text without the person's name, which is put
    body = models.TextField(blank=True)  # in when they are sent
    status = models.CharField(max_length=10)
    planned_at = models.DateTimeField()
    scheduled_at = models.DateTimeField()  # not before
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    provider = models.CharField(max_length=30, blank=True)
    provider_reference = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            one_of("status", MessageStatus),
            one_of("channel", Channel),
            models.CheckConstraint(
                condition=models.Q(status="sent", sent_at__isnull=False)
                | (~models.Q(status="sent") & models.Q(sent_at__isnull=True)),
                name="outreach_message_sent",
            ),
        )
        indexes = (
            models.Index(
                fields=("channel", "scheduled_at", "id"),
                name="outreach_message_due",
                condition=models.Q(status="planned"),
            ),
            models.Index(fields=("customer", "-id"), name="outreach_message_customer"),
            models.Index(fields=("status", "-id"), name="outreach_message_newest"),
        )

    def masked(self, text: str) -> str:
        """An address as its channel's are masked."""
        return masking.masked(SERVED_BY[Channel(self.channel)], text)


class CallAttempt(Record):
    """A telephone call made by somebody, counted by the gate."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="call_attempts", db_index=False)
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(GateDecision, on_delete=models.PROTECT, related_name="calls")
    called_at = models.DateTimeField()
    called_by = models.CharField(max_length=60)
    was_connected = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=("customer", "called_at"), name="outreach_callattempt_customer"),)
