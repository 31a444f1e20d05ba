"""What is forgiven at the end of an arrangement, in the pure account."""

import datetime as dt
from decimal import Decimal

from apps.bills.domain import account
from apps.bills.domain.facts import Facts, WaiverFact
from apps.bills.domain.kinds import Component, EntryKind
from apps.bills.domain.state import Account
from tests.bills.books import INSTALMENTS, ORDER, STATEMENT, bill, check, payment

D = Decimal


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def forgiving(date: dt.date, amount: str) -> WaiverFact:
    return WaiverFact(1, "W1", date, D(amount), 1, forgives=True)


def given_up(played: Account) -> dict[Component, Decimal]:
    return {key.component: -amount for key, amount in played.entries.items() if key.kind is EntryKind.WAIVER}


def test_fees_go_first_and_what_falls_due_last() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "300.00", instalments=3, terms=INSTALMENTS),), (), (forgiving(day(4, 20), "150.00"),)
    )

    played = account.play(facts, closed_through=None)

    check(played, facts)
    assert [due.open for due in played.bills[1].dues] == [D("101.50"), D("53.00"), D("0.00")]
    assert given_up(played) == {Component.INSTALMENT_FEE: D("3.00"), Component.PRINCIPAL: D("147.00")}


def test_everything_settles_the_bill_and_no_fee_accrues_any_more() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "1000.00"),), (payment(1, day(5, 15), "700.00"),), (forgiving(day(5, 15), "400.00"),)
    )

    played = account.play(facts, closed_through=day(9, 30))

    check(played, facts)
    assert (played.bills[1].settled_date, played.balance) == (day(5, 15), D("0.00"))
    assert sum(given_up(played).values()) == D("303.50")


def test_money_that_comes_later_is_the_customers() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "1000.00"),), (payment(1, day(6, 1), "50.00"),), (forgiving(day(5, 1), "1000.00"),)
    )

    assert account.play(facts, closed_through=None).credit == D("50.00")


def test_a_statement_demands_nothing_that_is_forgiven() -> None:
    facts = Facts((bill(1, day(4, 10), "1000.00", terms=STATEMENT),), (), (forgiving(day(4, 15), "1000.00"),))

    played = account.play(facts, closed_through=None)

    check(played, facts)
    assert [due.open for due in played.bills[1].dues] == [D("0.00")]


def test_no_more_goes_than_was_approved() -> None:
    facts = Facts((bill(1, day(4, 10), "10.00", terms=ORDER),), (), (forgiving(day(4, 15), "4.00"),))

    assert account.play(facts, closed_through=None).bills[1].open[Component.PRINCIPAL] == D("6.00")
