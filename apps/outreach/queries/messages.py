"""Messages: which are there, which are due, and lists of them."""

import datetime as dt
from collections.abc import Collection

from django.db import connection
from django.db.models import Min, QuerySet

from apps.access.models import User
from apps.bills.models import Instalment
from apps.core import sql
from apps.customers.domain.contact import Channel
from apps.customers.models import Customer
from apps.customers.queries import walls
from apps.outreach.domain import texts
from apps.outreach.models import Message


def existing(references: list[str]) -> set[str]:
    """Those of the references under which there is a message."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM outreach_message WHERE reference = ANY(%s)", [references])
        return {reference for (reference,) in cursor.fetchall()}


def due_channels(at: dt.datetime) -> list[Channel]:
    """The channels on which something may go out by now; one small statement when there is none."""
    with connection.cursor() as cursor:
        names = [channel.value for channel in Channel]
        cursor.execute(sql.load("outreach", "due_channels"), {"channels": names, "at": at})
        return [Channel(name) for (name,) in cursor]


def owed_since(customers: Collection[int]) -> dict[int, dt.date]:
    """The oldest due date that is not met, of those customers who have one."""
    unmet = Instalment.objects.filter(customer_id__in=customers, met_date__isnull=True)
    return dict(unmet.values_list("customer_id").annotate(Min("due_date")))


def visible_to(user: User) -> QuerySet[Message]:
    """The messages to customers whom the user may see, with what the gate said."""
    return walls.seen(Message.objects.select_related("customer", "decision__customer"), user)


def shown(message: Message) -> tuple[str, str]:
    """Subject and text as people may see them: the person's name masked."""
    name = str(message.customer.name)
    return texts.named(message.subject, name), texts.named(message.body, name)


def of_customer(customer: Customer, *, limit: int = 20) -> QuerySet[Message]:
    """A customer's latest messages."""
    return Message.objects.filter(customer=customer).select_related("decision").order_by("-id")[:limit]
