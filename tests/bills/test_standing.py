"""An account at the end of a day, as known now and as known then; it ties to the ledger to the cent."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random

import pytest
from django.db.models import Sum

from apps.bills.actions import pauses, posting, purchases, repayments
from apps.bills.actions.purchases import NewPurchase
from apps.bills.domain.kinds import Bucket, Component, EntryKind
from apps.bills.domain.pauses import PauseReason
from apps.bills.models import Bill, LedgerEntry, ProductTerms, Repayment
from apps.bills.queries import standing
from apps.bills.queries.standing import Standing
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY
from tests.factories import access

pytestmark = pytest.mark.django_db
Buy = Callable[..., Bill]
D = Decimal
HOUR = dt.timedelta(hours=1)


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def pay(customer: Customer, reference: str, date: dt.date, amount: str, *, at: dt.datetime = AT) -> Repayment:
    return repayments.record(
        customer=customer, reference=reference, amount=D(amount), received_date=date, business_date=date, by=BY, at=at
    )


def at_end_of(customer: Customer, date: dt.date, **options: dt.date | dt.datetime) -> Standing:
    customer.refresh_from_db()
    return standing.of(access.person("otto"), customer, date=date, **options)  # type: ignore[arg-type]


def close(date: dt.date, at: dt.datetime = AT) -> None:
    Day.objects.create(date=date, status=DayStatus.CLOSED, partitions=1, started_at=at, closed_at=at)


def test_a_day_in_the_past_shows_what_was_open_then(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    pay(customer, "R1", day(5, 15), "503.50")

    before = at_end_of(customer, day(4, 30))
    late = at_end_of(customer, day(5, 12))
    after = at_end_of(customer, day(5, 15))

    assert (before.balance, before.accrued, before.lateness.days) == (D("1000.00"), 0, 0)
    assert (late.balance, late.accrued, late.lateness.days, late.lateness.bucket) == (1000, D("1.40"), 2, Bucket.M1)
    assert (after.balance, after.accrued, after.open) == (D("500.00"), 0, {Component.PRINCIPAL: D("500.00")})
    assert [(due.due_date, due.open, due.days) for due in late.bills[0].dues] == [(day(5, 10), D("1000.00"), 2)]


def test_a_period_begins_with_what_was_owed_before_it_and_ends_with_what_is_owed(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    pay(customer, "R1", day(4, 20), "200.00")
    pay(customer, "R2", day(5, 2), "300.00")

    found = at_end_of(customer, day(5, 2), since=day(4, 20))

    assert found.opening == D("1000.00")
    assert [(line.entry.effective_date, line.balance) for line in found.lines] == [
        (day(4, 20), D("800.00")),
        (day(5, 2), D("500.00")),
    ]
    assert found.moved == {EntryKind.PAYMENT: D("-500.00")}
    assert found.opening + sum(found.moved.values()) == found.balance


def test_what_was_met_later_was_open_on_the_day(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "300.00", instalments=3)
    pay(customer, "R1", day(6, 20), "304.50")

    found = at_end_of(customer, day(6, 15))

    assert [(due.number, due.open, due.met_date, due.days) for due in found.bills[0].dues] == [
        (1, D("101.50"), None, 36),
        (2, D("101.50"), None, 5),
        (3, D("101.50"), None, 0),
    ]
    assert found.lateness.bucket is Bucket.M2


def test_a_settled_bill_and_one_not_yet_issued_are_not_open(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "100.00")
    buy("P2", day(5, 20), "100.00")
    pay(customer, "R1", day(4, 20), "100.00")

    assert [len(at_end_of(customer, date).bills) for date in (day(4, 9), day(4, 19), day(4, 20), day(5, 20))] == [
        0,
        1,
        0,
        1,
    ]


def test_an_overpayment_is_a_credit_balance_until_the_next_bill_takes_it(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "100.00")
    pay(customer, "R1", day(4, 12), "130.00")
    buy("P2", day(5, 1), "80.00")

    held, taken = at_end_of(customer, day(4, 30)), at_end_of(customer, day(5, 1))

    assert (held.balance, held.credit) == (D("-30.00"), D("30.00"))
    assert (taken.balance, taken.credit, taken.open[Component.PRINCIPAL]) == (D("50.00"), 0, D("50.00"))


def test_money_that_came_late_into_the_book_is_known_now_and_was_not_known_then(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    pay(customer, "R1", day(5, 20), "100.00", at=AT + HOUR)
    pay(customer, "R2", day(5, 8), "400.00", at=AT + 3 * HOUR)

    now = at_end_of(customer, day(5, 31))
    then = at_end_of(customer, day(5, 31), known_at=AT + 2 * HOUR)

    assert (now.balance, now.bills[0].dues[0].open) == (D("504.20"), D("504.20"))
    assert then.balance == D("907.00")
    assert then.bills[0].dues[0].open == D("907.00")
    assert [line.entry.repayment and line.entry.repayment.reference for line in then.lines][-1] == "R1"
    assert now.is_whole
    assert then.is_whole


def test_a_repayment_that_was_reversed_since_still_stood_then(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    paid = pay(customer, "R1", day(4, 20), "250.00", at=AT + HOUR)
    repayments.reverse(repayment=paid, reason="bounced", business_date=day(4, 25), by=BY, at=AT + 3 * HOUR)

    now = at_end_of(customer, day(4, 30))
    then = at_end_of(customer, day(4, 30), known_at=AT + 2 * HOUR)

    assert (now.balance, len(now.lines)) == (D("1000.00"), 1)
    assert (then.balance, then.bills[0].dues[0].open, then.is_whole) == (D("750.00"), D("750.00"), True)


def test_a_pause_that_was_agreed_since_freezes_the_days_now_and_did_not_then(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    pauses.begin(customer=customer, reason=PauseReason.DISPUTE, start_date=day(5, 16), by=BY, at=AT + 3 * HOUR)

    now = at_end_of(customer, day(5, 20))
    then = at_end_of(customer, day(5, 20), known_at=AT + 2 * HOUR)

    assert (now.lateness.days, now.accrued, now.is_whole) == (5, D("3.50"), True)
    assert (then.lateness.days, then.accrued, then.is_whole) == (10, D("7.00"), True)


def test_before_anything_was_booked_nothing_was_known(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")

    found = at_end_of(customer, day(5, 31), known_at=AT - HOUR)

    assert (found.balance, found.lines, found.bills, found.is_whole) == (0, (), (), True)


def test_whoever_was_never_billed_owes_nothing(customer: Customer) -> None:
    found = at_end_of(customer, day(5, 31))

    assert (found.balance, found.credit, found.open, found.bills, found.is_whole) == (0, 0, {}, (), True)


@pytest.mark.parametrize("seed", range(5))
def test_a_random_book_ties_to_its_ledger_on_every_day_now_and_then(
    customer: Customer, terms: ProductTerms, seed: int
) -> None:
    random = Random(seed)
    moments = []
    for number in range(14):
        at = AT + number * HOUR
        date = day(3, 1) + dt.timedelta(random.randrange(100))
        what = random.choice(["buy", "pay", "pay", "reverse", "close"])
        if what == "buy" or not Bill.objects.exists():
            amount = D(random.randrange(1, 90000)) / 100
            new = NewPurchase(f"P{number}", customer.pk, terms.pk, date, amount, random.choice([1, 3, 6]))
            purchases.record_many(purchases=[new], by=BY, at=at)
        elif what == "pay":
            pay(customer, f"R{number}", date, f"{random.randrange(1, 60000) / 100:.2f}", at=at)
        elif what == "close" and not Day.objects.exists():
            close(date, at)
            posting.post(customers=[customer.pk], by=BY, at=at)
        elif stands := Repayment.objects.filter(status="booked").first():
            repayments.reverse(repayment=stands, reason="bounced", business_date=date, by=BY, at=at)
        moments.append(at)

    for date in [day(3, 1) + dt.timedelta(days) for days in range(0, 130, 9)]:
        for known_at in (None, random.choice(moments)):
            found = at_end_of(customer, date, **({"known_at": known_at} if known_at else {}))
            booked = LedgerEntry.objects.filter(effective_date__lte=date)
            if known_at:
                booked = booked.filter(booked_at__lte=known_at)
            assert found.balance == (booked.aggregate(sum=Sum("amount"))["sum"] or 0)
            assert found.balance == sum(found.open.values()) - found.credit
            assert found.balance == sum(bill.owed for bill in found.bills) - found.credit
            assert found.is_whole
            for bill in found.bills:
                dues = sum(due.open for due in bill.dues)
                assert dues == bill.open.get(Component.PRINCIPAL, 0) + bill.open.get(Component.INSTALMENT_FEE, 0)
