"""The days on which accounts stand still."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from apps.access.models import User
from apps.bills.domain.pauses import Span
from apps.bills.models import Pause
from apps.customers.models import Customer
from apps.customers.queries import walls


def visible_to(user: User) -> QuerySet[Pause]:
    """The pauses that somebody may see, those taken back too, with their customer."""
    return walls.seen(Pause.objects.select_related("customer"), user)


def standing() -> QuerySet[Pause]:
    """The pauses that were not taken back."""
    return Pause.objects.filter(cancelled_at=None)


def of(customers: Collection[int]) -> dict[int, tuple[Span, ...]]:
    """The paused days of each of the customers (by key) that has any."""
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for pause in standing().filter(customer__in=customers).order_by("start_date"):
        found[pause.customer_id].append(pause.span)
    return {customer: tuple(spans) for customer, spans in found.items()}


def overlapping(customer: Customer, span: Span) -> Pause | None:
    """The customer's first pause that has a day in common with the span."""
    before = Q() if span.end_date is None else Q(start_date__lt=span.end_date)
    after = Q(end_date=None) | Q(end_date__gt=span.start_date)
    return standing().filter(before & after, customer=customer).order_by("start_date").first()


def on(customer: Customer, day: dt.date) -> Pause | None:
    """The pause in which the customer's account stands still on a day."""
    return overlapping(customer, Span(day, day + dt.timedelta(1)))


def history(customer: Customer, user: User) -> QuerySet[Pause]:
    """The customer's pauses, the latest first."""
    return visible_to(user).filter(customer=customer).order_by(F("start_date").desc(), "-pk")


def days_of(span: Span) -> str:
    """Its days in words."""
    if span.end_date is None:
        return _("every day from %(start)s") % {"start": span.start_date}
    words = {"start": span.start_date, "last": span.end_date - dt.timedelta(1)}
    return _("%(start)s to %(last)s") % words
