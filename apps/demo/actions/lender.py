"""The pretend lender's book: its product, its people, and what they buy and pay."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from apps.audit import actions as audit
from apps.bills.actions import debit_results, purchases, repayments
from apps.bills.actions.debit_results import Result
from apps.bills.actions.purchases import NewPurchase
from apps.bills.actions.repayments import NewRepayment
from apps.bills.domain.debits import DebitStatus, Outcome
from apps.bills.domain.kinds import Mode
from apps.bills.domain.terms import WATERFALL
from apps.bills.models import Bill, Debit, Mandate, Product, ProductTerms, Purchase, Repayment
from apps.core.domain.actor import Actor
from apps.credit.models import CreditLine
from apps.customers.domain.contact import ContactKind
from apps.customers.models import ContactPoint, Customer
from apps.demo.domain.behaviour import Buy, Pay
from apps.demo.domain.people import Person, person_reference

PRODUCT = "white-slip"
CARD = "white-card"

Event = TypeVar("Event", Buy, Pay)


def open_products(*, effective_date: dt.date, by: Actor, at: dt.datetime) -> tuple[ProductTerms, ProductTerms]:
    """The demo's products: deferred 30 days or in instalments, and by the month; late fee 0.05 % a day."""
    conditions: dict[str, Any] = {
        "version": 1,
        "effective_date": effective_date,
        "monthly_fee_rate": Decimal("0.006"),
        "late_fee_daily_rate": Decimal("0.0005"),
        "waterfall": list(WATERFALL),
    }
    with audit.operation("demo.open_products", by=by, at=at) as op:
        product = Product.objects.create(code=PRODUCT, name="White slip", currency="CNY", mode=Mode.ORDER)
        card = Product.objects.create(code=CARD, name="White card", currency="CNY", mode=Mode.STATEMENT)
        op.on = product
        op.sentence = "Opened the demo's products."
        return (
            ProductTerms.objects.create(product=product, deferred_days=30, **conditions),
            ProductTerms.objects.create(
                product=card,
                statement_day=1,
                minimum_rate=Decimal("0.10"),
                revolving_daily_rate=Decimal("0.0005"),
                **conditions,
            ),
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
                    identity=f"demo-id-{person.number:05}",
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
        Mandate.objects.bulk_create(
            [
                Mandate(
                    reference=f"M-{person.reference}-1",
                    customer=customer,
                    bank="Nimbus Bank",
                    account_token=f"demo-account-{person.number:05}",
                    agreed_date=person.joined_date,
                )
                for customer, person in pairs
                if person.has_mandate
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


def live(
    *, buys: Sequence[Buy], pays: Sequence[Pay], terms: Mapping[int, ProductTerms], by: Actor, at: dt.datetime
) -> int:
    """Record the purchases and repayments that are not recorded yet; answers how many."""
    new_buys = _unknown(Purchase, buys)
    new_pays = _not_debited(_unknown(Repayment, pays))
    customers = _keys(Customer, _people(new_buys) | _people(new_pays))
    recorded = 0
    if new_buys:
        recorded += purchases.record_many(
            purchases=[
                NewPurchase(
                    reference=buy.reference,
                    customer=customers[person_reference(buy.person)],
                    terms=terms[buy.person].pk,
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
                    bill=bills.get(f"B-{pay.purchase}"),  # a statement is paid as a whole
                )
                for pay in new_pays
            ],
            by=by,
            at=at,
        )
    return recorded


def answer_debits(*, date: dt.date, pays: Sequence[Pay], by: Actor, at: dt.datetime) -> int:
    """Answer the day's debits as a bank would: paid for whoever will pay what falls due in time, else not."""
    in_time = {(f"B-{pay.purchase}", pay.number) for pay in pays if pay.channel == debit_results.CHANNEL}
    waiting = Debit.objects.filter(debit_date=date, status=DebitStatus.INSTRUCTED).select_related("bill")
    results = [
        Result(row, debit.reference, str(debit.amount), Outcome.PAID)
        if (debit.bill.reference, debit.number) in in_time
        else Result(row, debit.reference, str(debit.amount), Outcome.FAILED, "51", "not enough money")
        for row, debit in enumerate(waiting.order_by("pk"), start=1)
    ]
    return len(debit_results.take(results=results, business_date=date, by=by, at=at))


def _not_debited(pays: Sequence[Pay]) -> list[Pay]:
    """Leave out what a debit has brought already."""
    bills = {f"B-{pay.purchase}" for pay in pays if pay.channel == debit_results.CHANNEL}
    paid = Debit.objects.filter(bill__reference__in=bills, status=DebitStatus.PAID)
    brought = set(paid.values_list("bill__reference", "number")) if bills else set()
    return [pay for pay in pays if (f"B-{pay.purchase}", pay.number) not in brought]


def _unknown(model: type[Purchase] | type[Repayment], events: Sequence[Event]) -> list[Event]:
    known = set(
        model.objects.filter(reference__in=[event.reference for event in events]).values_list("reference", flat=True)
    )
    return [event for event in events if event.reference not in known]


def _people(events: Sequence[Event]) -> set[str]:
    return {person_reference(event.person) for event in events}


def _keys(model: type[Customer] | type[Bill], references: set[str]) -> dict[str, int]:
    return dict(model.objects.filter(reference__in=references).values_list("reference", "pk"))
