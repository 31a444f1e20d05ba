"""Messages: which are there, which are due, and lists of them."""

import datetime as dt

from django.db import connection
from django.db.models import QuerySet

from apps.access.models import User
from apps.bills.models import Instalment
from apps.customers import queries as customers
from apps.customers.domain import masking
from apps.customers.domain.contact import SERVED_BY, Channel
from apps.customers.models import Customer
from apps.outreach.domain.status import MessageStatus
from apps.outreach.models import Message


def existing(references: list[str]) -> set[str]:
    """Those of the references under which there is a message."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM outreach_message WHERE reference = ANY(%s)", [references])
        return {reference for (reference,) in cursor}


def due(at: dt.datetime) -> QuerySet[Message]:
    """Messages that may go out by now, the longest waiting first."""
    return Message.objects.filter(status=MessageStatus.PLANNED, scheduled_at__lte=at).order_by("scheduled_at", "id")


def is_still_wanted(message: Message) -> bool:
    """Whether anything that the message speaks of is still to be paid."""
    if message.due_date is None:
        return True
    return Instalment.objects.filter(
        customer_id=message.customer_id, due_date__lte=message.due_date, met_date__isnull=True
    ).exists()


def visible_to(user: User) -> QuerySet[Message]:
    """The messages to customers whom the user may see, with what the gate said."""
    rows = Message.objects.filter(customer__in=customers.visible_to(user))
    return rows.select_related("customer", "decision__customer")


def masked_address(message: Message) -> str:
    """Where the message goes, as people may see it."""
    kind = SERVED_BY[Channel(message.channel)]
    return masking.masked(kind, message.address) if message.address else ""


def of_customer(customer: Customer, *, limit: int = 20) -> QuerySet[Message]:
    """A customer's latest messages."""
    return Message.objects.filter(customer=customer).select_related("decision").order_by("-id")[:limit]
