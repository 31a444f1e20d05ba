"""Complaints: who sees them, who may handle one, which are due, and how often whom they concern."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.access.domain.approval import RequestStatus
from apps.access.domain.permissions import Permission
from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals, people
from apps.cases.domain import complaints as rules
from apps.cases.domain.complaints import Candidate, ComplaintStatus, Concern, Finding, Interest
from apps.cases.models import Case, Complaint, Contact, Task
from apps.core import queries as core
from apps.core.texts import gettext as _
from apps.customers.models import Customer
from apps.outreach.domain.status import MessageStatus
from apps.outreach.models import Message

ACTION = "cases.extend_complaint"
SUBJECT = "cases.complaint"
WINDOW = dt.timedelta(90)  # days over which rates are counted


@dataclass(frozen=True)
class Page:
    """Some complaints, the first due first, and the key after which more follow."""

    rows: Sequence[Complaint]
    following: int | None


@dataclass(frozen=True, slots=True)
class Rate:
    """How many complaints somebody or something drew, of how many contacts."""

    name: str
    complaints: int
    upheld: int
    contacts: int

    @property
    def per_thousand(self) -> Decimal | None:
        """Complaints for each thousand contacts; none where there was no contact."""
        return (Decimal(1000 * self.complaints) / self.contacts).quantize(Decimal("0.1")) if self.contacts else None


def visible_to(user: User) -> QuerySet[Complaint]:
    """Those that the user may see: never one of their own account or about themself."""
    if not people.holds(user, Permission.COMPLAINT_READ):
        return Complaint.objects.none()
    found = Complaint.objects.select_related("customer", "case", "about", "handler", "recorded_by", "answered_by")
    found = found.exclude(about=user)
    return found.exclude(customer__reference=user.customer_reference) if user.customer_reference else found


def page(found: QuerySet[Complaint], *, after: int | None = None, size: int = core.PAGE) -> Page:
    """Those after key `after`, in the order in which they are due."""
    last = Complaint.objects.filter(pk=after).first() if after is not None else None
    if last is not None:
        found = found.filter(Q(due_date__gt=last.due_date) | Q(due_date=last.due_date, pk__gt=last.pk))
    rows = list(found.order_by("due_date", "pk")[: size + 1])
    return Page(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def of_customer(customer: Customer, user: User) -> QuerySet[Complaint]:
    """The customer's complaints, the latest first."""
    return visible_to(user).filter(customer=customer).order_by("-pk")


def unanswered(user: User) -> QuerySet[Complaint]:
    """Those that still wait for their answer."""
    return visible_to(user).filter(status=ComplaintStatus.OPEN)


def concern(complaint: Complaint) -> Concern:
    """Whom and what a complaint touches."""
    worked: set[int] = set()
    if complaint.case_id is not None:
        worked |= _keys(Case.objects.filter(pk=complaint.case_id), "owner")
        worked |= _keys(Task.objects.filter(case=complaint.case_id), "owner")
        worked |= _keys(Contact.objects.filter(case=complaint.case_id), "recorded_by")
    about = complaint.about
    return Concern(
        customer_reference=complaint.customer.reference,
        subject=about.pk if about else None,
        superior_of_subject=about.reports_to_id if about else None,
        worked=worked,
    )


def interest_of(person: User, touched: Concern) -> Interest | None:
    """Why this person may not handle the complaint, if they may not."""
    return rules.interest(Candidate(person.pk, people.superiors_of(person), person.customer_reference), touched)


def handlers(complaint: Complaint) -> list[User]:
    """Whoever may handle complaints and has no interest in this one."""
    touched = concern(complaint)
    holding = Q(grants__ended_at=None, grants__role__permissions__contains=[Permission.COMPLAINT_HANDLE.value])
    able = User.objects.filter(holding, is_active=True).distinct().order_by("name")
    return [person for person in able if interest_of(person, touched) is None]


def people_to_name() -> QuerySet[User]:
    """Whom a complaint may be about: whoever works or worked here."""
    return User.objects.order_by("name")


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What an extension rests on; another term or an answer makes the request void."""
    found = Complaint.objects.select_related("customer").get(reference=payload["complaint"])
    return {
        "complaint": found.reference,
        "customer": found.customer.reference,
        "topic": found.topic,
        "received_date": found.received_date.isoformat(),
        "due_date": found.due_date.isoformat(),
        "status": found.status,
    }


def asked(complaint: Complaint) -> ApprovalRequest | None:
    """The request for an extension that is open."""
    found = ApprovalRequest.objects.filter(action=ACTION, subject_reference=complaint.reference)
    return found.filter(status=RequestStatus.REQUESTED).first()


def asked_for(complaint: Complaint, user: User) -> QuerySet[ApprovalRequest]:
    """The requests for an extension that the user may see, the latest first."""
    return approvals.visible_to(user).filter(action=ACTION, subject_reference=complaint.reference).order_by("-pk")


def by_person(on: dt.date) -> list[Rate]:
    """Complaints about each person in the 90 days up to the date, of the contacts that they recorded."""
    mine = Contact.objects.filter(contacted_date__gt=on - WINDOW, contacted_date__lte=on)
    contacts = dict(mine.values_list("recorded_by__name").annotate(count=Count("pk")).order_by())
    return _rates(_within(on).exclude(about=None), "about__name", contacts)


def by_template(on: dt.date) -> list[Rate]:
    """Complaints about messages of each template in the 90 days up to the date, of those that were sent."""
    sent = Message.objects.filter(status=MessageStatus.SENT, sent_at__date__gt=on - WINDOW, sent_at__date__lte=on)
    contacts = dict(sent.values_list("template__code").annotate(count=Count("pk")).order_by())
    return _rates(_within(on).exclude(message=None), "message__template__code", contacts)


def by_topic(on: dt.date) -> list[Rate]:
    """Complaints of each topic in the 90 days up to the date, of all contacts."""
    mine = Contact.objects.filter(contacted_date__gt=on - WINDOW, contacted_date__lte=on).count()
    topics = _within(on).values_list("topic", flat=True).distinct()
    return _rates(_within(on), "topic", dict.fromkeys(topics, mine))


def why_not(interest: Interest, person: User) -> str:
    """Why this person does not handle this complaint."""
    words = {"name": person.name}
    match interest:
        case Interest.SUBJECT:
            return _("%(name)s is whom the complaint is about.") % words
        case Interest.REPORTS_TO_SUBJECT:
            return _("%(name)s reports to whom the complaint is about.") % words
        case Interest.BOSS_OF_SUBJECT:
            return _("%(name)s is the superior of whom the complaint is about.") % words
        case Interest.WORKED_CASE:
            return _("%(name)s has worked on the case that the complaint comes from.") % words
        case Interest.OWN_ACCOUNT:
            return _("Nobody acts on their own account.")


def _within(on: dt.date) -> QuerySet[Complaint]:
    found = Complaint.objects.filter(received_date__gt=on - WINDOW, received_date__lte=on)
    return found.exclude(status=ComplaintStatus.WITHDRAWN)


def _rates(found: QuerySet[Complaint], by: str, contacts: dict[str, int]) -> list[Rate]:
    upheld = Q(finding__in=[Finding.UPHELD, Finding.PARTLY_UPHELD])
    counted = (
        found.values_list(by).annotate(count=Count("pk"), upheld=Count("pk", filter=upheld)).order_by("-count", by)
    )
    return [Rate(name or "", count, right, contacts.get(name, 0)) for name, count, right in counted]


def _keys(rows: QuerySet[Any], field: str) -> set[int]:
    return set(rows.exclude(**{field: None}).values_list(field, flat=True))
