"""Emptying what we keep of a person, as a part of the erasure that was agreed to."""

import datetime as dt

from apps.audit import actions as audit
from apps.bills.models import Debit, Mandate, Pause
from apps.bills.queries import retention
from apps.core.domain.actor import Actor
from apps.customers.models import Customer


def clear(customer: Customer, *, by: Actor, at: dt.datetime) -> int:
    """Empty accounts, notes and payers' names; amounts and dates stay. Returns how many rows."""
    with audit.operation("bills.clear_personal", by=by, at=at, on=customer) as op:
        rows = Mandate.objects.filter(customer=customer).exclude(account_token="").update(account_token="")
        rows += Pause.objects.filter(customer=customer).exclude(note="").update(note="")
        rows += Debit.objects.filter(customer=customer).exclude(reason="").update(reason="")
        rows += retention.suspense_of(customer).update(payer="", purpose="")
        op.sentence, op.nothing_happened = f"Emptied {rows} rows of {customer.reference}.", not rows
    return rows
