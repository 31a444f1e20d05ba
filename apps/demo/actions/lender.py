"""The pretend lender's book: its product, its people, and what they buy and pay."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from apps.audit import actions as audit
from apps.bills.actions import purchases, repayments
from apps.bills.actions.purchases import NewPurchase
from apps.bills.actions.repayments import NewRepayment
from apps.bills.domain.kinds import Mode
from apps.bills.domain.terms import WATERFALL
from apps.bills.models import Bill, Product, ProductTerms, Purchase, Repayment
from apps.core.domain.actor import Actor
from apps.credit.models import CreditLine
from apps.customers.domain.contact import ContactKind
from apps.customers.models import ContactPoint, Customer
from apps.demo.domain.behaviour import Buy, Pay
from apps.demo.domain.people import Person, person_reference

PRODUCT = "white-slip"

Event = TypeVar("Event", Buy, Pay)


def open_product(*, effective_date: dt.date, by: Actor, at: dt.datetime) -> ProductTerms:
    """The one product of the demo: deferred 30 days or in instalments, late fee 0.05 % a day."""
    existing = ProductTerms.objects.filter(product__code=PRODUCT).order_by("-version").first()
    if existing:
        return existing
    with audit.operation("demo.open_product", by=by, at=at) as op:
        product = Product.objects.create(code=PRODUCT, name="White slip", currency="CNY", mode=Mode.ORDER)
        op.on = product
        op.sentence = "Opened the demo's product."
        return ProductTerms.objects.create(
            product=product,
            version=1,
            effective_date=effective_date,
            deferred_days=30,
            monthly_fee_rate=Decimal("0.006"),
            late_fee_daily_rate=Decimal("0.0005"),
            waterfall=list(WATERFALL),
        )


def enrol(*, people: Sequence[Person], seed: int, by: Actor, at: dt.datetime) -> int:
    """Make customers, their contact points and credit lines of those who are not there yet."""
    known = set(Customer.objects.values_list("reference", flat=True))
    new = [person for person in people if person.reference not in known]
    if not new:
        return 0
    with audit.operation("demo.enrol", by=by, at=at) as op:
        customers = Customer.objects.bulk_create(
            [
                Customer(
                    reference=person.reference,
                    name=person.name,
                    language=person.language,
                    joined_date=person.joined_date,
                    profile={"fictitious": True, "seed": seed},
                )
                for person in new
            ],
            batch_size=1000,
        )
        pairs = list(zip(customers, new, strict=True))
        ContactPoint.objects.bulk_create(
            [
                ContactPoint(customer=customer, kind=kind, value=value, consented_date=person.joined_date)
                for customer, person in pairs
                for kind, value in _contact_points(person)
            ],
            batch_size=1000,
        )
        CreditLine.objects.bulk_create(
            [
                CreditLine(
                    reference=f"L-{person.reference}",
                    customer=customer,
                    currency="CNY",
                    limit=person.limit,
                    opened_date=person.joined_date,
                )
                for customer, person in pairs
            ],
            batch_size=1000,
        )
        op.sentence = f"Enrolled {len(new)} fictitious customers."
    return len(new)


def _contact_points(person: Person) -> list[tuple[ContactKind, str]]:
    points = (
        (ContactKind.APP, person.app),
        (ContactKind.PHONE, person.phone),
        (ContactKind.EMAIL, person.email),
        (ContactKind.WECHAT, person.wechat),
        (ContactKind.QQ, person.qq),
    )
    return [(kind, value) for kind, value in points if value]


def live(*, buys: Sequence[Buy], pays: Sequence[Pay], terms: ProductTerms, by: Actor, at: dt.datetime) -> int:
    """Record the purchases and repayments that are not recorded yet; answers how many."""
    new_buys = _unknown(Purchase, buys)
    new_pays = _unknown(Repayment, pays)
    customers = _keys(Customer, _people(new_buys) | _people(new_pays))
    recorded = 0
    if new_buys:
        recorded += purchases.record_many(
            purchases=[
                NewPurchase(
                    reference=buy.reference,
                    customer=customers[person_reference(buy.person)],
                    terms=terms.pk,
                    date=buy.date,
                    amount=buy.amount,
                    instalments=buy.instalments,
                    merchant=buy.merchant,
                    order_reference=f"O{buy.reference[2:]}",
                )
                for buy in new_buys
            ],
            by=by,
            at=at,
        )
    if new_pays:
        bills = _keys(Bill, {f"B-{pay.purchase}" for pay in new_pays})
        recorded += repayments.record_many(
            repayments=[
                NewRepayment(
                    reference=pay.reference,
                    customer=customers[person_reference(pay.person)],
                    date=pay.date,
                    amount=pay.amount,
                    channel=pay.channel,
                    bill=bills[f"B-{pay.purchase}"],
                )
                for pay in new_pays
            ],
            by=by,
            at=at,
        )
    return recorded


def _unknown(model: type[Purchase] | type[Repayment], events: Sequence[Event]) -> list[Event]:
    known = set(
        model.objects.filter(reference__in=[event.reference for event in events]).values_list("reference", flat=True)
    )
    return [event for event in events if event.reference not in known]


def _people(events: Sequence[Event]) -> set[str]:
    return {person_reference(event.person) for event in events}


def _keys(model: type[Customer] | type[Bill], references: set[str]) -> dict[str, int]:
    return dict(model.objects.filter(reference__in=references).values_list("reference", "pk"))
