import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from apps.bills.actions import posting
from apps.bills.domain import account, terms
from apps.bills.domain.facts import Facts
from apps.bills.domain.kinds import Component, EntryKind, Mode
from apps.bills.domain.pauses import Span
from apps.bills.domain.state import Account
from apps.bills.models import Bill
from apps.bills.queries import fees, reconciliation
from apps.customers.models import Customer
from tests.bills.books import CARD, bill, check, payment
from tests.bills.conftest import AT, BY, close_through
from tests.factories import bills as factory

D = Decimal


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def charged(played: Account, component: Component) -> dict[dt.date, Decimal]:
    return {
        key.date: amount
        for key, amount in played.entries.items()
        if key.component is component and key.kind is EntryKind.CHARGE
    }


def test_what_is_not_paid_by_the_due_date_revolves_while_the_minimum_is_met() -> None:
    facts = Facts((bill(1, day(4, 1), "1000.00", terms=CARD),), (payment(1, day(4, 8), "100.00"),))

    played = account.play(facts, closed_through=day(4, 30))

    assert charged(played, Component.INTEREST) == {day(4, 30): D("9.00")}  # 20 days on 900.00
    assert charged(played, Component.LATE_FEE) == {}


def test_what_is_paid_in_full_by_the_due_date_bears_nothing() -> None:
    facts = Facts((bill(1, day(4, 1), "1000.00", terms=CARD),), (payment(1, day(4, 10), "1000.00"),))

    played = account.play(facts, closed_through=day(6, 30))

    assert played.balance == 0


def test_a_statement_whose_minimum_is_not_met_bears_the_late_fee_instead() -> None:
    facts = Facts((bill(1, day(4, 1), "1000.00", terms=CARD),))

    played = account.play(facts, closed_through=day(4, 30))

    assert charged(played, Component.LATE_FEE) == {day(4, 30): D("14.00")}
    assert charged(played, Component.INTEREST) == {}


def test_a_statement_bears_the_late_fee_until_its_minimum_is_met_and_interest_from_then_on() -> None:
    facts = Facts((bill(1, day(4, 1), "1000.00", terms=CARD),), (payment(1, day(4, 15), "103.50"),))

    played = account.play(facts, closed_through=day(4, 30))

    assert charged(played, Component.LATE_FEE) == {day(4, 15): D("3.50")}  # 5 days on 1000.00
    assert charged(played, Component.INTEREST) == {day(4, 30): D("6.75")}  # 15 days on 900.00


def test_without_a_late_fee_the_late_days_bear_no_interest_either() -> None:
    free = replace(CARD, late_fee_daily_rate=D(0))
    facts = Facts((bill(1, day(4, 1), "1000.00", terms=free),), (payment(1, day(4, 15), "100.00"),))

    played = account.play(facts, closed_through=day(4, 30))

    assert charged(played, Component.INTEREST) == {day(4, 30): D("6.75")}


def test_interest_is_settled_before_the_instalment_fee_and_principal() -> None:
    paid = (payment(1, day(4, 8), "100.00"), payment(2, day(4, 30), "10.00"))
    facts = Facts((bill(1, day(4, 1), "1000.00", terms=CARD),), paid)

    played = account.play(facts, closed_through=None)

    assert played.bills[1].open[Component.INTEREST] == 0
    assert played.bills[1].open[Component.PRINCIPAL] == D("899.00")
    check(played, facts)


def test_all_money_counts_towards_the_minimum_that_was_asked_for() -> None:
    first, second = bill(1, day(4, 1), "1000.00", terms=CARD), bill(2, day(5, 1), "0.00", terms=CARD)
    paid = (payment(1, day(4, 8), "100.00"), payment(2, day(5, 10), "90.90"))
    facts = Facts((first, second), paid)

    played = account.play(facts, closed_through=day(5, 31))

    assert [(due.amount, due.met_date) for due in played.bills[2].dues] == [(D("90.90"), day(5, 10))]
    check(played, facts)


def test_a_pause_stops_the_interest() -> None:
    facts = Facts(
        (bill(1, day(4, 1), "1000.00", terms=CARD),),
        (payment(1, day(4, 8), "100.00"),),
        pauses=(Span(day(4, 11), day(4, 21)),),
    )

    played = account.play(facts, closed_through=day(4, 30))

    assert charged(played, Component.INTEREST) == {day(4, 30): D("4.50")}  # 10 of 20 days


@pytest.mark.parametrize(
    ("named", "order"),
    [
        (("late_fee", "instalment_fee", "principal"), ("late_fee", "interest", "instalment_fee", "principal")),
        (("principal", "late_fee"), ("principal", "late_fee", "interest")),
        (("interest", "principal"), ("interest", "principal")),
    ],
)
def test_a_waterfall_without_interest_settles_it_before_the_instalment_fee(
    named: tuple[str, ...], order: tuple[str, ...]
) -> None:
    assert terms.completed([Component(name) for name in named]) == order


def test_the_close_charges_what_a_replay_finds(customer: Customer) -> None:
    conditions = factory.terms(
        Mode.STATEMENT, late_fee_daily_rate=D("0.0007"), revolving_daily_rate=D("0.0005"), minimum_rate=D("0.10")
    )
    factory.statement(customer, conditions, day(4, 1), "1000.00")
    factory.statement(customer, conditions, day(4, 20), "333.33")
    factory.paid(customer, day(4, 8), "100.00")
    close_through(day(4, 30), since=day(4, 30))
    close_through(day(5, 20), since=day(5, 20))
    first, second = Bill.objects.order_by("issued_date")

    assert (first.interest_posted, first.open_interest, first.open_late_fee) == (D("9.00"), D("9.00"), 0)
    assert fees.interest_owed(first) == D("18.00")  # 40 days on 900.00
    assert (second.open_interest, fees.late_fee_owed(second)) == (0, D("4.90"))  # 21 days on 333.33
    assert posting.post(customers=[customer.pk], by=BY, at=AT) == 0
    close_through(day(5, 31), since=day(5, 31))
    assert posting.post(customers=[customer.pk], by=BY, at=AT) == 0
    assert reconciliation.reconcile().differences == ()


def test_a_history_that_is_known_at_once_charges_each_month_end(customer: Customer) -> None:
    conditions = factory.terms(Mode.STATEMENT, revolving_daily_rate=D("0.0005"), minimum_rate=D("0.10"))
    factory.statement(customer, conditions, day(4, 1), "1000.00")
    factory.paid(customer, day(4, 8), "100.00")
    factory.paid(customer, day(6, 20), "1000.00")

    for date in (day(4, 30), day(5, 31), day(6, 30)):
        close_through(date, since=date)

    entries = customer.entries.filter(component="interest", kind="charge", reversed_by=None, reverses=None)
    assert dict(entries.values_list("effective_date", "amount")) == {
        day(4, 30): D("9.00"),
        day(5, 31): D("13.95"),
        day(6, 20): D("9.00"),
    }
    assert posting.post(customers=[customer.pk], by=BY, at=AT) == 0
