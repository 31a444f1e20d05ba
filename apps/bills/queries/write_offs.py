"""What was written off and what of it came back; what a request to write off, or to reverse that, rests on."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals
from apps.bills.models import Bill, WriteOff
from apps.bills.queries import fees, waivers
from apps.bills.queries.waivers import Rules
from apps.core.domain.money import ZERO
from apps.customers.queries import walls

ACTION = "bills.write_off"
REVERSAL = "bills.reverse_write_off"
SUBJECT = "bills.bill"


def visible_to(user: User) -> QuerySet[WriteOff]:
    """The write-offs that somebody may see, with what went out, what of it came back and what is still out."""
    later = Q(entries__effective_date__gt=F("written_off_date"))
    found = WriteOff.objects.select_related("customer__account", "bill", "approval").annotate(
        recovered=Coalesce(Sum("entries__amount", filter=later), ZERO),
        still_out=-Coalesce(Sum("entries__amount"), ZERO),
        went_out=-Coalesce(Sum("entries__amount", filter=~later), ZERO),
    )
    return walls.seen(found, user)


def of_bill(bill: Bill, user: User) -> QuerySet[WriteOff]:
    """The bill's write-offs, the one that stands first."""
    return visible_to(user).filter(bill=bill).order_by(F("reversed_date").desc(nulls_first=True), "-pk")


def standing(bill: Bill) -> WriteOff | None:
    """The bill's write-off, unless it was reversed."""
    return WriteOff.objects.filter(bill=bill, reversed_date=None).first()


def owed(bill: Bill) -> Decimal:
    """What would be written off: everything open, with what has accrued."""
    opened = bill.open_principal + bill.open_instalment_fee + bill.open_cost
    return opened + fees.interest_owed(bill) + fees.late_fee_owed(bill)


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What a write-off rests on, shown to the approver; the late fee grows every night and is not among it."""
    bill = Bill.objects.select_related("customer", "terms__product").get(reference=payload["bill"])
    return {
        "bill": bill.reference,
        "customer": bill.customer.reference,
        "open_principal": str(bill.open_principal),
        "open_instalment_fee": str(bill.open_instalment_fee),
        "product": bill.terms.product.code,
        "fees_only": not bill.open_principal,
    }


def reversal_facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What the reversal of a write-off rests on; money that came back since makes a request void."""
    found = WriteOff.objects.select_related("bill__terms__product", "customer").get(reference=payload["write_off"])
    amounts = found.entries.aggregate(out=Coalesce(Sum("amount"), ZERO))
    return {
        "write_off": found.reference,
        "bill": found.bill.reference,
        "customer": found.customer.reference,
        "written_off_date": found.written_off_date.isoformat(),
        "still_out": str(-amounts["out"]),
        "product": found.bill.terms.product.code,
        "fees_only": False,
    }


def rules(action: str, bill: Bill, amount: Decimal, maker: User, at: dt.datetime) -> Rules:
    """Who would have to agree to write the amount off, or to reverse that, were it asked for now."""
    fees_only = action == ACTION and not bill.open_principal
    product = bill.terms.product.code
    return waivers.rules_of(action, bill.customer.reference, amount, maker, at, fees_only=fees_only, product=product)


def asked_for(bill: Bill, user: User) -> QuerySet[ApprovalRequest]:
    """The requests to write this bill off, or to reverse that, that the user may see, the newest first."""
    mine = approvals.visible_to(user).filter(subject_type=SUBJECT, subject_reference=bill.reference)
    return mine.filter(action__in=(ACTION, REVERSAL))
