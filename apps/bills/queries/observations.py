"""Which bills are under observation after they were restructured, and the classes that they are held at."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from django.db.models import QuerySet

from apps.bills.domain import observation
from apps.bills.domain.aging import FiveClass
from apps.bills.domain.observation import Agreement, Classes, Observation, Share
from apps.bills.models import Bill, Instalment, Restructuring
from apps.bills.queries import pauses, people
from apps.bills.queries.people import Lateness
from apps.customers.models import Customer


def standing(on: dt.date, known_at: dt.datetime | None = None) -> QuerySet[Restructuring]:
    """The agreements of up to a day that stand, or that stood at a moment."""
    agreed = Restructuring.objects.filter(agreed_date__lte=on)
    if known_at is None:
        return agreed.filter(undone_at=None)
    return agreed.filter(booked_at__lte=known_at).exclude(undone_at__lte=known_at)


def agreements(found: QuerySet[Restructuring]) -> dict[int, Agreement]:
    """Agreements by key as the observation looks at them."""
    return {
        made.pk: Agreement(
            made.agreed_date, Classes(FiveClass(made.class_2023), FiveClass(made.class_card), made.stage)
        )
        for made in found
    }


def of_bills(bills: Collection[int], on: dt.date) -> dict[int, Observation]:
    """The observation of each of the bills (by key) that is under one on a day, whatever has come since."""
    rows = Bill.objects.filter(pk__in=bills).values_list("pk", "customer_id", "terms__grace_days")
    owners = {bill: (customer, grace) for bill, customer, grace in rows}
    customers = {customer for customer, _ in owners.values()}
    known = agreements(standing(on).filter(customer__in=customers))
    if not known:
        return {}
    shares: defaultdict[int, list[Share]] = defaultdict(list)
    dues = Instalment.objects.filter(bill__in=bills)
    for bill, due, met, made_by, replaced_by in dues.values_list(
        "bill_id", "due_date", "met_date", "restructuring_id", "replaced_by_id"
    ):
        shares[bill].append(Share(due, met, made_by, replaced_by))
    paused = pauses.of(customers)
    found = {}
    for bill, of_it in shares.items():
        customer, grace = owners[bill]
        found[bill] = observation.of_bill(known, of_it, on, grace_days=grace, pauses=paused.get(customer, ()))
    return {bill: held for bill, held in found.items() if held}


def of_bill(bill: Bill, as_of: dt.date | None) -> Observation | None:
    """The observation of a bill that is not settled on a day."""
    return of_bills([bill.pk], as_of).get(bill.pk) if as_of and not bill.settled_date else None


def held(late: Lateness, by: Observation | None) -> Lateness:
    """The lateness with classes no better than the observation lets them be."""
    if by is None:
        return late
    classes = observation.worse(Classes(late.class_2023, late.class_card, late.stage), by.floor)
    return replace(late, **classes._asdict())


def lateness_of(customer: Customer, as_of: dt.date | None) -> Lateness:
    """How late a customer is, in the worst of the classes that the bills not settled are held at."""
    late = people.lateness_of(customer, as_of)
    if as_of is not None:
        opened = Bill.objects.filter(customer=customer, settled_date=None).values_list("pk", flat=True)
        for each in of_bills(list(opened), as_of).values():
            late = held(late, each)
    return late


def classes(days: Mapping[int, int], on: dt.date) -> dict[int, Classes]:
    """The classes on a day of those bills, by key with their days past due, that are under observation then."""
    return {
        bill: observation.worse(observation.of_days(days[bill]), found.floor)
        for bill, found in of_bills(days, on).items()
    }
