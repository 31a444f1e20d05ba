"""Days of grace, and principal first once a customer is long past due: in the play, in the close and on the pages."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills.actions import posting
from apps.bills.domain import account
from apps.bills.domain.facts import Facts
from apps.bills.domain.kinds import Component, EntryKind, Mode
from apps.bills.domain.state import Account
from apps.bills.domain.terms import Terms
from apps.bills.models import Account as Book
from apps.bills.models import Bill, BillSnapshot, BucketMove, Instalment
from apps.bills.queries import bills as queries
from apps.bills.queries import fees, people, reconciliation
from apps.customers.models import Customer
from tests.bills.books import bill, payment
from tests.bills.conftest import AT, BY, close_through
from tests.factories import bills

D = Decimal
LATE = Terms(Mode.ORDER, late_fee_daily_rate=D("0.0007"))
GRACE = Terms(Mode.ORDER, late_fee_daily_rate=D("0.0007"), grace_days=3)
ALTERNATIVE = Terms(Mode.ORDER, late_fee_daily_rate=D("0.0007"), principal_first_after_days=90)
BOUGHT, DUE = dt.date(2026, 4, 10), dt.date(2026, 5, 10)


def play(*receipts: tuple[int, str], terms: Terms, principal: str = "1000.00") -> Account:
    """A deferred purchase and money so many days after its due date."""
    paid = tuple(payment(n, DUE + dt.timedelta(days), amount) for n, (days, amount) in enumerate(receipts, start=1))
    return account.play(Facts((bill(1, BOUGHT, principal, terms=terms),), paid), closed_through=None)


def charged(played: Account, component: Component = Component.LATE_FEE) -> Decimal:
    entries = played.entries.items()
    return sum((a for k, a in entries if k.kind is EntryKind.CHARGE and k.component is component), D(0))


@pytest.mark.parametrize(("days", "fee"), [(0, "0"), (1, "0"), (3, "0"), (4, "2.80"), (5, "3.50")])
def test_what_is_paid_within_the_days_of_grace_is_in_time_and_later_the_due_date_counts(days: int, fee: str) -> None:
    assert charged(play((days, "1003.50"), terms=GRACE)) == D(fee)


def test_a_part_paid_within_grace_bears_no_late_fee_and_the_rest_bears_it_from_the_due_date() -> None:
    played = play((2, "600.00"), (5, "401.40"), terms=GRACE)

    assert charged(played) == D("1.40")
    assert played.balance == 0


def test_a_bill_is_past_due_from_the_day_after_grace() -> None:
    state = play(terms=GRACE).bills[1]

    assert state.oldest_late(DUE + dt.timedelta(3)) is None
    assert state.oldest_late(DUE + dt.timedelta(4)) == DUE


@pytest.mark.parametrize(("days", "principal", "fee"), [(90, "0.00", "50.00"), (91, "50.00", "0.00")])
def test_principal_comes_first_once_more_than_the_days_past_due(days: int, principal: str, fee: str) -> None:
    entries = play((days, "50.00"), terms=ALTERNATIVE).entries

    paid = {k.component: -a for k, a in entries.items() if k.kind is EntryKind.PAYMENT}
    assert paid.get(Component.PRINCIPAL, D(0)) == D(principal)
    assert paid.get(Component.LATE_FEE, D(0)) == D(fee)


def test_without_the_alternative_the_late_fee_always_comes_first() -> None:
    entries = play((400, "50.00"), terms=LATE).entries

    assert {k.component for k in entries if k.kind is EntryKind.PAYMENT} == {Component.LATE_FEE}


def test_the_order_holds_for_all_the_money_of_a_day() -> None:
    """The first money of the day meets the old instalment; the second still falls under the day's order."""
    facts = Facts(
        (bill(1, BOUGHT, "100.00", terms=ALTERNATIVE), bill(2, BOUGHT, "900.00", terms=ALTERNATIVE)),
        (payment(1, DUE + dt.timedelta(100), "1000.00"), payment(2, DUE + dt.timedelta(100), "10.00")),
    )

    entries = account.play(facts, closed_through=None).entries

    paid = {
        (k.cause.key, k.bill, k.component): -a for k, a in entries.items() if k.kind is EntryKind.PAYMENT and k.cause
    }
    assert paid[1, 1, Component.LATE_FEE] == D("7.00")
    assert paid[1, 2, Component.PRINCIPAL] == D("893.00")
    assert paid[2, 2, Component.PRINCIPAL] == D("7.00")
    assert paid[2, 2, Component.LATE_FEE] == D("3.00")


@given(grace=st.integers(0, 30), days=st.integers(0, 60), amount=st.decimals("0.01", "2000", places=2))
def test_grace_never_makes_anybody_pay_more(grace: int, days: int, amount: Decimal) -> None:
    patient = Terms(Mode.ORDER, late_fee_daily_rate=D("0.0007"), grace_days=grace)
    receipts = ((days, str(amount)), (70, "5000.00"))

    kind, strict = play(*receipts, terms=patient), play(*receipts, terms=LATE)

    assert charged(kind) <= charged(strict)
    assert kind.balance <= strict.balance


@pytest.fixture
def graced(customer: Customer) -> Bill:
    terms = bills.terms(late_fee_daily_rate=D("0.0007"), grace_days=25)
    return bills.bought(customer, terms, BOUGHT, "1000.00")


def test_the_close_opens_no_bucket_and_charges_nothing_within_grace(customer: Customer, graced: Bill) -> None:
    graced_date = dt.date(2026, 6, 4)
    close_through(dt.date(2026, 5, 31), since=dt.date(2026, 5, 31))
    close_through(graced_date, since=graced_date)

    snapshot = BillSnapshot.objects.get(month_end_date=dt.date(2026, 5, 31))
    assert (snapshot.days_past_due, snapshot.bucket) == (0, "M0")
    assert Book.objects.get().oldest_due_date is None
    assert fees.late_fee_owed(graced) == D("0.00")
    assert people.overdue(customer, dt.date(2026, 6, 4)) == D("0.00")
    ((_, lateness),) = queries.with_lateness(queries.aged(Bill.objects.all(), graced_date), graced_date)
    assert lateness.oldest_due_date is None


def test_the_day_after_grace_counts_everything_from_the_due_date(customer: Customer, graced: Bill) -> None:
    close_through(dt.date(2026, 6, 5), since=dt.date(2026, 6, 4))

    move = BucketMove.objects.get()
    assert (move.moved_date, move.to_bucket, move.oldest_due_date) == (dt.date(2026, 6, 5), "M1", DUE)
    assert fees.late_fee_owed(graced) == D("18.20")  # 26 days of 0.70
    assert people.overdue(customer, dt.date(2026, 6, 5)) == D("1000.00")
    assert Instalment.objects.get().grace_days == 25


def test_the_nights_and_a_replay_agree_across_a_months_end_within_grace(customer: Customer, graced: Bill) -> None:
    close_through(dt.date(2026, 5, 20), since=dt.date(2026, 5, 20))
    bills.paid(customer, dt.date(2026, 5, 21), "400.00")
    close_through(dt.date(2026, 5, 31), since=dt.date(2026, 5, 31))
    close_through(dt.date(2026, 6, 5), since=dt.date(2026, 6, 4))
    close_through(dt.date(2026, 6, 30), since=dt.date(2026, 6, 30))

    assert posting.post(customers=[customer.pk], by=BY, at=AT) == 0

    graced.refresh_from_db()
    assert graced.open_late_fee == D("21.42")  # 51 days of 0.42
    assert reconciliation.reconcile().differences == ()
