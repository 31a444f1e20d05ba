"""What we keep of a customer, and how long we must."""

import datetime as dt

from django.db.models import Max

from apps.core.texts import gettext as _
from apps.customers.models import Customer
from apps.outreach.domain.status import MessageStatus
from apps.outreach.models import Message


def last_date(customer: Customer) -> dt.date | None:
    """The day of the last message that was planned."""
    last: dt.datetime | None = Message.objects.filter(customer=customer).aggregate(last=Max("planned_at"))["last"]
    return last.date() if last else None


def objection(customer: Customer) -> str | None:
    """Why the customer cannot be forgotten: a message is on its way."""
    if Message.objects.filter(customer=customer, status=MessageStatus.PLANNED).exists():
        return _("A message to %(customer)s is planned.") % {"customer": customer.reference}
    return None


def subjects(customer: Customer) -> list[str]:
    """Messages are kept under the customer alone."""
    return []
