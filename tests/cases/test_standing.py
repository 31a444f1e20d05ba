"""What a customer owed at the end of a day, against the account played with what was known by then."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection

from apps.bills.domain import account
from apps.bills.domain.facts import Facts
from apps.bills.domain.kinds import Mode
from apps.bills.queries import facts
from apps.core import sql
from apps.core.domain.dates import days
from apps.customers.models import Customer
from tests.factories import customers
from tests.factories.bills import bought, paid, statement, terms

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
Live = Callable[[Customer, Random], None]
ZERO = Decimal("0.00")


def asked(date: dt.date, horizon: dt.date) -> dict[int, tuple[Decimal, Decimal]]:
    parameters: dict[str, Any] = {"date": date, "horizon": horizon, "partition": 0, "partitions": 1}
    with connection.cursor() as cursor:
        cursor.execute(sql.load("cases", "stage_standing"))
        cursor.execute("insert into cases_concerned select id from customers_customer")
        cursor.execute(sql.load("cases", "standing"), parameters)
        cursor.execute("select customer_id, overdue_amount, balance from cases_standing")
        return {customer: (overdue, balance) for customer, overdue, balance in cursor.fetchall()}


def played(known: Facts, date: dt.date, horizon: dt.date) -> tuple[Decimal, Decimal]:
    by_then = Facts(
        tuple(bill for bill in known.bills if bill.issued_date <= date),
        tuple(receipt for receipt in known.receipts if receipt.date <= date),
    )
    book = account.play(by_then, closed_through=None)
    dues = [due for bill in book.bills.values() for due in bill.dues]
    return sum((due.open for due in dues if due.due_date < horizon), ZERO), book.balance


def lives_in_order_mode(customer: Customer, chance: Random) -> None:
    conditions = terms(monthly_fee_rate=Decimal("0.005"))
    for date in sorted(chance.sample(days(FIRST, LAST), 4)):
        bought(customer, conditions, date, f"{chance.randrange(100, 90000) / 100:.2f}", chance.choice((1, 3, 6)))
    for date in chance.sample(days(FIRST, LAST), 6):
        paid(customer, date, f"{chance.randrange(100, 40000) / 100:.2f}")


def lives_in_statement_mode(customer: Customer, chance: Random) -> None:
    conditions = terms(Mode.STATEMENT)
    for month in range(1, 7):
        statement(customer, conditions, dt.date(2026, month, 28), f"{chance.randrange(0, 90000) / 100:.2f}")
    for date in chance.sample(days(FIRST, LAST), 8):
        paid(customer, date, f"{chance.choice((500, 2000, 9000, 40000)) * chance.random() / 100 + 0.01:.2f}")


@pytest.mark.django_db
@pytest.mark.parametrize("live", [lives_in_order_mode, lives_in_statement_mode])
def test_the_past_is_told_as_it_was_whatever_has_been_booked_since(live: Live) -> None:
    everybody = [customers.customer() for _ in range(12)]
    for seed, customer in enumerate(everybody):
        live(customer, Random(seed))
    known = facts.of([customer.pk for customer in everybody])

    for date in days(FIRST, LAST)[::9]:
        for horizon in (date, date + dt.timedelta(4)):
            expected = {customer.pk: played(known[customer.pk], date, horizon) for customer in everybody}
            assert asked(date, horizon) == expected, (date, horizon)
