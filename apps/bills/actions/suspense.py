"""Money from a payer whom we do not know: parked, assigned to a customer by hand, or given back."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format

from apps.audit import actions as audit
from apps.bills.actions import repayments
from apps.bills.domain.suspense import SuspenseStatus
from apps.bills.models import Bill, Repayment, SuspenseItem
from apps.bills.queries import inputs, references
from apps.bills.queries import suspense as queries
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer


def park(
    *,
    reference: str,
    amount: Decimal,
    received_date: dt.date,
    business_date: dt.date,
    currency: str = "",
    payer: str = "",
    purpose: str = "",
    channel: str = "",
    by: Actor,
    at: dt.datetime,
) -> SuspenseItem:
    """Keep money whose payer is not known; the same reference with the same content is answered with what is there."""
    with audit.operation("bills.park_suspense", by=by, at=at) as op:
        amount = inputs.amount(amount)
        inputs.day(received_date, business_date)
        references.hold(alone=True)
        named = {"reference": reference}
        booked = Repayment.objects.filter(reference=reference, suspense_item=None).select_related("customer").first()
        if booked is not None:
            named["customer"] = booked.customer.reference
            sentence = _("%(reference)s is a repayment of %(customer)s already; it is not parked.")
            raise Refused(sentence % named, code="reference_taken")
        currency = currency or queries.house_currency()
        content: dict[str, Any] = {"amount": amount, "received_date": received_date, "currency": currency}
        item, created = SuspenseItem.objects.get_or_create(
            reference=reference, defaults={**content, "payer": payer, "purpose": purpose, "channel": channel}
        )
        if any(getattr(item, name) != value for name, value in content.items()):
            sentence = _("Money with the reference %(reference)s is in suspense with other content.")
            raise Refused(sentence % named, code="reference_taken")
        op.on = item
        op.sentence = (
            f"Parked {amount} {currency} with the reference {reference}: the payer is not known."
            if created
            else f"Money with the reference {reference} was parked before; nothing was changed."
        )
    return item


def assign(
    *,
    item: SuspenseItem,
    customer: Customer,
    bill: Bill | None = None,
    reason: str,
    business_date: dt.date,
    by: Actor,
    at: dt.datetime,
) -> Repayment:
    """Book the money as the customer's repayment, received on the day on which it came."""
    with audit.operation("bills.assign_suspense", by=by, at=at, on=item, reason=reason) as op:
        current = _waiting(item, reason)
        theirs = queries.currency_of(customer)
        if theirs != current.currency:
            words = {"reference": current.reference, "currency": current.currency, "theirs": theirs}
            sentence = _("%(reference)s is money in %(currency)s, the customer's account is in %(theirs)s.")
            raise Refused(sentence % words, code="currency_other")
        repayment = repayments.record(
            customer=customer,
            reference=current.reference,
            amount=current.amount,
            received_date=current.received_date,
            business_date=business_date,
            channel=current.channel,
            bill=bill,
            suspended=current,
            by=by,
            at=at,
        )
        current.repayment = repayment
        _decide(current, SuspenseStatus.ASSIGNED, reason, by, at)
        op.sentence = f"Assigned {current.amount} with the reference {current.reference} to {customer.reference}."
    return repayment


def give_back(*, item: SuspenseItem, reason: str, by: Actor, at: dt.datetime) -> SuspenseItem:
    """Note that the money goes back to where it came from."""
    with audit.operation("bills.return_suspense", by=by, at=at, on=item, reason=reason) as op:
        current = _waiting(item, reason)
        _decide(current, SuspenseStatus.RETURNED, reason, by, at)
        op.sentence = f"Gave back {current.amount} with the reference {current.reference}: {reason}"
    return current


def _waiting(item: SuspenseItem, reason: str) -> SuspenseItem:
    """The item, held until the end of the transaction; refused where it was decided before."""
    if not reason.strip():
        raise Refused(_("Say why: it is kept with the money."), code="reason_missing")
    references.hold(alone=True)
    current = SuspenseItem.objects.select_for_update(of=("self",)).select_related("repayment__customer").get(pk=item.pk)
    words: dict[str, Any] = {"reference": current.reference}
    if current.decided_at is not None:
        words["day"] = date_format(current.decided_at, "Y-m-d")
    if current.repayment is not None:
        words["customer"] = current.repayment.customer.reference
        sentence = _("%(reference)s was assigned to %(customer)s on %(day)s already.")
        raise Refused(sentence % words, code="assigned_already")
    if current.status == SuspenseStatus.RETURNED:
        raise Refused(_("%(reference)s was given back on %(day)s already.") % words, code="returned_already")
    return current


def _decide(item: SuspenseItem, status: SuspenseStatus, reason: str, by: Actor, at: dt.datetime) -> None:
    item.status, item.reason, item.decided_at, item.decided_by = status, reason, at, by.actor_id
    item.save(update_fields=["status", "reason", "decided_at", "decided_by", "repayment"])
