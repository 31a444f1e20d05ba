"""Emptying what we keep of a person, as a part of the erasure that was agreed to."""

import datetime as dt

from apps.audit import actions as audit
from apps.audit.actions import erasure
from apps.cases.models import Arrangement, Case, Complaint, Contact, Dispute, Evidence, Hold
from apps.core.domain.actor import Actor
from apps.customers.models import Customer


def clear(customer: Customer, *, by: Actor, at: dt.datetime) -> int:
    """Empty what was said in complaints, of holds and of contacts; that there was one, when and what came of it, stays.

    Returns how many rows.
    """
    with audit.operation("cases.clear_personal", by=by, at=at, on=customer) as op:
        rows = Complaint.objects.filter(customer=customer).update(text="", answer="", remedy="")
        none = dict.fromkeys(("income", "outgoings", "obligations"))
        rows += Arrangement.objects.filter(customer=customer).update(**none, signature_reference="")
        rows += Hold.objects.filter(customer=customer).update(reason="", evidence="", end_reason="")
        rows += Dispute.objects.filter(customer=customer).update(text="", answer="", end_reason="")
        rows += Evidence.objects.filter(dispute__customer=customer).update(document="", note="")
        found = Case.objects.filter(customer=customer).values_list("pk", flat=True)
        contacts = erasure.empty(model=Contact, subjects=found, by=by, at=at)
        op.sentence = f"Emptied {rows} records of collecting and {contacts} contacts of {customer.reference}."
        op.nothing_happened = not rows + contacts
    return rows + contacts
