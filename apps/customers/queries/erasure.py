"""May a customer's personal data be erased, and what a request for it rests on."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from apps.access.domain.approval import RequestStatus
from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals
from apps.audit.queries import erasure
from apps.core.texts import gettext as _
from apps.customers import registry
from apps.customers.domain import retention
from apps.customers.domain.retention import Kept
from apps.customers.models import Customer

ACTION = "customers.erase"
SUBJECT = "customers.customer"


def subject(customer: Customer) -> str:
    """What the trail keeps the customer's own values under."""
    return f"{SUBJECT}:{customer.pk}"


def subjects(customer: Customer) -> list[str]:
    """Everything that the trail keeps values of this customer under."""
    return [subject(customer), *(name for holder in registry.holders() for name in holder.subjects(customer))]


def kept(customer: Customer) -> list[Kept]:
    """The records that there are of the customer, with how long each class is kept."""
    found = ((holder.name, holder.last_date(customer)) for holder in registry.holders())
    return [Kept(name, last, settings.RETENTION_YEARS[name]) for name, last in found if last is not None]


def objections(customer: Customer, at: dt.datetime) -> Iterator[str]:
    """Why the customer's data cannot be erased now, as sentences."""
    done = erasure.last(subject(customer))
    if done is not None:
        words = {
            "reference": customer.reference,
            "date": done.erased_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
            "ticket": done.ticket,
        }
        yield _("The personal data of %(reference)s were erased on %(date)s (%(ticket)s).") % words
        return
    labels = {holder.name: holder.label for holder in registry.holders()}
    for holder in registry.holders():
        if sentence := holder.objection(customer):
            yield sentence
    on = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if longest := retention.longest(kept(customer), on):
        period: dict[str, object] = {
            "what": labels[longest.name],
            "years": longest.years,
            "date": longest.end_date,
        }
        yield _("%(what)s must be kept for %(years)s years: until %(date)s.") % period


def asked(customer: Customer) -> ApprovalRequest | None:
    """The request that is open already."""
    mine = ApprovalRequest.objects.filter(action=ACTION, subject_reference=customer.reference)
    return mine.filter(status=RequestStatus.REQUESTED).first()


def asked_for(customer: Customer, user: User) -> QuerySet[ApprovalRequest]:
    """The requests for this customer that the user may see, the newest first."""
    return approvals.visible_to(user).filter(action=ACTION, subject_reference=customer.reference)


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What an erasure rests on: the last records of each class and how much the trail keeps; new ones make it void."""
    customer = Customer.objects.get(reference=payload["customer"])
    dates = {f"last_{record.name}_date": record.last_date.isoformat() for record in kept(customer)}
    return {"customer": customer.reference, **dates, "personal_values": erasure.values(subjects(customer))}
