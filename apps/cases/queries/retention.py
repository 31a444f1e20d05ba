"""What we keep of a customer, and how long we must."""

import datetime as dt

from django.db.models import Max

from apps.cases.domain.arrangements import LIVE
from apps.cases.domain.complaints import ComplaintStatus
from apps.cases.domain.holds import HoldStatus
from apps.cases.domain.status import CaseStatus
from apps.cases.models import Arrangement, Case, Complaint, Contact, Dispute, Hold
from apps.core.texts import gettext as _
from apps.customers.models import Customer


def last_date(customer: Customer) -> dt.date | None:
    """The last day of the collection records: a contact, or the end of a case."""
    contact = Contact.objects.filter(case__customer=customer).aggregate(last=Max("contacted_date"))["last"]
    closed = Case.objects.filter(customer=customer).aggregate(last=Max("closed_date"))["last"]
    complaint = Complaint.objects.filter(customer=customer).aggregate(last=Max("received_date"))["last"]
    hold = Hold.objects.filter(customer=customer).aggregate(last=Max("ended_at"))["last"]
    found = (contact, closed, complaint, hold and hold.date())
    return max((date for date in found if date), default=None)


def objection(customer: Customer) -> str | None:
    """Why the customer cannot be forgotten: they are being collected from."""
    if Case.objects.filter(customer=customer, status=CaseStatus.OPEN).exists():
        return _("%(customer)s has an open case.") % {"customer": customer.reference}
    if Complaint.objects.filter(customer=customer, status=ComplaintStatus.OPEN).exists():
        return _("A complaint of %(customer)s is not answered yet.") % {"customer": customer.reference}
    if Arrangement.objects.filter(customer=customer, status__in=LIVE).exists():
        return _("An arrangement of %(customer)s is not over.") % {"customer": customer.reference}
    if hold := Hold.objects.filter(customer=customer, status=HoldStatus.IN_FORCE).first():
        return _("Hold %(hold)s is in force.") % {"hold": hold.reference}
    return None


def subjects(customer: Customer) -> list[str]:
    """The cases, under which the notes of contacts are kept, and the disputes, under which their evidence is."""
    cases = Case.objects.filter(customer=customer).values_list("pk", flat=True)
    disputes = Dispute.objects.filter(customer=customer).values_list("pk", flat=True)
    return [*(f"cases.case:{key}" for key in cases), *(f"cases.dispute:{key}" for key in disputes)]
