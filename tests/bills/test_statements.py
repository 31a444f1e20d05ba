import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from apps.audit import actions as audit
from apps.bills.actions import purchases
from apps.bills.actions.purchases import NewPurchase
from apps.bills.domain import statement
from apps.bills.domain.kinds import Mode
from apps.bills.domain.statement import Waiting
from apps.bills.domain.terms import Terms
from apps.bills.models import Bill, Instalment, Purchase, Refund, StatementLine
from apps.bills.queries import reconciliation, statements
from apps.core.domain.money import split
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY, close_through
from tests.factories import bills as factory

D = Decimal
Buy = Callable[..., Purchase]


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def cut_on(customer: Customer) -> list[tuple[dt.date, Decimal, Decimal]]:
    return list(customer.bills.order_by("issued_date").values_list("issued_date", "principal", "instalment_fee"))


def dues(customer: Customer) -> list[tuple[dt.date, Decimal]]:
    return list(Instalment.objects.filter(customer=customer).order_by("due_date").values_list("due_date", "amount"))


@pytest.fixture
def card_buy(customer: Customer) -> Buy:
    """Buy under a product that bills on the first of the month, all of it due."""
    terms = factory.terms(Mode.STATEMENT, statement_day=1, minimum_rate=D(1), monthly_fee_rate=D("0.005"))

    def bought(reference: str, date: dt.date, amount: str, instalments: int = 1) -> Purchase:
        new = NewPurchase(reference, customer.pk, terms.pk, date, D(amount), instalments)
        purchases.record_many(purchases=[new], by=BY, at=AT)
        return Purchase.objects.get(reference=reference)

    return bought


def refund(purchase: Purchase, date: dt.date, amount: str) -> None:
    with audit.operation("test.refund", by=BY, at=AT):
        Refund.objects.create(
            reference=f"F-{purchase.reference}",
            customer=purchase.customer,
            purchase=purchase,
            amount=D(amount),
            unbilled=min(D(amount), statements.unbilled(purchase)),
            refunded_date=date,
        )


@pytest.mark.parametrize(
    ("statement_day", "on", "is_cut"),
    [
        (1, day(4, 1), True),
        (1, day(4, 2), False),
        (31, day(4, 30), True),
        (30, day(2, 28), True),
        (29, dt.date(2028, 2, 29), True),
        (29, dt.date(2028, 2, 28), False),
        (31, day(5, 30), False),
        (0, day(4, 30), False),
    ],
)
def test_a_statement_day_that_the_month_lacks_is_its_last(statement_day: int, on: dt.date, is_cut: bool) -> None:
    assert statement.is_cut(statement_day, on) is is_cut


def test_a_refund_lowers_the_last_shares_first_and_their_fees_in_proportion() -> None:
    terms = Terms(Mode.STATEMENT, monthly_fee_rate=D("0.005"))

    billed = [statement.line(Waiting(1, D(3000), 3, terms, number, D(1500))) for number in range(3)]

    assert [(line.number, line.principal, line.fee) for line in billed] == [
        (1, D(1000), D("15.00")),
        (2, D(500), D("7.50")),
        (3, D(0), D("0.00")),
    ]


def test_the_shares_of_a_purchase_add_up() -> None:
    terms = Terms(Mode.STATEMENT)

    billed = [statement.line(Waiting(1, D("1000.00"), 3, terms, number)) for number in range(3)]

    assert [line.principal for line in billed] == split(D("1000.00"), 3)


def test_what_was_bought_the_day_before_the_statement_is_due_nine_days_after_it(
    customer: Customer, card_buy: Buy
) -> None:
    card_buy("P1", day(3, 31), "100.00")
    card_buy("P2", day(4, 3), "200.00")

    close_through(day(4, 1), since=day(3, 31))
    close_through(day(5, 1), since=day(4, 30))

    assert cut_on(customer) == [(day(4, 1), D(100), D(0)), (day(5, 1), D(200), D(0))]
    assert dues(customer) == [(day(4, 10), D(100)), (day(5, 10), D(200))]


