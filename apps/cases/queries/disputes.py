"""Disputes: who sees them, which are to be answered by when, who may decide one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.access.models import User
from apps.cases.domain import disputes as rules
from apps.cases.domain.disputes import Interest
from apps.cases.models import Dispute
from apps.core import queries as core
from apps.core.texts import gettext as _
from apps.customers.models import Customer
from apps.customers.queries import walls


@dataclass(frozen=True)
class Page:
    """Some disputes, the first due first, and the key after which more follow."""

    rows: Sequence[Dispute]
    following: int | None


def visible_to(user: User) -> QuerySet[Dispute]:
    """Those of the customers whom the user may see."""
    rows = Dispute.objects.select_related("customer", "case", "contact", "hold", "recorded_by", "handler", "ended_by")
    return walls.seen(rows, user)


def page(found: QuerySet[Dispute], *, after: int | None = None, size: int = core.PAGE) -> Page:
    """Those after key `after`, in the order in which they are due."""
    last = Dispute.objects.filter(pk=after).first() if after is not None else None
    if last is not None:
        found = found.filter(Q(due_date__gt=last.due_date) | Q(due_date=last.due_date, pk__gt=last.pk))
    rows = list(found.order_by("due_date", "pk")[: size + 1])
    return Page(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def undecided(user: User) -> QuerySet[Dispute]:
    """Those that wait for their answer."""
    return visible_to(user).filter(ended_date=None)


def of_customer(customer: Customer, user: User) -> QuerySet[Dispute]:
    """The customer's disputes, the latest first."""
    return visible_to(user).filter(customer=customer).order_by("-pk")


def interest_of(person: User, dispute: Dispute) -> Interest | None:
    """Why this person may not decide the dispute, if they may not."""
    return rules.interest(
        person.pk,
        bool(person.customer_reference) and person.customer_reference == dispute.customer.reference,
        recorder=dispute.recorded_by_id,
        contact_maker=dispute.contact.recorded_by_id if dispute.contact else None,
    )


def why_not(interest: Interest, person: User) -> str:
    """Why this person does not decide this dispute."""
    words = {"name": person.name}
    match interest:
        case Interest.MADE_CONTACT:
            return _("%(name)s made the contact in which it was disputed; somebody else decides.") % words
        case Interest.RECORDED:
            return _("%(name)s recorded the dispute; somebody else decides.") % words
        case Interest.OWN_ACCOUNT:
            return _("Nobody acts on their own account.")
