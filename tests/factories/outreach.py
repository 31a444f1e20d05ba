"""Messages that wait in the outbox."""

import datetime as dt
from decimal import Decimal
from typing import Any

from apps.audit import actions as audit
from apps.bills.domain.kinds import Mode
from apps.bills.models import Bill, Instalment, Product, ProductTerms
from apps.core.domain.actor import System
from apps.customers.domain.contact import Channel
from apps.customers.models import Customer
from apps.outreach.actions import outbox
from apps.outreach.domain.wanted import Planned, Wanted
from apps.outreach.models import Message
from tests.factories.customers import reachable

DUE = dt.date(2026, 2, 26)
MIDNIGHT = dt.datetime(2026, 3, 1, 16, tzinfo=dt.UTC)  # the close of 1 March in Shanghai
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)  # in Shanghai, when everything planned at midnight is due
CLOSE = System("close")


def want(customer: Customer, **changes: Any) -> Wanted:
    """A reminder three days after the due date."""
    fields: dict[str, Any] = {
        "customer": customer.pk,
        "purpose": "auto_reminder",
        "template": "auto_reminder",
        "channels": (Channel.SMS, Channel.APP, Channel.EMAIL),
        "anchor_date": DUE,
        "due_date": DUE,
        "amount": Decimal("1234.50"),
        "currency": "CNY",
        "days_past_due": 3,
    }
    return Wanted(**(fields | changes))


def plan(*wanted: Wanted, at: dt.datetime = MIDNIGHT) -> Planned:
    """Plan as the close does."""
    with audit.operation("closing.step", by=CLOSE, at=at):
        return outbox.plan(wanted=wanted, by=CLOSE, at=at)


def queued(customer: Customer, channel: Channel, *, at: dt.datetime = MIDNIGHT, **changes: Any) -> Message:
    """A message that waits to go out on the channel."""
    wanted = want(customer, channels=(channel,), **changes)
    assert plan(wanted, at=at).planned == 1
    return Message.objects.get(reference=wanted.reference(customer.reference))


def debtor(**changes: Any) -> Customer:
    """Somebody who can be reached in every way and owes an instalment since `DUE`."""
    made = reachable(**changes)
    product, _ = Product.objects.get_or_create(code="pay-later", name="Pay later", currency="CNY", mode=Mode.ORDER)
    terms, _ = ProductTerms.objects.get_or_create(
        product=product, version=1, defaults={"effective_date": DUE, "waterfall": ["principal"]}
    )
    bill = Bill.objects.create(
        reference=f"B-{made.reference}",
        customer=made,
        terms=terms,
        issued_date=DUE - dt.timedelta(30),
        principal=Decimal("1234.50"),
        open_principal=Decimal("1234.50"),
    )
    Instalment.objects.create(
        bill=bill, customer=made, number=1, due_date=DUE, amount=bill.principal, open_amount=bill.principal
    )
    return made


def pays(customer: Customer) -> None:
    """Everything is met."""
    Instalment.objects.filter(customer=customer).update(open_amount=0, met_date=DUE)
