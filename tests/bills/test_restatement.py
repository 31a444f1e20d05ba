"""A past that changes after it was closed: the next close states it anew, of whoever it concerns and of nobody else."""

import datetime as dt
from decimal import Decimal

from apps.bills.actions import purchases, repayments
from apps.bills.actions.purchases import NewPurchase
from apps.bills.models import Account, BillSnapshot, MonthRollUp, ProductTerms
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY, close_through

D = Decimal
COLUMNS = ("month_end_date", "days_past_due", "bucket", "previous_bucket", "open_principal", "open_fees")
MOVES = ("month_end_date", "from_bucket", "to_bucket", "bills", "balance_before", "balance")


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def buyer(reference: str, terms: ProductTerms) -> Customer:
    customer = Customer.objects.create(reference=reference, name=reference, joined_date=day(1, 1))
    for number, date in enumerate((day(4, 10), day(4, 25))):
        new = NewPurchase(f"P-{reference}-{number}", customer.pk, terms.pk, date, D("600.00"), 1)
        purchases.record_many(purchases=[new], by=BY, at=AT)
    return customer


def pay(customer: Customer, *, on: dt.date) -> None:
    repayments.record(
        customer=customer,
        reference=f"R-{customer.reference}",
        amount=D("700.00"),
        received_date=day(5, 21),
        business_date=on,
        by=BY,
        at=AT,
    )


def snapshots(customer: Customer) -> list[tuple[object, ...]]:
    return list(BillSnapshot.objects.filter(customer=customer).order_by("month_end_date", "bill").values_list(*COLUMNS))


def test_a_month_end_is_stated_anew_as_if_the_money_had_been_known_in_time(terms: ProductTerms) -> None:
    known, late = buyer("C-1", terms), buyer("C-2", terms)
    close_through(day(4, 30), since=day(4, 30))
    close_through(day(5, 20), since=day(5, 20))
    pay(known, on=day(5, 21))
    close_through(day(5, 31), since=day(5, 31))
    close_through(day(7, 3), since=day(6, 30))
    untouched = set(BillSnapshot.objects.filter(customer=known).values_list("pk", flat=True))
    pay(late, on=day(7, 4))
    assert Account.objects.get(customer=late).changed_from_date == day(5, 21)
    assert snapshots(known) != snapshots(late)

    close_through(day(7, 4))

    assert snapshots(late) == snapshots(known) != []
    assert set(BillSnapshot.objects.filter(customer=known).values_list("pk", flat=True)) == untouched
    assert not Account.objects.filter(changed_from_date__isnull=False).exists()
    assert list(MonthRollUp.objects.order_by("month_end_date", "from_bucket", "to_bucket").values_list(*MOVES)) == [
        (day(4, 30), "", "M0", 4, D(0), D("2400.00")),
        (day(5, 31), "M0", "", 2, D("1200.00"), D(0)),
        (day(5, 31), "M0", "M1", 2, D("1200.00"), D("1013.48")),
        (day(6, 30), "M1", "M2", 2, D("1013.48"), D("1034.68")),
    ]


def test_money_in_time_changes_no_closed_past(terms: ProductTerms) -> None:
    customer = buyer("C-1", terms)
    close_through(day(5, 20), since=day(5, 20))

    pay(customer, on=day(5, 21))

    assert Account.objects.get(customer=customer).changed_from_date is None