def test_a_purchase_in_three_is_billed_share_by_share_with_its_fee(customer: Customer, card_buy: Buy) -> None:
    purchase = card_buy("P1", day(4, 5), "3000.00", 3)

    for month in (5, 6, 7, 8):
        close_through(day(month, 2), since=day(month, 1))

    assert [bill for bill in cut_on(customer) if bill[1]] == [
        (day(5, 1), D(1000), D(15)),
        (day(6, 1), D(1000), D(15)),
        (day(7, 1), D(1000), D(15)),
    ]
    assert [due for due, _ in dues(customer)] == [day(5, 10), day(6, 10), day(7, 10)]
    purchase.refresh_from_db()
    assert purchase.bill == customer.bills.earliest("issued_date")
    assert customer.account.balance == D(3045)
    assert reconciliation.reconcile().differences == ()


def test_a_statement_says_what_is_owed_in_all(customer: Customer, card_buy: Buy) -> None:
    card_buy("P1", day(3, 20), "100.00")
    close_through(day(4, 2), since=day(4, 1))
    factory.paid(customer, day(4, 5), "30.00")
    card_buy("P2", day(4, 8), "50.00")

    close_through(day(5, 2), since=day(5, 1))
    close_through(day(6, 1), since=day(5, 31))

    assert list(customer.bills.order_by("issued_date").values_list("statement_balance", flat=True)) == [100, 120, 120]
    assert statements.discrepancies() == []


def test_whoever_owes_nothing_gets_no_statement(customer: Customer, card_buy: Buy) -> None:
    card_buy("P1", day(3, 20), "100.00")
    close_through(day(4, 2), since=day(4, 1))
    factory.paid(customer, day(4, 5), "100.00")

    for month in (5, 6, 7):
        close_through(day(month, 2), since=day(month, 1))

    assert cut_on(customer) == [(day(4, 1), D(100), D(0))]


def test_a_purchase_that_is_booked_late_is_on_the_next_statement(customer: Customer, card_buy: Buy) -> None:
    card_buy("P1", day(3, 20), "100.00")
    close_through(day(4, 2), since=day(4, 1))
    card_buy("P2", day(3, 25), "40.00")

    close_through(day(5, 1), since=day(4, 30))

    assert cut_on(customer) == [(day(4, 1), D(100), D(0)), (day(5, 1), D(40), D(0))]


def test_what_is_refunded_before_it_is_billed_is_never_billed(customer: Customer, card_buy: Buy) -> None:
    refund(card_buy("P1", day(3, 20), "100.00"), day(3, 25), "100.00")
    refund(card_buy("P2", day(3, 21), "80.00"), day(3, 25), "30.00")

    close_through(day(4, 2), since=day(4, 1))
    close_through(day(5, 2), since=day(5, 1))

    assert [line.purchase.reference for line in StatementLine.objects.all()] == ["P2"]
    assert customer.account.balance == 50
    assert reconciliation.reconcile().differences == ()


def test_a_product_whose_statements_come_from_files_is_left_alone(customer: Customer) -> None:
    terms = factory.terms(Mode.STATEMENT, statement_day=0)
    factory.statement(customer, terms, day(3, 31), "500.00")

    close_through(day(4, 1), since=day(3, 31))
    close_through(day(5, 2), since=day(4, 30))

    assert Bill.objects.count() == 1


def test_a_history_that_holds_its_statements_is_not_billed_again(customer: Customer) -> None:
    terms = factory.terms(Mode.STATEMENT, statement_day=1)
    for month in (3, 4, 5):
        factory.statement(customer, terms, day(month, 28), "500.00")

    close_through(day(4, 1), since=day(4, 1))
    close_through(day(5, 1), since=day(5, 1))

    assert Bill.objects.count() == 3
